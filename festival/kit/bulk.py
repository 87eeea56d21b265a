"""Very many rows at once."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connections, router
from django.db.models import Model


def insert(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows of plain values (numbers, text, decimals, None): on PostgreSQL as one stream, else in one statement
    that the driver repeats.

    `columns`: the attributes, in the order of the values; all that have no default in the database. What
    `bulk_create` does besides is left out: instances, their defaults, signals, numbers given back. That is a fifth of
    its time. Constraints hold as ever.
    """
    connection = connections[router.db_for_write(model)]
    fields = {field.attname: field.column for field in model._meta.concrete_fields}
    quoted = ", ".join(connection.ops.quote_name(fields[name]) for name in columns)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with connection.wrap_database_errors, cursor.copy(f"COPY {table} ({quoted}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        places = ", ".join(["%s"] * len(columns))
        cursor.executemany(f"INSERT INTO {table} ({quoted}) VALUES ({places})", rows)  # noqa: S608  (names of columns)
