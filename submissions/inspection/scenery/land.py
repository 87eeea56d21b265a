"""Looks by daylight: paper-cut mountains with a wandering sun, and a kite over rice terraces."""

import numpy as np
from PIL import Image as Pictures
from PIL import ImageDraw

from .brushes import Image, colour, fractal, glow, gradient, grid, over, ridge, smooth, stamp, window

_MOUNTAINS = (
    # sky from top to horizon, sun, farthest ridge, nearest ridge
    (("#f6c88f", "#f7dfb8", "#fbeedb"), "#e2502f", "#e9b58a", "#3b2233"),
    (("#22406b", "#7fa3b8", "#f3d9b4"), "#fff3d6", "#a9bdc0", "#12283a"),
    (("#5a3b6e", "#d0727a", "#f8c48a"), "#ffe3a3", "#c98089", "#241433"),
    (("#cfe3dc", "#e6efe4", "#faf5e6"), "#d9573f", "#b9d3c4", "#1d4a46"),
)
_TERRACES = (
    # sky from top to horizon, water, young rice, ripe rice, far hills, kite
    (("#7fb7d6", "#bfe0e6", "#f5efd8"), "#cfe6e4", "#7fae52", "#2f6b3f", "#8fb0ae", "#d9412f"),
    (("#f0a35c", "#f6c98a", "#fbe8c6"), "#f8dcae", "#b5a24a", "#5d6a2f", "#c9a587", "#2b5f8f"),
    (("#8a9fd0", "#c6c3dd", "#f6dccb"), "#e9d5da", "#6f9a72", "#2f5a56", "#a9a3c2", "#e8b23a"),
)


