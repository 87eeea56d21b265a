"""Numbers for drawings on the chair's pages: plain values for SVG that is WIDTH units wide; words stand beside in
HTML.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

WIDTH = 200
HEIGHT = 96  # of a histogram
BINS = 40
NINE_IN_TEN = 1.645  # standard deviations on either side that hold nine chances in ten


@dataclass(frozen=True, slots=True)
class Span:
    """An interval with its middle on an axis that others share; `mark` is where the axis has its line."""

    start: float
    width: float
    middle: float
    mark: float


@dataclass(frozen=True, slots=True)
class Histogram:
    """`path`: filled columns. `mark`: where the line stands, None without one. low and high: the axis' ends."""

    path: str
    mark: float | None
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Bar:
    """One of several bars beside each other, HEIGHT high in all."""

    start: float
    width: float
    top: float
    height: float


def bars(values: Sequence[float]) -> list[Bar]:
    """Bars for values from 0 to 1."""
    step = WIDTH / max(len(values), 1)
    return [
        Bar(
            round(number * step + 1, 2),
            round(step - 2, 2),
            round(HEIGHT * (1 - value), 1),
            round(HEIGHT * value, 1),
        )
        for number, value in enumerate(values)
    ]


def spans(values: Sequence[float], errors: Sequence[float], mark: float) -> list[Span]:
    """Intervals of nine chances in ten around `values` on one axis that also holds `mark`."""
    reach = [
        (value - NINE_IN_TEN * error, value + NINE_IN_TEN * error)
        for value, error in zip(values, errors, strict=True)
    ]
    low = min([mark, *(start for start, _end in reach)])
    high = max([mark, *(end for _start, end in reach)])
    room = (high - low) or 1.0

    def across(value: float) -> float:
        return round((value - low) / room * (WIDTH - 8) + 4, 1)

    return [
        Span(across(start), round(max(across(end) - across(start), 0.5), 1), across(value), across(mark))
        for value, (start, end) in zip(values, reach, strict=True)
    ]


def histogram(values: Sequence[float], mark: float | None) -> Histogram | None:
    """How many films have which value; None where there are none."""
    if not values:
        return None
    low, high = float(floor(min(values))), float(ceil(max(values)))
    room = (high - low) or 1.0
    counts = [0] * BINS
    for value in values:
        counts[min(int((value - low) / room * BINS), BINS - 1)] += 1
    most = max(counts)
    step = WIDTH / BINS
    parts = []
    for at, count in enumerate(counts):
        if count:
            top = round(HEIGHT * (1 - count / most), 1)
            parts.append(
                f"M{round(at * step, 2):g} {HEIGHT}V{top:g}H{round((at + 1) * step - 0.5, 2):g}V{HEIGHT}Z"
            )
    line = None if mark is None or not low <= mark <= high else round((mark - low) / room * WIDTH, 1)
    return Histogram("".join(parts), line, low, high)
