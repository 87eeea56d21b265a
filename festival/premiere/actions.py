"""Writes of the timetable. Whether a hall is free is decided by the database alone; here its refusal gets words."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max, Sum
from django.db.models.functions import Greatest
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from festival.catalogue.actions import publish
from festival.catalogue.models import Film
from festival.edition.blueprint import Blueprint
from festival.edition.models import Edition
from festival.kit.clock import in_zone
from festival.kit.codes import new_code
from festival.kit.errors import Refused
from festival.kit.words import say
from festival.premiere import queries
from festival.premiere.models import Hall, Item, Screening, Venue

NO_CLASH = "screening_no_clash"  # the constraint's name on PostgreSQL, the trigger's message on SQLite
SHORTEST = timedelta(minutes=1)


@transaction.atomic
def create_venues(*, edition: Edition, plan: Blueprint) -> list[Venue]:
    """The blueprint's venues with their halls."""
    venues = Venue.objects.bulk_create(
        Venue(edition=edition, name=venue.name, address=venue.address) for venue in plan.venues
    )
    Hall.objects.bulk_create(
        Hall(venue=venue, name=hall.name, seats=hall.seats, turnaround_minutes=hall.turnaround_minutes)
        for venue, given in zip(venues, plan.venues, strict=True)
        for hall in given.halls
    )
    return venues


@transaction.atomic
def create_screening(
    *,
    edition: Edition,
    hall: Hall,
    starts_at: datetime,
    title: dict[str, str],
    at: datetime,
    note: dict[str, str] | None = None,
) -> Screening:
    """An empty screening, seen by the team only. Refused with the first free time when the hall is taken."""
    screening = Screening(
        edition=edition, hall=hall, starts_at=starts_at, title=title, note=note or {}, code=new_code()
    )
    _save(screening, seconds=0, at=at)
    return screening


@transaction.atomic
def change_screening(*, screening: Screening, at: datetime, **fields: Any) -> Screening:
    """Change hall, start, title or note. Refused with the first free time when the hall is taken then."""
    fresh = _lock(screening)
    for name, value in fields.items():
        if name not in ("hall", "starts_at", "title", "note"):
            raise TypeError(f"a screening's {name} cannot be changed here")
        setattr(fresh, name, value)
    _save(fresh, seconds=_seconds(fresh), at=at)
    return fresh


@transaction.atomic
def delete_screening(*, screening: Screening) -> None:
    """Delete a screening that the public does not see. A released one is taken back first."""
    fresh = _lock(screening)
    if fresh.released_at:
        raise Refused(_("This screening is in the public programme. Take it back first, then delete it."))
    fresh.delete()


@transaction.atomic
def add_film(*, screening: Screening, film: Film, at: datetime) -> Item:
    """Put a film at the end of the running order, with its true length."""
    if film.edition_id != screening.edition_id:
        raise ValueError("the film belongs to another edition")
    if screening.items.filter(film=film).exists():
        raise Refused(_("This film is in the running order already."), code="film_twice")
    return _add(screening, at, kind=Item.Kind.FILM, film=film, seconds=film.seconds)


@transaction.atomic
def add_other(
    *, screening: Screening, kind: str, seconds: int, at: datetime, title: dict[str, str] | None = None
) -> Item:
    """Put an introduction, a talk, a break … at the end of the running order."""
    if kind not in Item.Kind.values or kind == Item.Kind.FILM:
        raise ValueError(f"no such item: {kind}")
    return _add(screening, at, kind=kind, seconds=seconds, title=title or {})


def _add(screening: Screening, at: datetime, **fields: Any) -> Item:
    fresh = _lock(screening)
    last = fresh.items.aggregate(last=Max("position"))["last"] or 0
    item = Item.objects.create(screening=fresh, position=last + 1, **fields)
    _save(fresh, seconds=_seconds(fresh), at=at)
    return item


@transaction.atomic
def remove_item(*, item: Item, at: datetime) -> None:
    """Take a line out of the running order."""
    fresh = _lock(item.screening)
    item.delete()
    _save(fresh, seconds=_seconds(fresh), at=at)


@transaction.atomic
def move_item(*, item: Item, up: bool, at: datetime) -> None:
    """Change places with the line before (`up`) or after; at the end of the list nothing happens."""
    fresh = _lock(item.screening)
    row = fresh.items.filter(pk=item.pk).first()
    if row is None:
        raise _gone()
    item = row
    others = fresh.items.filter(position__lt=item.position).order_by("-position")
    if not up:
        others = fresh.items.filter(position__gt=item.position).order_by("position")
    other = others.first()
    if other is None:
        return
    # Position 0 is used by no line: the unique constraint holds at every step.
    Item.objects.filter(pk=item.pk).update(position=0)
    Item.objects.filter(pk=other.pk).update(position=item.position)
    Item.objects.filter(pk=item.pk).update(position=other.position)
    _save(fresh, seconds=_seconds(fresh), at=at)


