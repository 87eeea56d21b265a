"""Hard cuts, found among all frames that differ: repeated frames would hide half of an animation's cuts.

A cut is a frame that differs from the last distinct one by its histograms, by much more than its neighbours do from
theirs, and to which the picture does not return at once, as after a flash. Dissolves are not counted.
"""

from collections import deque
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import numpy as np
from numpy.typing import NDArray

from submissions.inspection.report import Shots
from submissions.inspection.sample import Luma, Sample

REPEATED = 0.6  # levels of 255; two frames that differ by less show the same
CHANGED = 8.0  # levels of 255
DIFFERENT = 0.5  # of the histograms
AGAINST_NEIGHBOURS = 1.8
ALIKE = 0.08  # two shots of the same place are told apart where little else moves,
TOGETHER, ALONE = 1.6, 2.1  # by both measures multiplied, or by a change that has no equal near it
NEIGHBOURS = 6
GAP = 0.3  # seconds between two cuts
RETURN_FRAMES, RETURN_SECONDS = 4, 0.5
PHASE = 0.75  # seconds: the longest that a flash is lit or dark

Histogram = NDArray[np.float32]


@dataclass(slots=True)
class _Guess:
    time: float
    place: int  # among the distinct frames
    moved: float
    distance: float
    before: Histogram
    after: Histogram
    returned: bool = False

    def undone_by(self, other: "_Guess") -> bool:
        """Whether the picture is back after `other`, as at the end of a flash."""
        within = 0 < other.time - self.time <= PHASE
        return within and float(np.abs(self.before - other.after).sum()) < 0.5 * self.distance


class ShotFinder:
    """Watches every frame for cuts."""

    def __init__(self) -> None:
        self._moves: list[float] = []  # of distinct frames, from the distinct frame before
        self._guesses: list[_Guess] = []
        self._open: deque[_Guess] = deque()
        self._last: tuple[Luma, tuple[Luma, Luma]] | None = None

    def look(self, sample: Sample) -> None:
        """Take in one frame."""
        last, here = self._last, (sample.luma, sample.chroma)
        if last is None or last[0].shape != sample.luma.shape:
            self._last = here
            return
        if sample.change is not None and sample.moved < REPEATED:
            return
        self._last = here
        moved = sample.moved
        self._moves.append(moved)
        now: Histogram | None = None
        if moved > CHANGED:
            before, now = histogram(*last), histogram(*here)
            distance = float(np.abs(before - now).sum())
            if distance > ALIKE:
                guess = _Guess(sample.time, len(self._moves) - 1, moved, distance, before, now)
                self._guesses.append(guess)
                self._open.append(guess)
        while self._open and self._open[0].time < sample.time - RETURN_SECONDS:
            self._open.popleft()  # a shot that stands still is no flash, however soon the film cuts back
        for guess in self._open:
            if guess.place < len(self._moves) - 1:
                now = histogram(*here) if now is None else now
                guess.returned |= float(np.abs(guess.before - now).sum()) < 0.5 * guess.distance
        while self._open and self._open[0].place <= len(self._moves) - 1 - RETURN_FRAMES:
            self._open.popleft()

    def _flashes(self, guess: _Guess) -> bool:
        """Whether a change within unsteady light only lights the picture or darkens it again."""
        near = [other for other in self._guesses if abs(other.time - guess.time) <= PHASE]
        return any(guess.undone_by(other) or other.undone_by(guess) for other in near)

    def finish(self, start: float, end: float, flashes: list[tuple[float, float]]) -> Shots:
        """The shots of a film from `start` to `end`; inside `flashes` the light itself makes no cuts."""
        cuts: list[_Guess] = []
        for guess in self._guesses:
            unsteady = any(since <= guess.time <= until for since, until in flashes)
            if guess.returned or (unsteady and self._flashes(guess)):
                continue
            first, after = max(0, guess.place - NEIGHBOURS), guess.place + 1
            around = self._moves[first : guess.place] + self._moves[after : after + NEIGHBOURS]
            if around and not _stands_out(guess, around):
                continue
            if cuts and guess.time - cuts[-1].time < GAP:
                if guess.distance > cuts[-1].distance:
                    cuts[-1] = guess
                continue
            cuts.append(guess)
        times = [cut.time for cut in cuts]
        bounds = [start, *times, end]
        lengths = [after - before for before, after in pairwise(bounds)]
        return Shots(
            count=len(lengths),
            average=round((end - start) / len(lengths), 3),
            median=round(median(lengths), 3),
            longest=round(max(lengths), 3),
            cuts=tuple(round(time, 3) for time in times),
        )


def _stands_out(guess: _Guess, around: list[float]) -> bool:
    """Whether a change is a cut beside how the frames around it move; in animation, fast poses look alike to cuts."""
    ratio = guess.moved / max(median(around), 1e-6)
    if guess.distance > DIFFERENT:
        return ratio >= AGAINST_NEIGHBOURS
    return guess.distance * ratio >= TOGETHER or guess.moved >= ALONE * max(around)


def histogram(luma: Luma, chroma: tuple[Luma, Luma]) -> Histogram:
    """Sixteen tones in each of 3 × 3 fields and 8 × 8 colours of the whole, each half of one; L1 distance ≤ 2.

    Tones fall into two neighbouring bins by their nearness, so that a slight change of exposure moves little.
    """
    high, wide = luma.shape
    rows = np.minimum(np.arange(high) * 3 // high, 2)[:, None]
    columns = np.minimum(np.arange(wide) * 3 // wide, 2)[None, :]
    field = (rows * 3 + columns) * 17
    low = (luma >> 4).astype(np.intp) + field
    part = (luma & 15).astype(np.float32) / 16
    tones = np.bincount(low.ravel(), (1 - part).ravel(), 153) + np.bincount(
        low.ravel() + 1, part.ravel(), 153
    )
    u, v = chroma
    colours = np.bincount(((u >> 5).astype(np.intp) * 8 + (v >> 5)).ravel(), minlength=64)
    mixed: Histogram = np.concatenate([tones / (2 * luma.size), colours / (2 * u.size)]).astype(np.float32)
    return mixed
