"""Why there is no timetable: a smallest set of rules that cannot be kept together, proved again before it is told.

Each rule that could be relaxed hangs on an assumption literal. The solver names a set that clashes; that set may be
too large, and an open fault of the solver (or-tools issue 5141) can name a rule that was not assumed. So every set is
proved in a fresh model in which only its rules hold, and each of its rules is left out once to see whether it is
needed. Few films that rules name are looked at first: what clashes for some of the films clashes for all of them.
"""

from dataclasses import dataclass, replace
from itertools import combinations

from festival.premiere.timetable.compose import Composer
from festival.premiere.timetable.crowd import Room
from festival.premiere.timetable.model import Frame, Rule
from festival.premiere.timetable.problem import Problem
from festival.premiere.timetable.search import Run, solve
from festival.premiere.timetable.timed import Model

EFFORT = 4.0
FEW = 12  # films looked at together, before all are
MANY = 120  # films above which all at once are too many for one model
PLACE = "rehearsal", "repeat", "turnaround", "travel", "open"
BLOCKS = "same", "least", "most", "least_films", "most_films"
KINDS = ("pin", "guest", "guest_twice", "needs", "age", "forbidden", *BLOCKS, *PLACE)  # as they are told


@dataclass(frozen=True)
class Clash:
    """Rules (kind, code) that cannot be kept together. `smallest`: without any one of them they can."""

    rules: tuple[Rule, ...]
    films: tuple[str, ...]  # those among which it was proved
    smallest: bool
    room: Room | None = None  # of a clash that is proved by counting


def few_clash(problem: Problem, run: Run) -> Clash | None:
    """A clash among a few films that rules name together; each search is short."""
    for films in _groups(problem):
        if not run.go_on():
            return None
        clash = _clash_of(only(problem, films), run, len(films) < len(problem.films))
        if clash is not None:
            return clash
    return None


def whole_clash(problem: Problem, run: Run) -> Clash | None:
    """A clash among all films; None when none was proved in the time."""
    return _clash_of(problem, run, False)


def _groups(problem: Problem) -> list[set[str]]:
    """Films that pins, guests or needs name together, the fewest first."""
    composer = Composer(problem)
    groups = [set(atom.films) for atom in composer.atoms if 0 in atom.starts or len(atom.films) > 1]
    groups += [{pin.films[0]} for pin in problem.pins]
    groups += [{film.code for film in problem.films if guest.code in film.guests} for guest in problem.guests]
    for one, other in combinations(problem.pins, 2):
        if one.hall == other.hall or set(one.films) & set(other.films):
            groups.append({*one.films, *other.films})
    groups.append({code for pin in problem.pins for code in pin.films})
    different: list[set[str]] = []
    for group in sorted(groups, key=len):
        if 0 < len(group) <= FEW and group not in different:
            different.append(group)
    return different


def only(problem: Problem, films: set[str]) -> Problem:
    """What every timetable of the problem keeps for these films alone; others fill their blocks."""
    pins = tuple(
        replace(pin, films=tuple(film for film in pin.films if film in films))
        for pin in problem.pins
        if pin.films[0] in films
    )
    return replace(problem, films=tuple(film for film in problem.films if film.code in films), pins=pins)


def _frame(problem: Problem, rules: frozenset[Rule] | None, filled: bool) -> Frame:
    """As many blocks as there can be under these rules, or under all."""
    count, least = len(problem.films), problem.rules.least
    if not filled and (rules is None or ("least", "") in rules):
        fit = sum(problem.length(film) for film in problem.films)
        net = 60 * least - problem.rules.intro - problem.rules.qa
        if net > 0:
            count = max(1, min(count, fit // net))
    homes = {film.code: tuple(range(min(at + 1, count))) for at, film in enumerate(problem.films)}
    return Frame(count, homes, alike=True, filled=filled)


def _clash_of(problem: Problem, run: Run, filled: bool) -> Clash | None:
    model = Model(problem, _frame(problem, None, filled), gated=True)
    model.cp.add_assumptions(list(model.gates.values()))
    found = solve(model, run, EFFORT)
    if not found.impossible:
        return None
    named = set(found.solver.sufficient_assumptions_for_infeasibility())
    core = [rule for rule, gate in model.gates.items() if gate.index in named]
    if not clashes(problem, core, run, filled):
        core = list(model.gates)
        if not clashes(problem, core, run, filled):
            return None
    core.sort(key=lambda rule: KINDS.index(rule[0]))
    smallest = True
    for rule in reversed(core):  # what a programmer asked for herself stays, of rules that say the same
        less = [one for one in core if one != rule]
        verdict = clashes(problem, less, run, filled)
        if verdict:
            core = less
        elif verdict is None:
            smallest = False
    return Clash(tuple(core), tuple(film.code for film in problem.films), smallest)


def clashes(problem: Problem, rules: list[Rule], run: Run, filled: bool = False) -> bool | None:
    """Whether these rules, and no others, cannot be kept together: by a fresh model. None: not known.

    `filled`: films that are not in the problem may lengthen the blocks.
    """
    model = Model(problem, _frame(problem, frozenset(rules), filled), gated=True)
    for rule, gate in model.gates.items():
        model.cp.add(gate == int(rule in rules))
    found = solve(model, run, EFFORT)
    return True if found.impossible else False if found.any else None
