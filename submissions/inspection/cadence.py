"""Frames repeated in a steady pattern, as when 8 pictures a second are brought to 24."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from submissions.inspection.report import Cadence, Event
from submissions.inspection.sample import Sample

REPEATED = 0.6  # levels of 255 between two frames that show the same, at most
AGAINST_MOTION = 0.3  # and that much of what moves between frames that differ
MOVING = 0.5  # levels; less movement does not tell repeats from rest
STILL_SECONDS = 0.3  # repeats in a row that are a standing picture
LONGEST_PERIOD, LONGEST_IN_SHOT = 32, 10  # frames
REGULAR = 0.5  # correlation of the pattern with itself
CYCLES, LOWER, ALIKE = 6, 0.15, 0.5  # of a period over the whole film: see `_folded`
SHORTEST = 1.0  # seconds
RATES = (8, 10, 12, 12.5, 15, 16, 18, 20, 24000 / 1001, 24, 25, 30000 / 1001, 30, 48, 50)

Mask = NDArray[np.bool_]


class RepeatFinder:
    """Notes how much every frame differs from the last."""

    def __init__(self) -> None:
        self._times: list[float] = []
        self._moved: list[float] = []

    def look(self, sample: Sample) -> None:
        """Take in one frame."""
        self._times.append(sample.time)
        self._moved.append(0.0 if sample.change is None or sample.black else sample.moved)

    def finish(
        self, start: float, end: float, cuts: tuple[float, ...], flashes: list[tuple[float, float]]
    ) -> tuple[Cadence | None, list[Event]]:
        """The film's cadence, if any of it has one, and where; `flashes` have a pattern of their own."""
        count = len(self._times)
        if count < 24:
            return None, []
        times = np.array([*self._times, end])
        moved = np.array(self._moved)
        rate = count / (end - start)
        bounds = sorted({0, count, *np.searchsorted(times[:-1], np.array(cuts) - 1e-3).tolist()})
        repeated = np.zeros(count, bool)
        for first, last in pairwise(bounds):
            lively = float(np.quantile(moved[first:last], 0.85))
            repeated[first:last] = moved[first:last] < min(REPEATED, AGAINST_MOTION * lively)
        repeated[0] = False
        still = _long_runs(repeated, max(2, round(STILL_SECONDS * rate)))
        for since, until in flashes:
            still |= (times[:-1] >= since - 1e-6) & (times[:-1] <= until + 1e-6)
        repeated &= ~still
        found: list[tuple[int, int, int, float]] = []  # from, up to, period, share of repeats
        taken = np.zeros(count, bool)
        for first, last in pairwise(bounds):
            for piece in _clusters(repeated, still, first, last, LONGEST_IN_SHOT):
                found += _pattern(repeated, moved, *piece, LONGEST_IN_SHOT, rate)
        for first, last, *_ in found:
            taken[first:last] = True
        for piece in _clusters(repeated & ~taken, still | taken, 0, count, LONGEST_PERIOD):
            found += _pattern(repeated, moved, *piece, LONGEST_PERIOD, rate)
        found = found or _folded(moved, still)
        if not found:
            return None, []
        found.sort()
        events: list[Event] = []
        for first, last, period, _ in found:
            since, until = float(times[first]), float(times[last])
            if events and since - events[-1].end < (2 * period + 2) / rate:  # goes on over a cut
                since = events.pop().start
            events.append(Event("repeat", round(since, 3), round(until, 3)))
        total = sum(event.seconds for event in events)
        _, _, period, share = max(found, key=lambda piece: piece[1] - piece[0])
        source = rate * (1 - min(period - 1, round(share * period)) / period)
        near = min(RATES, key=lambda known: abs(known / source - 1))
        if abs(near / source - 1) < 0.05:
            source = near
        return Cadence(round(total / (end - start), 4), round(source, 3), period), events


def _long_runs(mask: Mask, least: int) -> Mask:
    """Where `mask` holds `least` times in a row or more."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(np.int8), [0]])))
    long = np.zeros_like(mask)
    for first, last in edges.reshape(-1, 2):
        if last - first >= least:
            long[first:last] = True
    return long


def _clusters(repeated: Mask, apart: Mask, first: int, last: int, gap: int) -> list[tuple[int, int]]:
    """Stretches of repeats that follow each other within `gap` frames with nothing of `apart` between."""
    places = np.flatnonzero(repeated[first:last]) + first
    pieces: list[tuple[int, int]] = []
    for place in places.tolist():
        if pieces and place - pieces[-1][1] < gap and not apart[pieces[-1][1] : place].any():
            pieces[-1] = pieces[-1][0], place + 1
        else:
            pieces.append((max(first, place - 1), place + 1))
    return pieces


def _folded(moved: NDArray[np.float64], apart: Mask) -> list[tuple[int, int, int, float]]:
    """A long period over the whole film of whose frames one always moves little, as 24 pictures shown in 25.

    Some of the repeats are hidden where the encoder drew them anew; the median over all periods is not. One frame of
    the period must stand out far below all others, which must be alike: what moves now more, now less, does neither.
    """
    usual = float(np.median(moved))
    if usual < MOVING or apart.mean() > 0.1:
        return []
    for period in range(LONGEST_IN_SHOT + 1, min(LONGEST_PERIOD, len(moved) // CYCLES) + 1):
        cycles = len(moved) // period
        lowest, next_one = np.sort(np.median(moved[: cycles * period].reshape(cycles, period), axis=0))[:2]
        if lowest < min(REPEATED, LOWER * usual) and next_one > ALIKE * usual:
            return [(0, len(moved), period, 1 / period)]
    return []


def _pattern(
    repeated: Mask, moved: NDArray[np.float64], first: int, last: int, longest: int, rate: float
) -> list[tuple[int, int, int, float]]:
    """The stretch with its period and share of repeats, when these come regularly and the rest moves."""
    mask = repeated[first:last]
    length = last - first
    if length < max(16, SHORTEST * rate) or mask.sum() < 4 or mask.all():
        return []
    usual = float(np.median(moved[first:last][~mask]))
    if usual < MOVING or float(np.median(moved[first:last][mask])) > AGAINST_MOTION * usual:
        return []
    signal = mask - mask.mean()
    power = float(signal @ signal)
    strengths = {
        period: float(signal[period:] @ signal[:-period]) / power * length / (length - period)
        for period in range(2, min(longest, length // 3) + 1)
    }
    if not strengths or max(strengths.values()) < REGULAR:
        return []
    best = max(strengths.values())
    period = next(period for period, strength in strengths.items() if strength >= 0.85 * best)
    return [(first, last, period, float(mask.mean()))]
