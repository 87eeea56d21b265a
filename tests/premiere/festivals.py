"""Small problems of a timetable, as documents."""

import copy
import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise, permutations
from typing import Any

from festival.premiere.timetable.document import read_problem
from festival.premiere.timetable.problem import Block, Guest, Plan, Problem, Screening, Window
from festival.premiere.timetable.verify import verify

SMALL: dict[str, Any] = {
    "first_day": "2027-04-16",
    "days": 2,
    "zone": "Asia/Shanghai",
    "grid": 60,
    "venues": [
        {
            "venue": "Grand",
            "halls": [
                {
                    "hall": "one",
                    "turnaround": 15,
                    "seats": 200,
                    "open": [
                        {"from": "2027-04-16T18:00", "until": "2027-04-16T22:00"},
                        {"from": "2027-04-17T18:00", "until": "2027-04-17T22:00"},
                    ],
                }
            ],
        },
        {
            "venue": "Lux",
            "halls": [
                {
                    "hall": "two",
                    "turnaround": 15,
                    "seats": 80,
                    "formats": ["H.264"],
                    "surround": False,
                    "open": [{"from": "2027-04-17T18:00", "until": "2027-04-17T22:00"}],
                }
            ],
        },
    ],
    "travel": [{"from": "Grand", "to": "Lux", "minutes": 30}],
    "guests": [{"guest": "Wei"}, {"guest": "Ada"}],
    "films": [
        {"film": "A", "seconds": 1800, "track": "story", "tempo": 1, "strength": 9, "guests": ["Wei"]},
        {"film": "B", "seconds": 1800, "track": "story", "tempo": 1, "strength": 5},
        {"film": "C", "seconds": 2400, "track": "open", "tempo": 2, "strength": 7, "guests": ["Ada"]},
        {"film": "D", "seconds": 1200, "track": "open", "tempo": 1, "strength": 3},
    ],
    "blocks": {"target": 60, "least": 50, "most": 70},
    "repeat": True,
}


def small(**changes: Any) -> dict[str, Any]:
    """The small festival, with other values in some of its fields."""
    return copy.deepcopy(SMALL) | changes


def problem_of(**changes: Any) -> Problem:
    """The same, read."""
    return read_problem(small(**changes))


def drawn(seed: int) -> dict[str, Any]:
    """A tiny festival by chance: some have a timetable, some have none."""
    draw = random.Random(seed)
    films = [
        {
            "film": name,
            "seconds": draw.choice((1200, 1500, 1800, 2400)),
            "intro_seconds": 120 if name == "B" else 0,
            "track": draw.choice(("story", "open")),
            "languages": draw.choice(([], ["en"], ["zh"])),
            "age": draw.choice((0, 0, 18)),
            "tempo": draw.choice((1, 2)),
            "strength": draw.randint(1, 5),
            "formats": draw.choice((["DCP"], ["H.264"], ["DCP", "H.264"])),
            "seats": draw.choice((0, 0, 100)),
            "guests": draw.choice(([], [], ["Wei"], ["Ada"])),
        }
        for name in "ABCD"[: draw.choice((3, 4, 4))]
    ]
    away = [{"from": "2027-04-16T17:00", "until": draw.choice(("2027-04-16T20:00", "2027-04-17T20:30"))}]
    late = [{"from": "2027-04-17T17:00", "until": "2027-04-17T23:00"}]
    pins: list[dict[str, Any]] = [
        {"pin": "hall", "films": ["A"], "hall": draw.choice(("one", "two"))},
        {"pin": "day", "films": ["B"], "day": draw.choice(("2027-04-16", "2027-04-17"))},
        {
            "pin": "time",
            "films": ["C"],
            "starts": f"2027-04-{draw.choice((16, 17))}T{draw.choice((18, 19, 20))}:00",
        },
        {"pin": "together", "films": ["A", "C"], "whole": draw.random() < 0.5},
        {"pin": "opens", "films": [draw.choice("AC")], "place": "first"},
        {"pin": "closes", "films": [draw.choice("BC")], "place": "last"},
    ]
    return small(
        films=films,
        guests=[
            {"guest": name} | draw.choice(({}, {}, {"available": away}, {"available": late}))
            for name in ("Wei", "Ada")
        ],
        blocks={
            "target": 60,
            "least": draw.choice((20, 40)),
            "most": draw.choice((75, 75, 90)),
            "same": draw.choice(([], [], ["track"], ["language"])),
        },
        repeat=draw.random() < 0.5,
        age_slots=[{"slot": "late", "age_from": 18, "from": draw.choice(("19:30", "20:30"))}],
        forbidden=draw.choice(
            ([], [{"slot": "party", "from": "2027-04-17T20:30", "until": "2027-04-17T21:00"}])
        ),
        pins=draw.sample(pins, draw.choice((0, 0, 1, 2, 3))),
        rehearsal=draw.choice(({}, {"minutes": 30, "within_hours": 3}, {"minutes": 30, "day_before": True})),
        weights=draw.choice(({}, {"together": 20, "smaller_hall": 1})),
    )


def partitions(codes: list[str]) -> Iterator[list[list[str]]]:
    """All ways to put films into blocks."""
    if not codes:
        yield []
        return
    for rest in partitions(codes[1:]):
        yield [[codes[0]], *rest]
        for number in range(len(rest)):
            yield [*rest[:number], [codes[0], *rest[number]], *rest[number + 1 :]]


