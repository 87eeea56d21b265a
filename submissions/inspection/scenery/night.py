"""Looks of the night: city lights in the rain, and sky lanterns over a lake."""

import numpy as np
from PIL import Image as Pictures
from PIL import ImageFilter

from .brushes import Image, colour, fractal, glow, gradient, grid, over, ridge, stamp, window

_CITIES = (
    # sky from top to street, near houses, windows, neon
    (
        ("#141a3c", "#322f66", "#8a4478"),
        "#12142a",
        ("#ffd08a", "#ffb35c", "#9fd8ff"),
        ("#ff3f7f", "#35e0d0", "#ffb020"),
    ),
    (
        ("#0a2730", "#154a56", "#35887f"),
        "#08191f",
        ("#ffe6a8", "#c8fff0", "#ffcf7d"),
        ("#ff6a3d", "#7dffcf", "#f7e04b"),
    ),
    (
        ("#241224", "#542036", "#b04c36"),
        "#1c0d16",
        ("#ffdca0", "#ffc06b", "#ffd9d0"),
        ("#ff3b30", "#ffd23f", "#5ac8fa"),
    ),
)
_LAKES = (
    # sky from top to horizon, hills, lantern core, lantern light
    (("#0c1233", "#2b2a5c", "#c7685e"), "#0d0f24", "#fff1c4", "#ff9a3c"),
    (("#08202b", "#1c4f5a", "#e0a36a"), "#06161d", "#fff3d0", "#ffa94a"),
    (("#1a0c2b", "#52286b", "#e5788a"), "#120a20", "#ffe9d0", "#ff8f5a"),
)


