"""A timetable again after something has changed: only the blocks that must be are freed, and among them least changes.

The neighbourhood is first the blocks that broken rules name, and few that go well with them; it grows only when it has
no answer. In the neighbourhood the change is proved to be the smallest. It counts films in another block, screenings in
another hall, and screenings at another time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from math import isqrt
from typing import Any

from festival.premiere.timetable.aims import block_cost, change, place_cost
from festival.premiere.timetable.clash import MANY, Clash, few_clash, only
from festival.premiere.timetable.compose import Atom, Composer
from festival.premiere.timetable.model import Frame
from festival.premiere.timetable.order import order
from festival.premiere.timetable.problem import Block, Plan, Problem, Screening
from festival.premiere.timetable.search import Run, plan_of, solve
from festival.premiere.timetable.timed import Model, options
from festival.premiere.timetable.verify import verify

PARTNERS = (2, 6, 12)  # blocks freed beside each that must be; more of them when there is no answer
TOGETHER = (6, 14, 30)  # blocks freed in all, unless more must be: many are slow
EASY = 800  # squared blocks times opening hours that are quick: with few hours more blocks are freed
FEW = 3  # films in no block that go first into those that there are
TRIES = 3  # numbers of blocks for films that are in none
MOVES = 1000  # of composing them, for each
EFFORT, POLISH = 6.0, 0.3  # of the solver's measure


@dataclass(frozen=True)
class Repair:
    plan: Plan
    changes: list[dict[str, Any]]
    freed: tuple[str, ...]  # blocks in which something could change
    proved: bool  # no smaller change is in the neighbourhood


def known_part(problem: Problem, previous: Plan) -> Plan:
    """The earlier plan without films and halls that are gone, and without a film's second place."""
    seen: set[str] = set()
    blocks = []
    for block in previous.blocks:
        films = tuple(film for film in block.films if film in problem.film and film not in seen)
        seen |= set(films)
        shown: dict[str, Screening] = {}
        for one in block.screenings:
            if one.hall in problem.hall and one.showing in problem.showings:
                shown.setdefault(one.showing, one)
        if films:
            blocks.append(Block(block.code, films, tuple(shown.values())))
    return Plan(tuple(blocks))


def frame_of(problem: Problem, plan: Plan, freed: set[int], more: int = 0) -> Frame:
    """All stays as it is in the plan but for the freed blocks and for films that are in none; `more` new blocks."""
    count = len(plan.blocks) + more
    free = (*sorted(freed), *range(len(plan.blocks), count))
    homes = {film.code: free for film in problem.films}
    fixed: dict[tuple[int, str], Screening] = {}
    for number, block in enumerate(plan.blocks):
        if number not in freed:
            homes |= dict.fromkeys(block.films, (number,))
            fixed |= {(number, one.showing): one for one in block.screenings}
    return Frame(count, homes, fixed)


def differences(before: Plan, after: Plan) -> list[dict[str, Any]]:
    """What is different: films that left, came or moved, and screenings that moved."""
    home = {film: block.code for block in before.blocks for film in block.films}
    rows: list[dict[str, Any]] = []
    for block in after.blocks:
        for film in block.films:
            if (was := home.pop(film, None)) != block.code:
                rows.append({"change": "film", "film": film, "from": was, "to": block.code})
    rows += [{"change": "film", "film": film, "from": was, "to": None} for film, was in home.items()]
    shown = {(block.code, one.showing): one for block in before.blocks for one in block.screenings}
    for block in after.blocks:
        for one in block.screenings:
            old = shown.pop((block.code, one.showing), None)
            if old is None or (old.hall, old.start) != (one.hall, one.start):
                rows.append(
                    {
                        "change": "screening",
                        "block": block.code,
                        "showing": one.showing,
                        "from": old,
                        "to": one,
                    }
                )
    rows += [
        {"change": "screening", "block": code, "showing": showing, "from": old, "to": None}
        for (code, showing), old in shown.items()
    ]
    return rows


