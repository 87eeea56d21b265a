"""The film in small pictures for scrubbing: one sheet, and a WebVTT file that says which piece of it belongs when.

A player shows the piece under the pointer. The cues are of equal length, so that a page can also reckon the piece
from the time: the piece of second t is floor(t ÷ every), counted along the rows.
"""

from pathlib import Path

from PIL import Image

from submissions.inspection.evenly import Evenly
from submissions.inspection.report import Sprite

MOST = 100
COLUMNS = 10
LONG_SIDE = 160
QUALITY = 72
NAME, CUES = "sprite.jpg", "sprite.vtt"


class SpriteSheet:
    """Collects small upright pictures. `every` is how many seconds lie between the first ones."""

    def __init__(self, every: float) -> None:
        self._tiles: Evenly[Image.Image] = Evenly(every, 2 * MOST)
        self._size: tuple[int, int] | None = None

    def look(self, picture: Image.Image, time: float) -> None:
        """Keep this picture when one is due; `time` in seconds from the film's first moment."""
        if self._tiles.due(time):
            if self._size is None:
                scale = min(1.0, LONG_SIDE / max(picture.size))
                self._size = (
                    max(2, round(picture.width * scale)),
                    max(2, round(picture.height * scale)),
                )
            self._tiles.keep(time, picture.resize(self._size, Image.Resampling.BOX))

    def write(self, folder: Path, end: float) -> Sprite | None:
        """Write both files for a film that ends at `end`, seconds; None for a film without a picture."""
        if self._size is None or end <= 0:
            return None
        count = min(MOST, len(self._tiles))
        wide, high = self._size
        sheet = Image.new("RGB", (min(COLUMNS, count) * wide, -(-count // COLUMNS) * high))
        every = end / count
        cues = ["WEBVTT\n"]
        for n in range(count):
            left, top = n % COLUMNS * wide, n // COLUMNS * high
            sheet.paste(self._tiles.at((n + 0.5) * every), (left, top))
            span = f"{_stamp(n * every)} --> {_stamp((n + 1) * every)}"
            cues.append(f"{span}\n{NAME}#xywh={left},{top},{wide},{high}\n")
        sheet.save(folder / NAME, quality=QUALITY)
        (folder / CUES).write_text("\n".join(cues), encoding="ascii")
        return Sprite(NAME, CUES, count, min(COLUMNS, count), wide, high, round(every, 6))


def _stamp(seconds: float) -> str:
    whole = round(seconds * 1000)
    return f"{whole // 3_600_000:02}:{whole // 60_000 % 60:02}:{whole // 1000 % 60:02}.{whole % 1000:03}"
