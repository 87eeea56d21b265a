"""What a decision about personal data says: how rows are a person's, what a copy holds, what deletion does."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils.functional import Promise


class Fate(StrEnum):
    """What becomes of an entry when the account of its entrant is deleted.

    `DRAFT`: nobody but its makers saw it: it goes as a whole. `CLOSED`: withdrawn, not admitted, or not among the
    laureates: it is emptied, and what happened stays. `SHOWN`: a laureate, or in the published programme: what was
    published stays. `RUNNING`: still in the competition: it stands in the way.
    """

    DRAFT = "draft"
    CLOSED = "closed"
    SHOWN = "shown"
    RUNNING = "running"


class Act(StrEnum):
    DELETE = "delete"
    BLANK = "blank"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class End:
    """What deletion does with rows: all of them, or those that fit `only`.

    `values` are put into the columns (values or expressions); `scrub` are columns in which the person's addresses and
    names are struck out wherever they stand in a longer text or in JSON; `forget` are keys of that JSON whose values
    are struck out as a whole. `why` is the key of a reason (`personal.reasons`), needed wherever something stays.
    """

    act: Act
    why: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    scrub: tuple[str, ...] = ()
    only: Q = field(default_factory=Q)
    forget: tuple[str, ...] = ()


DELETE = End(Act.DELETE)


def delete(only: Q) -> End:
    return End(Act.DELETE, only=only)


def blank(why: str, *, scrub: tuple[str, ...] = (), only: Q | None = None, **values: Any) -> End:
    return End(Act.BLANK, why, values, scrub, only or Q())


def keep(why: str, *, scrub: tuple[str, ...] = (), forget: tuple[str, ...] = ()) -> End:
    return End(Act.KEEP, why, {}, scrub, forget=forget)


@dataclass(frozen=True, slots=True)
class Way:
    """How rows are an account's: `by` is the lookup to it; `email` a column that may hold one of its addresses.

    `columns` are exported, as "name" or "name=lookup". `ends` is what deletion does with these rows. `others`: rows
    of other people's entries in which the account is named; its own entries are left out. `shown`: of these rows, those
    that a copy holds.
    """

    by: str = ""
    email: str = ""
    columns: tuple[str, ...] = ()
    ends: tuple[End, ...] = ()
    others: bool = False
    shown: Q = field(default_factory=Q)
    name: str = ""  # of the file in the copy; else that of the holding


@dataclass(frozen=True, slots=True)
class Holding:
    """The decision over one model.

    `ways`: rows found by the account itself. `entry`: lookups from the model to an entry; `columns` of those rows are
    exported to the entrant, and `ends` says by fate what deletion does with them. `code`: the column that holds an
    entry's code as text, where there is no relation. `did`: columns that name the account as the one who did
    something for the team or in an entry; they are exported as what, which and when (`at`) and go on naming the
    account that is without a name by then. `held`: columns that no copy holds, each with the key of a reason.
    `shown`: of an entry's rows, those that its entrant may read. `term`: the key of how long it is kept while nobody
    asks.
    """

    model: type[Model]
    key: str
    says: str | Promise
    ways: tuple[Way, ...] = ()
    entry: tuple[str, ...] = ()
    code: str = ""
    columns: tuple[str, ...] = ()
    shown: Q = field(default_factory=Q)
    ends: Mapping[Fate, tuple[End, ...]] = field(default_factory=dict)
    did: tuple[str, ...] = ()
    at: str = ""
    held: Mapping[str, str] = field(default_factory=dict)
    term: str = "edition"

    @property
    def label(self) -> str:
        return self.model._meta.label

    def rows(self) -> QuerySet[Any]:
        return self.model._default_manager.order_by("pk")

    def of_entries(self, entries: QuerySet[Any]) -> QuerySet[Any]:
        """The rows that belong to these entries."""
        if self.code:
            return self.rows().filter(**{f"{self.code}__in": entries.order_by().values("code")})
        wanted = Q(pk__in=[])
        for lookup in self.entry:
            wanted |= Q(**{f"{lookup}__in": entries.order_by().values("pk")})
        return self.rows().filter(wanted)

    def of_account(self, way: Way, user_id: int, addresses: tuple[str, ...]) -> QuerySet[Any]:
        """The rows that are the account's in this way."""
        wanted = Q(pk__in=[])
        if way.by:
            wanted |= Q(**{way.by: user_id})
        if way.email:
            wanted |= Q(**{f"{way.email}__in": addresses})
        rows = self.rows().filter(wanted)
        return rows.exclude(entry__entrant=user_id) if way.others else rows

    def done_by(self, user_id: int) -> QuerySet[Any]:
        """The rows that name the account as the one who did something."""
        wanted = Q(pk__in=[])
        for column in self.did:
            wanted |= Q(**{column: user_id})
        return self.rows().filter(wanted)

    def all_ends(self) -> Iterator[tuple[str, End]]:
        """Every end with where it holds: a fate of the entry, or "account"."""
        for way in self.ways:
            for end in way.ends:
                yield "others" if way.others else "account", end
        for fate, ends in self.ends.items():
            for end in ends:
                yield fate.value, end


def named(column: str) -> tuple[str, str]:
    """The key and the lookup of an exported column."""
    name, _equals, lookup = column.partition("=")
    return name, lookup or name
