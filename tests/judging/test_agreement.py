"""Figures of agreement, against published examples and planted judges."""

from dataclasses import replace

import numpy as np
import pytest

from judging.logic import additive, agreement
from judging.logic.additive import Variances
from judging.logic.scores import Look, Scores, gather
from judging.rehearsal.truth import CONFERENCE, Contest

# The example of Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), section C: twelve units, four
# observers, "." where one did not look. Interval data: 0.849.
OBSERVED = (
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
)


def test_alpha_of_the_published_example() -> None:
    looks = [
        Look(f"observer {judge}", f"unit {unit:02}", float(value))
        for judge, row in enumerate(OBSERVED)
        for unit, value in enumerate(row.split())
        if value != "."
    ]
    assert agreement.alpha(gather(looks)) == pytest.approx(0.849, abs=5e-4)


def test_alpha_needs_films_seen_twice_and_scores_that_differ() -> None:
    assert agreement.alpha(gather([Look("a", "x", 1), Look("b", "y", 2)])) is None
    assert agreement.alpha(gather([Look("a", "x", 1), Look("b", "x", 1)])) is None
    assert agreement.alpha(gather([Look(judge, film, 7.1) for judge in "abc" for film in "uvwxyz"])) is None


def test_alpha_is_the_same_wherever_the_scale_begins() -> None:
    rows = [
        ("a", "x", 1.0),
        ("b", "x", 2.0),
        ("a", "y", 4.0),
        ("b", "y", 3.5),
        ("a", "z", 6.0),
        ("b", "z", 6.0),
    ]
    plain, far = (
        agreement.alpha(gather(Look(judge, film, score + start) for judge, film, score in rows))
        for start in (0.0, 2.0**27)
    )
    assert plain == pytest.approx(far, abs=1e-9)


def test_dependability_of_more_looks() -> None:
    variances = Variances(1.278, 0.240, 1.268)  # NIPS 2014
    relative, absolute = agreement.dependability(variances, 3)
    assert (relative, absolute) == (pytest.approx(0.7515, abs=1e-3), pytest.approx(0.7178, abs=1e-3))
    needed = agreement.looks_needed(variances, 0.8)
    assert agreement.dependability(variances, needed)[0] == pytest.approx(0.8)
    assert agreement.looks_needed(Variances(0, 1, 1), 0.8) == float("inf")
    assert agreement.dependability(Variances(0, 0, 0), 3) == (0.0, 0.0)


def test_the_panel_of_a_contest() -> None:
    contest = Contest(CONFERENCE, films=800, judges=20, seed=1, step=0)
    contest.look_at_all(4)
    panel = agreement.panel(additive.fit(contest.scores()))
    assert panel.looks == pytest.approx(4)
    assert panel.single == pytest.approx(1 / (1 + 0.46**2 + 1), abs=0.05)
    assert panel.relative == pytest.approx(1 / (1 + 1 / 4), abs=0.03)
    assert panel.alpha == pytest.approx(panel.single, abs=0.03)


@pytest.fixture(scope="module")
def figures() -> dict[str, agreement.JudgeFigures]:
    """Twelve judges: the first gives the same to all, the second what comes to mind, the third more and more."""
    contest = Contest(CONFERENCE, films=300, judges=12, seed=2, step=0)
    contest.look_at_all(4)
    scores = contest.scores()
    value, order = scores.value.copy(), np.zeros(len(scores.value), int)
    draw = np.random.default_rng(1)
    for judge in range(12):
        mine = np.flatnonzero(scores.judge == judge)
        order[draw.permutation(mine)] = np.arange(1, len(mine) + 1)
    value[scores.judge == 0] = 10
    mine = scores.judge == 1
    value[mine] = draw.normal(5.5, 2, mine.sum())
    third = scores.judge == 2
    value[third] += 0.02 * order[third]
    changed = Scores(
        scores.entries,
        scores.judges,
        scores.tracks,
        scores.track_of,
        scores.entry,
        scores.judge,
        value,
        order,
    )
    return {one.judge: one for one in agreement.judges(additive.fit(changed))}


def test_a_judge_who_gives_the_same_to_all(figures: dict[str, agreement.JudgeFigures]) -> None:
    first = figures["j0000"]
    assert (first.same, first.spread) == (1.0, pytest.approx(0, abs=1e-6))
    assert np.isnan(first.agreement)
    assert first.severity == max(one.severity for one in figures.values())


def test_a_judge_who_gives_what_comes_to_mind(figures: dict[str, agreement.JudgeFigures]) -> None:
    rest = [one.agreement for name, one in figures.items() if name not in ("j0000", "j0001")]
    assert figures["j0001"].agreement < min(rest) - 0.15
    assert figures["j0001"].noise == max(one.noise for one in figures.values())


def test_a_judge_who_becomes_milder(figures: dict[str, agreement.JudgeFigures]) -> None:
    third = figures["j0002"]
    assert third.drift == pytest.approx(0.2, abs=2 * third.drift_se)
    assert third.drift / third.drift_se > 3
    steady = [one for name, one in figures.items() if name > "j0002"]
    assert sum(abs(one.drift / one.drift_se) > 3 for one in steady) == 0


def test_looks_whose_place_is_not_known_tell_nothing_of_drift() -> None:
    def looks(unknown: bool) -> list[Look]:
        rows = [Look("a", f"f{at}", 5 + at % 3, 0 if unknown and at > 9 else at + 1) for at in range(20)]
        return rows + [Look("b", f"f{at}", 5 + at % 4) for at in range(20)]

    fit, half = additive.fit(gather(looks(False))), additive.fit(gather(looks(True)))
    first = half.scores.some(half.scores.order > 0)
    assert agreement.judges(fit)[0].drift != agreement.judges(half)[0].drift
    assert agreement.judges(half)[0].drift == agreement.judges(replace(half, scores=first))[0].drift
    assert np.isnan(agreement.judges(half)[1].drift)


def test_a_judge_with_few_looks_has_no_figures_of_her_own() -> None:
    fit = additive.fit(gather([Look("a", "x", 1), Look("b", "x", 2), Look("a", "y", 3)]))
    one = agreement.judges(fit)[0]
    assert (one.judge, one.looks) == ("a", 2)
    assert np.isnan([one.agreement, one.spread, one.noise, one.drift, one.same]).all()
