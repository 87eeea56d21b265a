"""What the technicians' desk lists."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from festival.edition.form_rules import read_form
from festival.edition.models import Edition
from festival.kit import clock
from festival.kit.words import short_language
from submissions import match_queries, queries, statement_queries
from submissions.finding_words import rule_title
from submissions.lifecycle import State
from submissions.list_registry import FilmList
from submissions.models import Entry, FindingRow, Inspection, StatementFinding
from submissions.statement.rules import DIFFERENCE, STATEMENT_RULES

PAGE = 50
SHOWN_AT_MOST = 50


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for; unknown values count as not asked."""

    search: str = ""
    state: str = ""
    track: str = ""
    verdict: str = ""
    finding: str = ""
    tool: str = ""
    match: str = ""
    late: str = ""
    film_list: FilmList | None = None

    @property
    def any(self) -> bool:
        return bool(self.query)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The filters that are set, by the names that they have in an address."""
        asked = {
            "q": self.search,
            "state": self.state,
            "track": self.track,
            "verdict": self.verdict,
            "finding": self.finding,
            "tool": self.tool,
            "match": self.match,
            "late": self.late,
            "list": self.film_list.key if self.film_list else "",
        }
        return [(name, value) for name, value in asked.items() if value]

    @property
    def query(self) -> str:
        """The filters as an address carries them, with its question mark; empty without any."""
        text = urlencode(self.pairs)
        return f"?{text}" if text else ""


def submitted(edition: Edition) -> QuerySet[Entry]:
    """Every entry that the desk may see."""
    return Entry.objects.filter(edition=edition, submitted_at__isnull=False)


def filtered(edition: Edition, filters: Filters) -> QuerySet[Entry]:
    """The submitted entries that the filters show."""
    rows = submitted(edition)
    if filters.search:
        word = filters.search
        rows = rows.filter(
            Q(title__icontains=word)
            | Q(title_en__icontains=word)
            | Q(director__icontains=word)
            | Q(code__iexact=word)
        )
    if filters.state:
        rows = rows.filter(state=filters.state)
    if filters.track:
        rows = rows.filter(track__slug=filters.track)
    if filters.verdict:
        newest = Inspection.objects.filter(version__entry_id=OuterRef("pk")).order_by(
            "-version__number", "-pk"
        )
        rows = rows.alias(newest_verdict=Subquery(newest.values("verdict")[:1]))
        rows = rows.filter(newest_verdict=filters.verdict)
    if filters.finding in (*STATEMENT_RULES, DIFFERENCE):
        broken = StatementFinding.objects.filter(rule=filters.finding, entry__edition=edition)
        rows = rows.filter(pk__in=broken.values("entry_id"))
    elif filters.finding:
        found = FindingRow.objects.filter(
            rule=filters.finding, inspection__in=queries.newest_inspections(edition).values("pk")
        )
        rows = rows.filter(pk__in=found.values("inspection__version__entry_id"))
    if filters.tool:
        rows = rows.filter(pk__in=statement_queries.naming(edition, filters.tool).values("entry_id"))
    if filters.match == "open":
        rows = rows.filter(match_queries.with_open())
    elif filters.match:
        rows = rows.filter(match_queries.with_other_account())
    if filters.film_list:
        rows = rows.filter(pk__in=filters.film_list.entries())
    if filters.late:
        rows = rows.filter(pk__in=late(edition, clock.now()).values("pk"))
    return rows


def late(edition: Edition, at: datetime) -> QuerySet[Entry]:
    """Submitted entries for which a promise was not kept: those of which `service.turn_of` says so."""
    promises = read_form(edition.form).promises
    newest = Inspection.objects.filter(version__entry_id=OuterRef("pk")).order_by("-version__number", "-pk")
    columns = {
        f"newest_{name}": Subquery(newest.values(name)[:1])
        for name in ("verdict", "queued_at", "finished_at")
    }
    rows = submitted(edition).filter(state=State.SUBMITTED).alias(**columns)
    overdue = Q(pk__in=())
    if promises.inspection_hours:
        since = at - timedelta(hours=promises.inspection_hours)
        waiting = Q(newest_verdict="") | Q(newest_verdict__isnull=True)
        queued = Q(newest_queued_at__lte=since) | Q(newest_queued_at__isnull=True)
        overdue |= waiting & queued & Q(submitted_at__lte=since)
    if promises.decision_days:
        since = at - timedelta(days=promises.decision_days)
        done = Q(newest_finished_at__lte=since) | Q(newest_finished_at__isnull=True)
        overdue |= ~Q(newest_verdict="") & Q(newest_verdict__isnull=False) & done & Q(submitted_at__lte=since)
    return rows.filter(overdue)


def entries_page(edition: Edition, filters: Filters, number: object) -> Page:
    """One page of entries, newest first, each with `newest` (its inspection or None). Four queries."""
    rows = filtered(edition, filters)
    rows = queries.with_inspection(rows.select_related("track").order_by("-submitted_at", "-pk"))
    rows = rows.annotate(has_match=match_queries.with_open(), has_double=match_queries.with_other_account())
    page = Paginator(rows, PAGE).get_page(number)
    entries = list(page.object_list)
    inspections = queries.inspections_of(entries)
    for entry in entries:
        entry.newest = inspections.get(entry.pk)
    page.object_list = entries
    return page


def finding_counts(edition: Edition) -> list[tuple[str, str, int]]:
    """Rule, its name in the reader's language, and how many submitted entries break it, most first.

    Of films and of AI statements. Two queries.
    """
    of_films = FindingRow.objects.filter(
        inspection__in=queries.newest_inspections(edition).values("pk"),
        inspection__version__entry__submitted_at__isnull=False,
    )
    of_statements = StatementFinding.objects.filter(entry__edition=edition, entry__submitted_at__isnull=False)
    counts = [
        (rule, count)
        for rows in (of_films, of_statements)
        for rule, count in rows.order_by().values_list("rule").annotate(count=Count("pk"))
    ]
    language = short_language()
    counts.sort(key=lambda row: (-row[1], row[0]))
    return [(rule, rule_title(rule, language), count) for rule, count in counts]


def state_counts(edition: Edition) -> dict[str, int]:
    """How many submitted entries stand in each state, "" for all."""
    rows = submitted(edition).order_by().values_list("state").annotate(count=Count("pk"))
    counts = dict(rows)
    return {"": sum(counts.values()), **{state: counts[state] for state in State.values if state in counts}}


@dataclass(frozen=True, slots=True)
class Queue:
    """The inspections of an edition: what waits, runs, failed, and was finished in the last 24 hours."""

    waiting: list[Inspection]
    waiting_count: int
    running: list[Inspection]
    failed: list[Inspection]
    finished: list[Inspection]

    @property
    def busy(self) -> bool:
        return bool(self.waiting or self.running)


def queue(edition: Edition, at: datetime) -> Queue:
    """Five queries. A failed inspection is listed until the film is inspected again."""
    rows = queries.without_reports(Inspection.objects.filter(version__entry__edition=edition))
    rows = rows.select_related("version__entry__track")
    waiting = rows.filter(state=Inspection.State.QUEUED).order_by("queued_at", "pk")
    newer = Inspection.objects.filter(version__entry=OuterRef("version__entry"), pk__gt=OuterRef("pk"))
    failed = rows.filter(state=Inspection.State.FAILED).alias(newer=Subquery(newer.values("pk")[:1]))
    done = rows.filter(state=Inspection.State.DONE, finished_at__gte=at - timedelta(hours=24))
    return Queue(
        waiting=list(waiting[:SHOWN_AT_MOST]),
        waiting_count=waiting.count(),
        running=list(rows.filter(state=Inspection.State.RUNNING).order_by("started_at", "pk")),
        failed=list(failed.filter(newer__isnull=True).order_by("-finished_at", "-pk")[:SHOWN_AT_MOST]),
        finished=list(done.order_by("-finished_at", "-pk")[:SHOWN_AT_MOST]),
    )
