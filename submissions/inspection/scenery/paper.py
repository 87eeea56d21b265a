"""A look on paper: a brush writes abstract strokes, a seal follows, petals fall."""

import numpy as np

from .brushes import Image, colour, fractal, grid, over, smooth, stamp, window

_SHEETS = (
    # paper, ink, seal, petals
    ("#f3ead6", "#16161a", "#c1301f", "#e58a86"),
    ("#e9e6dc", "#1b2b3f", "#b8362b", "#d8a24a"),
    ("#2a3340", "#efe6d2", "#c94a35", "#e0b36a"),
    ("#dfe8e2", "#17352f", "#b5362a", "#f0b0a8"),
)


class Strokes:
    """Brush strokes that are being written while the sheet drifts slowly past."""

    def __init__(self, rng: np.random.Generator, width: int, height: int, mood: int, shot: int) -> None:
        paper, ink, seal, petals = _SHEETS[mood % len(_SHEETS)]
        self.width, self.height = width, height
        self.sheet_width = int(width * 1.25)
        fibre = fractal(rng, height, self.sheet_width, slope=0.9, coarsest=0.3)
        stain = fractal(rng, height, self.sheet_width, slope=2.0)
        base = colour(paper) * (0.93 + 0.1 * fibre + 0.07 * (stain - 0.5))[..., None]
        self.paper = np.clip(base, 0, 1).astype(np.float32)
        self.brush, self.seal_tone, self.petal_tone = colour(ink), colour(seal), colour(petals)
        self.density = np.zeros((height, self.sheet_width), np.float32)
        self.moment = np.full((height, self.sheet_width), 1e3, np.float32)
        self.clock = -0.5
        for _ in range((4, 2, 6)[shot % 3]):
            self._write(rng, (1.0, 2.1, 0.65)[shot % 3])
        self.density *= 0.82 + 0.18 * fibre
        self.seal = self._carve(rng, int(height * 0.11))
        self.seal_at = (
            float(rng.uniform(0.66, 0.76)) * self.sheet_width,
            height * float(rng.uniform(0.66, 0.8)),
        )
        self.petals = rng.random((14, 5))
        self.x, self.y = grid(width, height)
        self.direction = 1 if shot % 2 == 0 else -1

    def _write(self, rng: np.random.Generator, weight: float) -> None:
        """One stroke: pressed in, thinned, dry at its end. Fills the density and the moment it is written."""
        h, w = self.height, self.sheet_width
        start = np.array([rng.uniform(0.15, 0.5) * w, rng.uniform(0.2, 0.65) * h])
        heading = rng.uniform(-0.6, 1.2)
        points = [start]
        for _ in range(5):
            heading += rng.uniform(-0.9, 0.9)
            step = np.array([np.cos(heading), np.sin(heading)]) * h * rng.uniform(0.1, 0.22)
            points.append(points[-1] + step)
        steps = 150
        along = np.linspace(0, len(points) - 1, steps)
        line = np.stack([_spline(np.array(points)[:, axis], along) for axis in (0, 1)], 1)
        line[:, 0] = np.clip(line[:, 0], w * 0.06, w * 0.94)
        line[:, 1] = np.clip(line[:, 1], h * 0.1, h * 0.9)
        thickness = h * weight * rng.uniform(0.025, 0.05)
        pressure = 0.45 + 0.55 * np.abs(np.cos(np.linspace(0, rng.uniform(4, 7), steps)))
        pressure *= np.minimum(1, np.linspace(0, 14, steps) + 0.45) * np.minimum(
            1, np.linspace(5, 0.12, steps)
        )
        bristles = rng.random(96).astype(np.float32)
        bristles = np.convolve(bristles, [0.25, 0.5, 0.25], "same").astype(np.float32)
        duration = 0.9 + 0.5 * rng.random()
        direction = np.gradient(line, axis=0)
        direction /= np.maximum(np.linalg.norm(direction, axis=1, keepdims=True), 1e-6)
        for i in range(steps):
            (x, y), r = line[i], thickness * pressure[i]
            reach = int(r) + 2
            r0, r1, c0, c1 = int(y) - reach, int(y) + reach + 1, int(x) - reach, int(x) + reach + 1
            r0, c0 = max(r0, 0), max(c0, 0)
            dy = (np.arange(r0, min(r1, h)) - y)[:, None]
            dx = (np.arange(c0, min(c1, w)) - x)[None, :]
            edge = np.clip(r - np.sqrt(dx * dx + dy * dy) + 0.5, 0, 1)
            across = (dx * -direction[i, 1] + dy * direction[i, 0]) / max(r, 1)
            dry = max(0.0, i / steps - 0.35) * 1.35
            hair = bristles[np.clip((across + 1) * 47, 0, 95).astype(int)]
            wet = edge * np.clip(1.12 - dry * hair * 1.9, 0, 1)
            part = (slice(r0, min(r1, h)), slice(c0, min(c1, w)))
            fresh = wet > self.density[part]
            self.moment[part] = np.where(
                fresh & (self.density[part] < 0.25), self.clock + duration * i / steps, self.moment[part]
            )
            self.density[part] = np.maximum(self.density[part], wet)
        self.clock += duration * 0.8

    @staticmethod
    def _carve(rng: np.random.Generator, side: int) -> Image:
        """A square seal with signs that belong to no script."""
        block = np.ones((side, side), np.float32)
        rim = max(1, side // 14)
        block[rim * 2 : -rim * 2, rim * 2 : -rim * 2] = 0.0
        cells = rng.random((7, 7)) > 0.45
        cells[::2] |= rng.random((4, 7)) > 0.4
        inside = side - rim * 6
        rows = np.clip(np.arange(inside) * 7 // inside, 0, 6)
        block[rim * 3 : rim * 3 + inside, rim * 3 : rim * 3 + inside] = cells[rows][:, rows]
        worn = fractal(rng, side, side, slope=0.9)
        return block * smooth(0.18, 0.3, worn)

    def frame(self, t: float) -> Image:
        left = (0.08 + self.direction * 0.05 if self.direction < 0 else 0.02) * self.sheet_width
        left += self.direction * 0.03 * self.width * t
        written = self.density * smooth(0.0, 0.12, np.float32(t) - self.moment).astype(np.float32)
        picture = window(self.paper, left, self.width)
        over(picture, self.brush, np.clip(window(written, left, self.width), 0, 1) * 0.95)
        if t > 1.4:
            x, y = self.seal_at
            stamp(picture, self.seal * np.float32(min(1, (t - 1.4) * 5) * 0.9), self.seal_tone, x - left, y)
        for x, y, size, phase, speed in self.petals:
            px = ((x + 0.05 * np.sin(t * 1.4 + phase * 7) + 0.04 * t) % 1.1 - 0.05) * self.width
            py = ((y + t * (0.07 + 0.09 * speed)) % 1.15 - 0.07) * self.height
            stamp(
                picture,
                _petal(self.height * (0.012 + 0.016 * size), t * 2.2 + phase * 6),
                self.petal_tone,
                px,
                py,
            )
        light = 0.96 + 0.06 * np.cos((self.x - 0.3 * np.sin(t * 0.5)) * 2.2) * np.cos((self.y - 0.4) * 2)
        lit: Image = picture * light[..., None]
        return lit.astype(np.float32)


def _spline(values: Image, at: Image) -> Image:
    """A smooth curve through the values (Catmull-Rom), read at fractional places."""
    i = np.clip(at.astype(int), 0, len(values) - 2)
    f = at - i
    a, b = values[np.maximum(i - 1, 0)], values[i]
    c, d = values[i + 1], values[np.minimum(i + 2, len(values) - 1)]
    curve: Image = 0.5 * (
        2 * b + (c - a) * f + (2 * a - 5 * b + 4 * c - d) * f**2 + (3 * b - a - 3 * c + d) * f**3
    )
    return curve


def _petal(size: float, turn: float) -> Image:
    """A petal as an ellipse that turns in the air."""
    reach = int(size) + 2
    side = np.arange(-reach, reach + 1, dtype=np.float32)
    x = side[None, :] * np.cos(turn) + side[:, None] * np.sin(turn)
    y = side[:, None] * np.cos(turn) - side[None, :] * np.sin(turn)
    thin = 0.35 + 0.3 * abs(np.sin(turn * 1.7))
    distance = np.sqrt(x * x + (y / thin) ** 2)
    mask: Image = np.clip((size - distance) * thin + 0.5, 0, 0.85)
    return mask
