"""Pictures for people, as JPEG: a contact sheet over the whole film, candidates for its still, stills at its faults,
a sprite sheet for scrubbing, and its colours in time.

All but the stills and posters are made from one small upright picture a second.
"""

from pathlib import Path

import av
from PIL import Image

from submissions.inspection.barcode import Barcode
from submissions.inspection.evenly import Evenly
from submissions.inspection.posters import Posters
from submissions.inspection.report import Sprite, Still
from submissions.inspection.sample import Luma
from submissions.inspection.sprite import SpriteSheet

TILES, COLUMNS = 24, 6
SMALL, STILL, POSTER = 320, 960, 1280  # pixels of the long side
EVERY = 1.0  # seconds between small pictures; of a short film more, for a full sheet
MOST_STILLS = 40
QUALITY = 82


def shown_size(width: int, height: int, aspect: float, rotation: int) -> tuple[int, int]:
    """The size of a picture as a player shows it, from its stored size, pixel aspect and rotation in degrees."""
    if aspect > 1:
        width = round(width * aspect)
    elif 0 < aspect < 1:
        height = round(height / aspect)
    return (height, width) if rotation % 180 else (width, height)


class Album:
    """Collects pictures while a film is decoded. `length` is its declared duration in seconds, if any."""

    def __init__(self, folder: Path, aspect: float, rotation: int, length: float | None) -> None:
        self.stills: list[Still] = []
        self._folder, self._aspect, self._rotation = folder, aspect, rotation
        every = min(EVERY, length / TILES) if length else EVERY
        self._every, self._next = every, 0.0
        tile = length / TILES if length else EVERY
        self._tiles: Evenly[Image.Image] = Evenly(tile, 2 * TILES, first=tile / 2)
        self._sprite = SpriteSheet(every)
        self._barcode = Barcode()
        self._posters = Posters(folder, length, lambda frame: self._picture(frame, POSTER))

    def look(self, frame: av.VideoFrame, time: float, luma: Luma) -> None:
        """Take in one frame with its luma sample; most are passed over. `time` in seconds, rising."""
        self._posters.look(luma)
        if time + 1e-6 < self._next:
            return
        self._next = max(self._next + self._every, time - time % self._every + self._every)
        small = self._picture(frame, SMALL, quick=True)
        if self._tiles.due(time):
            self._tiles.keep(time, small)
        self._sprite.look(small, time)
        self._barcode.look(small, time)
        self._posters.offer(frame, small, time)

    def still(self, frame: av.VideoFrame, about: str, time: float) -> None:
        """Write this frame as the evidence of a fault; the first forty of a film."""
        if len(self.stills) < MOST_STILLS:
            name = f"{about}-{len(self.stills) + 1:02}.jpg"
            self._picture(frame, STILL).save(self._folder / name, quality=QUALITY)
            self.stills.append(Still(name, about, round(time, 3)))

    def finish(self, end: float) -> tuple[list[Still], Sprite | None]:
        """Write everything for a film that ends at `end`, seconds, and say what was written."""
        self._write_sheet()
        self.stills += self._posters.finish()
        self.stills += self._barcode.write(self._folder, end)
        return self.stills, self._sprite.write(self._folder, end)

    def glance(self, frame: av.VideoFrame, time: float) -> None:
        """Keep this frame for the contact sheet alone: the few frames of a first look."""
        self._tiles.keep(time, self._picture(frame, SMALL, quick=True))

    def finish_glance(self) -> list[Still]:
        """Write the contact sheet and nothing else."""
        self._write_sheet()
        return self.stills

    def _write_sheet(self) -> None:
        tiles = self._tiles.spread(TILES)
        if tiles:
            width, height = tiles[0].size
            rows = -(-len(tiles) // COLUMNS)
            sheet = Image.new("RGB", (min(COLUMNS, len(tiles)) * width, rows * height))
            for n, tile in enumerate(tiles):
                sheet.paste(tile.resize((width, height)), (n % COLUMNS * width, n // COLUMNS * height))
            sheet.save(self._folder / "sheet.jpg", quality=QUALITY)
            self.stills.append(Still("sheet.jpg", "sheet"))

    def _picture(self, frame: av.VideoFrame, side: int, *, quick: bool = False) -> Image.Image:
        upright = shown_size(frame.width, frame.height, self._aspect, 0)
        scale = min(1.0, side / max(upright))
        size = {"width": max(2, round(upright[0] * scale)), "height": max(2, round(upright[1] * scale))}
        how = {"interpolation": "AREA"} if quick else {}
        small = frame.to_image(**size, **how)  # type: ignore[no-untyped-call]
        assert isinstance(small, Image.Image)
        return small.rotate(self._rotation, expand=True) if self._rotation else small
