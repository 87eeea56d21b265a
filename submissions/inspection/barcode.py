"""A film's colours from beginning to end: one thin column of averaged colour for each second, side by side."""

from pathlib import Path

import numpy as np
from PIL import Image

from submissions.inspection.evenly import Evenly
from submissions.inspection.report import Still

EVERY = 1.0  # seconds between columns
MOST_COLUMNS = 600  # of a longer film every second column is left out, again and again
HEIGHT = 24
NAME = "barcode.jpg"


class Barcode:
    """Collects columns from small upright pictures of a film."""

    def __init__(self) -> None:
        self._columns: Evenly[np.ndarray] = Evenly(EVERY, MOST_COLUMNS)

    def look(self, picture: Image.Image, time: float) -> None:
        """Take this picture's colours when a column is due; `time` in seconds from the film's first moment."""
        if self._columns.due(time):
            column = picture.resize((1, HEIGHT), Image.Resampling.BOX)
            self._columns.keep(time, np.asarray(column, np.uint8)[:, 0])

    def write(self, folder: Path, end: float) -> list[Still]:
        """Write the picture, its columns evenly spaced up to `end` (seconds); nothing for a film without a column.

        A film that stands still in the file (one frame for many seconds) keeps its colour for as long.
        """
        if not len(self._columns):
            return []
        count = max(1, min(MOST_COLUMNS, round(end / self._columns.every)))
        shown = [self._columns.at((n + 0.5) * end / count) for n in range(count)]
        picture = np.ascontiguousarray(np.stack(shown, axis=1))
        Image.fromarray(picture).save(folder / NAME, quality=92, subsampling=0)
        return [Still(NAME, "barcode")]
