"""Marks: groups of votes that favour one film far more than everybody else does. They tell, and decide nothing.

One statistic for all groups but sequences. In a group of n votes, k chose a film that a share p of all votes outside
the group chose. If the group were like the rest, so many would come with a probability of at most
exp(-n·D / f), D = (k/n)·ln((k/n)/p) + (1-k/n)·ln((1-k/n)/(1-p)): Chernoff's bound for binomial counts. f ≥ 1
is how much more such counts scatter than the binomial law has it, because friends vote together: the median
of the squared standardised counts over that of χ² with one degree of freedom, over groups that expect at
least one vote. A median, and no more than 1.5, so that the groups looked for do not hide each other; 1 where
fewer than 20 groups could tell. A group is marked when the bound, times the number of groups and films looked
at (Bonferroni), is below 0.01, its votes are at least twice as many as expected, and 8 more: fewer hardly
move a result, and a household is as many.

Groups: ten minutes of the poll ("burst"; windows every five minutes, those that overlap become one: the film's share
is its own baseline, the window's other votes are the poll's), a network, a domain of mail addresses that has at most a
twentieth of the votes, accounts made in the same hour and voting within a day. Votes by printed code are left out of
these: whoever sits in a cinema votes when the others do, from one network. Theirs are looked at by number: codes used
one after another in the order of their numbers, all for one film ("sequence"); with p the share of the film in the
rest of the batch, L such codes in a row come up among n with a probability of at most n·p^(L-1).
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log
from statistics import median

from festival.awards.audience.votes import Vote

LEVEL = 0.01  # how many groups of an honest poll would be marked, for each kind
TIMES, MORE = 2.0, 8  # than expected
SMALLEST, BASE = 9, 20  # votes of a group; least votes outside it, to hold it against
WINDOW, STEP = 600, 300  # seconds
FRESH, HOUR = 86_400, 3600  # seconds
LARGE_DOMAIN = 1 / 20
LEAST_RUN = 5
ENOUGH, MOST_SCATTER = 20, 1.5
CHI_MEDIAN = 0.4549  # of χ² with one degree of freedom


@dataclass(frozen=True, slots=True)
class Mark:
    """`votes`: places in the list of votes (from 0) that chose the film. `expected`: how many would have, were the
    group like the rest. `chance`: the bound after Bonferroni. `facts` are what the group is, for words.
    """

    kind: str
    key: str
    film: str
    votes: tuple[int, ...]
    size: int
    expected: float
    chance: float
    facts: Mapping[str, int]


Groups = Mapping[Hashable, Sequence[int]]


def marks_of(votes: Sequence[Vote]) -> list[Mark]:
    """All marks, the least likely first. Time grows with votes, memory with the votes of the groups."""
    free = [place for place, one in enumerate(votes) if not one.printed]
    found = [
        *_bursts(votes, free),
        *_concentrated(votes, free, "network", _by(free, [votes[at].network for at in free]), "network"),
        *_concentrated(
            votes, free, "domain", _small(_by(free, [votes[at].domain for at in free]), free), "domain"
        ),
        *_concentrated(votes, free, "new", _by(free, [_born(votes[at]) for at in free]), "hour"),
        *_sequences(votes),
    ]
    return sorted(found, key=lambda mark: (mark.chance, mark.kind, mark.key))


def _by(places: Sequence[int], keys: Iterable[Hashable | None]) -> dict[Hashable, list[int]]:
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for place, key in zip(places, keys, strict=True):
        if key is not None:
            groups[key].append(place)
    return groups


def _small(groups: Groups, free: Sequence[int]) -> Groups:
    return {key: places for key, places in groups.items() if len(places) <= LARGE_DOMAIN * len(free)}


def _born(vote: Vote) -> int | None:
    """The hour (of those since 1970) in which the account was made, where it is younger than a day."""
    return (vote.at - vote.age) // HOUR if vote.age is not None and vote.age < FRESH else None


@dataclass(frozen=True, slots=True)
class _Cell:
    """A group and a film: `share` is the film's outside the group."""

    group: Hashable
    film: str
    places: tuple[int, ...]
    size: int
    share: float

    @property
    def expected(self) -> float:
        return self.size * self.share

    @property
    def strange(self) -> float:
        """n·D of the docstring above; 0 where the group does not favour the film."""
        part = len(self.places) / self.size
        if part <= self.share:
            return 0.0
        rest = (1 - part) * log((1 - part) / (1 - self.share)) if part < 1 else 0.0
        return self.size * (part * log(part / self.share) + rest)


def _cells(votes: Sequence[Vote], free: Sequence[int], groups: Groups) -> Iterator[_Cell]:
    total: dict[str, int] = defaultdict(int)
    for place in free:
        for film in votes[place].films:
            total[film] += 1
    for group, places in groups.items():
        if len(places) < SMALLEST or len(free) - len(places) < BASE:
            continue
        chosen: dict[str, list[int]] = defaultdict(list)
        for place in places:
            for film in votes[place].films:
                chosen[film].append(place)
        outside = len(free) - len(places)
        for film, all_votes in total.items():
            mine = chosen.get(film, [])
            share = (all_votes - len(mine) + 0.5) / (outside + 1)  # never 0 nor 1
            yield _Cell(group, film, tuple(mine), len(places), share)


