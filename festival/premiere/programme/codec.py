"""The programme document as JSON: `to_json`, and `from_json`, which takes nothing that it would not write itself.

The shape follows the dataclasses of `document`: names are keys, tuples lists, moments "2027-04-16T11:00:00Z", days
"2027-04-16", texts {"en": "…", "zh": "…"}. Every key is always there; one that is not known is refused, so that nothing
is lost in silence.
"""

import json
import types
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from festival.premiere.programme.document import FORMAT, Faulty, Programme

MOMENT = "%Y-%m-%dT%H:%M:%SZ"


def to_json(programme: Programme) -> dict[str, Any]:
    """The document as JSON values, with the number of its format."""
    return {"format": FORMAT, **_plain(programme)}


def from_json(document: Any) -> Programme:
    """The programme that `document` holds. Raises Faulty with the place in it that is wrong."""
    if not isinstance(document, dict):
        raise Faulty("", "is no programme document")
    if document.get("format") != FORMAT or isinstance(document.get("format"), bool):
        raise Faulty("format", f"is not {FORMAT}")
    read = _read("", {key: value for key, value in document.items() if key != "format"}, Programme)
    assert isinstance(read, Programme)
    return read


def as_bytes(programme: Programme) -> bytes:
    """The document in its one byte form, UTF-8: what is stored, served and digested."""
    return json.dumps(to_json(programme), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {name: _plain(getattr(value, name)) for name in _names(value.__class__)}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, datetime):
        return _moment(value)
    return value.isoformat() if isinstance(value, date) else value


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _read(where: str, value: Any, kind: Any) -> Any:
    if get_origin(kind) is types.UnionType:  # X | None
        return None if value is None else _read(where, value, get_args(kind)[0])
    if get_origin(kind) is tuple:
        if not isinstance(value, list):
            raise Faulty(where, "is no list")
        return tuple(_read(f"{where}[{number}]", one, get_args(kind)[0]) for number, one in enumerate(value))
    if is_dataclass(kind):
        return _read_object(where, value, kind)
    if kind is int or kind is bool:
        if type(value) is not kind:
            raise Faulty(where, "is no whole number" if kind is int else "is neither true nor false")
        return value
    if not isinstance(value, str):
        raise Faulty(where, "is no text")
    return _read_text(where, value, kind)


def _read_object(where: str, value: Any, kind: Any) -> Any:
    if not isinstance(value, dict):
        raise Faulty(where, "is no object")
    names = _names(kind)
    if more := sorted(set(value) - set(names), key=str):
        raise Faulty(_at(where, str(more[0])), "is not known")
    for name in names:
        if name not in value:
            raise Faulty(_at(where, name), "is missing")
    hints = _hints(kind)
    return kind(**{name: _read(_at(where, name), value[name], hints[name]) for name in names})


def _read_text(where: str, value: str, kind: Any) -> Any:
    if kind is str:
        try:
            value.encode()
        except UnicodeEncodeError:  # half of a surrogate pair
            raise Faulty(where, "is no text that can be written") from None
        return value
    try:
        if issubclass(kind, StrEnum):
            return kind(value)
        if kind is datetime:
            read: date = datetime.strptime(value, MOMENT).replace(tzinfo=UTC)
            same = isinstance(read, datetime) and _moment(read) == value
        else:
            read = date.fromisoformat(value)
            same = read.isoformat() == value
    except ValueError:
        same = False
    if not same:
        expected = "moment in UTC" if kind is datetime else "day" if kind is date else "word that it can be"
        raise Faulty(where, f"is no {expected}")
    return read


def _at(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name
