"""What narrows the table of entries: read from an address, written back into one, asked of the database.

Fields are joined by and, the values of one field by or.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat
from django.http import QueryDict

from festival.edition.form_rules import read_form
from festival.edition.models import Edition
from festival.kit import clock
from festival.kit.incoming import one_line
from submissions import match_queries, queries, statement_queries
from submissions.lifecycle import State
from submissions.list_registry import FilmList
from submissions.models import Credit, Entry, FindingRow, Inspection, StatementFinding
from submissions.statement.rules import DIFFERENCE, STATEMENT_RULES

NAME = re.compile(r"[a-z0-9_]{1,40}")
SLUG = re.compile(r"[a-z0-9-]{1,50}")
CODE = re.compile(r"[A-Z0-9]{2,12}")
TAG = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,11}")
NOT_YET = "none"  # among the verdicts: no inspection was finished
MOST = 40  # values of one field
MOST_TICKED = 200
MOST_WORDS = 6


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for; unknown values count as not asked. `code`: entries ticked by hand."""

    search: str = ""
    state: tuple[str, ...] = ()
    track: tuple[str, ...] = ()
    verdict: tuple[str, ...] = ()
    finding: tuple[str, ...] = ()
    tool: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    match: tuple[str, ...] = ()
    late: str = ""
    film_lists: tuple[FilmList, ...] = ()
    code: tuple[str, ...] = ()

    @property
    def any(self) -> bool:
        return bool(self.pairs)

    def chosen(self, name: str) -> tuple[str, ...]:
        """The values of a field, by its name in an address."""
        if name == "list":
            return tuple(each.key for each in self.film_lists)
        return getattr(self, name)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The filters that are set, by the names that they have in an address, one pair a value."""
        fields = (
            ("q", (self.search,)),
            *((name, getattr(self, name)) for name in FIELDS),
            ("late", (self.late,)),
            ("list", self.chosen("list")),
            ("code", self.code),
        )
        return [(name, value) for name, values in fields for value in values if value]

    @property
    def query(self) -> str:
        """The filters as an address carries them, with its question mark; empty without any."""
        text = urlencode(self.pairs)
        return f"?{text}" if text else ""


FIELDS = ("state", "track", "verdict", "finding", "tool", "country", "language", "match")


def read_filters(asked: QueryDict, edition: Edition, lists: list[FilmList]) -> Filters:
    """The filters in an address. `lists` are those that the reader may narrow by. One query, for the tracks."""

    def known(name: str, values: list[str]) -> tuple[str, ...]:
        return tuple(value for value in dict.fromkeys(asked.getlist(name)) if value in values)

    def shaped(name: str, shape: re.Pattern[str], most: int = MOST) -> tuple[str, ...]:
        found = [value for value in dict.fromkeys(asked.getlist(name)) if shape.fullmatch(value)]
        return tuple(found[:most])

    return Filters(
        search=one_line(asked.get("q", ""))[:200],
        state=known("state", State.values),
        track=known("track", [track.slug for track in edition.tracks.all()]),
        verdict=known("verdict", [*Inspection.Verdict.values, NOT_YET]),
        finding=shaped("finding", NAME),
        tool=shaped("tool", SLUG),
        country=shaped("country", CODE),
        language=shaped("language", TAG),
        match=known("match", ["open", "account"]),
        late="yes" if asked.get("late") == "yes" else "",
        film_lists=tuple(each for each in lists if each.key in asked.getlist("list")),
        code=shaped("code", CODE, MOST_TICKED),
    )


def submitted(edition: Edition) -> QuerySet[Entry]:
    """Every entry that the desk may see."""
    return Entry.objects.filter(edition=edition, submitted_at__isnull=False)


def filtered(edition: Edition, filters: Filters) -> QuerySet[Entry]:
    """The submitted entries that the filters show."""
    rows = submitted(edition)
    for word in filters.search.split()[:MOST_WORDS]:
        rows = rows.filter(_with_word(word))
    if filters.state:
        rows = rows.filter(state__in=filters.state)
    if filters.track:
        rows = rows.filter(track__in=edition.tracks.filter(slug__in=filters.track).values("pk"))
    if filters.verdict:
        newest = Inspection.objects.filter(version__entry_id=OuterRef("pk"))
        newest = newest.order_by("-version__number", "-pk").values("verdict")[:1]
        rows = rows.alias(newest_verdict=Coalesce(Subquery(newest), Value("")))
        rows = rows.filter(newest_verdict__in=["" if one == NOT_YET else one for one in filters.verdict])
    if filters.finding:
        rows = rows.alias(newest=queries.latest_inspection()).filter(_with_finding(edition, filters.finding))
    if filters.tool:
        rows = rows.filter(pk__in=statement_queries.entries_naming(filters.tool))
    for name in ("country", "language"):
        if values := filters.chosen(name):
            between = Concat(Value(", "), name, Value(", "))  # a stored list such as "CN, FR"
            rows = rows.alias(**{f"{name}_codes": between})
            rows = rows.filter(_any(Q(**{f"{name}_codes__contains": f", {one}, "}) for one in values))
    if filters.match:
        asks = {"open": match_queries.with_open, "account": match_queries.with_other_account}
        rows = rows.filter(_any(asks[one](edition) for one in filters.match))
    if filters.film_lists:
        rows = rows.filter(_any(Q(pk__in=each.entries()) for each in filters.film_lists))
    if filters.late:
        rows = rows.filter(pk__in=late(edition, clock.now()).values("pk"))
    if filters.code:
        rows = rows.filter(code__in=filters.code)
    return rows


def _any(conditions: Iterable[Q]) -> Q:
    return reduce(or_, conditions)


def _with_word(word: str) -> Q:
    """In a title, in the name of somebody who made the film, or the beginning of its code."""
    named = Credit.objects.filter(name__icontains=word).order_by().values("entry_id")
    found = Q(title__icontains=word) | Q(title_en__icontains=word) | Q(director__icontains=word)
    return found | Q(code__istartswith=word) | Q(pk__in=named)


def _with_finding(edition: Edition, rules: tuple[str, ...]) -> Q:
    """Broken by the statement, or by the film in its newest inspection (`newest`)."""
    found = Q(pk__in=())
    if stated := [rule for rule in rules if rule in (*STATEMENT_RULES, DIFFERENCE)]:
        broken = StatementFinding.objects.filter(rule__in=stated, entry__edition=edition)
        found |= Q(pk__in=broken.values("entry_id"))
    if filmed := [rule for rule in rules if rule not in stated]:
        ever = FindingRow.objects.filter(
            rule__in=filmed
        )  # few enough to ask each whether that was the newest
        now = Exists(ever.filter(inspection=OuterRef("newest")))
        found |= Q(pk__in=ever.values("inspection__version__entry_id")) & Q(now)
    return found


def late(edition: Edition, at: datetime) -> QuerySet[Entry]:
    """Submitted entries for which a promise was not kept: those of which `service.turn_of` says so."""
    promises = read_form(edition.form).promises
    newest = Inspection.objects.filter(version__entry_id=OuterRef("pk")).order_by("-version__number", "-pk")
    # With a value where there is none each is asked once: the database would look it up for every mention.
    verdict = Coalesce(Subquery(newest.values("verdict")[:1]), Value(""))
    queued, finished = (
        Coalesce(Subquery(newest.values(name)[:1]), "submitted_at") for name in ("queued_at", "finished_at")
    )
    rows = submitted(edition).filter(state=State.SUBMITTED)
    rows = rows.alias(newest_verdict=verdict, queued=queued, finished=finished)
    overdue = Q(pk__in=())
    if promises.inspection_hours:
        since = at - timedelta(hours=promises.inspection_hours)
        overdue |= Q(submitted_at__lte=since, newest_verdict="", queued__lte=since)
    if promises.decision_days:
        since = at - timedelta(days=promises.decision_days)
        overdue |= Q(submitted_at__lte=since, finished__lte=since) & ~Q(newest_verdict="")
    return rows.filter(overdue)
