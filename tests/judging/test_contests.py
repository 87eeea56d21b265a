"""Synthetic contests with known truth, at the sizes of real ones."""

import numpy as np
import pytest

from judging.logic import additive, posterior
from judging.logic.scores import Scores
from judging.rehearsal.truth import CONFERENCE, FILM, PLAIN, Contest, World

SIZES = [(300, 16, 20, 8), (4600, 80, 10, 2), (10_000, 150, 55, 1)]  # films, judges, how many pass, contests


@pytest.mark.parametrize(("films", "judges", "cut", "contests"), SIZES)
def test_what_is_said_of_the_films_holds(films: int, judges: int, cut: int, contests: int) -> None:
    """Intervals of nine in ten hold nine in ten, chances sum to the places, expected hits come true."""
    covered, hits, expected = [], 0.0, 0.0
    for seed in range(contests):
        contest = Contest(CONFERENCE, films=films, judges=judges, seed=seed, step=0)
        contest.look_at_all(3)
        fit = additive.fit(contest.scores())
        truth = contest.truth + (fit.value.mean() - contest.truth.mean())
        covered.append(np.abs(truth - fit.value) <= 1.645 * fit.sd)
        found = posterior.chances(fit, cut=cut)
        assert found.p_cut.sum() == pytest.approx(cut, abs=0.5)
        expected += found.expected_hits
        hits += cut * contest.precision(fit.value, cut)
    assert 0.87 <= np.concatenate(covered).mean() <= 0.93
    places = cut * contests
    assert hits / places == pytest.approx(expected / places, abs=0.15)


@pytest.mark.parametrize("world", [PLAIN, CONFERENCE, FILM], ids=["plain", "conference", "film"])
def test_it_is_never_materially_below_the_plain_mean(world: World) -> None:
    gains = []
    for seed in range(5):
        contest = Contest(world, films=2000, judges=60, seed=seed)
        contest.look_at_all(3)
        scores = contest.scores()
        fit = additive.fit(scores)
        gains.append(contest.precision(fit.value, 100) - contest.precision(scores.raw_means(), 100))
    assert np.mean(gains) > -0.02


def test_tracks_judged_apart_are_brought_together_by_bridges() -> None:
    """Nine of ten looks are by a track's own judges, who are strict in one and mild in the other (facts: a trap)."""
    gain = []
    for seed in range(4):
        contest = Contest(CONFERENCE, films=1200, judges=40, seed=seed, step=0)
        track = np.arange(1200) % 2
        contest.severity += np.where(np.arange(40) % 2, 0.8, -0.8)
        for _look in range(3):
            crosses = contest.draw.random(1200) < 0.1
            side = np.where(crosses, 1 - track, track)
            judge = 2 * contest.draw.integers(0, 20, 1200) + side
            again = contest.seen[np.arange(1200), judge]
            contest.look(np.flatnonzero(~again), judge[~again])
        plain = contest.scores()
        known = Scores(
            plain.entries, plain.judges, ("a", "b"), track, plain.entry, plain.judge, plain.value, plain.order
        )
        with_tracks = contest.precision(additive.fit(known).value, 60)
        gain.append(with_tracks - contest.precision(plain.raw_means(), 60))
    assert np.mean(gain) > 0.05
