"""Tables from anywhere: CSV with a heading, read forgivingly, every fault named with its line."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

MOST_FAULTS = 20


class SheetError(ValueError):
    """Everything that is wrong with a table, one sentence each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class Sheet:
    """The rows of a file, each with its line. Faults are collected and raised together by `check`."""

    def __init__(self, path: str | Path, *, needs: Iterable[str], knows: Iterable[str] = ()) -> None:
        self.name = Path(path).name
        self.faults: list[str] = []
        self.more = 0
        try:
            data = Path(path).read_bytes()
        except OSError as error:
            raise SheetError([f"{path}: cannot be read ({error.strerror})."]) from None
        lines = csv.reader(io.StringIO(_text(data), newline=""), delimiter=_delimiter(data))
        rows = ((lines.line_num, row) for row in lines if any(cell.strip() for cell in row))
        try:
            self.rows = list(rows)
        except csv.Error as error:
            raise SheetError([f"{self.name}, line {lines.line_num}: this is no CSV ({error})."]) from None
        if not self.rows:
            raise SheetError([f"{self.name} is empty: it needs a heading with {_listed(needs)}."])
        heading = [cell.strip().lower() for cell in self.rows.pop(0)[1]]
        self.columns = {name: heading.index(name) for name in heading if name}
        missing = [name for name in needs if name not in self.columns]
        if missing:
            have = _listed(self.columns) if self.columns else "nothing"
            raise SheetError([f"{self.name} has no column {_listed(missing)}. Its heading names {have}."])
        self.known = {*needs, *knows}

    def __iter__(self) -> Iterator[tuple[int, Mapping[str, str]]]:
        """(line, cells by column): the columns that are known, stripped; a cell that is not there is empty."""
        places = {name: at for name, at in self.columns.items() if name in self.known}
        for line, row in self.rows:
            yield line, {name: row[at].strip() if at < len(row) else "" for name, at in places.items()}

    def bad(self, line: int, sentence: str) -> None:
        """Note a fault of a line."""
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(f"{self.name}, line {line}: {sentence}")
        else:
            self.more += 1

    def check(self) -> None:
        """Raise SheetError when there were faults."""
        if self.faults:
            more = [f"{self.name}: {self.more} more lines have faults."] if self.more else []
            raise SheetError(self.faults + more)


def number(text: str) -> float | None:
    """A finite number written with a point or a comma; None when it is none."""
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return None
    return value if abs(value) < 1e15 else None


def _text(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding).replace("\0", "")
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def _delimiter(data: bytes) -> str:
    first = next((line for line in _text(data[:65536] + b"\n").splitlines() if line.strip()), "")
    return max(",;\t", key=first.count)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(repr(name) for name in names)
