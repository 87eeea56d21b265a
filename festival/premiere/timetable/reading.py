"""JSON strictly read, with every fault named by its place. Values of one object are asked for by name."""

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

NEEDED: Any = object()
KINDS = {
    str: "a text",
    int: "a whole number",
    bool: "true or false",
    list: "a list",
    dict: "an object",
}
MOST = 10_000_000


class Fault(ValueError):
    """A sentence that says where the document is wrong, and how."""


def read_json(path: Path) -> Any:
    """The value of a file. Raises Fault."""
    try:
        return json.loads(path.read_bytes().decode("utf-8-sig"), object_pairs_hook=_once)
    except OSError as error:
        raise Fault(f"{path}: {error.strerror or error}.") from None
    except UnicodeDecodeError:
        raise Fault(f"{path}: this is not UTF-8.") from None
    except json.JSONDecodeError as error:
        raise Fault(
            f"{path}, line {error.lineno}, column {error.colno}: this is not JSON: {error.msg}."
        ) from None
    except (ValueError, RecursionError) as error:
        raise Fault(f"{path}: this is not JSON that can be read: {error}.") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _value in pairs]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"field {name!r} is there twice in one object")
    return dict(pairs)


def fault(place: str, text: str) -> Fault:
    """The fault at this place."""
    return Fault(f"{place or 'the document'}: {text}")


def typed(value: Any, kind: Any, place: str, *, least: int = 0, most: int = MOST) -> Any:
    """The value, if it is of this kind and, being a number, between least and most."""
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise fault(place, f"must be {KINDS[kind]}, not {json.dumps(value, ensure_ascii=False)[:60]}.")
    if kind is int and not least <= value <= most:
        raise fault(place, f"is {value}; it must be from {least} to {most}.")
    if kind is str and not value.strip():
        raise fault(place, "must not be empty.")
    return value


class Fields:
    """The fields of an object; those that nobody has asked for are faults at the end."""

    def __init__(self, value: Any, place: str) -> None:
        self.value: Mapping[str, Any] = typed(value, dict, place)
        self.place, self.asked = place, set[str]()

    def at(self, name: str) -> str:
        """The place of a field."""
        return f"{self.place}.{name}" if self.place else name

    def has(self, name: str) -> bool:
        """Whether the field is there and not null."""
        self.asked.add(name)
        return self.value.get(name) is not None

    def get(self, name: str, kind: Any, default: Any = NEEDED, **limits: int) -> Any:
        """A field of this kind; without a default it must be there."""
        self.asked.add(name)
        if name not in self.value:
            if default is NEEDED:
                raise fault(self.place, f"{name!r} is missing.")
            return default
        return typed(self.value[name], kind, self.at(name), **limits)

    def one_of(self, name: str, known: Collection[str], what: str, default: Any = NEEDED) -> str:
        """A text that must be one of the known ones."""
        text: str = self.get(name, str, default)
        if text != default and text not in known:
            raise fault(self.at(name), f"there is no {what} {text!r}.")
        return text

    def texts(self, name: str, known: Collection[str] | None = None, what: str = "") -> tuple[str, ...]:
        """A list of different texts, empty if it is not there; each must be one of the known ones."""
        found: list[str] = []
        for number, one in enumerate(self.get(name, list, [])):
            place = f"{self.at(name)}[{number}]"
            text = typed(one, str, place)
            if known is not None and text not in known:
                raise fault(place, f"there is no {what} {text!r}.")
            if text in found:
                raise fault(place, f"{text!r} is there twice.")
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
                raise fault(
                    self.place, f"there is no field {name!r}; known are {', '.join(sorted(self.asked))}."
                )
