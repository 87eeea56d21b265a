"""Tables for spreadsheets: CSV as it comes, XLSX through a file on the disk; neither holds more than a row in memory.

Text that a spreadsheet would run as a formula arrives as text (OWASP, "CSV injection").
"""

import csv
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

import xlsxwriter
from django.conf import settings

Cell = str | int | float | datetime | None
Rows = Iterable[Sequence[Cell]]

MIME = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
LONGEST = 32_767  # characters that a cell of XLSX holds
WIDEST = 40
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


def xlsx_file(head: Sequence[str], rows: Rows, zone: str, name: str) -> BinaryIO:
    """The table as an open XLSX file, gone from the disk when it is closed; `name` is that of its sheet.

    Numbers are numbers, times are times as in `zone`; no text becomes a formula, a link or a number.
    """
    folder = Path(settings.SPOOL) / "form"
    folder.mkdir(parents=True, exist_ok=True)
    target = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115  the answer closes it
    options = {
        "constant_memory": True, "tmpdir": str(folder), "default_date_format": "yyyy-mm-dd hh:mm",
        "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    }  # fmt: skip
    place = ZoneInfo(zone)
    with xlsxwriter.Workbook(target, options) as book:
        sheet = book.add_worksheet(_sheet_name(name))
        sheet.freeze_panes(1, 1)
        for column, title in enumerate(head):
            sheet.set_column(column, column, min(WIDEST, max(12, len(title) + 2)))
        bold = book.add_format({"bold": True})
        for column, title in enumerate(head):
            sheet.write_string(0, column, title, bold)
        for number, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                if isinstance(cell, datetime):
                    sheet.write_datetime(number, column, cell.astimezone(place).replace(tzinfo=None))
                elif isinstance(cell, str):
                    sheet.write_string(number, column, cell[:LONGEST])
                elif cell is not None:
                    sheet.write_number(number, column, cell)
    target.seek(0)
    return target


def _sheet_name(name: str) -> str:
    """A name as XLSX allows it: 31 characters without some signs."""
    return "".join(" " if sign in "[]:*?/\\" else sign for sign in name).strip("' ")[:31] or "Sheet"
