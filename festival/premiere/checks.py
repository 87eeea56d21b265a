"""What does not fit in a timetable, found over all of it in one go; how much each counts is the edition's to say.

That two bookings of a hall do not overlap is no check: the database holds it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import combinations, pairwise
from typing import Any

from django.db import models
from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from festival.catalogue.models import Film
from festival.edition.models import Edition
from festival.premiere import snapshots
from festival.premiere.copy_choice import copy_for, state_of
from festival.premiere.fits import misfits
from festival.premiere.models import Checklist, Copy, Guest, Item, Opening, Rehearsal, Screening, Travel


class Kind(models.TextChoices):
    CLOSED = "closed", _("The hall is not open")
    FORMAT = "format", _("The hall cannot play the film’s format")
    FRAME_RATE = "frame_rate", _("The hall does not take the film’s frame rate")
    ASPECT = "aspect", _("The film does not fill the screen")
    SOUND = "sound", _("The hall has fewer channels of sound than the film")
    LENGTH = "length", _("A film is planned with another length than it has")
    FILM_TWICE = "film_twice", _("A film runs in two halls at once")
    GUEST_AWAY = "guest_away", _("A guest is needed at the Q&A and is away")
    GUEST_TWICE = "guest_twice", _("A guest is needed in two places, with no time for the way")
    NO_REHEARSAL = "no_rehearsal", _("A premiere without a technical rehearsal before it")
    EMPTY = "empty", _("A screening without a film")
    COPY = "copy", _("A film without an approved copy")


class Level(models.TextChoices):
    """How much a finding counts."""

    BLOCK = "block", _("refuse the change")
    RELEASE = "release", _("refuse the release")
    WARN = "warn", _("warn")
    IGNORE = "ignore", _("ignore")


# Without a word of the edition: what an audience would suffer stops a release, what a cinema can mend warns.
LEVELS: Mapping[str, str] = {
    Kind.CLOSED: Level.RELEASE,
    Kind.FORMAT: Level.RELEASE,
    Kind.FRAME_RATE: Level.WARN,
    Kind.ASPECT: Level.WARN,
    Kind.SOUND: Level.WARN,
    Kind.LENGTH: Level.RELEASE,
    Kind.FILM_TWICE: Level.RELEASE,
    Kind.GUEST_AWAY: Level.RELEASE,
    Kind.GUEST_TWICE: Level.RELEASE,
    Kind.NO_REHEARSAL: Level.WARN,
    Kind.EMPTY: Level.RELEASE,
    Kind.COPY: Level.WARN,
}


# What the checks and their words read of a film, and of a copy; the rest are texts and lists that take long to read in.
FILM = ("title", "title_en", "seconds", "file_format", "width", "height", "frame_rate", "channels")
COPY = ("film", "file_format", "width", "height", "frame_rate", "channels", "arrived_at", "approved_at")
ITEM = ("screening", "position", "kind", "seconds", "copy", "film")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not fit: about a screening, by code, and where it takes two, the other."""

    kind: str
    level: str
    code: str
    values: Mapping[str, Any] = field(default_factory=dict)


def levels_of(edition: Edition) -> dict[str, str]:
    """By kind how much it counts here. One query."""
    kept = Checklist.objects.filter(edition=edition).values_list("levels", flat=True).first() or {}
    return {**LEVELS, **kept}


def check(edition: Edition, *, only: str = "", booked: Iterable[Screening] | None = None) -> list[Finding]:
    """Every finding that is not ignored, in the order of time; `only` those about one screening, by its code.

    Eleven queries, whatever the size; cancelled screenings are not looked at. `booked`: the timetable where it has
    been read (`timetable`).
    """
    levels = levels_of(edition)
    rows = _rows(edition) if booked is None else [row for row in booked if _looked_at(row)]
    copies = _copies(edition)
    found = [
        *_of_halls(rows, copies),
        *_of_films(rows),
        *_of_copies(rows, copies),
        *_twice(rows),
        *_of_guests(edition, rows),
        *_of_rehearsals(edition, rows),
    ]
    turn = {row.code: number for number, row in enumerate(rows)}
    kept = [
        Finding(kind, levels[kind], code, values)
        for kind, code, values in found
        if levels[kind] != Level.IGNORE and (not only or only in (code, values.get("other_code")))
    ]
    return sorted(kept, key=lambda one: turn[one.code])


Found = Iterator[tuple[str, str, dict[str, Any]]]
Copies = dict[int, list[Copy]]


def _rows(edition: Edition) -> list[Screening]:
    lines = Item.objects.select_related("film").only(*ITEM, *(f"film__{name}" for name in FILM))
    items = Prefetch("items", lines.order_by("position"), to_attr="lines")
    openings = Prefetch("hall__openings", Opening.objects.order_by("opens_at"))
    rows = Screening.objects.filter(edition=edition, cancelled_at__isnull=True).select_related("hall")
    return list(rows.prefetch_related(items, openings).order_by("starts_at", "pk"))


