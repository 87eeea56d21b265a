"""Finds copies of films, and shots and music that films share, by their fingerprints.

Two steps. `shortlist` runs over the hashes of a whole archive once and names the few films that may have something
in common with the one asked about: four 16-bit parts of each hash are looked up in tables made of that one film, so
that nothing about the archive has to be kept in order. `compare` then holds two films against each other: which
pictures are alike, and on which straight lines in time they lie.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from submissions.inspection.fingerprint import MIRROR, PICTURE_STEP, SOUND_SPAN, SOUND_STEP, Hashes, Prints

ALIKE = 10  # bits of 64 that may differ between two hashes of the same
COPY_SHARE = 0.10  # of a film's pictures, in the order of time: a copy
FEWEST = 5  # pictures on one line
EVIDENCE = 60.0  # bits beyond what films have in common by chance
CHANCE = 22.0  # bits of each picture's surprise that count for nothing: films resemble each other
SAME_PICTURE = 12  # bits within which the neighbours of a picture are no evidence of their own
LEAST_MET = 2  # places of a film that must be met for it to be compared
MOST_COMPARED = 48
MOST_RANGES = 40
NEAR = 0.8  # seconds off a line in time
LONGEST_GAP = 3.0  # seconds without anything alike within a shared shot
LEAST_FOR_SPEED = 10.0  # seconds from which another speed can be told
SPEEDS = np.round(np.arange(0.80, 1.251, 0.01), 2)
MOST_PAIRS = 40_000

Kind = Literal["picture", "sound"]


@dataclass(frozen=True, slots=True)
class Range:
    """The same thing in both films: from and to in seconds of the one and of the other."""

    start: float
    end: float
    other_start: float
    other_end: float


@dataclass(frozen=True, slots=True)
class Likeness:
    """What two films have in common. `share` is that of the shorter film, from 0 to 1."""

    kind: Kind
    share: float
    mirrored: bool
    ranges: tuple[Range, ...]


@dataclass(frozen=True, slots=True)
class Archive:
    """The hashes of many films, one film after the other; `ends` says where each film's end."""

    hashes: Hashes
    ends: NDArray[np.int64]


def archived(prints: Prints) -> tuple[Hashes, Hashes]:
    """What an archive holds of a film: pictures once a second in all their variants, and sound once a second."""
    every = round(1 / PICTURE_STEP)
    return prints.pictures[::every].reshape(-1), _heard(prints.sounds[:: round(1 / SOUND_STEP)])


def shortlist(
    prints: Prints, pictures: Archive, sounds: Archive, among: NDArray[np.bool_] | None = None
) -> list[int]:
    """The places in the archive of films that may have something in common with this one, likeliest first.

    `among` says for each film of the archive whether it is of interest; all are unless it is given.
    """
    asked = np.unique(np.concatenate([prints.pictures.reshape(-1), prints.pictures[:, 0] ^ MIRROR]))
    met = _films_met(asked, pictures) + _films_met(np.unique(_heard(prints.sounds)), sounds)
    if among is not None:
        met[~among] = 0
    best = np.argsort(-met, kind="stable")[:MOST_COMPARED]
    return [int(film) for film in best if met[film] >= LEAST_MET]


def compare(one: Prints, other: Prints) -> list[Likeness]:
    """What two films have in common, picture first; empty when nothing."""
    found = []
    plain = _picture_pairs(one, other, False)
    mirrored = _picture_pairs(one, other, True)
    chosen = max(
        (_likeness("picture", one, other, pairs, way) for pairs, way in ((plain, False), (mirrored, True))),
        key=lambda likeness: likeness.share if likeness else -1.0,
    )
    if chosen:
        found.append(chosen)
    if sound := _likeness("sound", one, other, _sound_pairs(one, other), False):
        found.append(sound)
    return found


# --- the whole archive ------------------------------------------------------------------------------------------------


def _films_met(asked: Hashes, archive: Archive) -> NDArray[np.int64]:
    """For each film, at how many places of it one of the hashes asked about is met."""
    met = np.zeros(len(archive.ends), np.int64)
    if not len(asked) or not len(archive.hashes):
        return met
    parts = asked.view(np.uint16).reshape(-1, 4)
    tables = [_Table(parts[:, band]) for band in range(4)]
    places: list[NDArray[np.int64]] = []
    size = 1 << 16
    for start in range(0, len(archive.hashes), size):
        block = np.ascontiguousarray(archive.hashes[start : start + size])
        bands = block.view(np.uint16).reshape(-1, 4)
        near = np.zeros(len(block), bool)
        for band, table in enumerate(tables):
            hits = np.flatnonzero(np.take(table.known, bands[:, band], mode="clip"))
            whose, which = table.pairs(bands[hits, band])
            hits = hits[whose]
            near[hits[np.bitwise_count(block[hits] ^ asked[which]) <= ALIKE]] = True
        places.append(start + np.flatnonzero(near))
    films = np.searchsorted(archive.ends, np.concatenate(places), side="right")
    met += np.bincount(films, minlength=len(met))
    return met