def repair(problem: Problem, previous: Plan, run: Run) -> Repair | Clash | None:
    """The plan with the smallest change that keeps all rules, or what clashes; None when neither was found."""
    run.stage = "repair"
    kept = known_part(problem, previous)
    broken = verify(problem, kept)
    if not broken:
        return Repair(kept, differences(previous, kept), (), True)
    filled = _filled(problem, previous, kept, run)
    if filled is not None:
        return filled
    names = [block.code for block in kept.blocks]
    touched = {names.index(code) for one in broken for code in one.blocks}
    if all(one.code == "pin_place" for one in broken):
        plan = order(problem, kept, frozenset(names[number] for number in touched))
        if not verify(problem, plan):
            freed_names = tuple(names[number] for number in sorted(touched))
            return Repair(plan, differences(previous, plan), freed_names, True)
    for step, (freed, more) in enumerate(_neighbourhoods(problem, kept, touched)):
        if not run.go_on():
            return None
        if step == 1 and (clash := few_clash(problem, run)) is not None:
            return clash
        frame = frame_of(problem, kept, freed, more)
        mended, proved = _smallest(problem, kept, frame, names + new_names(names, more), run)
        if mended is not None:
            moved = frozenset(
                block.code
                for number, block in enumerate(mended.blocks)
                if _other_films(kept, block) or number in touched
            )
            plan = _in_order(problem, kept, mended, moved)
            return Repair(plan, differences(previous, plan), tuple(names[at] for at in sorted(freed)), proved)
    return None


def _filled(problem: Problem, previous: Plan, kept: Plan, run: Run) -> Repair | None:
    """Films in no block, when they are more than a few, get blocks of their own beside all that there is."""
    placed = {film for block in kept.blocks for film in block.films}
    loose = {film.code for film in problem.films} - placed
    rest = only(problem, loose)
    if len(loose) <= FEW or not placed or problem.minutes(tuple(loose)) < problem.rules.least:
        return None
    mended = repair(only(problem, placed), kept, run)
    if not isinstance(mended, Repair):
        return None
    composer, old = Composer(rest), mended.plan.blocks
    for count in composer.counts()[:TRIES]:
        if not run.go_on():
            return None
        blocks = composer.compose(count, MOVES * len(loose), run)
        homes = {film: (number,) for number, block in enumerate(old) for film in block.films}
        homes |= {film: (len(old) + number,) for number, block in enumerate(blocks) for film in block}
        fixed = {(at, one.showing): one for at, block in enumerate(old) for one in block.screenings}
        model = Model(problem, Frame(len(old) + count, homes, fixed, all_used=True))
        model.cp.minimize(place_cost(model, range(len(old), len(old) + count)))
        found = solve(model, run, EFFORT)
        if all(blocks) and found.any:
            names = [block.code for block in old]
            plan = plan_of(model, found, names + new_names(names, count))
            new = frozenset(block.code for block in plan.blocks[len(old) :])
            plan = order(problem, Plan((*old, *plan.blocks[len(old) :])), new)
            return Repair(plan, differences(previous, plan), mended.freed, mended.proved)
    return None


def new_names(names: list[str], count: int) -> list[str]:
    """Names for more blocks, which no other has."""
    free = (name for name in map("B{}".format, range(1, len(names) + count + 1)) if name not in names)
    return list(islice(free, count))


def _other_films(kept: Plan, block: Block) -> bool:
    return not any(set(one.films) == set(block.films) for one in kept.blocks)


def _in_order(problem: Problem, kept: Plan, plan: Plan, moved: frozenset[str]) -> Plan:
    """Blocks with the films they had keep their order, unless a pin says another."""
    was = {block.code: block for block in kept.blocks}
    blocks = tuple(
        Block(block.code, was[block.code].films, block.screenings)
        if block.code in was and set(was[block.code].films) == set(block.films)
        else Block(block.code, order(problem, Plan((block,))).blocks[0].films, block.screenings)
        for block in plan.blocks
    )
    plan = Plan(blocks)
    wrong = {code for one in verify(problem, plan) if one.code == "pin_place" for code in one.blocks}
    return order(problem, plan, frozenset(wrong & moved)) if wrong else plan