@transaction.atomic
def release(*, screening: Screening, at: datetime) -> Screening:
    """Put a screening into the public programme; its films get their pages. Twice is once."""
    fresh = _lock(screening)
    if fresh.released_at:
        return fresh
    if not fresh.items.exists():
        raise Refused(_("There is nothing in this screening yet. Add a film, then release it."), status=400)
    fresh.released_at = at
    _save(fresh, seconds=_seconds(fresh), at=at)
    return fresh


@transaction.atomic
def take_back(*, screening: Screening, at: datetime) -> Screening:
    """Take a screening out of the public programme. Films keep the pages they have."""
    fresh = _lock(screening)
    if fresh.released_at:
        fresh.released_at = None
        fresh.sequence += 1
        _save(fresh, seconds=_seconds(fresh), at=at)
    return fresh


@transaction.atomic
def write_hall(
    *,
    edition: Edition,
    venue: Venue | None,
    venue_name: dict[str, str],
    address: dict[str, str],
    name: dict[str, str],
    seats: int,
    turnaround_minutes: int,
    hall: Hall | None = None,
) -> Hall:
    """Write a hall and its venue; both are new when not given. A longer turnaround must fit the timetable."""
    venue = venue or Venue(edition=edition)
    venue.name, venue.address = venue_name, address
    venue.save()
    hall = hall or Hall(venue=venue)
    hall.name, hall.seats, hall.turnaround_minutes = name, seats, turnaround_minutes
    hall.save()
    clear = Greatest(F("ends_at") + timedelta(minutes=turnaround_minutes), F("starts_at") + SHORTEST)
    try:
        with transaction.atomic():
            hall.screenings.update(busy_until=clear)
    except IntegrityError as error:
        if NO_CLASH not in str(error):
            raise
        raise Refused(
            _(
                "With %(minutes)d minutes of turnaround, screenings of this hall would overlap. Move them first."
            )
            % {"minutes": turnaround_minutes},
            code="clash",
        ) from None
    return hall


def _lock(screening: Screening) -> Screening:
    """The row as it is now, held until the transaction ends: changes to one screening come one after the other."""
    rows = Screening.objects.select_for_update(of=("self",)).select_related("hall", "edition")
    try:
        return rows.get(pk=screening.pk)
    except Screening.DoesNotExist:
        raise _gone() from None


def _gone() -> Refused:
    return Refused(_("Somebody deleted this meanwhile. Go back and load the timetable anew."), code="gone")


def _seconds(screening: Screening) -> int:
    return screening.items.aggregate(whole=Sum("seconds"))["whole"] or 0


def _save(screening: Screening, *, seconds: int, at: datetime) -> None:
    """Write the screening with its end and the time at which the hall is free again.

    A change to a released screening makes its calendar sequence grow and publishes the films that came in.
    """
    screening.ends_at = screening.starts_at + timedelta(seconds=seconds)
    turnaround = timedelta(minutes=screening.hall.turnaround_minutes)
    screening.busy_until = max(screening.ends_at + turnaround, screening.starts_at + SHORTEST)
    screening.updated_at = at
    if screening.released_at:
        screening.sequence += 1
    with _clash_in_words(screening):
        screening.save()
    if screening.released_at:
        publish(films=Film.objects.filter(showings__screening=screening), at=at)


@contextmanager
def _clash_in_words(screening: Screening) -> Iterator[None]:
    """Turns the database's refusal of an overlap into a sentence that names the other and the first free time."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if NO_CLASH not in str(error):
            raise
        raise Refused(clash_text(screening), code="clash") from None


def clash_text(screening: Screening) -> str:
    """Who holds the hall, from when to when, and when it is first free for as long as this screening needs."""
    hall, zone = screening.hall, screening.edition.time_zone
    length = screening.busy_until - screening.starts_at
    other = queries.clashing(hall, screening.starts_at, screening.busy_until, without=screening.pk)
    if other is None:  # it has moved away since
        return _("Somebody changed the timetable at the same moment. Try again.")
    free = queries.first_free(hall, screening.starts_at, length, without=screening.pk)

    def clock(moment: datetime) -> str:
        return date_format(in_zone(moment, zone), "H:i")

    day = date_format(in_zone(free, zone), "DATE_FORMAT")
    return _(
        "The hall “%(hall)s” is taken by “%(other)s” from %(start)s until %(end)s, turnaround included. "
        "This programme needs it until %(needed)s; the first time that fits is %(day)s, %(free)s."
    ) % {
        "hall": say(hall.name),
        "other": say(other.title),
        "start": clock(other.starts_at),
        "end": clock(other.busy_until),
        "needed": clock(screening.busy_until),
        "day": day,
        "free": clock(free),
    }
