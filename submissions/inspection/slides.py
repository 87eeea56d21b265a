"""The share of a film that is stills, standing or only panned and zoomed: two moments fit by one affine warp."""

import numpy as np
from numpy.typing import NDArray

from submissions.inspection.sample import Sample

EVERY = 1.0  # seconds
WIDTH = 80
STEPS = 6
LEFT_OVER = 2.1  # levels of 255; the nine tenths of the picture that fit best differ by less
LEFT_SHARE = 0.3  # and by that much of what they differed before

Grey = NDArray[np.float32]


class SlideFinder:
    """Compares the picture once a second with itself a second ago."""

    def __init__(self) -> None:
        self._stretches: list[tuple[float, float]] = []
        self._next = 0.0
        self._last: tuple[float, Grey] | None = None

    def look(self, sample: Sample) -> None:
        """Take in one frame; most are passed over."""
        if sample.time < self._next:
            return
        self._next = sample.time + EVERY - 1e-6
        if sample.black:
            self._last = None
            return
        frame = sample.frame
        high = max(24, round(WIDTH * frame.height / frame.width / 2) * 2)
        small = frame.reformat(width=WIDTH, height=high, format="gray", interpolation="BILINEAR")
        plane = small.planes[0]
        grey = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)[:high, :WIDTH].astype(np.float32)
        for _ in range(4):  # twice from side to side, twice from top to bottom
            grey = _soft(grey).T
        last, self._last = self._last, (sample.time, grey)
        if last is not None and last[1].shape == grey.shape and is_slide(last[1], grey):
            self._stretches.append((last[0], sample.time))

    def finish(self, flashes: list[tuple[float, float]]) -> float:
        """Seconds of stills; where it flashes, two lit moments are alike and tell nothing."""
        return sum(
            end - start
            for start, end in self._stretches
            if not any(since < end and start < until for since, until in flashes)
        )


def is_slide(one: Grey, other: Grey) -> bool:
    """Whether the two show one still: the same, or what a pan or zoom makes of it."""
    apart = float(np.quantile(np.abs(other - one), 0.9))
    if apart < LEFT_OVER:
        return True
    return left_over(one, other) < min(LEFT_OVER, LEFT_SHARE * apart)


def left_over(one: Grey, other: Grey) -> float:
    """How far `one` stays from `other` after the best affine warp: 0.9 quantile of levels.

    Gauss-Newton on all pixels; gives up early where the two have nothing to do with each other.
    """
    high, wide = one.shape
    edge = 4
    y, x = np.mgrid[edge : high - edge, edge : wide - edge].astype(np.float32)
    u, v = (x - wide / 2) / wide, (y - high / 2) / wide
    inner = slice(edge, -edge)
    across = (np.roll(one, -1, 1) - np.roll(one, 1, 1))[inner, inner] / 2
    down = (np.roll(one, -1, 0) - np.roll(one, 1, 0))[inner, inner] / 2
    slopes = np.stack([across, across * u, across * v, down, down * u, down * v]).reshape(6, -1)
    target = one[edge:-edge, edge:-edge]
    normal = slopes @ slopes.T + np.eye(6, dtype=np.float32) * 1e-3 * float((slopes**2).mean() + 1e-6)
    warp = np.zeros(6, np.float32)
    rest = np.abs(other[edge:-edge, edge:-edge] - target)
    best = float(np.quantile(rest, 0.9))
    for step in range(STEPS):
        if best < LEFT_OVER / 2 or (step == 3 and best > 6 * LEFT_OVER):
            break
        moved = _at(other, x + warp[0] + warp[1] * u + warp[2] * v, y + warp[3] + warp[4] * u + warp[5] * v)
        wrong = target - moved
        best = min(best, float(np.quantile(np.abs(wrong), 0.9)))
        warp += np.linalg.solve(normal, slopes @ wrong.ravel()).astype(np.float32)
        if np.abs(warp[[0, 3]]).max() > wide / 8 or np.abs(warp).max() > wide / 2:
            break
    return best


def _soft(picture: Grey) -> Grey:
    """Slightly blurred from side to side: what is finer than two samples cannot be moved by parts of one."""
    soft: Grey = picture.copy()
    soft[:, 1:-1] = (picture[:, :-2] + 2 * picture[:, 1:-1] + picture[:, 2:]) / 4
    return soft


def _at(picture: Grey, x: Grey, y: Grey) -> Grey:
    """The picture at places between its pixels."""
    high, wide = picture.shape
    x, y = np.clip(x, 0, wide - 1.001), np.clip(y, 0, high - 1.001)
    left, top = x.astype(np.intp), y.astype(np.intp)
    fx, fy = x - left, y - top
    flat, place = picture.ravel(), top * wide + left
    upper = flat[place] * (1 - fx) + flat[place + 1] * fx
    lower = flat[place + wide] * (1 - fx) + flat[place + wide + 1] * fx
    mixed: Grey = (upper * (1 - fy) + lower * fy).astype(np.float32)
    return mixed