def _neighbourhoods(problem: Problem, kept: Plan, touched: set[int]) -> Iterator[tuple[set[int], int]]:
    """Blocks to free, and how many new ones there may be: always wider."""
    composer = Composer(problem)
    atoms = {film: atom for atom in composer.atoms for film in atom.films}
    blocks = [_atoms(block.films, atoms) for block in kept.blocks]
    loose = [film.code for film in problem.films if all(film.code not in one.films for one in kept.blocks)]
    units = [blocks[number] for number in sorted(touched)] + [_atoms((film,), atoms) for film in loose]
    rest = [number for number in range(len(blocks)) if number not in touched]
    near: list[list[int]] = []
    for unit in units:
        fits = {number: _fit(composer, blocks[number], unit) for number in rest}
        near.append(sorted(rest, key=lambda number, fits=fits: (fits[number], number)))  # type: ignore[misc]
    hours = max(1, len(options(problem, False)))
    for step, (partners, together) in enumerate(zip(PARTNERS, TOGETHER)):
        easy = isqrt(EASY // hours)
        together, partners = max(together, easy), max(partners, easy // max(1, len(near)))
        freed = set(touched)
        for number in (row[rank] for rank in range(min(partners, len(rest))) for row in near):
            if len(freed) < together:
                freed.add(number)
        yield freed, int(step > 0 or hours * len(freed) ** 2 <= 2 * EASY)  # a new block makes it far slower
    if len(problem.films) <= MANY:
        yield set(range(len(blocks))), max(0, max(composer.counts()) - len(blocks))


def _fit(composer: Composer, block: list[Atom], unit: list[Atom]) -> float:
    """What it would cost to move that film of a unit to this block which goes best with it."""
    return min(composer.cost([*block, atom]) for atom in unit) - composer.cost(block)


def _atoms(films: tuple[str, ...], atoms: dict[str, Atom]) -> list[Atom]:
    found = {atoms[film].films: atoms[film] for film in films}
    return list(found.values())


def _hint(model: Model, homes: dict[str, int], shown: dict[tuple[int, str], Screening]) -> None:
    """Look first at what was."""
    for (film, block), literal in model.homes.items():
        if literal is not model.true and film in homes:
            model.cp.add_hint(literal, homes[film] == block)
    for key, where in model.where.items():
        if key in shown and key not in model.frame.fixed:
            was = shown[key]
            model.cp.add_hint(model.start[key], was.start // model.problem.grid)
            for option, here in where.items():
                inside = option.hall == was.hall and option.window.start <= was.start < option.window.end
                model.cp.add_hint(here, inside)


def _smallest(
    problem: Problem, kept: Plan, frame: Frame, names: list[str], run: Run
) -> tuple[Plan | None, bool]:
    model = Model(problem, frame)
    homes = {film: number for number, block in enumerate(kept.blocks) for film in block.films}
    shown = {
        (number, one.showing): one for number, block in enumerate(kept.blocks) for one in block.screenings
    }
    changed = change(model, homes, shown)
    model.cp.minimize(changed)
    _hint(model, homes, shown)
    found = solve(model, run, EFFORT, linear=2)
    if not found.any:
        return None, False
    plan, smallest = plan_of(model, found, names), round(found.solver.objective_value)
    free = [
        block
        for block in range(frame.count)
        if any(len(frame.homes[f.code]) > 1 for f in model.members[block])
    ]
    if found.optimal and run.go_on():
        model.cp.add(changed <= smallest)
        known = found.solver.response_proto.solution
        model.cp.minimize(block_cost(model, free) + place_cost(model, free))
        model.cp.clear_hints()
        for index, value in enumerate(known):
            model.cp.add_hint(model.cp.get_int_var_from_proto_index(index), value)
        better = solve(model, run, POLISH)
        if better.any:
            plan = plan_of(model, better, names)
    return plan, found.optimal
