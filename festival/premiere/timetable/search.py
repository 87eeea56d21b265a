"""One run of CP-SAT: the same problem, seed and effort give the same answer, unless it is stopped."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any

from ortools.sat.python import cp_model

from festival.premiere.timetable.model import BlockModel
from festival.premiere.timetable.problem import PREMIERE, Block, Plan, Screening
from festival.premiere.timetable.timed import Model

WORKERS = (
    1  # one thread is repeatable; a second would be lost on a machine of two cores that also serves the site
)
LOOK = 0.2  # seconds by the clock between two looks at the watcher


@dataclass(frozen=True)
class Progress:
    """What is known while it runs; `cost` of the best timetable so far, of which every rule is kept."""

    stage: str
    seconds: float
    cost: int | None
    plan: Plan | None


Watcher = Callable[[Progress], bool]  # false: stop, and keep the best


@dataclass
class Run:
    """Of one call of the solver: when it ends, and who watches.

    Seconds are of computing (CPU), so that a busy machine takes longer and says the same.
    """

    seconds: float
    seed: int = 0
    watch: Watcher | None = None
    began: float = field(default_factory=time.process_time)
    stopped: bool = False  # by the limit or by a person: a second run may end elsewhere
    stage: str = ""
    best: Plan | None = None
    cost: int | None = None

    @property
    def spent(self) -> float:
        """Seconds of computing since the beginning."""
        return time.process_time() - self.began

    def go_on(self) -> bool:
        """Tell the watcher, and say whether to go on."""
        if self.watch is not None and not self.watch(Progress(self.stage, self.spent, self.cost, self.best)):
            self.stopped = True
        if self.spent >= self.seconds:
            self.stopped = True
        return not self.stopped


@dataclass(frozen=True)
class Found:
    status: Any
    solver: cp_model.CpSolver

    @property
    def any(self) -> bool:
        """Whether there is an answer."""
        return self.status in (cp_model.OPTIMAL, cp_model.FEASIBLE)

    @property
    def optimal(self) -> bool:
        """Whether nothing is better, or nothing else was asked for."""
        return bool(self.status == cp_model.OPTIMAL)

    @property
    def impossible(self) -> bool:
        """Whether it is proved that there is none."""
        return bool(self.status == cp_model.INFEASIBLE)


def solve(model: BlockModel, run: Run, effort: float, *, first: bool = False, linear: int = 1) -> Found:
    """Search with at most `effort` units of the solver's own measure of work (a second each, or several).

    It searches in a thread of its own: the watcher is called in the caller's, and soon, whatever the solver does.
    """
    solver = cp_model.CpSolver()
    given = solver.parameters
    given.num_workers = WORKERS
    given.random_seed = run.seed
    given.max_deterministic_time = effort
    given.stop_after_first_solution = first
    given.catch_sigint_signal = False  # it would leave the process without the handler that it had
    given.linearization_level = (
        linear  # 2 proves small changes twice as fast, and is slower for whole programmes
    )
    with ThreadPoolExecutor(1) as pool:
        found = pool.submit(solver.solve, model.cp)
        try:
            while not wait((found,), LOOK).done:
                if not run.go_on():
                    solver.stop_search()
        except BaseException:  # of the watcher: the pool waits for its thread
            solver.stop_search()
            raise
    run.go_on()
    return Found(found.result(), solver)


def plan_of(model: Model, found: Found, names: list[str] | None = None) -> Plan:
    """The timetable of an answer; films in the order of the problem, blocks named B1, B2, … unless they have names."""
    solver, problem = found.solver, model.problem
    blocks = []
    for block in range(model.frame.count):
        films = tuple(
            film.code for film in model.members[block] if solver.value(model.homes[film.code, block])
        )
        if not films:
            continue
        screenings = []
        for showing in problem.showings:
            fixed = model.frame.fixed.get((block, showing))
            where = model.where[block, showing].items()
            hall = next(option.hall for option, here in where if solver.value(here))
            rehearsal = None
            if showing == PREMIERE and problem.rehearsal:
                rehearsal = solver.value(model.practice[block][0]) * problem.grid
            start = solver.value(model.start[block, showing]) * problem.grid
            screenings.append(fixed or Screening(showing, hall, start, rehearsal))
        name = names[block] if names and block < len(names) else f"B{block + 1}"
        blocks.append(Block(name, films, tuple(screenings)))
    return Plan(tuple(blocks))
