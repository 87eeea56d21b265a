"""Writes of places: venues, halls, when they are open, how far they are from each other."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from festival.edition.blueprint import Blueprint
from festival.edition.models import Edition
from festival.kit.clock import SkippedTime, moment_of
from festival.kit.errors import Refused
from festival.premiere.booking import SHORTEST, is_clash
from festival.premiere.models import Checklist, Hall, Opening, Screening, Travel, Venue

HALL_FIELDS = (
    "name",
    "seats",
    "turnaround_minutes",
    "online",
    "formats",
    "frame_rates",
    "aspects",
    "sound",
    "wheelchair_places",
    "hearing_loop",
    "access_note",
)
MOST_DAYS = 60  # that one line of hours may write


@transaction.atomic
def create_venues(*, edition: Edition, plan: Blueprint, opens: date) -> list[Venue]:
    """The blueprint's venues with their halls, hours and ways, and what it says of checks.

    Its days count from `opens`, the call's first day.
    """
    venues = Venue.objects.bulk_create(
        Venue(edition=edition, name=venue.name, address=venue.address) for venue in plan.venues
    )
    pairs = [(venue, hall) for venue, given in zip(venues, plan.venues, strict=True) for hall in given.halls]
    halls = Hall.objects.bulk_create(
        Hall(venue=venue, **{name: _plain(getattr(hall, name)) for name in HALL_FIELDS})
        for venue, hall in pairs
    )
    for hall, (_venue, given) in zip(halls, pairs, strict=True):
        for hours in given.hours:
            open_hall(
                hall=hall,
                first_day=opens + timedelta(days=hours.first_day),
                last_day=opens + timedelta(days=hours.last_day),
                opens=hours.opens,
                closes=hours.closes,
                zone=edition.time_zone,
            )
    slugs = {given.slug: venue for venue, given in zip(venues, plan.venues, strict=True)}
    for way in plan.travel:
        set_travel(one=slugs[way.between[0]], other=slugs[way.between[1]], minutes=way.minutes)
    if plan.checks:
        Checklist.objects.create(edition=edition, levels=dict(plan.checks))
    return venues


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


@transaction.atomic
def write_venue(
    *, edition: Edition, name: dict[str, str], address: dict[str, str], venue: Venue | None = None
) -> Venue:
    """Write a venue; a new one when none is given."""
    venue = venue or Venue(edition=edition)
    venue.name, venue.address = name, address
    venue.save()
    return venue


@transaction.atomic
def delete_venue(*, venue: Venue) -> None:
    """Delete a venue that has no halls any more, with the ways to it."""
    held = Venue.objects.select_for_update().get(pk=venue.pk)
    if held.halls.exists():
        raise Refused(_("This venue still has halls. Delete them first."), code="has_halls")
    held.delete()


@transaction.atomic
def write_hall(*, venue: Venue, hall: Hall | None = None, **fields: Any) -> Hall:
    """Write a hall; a new one when none is given. A longer turnaround must fit the timetable."""
    if unknown := set(fields) - set(HALL_FIELDS):
        raise TypeError(f"a hall has no {', '.join(sorted(unknown))}")
    hall = hall or Hall(venue=venue)
    for name, value in fields.items():
        setattr(hall, name, value)
    if hall.wheelchair_places > hall.seats:
        raise Refused(_("There are more wheelchair places than seats."), status=400, code="seats")
    hall.save()
    minutes = hall.turnaround_minutes
    clear = Greatest(F("ends_at") + timedelta(minutes=minutes), F("starts_at") + SHORTEST)
    try:
        with transaction.atomic():
            hall.screenings.update(busy_until=clear)
    except IntegrityError as error:
        if not is_clash(error):
            raise
        raise Refused(
            _("With %(minutes)d minutes of turnaround, bookings of this hall would overlap. Move them first.")
            % {"minutes": minutes},
            code="clash",
        ) from None
    return hall


@transaction.atomic
def delete_hall(*, hall: Hall) -> None:
    """Delete a hall in which nothing was ever planned, or no longer is."""
    held = Hall.objects.select_for_update().get(pk=hall.pk)
    if Screening.bookings.filter(hall=held).exists():
        raise Refused(
            _("There are screenings in this hall. Move or delete them first."), code="has_screenings"
        )
    held.delete()


@transaction.atomic
def open_hall(
    *, hall: Hall, first_day: date, last_day: date, opens: time, closes: time, zone: str
) -> list[Opening]:
    """The hall is open on each of these days from `opens` to `closes` on the clocks of `zone`.

    A closing time that is not after the opening is one of the next morning. What was written for these days before is
    replaced. Refused for days in the wrong order, too many of them, and times that the clocks skip.
    """
    days = (last_day - first_day).days + 1
    if days < 1:
        raise Refused(_("The last day is before the first."), status=400, code="days")
    if days > MOST_DAYS:
        raise Refused(
            _("At most %(count)d days at a time.") % {"count": MOST_DAYS}, status=400, code="too_many_days"
        )
    first = datetime.combine(first_day, time(), ZoneInfo(zone))
    end = datetime.combine(last_day + timedelta(days=1), time(), ZoneInfo(zone))
    hall.openings.filter(opens_at__gte=first, opens_at__lt=end).delete()
    rows = []
    for number in range(days):
        day = first_day + timedelta(days=number)
        evening = day if closes > opens else day + timedelta(days=1)
        try:
            rows.append(
                Opening(
                    hall=hall,
                    opens_at=moment_of(datetime.combine(day, opens), zone),
                    closes_at=moment_of(datetime.combine(evening, closes), zone, second=True),
                )
            )
        except SkippedTime:
            text = _("On %(day)s the clocks are put forward and skip this time. Choose another.")
            raise Refused(text % {"day": day.isoformat()}, status=400, code="skipped") from None
    return Opening.objects.bulk_create(rows)


def close_hall(*, hall: Hall, opening: Opening) -> None:
    """Take one line of opening hours away."""
    hall.openings.filter(pk=opening.pk).delete()


@transaction.atomic
def set_travel(*, one: Venue, other: Venue, minutes: int | None) -> None:
    """How long it takes between two venues, door to door; None: not known."""
    if one.pk == other.pk or one.edition_id != other.edition_id:
        raise ValueError("travel is between two venues of one edition")
    first, second = sorted((one.pk, other.pk))
    if minutes is None:
        Travel.objects.filter(first=first, second=second).delete()
        return
    Travel.objects.update_or_create(first_id=first, second_id=second, defaults={"minutes": minutes})


@transaction.atomic
def write_travel(*, edition: Edition, minutes: Mapping[tuple[int, int], int | None]) -> None:
    """Everything between the edition's venues at once, by pairs of ids. Two writes, however many venues."""
    known = set(Venue.objects.filter(edition=edition).values_list("pk", flat=True))
    rows = [
        Travel(first_id=min(pair), second_id=max(pair), minutes=value)
        for pair, value in minutes.items()
        if value is not None and pair[0] != pair[1] and set(pair) <= known
    ]
    Travel.objects.filter(first__edition=edition).delete()
    Travel.objects.bulk_create(rows)
