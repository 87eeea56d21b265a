"""The best list by a plain model: one yes or no for every film and slot, every rule written out, nothing left away.

Slow and obvious. It is what the engine is held against where there are too many lists to try them all.
"""

from collections import defaultdict
from itertools import combinations

from ortools.sat.python import cp_model

from judging.logic.awarding.problem import Problem, Slot
from tests.judging.test_laurels_engine import Lists, order_of

Vars = dict[tuple[str, str], cp_model.IntVar]


def plain_model(problem: Problem) -> tuple[cp_model.CpModel, Vars]:
    """All lists that keep all rules, by slot and film. For problems without sharing."""
    entries = {entry.film: entry for entry in problem.entries}
    slots = {slot.slug: slot for slot in problem.slots}
    model = cp_model.CpModel()
    has: Vars = {}
    pinned = {(pin.slot, pin.film) for pin in problem.pins if pin.film}
    for slug, slot in slots.items():
        for film in {*line_of(problem, slot), *(film for where, film in pinned if where == slug)}:
            has[slug, film] = model.new_bool_var("")
        vacated = sum(pin.slot == slug and not pin.film for pin in problem.pins)
        given = sum(var for (where, _film), var in has.items() if where == slug)
        places = slot.places - vacated
        model.add_linear_constraint(given, 0 if slot.vacant else places, places)
    for where_film in pinned:
        model.add(has[where_film] == 1)
    for film in entries:
        for one, other in combinations([slug for slug in slots if (slug, film) in has], 2):
            if other not in slots[one].combines and one not in slots[other].combines:
                model.add(has[one, film] + has[other, film] <= 1)
    for cap in problem.caps:
        groups = defaultdict(list)
        for (slug, film), var in has.items():
            own = (film,) if cap.grouping == "film" else entries[film].groups.get(cap.grouping, ())
            for group in own if not cap.slots or slug in cap.slots else ():
                groups[group].append(var)
        for held in groups.values():
            model.add(sum(held) <= cap.most)
    for quota in problem.quotas:
        meant = [
            var
            for (slug, film), var in has.items()
            if (not quota.slots or slug in quota.slots)
            and entries[film].attributes.get(quota.attribute) in quota.values
        ]
        model.add(sum(meant) >= quota.least)
        if quota.most is not None:
            model.add(sum(meant) <= quota.most)
    return model, has


def line_of(problem: Problem, slot: Slot) -> list[str]:
    return [row.film for row in order_of(problem, slot) if row.film not in problem.excluded]


def a_solver() -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    return solver


def possible(problem: Problem) -> bool:
    """Whether any list keeps all rules."""
    return a_solver().solve(plain_model(problem)[0]) != cp_model.INFEASIBLE


def best_by_model(problem: Problem) -> Lists | None:
    """The films of each slot by its order; None when no list keeps all rules."""
    model, has = plain_model(problem)
    solver = a_solver()
    if solver.solve(model) == cp_model.INFEASIBLE:
        return None
    given_to: Lists = {slot.slug: [] for slot in problem.slots}
    pinned = sorted((pin.slot, pin.film) for pin in problem.pins if pin.film)
    for slot in problem.slots:
        slug = slot.slug
        for film in line_of(problem, slot):
            wanted = has[slug, film]
            if not solver.boolean_value(wanted):
                model.add_assumption(wanted)
                possible = solver.solve(model) != cp_model.INFEASIBLE
                model.clear_assumptions()
                if not possible:
                    model.add(wanted == 0)
                    solver.solve(model)
                    continue
            model.add(wanted == 1)
            given_to[slug].append(film)
        given_to[slug] += [film for where, film in pinned if where == slug and film not in given_to[slug]]
    return given_to
