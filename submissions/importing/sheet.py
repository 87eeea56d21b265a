"""Reads a manifest: a CSV file with a heading line, in whatever encoding a spreadsheet program wrote it. No Django.

Rows are read one by one, so that a file of a million needs no more memory than one of ten.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

BLOCK = 1 << 20
LONGEST_CELL = 1 << 20  # letters
MOST_COLUMNS = 500
ENCODINGS = ("utf-8-sig", "gb18030")  # what spreadsheet programs write, in the order in which they are tried
MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


class SheetError(ValueError):
    """The file cannot be read as a table; the message is a sentence that says why and what to do."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row by its headings. `number` is the line in the file where it ends, as editors count; `problem` says what
    is wrong with the row itself."""

    number: int
    cells: dict[str, str]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    path: Path
    encoding: str
    delimiter: str
    headings: tuple[str, ...]

    def lines(self) -> Iterator[Line]:
        """The rows, empty ones left out. Raises SheetError where the file breaks off inside a quoted cell."""
        with open(self.path, encoding=self.encoding, newline="") as file:
            rows = csv.reader(file, delimiter=self.delimiter, strict=True)
            next(rows)
            while True:
                try:
                    row = next(rows)
                except StopIteration:
                    return
                except csv.Error as error:
                    raise SheetError(
                        f"Line {rows.line_num} cannot be read: {error}. Mend the quotes around this cell and try again."
                    ) from None
                if not any(cell.strip() for cell in row):
                    continue
                problem = ""
                if len(row) > len(self.headings) and any(cell.strip() for cell in row[len(self.headings) :]):
                    problem = (
                        f"The row has {len(row)} cells, the heading {len(self.headings)}: "
                        "a comma inside a cell needs quotes around the cell."
                    )
                cells = {
                    heading: cell.strip()
                    for heading, cell in zip(self.headings, row, strict=False)
                    if heading and cell.strip()
                }
                yield Line(rows.line_num, cells, problem)


def open_sheet(path: Path) -> Sheet:
    """Look at the file: encoding, separator, headings. Raises SheetError with a sentence."""
    csv.field_size_limit(LONGEST_CELL)
    try:
        encoding = _encoding_of(path)
    except OSError as error:
        raise SheetError(f"{path} cannot be read: {error.strerror}.") from None
    with open(path, encoding=encoding, newline="") as file:
        first = file.readline(LONGEST_CELL)
    if not first.strip():
        raise SheetError(f"{path} is empty, or its first line is. The first line must name the columns.")
    delimiter = max(",;\t", key=first.count)
    try:
        with open(path, encoding=encoding, newline="") as file:
            headings = next(csv.reader(file, delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise SheetError(f"The heading line cannot be read: {error}.") from None
    names = tuple(" ".join(heading.split()) for heading in headings)
    if len(names) > MOST_COLUMNS:
        raise SheetError(f"The file has {len(names)} columns; {MOST_COLUMNS} at most are read.")
    twice = next((name for place, name in enumerate(names) if name and name in names[:place]), None)
    if twice:
        raise SheetError(f"The column “{twice}” is there twice. Rename or remove one of them.")
    return Sheet(path, encoding, delimiter, names)


def _encoding_of(path: Path) -> str:
    """The first encoding in which the whole file can be read."""
    with open(path, "rb") as file:
        head = file.read(4)
    if head[:2] == b"PK":
        raise SheetError(f"{path.name} is a spreadsheet file. Save it as CSV (UTF-8) and import that.")
    for mark, encoding in MARKS:
        if head.startswith(mark):
            return encoding
    if b"\0" in head:
        raise SheetError(f"{path.name} is no text file. Save the table as CSV (UTF-8) and import that.")
    for encoding in ENCODINGS:
        try:
            with open(path, encoding=encoding, newline="") as file:
                while file.read(BLOCK):
                    pass
        except UnicodeDecodeError:
            continue
        return encoding
    raise SheetError(
        f"{path.name} is neither UTF-8 nor GB18030. Save the table as CSV (UTF-8) and import that."
    )
