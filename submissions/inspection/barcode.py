"""A film's colours from beginning to end: one thin column of averaged colour for each second, side by side."""

from pathlib import Path

import av
import numpy as np
from PIL import Image

from submissions.inspection.report import Still

EVERY = 1.0  # seconds between columns, so that a second costs one small picture whatever its frame rate
MOST_COLUMNS = 600  # of a longer film every second column is left out, again and again
HEIGHT = 24
ACROSS = 16  # a picture is first made this wide, then averaged into its column
NAME = "barcode.jpg"


class Barcode:
    """Collects columns while a film is decoded."""

    def __init__(self) -> None:
        self._columns: list[np.ndarray] = []
        self._times: list[float] = []
        self._every = EVERY
        self._next = 0.0

    def look(self, frame: av.VideoFrame, time: float) -> None:
        """Take this frame's colours when a column is due; `time` in seconds from the film's first moment."""
        if time + 1e-6 < self._next:
            return
        small = frame.reformat(width=ACROSS, height=HEIGHT, format="rgb24", interpolation="AREA").to_ndarray()
        self._columns.append(small.mean(axis=1))
        self._times.append(time)
        if len(self._columns) == MOST_COLUMNS:
            self._columns, self._times = self._columns[::2], self._times[::2]
            self._every *= 2
        self._next = max(self._next, time - time % self._every) + self._every

    def write(self, folder: Path, end: float, rotation: int) -> list[Still]:
        """Write the picture, its columns evenly spaced up to `end` (seconds); nothing for a film without a column.

        A film that stands still in the file (one frame for many seconds) keeps its colour for as long. A quarter turn
        would show top and bottom as sides, so there each column is one colour.
        """
        if not self._columns:
            return []
        columns = np.stack(self._columns, axis=1)
        if rotation % 180:
            columns = np.broadcast_to(columns.mean(axis=0), columns.shape)
        elif rotation % 360:
            columns = columns[::-1]
        count = max(1, min(MOST_COLUMNS, round(end / self._every)))
        middles = (np.arange(count) + 0.5) * end / count
        shown = np.searchsorted(self._times, middles, side="right") - 1
        picture = columns[:, np.clip(shown, 0, None)].round().astype(np.uint8)
        Image.fromarray(np.ascontiguousarray(picture)).save(folder / NAME, quality=92, subsampling=0)
        return [Still(NAME, "barcode")]