class _Table:
    """Which of the hashes asked about have a certain value in one 16-bit part."""

    def __init__(self, values: NDArray[np.uint16]) -> None:
        self.order = np.argsort(values, kind="stable")
        self.counts = np.bincount(values, minlength=1 << 16)
        self.starts = np.cumsum(self.counts) - self.counts
        self.known = self.counts > 0

    def pairs(self, values: NDArray[np.uint16]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """For values that are known: which of them stands in each pair, and the hash asked about beside it."""
        counts = self.counts[values]
        whose = np.repeat(np.arange(len(values)), counts)
        within = np.arange(len(whose)) - np.repeat(np.cumsum(counts) - counts, counts)
        return whose, self.order[self.starts[values][whose] + within]


def _heard(sounds: Hashes) -> Hashes:
    return np.asarray(sounds[sounds != 0], np.uint64)


# --- two films --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Pairs:
    """What is alike in two films: where in the one, where in the other, and by how many bits they differ."""

    one: NDArray[np.int64]
    other: NDArray[np.int64]
    bits: NDArray[np.uint8]

    def only(self, chosen: NDArray[np.bool_]) -> "_Pairs":
        return _Pairs(self.one[chosen], self.other[chosen], self.bits[chosen])

    def __len__(self) -> int:
        return len(self.one)


def _picture_pairs(one: Prints, other: Prints, mirrored: bool) -> _Pairs:
    """Whole pictures against whole and narrowed ones, both ways; and narrowed alike, without what stands at the rim."""
    asked = one.pictures ^ MIRROR if mirrored else one.pictures
    columns = range(asked.shape[1])
    kinds = [(mine, its) for mine in columns for its in columns if mine == its or 0 in (mine, its)]
    return _near([(asked[:, mine], other.pictures[:, its]) for mine, its in kinds])


def _sound_pairs(one: Prints, other: Prints) -> _Pairs:
    pairs = _near([(one.sounds, other.sounds)])
    return pairs.only((one.sounds[pairs.one] != 0) & (other.sounds[pairs.other] != 0))


def _near(columns: list[tuple[Hashes, Hashes]]) -> _Pairs:
    found = []
    rows = max(1, (1 << 18) // max(1, len(columns[0][1])))
    for start in range(0, len(columns[0][0]), rows):
        least = None
        for mine, its in columns:
            bits = np.bitwise_count(mine[start : start + rows, None] ^ its[None, :])
            least = bits if least is None else np.minimum(least, bits)
        assert least is not None
        one, other = np.nonzero(least <= ALIKE)
        found.append((one + start, other, least[one, other]))
    if not found:
        empty = np.zeros(0, np.int64)
        return _Pairs(empty, empty, empty.astype(np.uint8))
    one, other, bits = (np.concatenate(column) for column in zip(*found))
    if len(one) > MOST_PAIRS:  # pictures that stand still for minutes: the nearest say as much
        nearest = np.argsort(bits, kind="stable")[:MOST_PAIRS]
        one, other, bits = one[nearest], other[nearest], bits[nearest]
    return _Pairs(one, other, bits)


def _likeness(kind: Kind, one: Prints, other: Prints, pairs: _Pairs, mirrored: bool) -> Likeness | None:
    mine, its, step, span = (
        (one.times, other.times, PICTURE_STEP, 0.0)
        if kind == "picture"
        else (_sound_times(one), _sound_times(other), SOUND_STEP, SOUND_SPAN)
    )
    hashes = (one.pictures[:, 0], other.pictures[:, 0]) if kind == "picture" else (one.sounds, other.sounds)
    fewest = FEWEST if kind == "picture" else round(FEWEST / SOUND_STEP / 2)
    ranges: list[Range] = []
    met = 0
    size = (
        min(len(mine), len(its))
        if kind == "picture"
        else min(len(_heard(one.sounds)), len(_heard(other.sounds)))
    )
    while len(pairs) >= fewest and len(ranges) < MOST_RANGES:
        line = _best_line(mine[pairs.one], its[pairs.other], pairs.one, kind == "picture")
        on_line = _thinned(pairs.only(line))
        if len(on_line) < fewest:
            break
        runs = [on_line] if len(on_line) >= COPY_SHARE * size else list(_runs(on_line, mine))
        for run in runs:
            if len(run) >= fewest and _evidence(run, *hashes) >= EVIDENCE:
                ranges.append(_range(mine[run.one], its[run.other], step, span))
                met += len(run)
                line |= np.isin(pairs.one, run.one) | np.isin(pairs.other, run.other)
        pairs = pairs.only(~line)
    if not ranges:
        return None
    ranges.sort(key=lambda each: each.start)
    return Likeness(kind, round(min(1.0, met / max(size, 1)), 4), mirrored, tuple(ranges))


def _sound_times(prints: Prints) -> NDArray[np.float64]:
    return np.asarray(prints.sound_start + SOUND_STEP * np.arange(len(prints.sounds)), np.float64)


def _best_line(
    mine: NDArray[np.float64], its: NDArray[np.float64], which: NDArray[np.int64], any_speed: bool
) -> NDArray[np.bool_]:
    """The pairs on the straight line in time that most pictures lie on: its = speed × mine + offset.

    Another speed than 1 must explain clearly more than 1 does.
    """
    count, best = _along(mine, its, which, 1.0)
    if any_speed:
        others = (_along(mine, its, which, float(speed)) for speed in SPEEDS)
        most, line = max(others, key=lambda found: found[0])
        if most >= 1.15 * count + 3 and np.ptp(mine[line]) >= LEAST_FOR_SPEED:
            best = line
    speed = 1.0
    for _ in range(6):  # settle on the line through what was found
        if np.ptp(mine[best]) < 20:
            break
        speed, offset = np.polyfit(mine[best], its[best], 1)
        if not 0.75 <= speed <= 1.3:
            break
        settled = np.abs(its - speed * mine - offset) <= NEAR
        if len(np.unique(which[settled])) < len(np.unique(which[best])):
            break
        best = settled
    return best


def _along(
    mine: NDArray[np.float64], its: NDArray[np.float64], which: NDArray[np.int64], speed: float
) -> tuple[float, NDArray[np.bool_]]:
    """How many pictures lie on the best line of this speed, less how far off it, and the pairs on it."""
    offsets = its - speed * mine
    slots = np.floor(offsets / NEAR).astype(np.int64)
    slots -= slots.min()
    once = np.unique(slots * (int(which.max()) + 1) + which) // (int(which.max()) + 1)
    counts = np.bincount(once)
    wide = counts[:-1] + counts[1:] if len(counts) > 1 else counts
    slot = int(np.argmax(wide))
    inside = (slots == slot) | (slots == slot + 1)
    middle = float(np.median(offsets[inside]))
    line = np.abs(offsets - middle) <= NEAR
    return len(np.unique(which[line])) - float(np.abs(offsets[line] - middle).mean()), line


def _thinned(pairs: _Pairs) -> _Pairs:
    """Each picture of the one film once, with its nearest in the other; in the order of time."""
    order = np.lexsort((pairs.bits, pairs.one))
    _, first = np.unique(pairs.one[order], return_index=True)
    chosen = order[first]
    return _Pairs(pairs.one[chosen], pairs.other[chosen], pairs.bits[chosen])


def _runs(pairs: _Pairs, times: NDArray[np.float64]) -> Iterator[_Pairs]:
    """Stretches without a long gap."""
    breaks = np.flatnonzero(np.diff(times[pairs.one]) > LONGEST_GAP) + 1
    for part in np.split(np.arange(len(pairs)), breaks):
        yield _Pairs(pairs.one[part], pairs.other[part], pairs.bits[part])


def _surprise() -> NDArray[np.float64]:
    """Bits of surprise that two random hashes differ by at most so many of 64."""
    row = [1.0]
    for n in range(64):
        row.append(row[-1] * (64 - n) / (n + 1))
    return np.asarray(64 - np.log2(np.cumsum(row)), np.float64)


_SURPRISE = _surprise()


def _evidence(run: _Pairs, one: Hashes, other: Hashes) -> float:
    """How unlikely a run is by chance, in bits, by the film that shows more. A standing picture counts once."""
    return max(_tally(one[run.one], run.bits), _tally(other[run.other], run.bits))


def _tally(hashes: Hashes, bits: NDArray[np.uint8]) -> float:
    total, first = 0.0, 0
    for place in range(1, len(hashes) + 1):
        if place == len(hashes) or int(np.bitwise_count(hashes[place] ^ hashes[first])) > SAME_PICTURE:
            total += float(_SURPRISE[round(float(bits[first:place].mean()))]) - CHANCE
            first = place
    return total


def _range(mine: NDArray[np.float64], its: NDArray[np.float64], step: float, span: float) -> Range:
    """From half a step before the first to half a step after the last; sound reaches over its span, less its rims."""
    rim, tail = (step / 2, step / 2) if not span else (-0.1 * span, 0.9 * span)
    return Range(
        *(
            round(float(value), 2)
            for value in (
                max(0.0, mine.min() - rim),
                mine.max() + tail,
                max(0.0, its.min() - rim),
                its.max() + tail,
            )
        )
    )
