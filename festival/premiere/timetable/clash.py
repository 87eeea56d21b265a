"""Why there is no timetable: a smallest set of rules that cannot be kept together, proved again before it is told.

Each rule that could be relaxed hangs on an assumption literal. The solver names a set that clashes; that set may be
too large, and an open fault of the solver (or-tools issue 5141) can name a rule that was not assumed. So every set is
proved in a fresh model in which only its rules hold, and each of its rules is left out once to see whether it is
needed. Few films that rules name are looked at first: what clashes for some of the films clashes for all of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from festival.premiere.timetable.compose import Composer
from festival.premiere.timetable.model import Frame, Rule
from festival.premiere.timetable.problem import Problem
from festival.premiere.timetable.search import Run, solve
from festival.premiere.timetable.timed import Model

EFFORT = 4.0
FEW = 12  # films looked at together, before all are
MANY = 120  # films above which all at once are too many


@dataclass(frozen=True)
class Clash:
    """Rules (kind, code) that cannot be kept together. `smallest`: without any one of them they can."""

    rules: tuple[Rule, ...]
    films: tuple[str, ...]  # those among which it was proved
    smallest: bool


def find_clash(problem: Problem, run: Run) -> Clash | None:
    """The clash among the fewest films looked at; None when none was proved."""
    for part in _parts(problem):
        if not run.go_on():
            return None
        clash = _clash_of(part, run)
        if clash is not None:
            return clash
    return None


def _parts(problem: Problem) -> Iterator[Problem]:
    """The problem for few films (with no least length: others would fill their blocks), then as it is."""
    composer = Composer(problem)
    groups = [set(atom.films) for atom in composer.atoms if 0 in atom.starts or len(atom.films) > 1]
    groups += [
        {film.code} for film in problem.films if any(pin.films[0] == film.code for pin in problem.pins)
    ]
    groups += [{film.code for film in problem.films if guest.code in film.guests} for guest in problem.guests]
    groups.append({code for pin in problem.pins for code in pin.films})
    groups.sort(key=len)
    seen: list[set[str]] = []
    for group in groups:
        if group and len(group) <= FEW and group not in seen:
            seen.append(group)
            yield only(problem, group)
    if len(problem.films) <= MANY:
        yield problem


def only(problem: Problem, films: set[str]) -> Problem:
    """What every timetable of the problem keeps for these films alone."""
    pins = tuple(
        replace(pin, films=tuple(film for film in pin.films if film in films))
        for pin in problem.pins
        if pin.films[0] in films
    )
    return replace(
        problem,
        films=tuple(film for film in problem.films if film.code in films),
        pins=pins,
        rules=replace(problem.rules, least=0, least_films=1),
    )


def _frame(problem: Problem, rules: frozenset[Rule] | None) -> Frame:
    """As many blocks as there can be; where the least length is relaxed, as many as there are films."""
    count = len(problem.films)
    if problem.rules.least and (rules is None or {("least", ""), ("least_films", "")} & rules):
        fit = sum(film.seconds + problem.rules.label for film in problem.films)
        net = 60 * problem.rules.least - problem.rules.intro - problem.rules.qa
        if net > 0:
            count = max(1, min(count, fit // net))
    homes = {film.code: tuple(range(min(at + 1, count))) for at, film in enumerate(problem.films)}
    return Frame(count, homes, alike=True)


def _clash_of(problem: Problem, run: Run) -> Clash | None:
    model = Model(problem, _frame(problem, None), gated=True)
    model.cp.add_assumptions(list(model.gates.values()))
    found = solve(model, run, EFFORT)
    if not found.impossible:
        return None
    named = set(found.solver.sufficient_assumptions_for_infeasibility())
    core = [rule for rule, gate in model.gates.items() if gate.index in named]
    everything = list(model.gates)
    if not clashes(problem, core, run):
        core = everything
        if not clashes(problem, core, run):
            return None
    smallest = True
    for rule in list(core):
        less = [one for one in core if one != rule]
        verdict = clashes(problem, less, run)
        if verdict:
            core = less
        elif verdict is None:
            smallest = False
    return Clash(tuple(core), tuple(film.code for film in problem.films), smallest)


def clashes(problem: Problem, rules: list[Rule], run: Run) -> bool | None:
    """Whether these rules, and no others, cannot be kept together: by a fresh model. None: not known."""
    model = Model(problem, _frame(problem, frozenset(rules)), gated=True)
    for rule, gate in model.gates.items():
        model.cp.add(gate == int(rule in rules))
    found = solve(model, run, EFFORT)
    return True if found.impossible else False if found.any else None
