"""Looks where they decide something: rules of the choice, and more of the true best for the same work."""

from math import erf, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.adaptive import adaptively
from judging.logic import adaptive, own_scale, rewatch
from judging.logic.additive import fit
from judging.logic.normal import density, distribution
from judging.rehearsal.truth import FILM, Contest


def choose(value, sd, looks, *, cut=2, batch=10, noise=1.0, barred=None, **rules):
    return adaptive.choose(
        value=np.array(value, float), sd=np.array(sd, float), looks=np.array(looks), noise=noise,
        rules=adaptive.Rules(cut=cut, **rules), batch=batch, barred=barred,
    )  # fmt: skip


def test_first_looks_come_first_then_films_at_the_line() -> None:
    choice = choose([9, 6.1, 6, 5.9, 1, 5], [0.5] * 6, [2, 2, 2, 2, 2, 1])
    assert choice.line == pytest.approx(6.05)
    assert list(choice.films) == [5, 1, 2, 3]
    assert list(choice.stops) == ["through", "open", "open", "open", "out", "base"]
    assert list(np.argsort(-choice.worth[1:], kind="stable")) == [0, 1, 2]


def test_stop_rules_and_caps() -> None:
    choice = choose([6.1, 6, 5.9], [0.5] * 3, [4, 2, 2], cut=1, most=4, barred=np.array([False, False, True]))
    assert list(choice.stops) == ["cap", "open", "served"]
    assert list(choice.films) == [1]
    assert list(choose([6.1, 6, 5.9], [0.5] * 3, [2, 2, 2], cut=1, batch=2).films) == [0, 1]


@pytest.mark.parametrize(("cut", "stop"), [(0, "out"), (3, "through"), (9, "through")])
def test_nothing_is_asked_where_nothing_is_to_be_decided(cut: int, stop: str) -> None:
    choice = choose([6.1, 6, 5.9], [0.5] * 3, [2, 2, 2], cut=cut)
    assert not len(choice.films)
    assert list(choice.stops) == [stop] * 3


def test_certain_films_on_the_line_are_neither_in_nor_out() -> None:
    chance = adaptive.chance_above(np.array([5.0, 6.0, 7.0]), np.zeros(3), 6.0)
    assert list(chance) == [0.0, 0.5, 1.0]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000))
def test_a_choice_keeps_its_rules(seed: int) -> None:
    draw = np.random.default_rng(seed)
    films = int(draw.integers(1, 60))
    value, sd = draw.normal(5, 2, films), draw.random(films)
    looks = draw.integers(0, 8, films)
    rules = adaptive.Rules(cut=int(draw.integers(0, films + 2)), first=2, most=6)
    batch = int(draw.integers(0, 20))
    choice = adaptive.choose(value=value, sd=sd, looks=looks, noise=1.0, rules=rules, batch=batch)
    assert len(choice.films) <= batch
    assert len(set(choice.films)) == len(choice.films)
    assert (looks[choice.films] < 6).all()
    assert set(choice.stops[choice.films]) <= {"open", "base"}
    waiting = np.flatnonzero(looks < 2)
    assert len(set(waiting) & set(choice.films)) == min(len(waiting), batch)
    again = adaptive.choose(value=value, sd=sd, looks=looks, noise=1.0, rules=rules, batch=batch)
    assert np.array_equal(again.films, choice.films)


def test_the_normal_law() -> None:
    points = np.linspace(-8, 8, 333)
    exact = np.array([0.5 * (1 + erf(point / sqrt(2))) for point in points])
    assert distribution(points) == pytest.approx(exact, abs=2e-8)
    assert list(distribution(np.array([-50.0, 50.0]))) == [0.0, 1.0]
    assert density(np.array([0.0]))[0] == pytest.approx(0.3989422804)


def test_more_of_the_best_are_found_with_the_same_looks() -> None:
    """A small sister of `python -m benchmarks.adaptive`: 1,000 films, the first 30, three looks a film in all."""
    gains = []
    for seed in range(5):
        contest = adaptively(FILM, films=1000, judges=40, looks=3000, cut=30, seed=seed)
        even = Contest(FILM, films=1000, judges=40, seed=seed)
        even.look_at_all(3)
        both = []
        for one in (contest, even):
            assert len(one.entry) == 3000
            scores = one.scores()
            both.append(one.precision(own_scale.fit(scores, fit(scores)).value, 30))
        gains.append(both[0] - both[1])
    assert np.mean(gains) > 0.1


def test_a_second_look_below_the_line_is_drawn_by_lot() -> None:
    films = [f"f{number}" for number in range(200)]
    drawn = rewatch.draw(films, seed=7)
    assert len(drawn) == 10 and set(drawn) <= set(films)
    assert rewatch.draw(films[::-1], seed=7) == drawn
    assert rewatch.draw(films, seed=8) != drawn
    assert rewatch.draw(["only"], seed=1) == ["only"]
    assert rewatch.draw([], seed=1) == []


def test_the_estimate_of_what_was_missed_is_right_on_average() -> None:
    draw = np.random.default_rng(3)
    chances = draw.random(2000) ** 12
    truth = chances.sum()
    found = [rewatch.missed(draw.choice(chances, 200, replace=False), 2000) for _time in range(300)]
    assert np.mean([one.estimate for one in found]) == pytest.approx(truth, rel=0.05)
    assert np.mean([one.low <= truth <= one.high for one in found]) == pytest.approx(0.9, abs=0.06)
    whole = rewatch.missed(chances, 2000)
    assert whole.low == pytest.approx(whole.high) == pytest.approx(truth)
    assert rewatch.missed(np.zeros(0), 30) == rewatch.Missed(30, 0, 0.0, 0.0, 0.0)
