"""Tables as CSV, line by line. Knows no Django.

Text that a spreadsheet would run as a formula arrives as text (OWASP, "CSV injection").
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import batched
from zoneinfo import ZoneInfo

Cell = str | int | float | datetime | None
Rows = Iterable[Sequence[Cell]]

BLOCK = 100  # lines that are handed on together: each handing on costs as much as a few lines
_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def tame(text: str) -> str:
    """Text that a spreadsheet would run as a formula is made plain text by an apostrophe before it."""
    return f"'{text}" if text.startswith(_STARTS) else text


def csv_lines(head: Sequence[str], rows: Rows, zone: str) -> Iterator[str]:
    """The table as CSV, the head and then some lines at a time: UTF-8 with a byte order mark, as Excel wants it; times
    as in `zone`.
    """
    place = ZoneInfo(zone)
    yield "\ufeff" + _written([[tame(name) for name in head]])
    for some in batched(rows, BLOCK):
        yield _written([[_plain(cell, place) for cell in row] for row in some])


def _written(rows: Iterable[Iterable[str | int | float]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue()


def _plain(cell: Cell, zone: ZoneInfo) -> str | int | float:
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(_STARTS) else cell  # `tame`, without calling it for every cell
    if cell is None:
        return ""
    return cell.astimezone(zone).isoformat(" ", "minutes")[:16] if isinstance(cell, datetime) else cell
