"""The sensitivity check: a model in which every judge has a scale and a noise of her own.

score = middle + severity + scale · (film − middle) + noise, with films around their track's mean, scales around 1,
severities around 0, and each judge's noise variance pulled towards the others' (inverse gamma). Fitted by expectation
and maximisation: films are integrated out exactly, judges' numbers are their most likely ones given all others
(empirical Bayes); what spreads them is estimated in each round. It stands beside the adjusted standing to show which
films hang on the choice of the model; it decides nothing.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from judging.logic.additive import Fit
from judging.logic.scores import Floats, Scores

METHOD = "own_scale"
VERSION = 1
ROUNDS = 60
SCALE_SPREAD = 0.05  # variance of the judges' scales at the start
LEAST_SCALE, MOST_SCALE = 0.15, 5.0
LEAST_WEIGHT, MOST_WEIGHT = 2.0, 200.0  # looks that the common noise is worth beside a judge's own


@dataclass(frozen=True, slots=True)
class OwnScale:
    """value and sd by entry; severity, scale and noise (standard deviation of one look) by judge."""

    value: Floats
    sd: Floats
    severity: Floats
    scale: Floats
    noise: Floats


def fit(scores: Scores, start: Fit, rounds: int = ROUNDS) -> OwnScale:
    """Fit from the additive model's answer; the same scores give the same numbers."""
    entry, judge, y = scores.entry, scores.judge, scores.value
    judges, entries = len(scores.judges), len(scores.entries)
    given = scores.given.astype(np.float64)
    common = max(start.variances.residual, 1e-12)
    spread = max(start.variances.entry, 1e-6 * common)
    severity_spread = max(start.variances.judge, 1e-6 * common)
    scale_spread, weight = SCALE_SPREAD, 10.0
    track_mean = start.track_mean.copy()
    severity, scale = start.severity.copy(), np.ones(judges)
    noise = np.full(judges, common)
    seen = scores.looks > 0
    tracks = np.bincount(scores.track_of, seen, len(track_mean))
    for _round in range(rounds):
        middle = float(track_mean[scores.track_of][seen].mean())
        value, variance = _films(scores, y, middle, track_mean, spread, severity, scale, noise)
        # Judges: a regression of the scores on the films, which are known only so far.
        from_middle = value[entry] - middle
        squares = from_middle**2 + variance[entry]
        left = y - middle
        over = 1 / noise
        one = given * over + 1 / severity_spread
        mixed = np.bincount(judge, from_middle, judges) * over
        both = np.bincount(judge, squares, judges) * over + 1 / scale_spread
        right_one = np.bincount(judge, left, judges) * over
        right_both = np.bincount(judge, left * from_middle, judges) * over + 1 / scale_spread
        determinant = one * both - mixed**2
        severity = (both * right_one - mixed * right_both) / determinant
        scale = np.clip((one * right_both - mixed * right_one) / determinant, LEAST_SCALE, MOST_SCALE)
        severity_own, scale_own = both / determinant, one / determinant
        off = (left - severity[judge] - scale[judge] * from_middle) ** 2 + scale[judge] ** 2 * variance[entry]
        off += (
            severity_own[judge] + scale_own[judge] * squares - 2 * (mixed / determinant)[judge] * from_middle
        )
        sums = np.bincount(judge, off, judges)
        weight = _shrink(sums, given)
        common = float((sums.sum() + 1e-12) / max(given.sum(), 1))
        noise = np.maximum((weight * common + sums) / (weight + given), 1e-9 * common + 1e-15)
        many = given > 0
        severity_spread = max(float((severity**2 + severity_own)[many].mean()), 1e-9 * common)
        scale_spread = max(float(((scale - 1) ** 2 + scale_own)[many].mean()), 1e-6)
        # Films: what spreads them; scales have mean one, so the films keep the scores' unit.
        unit = float(np.average(scale, weights=given))
        scale = scale / unit
        sums_of_track = np.bincount(scores.track_of, np.where(seen, value, 0), len(track_mean))
        track_mean = np.where(tracks > 0, sums_of_track / np.maximum(tracks, 1), track_mean)
        deviation = (value - track_mean[scores.track_of]) ** 2 + variance
        spread = max(float(deviation[seen].mean()) * unit**2, 1e-9 * common)
        track_mean = middle + (track_mean - middle) * unit
    middle = float(track_mean[scores.track_of][seen].mean())
    value, variance = _films(scores, y, middle, track_mean, spread, severity, scale, noise)
    shift = float(np.average(severity, weights=given)) if entries else 0.0
    return OwnScale(value, np.sqrt(variance), severity - shift, scale, np.sqrt(noise))


def _films(
    scores: Scores, y: Floats, middle: float, track_mean: Floats, spread: float, severity: Floats, scale: Floats,
    noise: Floats,
) -> tuple[Floats, Floats]:  # fmt: skip
    """Mean and variance of each film, given the judges."""
    entries = len(scores.entries)
    base = track_mean[scores.track_of]
    weight = scale[scores.judge] / noise[scores.judge]
    left = y - middle - severity[scores.judge] - scale[scores.judge] * (base[scores.entry] - middle)
    precision = 1 / spread + np.bincount(scores.entry, weight * scale[scores.judge], entries)
    return base + np.bincount(scores.entry, weight * left, entries) / precision, 1 / precision


def _shrink(sums: Floats, given: Floats) -> float:
    """How many looks the common noise is worth: the fewer, the more the judges' own noises differ beyond chance.

    The variance of the logarithm of a variance estimated from n looks is about 2/n; what is more is the judges'.
    """
    enough = given >= 5
    if np.count_nonzero(enough) < 3:
        return 20.0
    logs = np.log(np.maximum(sums[enough] / given[enough], 1e-300))
    more = float(np.var(logs)) - float(np.mean(2 / given[enough]))
    return float(np.clip(2 / max(more, 1e-6), LEAST_WEIGHT, MOST_WEIGHT))


def flips(one: Floats, other: Floats, cut: int) -> NDArray[np.bool_]:
    """Entries that are among the first `cut` by one value and not by the other."""
    result: NDArray[np.bool_] = np.logical_xor(_best(one, cut), _best(other, cut))
    return result


def _best(values: Floats, cut: int) -> NDArray[np.bool_]:
    rounded = np.round(values, 6)
    if not cut or not len(rounded):
        return np.zeros(len(rounded), np.bool_)
    border = -np.sort(-rounded)[min(cut, len(rounded)) - 1]
    result: NDArray[np.bool_] = np.greater_equal(rounded, border)
    return result
