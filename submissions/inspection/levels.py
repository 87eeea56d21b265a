"""Luma and colour beyond what limited range allows, after EBU R 103: outside 5–246 over more than 1 % of a frame."""

import numpy as np

from submissions.inspection.report import Levels
from submissions.inspection.sample import Sample

LOWEST, HIGHEST = 5, 246
AREA = 0.01


class RangeFinder:
    """Counts the frames with too much outside the range."""

    def __init__(self) -> None:
        self._frames = self._outside = self._coloured = 0
        self._low, self._high = 255, 0

    def look(self, sample: Sample) -> None:
        """Take in one frame."""
        self._frames += 1
        low, high = int(sample.luma.min()), int(sample.luma.max())
        self._low, self._high = min(self._low, low), max(self._high, high)
        if sample.full:
            return
        if low < LOWEST or high > HIGHEST:
            self._outside += _outside(sample.luma)
        u, v = sample.chroma
        self._coloured += _outside(u) or _outside(v)

    def finish(self) -> Levels:
        """The shares of frames, and the extremes."""
        if not self._frames:
            return Levels()
        return Levels(
            round(self._outside / self._frames, 4),
            round(self._coloured / self._frames, 4),
            self._low,
            self._high,
        )


def _outside(plane: "np.ndarray[tuple[int, int], np.dtype[np.uint8]]") -> bool:
    if int(plane.min()) >= LOWEST and int(plane.max()) <= HIGHEST:
        return False
    beyond = np.count_nonzero(plane < LOWEST) + np.count_nonzero(plane > HIGHEST)
    return int(beyond) > AREA * plane.size