class CityRain:
    """Houses with lit windows and neon, their trembling reflection, rain and passing lights."""

    def __init__(self, rng: np.random.Generator, width: int, height: int, mood: int, shot: int) -> None:
        sky, near, windows, neon = _CITIES[mood % len(_CITIES)]
        self.width, self.height, self.shot = width, height, shot
        self.street = int(height * (0.66, 0.78, 0.54)[shot % 3])
        strip = int(width * 1.7)
        self.sky = np.repeat(gradient(self.street, [(0, sky[0]), (0.5, sky[1]), (1, sky[2])]), width, 1)
        scale = (1.0, 1.6, 0.75)[shot % 3]
        haze = colour(sky[1]) * 0.75
        self.layers = []
        for depth in (0.0, 0.5, 1.0):
            tone = haze + (colour(near) - haze) * depth
            block = self._houses(rng, strip, tone, depth, scale, windows, neon)
            self.layers.append((*block, 4 + 20 * depth))
        self.rain = self._drops(rng, height, width)
        self.rows = np.arange(height - self.street)
        self.columns = np.arange(width)
        self.fade = (0.75 - 0.45 * self.rows / max(1, len(self.rows)))[:, None, None].astype(np.float32)
        self.lights = [(rng.random(4), colour(windows[i % 3] if i % 3 else neon[i % 2])) for i in range(9)]
        self.bokeh = glow(height * 0.05, hard=0.8)
        self.beam = glow(height * 0.045, hard=0.1)
        self.direction = 1 if shot % 2 == 0 else -1

    def _houses(
        self,
        rng: np.random.Generator,
        strip: int,
        tone: Image,
        depth: float,
        scale: float,
        windows: tuple[str, ...],
        neon: tuple[str, ...],
    ) -> tuple[Image, Image]:
        """One row of houses as colour and alpha (street rows, strip)."""
        rows = self.street
        picture = np.zeros((rows, strip, 3), np.float32)
        alpha = np.zeros((rows, strip), np.float32)
        light = np.zeros((rows, strip, 3), np.float32)
        cell = max(3, int(self.height * 0.016 * scale * (0.6 + 0.5 * depth)))
        left = 0
        while left < strip:
            across = int(self.height * scale * rng.uniform(0.09, 0.2) * (0.8 + 0.5 * depth))
            tall = int(rows * min(0.93, rng.uniform(0.28, 0.72) * (1.2 - 0.45 * depth) * scale**0.3))
            top, right = rows - tall, min(strip, left + across)
            alpha[top:, left:right] = 1
            picture[top:, left:right] = tone * rng.uniform(0.85, 1.15)
            for row in range(top + cell, rows - cell, cell * 2):
                for column in range(left + cell, right - cell, cell * 2):
                    if rng.random() < 0.3 + 0.12 * depth:
                        lamp = colour(windows[int(rng.integers(3))]) * rng.uniform(0.25, 0.95)
                        light[row : row + cell, column : column + cell - 1] = lamp * (0.45 + 0.55 * depth)
            if rng.random() < 0.3 + 0.2 * depth and right - left > cell * 6:
                sign = left + int(rng.uniform(0.2, 0.7) * (right - left))
                high = int(rng.uniform(6, 12)) * cell
                at = top + cell * 2
                light[at : at + high, sign : sign + cell * 2] = 0
                for row in range(at, min(at + high, rows - cell), cell * 2):
                    light[row : row + cell + 1, sign : sign + cell * 2] = colour(neon[int(rng.integers(2))])
            left += across + int(rng.integers(0, max(2, cell * 2)))
        lamps = Pictures.fromarray((light * 255).astype(np.uint8))
        halo = np.asarray(lamps.filter(ImageFilter.GaussianBlur(self.height * 0.018)), np.float32) / 255
        picture += light + halo * 1.1
        return picture, alpha

    @staticmethod
    def _drops(rng: np.random.Generator, height: int, width: int) -> Image:
        """Slanting streaks of rain on a wrapping sheet twice as high as the picture."""
        sheet = np.zeros((height * 2, width), np.float32)
        for _ in range(int(width * 0.9)):
            x, y = int(rng.integers(width)), int(rng.integers(height * 2))
            length = int(height * rng.uniform(0.03, 0.1))
            rows = np.arange(length)
            fade = np.sin(np.pi * (rows + 1) / (length + 1)) * rng.uniform(0.06, 0.3)
            np.maximum.at(sheet, ((y + rows) % (height * 2), (x - rows // 7) % width), fade)
        return sheet

    def frame(self, t: float) -> Image:
        picture = np.empty((self.height, self.width, 3), np.float32)
        above = picture[: self.street]
        above[:] = self.sky
        for houses, alpha, speed in self.layers:
            left = 30 + self.direction * speed * t * self.height / 360
            mask = window(alpha, left, self.width)[..., None]
            above *= 1 - mask
            above += window(houses, left, self.width) * mask
        for i, (spot, tone) in enumerate(self.lights[:6]):
            way = 1 if i % 2 else -1
            x = ((spot[0] + way * (0.08 + 0.12 * spot[1]) * t) % 1.3 - 0.15) * self.width
            stamp(above, self.beam * 0.8, tone, x, self.street - self.height * 0.012 * (1 + i % 2), add=True)
        tremble = np.sin(self.rows * 0.9 + t * 7) + np.sin(self.rows * 0.37 - t * 4.3)
        shift = (tremble * (0.6 + self.rows * 0.045)).astype(int)
        source = np.clip(self.street - 1 - (self.rows * 1.15).astype(int), 0, None)
        columns = np.clip(self.columns[None, :] + shift[:, None], 0, self.width - 1)
        picture[self.street :] = picture[source[:, None], columns] * self.fade + self.sky[0, 0] * 0.35
        falling = int(t * self.height * 1.9) % (self.height * 2)
        rows = (np.arange(self.height) - falling) % (self.height * 2)
        picture += self.rain[rows][..., None] * np.float32(0.9)
        if self.shot % 3 == 1:
            for spot, tone in self.lights:
                x = (spot[2] + self.direction * 0.03 * t) % 1.1 * self.width
                stamp(
                    picture,
                    self.bokeh * np.float32(0.2 + 0.2 * spot[1]),
                    tone,
                    x,
                    spot[3] * self.height,
                    add=True,
                )
        return picture


class Lanterns:
    """Paper lanterns that rise over a lake and its hills."""

    def __init__(self, rng: np.random.Generator, width: int, height: int, mood: int, shot: int) -> None:
        sky, hill, core, light = _LAKES[mood % len(_LAKES)]
        self.width, self.height = width, height
        self.edge = int(height * (0.74, 0.86, 0.62)[shot % 3])
        self.sky = np.repeat(gradient(self.edge, [(0, sky[0]), (0.55, sky[1]), (1, sky[2])]), width, 1)
        self.clouds = np.clip(fractal(rng, self.edge, width * 2, slope=2.3, coarsest=0.5) * 2 - 0.9, 0, 1)
        self.cloud_tone = colour(sky[2])
        self.hill = colour(hill)
        self.lines = [ridge(rng, width * 2, waves=w) for w in (4, 7)]
        self.core, self.light = colour(core), colour(light)
        count = (46, 16, 60)[shot % 3]
        closeness = (1.25, 2.3, 0.85)[shot % 3]
        self.flock = sorted(
            ((float(rng.random()) ** 2, *rng.random(4).tolist()) for _ in range(count)),
            key=lambda one: one[0],
        )
        self.sprites = {i: self._lantern(height * closeness * (0.014 + 0.046 * i / 5)) for i in range(6)}
        self.rows = np.arange(height - self.edge)
        self.x, _ = grid(width, height)

    def _lantern(self, size: float) -> tuple[Image, Image, Image]:
        """Halo, body and flame masks of a lantern `size` pixels high."""
        side = max(4, int(size))
        rows, columns = np.mgrid[0:side, 0:side].astype(np.float32) / side - 0.5
        waist = 0.36 - 0.16 * (rows + 0.5) ** 2
        body = np.clip((waist - np.abs(columns)) * side * 0.7, 0, 1) * np.clip(
            (0.48 - np.abs(rows)) * side * 0.7, 0, 1
        )
        flame = np.exp(-(columns**2 * 26 + (rows - 0.22) ** 2 * 14)) * body
        return glow(size * 2.4) * np.float32(0.3), body.astype(np.float32), flame.astype(np.float32)

    def frame(self, t: float) -> Image:
        picture = np.empty((self.height, self.width, 3), np.float32)
        above = picture[: self.edge]
        above[:] = self.sky
        over(above, self.cloud_tone, 0.35 * window(self.clouds, 34 * t, self.width))
        y = np.arange(self.edge, dtype=np.float32)[:, None]
        for line, reach, speed, tone in zip(self.lines, (0.24, 0.12), (10, 20), (0.45, 0.0), strict=True):
            top = self.edge - window(line[None, :], speed * t, self.width) * reach * self.height - 3
            over(above, self.hill + tone * (self.sky[-1, 0] - self.hill) * 0.6, np.clip(y - top, 0, 1))
        for near, x, start, sway, flicker in self.flock:
            rise = (start + t * (0.03 + 0.1 * near)) % 1.25
            px = (x + 0.012 * np.sin(t * 1.2 + sway * 7)) * self.width + t * 6 * (near - 0.3)
            py = self.edge - rise * self.edge * 1.15 - 4
            strength = np.float32(
                (0.75 + 0.25 * np.sin(t * 9 * (0.5 + flicker) + sway * 6)) * (0.55 + 0.45 * near)
            )
            halo, body, flame = self.sprites[min(5, int(near * 6))]
            stamp(above, halo * strength, self.light, px, py, add=True)
            stamp(above, body * 0.9, self.light * (0.72 + 0.2 * strength), px, py)
            stamp(above, flame * strength, self.core - self.light * 0.5, px, py, add=True)
        shift = (
            (np.sin(self.rows * 0.7 + t * 5) + np.sin(self.rows * 0.31 - t * 3)) * (1 + self.rows * 0.03)
        ).astype(int)
        source = np.clip(self.edge - 1 - (self.rows * 1.6).astype(int), 0, None)
        columns = np.clip(np.arange(self.width)[None, :] + shift[:, None], 0, self.width - 1)
        mirror = picture[source[:, None], columns]
        picture[self.edge :] = mirror * 0.62 + self.hill * 0.25
        return picture
