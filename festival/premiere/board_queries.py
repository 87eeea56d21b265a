"""The table as a board: one day, hall beside hall, with what does not fit; and the films that have no place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, prefetch_related_objects

from festival.catalogue.models import Film
from festival.edition.models import Edition
from festival.kit.clock import in_zone
from festival.kit.words import say
from festival.premiere import checks
from festival.premiere.check_words import said
from festival.premiere.models import Hall, Item, Opening, Proposal, Rehearsal, Screening
from festival.premiere.programme.document import DAY_STARTS, festival_day

USUAL = (10, 24)  # hours that a board shows at least; a day goes on after midnight
LIMITS = (3, 5, 10, 15, 20, 30)  # minutes that films of the shelf can be narrowed to


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
    stays: bool = False  # was ticked to stay, the last time the solver was asked
    changed: bool = False  # of two timetables side by side: not the same in both


@dataclass(frozen=True, slots=True)
class Column:
    """A hall with its bookings, and the hours in which it is open, in minutes from the top."""

    pk: int
    venue: str
    hall: str
    open: Sequence[tuple[int, int]]
    blocks: Sequence[Block]
    version: str = ""  # of two timetables side by side: which one


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
    mood: str
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
    """Sixteen queries, whatever the size."""
    zone = ZoneInfo(edition.time_zone)
    last = Proposal.objects.filter(edition=edition).values_list("wishes", flat=True).first()
    stay = set(last.get("stay", ())) if last else set()
    rows = list(Screening.objects.filter(edition=edition, cancelled_at__isnull=True))
    rehearsals = list(Rehearsal.objects.filter(edition=edition).select_related("rehearses"))
    halls = halls_of(edition)
    openings = [one for hall in halls for one in hall.openings.all()]
    days = days_of(edition, rows, openings)
    day = day if day in days else days[0]
    today = [row for row in rows if festival_day(row.starts_at, edition.time_zone) == day]
    # Only what stands on the board is read whole.
    lines = Item.objects.select_related("film").order_by("position")
    lines = lines.only("screening", "film__title", "film__title_en")
    prefetch_related_objects(today, Prefetch("items", lines))
    before = [row for row in rehearsals if festival_day(row.starts_at, edition.time_zone) == day]
    open_today = open_on(day, halls, edition.time_zone)
    spans = [(row.starts_at, row.busy_until) for row in (*today, *before)]
    top, bottom = hours_of(day, zone, spans, [one for some in open_today.values() for one in some])
    start = datetime.combine(day, time(), zone) + timedelta(hours=top)
    findings: dict[str, list[checks.Finding]] = {}
    for one in checks.check(edition):
        findings.setdefault(one.code, []).append(one)
    columns = [
        Column(
            hall.pk,
            say(hall.venue.name),
            say(hall.name),
            lane_hours(hall, start, open_today[hall.pk], bottom - top),
            [
                *(
                    _block(row, start, findings.get(row.code, ()), edition.time_zone, row.code in stay)
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


def halls_of(edition: Edition) -> list[Hall]:
    """Every hall with its venue and hours. Two queries."""
    rows = Hall.objects.filter(venue__edition=edition).select_related("venue")
    return list(rows.prefetch_related("openings"))


def open_on(day: date, halls: Sequence[Hall], zone: str) -> dict[int, list[Opening]]:
    """The hours of a day, by hall."""
    return {
        hall.pk: [one for one in hall.openings.all() if festival_day(one.opens_at, zone) == day]
        for hall in halls
    }


def lane_hours(hall: Hall, start: datetime, openings: Sequence[Opening], hours: int) -> list[tuple[int, int]]:
    """When a hall is open, in minutes from the top; without hours of its own it is always open."""
    if not hall.openings.all():
        return [(0, hours * 60)]
    return [(minutes_between(start, one.opens_at), minutes_between(start, one.closes_at)) for one in openings]


def hours_of(
    day: date, zone: ZoneInfo, spans: Sequence[tuple[datetime, datetime]], openings: Sequence[Opening]
) -> tuple[int, int]:
    """From which hour to which a board goes, so that all of this is on it."""
    midnight = datetime.combine(day, time(), zone)
    starts = [start for start, _end in spans] + [one.opens_at for one in openings]
    ends = [end for _start, end in spans] + [one.closes_at for one in openings]
    top = min([USUAL[0], *(minutes_between(midnight, moment) // 60 for moment in starts)])
    bottom = max([USUAL[1], *(-(-minutes_between(midnight, moment) // 60) for moment in ends)])
    return max(top, DAY_STARTS), min(bottom, 24 + DAY_STARTS)


def minutes_between(since: datetime, moment: datetime) -> int:
    """By the clock on the wall, also on a day on which clocks change: the board is a clock."""
    zone = since.tzinfo
    return int(
        (moment.astimezone(zone).replace(tzinfo=None) - since.replace(tzinfo=None)).total_seconds() // 60
    )


def _block(
    row: Screening, start: datetime, findings: Sequence[checks.Finding], zone: str, stays: bool
) -> Block:
    return Block(
        row.code,
        say(row.title),
        minutes_between(start, row.starts_at),
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
        stays,
    )


def _rehearsal(row: Rehearsal, start: datetime) -> Block:
    length = _length(row.starts_at, row.ends_at)
    return Block(
        row.code, row.heading, minutes_between(start, row.starts_at), length, length, row.starts_at, row.ends_at, (),
        True, False, False, row.revision, False, (),
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
            film.mood,
            film.directors,
            film.seconds,
            " ".join((film.title, film.title_en, film.directors, say(film.track), film.mood)).casefold(),
        )
        for film in films.order_by("title", "pk")
    ]


@dataclass(frozen=True, slots=True)
class Filters:
    """What the shelf can be narrowed to: what its films have."""

    tracks: Sequence[str]
    moods: Sequence[str]
    minutes: Sequence[int]  # a film is at most so long


def filters_of(films: Sequence[Loose]) -> Filters:
    """Nothing to choose from where all films are alike."""

    def several(values: set[str]) -> list[str]:
        found = sorted(values - {""})
        return found if len(values) > 1 else []

    lengths = [film.seconds for film in films]
    return Filters(
        several({film.track for film in films}),
        several({film.mood for film in films}),
        [limit for limit in LIMITS if lengths and min(lengths) <= limit * 60 < max(lengths)],
    )


def moment_on(edition: Edition, day: date, minutes: int) -> datetime:
    """The moment that many minutes after midnight of a day, as clocks count: 25 × 60 is one in the night."""
    midnight = datetime.combine(day, time(), ZoneInfo(edition.time_zone))
    return (midnight + timedelta(minutes=minutes)).astimezone(ZoneInfo("UTC"))
