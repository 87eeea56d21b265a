"""How far judges agree: intraclass correlation, dependability, Krippendorff's alpha, and each judge beside the rest."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from judging.logic.additive import Fit, Variances
from judging.logic.scores import Floats, Ints, Scores

PART = 3  # hours
FEW = 5  # looks below which a judge's own figures are left out


@dataclass(frozen=True, slots=True)
class Panel:
    """single: how much of one score is the film (intraclass correlation, absolute agreement). alpha: Krippendorff's,
    for interval data; None when no film was seen twice. looks: mean looks a film. relative, absolute: how dependable
    the means are for ranking (G) and as marks (Phi) at so many looks.
    """

    single: float
    alpha: float | None
    looks: float
    relative: float
    absolute: float


@dataclass(frozen=True, slots=True)
class JudgeFigures:
    """Of one judge. agreement: correlation with the others' mean over the films both saw. spread: standard deviation
    of her scores. noise: that of what the model does not explain, over the panel's. drift: change of her scores over
    ten looks, the films being equal, with its standard error. same: share of the score she gave most. NaN with fewer
    than five looks.
    """

    judge: str
    looks: int
    severity: float
    se: float
    agreement: float
    spread: float
    noise: float
    drift: float
    drift_se: float
    same: float


@dataclass(frozen=True, slots=True)
class HourFigures:
    """Looks finished in the three hours from `start`: their mean distance from the model, and its standard error."""

    start: int
    looks: int
    mean: float
    error: float


def dependability(variances: Variances, looks: float) -> tuple[float, float]:
    """(relative, absolute) for means of so many looks by different judges (Brennan, Generalizability Theory, 2001)."""
    film, judge, noise = variances.entry, variances.judge, variances.residual
    relative = film / (film + noise / looks) if film + noise > 0 and looks else 0.0
    absolute = film / (film + (judge + noise) / looks) if film + judge + noise > 0 and looks else 0.0
    return relative, absolute


def looks_needed(variances: Variances, relative: float) -> float:
    """Looks a film for means so dependable; infinite when films do not differ."""
    if variances.entry <= 0:
        return float("inf")
    return relative / (1 - relative) * variances.residual / variances.entry


def panel(fit: Fit) -> Panel:
    """Figures of the whole round."""
    film, judge, noise = fit.variances.entry, fit.variances.judge, fit.variances.residual
    whole = film + judge + noise
    seen = fit.scores.looks[fit.scores.looks > 0]
    looks = float(len(seen) / (1 / seen).sum())  # harmonic: dependability falls with the films seen least
    relative, absolute = dependability(fit.variances, looks)
    return Panel(film / whole if whole > 0 else 0.0, alpha(fit.scores), looks, relative, absolute)


def alpha(scores: Scores) -> float | None:
    """Krippendorff's alpha with the squared difference as distance (Krippendorff 2011, Computing Krippendorff's
    Alpha).

    1 − observed/expected disagreement over all scores of films that two judges or more have seen.
    """
    parts = _parts(scores)
    if parts is None:
        return None
    number, sums, squares, within = (part.sum() for part in parts)
    return float(_alpha(number, sums, squares, within))


def alpha_error(scores: Scores) -> float | None:
    """Standard error of `alpha`: how much it moves when one film after the other is left out (the jackknife).

    None with fewer than three films that two judges have seen, and where leaving one out leaves no difference.
    """
    parts = _parts(scores)
    if parts is None or len(parts[0]) < 3:
        return None
    without = _alpha(*(part.sum() - part for part in parts))
    if not np.isfinite(without).all():
        return None
    films = len(without)
    return float(np.sqrt((films - 1) / films * ((without - without.mean()) ** 2).sum()))


def _parts(scores: Scores) -> tuple[Floats, Floats, Floats, Floats] | None:
    """Of each film that two judges or more have seen: scores, their sum, sum of squares, disagreement within."""
    looks = scores.looks
    pairable = looks[scores.entry] > 1
    value, entry = scores.value[pairable], scores.entry[pairable]
    if len(value) < 2 or not np.ptp(value):
        return None
    value = value - value.mean()  # else squares of large scores swallow what differs
    seen = looks > 1
    number = looks[seen].astype(np.float64)
    sums = np.bincount(entry, value, len(looks))[seen]
    squares = np.bincount(entry, value**2, len(looks))[seen]
    return number, sums, squares, 2 * (number * squares - sums**2) / (number - 1)


def _alpha(number: Any, sums: Any, squares: Any, within: Any) -> Any:
    with np.errstate(invalid="ignore", divide="ignore"):
        total = 2 * (number * squares - sums**2) / (number * (number - 1))
        return 1 - within / number / total


def hours(fit: Fit, hour_of: Mapping[tuple[str, str], int]) -> list[HourFigures]:
    """How looks lie from what the model expects of film and judge, by the time of day at which they were finished.

    `hour_of`: hour (0 to 23) by (judge, entry). Parts of three hours; those without looks are left out.
    """
    scores = fit.scores
    left = scores.value - fit.value[scores.entry] - fit.severity[scores.judge]
    part = np.array(
        [
            hour_of.get((scores.judges[judge], scores.entries[entry]), 0) // PART
            for judge, entry in zip(scores.judge, scores.entry, strict=True)
        ],
        np.int64,
    )
    found = []
    for one in np.unique(part):
        mine = left[part == one]
        error = float(mine.std(ddof=1) / np.sqrt(len(mine))) if len(mine) > 1 else float("nan")
        found.append(HourFigures(int(one) * PART, len(mine), float(mine.mean()), error))
    return found


def with_orders(fit: Fit, orders: Mapping[tuple[str, str], int] | None) -> Fit:
    """The same fit with each look's place in its judge's order, by (judge, entry)."""
    if not orders:
        return fit
    scores = fit.scores
    order = np.fromiter(
        (
            orders.get((scores.judges[judge], scores.entries[entry]), 0)
            for judge, entry in zip(scores.judge, scores.entry, strict=True)
        ),
        np.int64,
        len(scores.judge),
    )
    return replace(fit, scores=replace(scores, order=order))


def judges(fit: Fit) -> list[JudgeFigures]:
    """Every judge who gave a look, in the order of the scores' judges."""
    scores = fit.scores
    number = len(scores.judges)
    given = scores.given.astype(np.float64)
    left = scores.value - fit.value[scores.entry] - fit.severity[scores.judge]
    noise = np.sqrt(_mean(left**2, scores, given))
    looks = scores.looks[scores.entry]
    others_known = looks > 1
    rest = np.where(
        others_known,
        (np.bincount(scores.entry, scores.value, len(scores.entries))[scores.entry] - scores.value)
        / np.maximum(looks - 1, 1),
        np.nan,
    )
    agreement = _correlation(scores.value, rest, scores.judge, number)
    mean = np.bincount(scores.judge, scores.value, number) / np.maximum(given, 1)
    spread = np.sqrt(_mean((scores.value - mean[scores.judge]) ** 2, scores, given))
    drift, drift_se = _drift(scores, left + fit.severity[scores.judge], number)
    common = float(np.sqrt(np.mean(left**2))) or 1.0
    result = []
    for at in np.flatnonzero(given):
        mine = scores.value[scores.judge == at] if number <= 2000 else np.zeros(0)
        same = float(np.unique(mine, return_counts=True)[1].max() / len(mine)) if len(mine) else float("nan")
        few = given[at] < FEW
        nan = float("nan")
        result.append(
            JudgeFigures(
                judge=scores.judges[at],
                looks=int(given[at]),
                severity=float(fit.severity[at]),
                se=float(fit.severity_sd[at]),
                agreement=nan if few else float(agreement[at]),
                spread=nan if few else float(spread[at]),
                noise=nan if few else float(noise[at]) / common,
                drift=nan if few else float(drift[at]),
                drift_se=nan if few else float(drift_se[at]),
                same=nan if few else same,
            )
        )
    return result


