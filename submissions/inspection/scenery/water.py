"""Looks of water: the sea under a moon, and ink that drifts and mixes."""

import numpy as np

from .brushes import Image, colour, fractal, glow, gradient, grid, over, palette, pick, smooth, stamp, window

_SEAS = (
    # sky from top to horizon, moon, deep water, crest
    (("#0a1230", "#1d3461", "#5b7aa6"), "#fdf3d7", "#07142c", "#4f78a6"),
    (("#160f2e", "#46305f", "#b8737a"), "#ffdfb8", "#130f2a", "#8d5f7f"),
    (("#062b33", "#0f5560", "#6fb0a6"), "#f5ffe9", "#04212a", "#4f9a98"),
)
_INKS = (
    # from clear water to thick ink, and the specks that float in it
    ([(0, "#f4ecdc"), (0.35, "#dfd3bd"), (0.6, "#7d8a94"), (0.8, "#2c3e50"), (1, "#0d141c")], "#c8402c"),
    ([(0, "#071a2b"), (0.35, "#0d3b58"), (0.62, "#1f8a8c"), (0.82, "#f0b75b"), (1, "#fff0c9")], "#ffe2a0"),
    ([(0, "#1b0d22"), (0.35, "#4b1640"), (0.6, "#b02e4c"), (0.8, "#f08a4b"), (1, "#ffe3b3")], "#ffd9a0"),
    ([(0, "#eef1ea"), (0.4, "#c9d8cf"), (0.65, "#5f9486"), (0.85, "#1f4f4c"), (1, "#0b2327")], "#b98a2f"),
)


class Ocean:
    """Long waves, a moon and its road of light, a small boat."""

    def __init__(self, rng: np.random.Generator, width: int, height: int, mood: int, shot: int) -> None:
        sky, moon, deep, crest = _SEAS[mood % len(_SEAS)]
        self.x, self.y = grid(width, height)
        self.width, self.height = width, height
        self.horizon = (0.46, 0.3, 0.62)[shot % 3]
        self.edge = int(self.horizon * height)
        self.sky = np.repeat(gradient(height, [(0, sky[0]), (0.3, sky[1]), (0.62, sky[2])]), width, 1)[
            : self.edge
        ]
        self.moon, self.deep, self.crest = colour(moon), colour(deep), colour(crest)
        self.moon_radius = (0.07, 0.05, 0.13)[shot % 3]
        self.moon_x = float(rng.uniform(-0.22, 0.22)) * width / height
        self.moon_y = self.horizon * float(rng.uniform(0.4, 0.55))
        self.clouds = np.clip(
            fractal(rng, self.edge, width * 2, slope=2.1, coarsest=0.45, stretch=3.2) * 2 - 0.95, 0, 1
        )
        stars = rng.random((self.edge, width))
        self.stars = np.where(stars > 0.9988, stars * 0.8, 0).astype(np.float32)
        self.twinkle = rng.random((self.edge, width)).astype(np.float32) * 6
        near = np.clip((self.y[self.edge :] - self.horizon) / (1 - self.horizon), 1e-3, 1)
        self.near = near
        far = 1 / (near + 0.07)
        self.waves = []
        for k, speed in ((2.4, 1.7), (4.3, 2.4), (7.9, 3.2), (13.0, 4.6), (21.0, 6.0)):
            turn = float(rng.uniform(-0.5, 0.5))
            phase = k * (far * 0.9 + turn * self.x * far * 1.4 + rng.random() * 9)
            # Waves shorter than two rows would only flicker.
            calm = np.clip(near * 7 / k**0.5, 0, 1)
            self.waves.append((phase.astype(np.float32), np.float32(speed), calm / k**0.55))
        self.glitter = fractal(rng, height - self.edge, width, slope=0.9, coarsest=0.06)
        self.boat = shot % 3 != 1
        self.boat_x = float(rng.uniform(-0.5, 0.3))

    def frame(self, t: float) -> Image:
        picture = np.empty((self.height, self.width, 3), np.float32)
        above, water = picture[: self.edge], picture[self.edge :]
        above[:] = self.sky
        moon_y = self.moon_y - 0.006 * t
        distance = np.sqrt((self.x - self.moon_x) ** 2 + (self.y[: self.edge] - moon_y) ** 2)
        shine = self.stars * (0.6 + 0.4 * np.sin(self.twinkle + 4 * t))
        above += (shine * np.clip(1 - self.y[: self.edge] / self.horizon, 0, 1))[..., None]
        above += (0.38 * np.exp(-distance * 4.5))[..., None] * self.moon
        over(above, self.moon, np.clip((self.moon_radius - distance) * self.height, 0, 1))
        cloud = window(self.clouds, 16 * t, self.width)
        lit = 0.25 + 0.6 * np.exp(-distance * 3.5)
        over(above, self.moon * 0.8, cloud * lit * 0.6)
        swell = sum(size * np.sin(phase - speed * t) for phase, speed, size in self.waves)
        swell = np.asarray(swell, np.float32)
        tone = np.clip(0.34 + 0.3 * swell, 0, 1) * (0.35 + 0.65 * np.exp(-self.near * 1.1))
        water[:] = self.deep + tone[..., None] * (self.crest - self.deep)
        water += ((1 - self.near) ** 6 * 0.5)[..., None] * (self.sky[-1] - water)
        road = np.exp(-(((self.x - self.moon_x) / (0.05 + 0.3 * self.near)) ** 2))
        spark = smooth(0.05, 1.0, swell + 1.6 * (window(self.glitter, 22 * t, self.width) - 0.42))
        water += (road * spark * (0.85 - 0.35 * self.near))[..., None] * self.moon
        if self.boat:
            self._sail(picture, t)
        return picture

    def _sail(self, picture: Image, t: float) -> None:
        """A boat with one sail on the horizon."""
        size = int(self.height * 0.085)
        rows, columns = np.mgrid[0:size, 0:size].astype(np.float32) / size - 0.5
        hull = np.clip((0.42 - np.abs(columns) - (rows - 0.28) * 1.2) * 9, 0, 1) * smooth(0.26, 0.3, rows)
        sail = np.clip((0.3 - np.abs(columns - 0.02) - (0.2 - rows) * 0.42) * 12, 0, 1) * smooth(
            0.24, 0.2, rows
        )
        mask = np.clip(np.maximum(hull, sail) * smooth(0.46, 0.42, rows), 0, 1)
        x = (self.boat_x + 0.05 * t) * self.height + self.width / 2
        y = self.edge - size * 0.3 + 1.5 * np.sin(t * 1.6)
        stamp(picture, mask, self.deep * 0.6, x, y)


