"""The published rules against exact rational arithmetic, and the tie rule."""

import statistics
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.logic.standing import METHODS, ScoredLook, compute, inputs, result_digest
from judging.logic.ties import Settled, head_to_head, settle

WEIGHTS = {"story": Decimal("33.3"), "craft": Decimal("66.7")}
FILMS = [f"f{number}" for number in range(5)]
JUDGES = ["a", "b", "c", "d", "e"]
TABLE = (5, 3, 1)

given_scores = st.fixed_dictionaries(
    {key: st.integers(2, 20).map(lambda half: Decimal(half) / 2) for key in WEIGHTS}
)
given_looks = st.dictionaries(st.tuples(st.sampled_from(FILMS), st.sampled_from(JUDGES)), given_scores)


def run(looks, method):
    rows = [ScoredLook(film, judge, scores) for (film, judge), scores in looks.items()]
    return {
        row.film: row
        for row in compute(inputs(weights=WEIGHTS, films=FILMS, looks=rows, method=method, points=TABLE))
    }


def totals_of(looks):
    return {
        key: sum(
            (Fraction(WEIGHTS[name]) * Fraction(value) / 100 for name, value in scores.items()), Fraction()
        )
        for key, scores in looks.items()
    }


def expected(totals, method):
    """The rule said once more, the slow way."""
    if method == "points":
        result = {}
        for judge in JUDGES:
            mine = {film: total for (film, one), total in totals.items() if one == judge}
            for film, total in mine.items():
                above = sum(other > total for other in mine.values())
                equal = sum(other == total for other in mine.values())
                places = [Fraction(TABLE[at]) for at in range(above, above + equal) if at < len(TABLE)]
                result[film] = result.get(film, Fraction()) + sum(places, Fraction()) / equal
        return result
    by_film = {
        film: sorted(total for (one, _judge), total in totals.items() if one == film) for film in FILMS
    }
    rules = {
        "weighted_mean": lambda rows: sum(rows, Fraction()) / len(rows),
        "weighted_sum": lambda rows: sum(rows, Fraction()),
        "median": statistics.median,
        "trimmed_mean": lambda rows: (
            sum(rows[1:-1], Fraction()) / (len(rows) - 2)
            if len(rows) > 2
            else sum(rows, Fraction()) / len(rows)
        ),
    }
    return {film: Fraction(rules[method](rows)) for film, rows in by_film.items() if rows}


@pytest.mark.parametrize("method", METHODS)
@given(given_looks)
def test_every_rule_is_exact(method, looks):
    rows, truth = run(looks, method), expected(totals_of(looks), method)
    for film in FILMS:
        assert rows[film].exact == truth.get(film)
        if film in truth:
            assert rows[film].rank == 1 + sum(other > truth[film] for other in truth.values())


@pytest.mark.parametrize("method", METHODS)
@given(given_looks, st.randoms())
def test_the_order_of_reading_changes_no_byte(method, looks, random):
    shuffled = list(looks.items())
    random.shuffle(shuffled)
    one, other = run(looks, method), run(dict(shuffled), method)
    assert result_digest(list(one.values())) == result_digest(list(other.values()))


def test_a_third_is_no_rounding_error():
    looks = {}
    for film, values in (("f0", (1, 1, 2)), ("f1", (2, 1, 1))):
        for judge, value in zip("abc", values, strict=True):
            looks[film, judge] = dict.fromkeys(WEIGHTS, Decimal(value))
    rows = run(looks, "weighted_mean")
    assert rows["f0"].exact == rows["f1"].exact == Fraction(4, 3)
    assert rows["f0"].rank == rows["f1"].rank == 1


def test_an_unknown_rule_is_refused():
    with pytest.raises(ValueError, match="no method 'z_score'"):
        inputs(weights=WEIGHTS, films=FILMS, looks=[], method="z_score")


def fractions(rows):
    return {film: {judge: Fraction(value) for judge, value in given.items()} for film, given in rows.items()}


TIED = fractions({"x": {"a": 7, "b": 5}, "y": {"a": 6, "b": 6, "c": 6}, "z": {"d": 6}})


def test_ties_are_told_apart_by_those_who_saw_both():
    totals = fractions({"x": {"a": 7, "b": 7, "c": 4}, "y": {"a": 6, "b": 6}, "z": {"c": 3, "d": 9}})
    found = settle(["x", "y", "z"], totals=totals, criterion={}, shared=True, seed=1)
    assert found == Settled(("x", "y", "z"), ("head_to_head", "shared"))
    assert head_to_head("x", ["x", "y", "z"], totals) == 2


def test_then_by_the_named_criterion_then_shared_or_by_lot():
    story = fractions({"x": {"a": 5}, "y": {"a": 8, "b": 8}, "z": {"d": 8}})
    assert settle(["x", "y", "z"], totals=TIED, criterion=story, shared=True, seed=1) == Settled(
        ("y", "z", "x"), ("shared", "criterion")
    )
    drawn = {
        settle(["x", "y", "z"], totals=TIED, criterion=story, shared=False, seed=seed).films
        for seed in range(40)
    }
    assert drawn == {("y", "z", "x"), ("z", "y", "x")}
    one = settle(["z", "y", "x"], totals=TIED, criterion=story, shared=False, seed=5)
    assert one == settle(["x", "y", "z"], totals=TIED, criterion=story, shared=False, seed=5)
    assert one.by == ("lot", "criterion")


def test_films_left_equal_by_a_circle_are_still_told_apart():
    circle = fractions({"x": {"a": 2, "c": 1}, "y": {"a": 1, "b": 2}, "z": {"b": 1, "c": 2}})
    story = fractions({"x": {"a": 3}, "y": {"a": 2}, "z": {"b": 1}})
    assert settle(["x", "y", "z"], totals=circle, criterion=story, shared=False, seed=1) == Settled(
        ("x", "y", "z"), ("criterion", "criterion")
    )


@given(given_looks, st.integers(0, 99))
def test_every_film_is_placed_once(looks, seed):
    totals = {film: {} for film in FILMS}
    for (film, judge), total in totals_of(looks).items():
        totals[film][judge] = total
    found = settle(FILMS, totals=totals, criterion=totals, shared=False, seed=seed)
    assert sorted(found.films) == FILMS
    assert len(found.by) == len(FILMS) - 1
