"""From a problem to an answer: first one timetable that keeps all rules, then better ones, or what clashes."""

from dataclasses import dataclass, field
from typing import Any

from festival.premiere.timetable.aims import place_cost
from festival.premiere.timetable.clash import MANY, Clash, few_clash, whole_clash
from festival.premiere.timetable.compose import Composer
from festival.premiere.timetable.crowd import crowded
from festival.premiere.timetable.model import Frame
from festival.premiere.timetable.order import order
from festival.premiere.timetable.problem import Plan, Problem, cost
from festival.premiere.timetable.repair import Repair, repair
from festival.premiere.timetable.search import Run, Watcher, plan_of, solve
from festival.premiere.timetable.timed import Model
from festival.premiere.timetable.verify import verify

METHOD, VERSION = "compose_then_place", 1
SMALL = 60  # films up to which all is also tried at once
USUAL_SMALL, USUAL_LARGE = 15, 45  # seconds
QUICK = 100  # moves of composing for each film, before the first timetable
LONG = 8000  # moves for each second allowed, in a round
MOST_MOVES = 4000  # moves for each film, in a round
ROUNDS = 4  # for a large programme only as many as it takes until one can be placed
PLACING, JOINT = 4.0, 8.0  # efforts, in the solver's own measure
TRIES = 4  # blocks composed anew before all is tried at once


@dataclass(frozen=True)
class Answer:
    """`plan` keeps every rule. Without one, `clash` says why, or is None when that was not found."""

    plan: Plan | None
    cost: int | None = None
    clash: Clash | None = None
    repair: Repair | None = None
    stopped: bool = False
    firsts: dict[str, float] = field(default_factory=dict)  # seconds to the first timetable and to the best


class Broken(RuntimeError):
    """The verifier refuses what the solver says: a fault of this software."""


def make(
    problem: Problem,
    *,
    previous: Plan | None = None,
    seconds: int | None = None,
    seed: int = 0,
    watch: Watcher | None = None,
) -> Answer:
    """The best timetable found in so many seconds; with `previous`, the one that changes least of it."""
    usual = USUAL_SMALL if len(problem.films) <= SMALL else USUAL_LARGE
    run = Run(seconds or usual, seed, watch)
    if (found := crowded(problem)) is not None:
        rules, room = found
        return Answer(None, clash=Clash(rules, tuple(film.code for film in problem.films), True, room))
    if previous is not None:
        mended = repair(problem, previous, run)
        if isinstance(mended, Clash):
            return Answer(None, clash=mended)
        if mended is not None:
            _check(problem, mended.plan)
            return Answer(mended.plan, cost(problem, mended.plan), None, mended, run.stopped)
    work = Work(problem, run)
    clash = work.first()
    if run.best is None:
        return Answer(None, clash=clash, stopped=run.stopped)
    work.better()
    return Answer(run.best, run.cost, None, None, run.stopped, work.times)


def _check(problem: Problem, plan: Plan) -> None:
    if broken := verify(problem, plan):
        raise Broken(f"{broken[0].code}: {broken[0].blocks} {broken[0].values}")


class Work:
    """The steps of one solve, on the best timetable so far."""

    def __init__(self, problem: Problem, run: Run) -> None:
        self.problem, self.run = problem, run
        self.composer = Composer(problem)
        self.times: dict[str, float] = {}

    def keep(self, plan: Plan) -> None:
        """Take a timetable that is better than the best."""
        plan = order(self.problem, plan)
        _check(self.problem, plan)
        now = cost(self.problem, plan)
        if self.run.cost is None or now < self.run.cost:
            self.run.best, self.run.cost = plan, now
            self.times.setdefault("first", self.run.spent)
            self.times["best"] = self.run.spent
            self.run.go_on()

    def first(self) -> Clash | None:
        """Compose quickly and place; when that fails, see whether rules clash; then all at once."""
        counts = self.composer.counts()
        for attempt in range(TRIES if counts else 0):
            self.run.stage = "first"
            count = counts[attempt % len(counts)]
            moves = QUICK * len(self.problem.films) * (attempt + 1)
            if self.place(self.composer.compose(count, moves, self.run, -attempt)) or not self.run.go_on():
                return None
            if attempt == 0:
                self.run.stage = "clash"
                if (clash := few_clash(self.problem, self.run)) is not None:
                    return clash
        if len(self.problem.films) > MANY:
            return None
        self.run.stage = "first"
        if self.joint() or not self.run.go_on():
            return None
        self.run.stage = "clash"
        return whole_clash(self.problem, self.run)

    def place(self, blocks: list[list[str]]) -> bool:
        """Halls and times for these blocks, as good as can be; false when there are none."""
        home = {film: number for number, block in enumerate(blocks) for film in block}
        if not all(blocks):
            return False
        frame = Frame(
            len(blocks), {film.code: (home[film.code],) for film in self.problem.films}, all_used=True
        )
        model = Model(self.problem, frame)
        model.cp.minimize(place_cost(model, range(frame.count)))
        found = solve(model, self.run, PLACING)
        if found.any:
            self.keep(plan_of(model, found))
        return found.any

    def joint(self) -> bool:
        """Blocks, halls and times in one model: whether there is any timetable at all."""
        model = Model(self.problem, joint_frame(self.problem, max(self.composer.counts())))
        found = solve(model, self.run, JOINT, first=True)
        if found.any:
            self.keep(plan_of(model, found))
        return found.any

    def better(self) -> None:
        """Compose for long, from nothing, several times, and place; the best stays."""
        small = len(self.problem.films) <= SMALL
        wanted = ROUNDS if small else 1
        moves = min(int(LONG * self.run.seconds), MOST_MOVES * len(self.problem.films))
        for number in range(ROUNDS):
            self.run.stage = "compose"
            if not wanted or not self.run.go_on() or self.run.best is None:
                return
            count = len(self.run.best.blocks) if number % 2 else self.composer.counts()[0]
            wanted -= self.place(self.composer.compose(count, moves, self.run, number + 1))


def joint_frame(problem: Problem, count: int) -> Frame:
    """All free. Blocks can change their numbers, so the first film is in the first, the second in one of two …"""
    homes: dict[str, Any] = {
        film.code: tuple(range(min(number + 1, count))) for number, film in enumerate(problem.films)
    }
    return Frame(count, homes, alike=True)
