"""The additive model: equal to lme4 and to plain linear algebra, and the same whatever things are called."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judging.logic import additive
from judging.logic.scores import Look, Scores, gather
from judging.rehearsal.truth import CONFERENCE, Contest
from tests.judging.real_scores import skating

# Diameters of 24 plates by 6 samples of penicillin (Davies and Goldsmith, Statistical Methods in Research and
# Production, 1972), the example of two crossed factors in the manual of lme4.
PENICILLIN = [
    "272326232321", "272326232321", "252125242420", "262325232320", "252226222320", "242225232219",
    "242023212219", "262226242421", "242124222220", "242124232219", "262326242421", "252226242420",
    "262426242522", "262326232320", "262325242422", "252225232320", "252124232320", "252224232319",
    "242123212119", "262326242421", "252124222218", "252225222220", "242124222419", "242124222118",
]  # fmt: skip
# What lme4 prints for `lmer(diameter ~ 1 + (1|plate) + (1|sample), Penicillin)`: variances, then effects of the samples
# and of the first plates (Bates, lme4: Mixed-effects modeling with R, 2010, section 2.1).
LME4_PLATE, LME4_SAMPLE, LME4_NOISE = 0.716908, 3.730918, 0.302415
LME4_SAMPLES = [2.18706, -1.01048, 1.93790, -0.09689, -0.01384, -3.00374]
LME4_PLATES = [0.80455, 0.80455, 0.18167, 0.33739, 0.02595, -0.44120, -1.37552, 0.80455]


def penicillin(*, plates_judge: bool) -> Scores:
    looks = []
    for plate, row in enumerate(PENICILLIN):
        for at in range(6):
            names = (f"plate {plate:02}", f"sample {at}")
            judge, entry = names if plates_judge else names[::-1]
            looks.append(Look(judge, entry, float(row[2 * at : 2 * at + 2])))
    return gather(looks)


def test_equal_to_lme4_with_films_eliminated() -> None:
    fit = additive.fit(penicillin(plates_judge=False))
    found = (fit.variances.entry, fit.variances.judge, fit.variances.residual)
    assert found == pytest.approx((LME4_PLATE, LME4_SAMPLE, LME4_NOISE), abs=1e-5)
    assert list(fit.severity) == pytest.approx(LME4_SAMPLES, abs=1e-4)
    assert list(fit.value[:8] - fit.track_mean[0]) == pytest.approx(LME4_PLATES, abs=1e-4)
    assert fit.settled


def test_equal_to_lme4_with_judges_eliminated() -> None:
    fit = additive.fit(penicillin(plates_judge=True))
    found = (fit.variances.judge, fit.variances.entry, fit.variances.residual)
    assert found == pytest.approx((LME4_PLATE, LME4_SAMPLE, LME4_NOISE), abs=1e-5)
    assert list(fit.value - fit.track_mean[0]) == pytest.approx(LME4_SAMPLES, abs=1e-4)
    assert list(fit.severity[:8]) == pytest.approx(LME4_PLATES, abs=1e-4)


def random_scores(seed: int, *, films: int, judges: int, looks: int, tracks: int = 1) -> Scores:
    """A table with gaps; some films have no look, some judges gave none."""
    draw = np.random.default_rng(seed)
    value, severity = draw.normal(0, 1, films), draw.normal(0, 0.6, judges)
    rows = []
    for _look in range(looks):
        film, judge = int(draw.integers(films)), int(draw.integers(judges))
        score = 5 + value[film] + severity[judge] + draw.normal(0, 0.8)
        rows.append(Look(f"j{judge:03}", f"f{film:03}", float(np.round(score * 2) / 2)))
    kinds = {f"f{film:03}": f"t{film % tracks}" for film in range(films)}
    return gather(rows, tracks=kinds, entries=kinds, judges=[f"j{judge:03}" for judge in range(judges)])


def by_hand(scores: Scores, variances: additive.Variances) -> tuple[float, dict[str, np.ndarray]]:
    """Deviance and answers of the same model with dense matrices and generalised least squares."""
    rows = np.arange(len(scores.value))
    films, judges = len(scores.entries), len(scores.judges)
    present = np.unique(scores.track)
    on = np.zeros((len(rows), len(present)))
    on[rows, np.searchsorted(present, scores.track)] = 1
    film, judge = np.zeros((len(rows), films)), np.zeros((len(rows), judges))
    film[rows, scores.entry] = judge[rows, scores.judge] = 1
    cover = (
        variances.entry * film @ film.T
        + variances.judge * judge @ judge.T
        + variances.residual * np.eye(len(rows))
    )
    back = np.linalg.inv(cover)
    inside = on.T @ back @ on
    mean = np.linalg.solve(inside, on.T @ back @ scores.value)
    left = scores.value - on @ mean
    deviance = np.linalg.slogdet(cover)[1] + np.linalg.slogdet(inside)[1] + left @ back @ left
    project = back - back @ on @ np.linalg.solve(inside, on.T @ back)
    film_effect = variances.entry * film.T @ back @ left
    film_cover = variances.entry * np.eye(films) - variances.entry**2 * film.T @ project @ film
    # A film's value is its track's mean and its own effect: their errors go together.
    mean_cover = np.linalg.inv(inside)
    mixed = -mean_cover @ on.T @ back @ film * variances.entry
    column = np.searchsorted(present, scores.track_of)
    known = np.isin(scores.track_of, present)
    column = np.where(known, column, 0)
    at = np.arange(films)
    spread = film_cover[at, at] + mean_cover[column, column] + 2 * mixed[column, at]
    severity = variances.judge * judge.T @ back @ left
    severity_cover = variances.judge * np.eye(judges) - variances.judge**2 * judge.T @ project @ judge
    answers = {
        "value": mean[column] + film_effect,
        "sd": np.sqrt(spread),
        "severity": severity,
        "severity_sd": np.sqrt(np.diag(severity_cover)),
        "gaps": np.sqrt(
            np.maximum(
                np.diag(severity_cover)[:, None] + np.diag(severity_cover)[None, :] - 2 * severity_cover, 0
            )
        ),
    }
    return float(deviance), answers


SHAPES = [(30, 6, 90, 1), (30, 6, 90, 3), (5, 14, 60, 1), (6, 15, 70, 2), (12, 12, 60, 4)]


@pytest.mark.parametrize(("films", "judges", "looks", "tracks"), SHAPES)
def test_equal_to_dense_matrices(films: int, judges: int, looks: int, tracks: int) -> None:
    scores = random_scores(films + looks, films=films, judges=judges, looks=looks, tracks=tracks)
    fit = additive.fit(scores)
    best, answers = by_hand(scores, fit.variances)
    assert fit.value == pytest.approx(answers["value"], abs=1e-9)
    assert fit.sd == pytest.approx(answers["sd"], abs=1e-9)
    assert fit.severity == pytest.approx(answers["severity"], abs=1e-9)
    assert fit.severity_sd == pytest.approx(answers["severity_sd"], abs=1e-9)
    assert fit.severity_gaps() == pytest.approx(answers["gaps"], abs=1e-7)
    for part in ("entry", "judge", "residual"):
        for factor in (0.98, 1.02):
            near = {name: getattr(fit.variances, name) for name in ("entry", "judge", "residual")}
            near[part] = near[part] * factor + (1e-4 if near[part] == 0 else 0)
            assert by_hand(scores, additive.Variances(**near))[0] > best - 1e-9


def test_known_variances_give_the_same_answer_in_one_step() -> None:
    scores = random_scores(3, films=40, judges=8, looks=150, tracks=2)
    fit = additive.fit(scores)
    again = additive.fit(scores, fit.variances)
    assert again.value == pytest.approx(fit.value, abs=1e-12)
    assert again.sd == pytest.approx(fit.sd, abs=1e-12)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), judge=st.integers(0, 5), shift=st.floats(-3, 3))
def test_a_judge_who_gives_more_to_all_changes_no_order(seed: int, judge: int, shift: float) -> None:
    scores = random_scores(seed, films=20, judges=6, looks=120)
    moved = Scores(
        scores.entries, scores.judges, scores.tracks, scores.track_of, scores.entry, scores.judge,
        scores.value + shift * (scores.judge == judge), scores.order,
    )  # fmt: skip
    # With severities free, as when they differ much, nothing at all moves; REML pulls them together a little.
    free = additive.Variances(1.0, 1e7, 0.6)
    one, other = additive.fit(scores, free), additive.fit(moved, free)
    assert other.value - other.value.mean() == pytest.approx(one.value - one.value.mean(), abs=1e-4)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), judge=st.integers(0, 4), shift=st.floats(-3, 3))
def test_where_all_see_all_a_shifted_judge_changes_no_order(seed: int, judge: int, shift: float) -> None:
    """With the variances as REML finds them, before and after."""
    random = np.random.default_rng(seed)
    truth, severity = random.normal(6, 1, 12), random.normal(0, 0.6, 5)
    marks = truth[:, None] + severity + random.normal(0, 0.8, (12, 5))

    def order(given: np.ndarray) -> list[str]:
        looks = [
            Look(f"J{at}", f"E{film:02}", float(given[film, at])) for film in range(12) for at in range(5)
        ]
        found = additive.fit(gather(looks))
        return [found.scores.entries[place] for place in np.argsort(-found.value, kind="stable")]

    moved = marks.copy()
    moved[:, judge] += shift
    assert order(moved) == order(marks)


def test_a_shifted_judge_moves_hardly_anybody_in_a_whole_round() -> None:
    contest = Contest(CONFERENCE, films=200, judges=20, seed=4)
    contest.look_at_all(4)
    scores = contest.scores()
    moved = scores.value + 2.0 * (scores.judge == 3)
    other = Scores(
        scores.entries,
        scores.judges,
        scores.tracks,
        scores.track_of,
        scores.entry,
        scores.judge,
        moved,
        scores.order,
    )
    first, then = additive.fit(scores), additive.fit(other)
    apart = then.severity - first.severity
    assert apart[3] - np.delete(apart, 3).mean() == pytest.approx(2.0, abs=0.3)
    assert kendall(first.value, then.value) > 0.98
    raw = kendall(scores.raw_means(), other.raw_means())
    assert raw < 0.95  # plain means carry the shift into the order


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_names_change_nothing(seed: int) -> None:
    scores = random_scores(seed, films=15, judges=7, looks=70, tracks=2)
    draw = np.random.default_rng(seed)
    films, judges = draw.permutation(15), draw.permutation(7)
    renamed = gather(
        [
            Look(f"x{judges[judge]}", f"y{films[entry]:02}", float(value))
            for entry, judge, value in zip(scores.entry, scores.judge, scores.value, strict=True)
        ],
        tracks={f"y{films[at]:02}": scores.tracks[scores.track_of[at]] for at in range(15)},
        entries=[f"y{at:02}" for at in range(15)],
        judges=[f"x{at}" for at in range(7)],
    )
    one, other = additive.fit(scores), additive.fit(renamed)
    assert other.value[films] == pytest.approx(one.value, abs=1e-7)
    assert other.sd[films] == pytest.approx(one.sd, abs=1e-7)
    assert other.severity[judges] == pytest.approx(one.severity, abs=1e-7)


def test_a_film_without_looks_has_the_prior() -> None:
    scores = random_scores(9, films=60, judges=8, looks=240, tracks=2)
    scores = scores.some(scores.entry != 4)
    fit = additive.fit(scores)
    assert fit.value[4] == pytest.approx(fit.track_mean[scores.track_of[4]])
    mean_sd = np.sqrt(fit.sd[4] ** 2 - fit.variances.entry)
    assert 0 < mean_sd < 0.5
    assert fit.sd[4] > fit.sd[scores.looks > 0].max()


def test_a_track_nobody_has_seen_is_as_unsure_as_tracks_differ() -> None:
    scores = random_scores(2, films=40, judges=5, looks=200, tracks=4)
    scores = scores.some(scores.track != 3)
    fit = additive.fit(scores)
    unseen = scores.track_of == 3
    assert fit.value[unseen] == pytest.approx(np.full(unseen.sum(), fit.track_mean[:3].mean()))
    assert (fit.sd[unseen] ** 2 >= fit.variances.entry - 1e-12).all()


@pytest.mark.parametrize(
    "looks",
    [
        [Look("a", "x", 7)],
        [Look("a", "x", 7), Look("b", "x", 7)],
        [Look("a", "x", 7), Look("a", "y", 8), Look("a", "z", 9)],
        [Look("a", "x", 5), Look("b", "y", 6), Look("c", "z", 7)],
        [Look(judge, entry, 5.5) for judge in "ab" for entry in "xyz"],
        [Look(judge, entry, ord(entry) - 100.0) for judge in "ab" for entry in "xyz"],
        [Look("a", "x", 1e9), Look("b", "x", -1e9), Look("a", "y", 0), Look("b", "z", 3)],
        [Look("a", "x", 5), Look("a", "x", 6), Look("b", "y", 4), Look("b", "y", 3)],
    ],
    ids=[
        "one",
        "one film",
        "one judge",
        "one look each",
        "all equal",
        "no noise",
        "huge",
        "apart, seen twice",
    ],
)
def test_little_or_strange_tables_are_answered(looks: list[Look]) -> None:
    fit = additive.fit(gather(looks))
    for numbers in (fit.value, fit.sd, fit.severity, fit.severity_sd):
        assert np.isfinite(numbers).all()
    assert (fit.sd >= 0).all()


@pytest.mark.parametrize(("films", "judges"), [(8, 4), (5, 9)])
@pytest.mark.parametrize(("film_step", "judge_step"), [(1, 0), (0, 2), (1, 2)])
def test_scores_without_noise_give_the_variances_of_films_and_judges(
    films: int, judges: int, film_step: int, judge_step: int
) -> None:
    fit = additive.fit(
        gather(
            Look(f"j{judge}", f"f{film}", float(film_step * film + judge_step * judge))
            for film in range(films)
            for judge in range(judges)
        )
    )
    steps = np.arange(films) * film_step, np.arange(judges) * judge_step
    assert fit.variances.entry == pytest.approx(steps[0].var(ddof=1), rel=1e-5, abs=1e-5)
    assert fit.variances.judge == pytest.approx(steps[1].var(ddof=1), rel=1e-5, abs=1e-5)
    assert fit.value == pytest.approx(steps[0] + steps[1].mean(), abs=1e-4)
    assert fit.severity == pytest.approx(steps[1] - steps[1].mean(), abs=1e-4)


def test_judges_who_do_not_differ_have_no_variance() -> None:
    """It is nought, and not what is left where the slope cannot tell a small variance from none."""
    scores = random_scores(27, films=60, judges=8, looks=240, tracks=2)
    level = np.array([scores.value[scores.judge == one].mean() for one in range(8)])
    scores = replace(scores, value=scores.value - level[scores.judge])
    fit = additive.fit(scores)
    assert fit.variances.judge == 0
    assert np.array_equal(fit.severity, np.zeros(8))


def test_with_one_look_each_the_usual_share_of_a_look_is_the_film() -> None:
    """Nobody can tell how much of it is; what the search would hit upon is left aside."""
    looks = [Look("ab"[film % 2], f"f{film}", 3.0 * (film % 2) + film) for film in range(4)]
    fit = additive.fit(gather(looks))
    assert fit.variances.entry / fit.variances.residual == pytest.approx(additive.GUESS[0])
    assert not fit.settled
    fit = additive.fit(gather(Look(entry, judge, score) for judge, entry, score, _order in looks))
    assert fit.variances.judge / fit.variances.residual == pytest.approx(additive.GUESS[1])
    assert not fit.settled
    apart = gather(
        [Look(judge, film, 5.0 + ord(film) % 3 + ord(judge) % 2) for film in "xyz" for judge in "abcd"],
        tracks={"x": "s", "y": "t", "z": "u"},
    )
    fit = additive.fit(apart)
    assert not fit.settled


def test_no_scores_are_refused() -> None:
    with pytest.raises(ValueError, match="no scores"):
        additive.fit(gather([], entries=["x"]))


def test_skating_with_three_judges_tells_the_other_six() -> None:
    """Held-out scores are foretold with their judges' severities; facts ask for tau 0.795 and an error of 0.405."""
    panels = skating()
    draw = np.random.default_rng(1)
    kept, held = [], []
    for looks in panels.values():
        order = draw.permutation(len(looks))
        kept += [looks[at] for at in order[:3]]
        held += [looks[at] for at in order[3:]]
    fit = additive.fit(gather(kept))
    entry = {name: at for at, name in enumerate(fit.scores.entries)}
    severity = dict(zip(fit.scores.judges, fit.severity, strict=True))
    told = np.array([fit.value[entry[look.entry]] + severity.get(look.judge, 0.0) for look in held])
    error = float(np.sqrt(np.mean((told - np.array([look.score for look in held])) ** 2)))
    rest = np.zeros(len(entry))
    for look in held:
        rest[entry[look.entry]] += look.score / 6
    assert error < 0.405
    assert kendall(fit.value, rest) > max(0.795, kendall(fit.scores.raw_means(), rest))


def kendall(one: np.ndarray, other: np.ndarray) -> float:
    """Kendall's tau-b."""
    agree = first = second = 0.0
    for at in range(len(one) - 1):
        left, right = np.sign(one[at] - one[at + 1 :]), np.sign(other[at] - other[at + 1 :])
        agree += float((left * right).sum())
        first += np.count_nonzero(left)
        second += np.count_nonzero(right)
    return agree / float(np.sqrt(first * second))
