"""Festivals by chance against brute force that shares nothing with the solver but the rules of the verifier.

There is an answer exactly if trying everything finds one; a clash is really one, and without any of its rules there is
a timetable; a repair changes no more than the best of all timetables.
"""

import copy
import random
from collections.abc import Callable
from functools import cache
from itertools import islice
from typing import Any

import pytest

from benchmarks.festivals import festival
from festival.premiere.timetable import engine
from festival.premiere.timetable.document import read_problem
from festival.premiere.timetable.problem import Problem, cost
from festival.premiere.timetable.repair import known_part
from festival.premiere.timetable.verify import verify
from tests.premiere.festivals import all_plans, changes, drawn, relaxed, small

SLOW = {8, 10, 20, 33, 35, 44, 58}  # too much to try
SEEDS = [seed for seed in range(60) if seed not in SLOW]


@cache
def made(seed: int) -> tuple[Problem, engine.Answer]:
    problem = read_problem(drawn(seed))
    return problem, engine.make(problem, seconds=1)


@pytest.mark.parametrize("seed", SEEDS)
def test_there_is_an_answer_exactly_if_trying_everything_finds_one(seed: int) -> None:
    problem, answer = made(seed)
    by_hand = next(all_plans(problem), None)
    assert (answer.plan is None) == (by_hand is None)
    if answer.plan is not None:
        assert verify(problem, answer.plan) == []
        assert answer.cost == cost(problem, answer.plan)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_clash_is_one_and_each_of_its_rules_is_needed(seed: int) -> None:
    problem, answer = made(seed)
    if answer.plan is not None:
        return
    assert answer.clash is not None and answer.clash.smallest
    rules = set(answer.clash.rules)
    easier, unheard = relaxed(problem, rules)
    assert next(all_plans(easier, unheard), None) is None
    for rule in rules:
        easier, unheard = relaxed(problem, rules - {rule})
        assert next(all_plans(easier, unheard), None) is not None, rule


def test_of_the_festivals_by_chance_some_have_a_timetable_and_some_clash_in_different_ways() -> None:
    answers = [made(seed)[1] for seed in SEEDS]
    assert 15 < sum(answer.plan is not None for answer in answers) < 40
    kinds = {rule[0] for answer in answers if answer.clash for rule in answer.clash.rules}
    assert kinds >= {"pin", "guest", "age", "same", "least", "most", "needs", "repeat", "rehearsal", "open"}


def test_the_brute_force_is_not_blind() -> None:
    assert len(list(islice(all_plans(read_problem(small())), 3))) == 3


Change = Callable[[dict[str, Any], random.Random], None]


def withdrawn(document: dict[str, Any], draw: random.Random) -> None:
    gone = draw.choice(document["films"])
    document["films"].remove(gone)
    document["pins"] = [pin for pin in document["pins"] if gone["film"] not in pin["films"]]


def entered(document: dict[str, Any], draw: random.Random) -> None:
    document["films"].append({"film": "E", "seconds": draw.choice((600, 1500))})


def longer(document: dict[str, Any], draw: random.Random) -> None:
    draw.choice(document["films"])["seconds"] = 3000


def absent(document: dict[str, Any], draw: random.Random) -> None:
    second = [{"from": "2027-04-17T17:00", "until": "2027-04-17T23:00"}]
    draw.choice(document["guests"])["available"] = second


def closed(document: dict[str, Any], draw: random.Random) -> None:
    day = f"2027-04-{draw.choice((16, 17))}"
    slot = {"slot": "lost", "hall": "one", "from": f"{day}T18:00", "until": f"{day}T19:30"}
    document["forbidden"] = [*document["forbidden"], slot]


def pinned(document: dict[str, Any], draw: random.Random) -> None:
    film = draw.choice(document["films"])["film"]
    pin = {
        "pin": "new",
        "films": [film],
        "starts": f"2027-04-{draw.choice((16, 17))}T{draw.choice((18, 20))}:00",
    }
    document["pins"] = [*document["pins"], pin]


CHANGES: list[Change] = [withdrawn, entered, longer, absent, closed, pinned]


@pytest.mark.parametrize("seed", [1, 4, 5, 17, 19, 22, 23, 25, 31, 38, 40, 43, 50])
@pytest.mark.parametrize("change", CHANGES)
def test_a_repair_changes_no_more_than_the_best_of_all_timetables(change: Change, seed: int) -> None:
    before = made(seed)[1].plan
    if before is None:
        return
    document = copy.deepcopy(drawn(seed))
    change(document, random.Random(seed))
    problem = read_problem(document)
    kept = known_part(problem, before)
    answer = engine.make(problem, previous=before)
    fewest = min((changes(kept, plan) for plan in all_plans(problem)), default=None)
    if answer.plan is None:
        assert fewest is None
        assert answer.clash is not None
    else:
        assert verify(problem, answer.plan) == []
        assert answer.repair is not None and answer.repair.proved
        assert changes(kept, answer.plan) == fewest


@pytest.mark.parametrize("seed", range(5))
def test_a_festival_of_any_shape_keeps_every_rule(seed: int) -> None:
    draw = random.Random(seed)
    films, venues, halls, days = draw.choice(((18, 2, 1, 2), (25, 2, 1, 2), (30, 1, 2, 3), (45, 3, 1, 4)))
    document = festival(films, venues, halls, days, seed=seed, repeat=draw.random() < 0.5)
    document["blocks"] |= draw.choice(
        ({}, {"label_seconds": 8}, {"most_films": 9}, {"least": 60, "target": 80})
    )
    plain = [film["film"] for film in document["films"] if not film["guests"]]
    document["pins"] = [
        {"pin": "opens", "films": [plain[0]], "place": "first", "day": document["first_day"]},
        {"pin": "pair", "films": plain[1:3]},
    ]
    problem = read_problem(document)
    answer = engine.make(problem, seconds=1, seed=seed)
    assert answer.plan is not None
    assert verify(problem, answer.plan) == []
