"""A long list of keys asked of the database as one value."""

import json
from collections.abc import Iterable
from typing import Any

from django.db.models import F, Lookup


class Among(Lookup):
    """Whether a whole number of a row is one of these: `rows.filter(Among("entry_id", ids))`.

    `__in` says the same, but prepares each key alone and writes it into the question, which for a thousand keys takes
    longer than the answer.
    """

    prepare_rhs = False

    def __init__(self, name: Any, keys: Any) -> None:
        """`name` of the column; `keys` are whole numbers. Also called with what was made of both before."""
        made = isinstance(keys, str)
        super().__init__(F(name) if isinstance(name, str) else name, keys if made else _written(keys))

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} IN (SELECT value FROM json_each(%s))", (*params, self.rhs)  # noqa: S608  (no value in it)

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY(translate(%s::text, '[]', '{{}}')::bigint[])", (*params, self.rhs)


def _written(keys: Iterable[int]) -> str:
    return json.dumps([int(key) for key in keys])
