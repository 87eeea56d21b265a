"""A small view of a frame, shared by all detectors of the picture: about 160 luma and 80 chroma samples wide."""

from dataclasses import dataclass
from functools import lru_cache

import av
import av.error
import numpy as np
from numpy.typing import NDArray

Luma = NDArray[np.uint8]

SAMPLE_WIDTH = 160
UNSPECIFIED = 2  # of colour spaces, curves and primaries alike


@dataclass(slots=True)
class Sample:
    """One frame as the detectors see it. `change` holds |luma − last luma|, `moved` its mean in levels of 255."""

    frame: av.VideoFrame
    number: int
    time: float
    luma: Luma
    full: bool  # luma runs from 0 to 255, not from 16 to 235
    chroma: tuple[Luma, Luma]
    black: bool = False
    change: Luma | None = None
    moved: float = 0.0


def luma_view(frame: av.VideoFrame) -> tuple[Luma, bool]:
    """A luma sample about 160 wide, 8 bit, and whether it uses the full range. Copies only what it keeps."""
    step = max(1, frame.width // SAMPLE_WIDTH)
    plain = plane_view(frame, step)
    if plain is not None:
        return plain, is_full(frame)
    high = max(2, round(SAMPLE_WIDTH * frame.height / frame.width))
    small = frame.reformat(width=SAMPLE_WIDTH, height=high, format="gray")
    return np.asarray(small.to_ndarray(), np.uint8), True


def mean_of(plane: Luma) -> float:
    """The mean of 8-bit samples: their `mean` would turn each into a float of 64 bits first."""
    return int(plane.sum(dtype=np.uint32)) / plane.size


def leave_out_unknown_colours(frame: av.VideoFrame) -> None:
    """A description of colours that the converter does not know would make it refuse the frame; players guess then."""
    if not _knows(int(frame.colorspace), int(frame.color_trc), int(frame.color_primaries)):
        frame.colorspace = frame.color_trc = frame.color_primaries = UNSPECIFIED


@lru_cache(64)
def _knows(space: int, curve: int, primaries: int) -> bool:
    probe = av.VideoFrame(16, 16, "yuv420p")
    probe.colorspace, probe.color_trc, probe.color_primaries = space, curve, primaries
    try:
        probe.reformat(format="rgb24")
    except (av.error.FFmpegError, ValueError):
        return False
    return True


def is_full(frame: av.VideoFrame) -> bool:
    """Whether luma uses all 256 values by the frame's own declaration. Other than YUV always does."""
    return not is_plain(frame) or frame.format.name.startswith("yuvj") or int(frame.color_range) == 2


def is_plain(frame: av.VideoFrame) -> bool:
    """Whether luma can be read from the first plane as it stands: planar YUV or grey of 8 to 16 bits."""
    form = frame.format
    depth = form.components[0].bits
    return (
        not form.is_rgb
        and form.is_planar
        and form.has_palette is False
        and 8 <= depth <= 16
        and (depth == 8 or form.name.endswith("le"))
    )


def plane_view(
    frame: av.VideoFrame,
    step: int,
    across: int | None = None,
    rows: slice = slice(None),
    columns: slice = slice(None),
) -> Luma | None:
    """Luma as 8 bit, every `step`-th row and `across`-th column (as many unless said); None unless plain.

    `rows` and `columns` (without a step) narrow the picture before it is thinned out.
    """
    if not is_plain(frame):
        return None
    left, right, _ = columns.indices(frame.width)
    return _thin(frame, 0, frame.height, step, rows, slice(left, right, across or step))


def _thin(frame: av.VideoFrame, index: int, height: int, step: int, rows: slice, columns: slice) -> Luma:
    plane, depth = frame.planes[index], frame.format.components[0].bits
    if depth == 8:
        lines = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)
        return lines[:height][rows][::step, columns].copy()
    deep = np.frombuffer(plane, np.uint16).reshape(-1, plane.line_size // 2)
    shift = 8 if frame.format.name.startswith("p0") else depth - 8
    return (deep[:height][rows][::step, columns] >> shift).astype(np.uint8)


def chroma_view(frame: av.VideoFrame) -> tuple[Luma, Luma]:
    """The two colour differences as 8 bit, about 80 wide; 128 is none."""
    form = frame.format
    if is_plain(frame) and len(frame.planes) >= 3:
        plane = frame.planes[1]
        wide, high = plane.width, plane.height
        step = max(1, wide * 2 // SAMPLE_WIDTH)
        u, v = (_thin(frame, index, high, step, slice(None), slice(0, wide, step)) for index in (1, 2))
        return u, v
    if is_plain(frame) and len(frame.planes) == 2 and len(form.components) >= 3:
        wide, high = -(-frame.width // 2), frame.planes[1].height
        step = max(1, wide * 2 // SAMPLE_WIDTH)
        u, v = (_thin(frame, 1, high, step, slice(None), slice(n, wide * 2, step * 2)) for n in (0, 1))
        return u, v
    if is_plain(frame):
        grey = np.full((2, 2), 128, np.uint8)
        return grey, grey
    wide = SAMPLE_WIDTH // 2
    high = max(2, round(wide * frame.height / frame.width))
    planes = frame.reformat(width=wide, height=high, format="yuv444p").to_ndarray()
    return planes[1], planes[2]
