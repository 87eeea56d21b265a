"""Flashes that can cause seizures, after ITU-R BT.1702 and WCAG 2.3.1, on cells of a sixteenth by a ninth.

A flash is a pair of opposing changes of luminance by 20 cd/m² or more on a display of 200 cd/m², the darker of the
two below 160, over a quarter of the picture at once; or the same to and from a saturated red. More than three in a
second fail, and so do two or three in every second for four of five seconds. This is a careful count by the published
rule, not a certified test.
"""

from collections import deque

import numpy as np
from numpy.typing import NDArray

from submissions.inspection.report import Event, Flashes
from submissions.inspection.sample import Sample

Values = NDArray[np.float32]
Mask = NDArray[np.bool_]

ACROSS, DOWN = 16, 9
AREA = ACROSS * DOWN // 4
PEAK = 200.0  # cd/m² of the display
STEP, BRIGHT = 20.0, 160.0  # cd/m²
AT_ONCE = 0.1  # seconds in which the cells of one change follow each other
MOST_CHANGES = 6  # three flashes
SOME_CHANGES = 4
GAP, LONG_GAP = 0.26, 0.45  # seconds between two changes of one stretch
LONG_WINDOW, LONG_SECONDS = 5.0, 4.0
RED_SHARE, RED_SCALE = 0.8, 320.0
REDDISH, RED_AREA = (
    160,
    0.1,
)  # of the red difference; with less of it nothing can be a quarter of saturated red
_PQ, _HLG = 16, 18


def luminance_table(full: bool, transfer: int) -> Values:
    """cd/m² of each 8 bit luma value: BT.1886 on 200 cd/m², or the curves of BT.2100 for HDR."""
    signal = np.arange(256, dtype=np.float64)
    signal = np.clip(signal / 255 if full else (signal - 16) / 219, 0, 1)
    if transfer == _PQ:
        root = signal ** (1 / 78.84375)
        light = 10000 * (np.maximum(root - 0.8359375, 0) / (18.8515625 - 18.6875 * root)) ** (
            1 / 0.1593017578125
        )
    elif transfer == _HLG:
        scene = np.where(
            signal <= 0.5, signal**2 / 3, (np.exp((signal - 0.55991073) / 0.17883277) + 0.28466892) / 12
        )
        light = 1000 * scene**1.2
    else:
        light = PEAK * signal**2.4
    return light.astype(np.float32)


class _Swings:
    """Per cell, the changes of alternating direction by a step or more; counted when a quarter changes at once."""

    def __init__(self) -> None:
        shape = ACROSS * DOWN
        self.high = np.full(shape, -1e9, np.float32)
        self.low = np.full(shape, 1e9, np.float32)
        self.direction = np.zeros(shape, np.int8)
        self.turned = np.full(shape, -1e9)
        self.waits = np.zeros(shape, bool)  # changed, but not yet with a quarter of the others
        self.counts = np.zeros(shape, np.int16)
        self.recent: deque[tuple[float, float, int, Mask]] = (
            deque()
        )  # when, begun when, which way, which cells
        self.level = 0  # changes in the last second that a quarter of the cells has seen

    def look(self, values: Values, rising: Mask, falling: Mask, time: float) -> int:
        """Take in one frame. `rising` and `falling`: where a change that way would count."""
        np.maximum(self.high, values, out=self.high)
        np.minimum(self.low, values, out=self.low)
        up = (values - self.low >= STEP) & rising & (self.direction != 1)
        down = (self.high - values >= STEP) & falling & (self.direction != -1)
        changed = up | down
        stale = False
        if changed.any():
            self.direction[up], self.direction[down] = 1, -1
            self.high[up], self.low[down] = values[up], values[down]
            self.turned[changed], self.waits[changed] = time, True
            near = self.turned > time - AT_ONCE
            for way in (1, -1):
                together = near & (self.direction == way)
                fresh = together & self.waits
                if fresh.any() and np.count_nonzero(together) >= AREA:
                    self.waits[fresh] = False
                    self.counts += fresh
                    joins = self.recent and self.recent[-1][2] == way and time - self.recent[-1][1] <= AT_ONCE
                    self.recent.append((time, self.recent[-1][1] if joins else time, way, fresh))
                    stale = True
        while self.recent and self.recent[0][0] <= time - 1 + 1e-3:
            self.counts -= self.recent.popleft()[3]
            stale = True
        if stale:
            self.level = int(np.partition(self.counts, -AREA)[-AREA])
        return self.level

    def run(self, gap: float) -> tuple[float, float]:
        """First and last change of the latest in the last second that follow each other within `gap` seconds."""
        times = [begun for _, begun, _, _ in self.recent]
        first = len(times) - 1
        while first and times[first] - times[first - 1] <= gap:
            first -= 1
        return times[first], times[-1]


