"""What the picture does: black and standing still, seen on every frame through a small strided view of its luma."""

from collections.abc import Callable

import av
import numpy as np
from numpy.typing import NDArray

from submissions.inspection.report import Event

Luma = NDArray[np.uint8]

SAMPLE_WIDTH = 160
BLACK_LEVEL = 0.10  # of the range from black to white
BLACK_SHARE = 0.98  # of the picture
SAME_MEAN = 0.5  # levels of 255 between two frames that show the same
SAME_DRIFT = 2.0  # levels of 255 over the whole time of standing still
MOVED_LEVEL, MOVED_SHARE = 8, 0.0005  # a small thing that moves in a still room
REFRESH_SECONDS = 0.1  # a key frame may redraw a standing picture for so long


def luma_view(frame: av.VideoFrame) -> tuple[Luma, bool]:
    """A luma sample about 160 wide, 8 bit, and whether it uses the full range. Copies only what it keeps."""
    form = frame.format
    first = form.components[0]
    depth = first.bits
    plain = not form.is_rgb and form.is_planar and form.has_palette is False and 8 <= depth <= 16
    if plain and (depth == 8 or form.name.endswith("le")):
        plane, width, height = frame.planes[0], frame.width, frame.height
        step = max(1, width // SAMPLE_WIDTH)
        if depth == 8:
            rows = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)
            sample = rows[:height:step, :width:step].copy()
        else:
            deep = np.frombuffer(plane, np.uint16).reshape(-1, plane.line_size // 2)
            shift = 8 if form.name.startswith("p0") else depth - 8
            sample = (deep[:height:step, :width:step] >> shift).astype(np.uint8)
        return sample, form.name.startswith("yuvj") or int(frame.color_range) == 2
    high = max(2, round(SAMPLE_WIDTH * frame.height / frame.width))
    small = frame.reformat(width=SAMPLE_WIDTH, height=high, format="gray")
    return np.asarray(small.to_ndarray(), np.uint8), True


class Picture:
    """Gathers black and freeze events. `seen(kind, seconds_so_far)` is asked at each frame inside one."""

    def __init__(self, seen: Callable[[str, float, float], None], shortest: dict[str, float]) -> None:
        self.events: list[Event] = []
        self._seen, self._shortest = seen, shortest
        self._last: Luma | None = None
        self._last_time = 0.0
        self._black_since: float | None = None
        self._still_since: float | None = None
        self._anchor: Luma | None = None
        self._stirred: float | None = None  # when a standing picture first differed again

    def look(self, frame: av.VideoFrame, time: float) -> None:
        """Take in one frame; `time` in seconds, rising."""
        luma, full = luma_view(frame)
        floor, white = (0, 255) if full else (16, 235)
        dark = int(floor + BLACK_LEVEL * (white - floor))
        black = int(np.count_nonzero(luma <= dark)) >= BLACK_SHARE * luma.size
        if black and self._black_since is None:
            self._black_since = time
        elif not black:
            self._end_black(time)
        self._stand(luma, time, black)
        if self._black_since is not None:
            self._seen("black", self._black_since, time)
        elif self._still_since is not None and self._stirred is None:
            self._seen("freeze", self._still_since, time)
        self._last, self._last_time = luma, time

    def finish(self, end: float) -> list[Event]:
        """Close what is open at the film's end and hand over all events."""
        self._end_black(end)
        self._end_still(end)
        return sorted(self.events, key=lambda event: (event.start, event.kind))

    def _stand(self, luma: Luma, time: float, black: bool) -> None:
        last = self._last
        if last is None or last.shape != luma.shape or black:
            self._end_still(time)
            return
        difference = np.abs(luma.astype(np.int16) - last)
        same = (
            float(difference.mean()) < SAME_MEAN
            and np.count_nonzero(difference > MOVED_LEVEL) <= MOVED_SHARE * luma.size
        )
        if self._still_since is None or self._anchor is None:
            if same:
                self._still_since, self._anchor, self._stirred = self._last_time, last, None
            return
        drift = float(np.abs(luma.astype(np.int16) - self._anchor).mean())
        if drift >= SAME_DRIFT:
            self._end_still(time)
        elif same:
            self._stirred = None
        elif self._stirred is None:
            self._stirred = time
        elif time - self._stirred > REFRESH_SECONDS:
            self._end_still(time)

    def _end_black(self, time: float) -> None:
        self._add("black", self._black_since, time)
        self._black_since = None

    def _end_still(self, time: float) -> None:
        self._add("freeze", self._still_since, time if self._stirred is None else self._stirred)
        self._still_since = self._anchor = self._stirred = None

    def _add(self, kind: str, start: float | None, end: float) -> None:
        if start is not None and end - start >= self._shortest[kind] - 1e-6:
            self.events.append(Event(kind, round(start, 3), round(end, 3)))
