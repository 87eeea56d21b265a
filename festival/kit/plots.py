"""Plots as plain numbers for SVG that the server writes: no script, no words, no colours.

Units are those of a `viewBox` WIDE units wide and HIGH high, stretched to the page; labels stand beside in HTML, and a
table holds the same figures.
"""

from collections.abc import Sequence
from dataclasses import dataclass

WIDE, HIGH = 1000, 240
NARROWEST = 3  # of WIDE: what is not nothing must be seen


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a table with a bar in it. `width` is of WIDE; `url` may be empty."""

    label: str
    count: int
    width: int
    share: float
    url: str = ""


def bars(rows: Sequence[tuple[str, int, str]], *, whole: int | None = None) -> list[Bar]:
    """Bars of (label, count, address), the longest as wide as the page; `share` is of `whole`, else of the greatest."""
    greatest = max((count for _label, count, _url in rows), default=0)
    of = whole or greatest
    return [
        Bar(
            label=label,
            count=count,
            width=max(round(WIDE * count / greatest), NARROWEST) if count else 0,
            share=count / of if of else 0.0,
            url=url,
        )
        for label, count, url in rows
    ]


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns side by side and a line over them, as SVG paths; `top` is the value at the upper edge."""

    columns: str
    line: str
    top: float


def columns(values: Sequence[float], *, line: Sequence[float] = ()) -> Columns:
    """A column for each value; `line` has a value for each column and is drawn through their middles."""
    top = max([*values, *line], default=0) or 1
    step = WIDE / max(len(values), 1)
    gap = min(step * 0.15, 4)
    drawn = [
        f"M{_number(place * step + gap / 2)} {HIGH}V{_number(HIGH * (1 - value / top))}"
        f"h{_number(step - gap)}V{HIGH}Z"
        for place, value in enumerate(values)
        if value
    ]
    points = [
        f"{_number((place + 0.5) * step)} {_number(HIGH * (1 - value / top))}"
        for place, value in enumerate(line)
    ]
    return Columns("".join(drawn), f"M{'L'.join(points)}" if points else "", top)


def _number(value: float) -> str:
    return f"{round(value, 1):g}"
