"""Venues, halls, opening hours and ways of a blueprint, and how much what does not fit counts. Without Django."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from decimal import Decimal, InvalidOperation
from typing import Any

from festival.edition.blueprint_reader import Known, Path, Reader

Text = dict[str, str]
FORMATS = ("dcp", "prores", "h264")
SOUNDS = ("2.0", "5.1", "7.1")
# As `premiere.checks` knows them; tests/premiere/test_blueprints.py holds the two against each other.
CHECKS = (
    "closed",
    "format",
    "frame_rate",
    "aspect",
    "sound",
    "length",
    "film_twice",
    "guest_away",
    "guest_twice",
    "no_rehearsal",
    "empty",
    "copy",
)
LEVELS = ("block", "release", "warn", "ignore")


@dataclass(frozen=True, slots=True)
class HoursPlan:
    """Open on each day from `first_day` to `last_day`; `closes` not after `opens` is of the next morning."""

    first_day: int
    last_day: int
    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class HallPlan:
    """`formats`, `frame_rates`, `aspects` and `sound` as `premiere.Hall` keeps them; empty: not known."""

    name: Text
    seats: int
    turnaround_minutes: int
    online: bool
    formats: tuple[str, ...]
    frame_rates: tuple[str, ...]
    aspects: tuple[str, ...]
    sound: str
    wheelchair_places: int
    hearing_loop: bool
    access_note: Text
    hours: tuple[HoursPlan, ...]


@dataclass(frozen=True, slots=True)
class VenuePlan:
    slug: str  # for [[travel]]; empty where nothing names it
    name: Text
    address: Text
    halls: tuple[HallPlan, ...]


@dataclass(frozen=True, slots=True)
class TravelPlan:
    """Minutes between the venues with these slugs, the same both ways."""

    between: tuple[str, str]
    minutes: int


_VENUE: Known = {"slug": (str, "venue"), "name": (dict, ...), "address": (dict, {}), "halls": (list, ...)}
_HALL: Known = {
    "name": (dict, ...),
    "seats": (int, ...),
    "turnaround_minutes": (int, 20),
    "online": (bool, False),
    "formats": (list, []),
    "frame_rates": (list, []),
    "aspects": (list, []),
    "sound": (str, ""),
    "wheelchair_places": (int, 0),
    "hearing_loop": (bool, False),
    "access_note": (dict, {}),
    "hours": (list, []),
}
_HOURS: Known = {"first_day": (int, ...), "last_day": (int, 0), "opens": (str, ...), "closes": (str, ...)}
_TRAVEL: Known = {"between": (list, ...), "minutes": (int, ...)}


def read_venue(read: Reader, path: Path, row: Mapping[str, Any]) -> VenuePlan:
    """A venue with its halls."""
    values = read.take(row, path, "A venue", _VENUE)
    halls = tuple(_hall(read, here, hall) for here, hall in read.rows(values, path, "halls"))
    return VenuePlan(values["slug"] if "slug" in row else "", values["name"], values["address"], halls)


def read_travel(read: Reader, path: Path, row: Mapping[str, Any]) -> TravelPlan:
    """How long it takes between two venues."""
    values = read.take(row, path, "A way", _TRAVEL)
    ends = values["between"]
    if len(ends) != 2 or not all(isinstance(end, str) for end in ends):
        read.bad((*path, "between"), "A way: 'between' takes the slugs of two venues.")
        ends = ["", ""]
    return TravelPlan((ends[0], ends[1]), values["minutes"])


def read_checks(read: Reader, values: Any) -> dict[str, str]:
    """The table `[checks]`: by what is looked for, how much it counts when it is found."""
    if not isinstance(values, Mapping):
        read.bad(("checks",), f"'checks' must be a table, not {values!r}.")
        return {}
    for name, level in values.items():
        if name not in CHECKS:
            read.bad(("checks", name), f"'checks' does not know {name!r}; there are {', '.join(CHECKS)}.")
        elif level not in LEVELS:
            read.bad(("checks", name), f"{name!r} is one of {', '.join(LEVELS)}, not {level!r}.")
    return dict(values)


def check_venues(read: Reader, venues: Sequence[VenuePlan], travel: Sequence[TravelPlan]) -> None:
    """What no single table can say: slugs used once, and ways between venues that are there, each once."""
    slugs = [venue.slug for venue in venues]
    for place, slug in enumerate(slugs):
        if slug and slug in slugs[:place]:
            read.bad(("venues", place, "slug"), f"The venue {slug!r} is there twice.")
    seen: set[frozenset[str]] = set()
    for place, way in enumerate(travel):
        here = ("travel", place, "between")
        for slug in way.between:
            if slug and slug not in slugs:
                read.bad(here, f"There is no venue with the slug {slug!r}.")
        if way.between[0] and way.between[0] == way.between[1]:
            read.bad(here, "A way is between two different venues.")
        if frozenset(way.between) in seen:
            read.bad(here, f"The way between {way.between[0]!r} and {way.between[1]!r} is there twice.")
        seen.add(frozenset(way.between))


def _hall(read: Reader, path: Path, row: Mapping[str, Any]) -> HallPlan:
    values = read.take(row, path, "A hall", _HALL)
    for name in values["formats"]:
        if name not in FORMATS:
            known = ", ".join(FORMATS)
            read.bad((*path, "formats"), f"A hall does not know the format {name!r}; it knows {known}.")
    if values["sound"] and values["sound"] not in SOUNDS:
        known = ", ".join(SOUNDS)
        read.bad((*path, "sound"), f"A hall does not know the sound {values['sound']!r}; it knows {known}.")
    if 0 < values["seats"] < values["wheelchair_places"]:
        read.bad((*path, "wheelchair_places"), "A hall has more wheelchair places than seats.")
    lists = {name: _numbers(read, path, name, values[name]) for name in ("frame_rates", "aspects")}
    hours = tuple(_hours(read, here, line) for here, line in read.rows(values, path, "hours"))
    return HallPlan(**{**values, **lists, "formats": tuple(map(str, values["formats"])), "hours": hours})


def _numbers(read: Reader, path: Path, key: str, given: Sequence[Any]) -> tuple[str, ...]:
    """Numbers as texts: 24 and "24" are the same."""
    for value in given:
        try:
            fits = not isinstance(value, bool) and 0 < Decimal(str(value)) < 1000
        except InvalidOperation:
            fits = False
        if not fits:
            read.bad(
                (*path, key), f"A hall: {key!r} is a list of numbers, such as [24, 25]; {value!r} is none."
            )
            return ()
    return tuple(str(value) for value in given)


def _hours(read: Reader, path: Path, row: Mapping[str, Any]) -> HoursPlan:
    values = read.take(row, path, "Opening hours", _HOURS)
    last = values["last_day"] if "last_day" in row else values["first_day"]
    if not 0 <= last - values["first_day"] < 60:
        read.bad((*path, "last_day"), "Opening hours: 'last_day' is from 0 to 59 days after 'first_day'.")
    return HoursPlan(
        values["first_day"], last, *(_time(read, (*path, key), values[key]) for key in ("opens", "closes"))
    )


def _time(read: Reader, path: Path, text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError:
        read.bad(path, f"Opening hours: {text!r} is no time; write it like 09:30.")
        return time()
