"""What the technicians' desk lists."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from festival.edition.models import Edition, Track
from festival.kit.words import short_language
from submissions import match_queries, queries
from submissions.finding_words import rule_title
from submissions.lifecycle import State
from submissions.models import Entry, FindingRow, Inspection

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
    match: str = ""

    @property
    def any(self) -> bool:
        return bool(self.query)

    @property
    def query(self) -> str:
        """The filters as an address carries them, with its question mark; empty without any."""
        asked = {
            "q": self.search,
            "state": self.state,
            "track": self.track,
            "verdict": self.verdict,
            "finding": self.finding,
            "match": self.match,
        }
        text = urlencode({name: value for name, value in asked.items() if value})
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
    if filters.finding:
        found = FindingRow.objects.filter(
            rule=filters.finding, inspection__in=queries.newest_inspections(edition).values("pk")
        )
        rows = rows.filter(pk__in=found.values("inspection__version__entry_id"))
    if filters.match:
        rows = rows.filter(match_queries.with_open())
    return rows


def entries_page(edition: Edition, filters: Filters, number: object) -> Page:
    """One page of entries, newest first, each with `newest` (its inspection or None). Four queries."""
    rows = filtered(edition, filters)
    rows = queries.with_inspection(rows.select_related("track").order_by("-submitted_at", "-pk"))
    rows = rows.annotate(has_match=match_queries.with_open())
    page = Paginator(rows, PAGE).get_page(number)
    entries = list(page.object_list)
    inspections = queries.inspections_of(entries)
    for entry in entries:
        entry.newest = inspections.get(entry.pk)
    page.object_list = entries
    return page


def finding_counts(edition: Edition) -> list[tuple[str, str, int]]:
    """Rule, its name in the reader's language, and how many submitted films break it, most first. One query."""
    rows = (
        FindingRow.objects.filter(
            inspection__in=queries.newest_inspections(edition).values("pk"),
            inspection__version__entry__submitted_at__isnull=False,
        )
        .order_by()
        .values_list("rule")
        .annotate(count=Count("pk"))
        .order_by("-count", "rule")
    )
    language = short_language()
    return [(rule, rule_title(rule, language), count) for rule, count in rows]


def verdicts_by_track(edition: Edition) -> list[tuple[Track, dict[str, int], int]]:
    """Per track, how many submitted films have which verdict ("" for none yet), and all. Two queries."""
    newest = queries.newest_inspections(edition).values("pk")
    rows = (
        Inspection.objects.filter(pk__in=newest, version__entry__submitted_at__isnull=False)
        .order_by()
        .values_list("version__entry__track_id", "verdict")
        .annotate(count=Count("pk"))
    )
    counts: dict[int, dict[str, int]] = {}
    for track, verdict, count in rows:
        counts.setdefault(track, {})[verdict] = count
    return [
        (track, counts.get(track.pk, {}), sum(counts.get(track.pk, {}).values()))
        for track in edition.tracks.all()
    ]


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
    rows = Inspection.objects.filter(version__entry__edition=edition)
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
