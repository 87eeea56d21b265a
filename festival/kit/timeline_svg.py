"""Numbers for a calendar drawn as lanes: one picture `days` units wide and one high for each, words beside in HTML.

Weekends are one path for all lanes. Only the axis has words in it: it is drawn in per cent, so that they keep their
size.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

LEAST_LABEL = 9.0  # per cent of the width between two names of months: a phone has room for three letters
MARGIN = 0.02  # of the days, on either side


@dataclass(frozen=True, slots=True)
class Line:
    """What a lane shows. `spans`: first and last days, both included; `marks`: days. `kind` names its colour."""

    label: str
    note: str
    kind: str
    spans: Sequence[tuple[date, date]] = ()
    marks: Sequence[date] = ()


@dataclass(frozen=True, slots=True)
class Lane:
    """A line with its numbers: bars as (start, width) and marks, in days from the picture's first."""

    label: str
    note: str
    kind: str
    bars: list[tuple[int, int]]
    marks: str  # a path


@dataclass(frozen=True, slots=True)
class Chart:
    """`months`: where a month begins in per cent, and its first day; `today`: a path, "" where it is not in the
    picture."""

    days: int
    first: date
    last: date
    weekends: str
    today: str
    months: list[tuple[str, date]]
    lanes: list[Lane] = field(default_factory=list)


def chart(lines: Sequence[Line], today: date) -> Chart | None:
    """The lanes on an axis that holds them all; None where nothing has a day."""
    ends = [day for line in lines for span in line.spans for day in span]
    ends += [day for line in lines for day in line.marks]
    if not ends:
        return None
    room = timedelta(days=max(2, round((max(ends) - min(ends)).days * MARGIN)))
    first, last = min(ends) - room, max(ends) + room
    days = (last - first).days + 1

    def at(day: date) -> int:
        return (day - first).days

    return Chart(
        days=days,
        first=first,
        last=last,
        weekends="".join(f"M{at(day)} 0h{width}v1h-{width}z" for day, width in _weekends(first, last)),
        today=_mark(at(today)) if first <= today <= last else "",
        months=list(_months(first, last, days)),
        lanes=[
            Lane(
                line.label,
                line.note,
                line.kind,
                [(at(start), (end - start).days + 1) for start, end in line.spans],
                "".join(_mark(at(day)) for day in line.marks),
            )
            for line in lines
        ],
    )


def _mark(day: int) -> str:
    return f"M{day + 0.5:g} 0v1"


def _weekends(first: date, last: date) -> Iterator[tuple[date, int]]:
    """Saturdays with the number of days of the weekend that are in the picture; a Sunday at its beginning alone."""
    if first.weekday() == 6:
        yield first, 1
    day = first + timedelta(days=(5 - first.weekday()) % 7)
    while day <= last:
        yield day, min(2, (last - day).days + 1)
        day += timedelta(days=7)


def _months(first: date, last: date, days: int) -> Iterator[tuple[str, date]]:
    """The beginnings of months that are far enough from each other to be named, and from the right edge; of the first
    one its first day in the picture."""
    before = -LEAST_LABEL
    month = first if first.day == 1 else (first.replace(day=1) + timedelta(days=32)).replace(day=1)
    if 100 * (month - first).days / days >= LEAST_LABEL:
        yield "0%", first
    while month <= last:
        place = 100 * (month - first).days / days
        if place - before >= LEAST_LABEL and place <= 100 - LEAST_LABEL:
            yield f"{place:.2f}%", month
            before = place
        month = (month + timedelta(days=32)).replace(day=1)
