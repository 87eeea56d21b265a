"""Scores as columns: who gave what to which film. What every model of the jury's room stands on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Look(NamedTuple):
    """One judge's score of one film: the composite of the criteria. `order`: her how-manieth look, 0 if unknown."""

    judge: str
    entry: str
    score: float
    order: int = 0


@dataclass(frozen=True, slots=True)
class Scores:
    """`entries`, `judges` and `tracks` are sorted names; the arrays below have one item a look, but `track_of` one an
    entry: the index of its track.
    """

    entries: tuple[str, ...]
    judges: tuple[str, ...]
    tracks: tuple[str, ...]
    track_of: Ints
    entry: Ints
    judge: Ints
    value: Floats
    order: Ints

    @property
    def looks(self) -> Ints:
        """How many looks each entry has."""
        return np.bincount(self.entry, minlength=len(self.entries))

    @property
    def given(self) -> Ints:
        """How many looks each judge gave."""
        return np.bincount(self.judge, minlength=len(self.judges))

    @property
    def track(self) -> Ints:
        """The track of each look."""
        return self.track_of[self.entry]

    def raw_means(self) -> Floats:
        """Plain mean of each entry's scores; NaN for one that nobody scored."""
        sums = np.bincount(self.entry, self.value, len(self.entries))
        with np.errstate(invalid="ignore"):
            return sums / self.looks

    def some(self, chosen: NDArray[np.bool_] | Ints) -> "Scores":
        """The same entries and judges with only the chosen looks."""
        return Scores(
            self.entries, self.judges, self.tracks, self.track_of,
            self.entry[chosen], self.judge[chosen], self.value[chosen], self.order[chosen],
        )  # fmt: skip


def gather(
    looks: Iterable[Look],
    *,
    tracks: Mapping[str, str] | None = None,
    entries: Iterable[str] = (),
    judges: Iterable[str] = (),
) -> Scores:
    """Columns of `looks`. `tracks` is the track of each entry ("" where it is not named); `entries` and `judges` may
    name some without a look. Sorted by entry, then judge, then order and score, so that the same looks give the same
    columns in whatever order they come.
    """
    rows = list(looks)
    names = tuple(sorted({row.entry for row in rows}.union(entries)))
    people = tuple(sorted({row.judge for row in rows}.union(judges)))
    where = {name: index for index, name in enumerate(names)}
    who = {name: index for index, name in enumerate(people)}
    chosen = [(tracks or {}).get(name, "") for name in names]
    kinds = tuple(sorted(set(chosen)))
    entry = np.fromiter((where[row.entry] for row in rows), np.int64, len(rows))
    judge = np.fromiter((who[row.judge] for row in rows), np.int64, len(rows))
    value = np.fromiter((row.score for row in rows), np.float64, len(rows))
    order = np.fromiter((row.order for row in rows), np.int64, len(rows))
    at = np.lexsort((value, order, judge, entry))
    track_of = np.array([kinds.index(kind) for kind in chosen], np.int64)
    return Scores(names, people, kinds, track_of, entry[at], judge[at], value[at], order[at])


def composite(
    rows: Iterable[tuple[str, str, str, float]], weights: Mapping[str, float] | None = None
) -> list[tuple[str, str, float]]:
    """One score a look from (judge, entry, criterion, score): the mean over the criteria, weighted where told.

    A look that misses criteria is not judged by how generous those are that it has: each criterion is first brought
    to the mean of all. Where every look has every criterion this changes nothing. A criterion that a look has twice
    counts with its mean. Sums are exact, so that the order of `rows` changes nothing.
    """
    given: dict[tuple[str, str], dict[str, list[float]]] = {}
    all_of: dict[str, list[float]] = {}
    for judge, entry, criterion, score in rows:
        given.setdefault((judge, entry), {}).setdefault(criterion, []).append(score)
        all_of.setdefault(criterion, []).append(score)
    share = {name: (weights or {}).get(name, 1.0) for name in sorted(all_of)}
    whole = fsum(share.values())
    means = {name: fsum(all_of[name]) / len(all_of[name]) for name in share}
    middle = fsum(share[name] * means[name] for name in share) / whole if whole else 0.0
    result = []
    for (judge, entry), scores in given.items():
        weight = fsum(share[name] for name in scores)
        score = fsum(share[name] * fsum(some) / len(some) for name, some in scores.items()) / weight
        if len(scores) < len(share):
            score += middle - fsum(share[name] * means[name] for name in scores) / weight
        result.append((judge, entry, score))
    return result


def ranks_of(values: Sequence[float] | Floats, digits: int = 6) -> list[int | None]:
    """Rank of each value, highest first; values that are equal to `digits` decimals share one. None for NaN."""
    rounded = np.round(np.asarray(values, np.float64), digits)
    known = np.sort(rounded[~np.isnan(rounded)])
    above = len(known) - np.searchsorted(known, rounded, side="right")
    return [None if np.isnan(value) else int(place) + 1 for value, place in zip(rounded, above, strict=True)]
