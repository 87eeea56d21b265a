"""What stands in the picture while everything else changes: a tool's mark in a corner, lettering at the opening.

Edges keep their place and direction in lettering laid over a film; those of the film itself come and go with its
shots. A mark that jumps from place to place, or one in a film of a few shots, is not found.
"""

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from submissions.inspection.bars import Box
from submissions.inspection.report import Mark
from submissions.inspection.sample import Luma, Sample, plane_view

EVERY = 1.0  # seconds between two looks at the corners
WIDTH = 480
ACROSS, DOWN = 0.30, 0.24  # of the picture: one corner
EDGE = 5  # levels of 255 between two samples
CONSTANT = 0.8  # of the looks that show an edge in the same place
LEAST_EDGES = 14  # samples
LEAST_LOOKS, LEAST_SHOTS, LONGEST_SHOT = 6, 4, 0.5
AGAINST_REST = 4.0  # as many as in the middle of the picture

OPENING, OPENING_EVERY = 6.0, 0.25  # seconds
STRONG = 22  # levels
STROKES = 0.05  # of a field that rise, and as many that fall
FIELD = (8, 20)  # rows and columns
SHORTEST_TEXT = 0.75  # seconds
LARGEST_TEXT, FILLED = 0.3, 0.06  # of the picture; edges in its own field
OBLONG = 1.6  # a line is that much longer than high

PLACES = ("top_left", "top_right", "bottom_left", "bottom_right")
Mask = NDArray[np.bool_]


@dataclass(slots=True)
class _Count:
    """Signs of edges summed up over all looks."""

    across: NDArray[np.int32]
    down: NDArray[np.int32]

    def add(self, view: Luma) -> None:
        grey = view.astype(np.int16)
        for total, edges in (
            (self.across, np.diff(grey, axis=1)[:-1]),
            (self.down, np.diff(grey, axis=0)[:, :-1]),
        ):
            total += edges > EDGE
            total -= edges < -EDGE

    def constant(self, looks: int) -> Mask:
        """Samples that had an edge of one direction nearly always."""
        most: Mask = np.maximum(np.abs(self.across), np.abs(self.down)) >= CONSTANT * looks
        return most


