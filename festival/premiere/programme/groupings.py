"""How a programme is looked at: by day, by hall, by film, and what runs now. Everything from the document alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from festival.premiere.programme.document import (
    Edition,
    Film,
    Hall,
    Item,
    Programme,
    Screening,
    Venue,
    day_of,
)


@dataclass(frozen=True, slots=True)
class HallRows:
    """The screenings of one hall, in the order of time."""

    hall: Hall
    venue: Venue
    screenings: tuple[Screening, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the festival from its hour to the same hour of the next date; halls in the document's order."""

    index: int  # from 1
    date: date
    starts_at: datetime
    ends_at: datetime
    halls: tuple[HallRows, ...]

    @property
    def screenings(self) -> list[Screening]:
        return in_time(one for row in self.halls for one in row.screenings)


@dataclass(frozen=True, slots=True)
class HallDays:
    hall: Hall
    venue: Venue
    days: tuple[tuple[date, tuple[Screening, ...]], ...]


@dataclass(frozen=True, slots=True)
class Showing:
    """A film in a screening; `starts_at` is its own first frame, by the running order."""

    screening: Screening
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class FilmShowings:
    film: Film
    showings: tuple[Showing, ...]


@dataclass(frozen=True, slots=True)
class NowNext:
    """What runs in a hall, and what comes after it. Cancelled screenings do not count."""

    hall: Hall
    venue: Venue
    now: Screening | None
    next: Screening | None


class Lookup:
    """The parts of a programme by their codes."""

    def __init__(self, programme: Programme) -> None:
        self.programme = programme
        self.halls = {one.code: one for one in programme.halls}
        self.venues = {one.code: one for one in programme.venues}
        self.films = {one.code: one for one in programme.films}

    def hall(self, screening: Screening) -> Hall:
        return self.halls[screening.hall]

    def venue(self, screening: Screening) -> Venue:
        return self.venues[self.hall(screening).venue]

    def films_of(self, screening: Screening) -> list[Film]:
        """Its films in order."""
        return [self.films[item.film] for item in screening.items if item.film]


def in_time(screenings: Iterable[Screening]) -> list[Screening]:
    """Sorted by start, then by code."""
    return sorted(screenings, key=lambda one: (one.starts_at, one.code))


def day_bounds(day: date, edition: Edition) -> tuple[datetime, datetime]:
    """When a day of the festival begins and ends, in UTC; on days on which clocks change it has 23 or 25 hours."""
    zone, hour = ZoneInfo(edition.zone), time(edition.day_starts)
    starts = datetime.combine(day, hour, zone).astimezone(UTC)
    return starts, datetime.combine(day + timedelta(days=1), hour, zone).astimezone(UTC)


def by_day(programme: Programme) -> list[Day]:
    """Every day of the festival with its halls; a day without a screening has none."""
    look = Lookup(programme)
    found: dict[date, list[Screening]] = {day: [] for day in programme.days}
    for screening in in_time(programme.screenings):
        found[day_of(screening.starts_at, programme.edition)].append(screening)
    return [
        Day(number, day, *day_bounds(day, programme.edition), _rows(look, found[day]))
        for number, day in enumerate(programme.days, 1)
    ]


def _rows(look: Lookup, screenings: Sequence[Screening]) -> tuple[HallRows, ...]:
    halls: dict[str, list[Screening]] = {}
    for screening in screenings:
        halls.setdefault(screening.hall, []).append(screening)
    return tuple(
        HallRows(hall, look.venues[hall.venue], tuple(halls[hall.code]))
        for hall in look.programme.halls
        if hall.code in halls
    )


def by_hall(programme: Programme) -> list[HallDays]:
    """Every hall in which something is shown, with its days."""
    look = Lookup(programme)

    def day(screening: Screening) -> date:
        return day_of(screening.starts_at, programme.edition)

    return [
        HallDays(row.hall, row.venue, tuple((key, tuple(rows)) for key, rows in groupby(row.screenings, day)))
        for row in _rows(look, in_time(programme.screenings))
    ]


def by_film(programme: Programme) -> list[FilmShowings]:
    """Every film in the document's order with its showings, cancelled ones included."""
    found: dict[str, list[Showing]] = {one.code: [] for one in programme.films}
    for screening in in_time(programme.screenings):
        for item, starts_at in timed(screening):
            if item.film:
                found[item.film].append(Showing(screening, starts_at))
    return [FilmShowings(film, tuple(found[film.code])) for film in programme.films]


def timed(screening: Screening) -> list[tuple[Item, datetime]]:
    """The running order with the moment at which each line begins."""
    rows, at = [], screening.starts_at
    for item in screening.items:
        rows.append((item, at))
        at += timedelta(seconds=item.seconds)
    return rows


def now_next(programme: Programme, at: datetime) -> list[NowNext]:
    """Hall by hall, what runs at `at` (from its start until before its end) and what comes next on the same day."""
    look, today = Lookup(programme), day_of(at, programme.edition)
    rows = _rows(look, [one for one in in_time(programme.screenings) if not one.cancelled])
    found = []
    for row in rows:
        now = next((one for one in row.screenings if one.starts_at <= at < one.ends_at), None)
        later = (one for one in row.screenings if one.starts_at > at)
        following = next((one for one in later if day_of(one.starts_at, programme.edition) == today), None)
        if now or following:
            found.append(NowNext(row.hall, row.venue, now, following))
    return found
