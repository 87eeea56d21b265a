"""Lists of the sizes that festivals and platforms have, and of hard rules, by what must be true of them."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from benchmarks.laurels import TIERS, instance
from benchmarks.laurels_hard import SHAPES
from judging.logic.awarding.engine import fill
from judging.logic.awarding.problem import Problem
from tests.judging.test_laurels_engine import broken, given_by, order_of

HARD = ("owners", "late", "combining", "ex_aequo")
ALL: dict[str, Callable[[], Problem]] = {
    **{shape: (lambda shape=shape: instance(shape)) for shape in TIERS},
    **{shape: SHAPES[shape] for shape in HARD},
}


def never_there(problem: Problem, films: set[str]) -> Problem:
    orders = {n: tuple(row for row in rows if row.film not in films) for n, rows in problem.orders.items()}
    entries = tuple(entry for entry in problem.entries if entry.film not in films)
    return replace(problem, entries=entries, orders=orders)


@pytest.mark.parametrize("shape", ALL)
def test_rules_hold_replay_is_identical_and_absent_films_change_nothing(shape: str) -> None:
    problem = ALL[shape]()
    result = fill(problem)
    assert fill(ALL[shape]()) == result
    places, shared = given_by(problem)
    assert broken(problem, places, shared) == []
    awarded = {place.film for place in result.places}
    passed = [row.film for rows in result.passed.values() for row in rows if row.film not in awarded]
    rest = [row.film for row in order_of(problem, problem.slots[0]) if row.film not in awarded]
    for gone in ({rest[0], *passed[:1]}, {rest[1], rest[-1], *passed[-1:]}):
        assert given_by(never_there(problem, gone)) == (places, shared)


@pytest.mark.parametrize("shape", TIERS)
def test_nobody_before_a_laureate_could_have_its_place(shape: str) -> None:
    """At every place: whoever stands before its laureate and has nothing breaks a rule there, all else as it is."""
    problem = instance(shape)
    places, shared = given_by(problem)
    awarded = {film for films in places.values() for film in films}
    for slot in problem.slots:
        line = [row.film for row in order_of(problem, slot)]
        for number, laureate in enumerate(places[slot.slug]):
            before = [film for film in line[: line.index(laureate)] if film not in awarded]
            for film in before[-3:]:
                swapped = [film if n == number else one for n, one in enumerate(places[slot.slug])]
                assert broken(problem, {**places, slot.slug: swapped}, shared) != [], (slot.slug, film)


def test_the_festivals_vacant_award_says_how_many_were_asked_and_why_nobody_has_it() -> None:
    problem = instance("festival")
    result = fill(problem)
    [vacant] = [place for place in result.places if not place.film]
    assert (vacant.slot, vacant.place, vacant.why) == ("s3", 1, {"code": "vacant", "asked": 0})
    reasons = {row.why["code"] for row in result.passed["s3"]}
    assert reasons == {"below_score", "not_eligible"}
    assert len(result.passed["s3"]) == len(problem.entries)


@pytest.mark.parametrize(
    ("shape", "awards"), [("iqiyi", 11), ("tencent", 35), ("combined", 55), ("kling", 10)]
)
def test_every_place_is_given(shape: str, awards: int) -> None:
    result = fill(instance(shape))
    assert sum(bool(place.film) for place in result.places) == len(result.places) == awards


def test_hard_rules_that_clash_are_named_as_few_as_can_be() -> None:
    names = {(row["rule"], row["name"]) for row in fill(SHAPES["clash_of_four"]()).clash}
    assert names == {("cap", "team"), ("least", "rare 4"), ("least", "rare 5"), ("least", "rare 6")}
    names = {(row["rule"], row["name"]) for row in fill(SHAPES["clash_of_two"]()).clash}
    assert names == {("least", "region oceania"), ("most", "no oceania")}
