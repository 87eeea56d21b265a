"""The tie rule: what decides between films that the published rule holds equal. Never displayed decimals.

First another look while one can be had, then the jury's ballot: those are people's decisions, made before this. What
is still equal then is told apart by the judges who saw both films (head to head), then by a criterion that was named
before the judging opened, then the films share the place where the prize allows it, and else a lot drawn from the
round's seed, which anybody can draw again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from judging.logic.canonical import lot

Totals = Mapping[str, Mapping[str, Fraction]]  # film → judge → total


@dataclass(frozen=True, slots=True)
class Settled:
    """Films, best first; `by` says what put each before the next: `head_to_head`, `criterion`, `shared` or `lot`."""

    films: tuple[str, ...]
    by: tuple[str, ...]


def settle(films: Sequence[str], *, totals: Totals, criterion: Totals, shared: bool, seed: int) -> Settled:
    """Order tied `films`. `totals` and `criterion` hold each judge's total, and her score on the named criterion."""
    return _by_head_to_head(sorted(films), totals, criterion, shared, seed)


def _by_head_to_head(films: list[str], totals: Totals, criterion: Totals, shared: bool, seed: int) -> Settled:
    groups = _grouped(films, {film: head_to_head(film, films, totals) for film in films})
    if len(groups) == 1:
        return _by_criterion(films, criterion, shared, seed)
    # Two films that are left equal may still be told apart among themselves.
    parts = [
        _by_head_to_head(group, totals, criterion, shared, seed)
        if len(group) > 1
        else Settled(tuple(group), ())
        for group in groups
    ]
    return _joined(parts, "head_to_head")


def _by_criterion(films: list[str], criterion: Totals, shared: bool, seed: int) -> Settled:
    means = {
        film: sum(given.values(), Fraction()) / len(given)
        if (given := criterion.get(film, {}))
        else Fraction(-1)
        for film in films
    }
    groups = _grouped(films, means)
    return _joined([_last(group, shared, seed) for group in groups], "criterion")


def _last(films: list[str], shared: bool, seed: int) -> Settled:
    drawn = sorted(films, key=lambda film: (lot(seed, "tie", film), film))
    order = films if shared else drawn
    return Settled(tuple(order), ("shared" if shared else "lot",) * (len(films) - 1))


def _grouped(films: Sequence[str], value: Mapping[str, Fraction] | Mapping[str, int]) -> list[list[str]]:
    values = sorted({value[film] for film in films}, reverse=True)
    return [[film for film in films if value[film] == one] for one in values]


def _joined(parts: Sequence[Settled], between: str) -> Settled:
    films: list[str] = []
    by: list[str] = []
    for part in parts:
        if films:
            by.append(between)
        films += part.films
        by += part.by
    return Settled(tuple(films), tuple(by))


def head_to_head(film: str, films: Sequence[str], totals: Totals) -> int:
    """How many of the others it beats, less how many beat it: by the mean of the judges who saw both."""
    balance = 0
    mine = totals.get(film, {})
    for other in films:
        theirs = totals.get(other, {})
        common = [judge for judge in mine if judge in theirs]
        if other != film and common:
            difference = sum((mine[judge] - theirs[judge] for judge in common), Fraction())
            balance += (difference > 0) - (difference < 0)
    return balance
