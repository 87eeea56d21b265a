"""Places decided beforehand and films taken out: against all lists, and by what must not change."""

from dataclasses import replace
from random import Random

import pytest

from judging.logic.awarding.engine import fill
from judging.logic.awarding.problem import Condition, Entry, Pin, Problem, Quota, Ranked, Slot
from tests.judging.test_laurels_engine import best_of_all, broken, given_by, order_of, small


def pinned(problem: Problem, seed: int) -> Problem:
    """With one film pinned to a place that it may have."""
    draw = Random(seed)
    slot = draw.choice(problem.slots)
    line = [row.film for row in order_of(problem, slot)]
    if not line:
        return problem
    return replace(problem, pins=(Pin(slot.slug, draw.randint(1, slot.places), draw.choice(line)),))


@pytest.mark.parametrize("block", range(3))
def test_around_a_pin_the_list_is_the_best_of_those_that_have_it(block: int) -> None:
    seen = 0
    for seed in range(block * 80, block * 80 + 80):
        problem = pinned(small(seed), seed)
        if not problem.pins:
            continue
        [pin] = problem.pins
        result = fill(problem)
        if any("breaks" in place.why for place in result.places):
            continue
        best = best_of_all(problem, having=(pin.slot, pin.film))
        if best is None:
            assert result.clash, seed
            continue
        seen += 1
        places, shared = given_by(problem)
        assert {slug: sorted(films) for slug, films in places.items()} == {
            slug: sorted(films) for slug, films in best.items()
        }, seed
        assert (pin.slot, pin.place, pin.film) in {(row.slot, row.place, row.film) for row in result.places}
        assert broken(problem, places, shared) == []
        numbers = [(row.slot, row.place) for row in result.places]
        assert len(set(numbers)) == len(numbers) == sum(slot.places for slot in problem.slots)
    assert seen > 10


def test_pinning_what_is_there_anyway_changes_nothing() -> None:
    for seed in range(120):
        problem = small(seed)
        result = fill(problem)
        if result.clash:
            continue
        before = {(row.slot, row.place, row.film) for row in result.places}
        pins = tuple(Pin(row.slot, row.place, row.film) for row in result.places if row.film)[:2]
        after = fill(replace(problem, pins=pins))
        assert {(row.slot, row.place, row.film) for row in after.places} == before, seed
        assert not any("breaks" in row.why for row in after.places), seed


def test_a_place_pinned_vacant_is_a_place_less() -> None:
    seen = 0
    for seed in range(120):
        problem = small(seed)
        slot = problem.slots[0]
        less = replace(problem, slots=(replace(slot, places=slot.places - 1), *problem.slots[1:]))
        if slot.places == 1:
            continue
        result = fill(replace(problem, pins=(Pin(slot.slug, 1),)))
        if fill(less).clash:
            assert result.clash, seed
            continue
        seen += 1
        films = {(row.slot, row.film) for row in result.places if row.film}
        assert films == {(row.slot, row.film) for row in fill(less).places if row.film}, seed
        [vacated] = [row for row in result.places if row.why["code"] == "vacated"]
        assert (vacated.slot, vacated.place, vacated.film) == (slot.slug, 1, "")
    assert seen > 15


def test_a_film_taken_out_counts_as_if_it_had_never_been_there() -> None:
    for seed in range(120):
        problem = small(seed, shared=True)
        film = Random(seed).choice(problem.entries).film
        gone = fill(replace(problem, excluded={film: "withdrawn"}))
        never = fill(
            replace(
                problem,
                entries=tuple(entry for entry in problem.entries if entry.film != film),
                orders={
                    name: tuple(row for row in rows if row.film != film)
                    for name, rows in problem.orders.items()
                },
            )
        )
        assert bool(gone.clash) == bool(never.clash), seed
        assert [(row.slot, row.place, row.film) for row in gone.places] == [
            (row.slot, row.place, row.film) for row in never.places
        ], seed
        said = [row.why for rows in gone.passed.values() for row in rows if row.film == film]
        assert all(why == {"code": "excluded", "reason": "withdrawn"} for why in said)


def test_a_pin_stands_above_the_rules_and_says_which_it_breaks() -> None:
    seen = set()
    for seed in range(300):
        problem = small(seed)
        draw = Random(seed)
        slot, film = draw.choice(problem.slots), draw.choice(problem.entries).film
        result = fill(replace(problem, pins=(Pin(slot.slug, 1, film),)))
        if result.clash:
            continue
        [row] = [place for place in result.places if place.why["code"] == "pinned"]
        assert (row.slot, row.place, row.film) == (slot.slug, 1, film)
        if "breaks" in row.why:
            seen.add(row.why["breaks"]["code"])
    assert {"not_eligible", "below_score"} <= seen


def test_a_decided_place_that_leaves_too_little_is_named_with_the_rules() -> None:
    order = (Ranked("a", 1), Ranked("b", 2))
    entries = (Entry("a", {"region": "x"}), Entry("b", {"region": "y"}))
    best = Slot("best y", 1, order="o", require=(Condition("region", "is", "y"),))
    problem = Problem((Slot("gold", 1, order="o"), best), entries, {"o": order}, pins=(Pin("gold", 1, "b"),))
    assert fill(problem).clash == (
        {"rule": "fill", "name": "best y"},
        {"rule": "one_award", "name": ""},
        {"rule": "pinned", "name": "gold/1", "slot": "gold", "place": 1, "film": "b"},
    )
    two = replace(problem, quotas=(Quota("y", "region", "y", 2),), pins=(Pin("gold", 1),))
    assert [row["rule"] for row in fill(two).clash] == ["least", "pinned"]
    assert [row["rule"] for row in fill(replace(two, pins=())).clash] == ["least", "one_award"]
