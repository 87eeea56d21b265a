"""The tie rule: what decides between films that the published rule holds equal. Never displayed decimals.

First another look while one can be had, then the jury's ballot: those are people's decisions, made before this; an
order that the jury has voted is an input here. What is still equal then is told apart by the judges who saw both films
(head to head), then by a criterion that was named before the judging opened, then the films share the place where the
round says so, and else a lot drawn from the round's seed, which anybody can draw again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from typing import Any

from judging.logic.canonical import digest, lot

METHOD = "tie_rule"
VERSION = 1
BALLOT, HEAD_TO_HEAD, CRITERION, SHARED, LOT = "ballot", "head_to_head", "criterion", "shared", "lot"

Totals = Mapping[str, Mapping[str, Fraction]]  # film → judge → total
Balance = dict[
    tuple[str, str], Fraction
]  # by pair, the lower name first: what the judges of both gave the first more


@dataclass(frozen=True, slots=True)
class Settled:
    """Films, best first; `by` says what put each before the next: `ballot`, `head_to_head`, `criterion`, `shared` or
    `lot`. `facts` has the figures of it (see `_facts`).
    """

    films: tuple[str, ...]
    by: tuple[str, ...]
    facts: tuple[Mapping[str, Any], ...] = field(default=(), compare=False)

    def as_json(self) -> dict[str, Any]:
        return {"films": list(self.films), "by": list(self.by)}


@dataclass(frozen=True, slots=True)
class Rule:
    """What the ties are settled from. `ballot`: by film its place in the jury's vote, 1 the best; empty without one."""

    totals: Totals
    criterion: Totals
    shared: bool
    seed: int
    ballot: Mapping[str, int] = field(default_factory=dict)


def settle(
    films: Iterable[str],
    *,
    totals: Totals,
    criterion: Totals,
    shared: bool,
    seed: int,
    ballot: Mapping[str, int] | None = None,
) -> Settled:
    """Order tied `films`. `totals` and `criterion` hold each judge's total, and her score on the named criterion.

    Films that the ballot does not name come after those it names. Films equal in all are told apart by nothing but a
    lot, or share the place.
    """
    names = sorted(set(films))
    rule = Rule(totals, criterion, shared, seed, ballot or {})
    found = _by_ballot(names, rule, differences(names, totals))
    return Settled(found.films, found.by, tuple(_facts(*pair, rule) for pair in _pairs(found)))


def differences(films: Sequence[str], totals: Totals) -> Balance:
    """For pairs with judges in common: what these gave the first in all more than the second."""
    known = set(films)
    of_judge: dict[str, list[tuple[str, Fraction]]] = {}
    for film in sorted(known):
        for judge, total in totals.get(film, {}).items():
            of_judge.setdefault(judge, []).append((film, total))
    found: Balance = {}
    scale = (
        lcm(*(total.denominator for rows in of_judge.values() for _film, total in rows)) if of_judge else 1
    )
    whole: dict[tuple[str, str], int] = {}
    for rows in of_judge.values():
        numbers = [(film, int(total * scale)) for film, total in rows]
        for place, (film, mine) in enumerate(numbers):
            for other, theirs in numbers[place + 1 :]:
                whole[film, other] = whole.get((film, other), 0) + mine - theirs
    for pair, difference in whole.items():
        found[pair] = Fraction(difference, scale)
    return found


def _by_ballot(films: list[str], rule: Rule, pairs: Balance) -> Settled:
    last = max(rule.ballot.values(), default=0) + 1
    groups = _grouped(films, {film: -rule.ballot.get(film, last) for film in films})
    return _joined([_by_head_to_head(group, rule, pairs) for group in groups], BALLOT)


def _by_head_to_head(films: list[str], rule: Rule, pairs: Balance) -> Settled:
    if len(films) == 1:
        return Settled(tuple(films), ())
    groups = _grouped(films, balances(films, pairs))
    if len(groups) == 1:
        return _by_criterion(films, rule)
    # Two films that are left equal may still be told apart among themselves.
    return _joined([_by_head_to_head(group, rule, pairs) for group in groups], HEAD_TO_HEAD)


def balances(films: Sequence[str], pairs: Balance) -> dict[str, int]:
    """How many of the others each film beats, less how many beat it."""
    found = dict.fromkeys(films, 0)
    for (film, other), difference in pairs.items():
        if film in found and other in found and difference:
            sign = 1 if difference > 0 else -1
            found[film] += sign
            found[other] -= sign
    return found


