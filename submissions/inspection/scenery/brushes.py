"""The drawing tools that every look shares: noise, gradients, ridges, glows and moving sprites.

Pictures are float arrays (height, width, 3) in 0..1, gamma-encoded as they will be shown.
Positions are fractions of a pixel, so that slow movement stays smooth when the picture is enlarged.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

type Image = NDArray[np.floating[Any]]


def colour(code: str) -> Image:
    """'#rrggbb' as three floats."""
    return np.array([int(code[i : i + 2], 16) / 255 for i in (1, 3, 5)], np.float32)


def grid(width: int, height: int) -> tuple[Image, Image]:
    """x as a row in -aspect/2..aspect/2 and y as a column in 0..1 (top to bottom)."""
    x = (np.arange(width, dtype=np.float32) + 0.5 - width / 2) / height
    y = (np.arange(height, dtype=np.float32) + 0.5) / height
    return x[None, :], y[:, None]


def smooth(low: float, high: float, value: Image) -> Image:
    """0 below `low`, 1 above `high`, with a soft passage between."""
    step: Image = np.clip((value - low) / (high - low), 0, 1)
    passage: Image = step * step * (3 - 2 * step)
    return passage


def gradient(height: int, stops: Sequence[tuple[float, str]]) -> Image:
    """A vertical gradient (height, 1, 3) through colours at positions 0 (top) to 1 (bottom)."""
    at = (np.arange(height) + 0.5) / height
    places = [place for place, _ in stops]
    codes = np.array([colour(code) for _, code in stops])
    return np.stack([np.interp(at, places, codes[:, c]) for c in range(3)], 1)[:, None].astype(np.float32)


def palette(stops: Sequence[tuple[float, str]], steps: int = 256) -> Image:
    """The same gradient as a look-up table (steps, 3)."""
    return gradient(steps, stops)[:, 0]


def fractal(
    rng: np.random.Generator,
    height: int,
    width: int,
    slope: float = 1.6,
    coarsest: float = 1.0,
    stretch: float = 1.0,
) -> Image:
    """Cloudy noise in 0..1 that wraps around at its edges.

    `slope` is the fall of amplitude with frequency (higher is softer); `coarsest` leaves out waves
    longer than that share of the height; `stretch` draws it out sideways.
    """
    fy = np.fft.fftfreq(height)[:, None]
    fx = np.fft.rfftfreq(width)[None, :] * stretch
    radius = np.sqrt(fx * fx + fy * fy)
    radius[0, 0] = np.inf
    spectrum = radius**-slope * np.exp(2j * np.pi * rng.random(radius.shape))
    spectrum[radius < 0.9 / (coarsest * height)] = 0
    noise = np.fft.irfft2(spectrum, (height, width))
    return np.clip(0.5 + noise / (4.4 * noise.std()), 0, 1).astype(np.float32)


def ridge(rng: np.random.Generator, points: int, slope: float = 1.1, waves: int = 4) -> Image:
    """A skyline in 0..1 that wraps around; `waves` is about how many summits it has."""
    frequency = np.arange(points // 2 + 1, dtype=float)
    frequency[0] = np.inf
    spectrum = np.maximum(frequency, waves) ** -slope * np.exp(2j * np.pi * rng.random(frequency.size))
    spectrum[frequency < waves * 0.6] *= 0.3
    line = np.fft.irfft(spectrum, points)
    line -= line.min()
    skyline: Image = line / line.max()
    return skyline.astype(np.float32)


def window(strip: Image, left: float, width: int) -> Image:
    """`width` columns of a wrapping strip, from a fractional column `left` on."""
    whole = int(np.floor(left))
    part = np.float32(left - whole)
    columns = (whole + np.arange(width + 1)) % strip.shape[1]
    cut = strip[:, columns]
    result: Image = cut[:, :-1] * (1 - part) + cut[:, 1:] * part
    return result


def over(base: Image, paint: Image, alpha: Image) -> None:
    """Lays `paint` over `base` in place; alpha is (height, width)."""
    base += alpha[..., None] * (paint - base)


def glow(radius: float, hard: float = 0.0) -> Image:
    """A round light as a square of `2*radius` pixels: `hard` is the share of the radius that is full."""
    side = np.arange(-int(radius), int(radius) + 1, dtype=np.float32)
    distance = np.sqrt(side[:, None] ** 2 + side[None, :] ** 2) / max(radius, 1)
    soft = np.clip((1 - distance) / (1 - hard), 0, 1)
    return (soft * soft).astype(np.float32)


def stamp(base: Image, mask: Image, paint: Image, x: float, y: float, *, add: bool = False) -> None:
    """Puts `paint` through `mask` with its middle at pixel (x, y), in place; `add` makes it light."""
    top, left = y - mask.shape[0] / 2, x - mask.shape[1] / 2
    row, column = int(np.floor(top)), int(np.floor(left))
    fy, fx = np.float32(top - row), np.float32(left - column)
    wide = np.zeros((mask.shape[0] + 1, mask.shape[1] + 1), np.float32)
    wide[:-1, :-1] += mask * ((1 - fy) * (1 - fx))
    wide[1:, :-1] += mask * (fy * (1 - fx))
    wide[:-1, 1:] += mask * ((1 - fy) * fx)
    wide[1:, 1:] += mask * (fy * fx)
    r0, c0 = max(row, 0), max(column, 0)
    r1, c1 = min(row + wide.shape[0], base.shape[0]), min(column + wide.shape[1], base.shape[1])
    if r0 >= r1 or c0 >= c1:
        return
    part = wide[r0 - row : r1 - row, c0 - column : c1 - column]
    target = base[r0:r1, c0:c1]
    if add:
        target += part[..., None] * paint
    else:
        over(target, paint, part)


def pick[T](rng: np.random.Generator, choices: Sequence[T]) -> T:
    """One of the choices."""
    return choices[int(rng.integers(len(choices)))]
