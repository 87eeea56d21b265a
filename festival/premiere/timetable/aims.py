"""The goals as terms of an objective: those of blocks, those of places, and how far a plan is from an earlier one."""

from collections.abc import Iterable
from itertools import combinations

from festival.premiere.timetable.model import BlockModel, Number
from festival.premiere.timetable.problem import PREMIERE, REPEAT, Screening
from festival.premiere.timetable.timed import Model


def block_cost(model: BlockModel, blocks: Iterable[int]) -> Number:
    """Length, track, mood, language and age of these blocks, weighed."""
    cp, weights, target = model.cp, model.problem.weights, model.problem.rules.target
    total: Number = 0
    for block in blocks:
        used, seconds = model.used[block], model.seconds(block, PREMIERE)
        off = cp.new_int_var(0, 24 * 60, "")  # minutes are rounded up, as problem.minutes does
        minutes = cp.new_int_var(0, 24 * 60, "")
        cp.add(60 * minutes >= seconds)
        cp.add(60 * minutes <= seconds + 59)
        model.add(off >= minutes - target, used)
        model.add(off >= target - minutes, used)
        total = total + weights.length * off
        for name in ("track", "mood", "age"):
            if len(kinds := model.kinds(block, name)) > 1:
                more = cp.new_int_var(0, len(kinds) - 1, "")
                cp.add(more >= sum(kinds.values()) - 1)
                total = total + getattr(weights, name) * more
        if spoken := model.shared(block):
            none = cp.new_bool_var("")
            talking = model.holding(block, lambda film: bool(film.languages))
            cp.add_bool_or([*spoken, none]).only_enforce_if(talking)
            total = total + weights.language * none
    return total


def place_cost(model: Model, blocks: Iterable[int]) -> Number:
    """What halls and times cost, weighed: repeats in the premiere's venue, premieres that are out of prime time, run
    at the same time, or are not in the largest hall.
    """
    problem, cp, weights = model.problem, model.cp, model.problem.weights
    total: Number = 0
    chosen = set(blocks)
    for one, other in combinations(range(model.frame.count), 2) if weights.together else ():
        if {one, other} & chosen:
            total = total + weights.together * (1 - model.one_after_other(one, other))
    for block in sorted(chosen):
        if weights.smaller_hall:
            steps = sum(
                problem.below[option.hall] * here for option, here in model.where[block, PREMIERE].items()
            )
            total = total + weights.smaller_hall * steps
        if problem.repeat:
            for venue in sorted({hall.venue for hall in problem.halls}):
                first, again = (model.venue(block, showing, venue) for showing in (PREMIERE, REPEAT))
                if first is not None and again is not None:
                    same = cp.new_bool_var("")
                    cp.add_bool_or(~first, ~again, same)
                    total = total + weights.other_venue * same
        ranked = [film for film in model.members[block] if film.status]
        if ranked:
            out = cp.new_bool_var("")
            minute = model.minute(block, PREMIERE)
            model.add(minute >= problem.prime.start, ~out, model.used[block])
            model.add(minute <= problem.prime.end, ~out, model.used[block])
            for film in ranked:
                home = model.homes[film.code, block]
                late = out
                if home is not model.true:
                    late = cp.new_bool_var("")
                    cp.add_bool_or(~out, ~home, late)
                total = total + weights.prime * late
    return total


def change(model: Model, homes: dict[str, int], shown: dict[tuple[int, str], Screening]) -> Number:
    """Films in another block than before, screenings in another hall, at another time, added, or taken out."""
    total: Number = 0
    for film, block in homes.items():
        if len(model.frame.homes.get(film, ())) > 1:
            total = total + (1 - model.homes[film, block] if (film, block) in model.homes else 1)
    for key, where in model.where.items():
        if key in model.frame.fixed:
            continue
        before, used = shown.get(key), model.used[key[0]]
        if before is None:
            total = total + used
            continue
        total = total + 1 - sum(here for option, here in where.items() if option.hall == before.hall)
        moved = model.cp.new_bool_var("")
        model.add(model.problem.grid * model.start[key] == before.start, ~moved, used)
        total = total + moved
    return total