def timetable(edition: Edition) -> list[Screening]:
    """All that is booked, read once for the checks and for a document of it (`snapshots.take`). Three queries."""
    openings = Prefetch("hall__openings", Opening.objects.order_by("opens_at"))
    rows = snapshots.bookings(edition, film=FILM).select_related("hall", "rehearses", "repeat_of")
    booked = list(rows.prefetch_related(openings))
    for row in booked:
        row.lines = list(row.items.all())
    return booked


def _looked_at(row: Screening) -> bool:
    return row.kind == Screening.Kind.SCREENING and row.cancelled_at is None


def _copies(edition: Edition) -> Copies:
    """The copies of each film that has any."""
    found: Copies = {}
    for copy in Copy.objects.filter(film__edition=edition).only(*COPY):
        found.setdefault(copy.film_id, []).append(copy)
    return found


def _of_halls(rows: Sequence[Screening], copies: Copies) -> Found:
    for row in rows:
        openings = list(row.hall.openings.all())
        if openings and not any(
            one.opens_at <= row.starts_at and row.ends_at <= one.closes_at for one in openings
        ):
            yield Kind.CLOSED, row.code, {}
        for film, copy in _playing(row, copies):
            for misfit in misfits(copy or film, row.hall):
                yield misfit, row.code, {"film": film}


def _of_films(rows: Sequence[Screening]) -> Found:
    for row in rows:
        lines = row.lines
        if not any(item.film for item in lines):
            yield Kind.EMPTY, row.code, {}
        for item in lines:
            if item.film and item.seconds != item.film.seconds:
                yield Kind.LENGTH, row.code, {"film": item.film, "planned": item.seconds}


def _of_copies(rows: Sequence[Screening], copies: Copies) -> Found:
    """Where copies are looked after at all; an online hall plays what lies here."""
    if not copies:
        return
    for row in rows:
        for film, copy in _playing(row, copies):
            if not row.hall.online and state_of(copy) != "approved":
                yield Kind.COPY, row.code, {"film": film, "copy": state_of(copy)}


def _playing(row: Screening, copies: Copies) -> Iterator[tuple[Film, Copy | None]]:
    for item in row.lines:
        if item.film:
            yield item.film, copy_for(copies.get(item.film.pk, ()), row.hall, item.copy_id)


def _twice(rows: Sequence[Screening]) -> Found:
    """Films that run in two screenings whose times overlap: a cinema has one copy."""
    shown: dict[int, list[Screening]] = defaultdict(list)
    for row in rows:
        for film in _films(row):
            shown[film.pk].append(row)
    for pk, several in shown.items():
        for first, second in combinations(several, 2):
            if second.starts_at < first.ends_at:
                film = next(film for film in _films(second) if film.pk == pk)
                yield Kind.FILM_TWICE, second.code, _other(first) | {"film": film}


def _of_guests(edition: Edition, rows: Sequence[Screening]) -> Found:
    """At a screening with a Q&A the guests are needed of those of its films that cannot do without."""
    guests = Guest.objects.filter(edition=edition, links__needed=True).distinct()
    needed = [
        (guest, {link.film_id for link in guest.links.all() if link.needed}, list(guest.times.all()))
        for guest in guests.prefetch_related("links", "times").order_by("pk")
    ]
    if not needed:
        return
    ways = {
        frozenset((way.first_id, way.second_id)): timedelta(minutes=way.minutes)
        for way in Travel.objects.filter(first__edition=edition)
    }
    talks = [
        (row, {film.pk for film in _films(row)})
        for row in rows
        if any(item.kind == Item.Kind.QA for item in row.lines)
    ]
    for guest, films, times in needed:
        at = [row for row, shown in talks if films & shown]
        for row in at:
            if times and not any(
                one.starts_at <= row.starts_at and row.ends_at <= one.ends_at for one in times
            ):
                yield Kind.GUEST_AWAY, row.code, {"guest": guest}
        for first, second in pairwise(at):
            if second.starts_at < first.ends_at + _way(first, second, ways):
                yield Kind.GUEST_TWICE, second.code, _other(first) | {"guest": guest}


def _way(first: Screening, second: Screening, ways: Mapping[frozenset[int], timedelta]) -> timedelta:
    venues = frozenset((first.hall.venue_id, second.hall.venue_id))
    return ways.get(venues, timedelta()) if len(venues) == 2 else timedelta()


def _of_rehearsals(edition: Edition, rows: Sequence[Screening]) -> Found:
    rehearsed = set(Rehearsal.objects.filter(edition=edition).values_list("rehearses", flat=True))
    for row in rows:
        if row.premiere and row.pk not in rehearsed:
            yield Kind.NO_REHEARSAL, row.code, {}


def _films(row: Screening) -> Iterable[Any]:
    return [item.film for item in row.lines if item.film]


def _other(row: Screening) -> dict[str, Any]:
    return {"other": row, "other_code": row.code}
