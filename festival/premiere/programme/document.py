"""A released programme as plain values: what is stored with a release and what every outward format is made of.

Moments are aware and in UTC; lengths are whole seconds. A document that contradicts itself cannot be made: `Programme`
raises Faulty. `codec` reads and writes it as JSON; docs/programme-formats.md describes that.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

FORMAT = 1  # of the document: grows when an older reader would misread it
LANGUAGES = ("en", "zh")
YEARS = (1900, 2200)
DAY_STARTS = 4  # o’clock, where an edition says nothing else
CODE = re.compile(r"[A-Z0-9]{1,12}")
SLUG = re.compile(r"[A-Za-z0-9_-]{1,60}")
WEB = re.compile(r"https?://[^\s<>\"{}|\\^`]+")


class Faulty(ValueError):
    """A document that contradicts itself or is none. `where` is the place in it: "screenings[2].hall"."""

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"{where}: {what}" if where else what)
        self.where = where
        self.what = what


class Status(StrEnum):
    SCHEDULED = "scheduled"
    CANCELLED = "cancelled"


class Premiere(StrEnum):
    """How new the screening's films are to whom; NONE says nothing about it."""

    NONE = ""
    WORLD = "world"
    NATIONAL = "national"
    CITY = "city"


class Kind(StrEnum):
    """What stands in a running order."""

    FILM = "film"
    INTRO = "intro"
    LABEL = "label"
    TALK = "talk"
    QA = "qa"
    BREAK = "break"


@dataclass(frozen=True, slots=True)
class Text:
    """Words in English and Chinese; where one is missing the other is said."""

    en: str = ""
    zh: str = ""

    def said(self, language: str) -> str:
        return (self.zh or self.en) if language == "zh" else (self.en or self.zh)

    def __bool__(self) -> bool:
        return bool(self.en or self.zh)


EMPTY = Text()


@dataclass(frozen=True, slots=True)
class Edition:
    """The festival. `url` is that of its programme page; its host stands in the UIDs of the calendar.

    A day of the festival begins at `day_starts` o'clock in `zone` (an IANA name): what begins at 1:30 in the night
    belongs to the evening before.
    """

    slug: str
    name: Text
    url: str
    zone: str
    day_starts: int = DAY_STARTS


@dataclass(frozen=True, slots=True)
class Venue:
    code: str
    name: Text
    address: Text = EMPTY


@dataclass(frozen=True, slots=True)
class Hall:
    """`seats` of an online hall are how many may watch at once."""

    code: str
    venue: str
    name: Text
    seats: int
    online: bool = False
    wheelchair_places: int = 0
    hearing_loop: bool = False
    access_note: Text = EMPTY


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a running order. `film` is the code of a film, for films alone."""

    kind: Kind
    seconds: int
    film: str = ""
    title: Text = EMPTY


@dataclass(frozen=True, slots=True)
class Screening:
    """`code` stays whatever changes; `sequence` grows with every released change, `changed_at` is the last of them.

    `spoken` and `subtitles` are language codes (BCP 47) or names as they were written. `min_age` is in years: 0 is for
    everybody, None not rated.
    """

    code: str
    sequence: int
    changed_at: datetime
    title: Text
    hall: str
    starts_at: datetime
    ends_at: datetime
    items: tuple[Item, ...]
    url: str
    note: Text = EMPTY
    status: Status = Status.SCHEDULED
    reason: Text = EMPTY  # why it was cancelled
    spoken: tuple[str, ...] = ()
    subtitles: tuple[str, ...] = ()
    min_age: int | None = None
    premiere: Premiere = Premiere.NONE
    host: Text = EMPTY
    ticket_note: Text = EMPTY

    @property
    def cancelled(self) -> bool:
        return self.status is Status.CANCELLED

    @property
    def length(self) -> timedelta:
        return self.ends_at - self.starts_at


@dataclass(frozen=True, slots=True)
class Film:
    """`title.zh` is the original title, `title.en` the English one; `countries` are ISO 3166-1 codes or names.

    `ai_label` is the label that has to stand with it, where its makers declare AI.
    """

    code: str
    title: Text
    makers: tuple[str, ...]
    seconds: int
    url: str
    countries: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    year: int | None = None
    synopsis: Text = EMPTY
    section: Text = EMPTY
    picture: str = ""
    ai_label: Text = EMPTY


@dataclass(frozen=True, slots=True)
class Programme:
    """One released version. `days` are the festival's days in order; each screening begins on one of them."""

    edition: Edition
    version: int
    released_at: datetime
    days: tuple[date, ...]
    venues: tuple[Venue, ...]
    halls: tuple[Hall, ...]
    screenings: tuple[Screening, ...]
    films: tuple[Film, ...]
    changes: Text = EMPTY  # what is new in this version, in words

    def __post_init__(self) -> None:
        _check_edition(self)
        venues = _once("venues", (one.code for one in self.venues))
        halls = _once("halls", (one.code for one in self.halls))
        films = _once("films", (one.code for one in self.films))
        _once("screenings", (one.code for one in self.screenings))
        for number, hall in enumerate(self.halls):
            _known(f"halls[{number}].venue", hall.venue, venues)
            _not_below(f"halls[{number}].seats", hall.seats, 0)
            _not_below(f"halls[{number}].wheelchair_places", hall.wheelchair_places, 0)
        for number, film in enumerate(self.films):
            _not_below(f"films[{number}].seconds", film.seconds, 1)
            _web(f"films[{number}].url", film.url)
            if film.picture:
                _web(f"films[{number}].picture", film.picture)
            if film.year is not None and not 1 <= film.year <= 9999:
                raise Faulty(f"films[{number}].year", "is no year")
        days = set(self.days)
        for number, screening in enumerate(self.screenings):
            _check_screening(f"screenings[{number}]", screening, halls, films)
            if day_of(screening.starts_at, self.edition) not in days:
                raise Faulty(f"screenings[{number}].starts_at", "is on none of the days")


