"""What the technicians' desk lists."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Count, OuterRef, Subquery
from django.http import QueryDict

from festival.edition.models import Edition
from festival.kit import remembered
from festival.kit.csv_table import Cell
from festival.kit.keyset import KeysetPage, Order, aware, count_of, keyset_page
from festival.kit.names import country_codes, language_codes
from festival.kit.words import short_language
from submissions import queries
from submissions.desk_filters import Filters, filtered, late, submitted
from submissions.export import Column, Row, table_rows
from submissions.finding_words import rule_title
from submissions.lifecycle import State
from submissions.match_queries import badges_of
from submissions.models import Entry, FindingRow, Inspection, StatementFinding

PAGE = 50
SHOWN_AT_MOST = 50


ORDERS = (
    Order("submitted", "submitted_at", read=aware),
    Order("title", "title"),
    Order("director", "director"),
    Order("code", "code"),
)
USUAL_ORDER = ORDERS[0].turned
"""The last submitted first."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """One line of the table: what its cells are made of, and whether its film is like another."""

    row: Row
    cells: list[tuple[Column, Cell]]
    has_match: bool
    has_double: bool

    @property
    def entry(self) -> Entry:
        return self.row.entry

    @property
    def newest(self) -> Inspection | None:
        return self.row.inspection


def order_of(asked: str) -> Order:
    """The order that an address names, "-" before it for falling; the usual one where it names none."""
    found = next((order for order in ORDERS if order.name == asked.removeprefix("-")), None)
    if found is None:
        return USUAL_ORDER
    return found.turned if asked.startswith("-") else found


def entries_page(
    edition: Edition, filters: Filters, asked: QueryDict, columns: Sequence[Column], total: int | None = None
) -> KeysetPage:
    """The page that an address asks for, of `TableRow`; `total` where it is known. At most fourteen queries."""
    rows, order = filtered(edition, filters), order_of(asked.get("sort", ""))
    page = keyset_page(rows, order, asked, PAGE, total=total, numbered=cheap(filters))
    alike, doubled = badges_of(page.rows)
    rows = [
        TableRow(
            row,
            [(column, column.cell(row)) for column in columns],
            row.entry.pk in alike,
            row.entry.pk in doubled,
        )
        for row in table_rows(edition, page.rows, columns)
    ]
    return replace(page, rows=rows)


def count_fitting(edition: Edition, filters: Filters, counts: Mapping[str, int]) -> int:
    """How many entries fit. Known from `counts` (by state) without filters or with states alone; else counted, of an
    edition of many as it was at most a minute ago. Two queries.
    """
    if cheap(filters):
        return sum(counts.get(state, 0) for state in filters.state) if filters.state else counts[""]
    key = hashlib.sha256(filters.query.encode()).hexdigest()
    return remembered.figures(
        f"fitting-{edition.pk}-{key}", lambda: count_of(filtered(edition, filters)), lambda _found: counts[""]
    )


def cheap(filters: Filters) -> bool:
    """Whether an index counts what they show."""
    return {name for name, _value in filters.pairs} <= {"state"}


def origin_counts(edition: Edition) -> tuple[dict[str, int], dict[str, int]]:
    """How many submitted entries name each country, and each spoken language, most first; as they are stored. Of many
    as they were at most a minute ago. Two queries.
    """
    return remembered.figures(
        f"origins-{edition.pk}", lambda: _count_origins(edition), lambda found: sum(found[0].values())
    )


def _count_origins(edition: Edition) -> tuple[dict[str, int], dict[str, int]]:
    found = []
    for column, codes in (("country", country_codes), ("language", language_codes)):
        counts: Counter[str] = Counter()
        rows = submitted(edition).exclude(**{column: ""}).order_by().values_list(column)
        for stored, count in rows.annotate(count=Count("pk")):
            counts.update(dict.fromkeys(codes(stored), count))
        found.append(dict(sorted(counts.items(), key=lambda row: (-row[1], row[0]))))
    return found[0], found[1]


def late_count(edition: Edition, at: datetime, waiting: int) -> int:
    """How many of the entries that wait for a decision (`waiting`) are late; where many wait as it was at most a minute
    ago. One query.
    """
    looked_up = 4 * waiting  # rows: each of them in other tables too
    return remembered.figures(
        f"late-{edition.pk}", lambda: late(edition, at).count(), lambda _count: looked_up
    )


def finding_counts(edition: Edition) -> list[tuple[str, str, int]]:
    """Rule, its name in the reader's language, and how many submitted entries break it, most first.

    Of films and of AI statements; of many as they were at most a minute ago. Two queries.
    """
    counts = remembered.figures(
        f"findings-{edition.pk}",
        lambda: _count_findings(edition),
        lambda found: sum(count for _rule, count in found),
    )
    language = short_language()
    counts = sorted(counts, key=lambda row: (-row[1], row[0]))
    return [(rule, rule_title(rule, language), count) for rule, count in counts]


def _count_findings(edition: Edition) -> list[tuple[str, int]]:
    of_films = FindingRow.objects.filter(
        inspection__in=queries.newest_inspections(edition, submitted=True).values("pk")
    )
    of_statements = StatementFinding.objects.filter(entry__edition=edition, entry__submitted_at__isnull=False)
    return [
        (rule, count)
        for rows in (of_films, of_statements)
        for rule, count in rows.order_by().values_list("rule").annotate(count=Count("pk"))
    ]


def state_counts(edition: Edition) -> dict[str, int]:
    """How many submitted entries stand in each state, "" for all."""
    rows = submitted(edition).order_by().values_list("state").annotate(count=Count("*"))
    counts = dict(rows)
    return {"": sum(counts.values()), **{state: counts[state] for state in State.values if state in counts}}


# What a line about an inspection shows; texts of entries and reports stay in the database.
IN_QUEUE = (
    "state", "stage", "progress", "attempts", "queued_at", "started_at", "finished_at", "verdict", "error", "length",
    "version__size", "version__entry__code", "version__entry__title", "version__entry__submitted_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Queue:
    """The inspections of an edition: what waits, runs, failed, and was finished in the last 24 hours."""

    waiting: list[Inspection]
    waiting_count: int
    running: list[Inspection]
    running_count: int
    failed: list[Inspection]
    finished: list[Inspection]

    @property
    def busy(self) -> bool:
        return bool(self.waiting or self.running)


def queue(edition: Edition, at: datetime) -> Queue:
    """Five queries. A failed inspection is listed until the film is inspected again."""
    rows = Inspection.objects.filter(version__entry__edition=edition)
    counts = rows.filter(state__in=(Inspection.State.QUEUED, Inspection.State.RUNNING)).order_by()
    count = dict(counts.values_list("state").annotate(count=Count("pk")))
    rows = rows.select_related("version__entry").only(*IN_QUEUE)
    waiting = rows.filter(state=Inspection.State.QUEUED).order_by("queued_at", "pk")
    running = rows.filter(state=Inspection.State.RUNNING).order_by("started_at", "pk")
    newer = Inspection.objects.filter(version__entry=OuterRef("version__entry"), pk__gt=OuterRef("pk"))
    failed = rows.filter(state=Inspection.State.FAILED).alias(newer=Subquery(newer.values("pk")[:1]))
    done = rows.filter(state=Inspection.State.DONE, finished_at__gte=at - timedelta(hours=24))
    return Queue(
        waiting=list(waiting[:SHOWN_AT_MOST]),
        waiting_count=count.get(Inspection.State.QUEUED, 0),
        running=list(running[:SHOWN_AT_MOST]),
        running_count=count.get(Inspection.State.RUNNING, 0),
        failed=list(failed.filter(newer__isnull=True).order_by("-finished_at", "-pk")[:SHOWN_AT_MOST]),
        finished=list(done.order_by("-finished_at", "-pk")[:SHOWN_AT_MOST]),
    )
