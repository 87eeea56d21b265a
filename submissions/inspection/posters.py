"""Candidates for the still that stands for a film: sharp, bright, rich in tones, and never a blend of two pictures."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from PIL import Image

from submissions.inspection.report import Still
from submissions.inspection.sample import Luma

CANDIDATES = 6
REACH = 6  # frames before and after a picture that it may be a blend of
CHANGED = 4.0  # levels of 255 between the two; less is a picture that stands, which blends to itself
BLENDED = 0.3  # of that change: how near the middle of the two a blend comes; motion leaves two edges instead
DARK, BRIGHT = 50.0, 205.0  # mean levels of 255 beyond which a picture loses
QUALITY = 85

Enlarge = Callable[[av.VideoFrame], Image.Image]


@dataclass(slots=True)
class _Candidate:
    score: float
    time: float
    frame: av.VideoFrame | None
    file: str = ""


class Posters:
    """Takes the best picture of each sixth of the film. `length` is its declared duration in seconds.

    `enlarge` makes the large picture of a frame. At most two frames are held at any time.
    """

    def __init__(self, folder: Path, length: float | None, enlarge: Enlarge) -> None:
        self._folder, self._enlarge = folder, enlarge
        self._part = (length or 60.0) / CANDIDATES
        self._around: deque[Luma] = deque(maxlen=2 * REACH + 1)
        self._waiting: _Candidate | None = None
        self._wait = 0
        self._best: _Candidate | None = None
        self._until = self._part
        self._done: list[_Candidate] = []

    def look(self, luma: Luma) -> None:
        """Take in the luma sample of a frame; every frame's."""
        self._around.append(luma)
        if self._waiting is None:
            return
        self._wait -= 1
        if self._wait == 0:
            candidate, self._waiting = self._waiting, None
            if not _is_blend(self._around):
                self._consider(candidate)

    def offer(self, frame: av.VideoFrame, picture: Image.Image, time: float) -> None:
        """Consider the frame that was looked at last; `picture` is a small one of it."""
        if self._waiting is None:
            score = worth(picture)
            if self._best is None or time >= self._until or score > self._best.score:
                self._waiting, self._wait = _Candidate(score, time, frame), REACH

    def finish(self) -> list[Still]:
        """Write what is left, and hand over all, the best first: poster-1.jpg and so on."""
        if self._waiting and not self._done and self._best is None:
            self._best = self._waiting  # a film too short to tell what is a blend
        self._keep()
        ranked = sorted(self._done, key=lambda each: -each.score)[:CANDIDATES]
        for number, each in enumerate(ranked, 1):
            (self._folder / each.file).replace(self._folder / f"poster-{number}.jpg")
        for left in self._done:
            (self._folder / left.file).unlink(missing_ok=True)
        return [
            Still(f"poster-{number}.jpg", "poster", round(each.time, 3))
            for number, each in enumerate(ranked, 1)
        ]

    def _consider(self, candidate: _Candidate) -> None:
        if candidate.time >= self._until:
            self._keep()
            self._until = max(self._until, (candidate.time // self._part + 1) * self._part)
        if self._best is None or candidate.score > self._best.score:
            self._best = candidate

    def _keep(self) -> None:
        best, self._best = self._best, None
        if best is None or best.frame is None:
            return
        if len(self._done) == 2 * CANDIDATES:  # longer than declared
            worst = min(self._done, key=lambda each: each.score)
            if worst.score >= best.score:
                return
            self._done.remove(worst)
            (self._folder / worst.file).unlink()
        best.file = f"candidate-{round(best.time * 1000)}.jpg"
        self._enlarge(best.frame).save(self._folder / best.file, quality=QUALITY)
        best.frame = None
        self._done.append(best)


def worth(picture: Image.Image) -> float:
    """How well a small picture stands for a film: richness of tones × detail × a brightness people can see.

    Entropy of its grey levels in bits, the mean of its second differences as detail, and what lies between DARK and
    BRIGHT counts whole. No taste beyond that: people choose among the candidates.
    """
    grey = picture.convert("L")
    levels = np.asarray(grey, np.int16)
    if min(levels.shape) < 3:
        return 0.0
    across = np.abs(levels[:, 2:] - 2 * levels[:, 1:-1] + levels[:, :-2]).mean()
    down = np.abs(levels[2:] - 2 * levels[1:-1] + levels[:-2]).mean()
    mean = float(levels.mean())
    light = min(1.0, mean / DARK, (255.0 - mean) / (255.0 - BRIGHT))
    return float(grey.entropy()) * float(np.log1p(across + down)) * light


def _is_blend(around: deque[Luma]) -> bool:
    """Whether the sample REACH before the last is the mean of two others, as far from it on either side.

    At the beginning of a film there are fewer before it than after.
    """
    at = len(around) - 1 - REACH
    here = around[at].astype(np.float32)
    for reach in (1, 2, REACH):
        if reach > at:
            continue
        before, after = around[at - reach], around[at + reach]
        if before.shape != here.shape or after.shape != here.shape:
            return True  # the picture changes its size here
        first, second = before.astype(np.float32), after.astype(np.float32)
        change = float(np.abs(first - second).mean())
        if change > CHANGED and float(np.abs(here - (first + second) / 2).mean()) < BLENDED * change:
            return True
    return False
