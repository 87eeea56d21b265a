"""Pages of a long list by where the last one ended (keyset), not by counting rows away.

A page begins behind a row or ends before one: each costs the same however far down it lies, and rows that are added
meanwhile neither repeat a row nor leave one out. Knows querysets, no model.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict

COUNTED = 10_000
"""How far rows are counted: more are told as "more than"."""


@dataclass(frozen=True, slots=True)
class Order:
    """A column to sort by, never null; equal values follow their ids in the same direction."""

    name: str  # in the address
    column: str
    falling: bool = False
    read: Callable[[str], Any] = str

    @property
    def turned(self) -> "Order":
        return Order(self.name, self.column, not self.falling, self.read)

    def sorted(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        sign = "-" if self.falling else ""
        return rows.order_by(f"{sign}{self.column}", f"{sign}pk")

    def behind(self, rows: QuerySet[Any], mark: "Mark") -> QuerySet[Any]:
        """The rows that follow the marked one. The first condition alone lets an index find the place."""
        way = "lt" if self.falling else "gt"
        near = Q(**{f"{self.column}__{way}e": mark.value})
        past = Q(**{f"{self.column}__{way}": mark.value}) | Q(**{f"pk__{way}": mark.pk})
        return rows.filter(near).filter(past)


@dataclass(frozen=True, slots=True)
class Mark:
    """The place of a row: its value in the column, and its id."""

    value: Any
    pk: int

    def __str__(self) -> str:
        value = self.value.isoformat() if isinstance(self.value, datetime) else str(self.value)
        return f"{self.pk}.{value}"


@dataclass(frozen=True, slots=True)
class KeysetPage:
    """`first` is the number of the first row among all, from 1; `total` is None where more than COUNTED fit."""

    rows: Sequence[Any]
    first: int | None
    total: int | None
    before: str = ""  # marks for the address; empty where there is nothing
    after: str = ""

    def __iter__(self) -> Any:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def last(self) -> int | None:
        return self.first + len(self.rows) - 1 if self.first is not None and self.rows else None


def mark_of(text: str, order: Order) -> Mark | None:
    """The mark in an address; None where it is none."""
    number, dot, value = text.partition(".")
    if not dot or not number.isascii() or not number.isdigit() or len(number) > 18 or "\x00" in value:
        return None
    try:
        return Mark(order.read(value), int(number))
    except ValueError:
        return None


def aware(text: str) -> datetime:
    """A moment as `Mark` writes it. ValueError without a zone."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment


def keyset_page(
    rows: QuerySet[Any],
    order: Order,
    asked: QueryDict,
    size: int,
    *,
    total: int | None = None,
    numbered: bool = True,
) -> KeysetPage:
    """The page that the address asks for by `after` or `before`; the first one without, or where they mean nothing.

    Only ids are fetched. `total` where it is known; not `numbered`: where counting the rows before it is dear, a page
    beyond the first does not say its place. At most four queries.
    """
    after, before = (mark_of(asked.get(name, ""), order) for name in ("after", "before"))
    if total is None:
        total = count_of(rows)
    found, more = _fetch(rows, order, after, size)
    if after is not None and not found:  # what stood behind the mark is gone
        after = None
        found, more = _fetch(rows, order, None, size)
    elif after is None and before is not None:
        found, more = _fetch(rows, order.turned, before, size)
        found.reverse()
        if not more:  # it reached the beginning: a whole first page is worth more than half of one
            found, more = _fetch(rows, order, None, size)
            before = None
    if not found:
        return KeysetPage((), None, _said(total))
    first, last = found[0], found[-1]
    backwards = after is None and before is not None
    has_after = True if backwards else more
    has_before = more if backwards else after is not None
    earlier = 0 if not has_before else count_of(order.turned.behind(rows, first)) if numbered else COUNTED + 1
    return KeysetPage(
        rows=[mark.pk for mark in found],
        first=earlier + 1 if earlier <= COUNTED else None,
        total=_said(total),
        before=str(first) if earlier else "",
        after=str(last) if has_after else "",
    )


def _fetch(rows: QuerySet[Any], order: Order, mark: Mark | None, size: int) -> tuple[list[Mark], bool]:
    """Marks of the next rows behind a mark, and whether there are more."""
    wanted = order.sorted(order.behind(rows, mark) if mark else rows)
    found = [Mark(value, pk) for value, pk in wanted.values_list(order.column, "pk")[: size + 1]]
    return found[:size], len(found) > size


def count_of(rows: QuerySet[Any]) -> int:
    """How many rows, counted to one more than COUNTED."""
    return rows.order_by()[: COUNTED + 1].count()


def _said(total: int) -> int | None:
    return total if total <= COUNTED else None
