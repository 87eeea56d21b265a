"""Tables for spreadsheets: CSV as it comes, XLSX through a file on the disk; neither holds more than a row in memory.

Text that a spreadsheet would run as a formula arrives as text (OWASP, "CSV injection").
"""

import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo

import xlsxwriter
from django.conf import settings

from festival.kit.csv_table import Cell as Cell
from festival.kit.csv_table import Rows
from festival.kit.csv_table import csv_lines as csv_lines
from festival.kit.csv_table import tame as tame

MIME = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
LONGEST = 32_767  # characters that a cell of XLSX holds
WIDEST = 40


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
