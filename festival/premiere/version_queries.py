"""Reads of versions: what goes out next, what two timetables differ in, releases and drafts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from festival.edition.models import Edition
from festival.kit.words import say
from festival.premiere import checks, snapshots
from festival.premiere.change_words import Words, words_for
from festival.premiere.check_words import said
from festival.premiere.differences import differences, films_of
from festival.premiere.models import Draft, Release, Screening

TABLE = "table"  # how an address names the timetable as it is


@dataclass(frozen=True, slots=True)
class Version:
    """A timetable that can be compared: the one on the table, a draft, or a release."""

    key: str
    document: snapshots.Document
    release: Release | None = None
    draft: Draft | None = None

    @property
    def label(self) -> str:
        """How a heading names it."""
        if self.release:
            return _("Version %(number)d") % {"number": self.release.number}
        return self.draft.name if self.draft else _("On the table")


@dataclass(frozen=True, slots=True)
class Side:
    """A screening as one of two timetables has it; `starts_at` is empty where it has none."""

    title: str
    place: str
    starts_at: datetime | None
    films: Sequence[str]
    cancelled: bool
    held: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """One screening in two timetables, and what is different in words."""

    code: str
    before: Side | None
    after: Side | None
    what: str


def releases_of(edition: Edition) -> QuerySet[Release]:
    """The newest first, without their documents."""
    return Release.objects.filter(edition=edition).defer("document", "programme").select_related("by")


def drafts_of(edition: Edition) -> QuerySet[Draft]:
    """The newest first, without their documents."""
    return Draft.objects.filter(edition=edition).defer("document").select_related("by")


def version_of(edition: Edition, key: str) -> Version | None:
    """ "table", "release-3" (its number) or "draft-12"; None where there is no such."""
    if key == TABLE:
        return Version(key, snapshots.take(edition))
    kind, _rest, number = key.partition("-")
    if not (number.isascii() and number.isdecimal() and len(number) < 10):
        return None
    if kind == "release" and (
        release := Release.objects.filter(edition=edition, number=number).defer("programme").first()
    ):
        return Version(key, release.document, release=release)
    if kind == "draft" and (draft := Draft.objects.filter(edition=edition, pk=number).first()):
        return Version(key, draft.document, draft=draft)
    return None


def next_changes(edition: Edition, booked: Sequence[Screening]) -> tuple[list[str], bool]:
    """What a release now would say is new, a line each; and whether anything has been released before. Two queries.

    `booked`: `checks.timetable`.
    """
    last = Release.objects.filter(edition=edition).only("document").first()
    words = words_for(edition)
    known = {row["code"] for row in last.document["screenings"]} if last else set()
    # What was never public and is cancelled already is nobody's news.
    now = [
        row
        for row in snapshots.take(edition, booked)["screenings"]
        if not row["cancelled_at"] or row["code"] in known
    ]
    changes = differences(last.document["screenings"] if last else (), now)
    return [words.line(change) for change in changes], last is not None


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that does not fit, in words; `stops`: it stands in the way of a release."""

    code: str
    url: str
    title: str
    starts_at: datetime
    text: str
    stops: bool


def findings_of(edition: Edition, booked: Sequence[Screening]) -> list[Problem]:
    """What the checks find in the screenings that would go out, in the order of time. Seven queries.

    `booked`: `checks.timetable`.
    """
    known = {
        row.code: (
            reverse("premiere:screening", args=[edition.slug, row.code]),
            say(row.title),
            row.starts_at,
        )
        for row in booked
        if not row.held and row.cancelled_at is None and row.kind == Screening.Kind.SCREENING
    }
    return [
        Problem(
            one.code,
            *known[one.code],
            said(one, edition.time_zone),
            one.level != checks.Level.WARN,
        )
        for one in checks.check(edition, booked=booked)
        if one.code in known
    ]


def lines_of(release: Release, words: Words) -> list[str]:
    """What was new in it."""
    return [words.line(change) for change in release.changes]


def pairs(edition: Edition, before: Version, after: Version, *, only_changed: bool) -> list[Pair]:
    """Screening by screening in the order of time; held ones and rehearsals are in it where they stand. One query."""
    words = words_for(edition)
    old = {row["code"]: row for row in before.document["screenings"] if not row["rehearses"]}
    new = {row["code"]: row for row in after.document["screenings"] if not row["rehearses"]}
    changed = {
        change["code"]: change
        for change in differences(
            [{**row, "held": False} for row in old.values()], [{**row, "held": False} for row in new.values()]
        )
    }
    codes = sorted(
        old.keys() | new.keys(), key=lambda code: ((new.get(code) or old[code])["starts_at"], code)
    )
    return [
        Pair(code, _side(old.get(code), words), _side(new.get(code), words), _what(changed.get(code), words))
        for code in codes
        if code in changed or not only_changed
    ]


def _what(change: Mapping[str, Any] | None, words: Words) -> str:
    return "" if change is None else words.summary(change)


def _side(row: Mapping[str, Any] | None, words: Words) -> Side | None:
    if row is None:
        return None
    names = {item["film"]: item["name"] for item in row["items"] if "film" in item}
    return Side(
        say(row["title"]),
        words.hall(row["hall"]),
        datetime.fromisoformat(row["starts_at"]),
        [say(names[code]) for code in films_of(row)],
        bool(row["cancelled_at"]),
        row["held"],
    )
