"""Problems and plans as JSON documents: see docs/timetable.md."""

from datetime import date
from typing import Any
from zoneinfo import available_timezones

from festival.premiere.timetable.clock import LONGEST, Clock, minute_of_day, read_day
from festival.premiere.timetable.problem import (
    ATTRIBUTES,
    FIRST,
    FORMATS,
    LAST,
    PREMIERE,
    SHOWINGS,
    STATUSES,
    AgeSlot,
    Block,
    BlockRules,
    Film,
    Forbidden,
    Guest,
    Hall,
    Pin,
    Plan,
    Problem,
    Screening,
    Weights,
    Window,
)
from festival.premiere.timetable.reading import Fields, fault

DAY = 24 * 60
GRIDS = (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60)


def read_problem(value: Any) -> Problem:
    """The problem of a JSON value. Raises Fault."""
    top = Fields(value, "")
    first_day = read_day(top.get("first_day", str), "first_day")
    days = top.get("days", int, least=1, most=LONGEST)
    zone = top.get("zone", str)
    if zone not in available_timezones():
        raise fault("zone", f"there is no time zone {zone!r}.")
    clock = Clock(first_day, zone)
    starts = tuple(clock.midnight(day) for day in range(days + 1))
    halls, travel = _halls(top, clock, starts)
    guests = _guests(top, clock)
    films = _films(top, {guest.code for guest in guests})
    rehearsal = Fields(top.get("rehearsal", dict, {}), "rehearsal")
    rehearsal_minutes = rehearsal.get("minutes", int, 0, most=DAY)
    day_before = rehearsal.get("day_before", bool, False)
    usual = 48 if day_before else 24
    within = rehearsal.get("within_hours", int, usual, least=1, most=24 * LONGEST) * 60
    rehearsal.end()
    grid = top.get("grid", int, 5)
    if grid not in GRIDS:
        raise fault("grid", f"is {grid}; it must divide an hour: {', '.join(map(str, GRIDS))}.")
    codes = {hall.code for hall in halls}
    problem = Problem(
        first_day=first_day,
        zone=zone,
        day_starts=starts,
        halls=halls,
        films=films,
        rules=_rules(Fields(top.get("blocks", dict), "blocks")),
        guests=guests,
        travel=travel,
        repeat=top.get("repeat", bool, False),
        rehearsal=rehearsal_minutes,
        rehearsal_within=within,
        rehearsal_day_before=day_before,
        age_slots=_age_slots(top),
        forbidden=_forbidden(top, clock, codes),
        pins=_pins(top, clock, codes, {film.code for film in films}, days),
        prime=_prime(top),
        weights=_weights(Fields(top.get("weights", dict, {}), "weights")),
        grid=grid,
    )
    for number, pin in enumerate(problem.pins):
        if pin.showing not in problem.showings:
            raise fault(f"pins[{number}].showing", "there are no repeats in this problem.")
        if pin.start is not None and pin.start % grid:
            raise fault(f"pins[{number}].starts", f"is not at a multiple of {grid} minutes, the grid.")
    top.end()
    return problem


def _different(codes: list[str], name: str, what: str) -> None:
    for number, code in enumerate(codes):
        if code in codes[:number]:
            raise fault(f"{name}[{number}]", f"there are two {what} {code!r}.")


def _window(row: Fields, clock: Clock) -> Window:
    start = clock.minute(row.get("from", str), row.at("from"))
    end = clock.minute(row.get("until", str), row.at("until"))
    if end <= start:
        raise fault(row.place, "ends before it begins.")
    return Window(start, end)


def _windows(row: Fields, name: str, clock: Clock) -> tuple[Window, ...]:
    found = []
    for part in row.rows(name, NONE):
        found.append(_window(part, clock))
        part.end()
    return tuple(sorted(found, key=lambda window: window.start))


NONE: list[Any] = []


