"""The gate against a dense solution, and what it says of juries that cannot be compared."""

import random
from math import inf

import numpy as np
import pytest

from judging.logic.allocation.comparability import Seen, assess


def drawn(judges_of, films, looks, seed=1):
    """`looks` at each film, by lot among the judges of its track; `judges_of`: track to judges."""
    chance = random.Random(seed)
    tracks = sorted(judges_of)
    rows = []
    for number in range(films):
        track = tracks[number % len(tracks)]
        rows += [Seen(judge, f"f{number}", track) for judge in chance.sample(judges_of[track], looks)]
    return rows


def dense(rows, variance):
    """Covariance of the judges' severities by generalised least squares, nothing eliminated."""
    judges, tracks, films = (
        sorted({getattr(row, name) for row in rows}) for name in ("judge", "track", "film")
    )
    fixed = np.zeros((len(rows), len(judges) + len(tracks)))
    random_part = np.zeros((len(rows), len(films)))
    for line, row in enumerate(rows):
        fixed[line, judges.index(row.judge)] = 1
        fixed[line, len(judges) + tracks.index(row.track)] = 1
        random_part[line, films.index(row.film)] = 1
    noise = np.eye(len(rows)) + variance * random_part @ random_part.T
    spread = np.linalg.pinv(fixed.T @ np.linalg.solve(noise, fixed))[: len(judges), : len(judges)]
    own = np.diag(spread)
    return judges, np.sqrt(own[:, None] + own[None, :] - 2 * spread)


@pytest.mark.parametrize("variance", [0.3, 1.0, 4.0])
def test_errors_are_those_of_the_dense_solution(variance):
    rows = drawn({"a": list("uvwx"), "b": list("wxyz")}, 40, 3)
    judges, errors = dense(rows, variance)
    found = assess(rows, shared_cut=True, film_variance=variance)
    assert found.worst == pytest.approx(errors.max(), abs=1e-9)
    assert found.pair is not None
    assert errors[judges.index(found.pair[0]), judges.index(found.pair[1])] == pytest.approx(found.worst)
    pairs = errors[np.triu_indices(len(judges), 1)]
    assert found.median == pytest.approx(np.median(pairs))
    assert (found.pairs, found.failing) == (len(pairs), (pairs > 0.2).sum())
    assert found.bridges == sum(row.judge in "wx" for row in rows) / len(rows)


def test_tracks_without_a_common_judge_cannot_be_compared():
    rows = drawn({"a": list("uvw"), "b": list("xyz")}, 600, 2)
    found = assess(rows, shared_cut=True)
    assert (found.worst, found.groups, found.failing) == (inf, (("u", "v", "w"), ("x", "y", "z")), 9)
    assert (found.bridges, found.passes, found.link) == (0.0, False, 50)
    assert found.as_json()["worst"] is None
    apart = assess(rows, shared_cut=False)
    assert (apart.pairs, apart.groups, apart.bridges, apart.passes) == (6, (), None, True)


def test_what_is_said_to_mend_it_does():
    judges = [f"j{number}" for number in range(8)]
    rows = drawn({"": judges}, 80, 2)
    found = assess(rows, shared_cut=True)
    assert not found.passes
    more = dict(found.more_looks)
    assert set(more) == set(judges)
    chance = random.Random(3)
    seen = {(row.judge, row.film) for row in rows}
    for judge, looks in more.items():
        free = [f"f{number}" for number in range(80) if (judge, f"f{number}") not in seen]
        rows += [Seen(judge, film) for film in chance.sample(free, min(looks, len(free)))]
    assert assess(rows, shared_cut=True).worst == pytest.approx(0.2, abs=0.02)


@pytest.mark.parametrize("rows", [[], [Seen("a", "f")], [Seen("a", "f"), Seen("a", "g", "t")]])
def test_without_two_judges_there_is_nothing_to_compare(rows):
    found = assess(rows, shared_cut=True)
    assert (found.pair, found.pairs, found.worst, found.passes) == (None, 0, 0.0, True)


def test_a_variance_of_nothing_is_refused():
    with pytest.raises(ValueError, match="above zero"):
        assess([], shared_cut=False, film_variance=0)
