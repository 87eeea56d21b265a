"""Takes values out of a blueprint's TOML and collects what is wrong with them, each fault with its line."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Path = tuple[str | int, ...]  # ("rounds", 0, "criteria", 2, "weight")
Known = Mapping[str, tuple[type, Any]]  # key: what kind of value, and its default (`...`: required)

KINDS: dict[type, str] = {
    str: "a text",
    int: "a whole number",
    bool: "true or false",
    list: "a list of tables",
    dict: "a text in both languages, { en = …, zh = … }",
}
SLUG = re.compile(r"[-a-zA-Z0-9_]{1,40}")
RANGES: dict[str, tuple[int, int]] = {
    "fix_days": (0, 365),
    "starts_day": (-3650, 3650),
    "ends_day": (-3650, 3650),
    "most_entries": (0, 100_000),
    "looks": (1, 100),
    "overhead": (0, 3600),
    "reading_minutes": (1, 600),
    "nominations": (0, 10_000),
    "ballot_points": (1, 1000),
    "quorum": (1, 1000),
    "wild_cards": (0, 1000),
    "expects": (0, 1_000_000),
    "judges": (0, 10_000),
    "places": (1, 1000),
    "seats": (1, 1_000_000),
    "turnaround_minutes": (0, 1440),
    "wheelchair_places": (0, 1000),
    "minutes": (0, 1440),
    "first_day": (-3650, 3650),
    "last_day": (-3650, 3650),
    "due_day": (-3650, 3650),
    "answer_days": (1, 365),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, for whoever says it in other words than the file's: a code with its values, else "" and the
    sentence alone.
    """

    path: Path
    sentence: str
    code: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


class Reader:
    """`errors` holds a sentence per fault, in the order found; `faults` the same as values."""

    def __init__(self, source: str) -> None:
        self.lines = lines_of(source)
        self.errors: list[str] = []
        self.faults: list[Fault] = []

    def bad(self, path: Path, sentence: str, code: str = "", **values: Any) -> None:
        """Note a fault. What was not written has no line: the nearest thing around it is named."""
        self.faults.append(Fault(path, sentence, code, values))
        for length in range(len(path), 0, -1):
            line = self.lines.get(path[:length])
            if line:
                self.errors.append(f"line {line}: {sentence}")
                return
        self.errors.append(sentence)

    def rows(self, values: Mapping[str, Any], path: Path, key: str) -> Iterator[tuple[Path, dict[str, Any]]]:
        """The tables of a list, each with its path; anything else in it is a fault."""
        for index, row in enumerate(values[key]):
            here = (*path, key, index)
            if isinstance(row, dict):
                yield here, row
            else:
                self.bad(here, f"{key!r} must be {KINDS[list]}, not of {row!r}.")

    def take(self, table: Mapping[str, Any], path: Path, where: str, known: Known) -> dict[str, Any]:
        """The known keys of `table` with their defaults. `where` names the table in sentences: "A track"."""
        for key in table:
            if key not in known:
                self.bad((*path, key), f"{where} does not know {key!r}; it knows {', '.join(known)}.")
        values = {}
        for key, (kind, default) in known.items():
            if key not in table and default is ...:
                self.bad(path, f"{where} needs {key!r}.")
                values[key] = kind()
            else:
                values[key] = self._value((*path, key), where, key, kind, table.get(key, default))
        return values

    def _value(self, path: Path, where: str, key: str, kind: type, value: Any) -> Any:
        if kind is dict and isinstance(value, str):
            return {"en": value, "zh": value}
        if kind is object:
            return value
        fits = isinstance(value, kind) and not (kind is int and isinstance(value, bool))
        if not fits:
            self.bad(path, f"{where}: {key!r} must be {KINDS[kind]}, not {value!r}.")
            return kind()
        if kind is dict and not set(value) <= {"en", "zh"}:
            self.bad(path, f"{where}: {key!r} takes the languages en and zh.")
        elif kind is dict and not all(isinstance(text, str) for text in value.values()):
            self.bad(path, f"{where}: {key!r} must be {KINDS[kind]}, not {value!r}.")
            return {}
        if key == "slug" and not SLUG.fullmatch(value):
            self.bad(
                path, f"{value!r} cannot be an address: use letters, digits and hyphens, at most 40 in all."
            )
        low, high = RANGES.get(key, (None, None))
        if low is not None and not low <= value <= high:
            self.bad(path, f"{where}: {key!r} must be from {low} to {high}, not {value}.")
            return low
        return value


def lines_of(source: str) -> dict[Path, int]:
    """Where tables and keys are written, 1-based: tomllib does not tell. What stands inside a value is not found."""
    found: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    table: Path = ()
    quoted = ""
    for number, line in enumerate(source.splitlines(), 1):
        if quoted:
            quoted = "" if quoted in line else quoted
            continue
        quoted = next((mark for mark in ('"""', "'''") if line.count(mark) % 2), "")
        header = re.match(r"\s*(\[\[?)\s*([\w.\"'-]+)\s*\]", line)
        key = re.match(r"\s*[\"']?([\w-]+)[\"']?\s*=", line)
        if header:
            table = ()
            names = [name.strip("\"'") for name in header[2].split(".")]
            for name in names[:-1]:
                table = (*table, name)
                if table in counts:
                    table = (*table, counts[table])
            table = (*table, names[-1])
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                table = (*table, counts[table])
            found.setdefault(table, number)
        elif key:
            found.setdefault((*table, key[1]), number)
    return found
