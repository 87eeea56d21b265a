"""Tables as CSV, line by line. Knows no Django.

Text that a spreadsheet would run as a formula arrives as text (OWASP, "CSV injection").
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import batched
from typing import cast
from zoneinfo import ZoneInfo

Cell = str | int | float | datetime | None
Rows = Iterable[Sequence[Cell]]

BLOCK = 100  # lines that are handed on together: each handing on costs as much as a few lines
_STARTS = frozenset("=+-@\t\r\n＝＋－＠")
_NUMBERS: frozenset[type] = frozenset((int, float))


def tame(text: str) -> str:
    """Text that a spreadsheet would run as a formula is made plain text by an apostrophe before it."""
    return f"'{text}" if text[:1] in _STARTS else text


def csv_lines(head: Sequence[str], rows: Rows, zone: str) -> Iterator[str]:
    """The table as CSV, the head and then some lines at a time: UTF-8 with a byte order mark, as Excel wants it; times
    as in `zone`.
    """
    place = ZoneInfo(zone)
    yield "\ufeff" + _written([[tame(name) for name in head]])
    for some in batched(rows, BLOCK):
        yield _written(zip(*(_plain_column(cells, place) for cells in zip(*some, strict=True)), strict=True))


def _written(rows: Iterable[Iterable[str | int | float]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue()


def _plain_column(cells: Sequence[Cell], zone: ZoneInfo) -> Sequence[str | int | float]:
    """Cells of one column: mostly all are of one kind, and nothing has to be asked of each."""
    kinds = set(map(type, cells))
    if kinds == {str}:
        return [f"'{cell}" if cell[:1] in _STARTS else cell for cell in cast(Sequence[str], cells)]
    if kinds <= _NUMBERS:
        return cast(Sequence[int | float], cells)
    if kinds == {datetime}:
        return [
            cell.astimezone(zone).isoformat(" ", "minutes")[:16] for cell in cast(Sequence[datetime], cells)
        ]
    return [_plain(cell, zone) for cell in cells]


def _plain(cell: Cell, zone: ZoneInfo) -> str | int | float:
    if isinstance(cell, str):
        return tame(cell)
    if cell is None:
        return ""
    return cell.astimezone(zone).isoformat(" ", "minutes")[:16] if isinstance(cell, datetime) else cell