@dataclass(slots=True)
class MarkFinder:
    """Looks at the four corners and the middle once a second, and closely at the first seconds."""

    _size: tuple[int, int] = (0, 0)
    _step: int = 1
    _next: float = 0.0
    _next_opening: float = 0.0
    _looks: int = 0
    _counts: list[_Count] = field(default_factory=list)
    _opening: list[tuple[float, Luma]] = field(default_factory=list)

    def look(self, sample: Sample) -> None:
        """Take in one frame; most are passed over."""
        opening = sample.time < OPENING and sample.time >= self._next_opening
        corners = sample.time >= self._next and not sample.black
        if not opening and not corners:
            return
        frame = sample.frame
        size = (frame.width, frame.height)
        if self._size not in ((0, 0), size):
            return
        self._size, self._step = size, max(1, frame.width // WIDTH)
        view = plane_view(frame, self._step)
        if view is None or min(view.shape) < 60:
            return
        if opening:
            self._next_opening = sample.time + OPENING_EVERY - 1e-6
            self._opening.append((sample.time, view))
        if corners:
            self._next = sample.time + EVERY - 1e-6
            self._looks += 1
            parts = [view[box] for box in _boxes(view.shape)]
            if not self._counts:
                self._counts = [
                    _Count(*(np.zeros((part.shape[0] - 1, part.shape[1] - 1), np.int32) for _ in range(2)))
                    for part in parts
                ]
            for count, part in zip(self._counts, parts):
                count.add(part)

    def finish(
        self, start: float, end: float, cuts: tuple[float, ...], bars: Box, rotation: int
    ) -> tuple[tuple[Mark, ...], Mark | None]:
        """Marks in corners, and lettering at the opening. `bars` as stored, `rotation` to turn the picture by."""
        marks: list[Mark] = []
        bounds = [start, *cuts, end]
        longest = max(after - before for before, after in pairwise(bounds))
        enough = self._looks >= LEAST_LOOKS and len(cuts) + 1 >= LEAST_SHOTS
        if enough and longest <= LONGEST_SHOT * (end - start):
            shape = (-(-self._size[1] // self._step), -(-self._size[0] // self._step))
            masks = [
                count.constant(self._looks) & ~self._near_bars(box, count.across.shape, bars)
                for count, box in zip(self._counts, _boxes(shape))
            ]
            rest = int(masks[-1].sum())
            for mask, box in zip(masks[:-1], _boxes(shape)):
                edges = int(mask.sum())
                if edges >= max(LEAST_EDGES, AGAINST_REST * rest) and edges < 0.4 * mask.size:
                    marks.append(self._mark(mask, box, start, end, rotation))
        return tuple(marks), self._text(cuts, rotation)

    def _near_bars(self, box: tuple[slice, slice], shape: tuple[int, ...], bars: Box) -> Mask:
        """Samples on the edge of a bar: they always stand."""
        rows = np.arange(shape[0])[:, None] + (box[0].start or 0)
        columns = np.arange(shape[1])[None, :] + (box[1].start or 0)
        near = np.zeros(shape, bool)
        wide, high = self._size
        for bar, place, far in (
            (bars[0], rows, False),
            (bars[1], rows, True),
            (bars[2], columns, False),
            (bars[3], columns, True),
        ):
            if bar:
                length = high if place is rows else wide
                near |= np.abs(place * self._step - (length - bar if far else bar)) <= 2 * self._step + 2
        return near

    def _mark(
        self, mask: Mask, box: tuple[slice, slice], start: float, end: float, rotation: int, place: str = ""
    ) -> Mark:
        """The bounds of a mask as a Mark of the picture as shown."""
        rows, columns = np.nonzero(mask)
        low, high = (int(np.quantile(rows, share)) for share in (0.02, 0.98))
        left, right = (int(np.quantile(columns, share)) for share in (0.02, 0.98))
        x = (left + (box[1].start or 0)) * self._step
        y = (low + (box[0].start or 0)) * self._step
        width, height = (right - left + 2) * self._step, (high - low + 2) * self._step
        whole = self._size
        for _ in range(rotation // 90 % 4):
            x, y, width, height, whole = y, whole[0] - x - width, height, width, (whole[1], whole[0])
        x, y = max(0, x), max(0, y)
        centre = (x + width / 2) / whole[0], (y + height / 2) / whole[1]
        return Mark(_place(*centre), x, y, width, height, round(start, 3), round(end, 3))

    def _text(self, cuts: tuple[float, ...], rotation: int) -> Mark | None:
        """Lettering that stands in the first seconds and does not come and go with its shot."""
        if len(self._opening) < 4:
            return None
        times = [time for time, _ in self._opening]
        rising, falling = [], []
        for _, view in self._opening:
            edges = np.diff(view.astype(np.int16), axis=1)
            rising.append(edges > STRONG)
            falling.append(edges < -STRONG)
        best: tuple[int, Mask, int] | None = None
        for first in range(0, len(times) - 3, 2):
            up = np.logical_and.reduce(rising[first : first + 4])
            down = np.logical_and.reduce(falling[first : first + 4])
            if min(np.count_nonzero(up), np.count_nonzero(down)) < LEAST_EDGES:
                continue
            strokes = (up | down) & _spread((_density(up) > STROKES) & (_density(down) > STROKES))
            count = int(strokes.sum())
            if count >= LEAST_EDGES * 2 and (best is None or count > best[0]):
                best = count, strokes, first
        if best is None:
            return None
        strokes, first = _largest(best[1]), best[2]
        tall, long = (float(np.ptp(np.quantile(places, (0.02, 0.98)))) + 1 for places in np.nonzero(strokes))
        area = tall * long
        if area > LARGEST_TEXT * strokes.size or int(strokes.sum()) < FILLED * area or long < OBLONG * tall:
            return None
        share = [float((up | down)[strokes].mean()) for up, down in zip(rising, falling)]
        there = [each > 0.6 for each in share]
        begin = last = first
        while begin and there[begin - 1]:
            begin -= 1
        while last + 1 < len(there) and there[last + 1]:
            last += 1
        start, end = times[begin], times[last]
        if end - start < SHORTEST_TEXT:
            return None
        own = [index for index in range(len(times)) if _shot(times[index], cuts) == _shot(times[first], cuts)]
        rest = (rising[first] | falling[first]) & ~strokes
        kept = [float((up | down)[rest].mean()) for up, down in zip(rising, falling)]
        stands = float(np.median([kept[index] for index in range(begin, last + 1) if index != first])) > 0.5
        sides = [
            [at for at in near if at in own] for near in (range(begin - 3, begin), range(last + 1, last + 4))
        ]
        gone = any(sides) and all(
            any(share[at] < 0.3 and (kept[at] > 0.5 or not stands) for at in side) for side in sides if side
        )
        crosses = _shot(start, cuts) != _shot(end, cuts)
        places = np.nonzero(strokes)
        field = tuple(slice(int(each.min()), int(each.max()) + 1) for each in places)
        around = self._opening[first][1][field]
        plain = float((np.abs(np.diff(around.astype(np.int16), axis=1)) <= 3).mean()) > 0.5
        if not (gone or crosses or plain):
            return None
        return self._mark(strokes, (slice(0, None), slice(0, None)), start, end, rotation)


def _boxes(shape: tuple[int, ...]) -> list[tuple[slice, slice]]:
    """The four corners and the middle of a view."""
    high, wide = shape
    down, across = int(high * DOWN), int(wide * ACROSS)
    top, bottom = slice(0, down), slice(high - down, high)
    left, right = slice(0, across), slice(wide - across, wide)
    middle = slice((high - down) // 2, (high + down) // 2), slice((wide - across) // 2, (wide + across) // 2)
    return [(top, left), (top, right), (bottom, left), (bottom, right), middle]


def _place(x: float, y: float) -> str:
    """Where the centre of a mark lies, 0 to 1 from the top left."""
    across = "left" if x < 0.4 else "right" if x > 0.6 else "middle"
    down = "top" if y < 0.4 else "bottom" if y > 0.6 else "middle"
    return "middle" if down == across == "middle" else f"{down}_{across}"


def _density(mask: Mask) -> NDArray[np.float64]:
    """The share of `mask` in the field around each sample."""
    down, across = FIELD
    total = np.pad(mask, ((down, down), (across, across))).cumsum(0).cumsum(1).astype(np.float64)
    field_sum = (
        total[down:, across:] - total[:-down, across:] - total[down:, :-across] + total[:-down, :-across]
    )
    high, wide = mask.shape
    return field_sum[down // 2 : down // 2 + high, across // 2 : across // 2 + wide] / (down * across)


def _largest(mask: Mask) -> Mask:
    """Of the mask, what hangs together in fields side by side and holds the most."""
    down, across = FIELD[0] * 2, FIELD[1]
    high, wide = (-(-length // step) for length, step in zip(mask.shape, (down, across)))
    padded = np.pad(mask, ((0, high * down - mask.shape[0]), (0, wide * across - mask.shape[1])))
    sums = padded.reshape(high, down, wide, across).sum(axis=(1, 3))
    left = {(int(row), int(column)) for row, column in np.argwhere(sums)}
    best: set[tuple[int, int]] = set()
    while left:
        group, edge = set(), [left.pop()]
        while edge:
            row, column = edge.pop()
            group.add((row, column))
            near = {(row + y, column + x) for y in (-1, 0, 1) for x in (-1, 0, 1)} & left
            left -= near
            edge += near
        best = max(best, group, key=lambda cells: sum(int(sums[cell]) for cell in cells))
    kept = np.zeros_like(sums, bool)
    for cell in best:
        kept[cell] = True
    whole = kept.repeat(down, axis=0).repeat(across, axis=1)[: mask.shape[0], : mask.shape[1]]
    only: Mask = mask & whole
    return only


def _spread(mask: Mask) -> Mask:
    """The mask with what is within half a field of it."""
    wide: Mask = _density(mask) > 0
    return wide


def _shot(time: float, cuts: tuple[float, ...]) -> int:
    return sum(cut <= time + 1e-3 for cut in cuts)
