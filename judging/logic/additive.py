"""The adjusted standing: score = track + film + judge's severity + noise, fitted by REML and solved exactly.

Films and severities are drawn from normal distributions whose variances are estimated from the scores (restricted
maximum likelihood). A film's value is then its track's mean plus its own deviation, pulled towards the track's mean
the more, the fewer looks it has; severities are subtracted with what is known of them. This is the model of lme4's
`score ~ track + (1|entry) + (1|judge)`; with no tracks, of Lawrence's calibration of NIPS 2014.

Units are those of the scores. Only the two ratios of variances are searched; all the rest is linear algebra of the
size of the smaller factor (`elimination`).
"""

from dataclasses import dataclass

import numpy as np

from judging.logic.elimination import Counts, Layout, Weight
from judging.logic.scores import Floats, Scores

METHOD = "additive_reml"
VERSION = 1
LOWEST, HIGHEST = np.log(1e-7), np.log(1e7)  # of a ratio of variances; beyond the lowest it is zero
STEPS = 60
NEAR = 1e-9  # of the gradient per look
SMALL = np.log(1e-2)  # a ratio that may be none
NO_NOISE = 1e-7  # of the scores' variance
NO_NOISE_START = 1e6
GUESS = (1.0, 0.2)  # ratios where the scores say nothing of them


@dataclass(frozen=True, slots=True)
class Variances:
    """Of films within a track, of judges' severities, and of the noise of one look."""

    entry: float
    judge: float
    residual: float


@dataclass(frozen=True, slots=True)
class Fit:
    """What the scores say. Arrays have one item an entry, a judge, or a track, in the order of `scores`.

    severity: what a judge adds to every film: below 0 stricter, above 0 milder than the rest.
    settled: False when the scores do not tell the variances apart, and usual ones were taken.
    """

    scores: Scores
    variances: Variances
    track_mean: Floats
    value: Floats
    sd: Floats
    severity: Floats
    severity_sd: Floats
    settled: bool
    system: "System"
    solved: "Solved"

    def severity_gaps(self) -> Floats:
        """Standard error of the difference of severities of every two judges (judges × judges)."""
        cover = self.solved.severity_cover() * self.variances.residual
        spread = cover.diagonal()
        gaps: Floats = np.sqrt(np.maximum(spread[:, None] + spread[None, :] - 2 * cover, 0))
        return gaps


class System:
    """The equations of one table of scores, for any two ratios of variances."""

    def __init__(self, scores: Scores) -> None:
        self.scores = scores
        self.by_entry = len(scores.judges) <= len(scores.entries)
        looks_of_track = np.bincount(scores.track, minlength=len(scores.tracks))
        self.present = np.flatnonzero(looks_of_track)
        column = np.full(len(scores.tracks), -1)
        column[self.present] = np.arange(len(self.present))
        self.column = column
        group, level = (scores.entry, scores.judge) if self.by_entry else (scores.judge, scores.entry)
        groups, levels = len(scores.entries), len(scores.judges)
        if not self.by_entry:
            groups, levels = levels, groups
        self.layout = Layout(group, level, column[scores.track], groups, levels, len(self.present))
        self.counts = Counts(self.layout)
        self.middle = float(scores.value.mean()) if len(scores.value) else 0.0
        self.value = scores.value - self.middle
        self.group_sum = np.bincount(group, self.value, groups)
        self.freedom = len(scores.value) - len(self.present)

    def of(self, entry: float, judge: float) -> tuple[float, float]:
        """(entry, judge) as (eliminated, dense), and back."""
        return (entry, judge) if self.by_entry else (judge, entry)

    def columns_of(self, values: Floats) -> Floats:
        """Sums over looks by column."""
        layout = self.layout
        return np.concatenate([
            np.bincount(layout.level, values, layout.levels), np.bincount(layout.track, values, layout.tracks)
        ])  # fmt: skip

    def solve(self, gone: float, dense: float, noise: float | None = None) -> "Solved":
        """The equations at variance ratios `gone` (of the eliminated factor) and `dense`, both to the noise, which is
        the likeliest one where it is not told.
        """
        layout, weight = self.layout, Weight(gone)
        scale = np.ones(layout.columns)
        scale[: layout.levels] = np.sqrt(dense)
        within = self.counts.plain - self.counts.outer(weight)
        system = within * scale[:, None] * scale[None, :]
        at = np.arange(layout.levels)
        system[at, at] += 1
        pulled = self.value - (weight(self.counts.size) * self.group_sum)[layout.group]
        right = self.columns_of(pulled) * scale
        root = np.linalg.cholesky(system)
        inverse = _inverse(root)
        answer = inverse @ right
        answer += inverse @ (right - system @ answer)  # one step of refinement
        total = float(self.value @ pulled)
        squares = max(total - float(right @ answer), 0.0)
        determinant = 2 * float(np.log(root.diagonal()).sum())
        if noise is None:
            noise = squares / max(self.freedom, 1)
        return Solved(self, gone, dense, scale, answer, inverse, noise, squares, determinant)


