"""Judges with scales and noises of their own: found where they are, and not invented where they are not."""

import numpy as np
import pytest

from judging.logic import additive, own_scale
from judging.logic.scores import Look, gather
from judging.rehearsal.truth import FILM, PLAIN, Contest, World


def both(contest: Contest) -> tuple[additive.Fit, own_scale.OwnScale]:
    scores = contest.scores()
    fit = additive.fit(scores)
    return fit, own_scale.fit(scores, fit)


def test_scales_and_noises_are_found() -> None:
    contest = Contest(World(0.5, 0.3, 1.0, 0.35), films=1500, judges=30, seed=1, step=0)
    contest.look_at_all(6)
    fit, own = both(contest)
    assert np.corrcoef(np.log(own.scale), np.log(contest.scale))[0, 1] > 0.9
    assert np.corrcoef(np.log(own.noise), np.log(contest.noise))[0, 1] > 0.95
    assert np.corrcoef(own.severity, contest.severity)[0, 1] > 0.95
    assert np.corrcoef(own.value, contest.truth)[0, 1] > np.corrcoef(fit.value, contest.truth)[0, 1] + 0.005


def test_equal_judges_stay_equal() -> None:
    contest = Contest(PLAIN, films=600, judges=20, seed=2, step=0)
    contest.look_at_all(4)
    fit, own = both(contest)
    assert np.std(np.log(own.scale)) < 0.08
    assert np.std(np.log(own.noise)) < 0.08
    assert own.value == pytest.approx(fit.value, abs=0.25)


def test_it_finds_more_of_the_best_in_the_film_world() -> None:
    gain = []
    for seed in range(6):
        contest = Contest(FILM, films=1500, judges=40, seed=seed)
        contest.look_at_all(3)
        fit, own = both(contest)
        gain.append(contest.precision(own.value, 100) - contest.precision(fit.value, 100))
    assert np.mean(gain) > 0.02


@pytest.mark.parametrize(
    "looks",
    [
        [Look("a", "x", 7)],
        [Look("a", "x", 7), Look("b", "x", 7)],
        [Look(judge, entry, 5.0) for judge in "ab" for entry in "xyz"],
        [Look(judge, entry, ord(entry) - 100.0) for judge in "ab" for entry in "xyz"],
        [Look("a", "x", 1e9), Look("b", "x", -1e9), Look("a", "y", 0), Look("b", "z", 3)],
    ],
    ids=["one", "one film", "all equal", "no noise", "huge"],
)
def test_little_or_strange_tables_are_answered(looks: list[Look]) -> None:
    scores = gather(looks, entries=["unseen"], judges=["idle"])
    own = own_scale.fit(scores, additive.fit(scores))
    for numbers in (own.value, own.sd, own.severity, own.scale, own.noise):
        assert np.isfinite(numbers).all()


def test_flips_are_those_on_different_sides() -> None:
    one, other = np.array([4.0, 3.0, 2.0, 1.0]), np.array([4.0, 1.0, 2.0, 3.0])
    assert list(own_scale.flips(one, other, 2)) == [False, True, False, True]
    assert list(own_scale.flips(one, other, 0)) == [False] * 4
    assert list(own_scale.flips(one, other, 4)) == [False] * 4