def _halls(
    top: Fields, clock: Clock, starts: tuple[int, ...]
) -> tuple[tuple[Hall, ...], dict[tuple[str, str], int]]:
    halls: list[Hall] = []
    venues: list[str] = []
    for venue in top.rows("venues", NONE):
        code = venue.get("venue", str)
        venues.append(code)
        for row in venue.rows("halls", NONE):
            hall = Hall(
                code=row.get("hall", str),
                venue=code,
                open=_windows(row, "open", clock),
                turnaround=row.get("turnaround", int, 20, most=DAY),
                seats=row.get("seats", int, 0),
                formats=frozenset(row.texts("formats", FORMATS, "format")) or frozenset(FORMATS),
                rates=frozenset(row.texts("rates")),
                aspects=frozenset(row.texts("aspects")),
                surround=row.get("surround", bool, True),
                accessible=row.get("accessible", bool, True),
            )
            _check_open(hall, row, starts)
            halls.append(hall)
            row.end()
        venue.end()
    _different(venues, "venues", "venues")
    if not halls:
        raise fault("venues", "there is no hall.")
    _different([hall.code for hall in halls], "halls", "halls")
    travel: dict[tuple[str, str], int] = {}
    for row in top.rows("travel"):
        one, other = (row.one_of(name, venues, "venue") for name in ("from", "to"))
        minutes = row.get("minutes", int, most=DAY)
        if (one, other) in travel:
            raise fault(row.place, f"the way between {one} and {other} is there twice.")
        travel[one, other] = travel[other, one] = minutes
        row.end()
    return tuple(halls), travel


def _check_open(hall: Hall, row: Fields, starts: tuple[int, ...]) -> None:
    for number, window in enumerate(hall.open):
        if not starts[0] <= window.start < starts[-1]:
            raise fault(row.at("open"), f"hall {hall.code!r} opens on a day that is not of the festival.")
        if number and window.start < hall.open[number - 1].end + hall.turnaround:
            raise fault(
                row.at("open"),
                f"two opening hours of hall {hall.code!r} are nearer than its turnaround: join them, and "
                "forbid the time between.",
            )


def _guests(top: Fields, clock: Clock) -> tuple[Guest, ...]:
    found = []
    for row in top.rows("guests"):
        code = row.get("guest", str)
        found.append(Guest(code, _windows(row, "available", clock) if row.has("available") else None))
        row.end()
    _different([guest.code for guest in found], "guests", "guests")
    return tuple(found)


def _films(top: Fields, guests: set[str]) -> tuple[Film, ...]:
    found = []
    for row in top.rows("films", NONE):
        found.append(
            Film(
                code=row.get("film", str),
                seconds=row.get("seconds", int, least=1, most=DAY * 60),
                intro=row.get("intro_seconds", int, 0, most=3600),
                track=row.get("track", str, ""),
                mood=row.get("mood", str, ""),
                languages=frozenset(row.texts("languages")),
                age=row.get("age", int, 0, most=99),
                tempo=row.get("tempo", int, 0, most=10),
                strength=row.get("strength", int, 0, most=100),
                formats=frozenset(row.texts("formats", FORMATS, "format")),
                rate=row.get("rate", str, ""),
                aspect=row.get("aspect", str, ""),
                surround=row.get("surround", bool, False),
                accessible=row.get("accessible", bool, False),
                seats=row.get("seats", int, 0),
                status=row.one_of("status", STATUSES, "premiere status", ""),
                guests=row.texts("guests", guests, "guest"),
            )
        )
        row.end()
    if not found:
        raise fault("films", "there is no film.")
    _different([film.code for film in found], "films", "films")
    return tuple(found)


def _rules(row: Fields) -> BlockRules:
    rules = BlockRules(
        target=row.get("target", int, least=1, most=DAY),
        least=row.get("least", int, least=0, most=DAY),
        most=row.get("most", int, least=1, most=DAY),
        least_films=row.get("least_films", int, 1, least=1, most=1000),
        most_films=row.get("most_films", int, 1000, least=1, most=1000),
        intro=row.get("intro_seconds", int, 0, most=DAY * 60),
        label=row.get("label_seconds", int, 0, most=3600),
        qa=row.get("qa_seconds", int, 0, most=DAY * 60),
        repeat_qa=row.get("repeat_qa_seconds", int, 0, most=DAY * 60),
        same=frozenset(row.texts("same", ATTRIBUTES, "attribute")),
    )
    if not rules.least <= rules.target <= rules.most:
        raise fault("blocks", "the target must lie between the least and the most minutes.")
    if rules.least_films > rules.most_films:
        raise fault("blocks", "the least number of films is above the most.")
    row.end()
    return rules


def _age_slots(top: Fields) -> tuple[AgeSlot, ...]:
    found = []
    for row in top.rows("age_slots"):
        slot = AgeSlot(
            code=row.get("slot", str),
            least=row.get("age_from", int, 0, most=99),
            most=row.get("age_to", int, 99, most=99),
            start=minute_of_day(row.get("from", str, "00:00"), row.at("from")),
            end=minute_of_day(row.get("until", str, "30:00"), row.at("until")),
        )
        if slot.end < slot.start or slot.most < slot.least:
            raise fault(row.place, "ends before it begins.")
        found.append(slot)
        row.end()
    _different([slot.code for slot in found], "age_slots", "age slots")
    return tuple(found)


