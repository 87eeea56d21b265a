"""Striking a person's addresses and names out of texts that stay."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import JSONField, Model, Q, QuerySet, TextField
from django.db.models.functions import Cast

STRUCK = "[…]"
BATCH = 500


@dataclass(frozen=True, slots=True)
class Needles:
    """What a person is called: addresses in any case, names as whole words.

    A name of one character is only struck out where it stands alone: in a sentence it may be anything.
    """

    addresses: tuple[str, ...]
    names: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        return tuple(text for text in (*self.addresses, *self.names) if text)

    def pattern(self) -> re.Pattern[str] | None:
        """One pattern, the longest first, so that no half of a name is left."""
        parts = [(text, True) for text in self.addresses] + [(text, False) for text in self.names]
        parts = [(text, address) for text, address in parts if len(text) > 1]
        if not parts:
            return None
        parts.sort(key=lambda part: -len(part[0]))
        return re.compile("|".join(_part(text, address) for text, address in parts))

    def out_of(self, value: Any, forget: tuple[str, ...] = ()) -> Any:
        """The value (text, or JSON) without them; `forget` are keys whose texts are struck out whatever they say."""
        return _walk(value, self.pattern(), frozenset(self.all), forget)


def _part(text: str, address: bool) -> str:
    escaped = re.escape(text)
    if address:
        return rf"(?<![\w.+-])(?i:{escaped})(?![\w-])"
    before = r"(?<!\w)" if _spaced(text[0]) else ""
    after = r"(?!\w)" if _spaced(text[-1]) else ""
    return f"{before}{escaped}{after}"


def _spaced(char: str) -> bool:
    """Whether the script puts spaces between words: then a name is one only between them."""
    return char.isalnum() and ord(char) < 0x2E80


def _walk(value: Any, pattern: re.Pattern[str] | None, whole: frozenset[str], forget: tuple[str, ...]) -> Any:
    if isinstance(value, str):
        if value in whole:
            return STRUCK
        return pattern.sub(STRUCK, value) if pattern else value
    if isinstance(value, list):
        return [_walk(each, pattern, whole, forget) for each in value]
    if isinstance(value, dict):
        return {
            key: STRUCK if key in forget and each else _walk(each, pattern, whole, forget)
            for key, each in value.items()
        }
    return value


def scrub(rows: QuerySet[Any], columns: Iterable[str], needles: Needles, forget: tuple[str, ...] = ()) -> int:
    """Strike the needles out of these columns of these rows, batch by batch; gives how many rows changed."""
    columns, changed = tuple(columns), []
    count = 0
    for row in rows.only("pk", *columns).iterator(chunk_size=BATCH):
        before = {column: getattr(row, column) for column in columns}
        after = {column: needles.out_of(value, forget) for column, value in before.items()}
        if after != before:
            for column, value in after.items():
                setattr(row, column, value)
            changed.append(row)
        if len(changed) >= BATCH:
            count += _write(rows.model, changed, columns)
            changed = []
    return count + _write(rows.model, changed, columns)


def _write(model: type[Model], rows: list[Any], columns: tuple[str, ...]) -> int:
    if rows:
        model._default_manager.bulk_update(rows, columns)
    return len(rows)


def containing(rows: QuerySet[Any], column: str, texts: Iterable[str]) -> QuerySet[Any]:
    """Those rows in whose column, text or JSON, one of the texts stands; what `scrub` is then let loose on."""
    wanted = Q(pk__in=[])
    is_json = isinstance(rows.model._meta.get_field(column), JSONField)
    for text in texts:
        wanted |= Q(as_text__icontains=text)
        if is_json:  # SQLite keeps JSON in ASCII
            wanted |= Q(as_text__icontains=json.dumps(text)[1:-1])
    return rows.annotate(as_text=Cast(column, TextField())).filter(wanted)