def festival_day(moment: datetime, zone: str, day_starts: int = DAY_STARTS) -> date:
    """The festival's day of `moment`: that of the wall clock in `zone`, and before `day_starts` the day before."""
    local = moment.astimezone(ZoneInfo(zone))
    return local.date() if local.hour >= day_starts else local.date() - timedelta(days=1)


def day_of(moment: datetime, edition: Edition) -> date:
    return festival_day(moment, edition.zone, edition.day_starts)


def days_of(moments: Iterable[datetime], edition: Edition) -> tuple[date, ...]:
    """The days from the first of `moments` to the last, those between without a screening included."""
    found = {day_of(moment, edition) for moment in moments}
    if not found:
        return ()
    first = min(found)
    return tuple(first + timedelta(days=number) for number in range((max(found) - first).days + 1))


def _check_edition(programme: Programme) -> None:
    edition = programme.edition
    if not SLUG.fullmatch(edition.slug):
        raise Faulty("edition.slug", "is no slug")
    _web("edition.url", edition.url)
    try:
        ZoneInfo(edition.zone)
    except (KeyError, ValueError, OSError):
        raise Faulty("edition.zone", "is no time zone") from None
    if not 0 <= edition.day_starts <= 12:
        raise Faulty("edition.day_starts", "is no hour from 0 to 12")
    _not_below("version", programme.version, 0)
    _aware("released_at", programme.released_at)
    if list(programme.days) != sorted(set(programme.days)):
        raise Faulty("days", "are not in order, or twice")


def _check_screening(where: str, screening: Screening, halls: set[str], films: set[str]) -> None:
    _known(f"{where}.hall", screening.hall, halls)
    _not_below(f"{where}.sequence", screening.sequence, 0)
    _web(f"{where}.url", screening.url)
    for name in ("changed_at", "starts_at", "ends_at"):
        _aware(f"{where}.{name}", getattr(screening, name))
    if screening.ends_at < screening.starts_at:
        raise Faulty(f"{where}.ends_at", "is before the start")
    if screening.min_age is not None:
        _not_below(f"{where}.min_age", screening.min_age, 0)
    if screening.reason and not screening.cancelled:
        raise Faulty(f"{where}.reason", "stands at a screening that is not cancelled")
    for number, item in enumerate(screening.items):
        place = f"{where}.items[{number}]"
        _not_below(f"{place}.seconds", item.seconds, 1)
        if (item.kind is Kind.FILM) != bool(item.film):
            raise Faulty(f"{place}.film", "is given for films, and for nothing else")
        if item.film:
            _known(f"{place}.film", item.film, films)


def _once(where: str, codes: Iterable[str]) -> set[str]:
    seen: set[str] = set()
    for number, code in enumerate(codes):
        if not CODE.fullmatch(code):
            raise Faulty(f"{where}[{number}].code", "is no code: up to 12 of A to Z and 0 to 9")
        if code in seen:
            raise Faulty(f"{where}[{number}].code", "is there twice")
        seen.add(code)
    return seen


def _known(where: str, code: str, codes: set[str]) -> None:
    if code not in codes:
        raise Faulty(where, f"names {code!r}, which is not there")


def _not_below(where: str, number: int, least: int) -> None:
    if number < least:
        raise Faulty(where, f"is below {least}")


def _web(where: str, address: str) -> None:
    if not WEB.fullmatch(address):
        raise Faulty(where, "is no web address")


def _aware(where: str, moment: datetime) -> None:
    if moment.utcoffset() != timedelta(0) or moment.microsecond:
        raise Faulty(where, "is not in UTC, in whole seconds")
    if not YEARS[0] <= moment.year <= YEARS[1]:
        raise Faulty(where, f"is not between {YEARS[0]} and {YEARS[1]}")