class Mountains:
    """Paper-cut ridges that pass at different speeds, mist between them, a sun that wanders."""

    def __init__(self, rng: np.random.Generator, width: int, height: int, mood: int, shot: int) -> None:
        sky, sun, far, near = _MOUNTAINS[mood % len(_MOUNTAINS)]
        self.x, self.y = grid(width, height)
        self.width, self.height = width, height
        self.sky = np.repeat(gradient(height, [(0, sky[0]), (0.45, sky[1]), (0.8, sky[2])]), width, 1)
        self.sun = colour(sun)
        self.sun_radius = float(rng.uniform(0.07, 0.12)) * (1.5 if shot % 3 == 1 else 1)
        self.sun_from = (float(rng.uniform(-0.25, 0.2)) * width / height, float(rng.uniform(0.22, 0.38)))
        count = 5 if shot % 3 != 1 else 4
        self.layers = []
        for depth in np.linspace(0, 1, count):
            tone = colour(far) * (1 - depth**0.8) + colour(near) * depth**0.8
            line = ridge(rng, 4096, slope=2.0 - 0.25 * depth, waves=int(9 - 4 * depth))
            reach = (0.28 + 0.1 * rng.random()) * (0.75 + 0.4 * depth)
            base = 0.56 + 0.36 * depth + (0.05 if shot % 3 == 2 else 0)
            # Mist gathers at the foot of each ridge, in the colour of the horizon.
            mist = 0.62 * smooth(base - 0.6 * reach, base + 0.1, self.y) * (1 - 0.75 * depth)
            tint = tone + mist[..., None] * (self.sky[-1, 0] - tone)
            paper = np.repeat(tint, width, 1)
            paper += fractal(rng, height, width, slope=0.4)[..., None] * 0.05 - 0.025
            self.layers.append((paper, line, reach, base, 30 + 330 * depth**1.5, rng.random() * 4096))
        self.sky += fractal(rng, height, width, slope=0.4)[..., None] * 0.05 - 0.025
        self.direction = 1 if shot % 2 == 0 else -1
        self.shadow = max(3, height // 45)

    def frame(self, t: float) -> Image:
        picture = self.sky.copy()
        sun_x = self.sun_from[0] + 0.025 * t * self.direction
        sun_y = self.sun_from[1] - 0.018 * t
        distance = np.sqrt((self.x - sun_x) ** 2 + (self.y - sun_y) ** 2)
        open_sky = int(self.height * 0.72)
        halo = 0.55 * np.exp(-((distance[:open_sky] / (self.sun_radius * 2.6)) ** 2))
        disc = np.clip((self.sun_radius - distance[:open_sky]) * self.height, 0, 1)
        over(picture[:open_sky], self.sun, np.maximum(halo, disc))
        columns = np.arange(self.width) * (1400 / self.height)
        for paper, line, reach, base, speed, start in self.layers:
            at = (columns + start + self.direction * speed * t) % 4096
            top = (base - reach * np.interp(at, np.arange(4096), line, period=4096)) * self.height
            first, last = max(0, int(top.min()) - self.shadow), min(self.height, int(top.max()) + 2)
            below = (np.arange(first, last)[:, None] - top).astype(np.float32)
            cover = np.clip(below + 0.5, 0, 1)[..., None]
            # What lies behind is darkened just above the edge, as by a sheet of paper in front of it.
            shade = np.clip(1 + below / self.shadow, 0, 1)
            part = picture[first:last]
            part *= (1 - cover) * (1 - 0.28 * shade * shade)[..., None]
            part += cover * paper[first:last]
            picture[last:] = paper[last:]
        return picture


class Terraces:
    """Rice terraces under a drifting sky; a kite with a long tail dances over them."""

    def __init__(self, rng: np.random.Generator, width: int, height: int, mood: int, shot: int) -> None:
        sky, water, young, ripe, hills, kite = _TERRACES[mood % len(_TERRACES)]
        self.width, self.height, self.shot = width, height, shot
        self.horizon = (0.46, 0.3, 0.58)[shot % 3]
        strip = int(width * 1.5)
        rows = height - int(self.horizon * height)
        self.sky = np.repeat(gradient(height, [(0, sky[0]), (0.4, sky[1]), (0.75, sky[2])]), width, 1)
        self.clouds = np.clip(fractal(rng, height, strip, slope=2.0, coarsest=0.5) * 2.0 - 0.95, 0, 1)
        self.cloud_light = colour("#ffffff")
        self.hills = [ridge(rng, strip, waves=w) for w in (5, 8)]
        self.hill_tones = [colour(hills), (colour(hills) + colour(ripe)) / 2]
        self.fields, self.shine = self._paint_fields(rng, rows, strip, (water, young, ripe))
        self.ripple = np.repeat(fractal(rng, rows, width // 6 + 1, slope=1.5, coarsest=0.15), 6, 1)
        self.kite = colour(kite)
        self.phase = float(rng.uniform(0, 6))
        self.direction = 1 if shot % 2 == 0 else -1

    @staticmethod
    def _paint_fields(
        rng: np.random.Generator, rows: int, strip: int, tones: tuple[str, str, str]
    ) -> tuple[Image, Image]:
        """Contour steps of a hilly ground, squeezed towards the horizon; and where water shines."""
        ground = fractal(rng, rows, strip // 3, slope=2.7, coarsest=1.2)
        nearness = (np.arange(rows) + 1) / rows
        depth = nearness**0.55 * (rows - 1)
        across = np.linspace(0, strip // 3, strip, endpoint=False)
        ground = _between(ground, depth, across)
        level = ground * 13 + (1 - nearness[:, None]) ** 1.5 * 16
        step = (level % 1).astype(np.float32)
        kind = np.floor(level).astype(int)
        choice = rng.random(64)[kind % 64]
        water, young, ripe = (colour(tone) for tone in tones)
        green = young + (ripe - young) * choice[..., None]
        flooded = (choice > 0.6).astype(np.float32) * smooth(0.1, 0.2, step)
        # A lit lip at the lower edge of every step, a shaded wall under it.
        lip = smooth(0.0, 0.1, step) * smooth(0.3, 0.12, step)
        wall = smooth(1.0, 0.86, step)
        picture = green + flooded[..., None] * (water - green)
        picture *= (0.6 + 0.4 * wall)[..., None]
        picture += (lip * 0.12)[..., None]
        rows_of_rice = 0.95 + 0.05 * np.sin(level * 44)
        picture *= (rows_of_rice + flooded * (1 - rows_of_rice))[..., None]
        bank = wall
        haze = ((1 - nearness) ** 2.2 * 0.75)[:, None, None]
        picture += haze * (water - picture)
        return picture.astype(np.float32), (flooded * bank * (1 - haze[..., 0])).astype(np.float32)

    def frame(self, t: float) -> Image:
        picture = self.sky.copy()
        move = self.direction * 0.035 * self.height * t
        over(picture, self.cloud_light, 0.8 * window(self.clouds, 40 + move * 1.3, self.width))
        edge = int(self.horizon * self.height)
        y = np.arange(self.height, dtype=np.float32)[:, None]
        for line, tone, reach, speed in zip(self.hills, self.hill_tones, (0.2, 0.1), (0.5, 0.8), strict=True):
            top = edge - window(line[None, :], 90 + move * speed, self.width) * reach * self.height
            over(picture[: edge + 2], tone, np.clip(y - top + 0.5, 0, 1)[: edge + 2])
        ground = window(self.fields, 60 + move * 1.8, self.width)
        shine = window(self.shine, 60 + move * 1.8, self.width)
        ripple = window(self.ripple, t * 26, self.width)
        ground += (shine * (ripple - 0.5) * 0.2)[..., None]
        picture[edge:] = ground[: self.height - edge]
        self._fly(picture, t)
        return picture

    def _fly(self, picture: Image, t: float) -> None:
        """The kite and its tail, drawn four times too large and scaled down for soft edges."""
        h, w = self.height, self.width
        size = h * (0.075, 0.13, 0.055)[self.shot % 3]
        a = t * 0.9 + self.phase
        x = w * (0.5 + 0.2 * np.sin(a * 0.8) + 0.05 * np.sin(a * 2.3))
        y = h * (0.24 + 0.07 * np.sin(a * 1.3))
        lean = 0.5 * np.sin(a * 1.7) + 0.4
        box = int(size * 5)
        card = Pictures.new("L", (box * 4, box * 4))
        draw = ImageDraw.Draw(card)
        c, unit = box * 2, size * 4

        def turn(px: float, py: float) -> tuple[float, float]:
            return (
                c + unit * (px * np.cos(lean) - py * np.sin(lean)),
                c + unit * (px * np.sin(lean) + py * np.cos(lean)),
            )

        draw.polygon([turn(0, -0.75), turn(0.52, -0.1), turn(0, 0.75), turn(-0.52, -0.1)], fill=255)
        draw.line([turn(0, -0.75), turn(0, 0.75)], fill=170, width=5)
        draw.line([turn(-0.52, -0.1), turn(0.52, -0.1)], fill=170, width=5)
        s = np.linspace(0, 1, 40)
        tail = [turn(0.16 * k * 2 * np.sin(7 * k - t * 6), 0.75 + 1.6 * k) for k in s]
        draw.line(tail, fill=235, width=max(3, int(unit * 0.035)))
        for k in (10, 20, 30, 39):
            draw.circle(tail[k], unit * 0.07, fill=255)
        mask = np.asarray(card.resize((box, box), Pictures.Resampling.BOX), np.float32) / 255
        stamp(picture, mask, self.kite, x, y)
        if self.shot % 3 == 0:
            stamp(picture, 0.25 * glow(h * 0.3), self.cloud_light, w * 0.8, h * 0.12, add=True)


def _between(field: Image, rows: Image, columns: Image) -> Image:
    """The field read at fractional rows and columns (bilinear, wrapping sideways)."""
    r0 = np.clip(np.floor(rows).astype(int), 0, field.shape[0] - 2)
    c0 = np.floor(columns).astype(int) % field.shape[1]
    c1 = (c0 + 1) % field.shape[1]
    fr, fc = (rows - r0)[:, None], (columns % field.shape[1] - c0)[None, :]
    upper = field[r0][:, c0] * (1 - fc) + field[r0][:, c1] * fc
    lower = field[r0 + 1][:, c0] * (1 - fc) + field[r0 + 1][:, c1] * fc
    result: Image = upper * (1 - fr) + lower * fr
    return result