@dataclass(frozen=True, slots=True)
class Solved:
    """`answer` and `inverse` are those of the scaled system: real effects are `scale` times the answer."""

    system: System
    gone: float
    dense: float
    scale: Floats
    answer: Floats
    inverse: Floats
    noise: float  # variance of one look
    squares: float
    determinant: float

    def severity_cover(self) -> Floats:
        """Covariance of the judges' severities, in units of the noise's variance."""
        layout = self.system.layout
        cover = self.inverse * self.scale[:, None] * self.scale[None, :]
        if self.system.by_entry:
            return cover[: layout.levels, : layout.levels]
        weight = Weight(self.gone)(self.system.counts.size)
        table = self.system.counts.table() * weight[:, None]
        result: Floats = np.diag(weight) + table @ cover @ table.T
        return result

    def deviance(self) -> float:
        """Minus two log restricted likelihood, but for a constant."""
        size = self.system.counts.size
        return (
            self.system.freedom * float(np.log(max(self.noise, 1e-300)))
            + float(np.log1p(self.gone * size).sum())
            + self.determinant
        )

    def gradient(self) -> Floats:
        """Of the deviance by the logarithms of the two ratios."""
        system, layout = self.system, self.system.layout
        size, change = system.counts.size, Weight(self.gone, derivative=True)
        turned = self.inverse * self.scale[:, None] * self.scale[None, :]
        trace = -float((turned * system.counts.outer(change)).sum())
        effect = self.answer * self.scale
        left = system.value - effect[layout.level] - effect[layout.levels + layout.track]
        group_left = np.bincount(layout.group, left, layout.groups)
        noise = max(self.noise, 1e-300)
        squares = -float((change(size) * group_left**2).sum())
        by_gone = float((size / (1 + self.gone * size)).sum()) + trace + squares / noise
        levels = layout.levels
        random = self.answer[:levels]
        by_dense = levels - float(self.inverse.diagonal()[:levels].sum()) - float(random @ random) / noise
        return np.array([by_gone * self.gone, by_dense])


def _inverse(root: Floats) -> Floats:
    """Inverse of the matrix whose lower Cholesky root is given."""
    half = np.linalg.inv(root)
    result: Floats = half.T @ half
    return result


def fit(scores: Scores, variances: Variances | None = None) -> Fit:
    """Fit the model; with `variances` known (from the last fit, say) only the linear part. Raises ValueError without
    a score.
    """
    if not len(scores.value):
        raise ValueError("There are no scores.")
    system = System(scores)
    settled = True
    if variances is not None and variances.residual > 0:
        entry, judge = variances.entry / variances.residual, variances.judge / variances.residual
        solved, noise = system.solve(*system.of(entry, judge)), variances.residual
    else:
        solved, settled = _search(system)
        noise = solved.noise
    return _finished(scores, system, solved, noise, settled)


def _search(system: System) -> tuple[Solved, bool]:
    """Newton's method on the logarithms of the two ratios, the Hessian by differences of the exact gradient."""
    scores = system.scores
    judges, entries = np.count_nonzero(scores.given), np.count_nonzero(scores.looks)
    if system.freedom < 2 or float(np.ptp(scores.value)) == 0:
        return system.solve(*system.of(*GUESS)), False
    start = [float(np.log(ratio)) for ratio in GUESS]
    if judges < 2:  # one judge's severity cannot be told from the mean
        start[1] = -np.inf
    # With one look each, a film (a judge) cannot be told from the noise; with one film each, a track from its film.
    looks = len(scores.value)
    told = (len(system.present) < entries < looks, 1 < judges < looks)
    moving = [bool(one) for one in system.of(*map(float, told))]
    point = np.array(system.of(*start))
    point, best = _climb(system, point, _at(system, point), moving)
    for at in np.flatnonzero(
        np.isfinite(point) & (point < SMALL)
    ):  # the slope cannot tell a small one from none
        without = point.copy()
        without[at] = -np.inf
        found = _at(system, without)
        if found.deviance() <= best.deviance() + 1e-9:
            moving[at] = False
            point, best = _climb(system, without, found, moving)
    settled = bool(told[0] and judges < looks)
    if (point >= HIGHEST).any():
        return _without_noise(system, point), settled
    return best, settled and best.noise > 0


def _climb(system: System, point: Floats, best: Solved, moving: list[bool]) -> tuple[Floats, Solved]:
    for _step in range(STEPS):
        slope = best.gradient()
        free = [at for at in (0, 1) if moving[at] and not _held(float(point[at]), float(slope[at]))]
        if all(abs(slope[at]) < NEAR * len(system.value) for at in free):
            break
        better = _along(system, point, _newton_step(system, point, slope, free), best)
        if better is None:
            break
        point, best = better
    return point, best


