"""Reads of the timetable."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.utils import timezone

from festival.catalogue.models import Film
from festival.edition.models import Edition
from festival.kit.names import language_codes
from festival.premiere.models import Guest, GuestFilm, Hall, Item, Rehearsal, Screening, Travel, Venue
from festival.premiere.programme.document import festival_day


@dataclass(frozen=True, slots=True)
class Totals:
    """A running order summed up. Times in seconds; `ends_at` is the last frame, `free_at` when the hall is clear."""

    films: int
    film_seconds: int
    other_seconds: int
    ends_at: datetime
    free_at: datetime

    @property
    def seconds(self) -> int:
        return self.film_seconds + self.other_seconds


@dataclass(frozen=True, slots=True)
class HallDay:
    hall: Hall
    screenings: Sequence[Screening]


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the timetable on the edition's calendar, hall by hall."""

    date: date
    halls: Sequence[HallDay]


def venues_of(edition: Edition) -> QuerySet[Venue]:
    return Venue.objects.filter(edition=edition).prefetch_related("halls__openings")


def ways_of(edition: Edition) -> QuerySet[Travel]:
    """What is known of the ways between its venues."""
    return Travel.objects.filter(first__edition=edition).select_related("first", "second")


def guests_of(edition: Edition) -> QuerySet[Guest]:
    """Guests with their films and times: three queries."""
    links = Prefetch("links", GuestFilm.objects.select_related("film"))
    return Guest.objects.filter(edition=edition).prefetch_related(links, "times")


def rehearsals_of(edition: Edition) -> QuerySet[Rehearsal]:
    """Every technical rehearsal, with hall, venue and the screening that it is for."""
    return Rehearsal.objects.filter(edition=edition).select_related("hall__venue", "rehearses")


def age_of(screening: Screening, items: Sequence[Item]) -> int | None:
    """From what age it is: as the team says, else the highest of its films; None where nobody rated. No query."""
    if screening.min_age is not None:
        return screening.min_age
    rated = [item.film.min_age for item in items if item.film and item.film.min_age is not None]
    return max(rated, default=None)


def spoken_in(screening: Screening, items: Sequence[Item]) -> str:
    """The spoken languages, as `festival.kit.names` stores them: as the team says, else those of its films."""
    if screening.spoken:
        return screening.spoken
    codes = [code for item in items if item.film for code in language_codes(item.film.language)]
    return ", ".join(dict.fromkeys(codes))


def halls_of(edition: Edition) -> QuerySet[Hall]:
    return Hall.objects.filter(venue__edition=edition).select_related("venue")


def for_desk(edition: Edition) -> QuerySet[Screening]:
    """Every screening, with hall, venue and the number of its films."""
    return (
        Screening.objects.filter(edition=edition)
        .select_related("hall__venue")
        .annotate(
            film_count=Count("items", filter=Q(items__kind=Item.Kind.FILM)),
            stale_count=Count(
                "items", filter=~Q(items__seconds=F("items__film__seconds")) & Q(items__kind="film")
            ),
        )
    )


def waits_for_premiere(film: Film) -> bool:
    """Whether a released online premiere of the film is still to come, or on."""
    return Screening.objects.filter(
        items__film=film,
        hall__online=True,
        premiere__gt="",
        released_at__isnull=False,
        cancelled_at__isnull=True,
        ends_at__gt=timezone.now(),
    ).exists()


def totals(screening: Screening, items: Sequence[Item]) -> Totals:
    """Sums over the running order; no query."""
    films = [item.seconds for item in items if item.kind == Item.Kind.FILM]
    other = [item.seconds for item in items if item.kind != Item.Kind.FILM]
    return Totals(len(films), sum(films), sum(other), screening.ends_at, screening.busy_until)


def by_day(screenings: Sequence[Screening], zone: str) -> list[Day]:
    """Screenings by their day in `zone`, then by hall, in time order. No query.

    What begins before four o'clock stands with the evening before (`festival_day`).
    """

    def day_of(screening: Screening) -> date:
        return festival_day(screening.starts_at, zone)

    def hall_of(screening: Screening) -> tuple[int, int]:
        return screening.hall.venue_id, screening.hall_id

    days = []
    for day, shown in groupby(sorted(screenings, key=lambda one: one.starts_at), key=day_of):
        rows = sorted(shown, key=hall_of)  # stable: keeps the order of time
        groups = [list(group) for _key, group in groupby(rows, key=hall_of)]
        days.append(Day(day, [HallDay(group[0].hall, group) for group in groups]))
    return days


def bookings_of(hall: Hall) -> QuerySet[Screening]:
    """Everything that holds the hall: screenings that are not cancelled, and rehearsals."""
    return Screening.bookings.filter(hall=hall, cancelled_at__isnull=True)


def clashing(
    hall: Hall, starts_at: datetime, busy_until: datetime, *, without: int | None = None
) -> Screening | None:
    """The first booking that holds the hall within [starts_at, busy_until): a screening or a rehearsal."""
    return (
        bookings_of(hall)
        .filter(starts_at__lt=busy_until, busy_until__gt=starts_at)
        .exclude(pk=without)
        .select_related("rehearses")
        .order_by("starts_at")
        .first()
    )


def first_free(hall: Hall, wanted: datetime, length: timedelta, *, without: int | None = None) -> datetime:
    """The first whole minute from `wanted` on at which the hall is free for `length`."""
    start = wanted
    taken = bookings_of(hall).filter(busy_until__gt=wanted).exclude(pk=without).order_by("starts_at")
    for starts_at, busy_until in taken.values_list("starts_at", "busy_until"):
        if starts_at >= start + length:
            break
        start = max(start, _whole_minute(busy_until))
    return start


def _whole_minute(moment: datetime) -> datetime:
    floor = moment.replace(second=0, microsecond=0)
    return floor if floor == moment else floor + timedelta(minutes=1)
