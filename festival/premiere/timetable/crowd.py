"""More film than time: proved by counting, at once and for programmes of any size."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from festival.premiere.timetable.model import Rule
from festival.premiere.timetable.problem import Hall, Problem, Window
from festival.premiere.timetable.timed import NIGHT

LEAST, MOST, MOST_FILMS = ("least", ""), ("most", ""), ("most_films", "")
TURNAROUND, REHEARSAL = ("turnaround", ""), ("rehearsal", "")


@dataclass(frozen=True)
class Room:
    unit: str  # screenings, minutes
    needed: int
    there: int


def crowded(problem: Problem) -> tuple[tuple[Rule, ...], Room] | None:
    """Rules under which the halls have not enough room, none of them needless; None when counting proves nothing."""
    every = [LEAST, MOST, MOST_FILMS, *(("open", hall.code) for hall in problem.halls), TURNAROUND, REHEARSAL]
    measures: tuple[Callable[[Problem, list[Rule]], Room], ...] = (_screenings, _minutes)
    for measure in measures:
        room = measure(problem, every)
        if room.needed > room.there:
            kept = every
            for rule in every:
                less = [one for one in kept if one != rule]
                without = measure(problem, less)
                if without.needed > without.there:
                    kept = less
            return tuple(kept), room
    return None


def _blocks(problem: Problem, rules: list[Rule]) -> int:
    """So many blocks there must be."""
    limits, films = problem.rules, problem.films
    net = 60 * limits.most - limits.intro - limits.qa
    by_length = -(-sum(problem.length(film) for film in films) // net) if net > 0 else 1
    by_number = -(-len(films) // limits.most_films)
    return max(1, by_length if MOST in rules else 1, by_number if MOST_FILMS in rules else 1)


def _windows(problem: Problem, hall: Hall, rules: list[Rule]) -> list[Window]:
    if ("open", hall.code) in rules:
        return list(hall.open)
    return [Window(start, end + NIGHT) for start, end in pairwise(problem.day_starts)]


def _screenings(problem: Problem, rules: list[Rule]) -> Room:
    """How many of the shortest that may be would fit."""
    limits, needed = problem.rules, _blocks(problem, rules) * len(problem.showings)
    spoken = limits.qa - limits.repeat_qa + sum(film.intro for film in problem.films)  # at premieres alone
    shortest = limits.least - (max(0, -(-spoken // 60)) if problem.repeat else 0)
    if LEAST not in rules or shortest <= 0:
        return Room("screenings", 0, 0)
    there = sum(
        (window.end - window.start + rest) // (shortest + rest)
        for hall in problem.halls
        for rest in (hall.turnaround if TURNAROUND in rules else 0,)
        for window in _windows(problem, hall, rules)
    )
    return Room("screenings", needed, there)


def _minutes(problem: Problem, rules: list[Rule]) -> Room:
    """How long all of it runs, with turnaround and rehearsals."""
    limits, blocks = problem.rules, _blocks(problem, rules)
    ends = {"premiere": limits.qa, "repeat": limits.repeat_qa}
    seconds = sum(
        sum(problem.length(film, showing) for film in problem.films) + blocks * (limits.intro + ends[showing])
        for showing in problem.showings
    )
    rest = min(hall.turnaround for hall in problem.halls) if TURNAROUND in rules else 0
    needed = -(-seconds // 60) + blocks * rest * len(problem.showings)
    needed += blocks * problem.rehearsal if REHEARSAL in rules else 0
    there = sum(
        window.end - window.start + rest
        for hall in problem.halls
        for window in _windows(problem, hall, rules)
    )
    return Room("minutes", needed, there)
