"""Shoots the looks of a film, frame by frame, with its planted faults, grain and title."""

from collections.abc import Callable, Iterator
from fractions import Fraction

import av
import numpy as np
from numpy.typing import NDArray

from .brushes import Image
from .faults import Black, Enlarged, Fault, Freeze, Slides
from .lettering import draw_title, shadow
from .looks import make_shot
from .plants import Plane, gardener, later_field, planes_of, repeats, zoomed

# Looks are drawn with about this many pixels, whatever the film's size.
CANVAS = 576 * 324
TITLE_SECONDS = 2.0


def shoot(
    look: str,
    seed: int,
    frames: int,
    rate: Fraction,
    width: int,
    height: int,
    starts: list[int],
    faults: tuple[Fault, ...],
    lines: tuple[str, str],
) -> Iterator[av.VideoFrame]:
    """Every frame of the film as yuv420p (yuv444p where a side is odd).

    Drawn small and enlarged; grain and lettering are put on at full size, so that the picture looks sharp.
    """
    scale = min(1.0, (CANVAS / (width * height)) ** 0.5)
    small = max(16, round(width * scale / 2) * 2), max(16, round(height * scale / 2) * 2)
    layout = "yuv420p" if width % 2 == 0 and height % 2 == 0 else "yuv444p"
    rng = np.random.default_rng([seed, 99])
    grain = np.round(rng.normal(0, 1.7, (height + 64, width + 64))).astype(np.int8)
    write = _writer(lines, width, height, rate)
    stands = {
        number: round(fault.start * rate)
        for fault in faults
        if isinstance(fault, Freeze)
        for number in range(round(fault.start * rate), round(fault.end * rate))
    }
    dark = {
        number
        for fault in faults
        if isinstance(fault, Black)
        for number in range(round(fault.start * rate), round(fault.end * rate))
    }
    plant = gardener(faults, width, height)
    factor = next((fault.factor for fault in faults if isinstance(fault, Enlarged)), 1.0)
    slides = [fault for fault in faults if isinstance(fault, Slides)]
    slide: tuple[Slides, Image] | None = None
    shot, first, index = make_shot(look, seed=seed, shot=0, width=small[0], height=small[1]), 0, 0
    held: av.VideoFrame | None = None
    for number in range(frames):
        if index + 1 < len(starts) and number >= starts[index + 1]:
            index, first = index + 1, starts[index + 1]
            shot = make_shot(look, seed=seed, shot=index, width=small[0], height=small[1])
        if held is not None and (stands.get(number, number) != number or repeats(faults, number, rate)):
            yield held
            continue
        time = float(number / rate)
        drawn = shot.frame(float((number - first) / rate))
        if later_field(faults, number, rate):
            drawn = drawn.copy()
            woven = shot.frame(float((number - first) / rate) + 0.5 / float(rate))
        else:
            woven = None
        shown = next((fault for fault in slides if fault.start <= time < fault.end), None)
        if shown:
            if slide is None or slide[0] != shown:
                slide = shown, drawn.copy()
            drawn = zoomed(slide[1], shown.zoom * (time - shown.start))
        frame = _enlarged(drawn, width, height, layout)
        planes = planes_of(frame)
        if woven is not None:
            for plane, other in zip(planes, planes_of(_enlarged(woven, width, height, layout))):
                plane[1::2] = other[1::2]
        dy, dx = rng.integers(0, 64, 2)
        grown = planes[0].astype(np.int16)
        grown += grain[dy : dy + height, dx : dx + width]
        write(grown, planes, number)
        np.clip(grown, 16, 235, out=grown)
        planes[0][:] = grown
        if factor > 1:
            less = round(width / factor / 2) * 2, round(height / factor / 2) * 2
            frame = frame.reformat(*less, interpolation="AREA").reformat(
                width, height, interpolation="BICUBIC"
            )
        plant(frame, time)
        if number in dark:
            for plane, value in zip(planes_of(frame), (16, 128, 128)):
                plane[:] = value
        held = frame
        yield frame


def _enlarged(drawn: Image, width: int, height: int, layout: str) -> av.VideoFrame:
    """A drawing as a frame of the film's size."""
    return av.VideoFrame.from_ndarray((np.clip(drawn, 0, 1) * 255).astype(np.uint8), "rgb24").reformat(
        width, height, layout, interpolation="BICUBIC", src_colorspace="ITU709", dst_colorspace="ITU709"
    )


def _writer(
    lines: tuple[str, str], width: int, height: int, rate: Fraction
) -> Callable[[NDArray[np.int16], list[Plane], int], None]:
    """A function that lays the title over a frame, fading in and out."""
    mask = draw_title(lines, width=width, height=height)
    if mask is None:
        return lambda *_: None
    under = shadow(mask)
    rows, columns = np.nonzero(under > 0.01)
    box = slice(rows.min() // 2 * 2, rows.max() + 1), slice(columns.min() // 2 * 2, columns.max() + 1)
    mask, under = mask[box], under[box]
    light: bool | None = None

    def write(luma: NDArray[np.int16], planes: list[Plane], number: int) -> None:
        nonlocal light
        t = float(number / rate)
        strength = np.float32(min(1.0, t / 0.4, (TITLE_SECONDS - t) / 0.4))
        if strength <= 0:
            return
        part = luma[box].astype(np.float32)
        if light is None:
            light = bool(part.mean() < 140)
        part += (0.5 if light else 0.75) * strength * under * ((16 if light else 225) - part)
        part += strength * mask * ((228 if light else 34) - part)
        luma[box] = part.astype(np.int16)
        for plane in planes[1:]:
            step = height // plane.shape[0]
            area = slice(box[0].start // step, None), slice(box[1].start // step, None)
            thin = mask[::step, ::step] * strength
            colour = plane[area][: thin.shape[0], : thin.shape[1]]
            colour[:] = (colour + thin[: colour.shape[0], : colour.shape[1]] * (128.0 - colour)).astype(
                np.uint8
            )

    return write
