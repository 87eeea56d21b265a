"""Tables from anywhere: CSV with a heading line, read forgivingly, with every fault named by file and line."""

import csv
import io
import math
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

FAULTS_SHOWN = 20
MOST = 1e9  # of any number: its square still has six decimals
PARTED = r"\s,;/|、，；"
THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+")


class TableError(Exception):
    """What is wrong with the tables: a sentence for each fault."""

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = list(sentences)

    def text(self) -> str:
        """The sentences, the first twenty of them."""
        more = len(self.sentences) - FAULTS_SHOWN
        return "\n".join(self.sentences[:FAULTS_SHOWN] + ([f"… and {more} more."] if more > 0 else []))


@dataclass(slots=True)
class Row:
    """A line of a table: cells by column, without the spaces around them; a cell that is not there is empty."""

    table: "Table"
    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def fault(self, text: str) -> None:
        """Note what is wrong with this line."""
        self.table.faults.append(f"{self.table.name}, line {self.line}: {text}")

    def note(self, text: str) -> None:
        """Note what was passed over in this line."""
        self.table.notes.append(f"{self.table.name}, line {self.line}: {text}")

    def words(self, column: str, known: Iterable[str] = ()) -> tuple[str, ...]:
        """Words parted by spaces, commas, semicolons, slashes or bars; upper and lower case are the same.

        `known` names that are themselves of several words ("short film") stay whole.
        """
        text, found = self[column].casefold(), []
        for name in sorted(known, key=lambda name: (-len(name), name)):
            whole = rf"(?<![^{PARTED}]){re.escape(name)}(?![^{PARTED}])"
            if re.search(f"[{PARTED}]", name) and re.search(whole, text):
                text = re.sub(whole, " ", text)
                found.append(name)
        return (*found, *(word for word in re.split(f"[{PARTED}]+", text) if word))

    def value(self, column: str) -> float | None:
        """Any number of at most a thousand million, written with a point or a comma; None when it is none."""
        value = _float(self[column].replace(",", "."))
        return value if abs(value) <= MOST else None

    def number(self, column: str, most: float) -> float | None:
        """A number from 0 to `most`; None when the cell is empty or holds something else, which is then a fault."""
        text = self[column]
        if not text:
            return None
        plain = text.replace(",", ".") if "." not in text and text.count(",") == 1 else text
        if THOUSANDS.fullmatch(text):  # 1,800: seconds are seldom written in thousandths
            self.fault(f"{column} is {text!r}; write it without a comma.")
            return None
        value = _float(plain)
        if not 0 <= value <= most:  # also what is no number
            self.fault(f"{column} is {text!r}; it must be a number from 0 to {most:,.0f}.")
            return None
        return value


@dataclass(slots=True)
class Table:
    """A table with its rows and what was found wrong with it so far. `name` is the file's path as it was given."""

    name: str
    rows: list[Row] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def keyed(self, column: str) -> Iterator[Row]:
        """Rows with a value in `column` that is there once; other rows are faults."""
        lines: dict[str, int] = {}
        for row in self.rows:
            key = row[column]
            if not key:
                row.fault(f"{column} is empty.")
            elif key in lines:
                row.fault(f"{column} {key!r} is in line {lines[key]} already.")
            else:
                lines[key] = row.line
                yield row


def _float(text: str) -> float:
    """The number that is written there; NaN when there is none. Python's 1_000 is none to anybody else."""
    try:
        return math.nan if "_" in text else float(text)
    except ValueError:
        return math.nan


def read_table(path: str, columns: Sequence[str]) -> Table:
    """Read a CSV in UTF-8 or GB18030 (or UTF-16 with a mark); columns in any order, more of them are passed over.

    Cells may be parted by commas, semicolons or tabs, as the heading is. A line with more cells than the heading has
    is a fault: a comma inside a cell has parted it. `path` may be "-", the standard input. Raises TableError when the
    file cannot be read at all or misses one of `columns`.
    """
    text = _text(path)
    heading = re.search(r"[^\r\n]*\S[^\r\n]*", text)
    if heading is None:
        raise TableError([f"{path}: the file is empty; it needs a heading line: {', '.join(columns)}."])
    above = len(re.findall(r"\r\n|\r|\n", text[: heading.start()]))  # empty lines before the heading
    delimiter = max(",;\t", key=heading.group().count)
    reader = csv.reader(io.StringIO(text[heading.start() :], newline=""), delimiter=delimiter, strict=True)
    table = Table(path)
    line = above + 1
    try:
        headings = [cell.strip().casefold() for cell in next(reader)]
        missing = [column for column in columns if column not in headings]
        twice = [column for column in columns if headings.count(column) > 1]
        if missing or twice:
            raise TableError(
                [f"{path}, line {above + 1}: there is no column {column!r}." for column in missing]
                + [f"{path}, line {above + 1}: column {column!r} is there twice." for column in twice]
            )
        line = above + reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                found = {name: cell.strip() for name, cell in zip(headings, cells) if name}
                row = Row(table, line, found)
                table.rows.append(row)
                if any(cell.strip() for cell in cells[len(headings) :]):
                    row.fault(
                        f"{len(cells)} cells, but the heading has {len(headings)}; "
                        f"a cell with {delimiter!r} needs quotation marks."
                    )
            line = above + reader.line_num + 1
    except csv.Error as error:
        raise TableError([f"{path}, line {line}: {error}; is there a quotation mark too many?"]) from None
    return table


def _text(path: str) -> str:
    try:
        data = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        raise TableError([f"{path}: {error.strerror or error}."]) from None
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        return data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        if not wide:
            try:
                return data.decode("gb18030")
            except UnicodeDecodeError:
                pass
        line = data[: error.start].count(b"\n") + 1
        raise TableError([f"{path}, line {line}: this is not UTF-8. Save the table as CSV UTF-8."]) from None