def starts(problem: Problem) -> list[tuple[str, int]]:
    """Every hall and start on the grid in its opening hours."""
    return [
        (hall.code, start)
        for hall in problem.halls
        for window in hall.open
        for start in range(-(-window.start // problem.grid) * problem.grid, window.end, problem.grid)
    ]


def ways(problem: Problem, films: tuple[str, ...], code: str, more: frozenset[str]) -> list[Block]:
    """Every way to show one block that keeps the rules (but those of the codes in `more`)."""

    def kept(screening: Screening) -> bool:
        broken = verify(problem, Plan((Block(code, films, (screening,)),)))
        return {one.code for one in broken} <= PARTIAL | more

    premieres, repeats = [], []
    for hall, start in starts(problem):
        rehearsals: list[int | None] = [None]
        if problem.rehearsal:
            first = start - problem.rehearsal_within
            rehearsals = list(range(-(-first // problem.grid) * problem.grid, start, problem.grid))
        premieres += [one for at in rehearsals if kept(one := Screening("premiere", hall, start, at))]
        repeats += [one for one in [Screening("repeat", hall, start)] if problem.repeat and kept(one)]
    if not problem.repeat:
        return [Block(code, films, (one,)) for one in premieres]
    day = {one: problem.day_at(one.hall, one.start) for one in (*premieres, *repeats)}
    anyway = "repeat_day" in more
    return [
        Block(code, films, (one, two))
        for one in premieres
        for two in repeats
        if anyway or day[one] < day[two]
    ]


MISSING = frozenset({"film_missing"})
PARTIAL = frozenset({"film_missing", "screenings"})


def all_plans(problem: Problem, more: frozenset[str] = frozenset()) -> Iterator[Plan]:
    """Every plan that keeps the rules (but those of the codes in `more`): brute force that a tiny festival allows."""
    known: dict[tuple[str, ...], list[Block]] = {}
    ends = {pin.films[0]: {"first": -1, "last": 1}[pin.place] for pin in problem.pins if pin.place}
    for parts in partitions([film.code for film in problem.films]):
        sets = []
        for part in parts:
            films = tuple(sorted(part, key=lambda film: (ends.get(film, 0), film)))
            if films not in known:
                known[films] = ways(problem, films, "".join(films), more)
            sets.append(known[films])
            if not known[films]:
                break
        if all(sets):
            yield from _grown(problem, Plan(()), sets, more)


def _grown(problem: Problem, plan: Plan, sets: list[list[Block]], more: frozenset[str]) -> Iterator[Plan]:
    if not sets:
        yield plan
        return
    for way in sets[0]:
        longer = Plan((*plan.blocks, way))
        if {one.code for one in verify(problem, longer)} <= MISSING | more:
            yield from _grown(problem, longer, sets[1:], more)


def relaxed(problem: Problem, rules: set[tuple[str, str]]) -> tuple[Problem, frozenset[str]]:
    """The problem in which only these of its rules hold, and the codes that the verifier says in vain."""
    limits, days = problem.rules, problem.day_starts
    whole = tuple(Window(start, end + 360) for start, end in pairwise(days))
    guests, films = [], []
    for guest in problem.guests:
        available = guest.available if ("guest", guest.code) in rules else None
        twice = ("guest_twice", guest.code) in rules
        guests += [Guest(guest.code, available)] if twice else []
        guests += (
            [] if twice else [Guest(f"{guest.code} for {film.code}", available) for film in problem.films]
        )
    for film in problem.films:
        names = {guest.code for guest in guests}
        here = tuple(code if code in names else f"{code} for {film.code}" for code in film.guests)
        nothing: frozenset[str] = frozenset()
        bare = replace(film, formats=nothing, rate="", aspect="", surround=False, accessible=False, seats=0)
        films.append(replace(film if ("needs", film.code) in rules else bare, guests=here))
    easy = replace(
        problem,
        halls=tuple(
            replace(
                hall,
                turnaround=hall.turnaround if ("turnaround", "") in rules else 0,
                open=hall.open if ("open", hall.code) in rules else whole,
            )
            for hall in problem.halls
        ),
        films=tuple(films),
        guests=tuple(guests),
        rules=replace(
            limits,
            least=limits.least if ("least", "") in rules else 0,
            most=limits.most if ("most", "") in rules else 24 * 60,
            least_films=limits.least_films if ("least_films", "") in rules else 1,
            most_films=limits.most_films if ("most_films", "") in rules else 1000,
            same=frozenset(name for name in limits.same if ("same", name) in rules),
        ),
        travel=problem.travel if ("travel", "") in rules else {},
        rehearsal=problem.rehearsal if ("rehearsal", "") in rules else 0,
        age_slots=tuple(slot for slot in problem.age_slots if ("age", slot.code) in rules),
        forbidden=tuple(slot for slot in problem.forbidden if ("forbidden", slot.code) in rules),
        pins=tuple(pin for pin in problem.pins if ("pin", pin.code) in rules),
    )
    return easy, frozenset() if ("repeat", "") in rules else frozenset({"repeat_day"})


def changes(before: Plan, after: Plan) -> int:
    """The smallest count of films moved, halls and times changed, screenings added and taken out, by any names."""
    most = max(len(before.blocks), len(after.blocks))
    olds, news = ([*plan.blocks, *[Block("", ())] * (most - len(plan.blocks))] for plan in (before, after))
    return min(sum(map(_block_changes, olds, order)) for order in permutations(news))


def _block_changes(old: Block, new: Block) -> int:
    count = sum(film not in new.films for film in old.films)
    for showing in ("premiere", "repeat"):
        was, now = old.shown(showing), new.shown(showing)
        if was and now:
            count += (now.hall != was.hall) + (now.start != was.start)
        else:
            count += was is not now
    return count