class Ink:
    """Ink that drifts in water and folds into itself, with specks of gold or cinnabar."""

    def __init__(self, rng: np.random.Generator, width: int, height: int, mood: int, shot: int) -> None:
        stops, speck = _INKS[mood % len(_INKS)]
        self.width, self.height = width, height
        self.table = palette(stops, 512)
        closeness = (1.0, 0.75, 1.5)[shot % 3]
        self.cloud = fractal(rng, height, width, slope=1.9, coarsest=0.7 * closeness)
        self.fold = fractal(rng, height, width, slope=2.2, coarsest=0.9 * closeness)
        self.twist = fractal(rng, height, width, slope=2.2, coarsest=0.9 * closeness)
        self.fine = fractal(rng, height, width, slope=1.6, coarsest=0.25)
        self.rows, self.columns = np.mgrid[0:height, 0:width].astype(np.float32)
        x, y = grid(width, height)
        self.depth = (0.14 * np.cos((x - float(rng.uniform(-0.3, 0.3))) * 3) * np.cos((y - 0.5) * 3)).astype(
            np.float32
        )
        self.specks = rng.random((36, 5))
        self.speck = colour(speck)
        self.mark = glow(max(1.6, height * 0.008), hard=0.3)
        self.direction = pick(rng, (-1, 1))

    def frame(self, t: float) -> Image:
        h, w = self.height, self.width
        drift = self.direction * 0.03 * h * t
        fold = np.roll(self.fold, (int(drift * 0.7), int(drift)), (0, 1))
        reach = h * (0.4 + 0.03 * t)
        rows = (self.rows + (fold - 0.5) * reach + drift * 0.4) % h
        columns = (self.columns + (self.twist - 0.5) * reach * 1.2 - drift) % w
        at = rows.astype(np.int32) % h, columns.astype(np.int32) % w
        value = self.cloud[at] * 0.78 + self.fine[at] * 0.22 + self.depth
        picture: Image = self.table[np.clip((value * 1.7 - 0.38) * 511, 0, 511).astype(np.int32)]
        for x, y, size, phase, speed in self.specks:
            px = (x * w + 18 * np.sin(t * (0.5 + speed) + phase * 6) + drift * 0.6) % w
            py = (y * h - t * h * (0.02 + 0.06 * speed)) % h
            bright = 0.35 + 0.65 * abs(np.sin(t * 1.3 + phase * 9))
            stamp(picture, self.mark * np.float32(bright * (0.4 + 0.6 * size)), self.speck, px, py)
        return picture
