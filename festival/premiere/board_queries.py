"""The table as a board: one day, hall beside hall, with what does not fit; and the films that have no place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from festival.catalogue.models import Film
from festival.edition.models import Edition
from festival.kit.clock import in_zone
from festival.kit.words import say
from festival.premiere import checks, publishing
from festival.premiere.check_words import said
from festival.premiere.models import Hall, Item, Opening, Rehearsal, Screening
from festival.premiere.programme.document import DAY_STARTS, festival_day

USUAL = (10, 24)  # hours that a board shows at least; a day goes on after midnight
STEP = 5  # minutes


@dataclass(frozen=True, slots=True)
class Block:
    """A booking on the board. Minutes are counted from the top of the board; `busy` with the turnaround."""

    code: str
    title: str
    top: int
    minutes: int
    busy: int
    starts_at: datetime
    ends_at: datetime
    films: Sequence[str]
    rehearsal: bool
    released: bool
    held: bool
    revision: int
    stops: bool  # something about it stops a release
    findings: Sequence[str]


@dataclass(frozen=True, slots=True)
class Column:
    """A hall with its bookings, and the hours in which it is open, in minutes from the top."""

    pk: int
    venue: str
    hall: str
    open: Sequence[tuple[int, int]]
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True)
class Board:
    day: date
    days: Sequence[date]
    top_hour: int
    hours: Sequence[int]  # the labels down the side; 25 is one in the night
    columns: Sequence[Column]
    problems: int  # findings about this day

    @property
    def labels(self) -> list[str]:
        """The hours as a clock shows them."""
        return [f"{hour % 24:02}:00" for hour in self.hours]

    @property
    def minutes(self) -> int:
        """From the top to the bottom."""
        return len(self.hours) * 60


@dataclass(frozen=True, slots=True)
class Loose:
    """A film without a place."""

    code: str
    title: str
    track: str
    makers: str
    seconds: int
    words: str


def days_of(edition: Edition, rows: Sequence[Screening], openings: Sequence[Opening]) -> list[date]:
    """The days on which a hall is open or something runs; today where there are none."""
    zone = edition.time_zone
    moments = [row.starts_at for row in rows] + [one.opens_at for one in openings]
    found = sorted({festival_day(moment, zone) for moment in moments})
    return found or [in_zone(edition.created_at, zone).date()]


def board(edition: Edition, day: date | None) -> Board:
    """Fifteen queries, whatever the size."""
    zone = ZoneInfo(edition.time_zone)
    rows = [row for row in publishing.screenings_of(edition) if row.cancelled_at is None]
    rehearsals = list(Rehearsal.objects.filter(edition=edition).select_related("rehearses"))
    halls = list(
        Hall.objects.filter(venue__edition=edition).select_related("venue").prefetch_related("openings")
    )
    openings = [one for hall in halls for one in hall.openings.all()]
    days = days_of(edition, rows, openings)
    day = day if day in days else days[0]
    today = [row for row in rows if festival_day(row.starts_at, edition.time_zone) == day]
    before = [row for row in rehearsals if festival_day(row.starts_at, edition.time_zone) == day]
    open_today = {
        hall.pk: [one for one in hall.openings.all() if festival_day(one.opens_at, edition.time_zone) == day]
        for hall in halls
    }
    top, bottom = _hours(day, zone, [*today, *before], [one for some in open_today.values() for one in some])
    start = datetime.combine(day, time(), zone) + timedelta(hours=top)
    findings: dict[str, list[checks.Finding]] = {}
    for one in checks.check(edition):
        findings.setdefault(one.code, []).append(one)
    columns = [
        Column(
            hall.pk,
            say(hall.venue.name),
            say(hall.name),
            [(_minutes(start, one.opens_at), _minutes(start, one.closes_at)) for one in open_today[hall.pk]]
            if hall.openings.all()
            else [(0, (bottom - top) * 60)],  # without hours of its own a hall is always open
            [
                *(
                    _block(row, start, findings.get(row.code, ()), edition.time_zone)
                    for row in today
                    if row.hall_id == hall.pk
                ),
                *(_rehearsal(row, start) for row in before if row.hall_id == hall.pk),
            ],
        )
        for hall in halls
    ]
    problems = sum(len(findings.get(row.code, ())) for row in today)
    return Board(day, days, top, list(range(top, bottom)), columns, problems)


def _hours(
    day: date, zone: ZoneInfo, rows: Sequence[Screening], openings: Sequence[Opening]
) -> tuple[int, int]:
    midnight = datetime.combine(day, time(), zone)
    starts = [row.starts_at for row in rows] + [one.opens_at for one in openings]
    ends = [row.busy_until for row in rows] + [one.closes_at for one in openings]
    top = min([USUAL[0], *(_minutes(midnight, moment) // 60 for moment in starts)])
    bottom = max([USUAL[1], *(-(-_minutes(midnight, moment) // 60) for moment in ends)])
    return max(top, DAY_STARTS), min(bottom, 24 + DAY_STARTS)


def _minutes(since: datetime, moment: datetime) -> int:
    """By the clock on the wall, also on a day on which clocks change: the board is a clock."""
    zone = since.tzinfo
    return int(
        (moment.astimezone(zone).replace(tzinfo=None) - since.replace(tzinfo=None)).total_seconds() // 60
    )


def _block(row: Screening, start: datetime, findings: Sequence[checks.Finding], zone: str) -> Block:
    return Block(
        row.code,
        say(row.title),
        _minutes(start, row.starts_at),
        _length(row.starts_at, row.ends_at),
        _length(row.starts_at, row.busy_until),
        row.starts_at,
        row.ends_at,
        [item.film.heading for item in row.items.all() if item.film],
        False,
        row.released_at is not None,
        row.held,
        row.revision,
        any(one.level != checks.Level.WARN for one in findings),
        [said(one, zone) for one in findings],
    )


def _rehearsal(row: Rehearsal, start: datetime) -> Block:
    length = _length(row.starts_at, row.ends_at)
    return Block(
        row.code, row.heading, _minutes(start, row.starts_at), length, length, row.starts_at, row.ends_at, (), True,
        False, False, row.revision, False, (),
    )  # fmt: skip


def _length(start: datetime, end: datetime) -> int:
    return int((end - start).total_seconds() // 60)


def shelf(edition: Edition) -> list[Loose]:
    """Films of the catalogue that no screening has which takes place. Two queries."""
    placed = Item.objects.filter(
        screening__edition=edition, screening__cancelled_at__isnull=True, film__isnull=False
    )
    films = Film.objects.filter(edition=edition).exclude(pk__in=placed.values("film_id"))
    return [
        Loose(
            film.code,
            film.heading,
            say(film.track),
            film.directors,
            film.seconds,
            " ".join((film.title, film.title_en, film.directors, say(film.track), film.mood)).casefold(),
        )
        for film in films.order_by("title", "pk")
    ]


def moment_on(edition: Edition, day: date, minutes: int) -> datetime:
    """The moment that many minutes after midnight of a day, as clocks count: 25 × 60 is one in the night."""
    midnight = datetime.combine(day, time(), ZoneInfo(edition.time_zone))
    return (midnight + timedelta(minutes=minutes)).astimezone(ZoneInfo("UTC"))
