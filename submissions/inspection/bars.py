"""Black bars around the picture, read at full resolution twice a second, and where they change."""

from collections import Counter

import av
import numpy as np
from numpy.typing import NDArray

from submissions.inspection.report import Bars
from submissions.inspection.sample import Luma, Sample, luma_view, plane_view

EVERY = 0.5  # seconds
DARK = 12  # levels of 255 above black
NOISE = 4  # and so much more in the small view
CONTRAST = 10.0  # levels by which the picture beside a bar is brighter than the bar
SMALLEST = 0.015  # of the side
LARGEST = 0.45
SAME = 4  # pixels between two readings of the same bar
STEADY = 3  # readings in a row that make a change one
MOST_CHANGES = 100
LIT = 0.5  # of the picture's middle: with less, the margins of lettering on black may look like other bars

Box = tuple[int, int, int, int]


class BarFinder:
    """Reads the bars of a film; `top, bottom, left, right` in stored pixels."""

    def __init__(self) -> None:
        self.size = (0, 0)
        self._next = 0.0
        self._readings: list[tuple[float, Box]] = []
        self._lit: list[tuple[float, Box]] = []  # those of them that can tell a change

    def look(self, sample: Sample) -> None:
        """Take in one frame; most are passed over."""
        if sample.time < self._next or sample.black:
            return
        self._next = sample.time + EVERY - 1e-6
        box = bars_of(sample.frame, sample.luma, sample.full)
        if box is not None:
            self.size = sample.frame.width, sample.frame.height
            self._readings.append((sample.time, box))
            middle, limit = _middle(sample.luma), DARK + (0 if sample.full else 16)
            if np.count_nonzero(middle > limit) >= LIT * middle.size:
                self._lit.append((sample.time, box))

    def finish(self, rotation: int) -> Bars:
        """The bars that most readings have, and the changes that lasted."""
        if not self._readings:
            return Bars()
        usual = _usual([box for _, box in self._readings])
        times = self._changes()
        sides = turn_sides(usual, rotation)
        upright, across = sides[0] + sides[1] > 0, sides[2] + sides[3] > 0
        kind = (
            "windowbox"
            if upright and across
            else "letterbox"
            if upright
            else "pillarbox"
            if across
            else "none"
        )
        return Bars(kind, *sides, changes=len(times), change_times=tuple(times[:MOST_CHANGES]))  # type: ignore[arg-type]

    @property
    def usual(self) -> Box:
        """The bars most readings have, in the stored picture."""
        return _usual([box for _, box in self._readings]) if self._readings else (0, 0, 0, 0)

    def _changes(self) -> list[float]:
        """When other bars came and stayed."""
        wide, high = self.size
        least = (0.02 * high, 0.02 * high, 0.02 * wide, 0.02 * wide)
        times: list[float] = []
        held: Box | None = None
        run: list[tuple[float, Box]] = []
        for time, box in self._lit:
            if run and not _alike(run[-1][1], box):
                run = []
            run.append((time, box))
            if len(run) < STEADY:
                continue
            if held is None:
                held = box
            elif any(abs(new - old) > most for new, old, most in zip(box, held, least)):
                times.append(round(run[0][0], 3))
                held = box
        return times


def read_bars(frame: av.VideoFrame) -> Box | None:
    """As `bars_of`, for a frame without its small view."""
    return bars_of(frame, *luma_view(frame))


def bars_of(frame: av.VideoFrame, small: Luma, full: bool) -> Box | None:
    """Bars of one frame as top, bottom, left, right; None where the picture is too dark to tell.

    A bar is flat and dark and ends in an edge; a dark sky ends softly. The small view tells where to look at all.
    """
    limit = DARK + (0 if full else 16)
    middle = _middle(small)
    if np.count_nonzero(middle > limit + 24) < 0.1 * middle.size:
        return None
    upright = small[0].max() <= limit + NOISE or small[-1].max() <= limit + NOISE
    across = small[:, 0].max() <= limit + NOISE or small[:, -1].max() <= limit + NOISE
    top = bottom = left = right = 0
    if upright:
        rows = plane_view(frame, 1, max(1, frame.width // 48))
        if rows is None:
            return None
        first, last = _ends(rows, limit, frame.height)
        if first is None or last is None:
            return None
        top, bottom = first, last
    if across:
        inside = slice(top, frame.height - bottom)
        columns = plane_view(frame, max(1, frame.height // 48), 1, inside)
        if columns is None:
            return None
        first, last = _ends(columns.T, limit, frame.width)
        if first is None or last is None:
            return None
        left, right = first, last
    return top, bottom, left, right


def _middle(small: Luma) -> Luma:
    """The middle ninth of the small view."""
    high, wide = small.shape
    return small[high // 3 : high - high // 3, wide // 3 : wide - wide // 3]


def _ends(lines: NDArray[np.uint8], limit: int, length: int) -> tuple[int | None, int | None]:
    """How many lines at both ends are a bar; None where that end is dark without an edge."""
    dark = lines.max(axis=1) <= limit
    found: list[int | None] = []
    for way in (slice(None), slice(None, None, -1)):
        mask = dark[way]
        count = int(np.argmin(mask)) if not mask.all() else length
        if count < max(2, SMALLEST * length):
            found.append(0)
        elif count > LARGEST * length:
            found.append(None)
        else:
            near = lines[way]
            inside = float(near[count + 1 : count + 5].mean())
            found.append(count if inside - float(near[:count].mean()) >= CONTRAST else None)
    return found[0], found[1]


def turn_sides(box: Box, rotation: int) -> Box:
    """Top, bottom, left, right as shown, from those stored and the degrees counter-clockwise to turn by."""
    top, bottom, left, right = box
    for _ in range(rotation // 90 % 4):
        top, bottom, left, right = right, left, top, bottom
    return top, bottom, left, right


def _alike(one: Box, other: Box) -> bool:
    return all(abs(a - b) <= SAME for a, b in zip(one, other))


def _usual(boxes: list[Box]) -> Box:
    """The commonest box, readings within a few pixels counted together; ties go to the smaller bars."""
    counts = Counter(boxes)
    return max(
        counts, key=lambda box: (sum(n for other, n in counts.items() if _alike(box, other)), -sum(box))
    )
