"""JSON documents from anywhere: strictly read, with every fault named by its place."""

import json
import math
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from judging.logic.commands.tables import TableError

NEEDED: Any = object()
KINDS = {
    str: "a text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    list: "a list",
    dict: "an object",
}
MOST = 1_000_000_000


def read_document(path: str) -> Any:
    """The JSON value of a file, or of standard input for "-". Raises TableError."""
    try:
        data = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
        return json.loads(data.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_constant)
    except OSError as error:
        raise TableError([f"{path}: {error.strerror or error}."]) from None
    except UnicodeDecodeError:
        raise TableError([f"{path}: this is not UTF-8."]) from None
    except json.JSONDecodeError as error:
        raise TableError(
            [f"{path}, line {error.lineno}, column {error.colno}: this is not JSON: {error.msg}."]
        ) from None
    except (ValueError, RecursionError) as error:
        raise TableError([f"{path}: this is not JSON that can be read: {error}."]) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(key for key, _value in pairs if [name for name, _v in pairs].count(key) > 1)
        raise ValueError(f"key {twice!r} is there twice in one object")
    return found


def _constant(name: str) -> Any:
    raise ValueError(f"{name} is not a number")


def stop(place: str, text: str) -> TableError:
    """The fault at this place of the document."""
    return TableError([f"{place or 'the document'}: {text}"])


def typed(value: Any, kind: type, place: str, *, least: float = -MOST, most: float = MOST) -> Any:
    """The value, if it is of this kind and, being a number, between least and most."""
    fits = isinstance(value, (int, float) if kind is float else kind)
    if not fits or (isinstance(value, bool) and kind is not bool):
        raise stop(place, f"must be {KINDS[kind]}, not {json.dumps(value, ensure_ascii=False)[:60]}.")
    if kind in (int, float) and not (math.isfinite(value) and least <= value <= most):
        raise stop(place, f"is {value}; it must be from {least:g} to {most:g}.")
    if kind is str and not value:
        raise stop(place, "must not be empty.")
    return value


class Fields:
    """The fields of an object; those that nobody has asked for are faults at the end."""

    def __init__(self, value: Any, place: str) -> None:
        self.value: Mapping[str, Any] = typed(value, dict, place)
        self.place, self.asked = place, set[str]()

    def at(self, name: str) -> str:
        """The place of a field."""
        return f"{self.place}.{name}" if self.place else name

    def get(self, name: str, kind: type, default: Any = NEEDED, **limits: float) -> Any:
        """A field of this kind; without a default it must be there."""
        self.asked.add(name)
        if name not in self.value:
            if default is NEEDED:
                raise stop(self.place, f"{name!r} is missing.")
            return default
        return typed(self.value[name], kind, self.at(name), **limits)

    def texts(self, name: str, known: Any = None, what: str = "") -> tuple[str, ...]:
        """A list of different texts, empty if it is not there; each must be one of `known`."""
        found = []
        for number, one in enumerate(self.get(name, list, [])):
            place = f"{self.at(name)}[{number}]"
            text = typed(one, str, place)
            if known is not None and text not in known:
                raise stop(place, f"there is no {what} {text!r}.")
            if text in found:
                raise stop(place, f"{text!r} is there twice.")
            found.append(text)
        return tuple(found)

    def rows(self, name: str, default: Any = ()) -> "list[Fields]":
        """A list of objects."""
        rows = self.get(name, list, default)
        return [Fields(one, f"{self.at(name)}[{number}]") for number, one in enumerate(rows)]

    def end(self) -> None:
        """Refuse what nobody has asked for."""
        for name in self.value:
            if name not in self.asked:
                raise stop(
                    self.place, f"there is no field {name!r}; known are {', '.join(sorted(self.asked))}."
                )
