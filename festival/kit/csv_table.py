"""Tables as CSV, line by line. Knows no Django.

Text that a spreadsheet would run as a formula arrives as text (OWASP, "CSV injection").
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

Cell = str | int | float | datetime | None
Rows = Iterable[Sequence[Cell]]

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class Echo:
    """A file that gives back what is written to it."""

    def write(self, value: str) -> str:
        return value


def tame(text: str) -> str:
    """Text that a spreadsheet would run as a formula is made plain text by an apostrophe before it."""
    return f"'{text}" if text.startswith(_STARTS) else text


def csv_lines(head: Sequence[str], rows: Rows, zone: str) -> Iterator[str]:
    """The table as CSV, line by line: UTF-8 with a byte order mark, as Excel wants it; times as in `zone`."""
    writer: Any = csv.writer(Echo())
    yield "\ufeff" + writer.writerow([tame(name) for name in head])
    place = ZoneInfo(zone)
    for row in rows:
        yield writer.writerow([_plain(cell, place) for cell in row])


def _plain(cell: Cell, zone: ZoneInfo) -> str | int | float:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.astimezone(zone).strftime("%Y-%m-%d %H:%M")
    return tame(cell) if isinstance(cell, str) else cell