def _by_criterion(films: list[str], rule: Rule) -> Settled:
    means = {film: _mean(rule.criterion.get(film, {})) for film in films}
    return _joined([_last(group, rule) for group in _grouped(films, means)], CRITERION)


def _mean(given: Mapping[str, Fraction]) -> Fraction:
    return sum(given.values(), Fraction()) / len(given) if given else Fraction(-1)


def _last(films: list[str], rule: Rule) -> Settled:
    drawn = sorted(films, key=lambda film: (lot(rule.seed, "tie", film), film))
    return Settled(
        tuple(films if rule.shared else drawn), (SHARED if rule.shared else LOT,) * (len(films) - 1)
    )


def _grouped(films: Sequence[str], value: Mapping[str, Fraction] | Mapping[str, int]) -> list[list[str]]:
    values = sorted({value[film] for film in films}, reverse=True)
    groups: dict[Fraction | int, list[str]] = {one: [] for one in values}
    for film in films:
        groups[value[film]].append(film)
    return list(groups.values())


def _joined(parts: Sequence[Settled], between: str) -> Settled:
    films: list[str] = []
    by: list[str] = []
    for part in parts:
        if films:
            by.append(between)
        films += part.films
        by += part.by
    return Settled(tuple(films), tuple(by))


def _pairs(found: Settled) -> Iterable[tuple[str, str, str]]:
    return zip(found.films, found.films[1:], found.by, strict=False)


def _facts(film: str, other: str, by: str, rule: Rule) -> dict[str, Any]:
    """What put `film` before `other`, as it is told: numbers as strings of exact fractions.

    Head to head: `judges` who saw both; `direct` when they gave the first more. Where not, it is before because it
    won more of the comparisons among all that were tied.
    """
    facts: dict[str, Any] = {"by": by}
    if by == BALLOT:
        facts["places"] = [rule.ballot.get(film, 0), rule.ballot.get(other, 0)]
    if by == HEAD_TO_HEAD:
        mine, theirs = rule.totals.get(film, {}), rule.totals.get(other, {})
        common = sorted(set(mine) & set(theirs))
        more = sum((mine[judge] - theirs[judge] for judge in common), Fraction())
        facts |= {"judges": len(common), "direct": more > 0}
    if by == CRITERION:
        facts["means"] = [
            str(_mean(rule.criterion[one])) if rule.criterion.get(one) else "" for one in (film, other)
        ]
    return facts


def head_to_head(film: str, films: Sequence[str], totals: Totals) -> int:
    """How many of the others it beats, less how many beat it: by the mean of the judges who saw both."""
    return balances(sorted(set(films)), differences(films, totals))[film]


def inputs(
    *,
    films: Iterable[str],
    totals: Totals,
    criterion: str,
    marks: Totals,
    shared: bool,
    seed: int,
    ballot: Mapping[str, int] | None = None,
) -> dict[str, Any]:
    """The canonical inputs: the same scores give the same bytes. `criterion` is the named one, with its `marks`."""
    names = sorted(set(films))
    return {
        "method": METHOD,
        "version": VERSION,
        "films": names,
        "ballot": {film: (ballot or {})[film] for film in names if film in (ballot or {})},
        "totals": _plain(names, totals),
        "criterion": criterion,
        "marks": _plain(names, marks),
        "last": SHARED if shared else LOT,
        "seed": str(seed),
    }


def _plain(films: Sequence[str], given: Totals) -> dict[str, dict[str, str]]:
    return {
        film: {judge: str(total) for judge, total in sorted(given[film].items())}
        for film in films
        if given.get(film)
    }


def compute(data: Mapping[str, Any]) -> Settled:
    """Settle the ties of canonical `inputs`."""
    return settle(
        data["films"],
        totals=_read(data["totals"]),
        criterion=_read(data["marks"]),
        shared=data["last"] == SHARED,
        seed=int(data["seed"]),
        ballot=data["ballot"],
    )


def _read(given: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, Fraction]]:
    return {film: {judge: Fraction(total) for judge, total in row.items()} for film, row in given.items()}


def result_digest(found: Settled) -> str:
    """SHA-256 over the order and what decided it."""
    return digest(found.as_json())


def through(found: Settled, places: int) -> int:
    """How many of the settled films take `places`: more where the last place is shared."""
    if places <= 0:
        return 0
    number = min(places, len(found.films))
    while number < len(found.films) and found.by[number - 1] == SHARED:
        number += 1
    return number