def _mean(values: Floats, scores: Scores, given: Floats) -> Floats:
    result: Floats = np.bincount(scores.judge, values, len(scores.judges)) / np.maximum(given, 1)
    return result


def _correlation(one: Floats, other: Floats, group: Ints, groups: int) -> Floats:
    """By group, over the pairs that are known; NaN where either does not vary."""
    known = ~np.isnan(other)
    one, other, group = one[known], other[known], group[known]
    count = np.bincount(group, minlength=groups)
    with np.errstate(invalid="ignore", divide="ignore"):
        first = one - (np.bincount(group, one, groups) / count)[group]
        second = other - (np.bincount(group, other, groups) / count)[group]
        both = np.bincount(group, first * second, groups)
        spread = np.sqrt(np.bincount(group, first**2, groups) * np.bincount(group, second**2, groups))
        result: Floats = np.where(spread > 1e-12, both / spread, np.nan)
    return result


def _drift(scores: Scores, left: Floats, judges: int) -> tuple[Floats, Floats]:
    """Slope of what is left over the order of the looks, for ten looks, and its standard error; NaN where unknown.

    Looks whose place is not known (0) are left out.
    """
    known = scores.order > 0
    order, judge, left = scores.order[known].astype(np.float64), scores.judge[known], left[known]
    count = np.bincount(judge, minlength=judges)
    with np.errstate(invalid="ignore", divide="ignore"):
        when = order - (np.bincount(judge, order, judges) / count)[judge]
        rest = left - (np.bincount(judge, left, judges) / count)[judge]
        squares = np.bincount(judge, when**2, judges)
        slope = np.where(
            (squares > 0) & (count >= FEW), np.bincount(judge, when * rest, judges) / squares, np.nan
        )
        off = np.bincount(judge, (rest - slope[judge] * when) ** 2, judges)
        error = np.sqrt(off / np.maximum(count - 2, 1) / squares)
        return 10 * slope, np.where(np.isnan(slope), np.nan, 10 * error)
