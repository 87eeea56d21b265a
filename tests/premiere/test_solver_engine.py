"""The solver of the timetable: its answers, how it is watched and stopped, its repairs, and clashes planted for it."""

import copy
from dataclasses import astuple
from itertools import pairwise, permutations
from typing import Any

import pytest

from benchmarks.festivals import festival
from festival.premiere.timetable import engine
from festival.premiere.timetable.aims import block_cost
from festival.premiere.timetable.clash import clashes
from festival.premiere.timetable.document import read_problem
from festival.premiere.timetable.engine import joint_frame
from festival.premiere.timetable.model import BlockModel
from festival.premiere.timetable.order import best_order
from festival.premiere.timetable.problem import Block, Plan, Screening, cost
from festival.premiere.timetable.search import Progress, Run, solve
from festival.premiere.timetable.verify import verify
from tests.premiere.festivals import all_plans, changes, problem_of, small


@pytest.mark.parametrize("seed", range(3))
def test_the_running_order_is_the_best_of_all(seed: int) -> None:
    problem = read_problem(
        festival(6, 1, 1, 2, seed=seed) | {"pins": [{"pin": "p", "films": ["film 3"], "place": "first"}]}
    )
    codes = tuple(film.code for film in problem.films)

    def price(films: tuple[str, ...]) -> int:
        alone = Plan((Block("B1", films),))
        return cost(problem, alone)

    allowed = [films for films in permutations(codes) if films[0] == "film 3"]
    assert price(best_order(problem, codes)) == min(map(price, allowed))


def test_the_same_seed_gives_the_same_timetable() -> None:
    problem = read_problem(festival(14, 2, 1, 2, seed=1))
    one, other = (engine.make(problem, seconds=2, seed=7) for _ in range(2))
    assert one.plan is not None
    assert one.plan == other.plan


def test_a_festival_of_sixty_films_keeps_every_rule_and_the_best_is_told_on_the_way() -> None:
    problem = read_problem(festival(60, 3, 1, 4, seed=3))
    told: list[Progress] = []

    def watch(progress: Progress) -> bool:
        told.append(progress)
        return True

    answer = engine.make(problem, seconds=2, watch=watch)
    assert answer.plan is not None and verify(problem, answer.plan) == []
    costs = [progress.cost for progress in told if progress.cost is not None]
    assert all(later <= sooner for sooner, later in pairwise(costs))
    assert costs[-1] == answer.cost


def test_whoever_stops_keeps_the_best_so_far() -> None:
    problem = read_problem(festival(60, 3, 1, 4, seed=3))
    answer = engine.make(problem, watch=lambda progress: progress.cost is None)
    assert answer.stopped and answer.plan is not None
    assert verify(problem, answer.plan) == []


def test_a_stop_is_heard_while_the_solver_searches() -> None:
    problem = read_problem(festival(60, 3, 1, 4, seed=3))
    run = Run(1000)
    model = BlockModel(problem, joint_frame(problem, 10))
    model.cp.minimize(block_cost(model, range(10)))  # hours, to the proof
    run.watch = lambda progress: progress.seconds < 1
    found = solve(model, run, 10_000)
    assert run.stopped and not found.optimal
    assert run.spent < run.seconds / 2  # the stop was heard: the limit would have stopped it, too, but later


# --- repair ------------------------------------------------------------------------------------------------------


LATE = [{"from": "2027-04-16T19:45", "until": "2027-04-16T23:00"}]


@pytest.mark.parametrize("seed", range(4))
def test_a_repair_changes_no_more_than_the_best_of_all_plans(seed: int) -> None:
    changed: dict[str, Any] = [
        {
            "forbidden": [
                {"slot": "x", "hall": "one", "from": "2027-04-17T18:00", "until": "2027-04-17T19:30"}
            ]
        },
        {"guests": [{"guest": "Wei", "available": LATE}, {"guest": "Ada"}]},
        {"age_slots": [{"slot": "all", "from": "19:00"}]},
        {"pins": [{"pin": "p", "films": ["C", "B"]}]},
    ][seed]
    before = Plan(
        (
            Block(
                "B1", ("A", "B"), (Screening("premiere", "one", 18 * 60), Screening("repeat", "one", 42 * 60))
            ),
            Block(
                "B2", ("C", "D"), (Screening("premiere", "one", 20 * 60), Screening("repeat", "two", 42 * 60))
            ),
        )
    )
    assert verify(problem_of(), before) == []
    problem = problem_of(**changed)
    answer = engine.make(problem, previous=before)
    assert answer.plan is not None and answer.repair is not None and answer.repair.proved
    assert verify(problem, answer.plan) == []
    exact = min(changes(before, plan) for plan in all_plans(problem))
    assert exact > 0
    assert changes(before, answer.plan) == exact


def test_what_keeps_all_rules_is_not_touched() -> None:
    problem = read_problem(festival(30, 2, 1, 3, seed=2))
    plan = engine.make(problem, seconds=1).plan
    assert plan is not None
    answer = engine.make(problem, previous=plan)
    assert answer.plan == plan
    assert answer.repair is not None and answer.repair.changes == []


def test_a_lost_day_of_a_hall_moves_few_screenings() -> None:
    document = festival(60, 3, 1, 4, seed=0)
    plan = engine.make(read_problem(document), seconds=1).plan
    assert plan is not None
    lost = copy.deepcopy(document)
    hall = lost["venues"][0]["halls"][0]
    hall["open"] = hall["open"][:1] + hall["open"][2:]
    problem = read_problem(lost)
    assert verify(problem, plan) != []
    answer = engine.make(problem, previous=plan)
    assert answer.repair is not None and answer.repair.proved
    assert answer.plan is not None and verify(problem, answer.plan) == []
    untouched = [block for block in plan.blocks if block.code not in answer.repair.freed]
    assert untouched and all(block in answer.plan.blocks for block in untouched)


