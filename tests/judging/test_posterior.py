"""Chances and intervals: they hold what they say, and the same every time."""

from collections.abc import Callable

import numpy as np
import pytest

from judging.logic import additive, cut_line, posterior
from judging.logic.scores import Look, gather
from judging.rehearsal.truth import CONFERENCE, FILM, Contest


def judged(
    films: int, looks: int, *, seed: int, cut: int, judges: int = 40
) -> tuple[Contest, posterior.Chances]:
    contest = Contest(CONFERENCE, films=films, judges=judges, seed=seed)
    contest.look_at_all(looks)
    return contest, posterior.chances(additive.fit(contest.scores()), cut=cut)


def test_chances_are_calibrated_and_intervals_cover() -> None:
    """Expected calibration error at most 0.03, 90 % intervals cover 87 to 93 %, as many hits as were expected."""
    chances, passed, covered, expected, hits = [], [], [], 0.0, 0.0
    for seed in range(6):
        contest, found = judged(1000, 3, seed=seed, cut=50)
        rank = np.empty(contest.films, int)
        rank[np.argsort(-contest.truth)] = np.arange(1, contest.films + 1)
        chances.append(found.p_cut)
        passed.append(rank <= 50)
        covered.append((rank >= found.rank_low) & (rank <= found.rank_high))
        expected += found.expected_hits
        fit = additive.fit(contest.scores())
        hits += 50 * contest.precision(fit.value, 50)
    chance, truth = np.concatenate(chances), np.concatenate(passed)
    bins = np.minimum((chance * 10).astype(int), 9)
    parts = [bins == part for part in np.unique(bins)]
    error = sum(abs(chance[part].mean() - truth[part].mean()) * part.mean() for part in parts)
    assert error <= 0.03
    assert 0.87 <= np.concatenate(covered).mean() <= 0.93
    assert expected == pytest.approx(hits, abs=25)  # of 300


def test_a_second_run_gives_the_same_to_the_last_digit() -> None:
    _contest, one = judged(200, 3, seed=1, cut=20)
    _contest, other = judged(200, 3, seed=1, cut=20)
    assert np.array_equal(one.p_cut, other.p_cut)
    assert np.array_equal(one.rank_low, other.rank_low) and np.array_equal(one.rank_high, other.rank_high)
    assert one.p_cut.sum() == pytest.approx(20)


@pytest.mark.parametrize(("films", "judges"), [(60, 8), (8, 30)])
def test_names_change_no_chance(films: int, judges: int) -> None:
    contest = Contest(FILM, films=films, judges=judges, seed=5, step=0)
    contest.look_at_all(4)
    scores = contest.scores()
    mixed = np.random.default_rng(2).permutation(films)
    renamed = gather(
        Look(f"x{judge * 7 % 31:02}", f"y{mixed[entry]:02}", float(value))
        for entry, judge, value in zip(scores.entry, scores.judge, scores.value, strict=True)
    )
    one = posterior.chances(additive.fit(scores), cut=5)
    other = posterior.chances(additive.fit(renamed), cut=5)
    assert np.array_equal(other.p_cut[mixed], one.p_cut)
    assert np.array_equal(other.rank_low[mixed], one.rank_low)


def test_draws_have_the_spread_of_the_fit_when_sums_are_gathered_look_by_look(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    contest = Contest(CONFERENCE, films=80, judges=9, seed=3)
    contest.look_at_all(3)
    fit = additive.fit(contest.scores())
    table = np.vstack(list(posterior.drawn(fit, draws=400, seed=1)))
    monkeypatch.setattr(posterior, "MOST_TABLE", 0)
    gathered = np.vstack(list(posterior.drawn(fit, draws=400, seed=1)))
    assert gathered == pytest.approx(table, abs=1e-4)
    assert table.mean(axis=0) == pytest.approx(fit.value, abs=0.25)
    assert table.std(axis=0) == pytest.approx(fit.sd, rel=0.2)


def test_draws_with_judges_eliminated_have_the_spread_of_the_fit() -> None:
    contest = Contest(CONFERENCE, films=12, judges=60, seed=3)
    contest.look_at_all(15)
    fit = additive.fit(contest.scores())
    assert not fit.system.by_entry
    table = np.vstack(list(posterior.drawn(fit, draws=2000, seed=1)))
    assert table.mean(axis=0) == pytest.approx(fit.value, abs=0.05)
    assert table.std(axis=0) == pytest.approx(fit.sd, rel=0.1)


def test_everything_or_nothing_passes() -> None:
    contest = Contest(CONFERENCE, films=10, judges=4, seed=1)
    contest.look_at_all(2)
    fit = additive.fit(contest.scores())
    assert list(posterior.chances(fit, cut=10).p_cut) == [1.0] * 10
    assert list(posterior.chances(fit, cut=0).p_cut) == [0.0] * 10


def test_one_more_look_each_promises_what_it_then_keeps() -> None:
    promised, kept = [], []
    for seed in range(25):
        contest = Contest(CONFERENCE, films=150, judges=12, seed=seed, step=0)
        contest.look_at_all(3)
        fit = additive.fit(contest.scores())
        films = np.argsort(np.abs(fit.value - np.sort(fit.value)[-15]))[:40]
        change = cut_line.one_more_look(fit, films=films, cut=15, draws=200)
        before = 15 * contest.precision(fit.value, 15)
        contest.look_at(films)
        after = additive.fit(contest.scores())
        promised.append([change.hits, change.hits_then])
        kept.append([before, 15 * contest.precision(after.value, 15)])
        assert change.hits_then > change.hits
        assert 0 < change.moved < 30
    error = np.mean(kept, axis=0) - np.mean(promised, axis=0)
    assert np.abs(error).max() < 0.6  # of 15 films


@pytest.mark.parametrize("value", [lambda film, judge: 7.1, lambda film, judge: (film * 7 + judge * 3) % 11])
def test_films_that_do_not_differ_have_the_same_chance(value: Callable[[int, int], float]) -> None:
    """Nothing is known that puts one before another: not their names either."""
    scores = gather(
        Look(f"j{judge}", f"f{film:02}", float(value(film, judge)))
        for film in range(20)
        for judge in range(3)
    )
    fit = additive.fit(scores)
    assert fit.variances.entry == 0
    found = posterior.chances(fit, cut=5)
    assert found.p_cut == pytest.approx(np.full(20, 0.25))
    assert found.expected_hits == pytest.approx(5 * 0.25)
    assert (found.rank_low <= 3).all() and (found.rank_high >= 18).all()


def test_films_of_which_the_same_is_known_have_the_same_chance() -> None:
    given = [9, 8, 8, 7, 6, 6, 6, 5, 4, 3]
    scores = gather(
        Look(f"j{judge}", f"f{film}", float(score + judge + (film + judge) % 2))
        for film, score in enumerate(given)
        for judge in range(4)
    )
    found = posterior.chances(additive.fit(scores), cut=5)
    for alike in ([1, 2], [4, 6]):
        for numbers in (found.p_cut, found.rank_low, found.rank_high):
            assert len(set(numbers[alike])) == 1
    assert found.p_cut.sum() == pytest.approx(5)
