"""Plants faults of the picture into finished frames, in place."""

from collections.abc import Callable
from fractions import Fraction

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pictures
from PIL import ImageDraw, ImageFont

from .brushes import Image
from .faults import Cadence, Fault, Flash, Flicker, Interlace, Letterbox, Logo, Pillarbox, Range

type Plane = NDArray[np.uint8]

STRETCH = 1.7
LIT, DARKENED = 218, 0.4  # luma of a flash; what is left of the picture between two
RED = (63, 102, 240)


def planes_of(frame: av.VideoFrame) -> list[Plane]:
    """Writable views on a frame's three planes."""
    views = []
    for plane in frame.planes[:3]:
        view = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)
        views.append(view[: plane.height, : plane.width])
    return views


def is_on(fault: Flash | Flicker | Cadence | Interlace | Range | Letterbox, time: float) -> bool:
    """Whether a fault with a beginning and an end holds at this time."""
    return fault.start - 1e-6 <= time and (fault.end is None or time < fault.end - 1e-6)


def repeats(faults: tuple[Fault, ...], number: int, rate: Fraction) -> bool:
    """Whether frame `number` only repeats the one before it."""
    for fault in faults:
        if isinstance(fault, Cadence) and is_on(fault, float(number / rate)):
            first = round(fault.start * rate)
            slow = Fraction(fault.rate).limit_denominator(1001) / rate
            return number > first and (number - first) * slow // 1 == (number - 1 - first) * slow // 1
    return False


def later_field(faults: tuple[Fault, ...], number: int, rate: Fraction) -> bool:
    """Whether every second line of frame `number` belongs to a later moment."""
    for fault in faults:
        if isinstance(fault, Interlace) and is_on(fault, float(number / rate)):
            return not fault.pulldown or (number - round(fault.start * rate)) % 5 in (1, 2)
    return False


def zoomed(picture: Image, amount: float) -> Image:
    """The middle of a picture, enlarged to its size."""
    high, wide = picture.shape[:2]
    left, top = wide * (1 - 1 / (1 + amount)) / 2, high * (1 - 1 / (1 + amount)) / 2
    sheet = Pictures.fromarray((np.clip(picture, 0, 1) * 255).astype(np.uint8))
    turned = sheet.transform(
        (wide, high),
        Pictures.Transform.AFFINE,
        (1 / (1 + amount), 0, left, 0, 1 / (1 + amount), top),
        Pictures.Resampling.BICUBIC,
    )
    return np.asarray(turned, np.float32) / 255


def gardener(faults: tuple[Fault, ...], width: int, height: int) -> Callable[[av.VideoFrame, float], None]:
    """A function that plants into a frame all that this film is to have at its time."""
    logo = next((fault for fault in faults if isinstance(fault, Logo)), None)
    mask = _lettering(logo, width, height) if logo else None

    def plant(frame: av.VideoFrame, time: float) -> None:
        planes = planes_of(frame)
        luma = planes[0]
        for fault in faults:
            if isinstance(fault, Flicker) and is_on(fault, time):
                wave = fault.amount * np.sin(2 * np.pi * fault.hertz * (time - fault.start) + 0.5)
                luma[:] = np.clip(luma.astype(np.int16) + round(wave), 16, 235)
            elif isinstance(fault, Flash) and is_on(fault, time):
                _flash(planes, fault, time)
            elif isinstance(fault, Range) and is_on(fault, time):
                luma[:] = np.clip((luma.astype(np.float32) - 126) * STRETCH + 128, 0, 255)
            elif isinstance(fault, Letterbox) and is_on(fault, time):
                bar = fault.rows(width, height)
                if bar:
                    _blacken(planes, slice(0, bar), slice(None))
                    _blacken(planes, slice(height - bar, height), slice(None))
            elif isinstance(fault, Pillarbox):
                bar = fault.columns(width, height)
                if bar:
                    _blacken(planes, slice(None), slice(0, bar))
                    _blacken(planes, slice(None), slice(width - bar, width))
        if mask is not None:
            luma[:] = (luma + mask * (225.0 - luma)).astype(np.uint8)

    return plant


def _flash(planes: list[Plane], fault: Flash, time: float) -> None:
    lit = (time - fault.start + 1e-6) * fault.rate % 1 < 0.5
    for plane, red in zip(planes, RED):
        field = plane[: round(plane.shape[0] * fault.area)]
        if fault.red:
            field[:] = red if lit else (40 if plane is planes[0] else 128)
        elif plane is planes[0]:
            field[:] = LIT if lit else (16 + (field.astype(np.float32) - 16) * DARKENED)


def _blacken(planes: list[Plane], rows: slice, columns: slice) -> None:
    for plane, value in zip(planes, (16, 128, 128)):
        down, across = planes[0].shape[0] // plane.shape[0], planes[0].shape[1] // plane.shape[1]
        plane[_shrunk(rows, down), _shrunk(columns, across)] = value


def _shrunk(part: slice, factor: int) -> slice:
    return slice(*(None if edge is None else edge // factor for edge in (part.start, part.stop)))


def _lettering(logo: Logo, width: int, height: int) -> NDArray[np.float32]:
    """A ring and a name in one corner, as a mask of the picture's size."""
    sheet = Pictures.new("L", (width, height))
    draw = ImageDraw.Draw(sheet)
    size = max(8, round(min(width, height) * 0.055))
    font = ImageFont.load_default(size)
    long = round(draw.textlength("ZORAMA", font=font)) + round(size * 1.4)
    edge = round(min(width, height) * 0.04)
    x = edge if logo.place.endswith("left") else width - edge - long
    y = edge if logo.place.startswith("top") else height - edge - size
    draw.ellipse((x, y, x + size, y + size), outline=255, width=max(1, size // 6))
    draw.text((x + size * 1.3, y - size * 0.1), "ZORAMA", fill=255, font=font)
    return np.asarray(sheet, np.float32) * np.float32(logo.strength / 255)