def _forbidden(top: Fields, clock: Clock, halls: set[str]) -> tuple[Forbidden, ...]:
    found = []
    for row in top.rows("forbidden"):
        code, hall = row.get("slot", str), row.one_of("hall", halls, "hall", "")
        found.append(Forbidden(code, hall, _window(row, clock)))
        row.end()
    _different([slot.code for slot in found], "forbidden", "forbidden slots")
    return tuple(found)


def _pins(top: Fields, clock: Clock, halls: set[str], films: set[str], days: int) -> tuple[Pin, ...]:
    found = []
    for row in top.rows("pins"):
        pin = Pin(
            code=row.get("pin", str),
            films=row.texts("films", films, "film"),
            whole=row.get("whole", bool, False),
            place=row.one_of("place", (FIRST, LAST), "place", ""),
            showing=row.one_of("showing", SHOWINGS, "showing", PREMIERE),
            day=_day(row, clock.first_day, days),
            hall=row.one_of("hall", halls, "hall", ""),
            start=clock.minute(row.get("starts", str), row.at("starts")) if row.has("starts") else None,
        )
        if not pin.films:
            raise fault(row.place, "a pin needs films.")
        found.append(pin)
        row.end()
    _different([pin.code for pin in found], "pins", "pins")
    return tuple(found)


def _day(row: Fields, first_day: date, days: int) -> int | None:
    if not row.has("day"):
        return None
    day = (read_day(row.get("day", str), row.at("day")) - first_day).days
    if not 0 <= day < days:
        raise fault(row.at("day"), "is not a day of the festival.")
    return day


def _prime(top: Fields) -> Window:
    row = Fields(top.get("prime", dict, {}), "prime")
    start, end = (
        minute_of_day(row.get(name, str, usual), row.at(name))
        for name, usual in (("from", "18:00"), ("until", "22:00"))
    )
    row.end()
    if end < start:
        raise fault("prime", "ends before it begins.")
    return Window(start, end)


def _weights(row: Fields) -> Weights:
    usual = Weights()
    names = usual.__dataclass_fields__
    found = Weights(**{name: row.get(name, int, getattr(usual, name), most=1000) for name in names})
    row.end()
    return found


def read_plan(value: Any, problem: Problem) -> Plan:
    """The plan of a JSON value. Films and halls that the problem does not know are left for the verifier."""
    top = Fields(value, "")
    clock = Clock(problem.first_day, problem.zone)
    blocks = []
    for row in top.rows("blocks", NONE):
        screenings = []
        for part in row.rows("screenings", NONE):
            rehearsal = None
            if part.has("rehearsal"):
                rehearsal = clock.minute(part.get("rehearsal", str), part.at("rehearsal"))
            part.asked |= {"ends", "day"}
            screenings.append(
                Screening(
                    part.one_of("showing", SHOWINGS, "showing"),
                    part.get("hall", str),
                    clock.minute(part.get("starts", str), part.at("starts")),
                    rehearsal,
                )
            )
            part.end()
        row.asked |= {"minutes"}
        blocks.append(Block(row.get("block", str), row.texts("films"), tuple(screenings)))
        row.end()
    _different([block.code for block in blocks], "blocks", "blocks")
    return Plan(tuple(blocks))


def change_json(problem: Problem, row: dict[str, Any]) -> dict[str, Any]:
    """A difference between two plans; screenings as their hall and local start."""
    clock = Clock(problem.first_day, problem.zone)
    return {
        name: {"hall": value.hall, "starts": clock.text(value.start)}
        if isinstance(value, Screening)
        else value
        for name, value in row.items()
    }


def plan_json(problem: Problem, plan: Plan) -> list[dict[str, Any]]:
    """The blocks of a plan under documented names."""
    clock = Clock(problem.first_day, problem.zone)
    return [
        {
            "block": block.code,
            "minutes": problem.minutes(block.films),
            "films": list(block.films),
            "screenings": [
                {
                    "showing": one.showing,
                    "hall": one.hall,
                    "starts": clock.text(one.start),
                    "ends": clock.text(one.start + problem.minutes(block.films, one.showing)),
                    "rehearsal": None if one.rehearsal is None else clock.text(one.rehearsal),
                }
                for one in block.screenings
            ],
        }
        for block in plan.blocks
    ]