def _without_noise(system: System, point: Floats) -> Solved:
    """Scores that films and judges explain to the last digit: the variances at next to no noise, by expectation and
    maximisation.
    """
    noise = float(system.value.var()) * NO_NOISE
    levels = np.array([system.layout.groups, system.layout.levels])
    at = np.where(np.isfinite(point), np.log(NO_NOISE_START), -np.inf)
    solved = _at(system, at, noise)
    for _step in range(STEPS):
        gain = np.log(np.maximum(1 - solved.gradient() / levels, 1e-3))
        at = np.maximum(at + gain, LOWEST)
        solved = _at(system, at, noise)
        if np.abs(gain[np.isfinite(at)]).max() < 1e-9:
            break
    return solved


def _held(at: float, slope: float) -> bool:
    """A ratio that wants below the lowest is zero; one that wants above the highest stays there."""
    return (at <= LOWEST and slope >= 0) or (at >= HIGHEST and slope <= 0)


def _at(system: System, point: Floats, noise: float | None = None) -> Solved:
    gone, dense = np.exp(point)
    return system.solve(float(gone), float(dense), noise)


def _newton_step(system: System, point: Floats, slope: Floats, moving: list[int]) -> Floats:
    width = 1e-4
    curve = np.zeros((2, 2))
    for at in moving:
        nudged = point.copy()
        nudged[at] += width
        curve[:, at] = (_at(system, nudged).gradient() - slope) / width
    part = np.ix_(moving, moving)
    square = (curve[part] + curve[part].T) / 2
    size, axes = np.linalg.eigh(square)
    size = np.maximum(np.abs(size), 1e-3 * max(float(np.abs(size).max()), 1e-6))
    step = np.zeros(2)
    step[moving] = -axes @ ((axes.T @ slope[moving]) / size)
    return np.clip(step, -3, 3)


def _along(system: System, point: Floats, step: Floats, best: Solved) -> tuple[Floats, Solved] | None:
    """The first point along the step, halved again and again, that is no worse; None when none is."""
    known, slope = best.deviance(), float(np.abs(best.gradient()).max())
    for _halving in range(30):
        there = np.clip(point + step, LOWEST, HIGHEST)
        there[~np.isfinite(point)] = point[~np.isfinite(point)]
        found = _at(system, there)
        gain = found.deviance() - known
        # At the end the deviance cannot tell any more: the gradient can.
        if gain < 0 or (abs(gain) < 1e-7 and float(np.abs(found.gradient()).max()) < slope):
            return there, found
        step = step / 2
    return None


def _finished(scores: Scores, system: System, solved: Solved, noise: float, settled: bool) -> Fit:
    layout = system.layout
    effect = solved.answer * solved.scale
    cover = solved.inverse * solved.scale[:, None] * solved.scale[None, :]
    random, track_effect = effect[: layout.levels], effect[layout.levels :]
    weight = Weight(solved.gone)(system.counts.size)
    left = system.value - effect[layout.level] - track_effect[layout.track]
    gone = weight * np.bincount(layout.group, left, layout.groups)
    tracks = _track_means(system, track_effect)
    column = system.column[scores.track_of]
    own = layout.levels + column  # of an entry whose track has looks
    if system.by_entry:
        deviation, severity = gone, random
        variance = weight + system.counts.spread(cover, weight, np.where(column < 0, -1, own))
        severity_variance = cover.diagonal()[: layout.levels]
    else:
        deviation, severity = random, gone
        at, on = np.arange(layout.levels), np.where(column < 0, 0, own)
        variance = cover[at, at] + np.where(column < 0, 0, cover[on, on] + 2 * cover[at, on])
        severity_variance = weight + system.counts.spread(cover, weight, None)
    entry, judge = system.of(solved.gone, solved.dense)
    between = float(np.var(track_effect)) if len(track_effect) > 1 else 0.0  # of a track nobody has seen yet
    variance = noise * np.maximum(variance, 0) + np.where(column < 0, between, 0)
    return Fit(
        scores=scores,
        variances=Variances(entry * noise, judge * noise, noise),
        track_mean=tracks + system.middle,
        value=tracks[scores.track_of] + deviation + system.middle,
        sd=np.sqrt(variance),
        severity=severity,
        severity_sd=np.sqrt(noise * np.maximum(severity_variance, 0)),
        settled=settled,
        system=system,
        solved=solved,
    )


def _track_means(system: System, effect: Floats) -> Floats:
    """Of every track; one without a look gets the mean of the others."""
    result = np.full(len(system.scores.tracks), float(effect.mean()))
    result[system.present] = effect
    return result
