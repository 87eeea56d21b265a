"""Whether judges can be compared: the standard error of every difference in severity, before anybody has scored.

Score = track + film + judge + noise, the film random, in units of the noise's standard deviation. Eliminating the
films leaves a matrix of judges by judges, eliminating the tracks another; one inverse gives every difference. Pairs of
judges who share nothing, not even a track, cannot be compared: their error is infinite, given as None.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, inf, isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LIMIT = 0.2  # noise SDs: the gate
FILM_VARIANCE = 1.0  # of films, in units of the noise's variance
ENOUGH_BRIDGES = 0.05
ROUNDS = 12  # of trying how many more looks are needed
LINK = 50  # films seen by a judge of either group: an error of 0.2 by themselves


@dataclass(frozen=True, slots=True)
class Seen:
    """A look, as far as comparing judges goes."""

    judge: str
    film: str
    track: str = ""


@dataclass(frozen=True, slots=True)
class Comparability:
    """The gate over all looks of a round.

    `worst` is the largest standard error (inf when two judges cannot be compared), `pair` whose. `failing` of `pairs`
    pairs are above the limit. `more_looks` (judge, looks): so many more looks, at films that others see too, would
    bring every pair of a group under the limit. `groups` are judges who cannot be compared with the other groups;
    `link` films seen by a judge of each of two groups would join these. `bridges` is the share of looks by judges who
    see more than one track; None when there is one track, or when tracks do not share a cut.
    """

    worst: float
    median: float
    pair: tuple[str, str] | None
    pairs: int
    failing: int
    groups: tuple[tuple[str, ...], ...]
    more_looks: tuple[tuple[str, int], ...]
    bridges: float | None
    link: int = 0
    limit: float = LIMIT

    @property
    def passes(self) -> bool:
        """Whether every pair is within the limit, and tracks that share a cut have their bridges."""
        return not self.failing and (self.bridges is None or self.bridges >= ENOUGH_BRIDGES)

    def as_json(self) -> dict[str, Any]:
        """For showing: errors with four decimals, None for infinite."""
        return {
            "passes": self.passes,
            "limit": self.limit,
            "worst": _shown(self.worst),
            "median": _shown(self.median),
            "pair": list(self.pair) if self.pair else None,
            "pairs": self.pairs,
            "failing": self.failing,
            "groups": [list(group) for group in self.groups],
            "link": self.link,
            "more_looks": [{"judge": judge, "looks": looks} for judge, looks in self.more_looks],
            "bridges": None if self.bridges is None else round(self.bridges, 4),
        }


def assess(
    looks: Iterable[Seen],
    *,
    shared_cut: bool,
    film_variance: float = FILM_VARIANCE,
    limit: float = LIMIT,
) -> Comparability:
    """Hold the looks of a round (given and pending) against the gate.

    With `shared_cut` every pair of judges counts, else only pairs that judge a track in common. `film_variance` is
    the variance between films over that of the noise; ValueError when it is not above zero.
    """
    if not film_variance > 0:
        raise ValueError("The variance of films must be above zero.")
    rows = sorted({(look.film, look.judge, look.track) for look in looks})
    judges = sorted({judge for _film, judge, _track in rows})
    tracks = sorted({track for _film, _judge, track in rows})
    row_of = {judge: row for row, judge in enumerate(judges)}
    column_of = {track: column for column, track in enumerate(tracks)}
    names: dict[str, int] = {}
    film = np.array([names.setdefault(one, len(names)) for one, _judge, _track in rows], np.int64)
    judge = np.array([row_of[one] for _film, one, _track in rows], np.int64)
    track = np.array([column_of[one] for _film, _judge, one in rows], np.int64)
    count = len(judges)
    ratio = 1 / film_variance
    information = _information(film, judge, track, count, len(tracks), ratio)
    sees = np.zeros((count, len(tracks)), np.bool_)
    sees[judge, track] = True
    groups = _groups(sees)
    errors = _errors(information, groups)
    first, second = np.triu_indices(count, 1)
    if not shared_cut:
        common = (sees[first] & sees[second]).any(axis=1)
        first, second = first[common], second[common]
    values = errors[first, second]
    failing = int((values > limit).sum())
    worst = int(np.argmax(values)) if len(values) else -1
    more = (
        _more_looks(information, groups, film, judge, limit, ratio) if failing else np.zeros(count, np.int64)
    )
    apart = groups if shared_cut and len(groups) > 1 else []
    return Comparability(
        worst=float(values[worst]) if len(values) else 0.0,
        median=float(np.median(values)) if len(values) else 0.0,
        pair=(judges[first[worst]], judges[second[worst]]) if len(values) else None,
        pairs=len(values),
        failing=failing,
        groups=tuple(tuple(judges[row] for row in group) for group in apart),
        more_looks=tuple((judges[row], int(more[row])) for row in np.flatnonzero(more)),
        bridges=_bridges(judge, sees) if shared_cut and len([name for name in tracks if name]) > 1 else None,
        link=LINK if apart else 0,
        limit=limit,
    )


def _information(
    film: NDArray[np.int64],
    judge: NDArray[np.int64],
    track: NDArray[np.int64],
    judges: int,
    tracks: int,
    ratio: float,
) -> Floats:
    """What the looks say of severities once films and tracks are eliminated. `film` is sorted."""
    matrix = np.zeros((judges, judges))
    looks = np.bincount(film).astype(np.float64) if len(film) else np.zeros(0)
    weight = 1 / (looks[film] + ratio) if len(film) else np.zeros(0)
    np.add.at(matrix, (judge, judge), 1 - weight)
    for apart in range(1, int(looks.max(initial=0))):
        same = np.flatnonzero(film[apart:] == film[:-apart])
        one, other = judge[same], judge[same + apart]
        np.add.at(matrix, (one, other), -weight[same])
        np.add.at(matrix, (other, one), -weight[same])
    shared = np.zeros((judges, tracks))
    np.add.at(shared, (judge, track), ratio * weight)
    own = np.zeros(tracks)
    np.add.at(own, track, ratio * weight)
    return np.asarray(matrix - (shared / np.maximum(own, 1e-300)) @ shared.T)


def _groups(sees: NDArray[np.bool_]) -> list[list[int]]:
    """Judges joined by tracks in common, directly or through others."""
    left, groups = set(range(len(sees))), []
    while left:
        group, edge = set(), {min(left)}
        while edge:
            group |= edge
            tracks = sees[sorted(group)].any(axis=0)
            edge = set(np.flatnonzero((sees & tracks).any(axis=1)).tolist()) - group
        groups.append(sorted(group))
        left -= group
    return groups


def _errors(information: Floats, groups: list[list[int]]) -> Floats:
    """Standard errors of all differences; infinite between groups."""
    errors = np.full(information.shape, inf)
    for group in groups:
        at = np.ix_(group, group)
        spread = _inverse(information[at])
        variance = np.diag(spread)
        errors[at] = np.sqrt(np.maximum(variance[:, None] + variance[None, :] - 2 * spread, 0))
    return errors


def _inverse(information: Floats) -> Floats:
    """Covariance of severities within a group, up to a constant that no difference contains."""
    size = len(information)
    return np.linalg.inv(information + 1 / size)


def _more_looks(
    information: Floats,
    groups: list[list[int]],
    film: NDArray[np.int64],
    judge: NDArray[np.int64],
    limit: float,
    ratio: float,
) -> NDArray[np.int64]:
    """Further looks of each judge, at films that others see already, until no pair of a group is above the limit.

    Found by trying: looks are added to the information as looks at average films, until the gate is passed.
    """
    count = len(information)
    usual = len(film) / max(len(set(film.tolist())), 1)
    looks = np.bincount(judge, minlength=count).astype(np.float64)
    more = np.zeros(count, np.int64)
    for _round in range(ROUNDS):
        added = information + _added(more, looks, usual, ratio)
        done = True
        for group in groups:
            if len(group) < 2:
                continue
            spread = _inverse(added[np.ix_(group, group)])
            variance = np.diag(spread)
            errors = np.sqrt(np.maximum(variance[:, None] + variance[None, :] - 2 * spread, 0))
            for place in np.flatnonzero((errors > limit).any(axis=1)):
                done = False
                missing = 2 / limit**2 - 1 / max(float(variance[place]), 1e-12)
                more[group[place]] += max(ceil(missing), 1)
        if done:
            break
    return more


def _added(more: NDArray[np.int64], looks: Floats, usual: float, ratio: float) -> Floats:
    """What further looks add, at films that `usual` others see, drawn in proportion to the others' looks."""
    rest = np.maximum(looks.sum() - looks, 1.0)
    others = looks[None, :] / rest[:, None]
    np.fill_diagonal(others, 0)
    before, after = 1 / (usual + ratio), 1 / (usual + 1 + ratio)
    weighted = more[:, None] * others
    crossed = after * usual * weighted
    added = (before - after) * usual * max(usual - 1, 0) * (others.T @ weighted) - crossed - crossed.T
    np.fill_diagonal(
        added, np.diag(added) + (before - after) * usual * weighted.sum(axis=0) + more * (1 - after)
    )
    return np.asarray(added)


def _bridges(judge: NDArray[np.int64], sees: NDArray[np.bool_]) -> float:
    across = sees.sum(axis=1) > 1
    return float(across[judge].mean()) if len(judge) else 0.0


def _shown(error: float) -> float | None:
    return round(error, 4) if isfinite(error) else None