def _concentrated(
    votes: Sequence[Vote], free: Sequence[int], kind: str, groups: Groups, fact: str
) -> list[Mark]:
    return [
        Mark(
            kind, f"{cell.film}:{cell.group}", cell.film, cell.places, cell.size, cell.expected, chance,
            {fact: cell.group},  # type: ignore[dict-item]
        )
        for cell, chance in _strange(votes, free, groups)
    ]  # fmt: skip


def _strange(votes: Sequence[Vote], free: Sequence[int], groups: Groups) -> Iterator[tuple[_Cell, float]]:
    count, kept = 0, []
    scattered: list[float] = []
    telling: set[Hashable] = set()
    for cell in _cells(votes, free, groups):
        count += 1
        expected = cell.expected
        if expected >= 1:
            telling.add(cell.group)
            scattered.append((len(cell.places) - expected) ** 2 / (expected * (1 - cell.share)))
        if len(cell.places) >= max(TIMES * expected, expected + MORE):
            kept.append(cell)
    scatter = 1.0
    if len(telling) >= ENOUGH:
        scatter = min(MOST_SCATTER, max(1.0, median(scattered) / CHI_MEDIAN))
    for cell in kept:
        chance = count * exp(-cell.strange / scatter)
        if chance < LEVEL:
            yield cell, chance


def _bursts(votes: Sequence[Vote], free: Sequence[int]) -> list[Mark]:
    windows: dict[Hashable, list[int]] = defaultdict(list)
    for place in free:
        last = votes[place].at // STEP * STEP
        for start in range(last - WINDOW + STEP, last + STEP, STEP):
            windows[start].append(place)
    by_film: dict[str, list[tuple[_Cell, float]]] = defaultdict(list)
    for cell, chance in _strange(votes, free, windows):
        by_film[cell.film].append((cell, chance))
    marks = []
    for film, found in by_film.items():
        found.sort(key=lambda row: row[0].group)  # type: ignore[arg-type, return-value]
        for run in _joined(found):
            start, end = run[0][0].group, run[-1][0].group + WINDOW  # type: ignore[operator]
            inside = sorted({place for cell, _chance in run for place in windows[cell.group]})
            mine = tuple(sorted({place for cell, _chance in run for place in cell.places}))
            expected = len(inside) * sum(cell.share for cell, _chance in run) / len(run)
            chance = min(chance for _cell, chance in run)
            facts: dict[str, int] = {"from": start, "to": end}  # type: ignore[dict-item]
            marks.append(
                Mark("burst", f"{film}:{start}-{end}", film, mine, len(inside), expected, chance, facts)
            )
    return marks


def _joined(found: list[tuple[_Cell, float]]) -> Iterator[list[tuple[_Cell, float]]]:
    """Windows that overlap or touch, together."""
    run: list[tuple[_Cell, float]] = []
    for row in found:
        if run and row[0].group > run[-1][0].group + WINDOW:  # type: ignore[operator]
            yield run
            run = []
        run.append(row)
    if run:
        yield run


def _sequences(votes: Sequence[Vote]) -> list[Mark]:
    batches = _by(range(len(votes)), [one.batch for one in votes])
    marks = []
    for batch, places in batches.items():
        ordered = sorted(places, key=lambda place: (votes[place].at, votes[place].serial or 0))
        for run in _runs(votes, ordered):
            if len(run) < LEAST_RUN:
                continue
            film = votes[run[0]].films
            same = sum(1 for place in ordered if votes[place].films == film) - len(run)
            share = (same + 0.5) / (len(ordered) - len(run) + 1)
            chance = len(ordered) * len(batches) * share ** (len(run) - 1)
            if chance < LEVEL and film:
                serials = [votes[place].serial or 0 for place in run]
                facts = {"batch": int(batch), "first": min(serials), "last": max(serials)}  # type: ignore[call-overload]
                key = f"{film[0]}:{batch}:{min(serials)}-{max(serials)}"
                expected = len(run) * share
                marks.append(Mark("sequence", key, film[0], tuple(run), len(run), expected, chance, facts))
    return marks


def _runs(votes: Sequence[Vote], ordered: Sequence[int]) -> Iterator[list[int]]:
    """Votes one after another in time whose numbers go up, or down, by one, and whose choice is the same."""
    run: list[int] = []
    way = 0
    for place in ordered:
        if run:
            step = (votes[place].serial or 0) - (votes[run[-1]].serial or 0)
            if votes[place].films == votes[run[-1]].films and step in (1, -1) and way in (0, step):
                run.append(place)
                way = step
                continue
            yield run
        run, way = [place], 0
    if run:
        yield run
