"""Pictures for people: a contact sheet over the whole film, a poster still, and stills at its faults, as JPEG."""

from pathlib import Path

import av
from PIL import Image

from submissions.inspection.report import Still

TILES, COLUMNS = 24, 6
TILE = (320, 320)
STILL = (960, 960)
POSTER = (1280, 1280)
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
        self._tiles: list[Image.Image] = []
        self._every = length / TILES if length else 1.0
        self._next = self._every / 2
        self._poster: tuple[float, float, Image.Image] | None = None

    def tile(self, frame: av.VideoFrame, time: float) -> None:
        """Keep a small picture of this frame when it is time for one. An unforeseen length only thins them out."""
        if time + 1e-6 < self._next:
            return
        self._tiles.append(self._picture(frame, TILE))
        self._consider(frame, time, self._tiles[-1])
        if len(self._tiles) == 2 * TILES:
            self._tiles = self._tiles[::2]
            self._every *= 2
        self._next = max(self._next + self._every, time)

    def _consider(self, frame: av.VideoFrame, time: float, tile: Image.Image) -> None:
        """Keep the sheet's richest picture (by entropy of its tones) large, as the still to show with the film."""
        richness = tile.convert("L").entropy()
        if self._poster is None or richness > self._poster[0]:
            self._poster = richness, time, self._picture(frame, POSTER)

    def still(self, frame: av.VideoFrame, about: str, time: float) -> None:
        """Write this frame as the evidence of a fault; the first forty of a film."""
        if len(self.stills) < MOST_STILLS:
            name = f"{about}-{len(self.stills) + 1:02}.jpg"
            self._picture(frame, STILL).save(self._folder / name, quality=QUALITY)
            self.stills.append(Still(name, about, round(time, 3)))

    def finish(self) -> list[Still]:
        """Write the contact sheet and hand over everything that was written."""
        if self._tiles:
            step = len(self._tiles) / min(TILES, len(self._tiles))
            tiles = [self._tiles[int(step * n)] for n in range(min(TILES, len(self._tiles)))]
            width, height = tiles[0].size
            rows = -(-len(tiles) // COLUMNS)
            sheet = Image.new("RGB", (min(COLUMNS, len(tiles)) * width, rows * height))
            for n, tile in enumerate(tiles):
                sheet.paste(tile.resize((width, height)), (n % COLUMNS * width, n // COLUMNS * height))
            sheet.save(self._folder / "sheet.jpg", quality=QUALITY)
            self.stills.append(Still("sheet.jpg", "sheet"))
        if self._poster:
            _richness, time, picture = self._poster
            picture.save(self._folder / "poster.jpg", quality=QUALITY)
            self.stills.append(Still("poster.jpg", "poster", round(time, 3)))
        return self.stills

    def _picture(self, frame: av.VideoFrame, box: tuple[int, int]) -> Image.Image:
        upright = shown_size(frame.width, frame.height, self._aspect, 0)
        scale = min(1.0, box[0] / max(upright))
        size = {"width": max(2, round(upright[0] * scale)), "height": max(2, round(upright[1] * scale))}
        small = frame.to_image(**size)  # type: ignore[no-untyped-call]
        assert isinstance(small, Image.Image)
        return small.rotate(self._rotation, expand=True) if self._rotation else small
