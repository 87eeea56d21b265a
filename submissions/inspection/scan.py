"""Traces of interlacing: frames woven from two moments, all of them or two in five (telecine).

Looked at in bursts of ten frames, and on as long as combs are seen.
"""

from typing import Literal

import av
import numpy as np

from submissions.inspection.report import Event
from submissions.inspection.sample import Sample, plane_view

BURST = 10  # frames: two rounds of a pattern of five
EVERY, EVERY_LATER = 2.0, 4.0  # seconds between the starts of two bursts; later than LATER seconds
LATER = 20.0
STRIPS, STRIP = 6, 32  # columns that are read
BLOCK = 16  # rows judged together
COMBED, VISIBLE = (
    1.25,
    3.0,
)  # neighbouring rows differ by that much more than those of one field, and by levels
COMBED_SHARE = 0.02  # of the blocks
SHORTEST = 0.25  # seconds

Scan = Literal["progressive", "interlaced", "telecine"]


class CombFinder:
    """Looks for combs in a film."""

    def __init__(self) -> None:
        self._next = 0.0
        self._burst: list[bool] = []
        self._times: list[float] = []
        self._woven: list[tuple[Scan, float, float]] = []

    def look(self, sample: Sample) -> None:
        """Take in one frame; most are passed over."""
        if not self._burst and sample.time < self._next:
            return
        if not self._burst:
            self._next = sample.time + (EVERY if sample.time < LATER else EVERY_LATER)
        self._burst.append(not sample.black and is_combed(sample.frame))
        self._times.append(sample.time)
        if len(self._burst) >= BURST and not any(self._burst[-BURST:]):
            self._judge(sample.time)

    def finish(self, end: float) -> tuple[Scan, list[Event]]:
        """What the film is where it is not progressive, and where."""
        self._judge(end)
        events: list[Event] = []
        for _, start, until in self._woven:
            events.append(Event("interlace", round(start, 3), round(until, 3)))
        if not self._woven:
            return "progressive", []
        seconds = {
            kind: sum(until - start for each, start, until in self._woven if each == kind)
            for kind in ("interlaced", "telecine")
        }
        return ("telecine" if seconds["telecine"] > seconds["interlaced"] else "interlaced"), events

    def _judge(self, end: float) -> None:
        combed, times = np.array(self._burst), [*self._times, end]
        self._burst, self._times = [], []
        places = np.flatnonzero(combed)
        if len(places) < 3:
            return
        first, last = int(places[0]), int(places[-1]) + 1
        start, until = times[first], times[last]
        part = combed[first:last]
        if until - start < SHORTEST or part.mean() < 0.3:
            return
        pulled = part.mean() < 0.65 and len(part) >= 7 and float((part[5:] == part[:-5]).mean()) > 0.8
        self._woven.append(("telecine" if pulled else "interlaced", start, until))


def is_combed(frame: av.VideoFrame) -> bool:
    """Whether neighbouring rows differ more than every second one in some places."""
    high, wide = frame.height, frame.width
    if high < 4 * BLOCK or wide < STRIPS * STRIP:
        return False
    blocks = woven = 0
    for number in range(STRIPS):
        left = int((number + 0.5) * wide / STRIPS) - STRIP // 2
        rows = plane_view(frame, 1, 1, columns=slice(left, left + STRIP))
        if rows is None:
            return False
        near = np.maximum(rows[1:], rows[:-1]) - np.minimum(rows[1:], rows[:-1])
        far = np.maximum(rows[2:], rows[:-2]) - np.minimum(rows[2:], rows[:-2])
        count = (high - 2) // BLOCK
        beside = near[: count * BLOCK].reshape(count, -1).mean(axis=1)
        field = far[: count * BLOCK].reshape(count, -1).mean(axis=1)
        woven += int(np.count_nonzero((beside > COMBED * field) & (beside > VISIBLE)))
        blocks += count
    return woven >= max(2, COMBED_SHARE * blocks)
