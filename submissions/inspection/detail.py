"""How fine the picture is: used resolution, blur and blocks, from a few full-size rows of one frame a second."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from submissions.inspection.sample import Sample, plane_view

EVERY = 1.0  # seconds
ROWS = 16  # so few that no array outgrows what the memory allocator keeps at hand
GRID = 8  # pixels of a coding block
BANDS = 64
FLAT = 4.0  # levels of standard deviation; less has no detail to judge
LEAST_WIDTH = 256

Rows = NDArray[np.float32]


class DetailFinder:
    """Looks closely at one frame a second."""

    def __init__(self) -> None:
        self._next = 0.0
        self._blur: list[float] = []
        self._blocks: list[float] = []
        self._power: dict[int, NDArray[np.float64]] = {}
        self._samples = 0

    def look(self, sample: Sample) -> None:
        """Take in one frame; most are passed over."""
        if sample.time < self._next or sample.black or sample.frame.width < LEAST_WIDTH:
            return
        self._next = sample.time + EVERY - 1e-6
        high = sample.frame.height
        step = max(1, high * 3 // 4 // ROWS)
        view = plane_view(sample.frame, step, 1, slice(high // 8, high - high // 8))
        if view is None:
            return
        rows = view.astype(np.float32)
        rows = rows[rows.std(axis=1) > FLAT]
        if len(rows) < 8:
            return
        self._samples += 1
        self._blur.append(blur(rows))
        self._blocks.append(blockiness(rows))
        window = np.hanning(rows.shape[1]).astype(np.float32)
        power = (np.abs(np.fft.rfft((rows - rows.mean(axis=1, keepdims=True)) * window)) ** 2).mean(axis=0)
        self._power[rows.shape[1]] = self._power.get(rows.shape[1], np.zeros(len(power))) + power

    def finish(self) -> tuple[float | None, float | None, float | None, float | None]:
        """Cut-off and fall-off of the resolution, blur, blockiness; None where no frame had detail to judge."""
        if not self._samples:
            return None, None, None, None
        power = self._power[max(self._power, key=lambda width: float(self._power[width].sum()))]
        level = bands_of(power)
        return (
            cutoff(level),
            falloff(level),
            round(float(np.median(self._blur)), 3),
            round(float(np.median(self._blocks)), 3),
        )


def blur(rows: Rows) -> float:
    """0 for sharp to 1 for soft: how little a further blur takes away from the edges (after Crete and others, 2007).

    Squares, so that edges count and not the grain, which stays sharp in a soft picture; and a blur that grows with the
    width, so that the size of the picture matters little. Clean films lie below 0.16, those blurred by a standard
    deviation of a 160th of the width above 0.25.
    """
    span = max(9, round(rows.shape[1] / 57) | 1)
    total = np.cumsum(rows, axis=1, dtype=np.float64)
    soft = (total[:, span:] - total[:, :-span]) / span
    first = (span + 1) // 2
    own, left = np.diff(rows[:, first : first + soft.shape[1]], axis=1) ** 2, np.diff(soft, axis=1) ** 2
    return float(1 - np.maximum(own - left, 0).sum() / max(float(own.sum()), 1e-6))


def blockiness(rows: Rows) -> float:
    """Steps on the bounds of blocks of eight against the steps between; 1 where no bound is seen."""
    steps = np.minimum(np.abs(np.diff(rows, axis=1)), 24).mean(axis=0)
    whole = len(steps) // GRID * GRID
    places = steps[:whole].reshape(-1, GRID).mean(axis=0)
    others = np.median(places)
    return float(places[GRID - 1] / max(float(others), 0.05))


def bands_of(power: NDArray[np.float64]) -> NDArray[np.float64]:
    """The spectrum in dB, from nothing to the finest detail in 64 bands."""
    edges = np.linspace(0, len(power), BANDS + 1).astype(int)
    return 10 * np.log10([float(power[first:last].mean()) + 1e-9 for first, last in pairwise(edges)])


def cutoff(level: NDArray[np.float64]) -> float:
    """Up to which share of the horizontal resolution there is detail: where the spectrum's floor begins."""
    floor = float(np.median(level[-BANDS // 8 :]))
    start = float(np.median(level[1:4]))
    if start - floor < 20:
        return 1.0
    above = np.flatnonzero(level > floor + 0.12 * (start - floor))
    return round(float(above[-1] + 1) / BANDS, 3)


def falloff(level: NDArray[np.float64]) -> float:
    """How much less there is at half of the resolution than at a sixth, dB. Enlarging makes this a cliff."""
    sixth, half = level[9:13].mean(), level[30:35].mean()
    return round(float(sixth - half), 1)