# --- clashes -----------------------------------------------------------------------------------------------------


AWAY = [{"from": "2027-04-17T10:00", "until": "2027-04-17T23:00"}]
PLANTED: dict[str, tuple[dict[str, Any], set[tuple[str, str]]]] = {
    "guest and pin": (
        {
            "guests": [{"guest": "Wei", "available": AWAY}, {"guest": "Ada"}],
            "pins": [{"pin": "opening", "films": ["A"], "day": "2027-04-16"}],
        },
        {("guest", "Wei"), ("pin", "opening")},
    ),
    "two pins": (
        {
            "pins": [
                {"pin": "one", "films": ["A"], "hall": "one"},
                {"pin": "other", "films": ["A"], "hall": "two"},
            ]
        },
        {("pin", "one"), ("pin", "other")},
    ),
    "premiere on the last day": (
        {"pins": [{"pin": "last", "films": ["B"], "day": "2027-04-17"}]},
        {("pin", "last"), ("repeat", "")},
    ),
    "two open a block": (
        {
            "pins": [
                {"pin": "a", "films": ["A"], "place": "first"},
                {"pin": "b", "films": ["B"], "place": "first"},
                {"pin": "ab", "films": ["A", "B"]},
            ]
        },
        {("pin", "a"), ("pin", "b"), ("pin", "ab")},
    ),
    "too long": ({"blocks": {"target": 30, "least": 10, "most": 35}}, {("most", "")}),
    "no such copy": (
        {"films": [{"film": "A", "seconds": 3600, "seats": 500}]},
        {("needs", "A")},
    ),
    "late": (
        {"age_slots": [{"slot": "night", "from": "22:00"}]},
        {("age", "night"), ("open", "one"), ("open", "two")},
    ),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_clash_is_found_and_is_a_smallest_one(name: str) -> None:
    changed, planted = PLANTED[name]
    problem = problem_of(**changed)
    answer = engine.make(problem)
    assert answer.plan is None and answer.clash is not None
    assert set(answer.clash.rules) == planted
    assert answer.clash.smallest


def test_a_clash_of_a_whole_programme_is_proved_again() -> None:
    problem = problem_of(
        forbidden=[{"slot": "strike", "from": "2027-04-16T18:00", "until": "2027-04-16T22:00"}]
    )
    answer = engine.make(problem)
    assert answer.clash is not None
    rules = list(answer.clash.rules)
    assert ("forbidden", "strike") in rules
    assert clashes(problem, rules, Run(60)) is True
    for rule in rules:
        assert clashes(problem, [one for one in rules if one != rule], Run(60)) is False


@pytest.mark.parametrize(
    "changed, rules, room",
    [
        (
            {"blocks": {"target": 60, "least": 60, "most": 60}, "repeat": True, "days": 1},
            {("least", ""), ("most", ""), ("open", "one"), ("turnaround", "")},
            ("screenings", 4, 3),
        ),
        (
            {"blocks": {"target": 60, "least": 0, "most": 110}, "rehearsal": {"minutes": 120}},
            {("rehearsal", ""), ("open", "one")},
            ("minutes", 540, 255),
        ),
    ],
)
def test_more_film_than_time_is_proved_by_counting(
    changed: dict[str, Any], rules: set[tuple[str, str]], room: tuple[str, int, int]
) -> None:
    document = small(travel=[], guests=[], **changed)
    document["venues"] = document["venues"][:1]
    document["venues"][0]["halls"][0]["open"] = document["venues"][0]["halls"][0]["open"][:1]
    document["films"] = [film | {"guests": []} for film in document["films"]]
    answer = engine.make(read_problem(document))
    assert answer.clash is not None and answer.clash.room is not None
    assert set(answer.clash.rules) == rules
    assert astuple(answer.clash.room) == room


def test_films_in_no_block_get_their_own_and_nothing_else_moves() -> None:
    problem = read_problem(festival(60, 3, 1, 4, seed=0))
    plan = engine.make(problem, seconds=1).plan
    assert plan is not None
    half = Plan(plan.blocks[::2])
    answer = engine.make(problem, previous=half)
    assert answer.plan is not None and verify(problem, answer.plan) == []
    assert answer.plan.blocks[: len(half.blocks)] == half.blocks
    assert answer.repair is not None and answer.repair.proved
    assert len({block.code for block in answer.plan.blocks}) == len(answer.plan.blocks)


def test_a_pin_that_cannot_be_kept_is_told_instead_of_a_repair() -> None:
    document = festival(60, 3, 1, 4, seed=0)
    plan = engine.make(read_problem(document), seconds=1).plan
    document["pins"] = [
        {"pin": "never", "films": ["film 2"], "showing": "repeat", "day": document["first_day"]}
    ]
    answer = engine.make(read_problem(document), previous=plan)
    assert answer.plan is None and answer.clash is not None
    assert set(answer.clash.rules) == {("pin", "never"), ("repeat", "")}


def test_new_films_that_fit_nowhere_get_a_block_of_their_own() -> None:
    document = small(films=small()["films"][:2], repeat=False)
    plan = engine.make(read_problem(document)).plan
    assert plan is not None and len(plan.blocks) == 1
    answer = engine.make(problem_of(repeat=False), previous=plan)
    assert answer.plan is not None and verify(problem_of(repeat=False), answer.plan) == []
    assert answer.plan.blocks[0] == plan.blocks[0]
    assert [set(block.films) for block in answer.plan.blocks] == [{"A", "B"}, {"C", "D"}]
    assert len({block.code for block in answer.plan.blocks}) == 2
