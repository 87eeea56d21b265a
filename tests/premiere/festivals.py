"""Small problems of a timetable, as documents."""

import copy
import random
from collections.abc import Iterator
from typing import Any

from festival.premiere.timetable.document import read_problem
from festival.premiere.timetable.problem import Block, Plan, Problem, Screening

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
            "track": draw.choice(("story", "open")),
            "age": draw.choice((0, 0, 18)),
            "formats": draw.choice((["DCP"], ["H.264"], ["DCP", "H.264"])),
            "guests": draw.choice(([], [], ["Wei"], ["Ada"])),
        }
        for name in "ABCD"[: draw.choice((3, 4))]
    ]
    away = [{"from": "2027-04-16T17:00", "until": draw.choice(("2027-04-16T20:00", "2027-04-17T20:30"))}]
    forbidden = [{"slot": "party", "from": "2027-04-17T20:30", "until": "2027-04-17T21:00"}]
    return small(
        films=films,
        guests=[{"guest": "Wei"} | draw.choice(({}, {"available": away})), {"guest": "Ada"}],
        blocks={
            "target": 60,
            "least": draw.choice((20, 40)),
            "most": 75,
            "same": draw.choice(([], ["track"])),
        },
        repeat=draw.random() < 0.6,
        age_slots=[{"slot": "late", "age_from": 18, "from": draw.choice(("19:30", "20:30"))}],
        forbidden=draw.choice(([], forbidden)),
        pins=draw.choice(([], [{"pin": "p", "films": ["A"], "hall": "one", "day": "2027-04-17"}])),
        rehearsal=draw.choice(({}, {"minutes": 30, "within_hours": 3})),
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


def shown(problem: Problem, films: tuple[str, ...], code: str) -> list[Block]:
    """Every way to show one block."""
    ways = []
    for hall, start in starts(problem):
        rehearsals: list[int | None] = [None]
        if problem.rehearsal:
            first = start - problem.rehearsal_within
            rehearsals = list(range(-(-first // problem.grid) * problem.grid, start, problem.grid))
        for rehearsal in rehearsals:
            premiere = Screening("premiere", hall, start, rehearsal)
            if not problem.repeat:
                ways.append(Block(code, films, (premiere,)))
            for again, later in starts(problem) if problem.repeat else ():
                ways.append(Block(code, films, (premiere, Screening("repeat", again, later))))
    return ways


def all_plans(problem: Problem, keeps: Any) -> Iterator[Plan]:
    """Every plan of which each part passes `keeps(plan)`: brute force that a tiny festival allows."""
    for parts in partitions([film.code for film in problem.films]):
        sets = []
        for number, part in enumerate(parts):
            ways = shown(problem, tuple(sorted(part)), f"B{number}")
            sets.append([way for way in ways if keeps(Plan((way,)))])
        if all(sets):
            yield from _grown(Plan(()), sets, keeps)


def _grown(plan: Plan, sets: list[list[Block]], keeps: Any) -> Iterator[Plan]:
    if not sets:
        yield plan
        return
    for way in sets[0]:
        longer = Plan((*plan.blocks, way))
        if keeps(longer):
            yield from _grown(longer, sets[1:], keeps)
