"""The plain verifier: knows the rules and not the solver. Minutes in, every broken rule out."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from festival.premiere.timetable.problem import (
    FIRST,
    PREMIERE,
    REPEAT,
    Block,
    Pin,
    Plan,
    Problem,
    Screening,
    common,
)


@dataclass(frozen=True)
class Broken:
    """A broken rule: its code, the blocks it concerns, and values for the sentence (see words.py)."""

    code: str
    blocks: tuple[str, ...]
    values: dict[str, Any]


def verify(problem: Problem, plan: Plan) -> list[Broken]:
    """Every rule that the plan breaks, in the order: known, complete, blocks, places, people, pins."""
    unknown = list(_unknown(problem, plan))
    if unknown:
        return unknown
    return [
        *_complete(problem, plan),
        *(broken for block in plan.blocks for broken in _block(problem, block)),
        *(broken for block in plan.blocks for broken in _places(problem, block)),
        *_overlaps(problem, plan),
        *_people(problem, plan),
        *(broken for pin in problem.pins for broken in _pin(problem, plan, pin)),
    ]


def _unknown(problem: Problem, plan: Plan) -> Iterator[Broken]:
    for block in plan.blocks:
        for film in block.films:
            if film not in problem.film:
                yield Broken("unknown_film", (block.code,), {"film": film})
        for one in block.screenings:
            if one.hall not in problem.hall:
                yield Broken("unknown_hall", (block.code,), {"hall": one.hall})


def _complete(problem: Problem, plan: Plan) -> Iterator[Broken]:
    homes: dict[str, list[str]] = {film.code: [] for film in problem.films}
    for block in plan.blocks:
        for film in block.films:
            homes[film].append(block.code)
    for film, blocks in homes.items():
        if not blocks:
            yield Broken("film_missing", (), {"film": film})
        if len(blocks) > 1:
            yield Broken("film_twice", tuple(blocks), {"film": film})


def _block(problem: Problem, block: Block) -> Iterator[Broken]:
    rules, where = problem.rules, (block.code,)
    seconds = problem.seconds(block.films)
    minutes = problem.minutes(block.films)
    if seconds < rules.least * 60:
        yield Broken("block_short", where, {"minutes": minutes, "least": rules.least})
    if seconds > rules.most * 60:
        yield Broken("block_long", where, {"minutes": minutes, "most": rules.most})
    if not rules.least_films <= len(block.films) <= rules.most_films:
        yield Broken(
            "block_films",
            where,
            {"films": len(block.films), "least": rules.least_films, "most": rules.most_films},
        )
    films = [problem.film[code] for code in block.films]
    for name in sorted(rules.same):
        if name == "language":
            mixed = not common([film.languages for film in films])
        else:
            mixed = len({value for film in films for value in film.values(name)}) > 1
        if mixed:
            yield Broken("block_mixed", where, {"attribute": name})
    for showing in (PREMIERE, REPEAT):
        wanted = int(showing in problem.showings)
        found = sum(one.showing == showing for one in block.screenings)
        if found != wanted:
            yield Broken("screenings", where, {"showing": showing, "found": found, "wanted": wanted})
    first, again = block.shown(PREMIERE), block.shown(REPEAT)
    if first and again:
        days = [problem.day_at(one.hall, one.start) for one in (first, again)]
        if days[1] <= days[0]:
            yield Broken("repeat_day", where, {})


def _places(problem: Problem, block: Block) -> Iterator[Broken]:
    where = (block.code,)
    for one in block.screenings:
        hall = problem.hall[one.hall]
        end = one.start + problem.minutes(block.films, one.showing)
        said = {"showing": one.showing, "hall": hall.code, "start": one.start, "end": end}
        day = problem.day_starts[problem.day_at(hall.code, one.start)]
        if not any(window.holds(one.start, end) for window in hall.open):
            yield Broken("closed", where, said)
        if one.start % problem.grid:
            yield Broken("grid", where, said | {"grid": problem.grid})
        for slot in problem.forbidden:
            if slot.hall in ("", hall.code) and slot.window.meets(one.start, end):
                yield Broken("forbidden", where, said | {"slot": slot.code})
        for code in block.films:
            film = problem.film[code]
            for need in film.lacks(hall):
                yield Broken("needs", where, said | {"film": code, "need": need})
            for age in problem.age_slots:
                if age.least <= film.age <= age.most and not age.start <= one.start - day <= age.end:
                    yield Broken("age", where, said | {"film": code, "age": film.age, "slot": age.code})
        yield from _rehearsal(problem, block, one)


def _rehearsal(problem: Problem, block: Block, one: Screening) -> Iterator[Broken]:
    said = {"showing": one.showing, "hall": one.hall, "start": one.rehearsal}
    wanted = one.showing == PREMIERE and problem.rehearsal > 0
    if (one.rehearsal is not None) != wanted:
        yield Broken("rehearsal_missing" if wanted else "rehearsal_unwanted", (block.code,), said)
    if one.rehearsal is None or not wanted:
        return
    end = one.rehearsal + problem.rehearsal
    if end > one.start or one.rehearsal < one.start - problem.rehearsal_within:
        yield Broken("rehearsal_time", (block.code,), said | {"hours": problem.rehearsal_within // 60})
    days = [problem.day_at(one.hall, minute) for minute in (one.rehearsal, one.start)]
    if problem.rehearsal_day_before and days[1] != days[0] + 1:
        yield Broken("rehearsal_day", (block.code,), said)
    if not any(window.holds(one.rehearsal, end) for window in problem.hall[one.hall].open):
        yield Broken("rehearsal_closed", (block.code,), said)
    if one.rehearsal % problem.grid:
        yield Broken("rehearsal_grid", (block.code,), said | {"grid": problem.grid})
    for slot in problem.forbidden:
        if slot.hall in ("", one.hall) and slot.window.meets(one.rehearsal, end):
            yield Broken("rehearsal_forbidden", (block.code,), said | {"slot": slot.code})


def _overlaps(problem: Problem, plan: Plan) -> Iterator[Broken]:
    busy: dict[str, list[tuple[int, int, str]]] = {code: [] for code in problem.hall}
    for block in plan.blocks:
        for one in block.screenings:
            until = one.start + problem.minutes(block.films, one.showing)
            busy[one.hall].append((one.start, until + problem.hall[one.hall].turnaround, block.code))
            if one.rehearsal is not None:
                busy[one.hall].append((one.rehearsal, one.rehearsal + problem.rehearsal, block.code))
    for hall, rows in busy.items():
        rows.sort()
        for number, (start, until, block_code) in enumerate(rows):
            for later, _until, other in rows[number + 1 :]:
                if later >= until:
                    break
                yield Broken("overlap", (block_code, other), {"hall": hall, "start": start, "later": later})


def _people(problem: Problem, plan: Plan) -> Iterator[Broken]:
    """A guest is there for the whole of every premiere of her films, and goes from one to the next."""
    there: dict[str, list[tuple[int, int, str, str]]] = {}
    for block in plan.blocks:
        one = block.shown(PREMIERE)
        if one is None:
            continue
        end = one.start + problem.minutes(block.films)
        for code in sorted({guest for film in block.films for guest in problem.film[film].guests}):
            there.setdefault(code, []).append((one.start, end, problem.hall[one.hall].venue, block.code))
            available = problem.guest[code].available
            if available is not None and not any(window.holds(one.start, end) for window in available):
                yield Broken("guest_away", (block.code,), {"guest": code, "start": one.start, "end": end})
    for code, visits in there.items():
        for one_visit, other in combinations(sorted(visits), 2):
            if other[0] < one_visit[1] + problem.way(one_visit[2], other[2]):
                yield Broken(
                    "guest_twice",
                    (one_visit[3], other[3]),
                    {"guest": code, "start": one_visit[0], "later": other[0]},
                )


def _pin(problem: Problem, plan: Plan, pin: Pin) -> Iterator[Broken]:
    block = next((one for one in plan.blocks if pin.films[0] in one.films), None)
    if block is None:
        return  # the missing film is told already
    where, said = (block.code,), {"pin": pin.code}
    if not set(pin.films) <= set(block.films) or (pin.whole and set(pin.films) != set(block.films)):
        others = (other.code for other in plan.blocks if other != block and set(pin.films) & set(other.films))
        yield Broken("pin_films", (block.code, *others), said)
    if pin.place and block.films[0 if pin.place == FIRST else -1] != pin.films[0]:
        yield Broken("pin_place", where, said | {"film": pin.films[0], "place": pin.place})
    one = block.shown(pin.showing)
    if one is None:
        return
    if pin.hall and one.hall != pin.hall:
        yield Broken("pin_hall", where, said | {"hall": pin.hall})
    if pin.start is not None and one.start != pin.start:
        yield Broken("pin_start", where, said | {"start": pin.start})
    if pin.day is not None and problem.day_at(one.hall, one.start) != pin.day:
        yield Broken("pin_day", where, said | {"start": problem.day_starts[pin.day]})