class Flash:
    """Watches every frame for flashes."""

    def __init__(self) -> None:
        self.since: float | None = None  # start of a failing stretch that is going on
        self.light = np.zeros(ACROSS * DOWN, np.float32)  # cd/m² of the last frame's cells, row by row
        self.unsteady: list[
            tuple[float, float]
        ] = []  # two or more flashes a second, whether they fail or not
        self._light, self._red = _Swings(), _Swings()
        self._red.low[:] = 0  # it is not looked for until there is red
        self._was_red = np.zeros(ACROSS * DOWN, bool)
        self._none = np.zeros(ACROSS * DOWN, np.float32)
        self._quiet = True
        self._tables: dict[tuple[bool, int], Values] = {}
        self._weights: dict[tuple[int, int], tuple[Values, Values]] = {}
        self._most = {"flash": 0, "red_flash": 0}
        self._events: list[Event] = []
        self._open: dict[str, tuple[float, float]] = {}
        self._steady: deque[tuple[float, float]] = deque()  # (time, seconds) with two or three flashes
        self._steady_since = 0.0
        self._steady_total = self._longest = 0.0
        self._last: float | None = None

    def look(self, sample: Sample) -> None:
        """Take in one frame."""
        kind = (sample.full, int(sample.frame.color_trc))
        if kind not in self._tables:
            self._tables[kind] = luminance_table(*kind)
        self.light = light = self._cells(self._tables[kind].take(sample.luma[::2, ::2]))
        level = self._light.look(light, self._light.low < BRIGHT, light < BRIGHT, sample.time)
        self._judge("flash", level, self._light, sample.time)
        red = self._reds(sample)
        if red:
            values, saturated = red
            rising, falling = saturated, self._was_red | saturated
            level = max(level, red_level := self._red.look(values, rising, falling, sample.time))
            turned = self._red.turned == sample.time
            self._was_red = np.where(turned, saturated, self._was_red | saturated)
            self._judge("red_flash", red_level, self._red, sample.time)
        self._persist(level, sample.time)
        self.since = min((start for start, _ in self._open.values()), default=None)
        self._last = sample.time

    def finish(self) -> tuple[Flashes, list[Event]]:
        """The counts, and the stretches that fail."""
        for kind in list(self._open):
            self._close(kind)
        most, red = (self._most[kind] / 2 for kind in ("flash", "red_flash"))
        return Flashes(most, red, round(self._longest, 3)), self._events

    def _cells(self, values: NDArray[np.generic]) -> Values:
        """The means of the cells of a sample of any shape, as one row."""
        high, wide = values.shape
        if (high, wide) not in self._weights:
            self._weights[high, wide] = _shares(DOWN, high), _shares(ACROSS, wide).T.copy()
        rows, columns = self._weights[high, wide]
        means: Values = (rows @ values.astype(np.float32, copy=False) @ columns).ravel()
        return means

    def _reds(self, sample: Sample) -> tuple[Values, Mask] | None:
        """Red minus green and blue of each cell, and where it is saturated; None as long as there is no red."""
        u, v = sample.chroma
        if np.count_nonzero(v >= REDDISH) < RED_AREA * v.size:
            if self._quiet:
                return None
            self._quiet = self._red.level == 0
            return self._none, np.zeros_like(self._was_red)
        self._quiet = False
        luma = self._cells(sample.luma)
        luma = (luma - (0 if sample.full else 16)) / np.float32(255 if sample.full else 219)
        blue, red = ((self._cells(plane) - 128) / (255 if sample.full else 224) for plane in (u, v))
        r = np.clip(luma + 1.5748 * red, 0, 1) ** 2.2
        g = np.clip(luma - 0.1873 * blue - 0.4681 * red, 0, 1) ** 2.2
        b = np.clip(luma + 1.8556 * blue, 0, 1) ** 2.2
        saturated = r >= RED_SHARE * (r + g + b)
        saturated &= r > 0.02
        values: Values = np.maximum((r - g - b) * RED_SCALE, 0).astype(np.float32)
        return values, saturated

    def _judge(self, kind: str, level: int, swings: _Swings, time: float) -> None:
        self._most[kind] = max(self._most[kind], level)
        if level > MOST_CHANGES:
            start, end = swings.run(GAP)
            if start == end:  # a cut soon after
                return
            if kind in self._open and start > self._open[kind][1]:
                self._close(kind)
            self._open[kind] = self._open[kind][0] if kind in self._open else start, end
        elif kind in self._open and time > self._open[kind][1] + 1:
            self._close(kind)

    def _persist(self, level: int, time: float) -> None:
        """The extended rule."""
        step = min(time - self._last, 1.0) if self._last is not None else 0.0
        while self._steady and self._steady[0][0] <= time - LONG_WINDOW:
            self._steady_total -= self._steady.popleft()[1]
        if level >= SOME_CHANGES:
            self._mark(*self._run())
            if not self._steady:
                self._steady_since = self._run()[0]
                self._steady_total = 0.0
            self._steady.append((time, step))
            self._steady_total += step
        if self._steady_total >= LONG_SECONDS - 1e-6 and level >= SOME_CHANGES:
            end = self._run()[1]
            self._open["flash_extended"] = self._steady_since, end
            self._longest = max(self._longest, end - self._steady_since)
        elif "flash_extended" in self._open and level < SOME_CHANGES:
            self._close("flash_extended")

    def _run(self) -> tuple[float, float]:
        both = max((self._light, self._red), key=lambda swings: swings.level)
        return both.run(LONG_GAP)

    def _mark(self, start: float, end: float) -> None:
        if self.unsteady and start <= self.unsteady[-1][1]:
            start = min(start, self.unsteady.pop()[0])
        self.unsteady.append((start, end))

    def _close(self, kind: str) -> None:
        start, end = self._open.pop(kind)
        if self._events and self._events[-1].kind == kind and self._events[-1].end >= start:
            start = self._events.pop().start
        self._events.append(Event(kind, round(start, 3), round(end, 3)))


def _shares(cells: int, length: int) -> Values:
    """How much each of `length` samples belongs to the mean of each cell."""
    edges = np.linspace(0, length, cells + 1)
    places = np.arange(length)
    over = np.minimum(edges[1:, None], places + 1) - np.maximum(edges[:-1, None], places)
    shares: Values = (np.clip(over, 0, None) / (length / cells)).astype(np.float32)
    return shares
