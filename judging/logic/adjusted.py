"""The adjusted standing of a round as it is kept: rounded once, so that every run gives the same bytes."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from judging.logic import additive, own_scale, posterior, standing
from judging.logic.adaptive import UNDECIDED
from judging.logic.canonical import digest
from judging.logic.scores import Look, Scores, gather, ranks_of

METHOD = additive.METHOD
VERSION = 1
LEAST = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class AdjustedRow:
    """A film's line. own: its value by the model in which judges have scales of their own. flips: whether that model
    puts it on the other side of the cut. p_cut, low and high (rank interval, 90 %) are of the additive model.
    """

    film: str
    rank: int
    looks: int
    value: Decimal
    sd: Decimal
    p_cut: Decimal | None
    low: int
    high: int
    own: Decimal
    flips: bool

    @property
    def undecided(self) -> bool:
        """The scores do not say on which side of the cut it belongs."""
        between = self.p_cut is not None and UNDECIDED[0] < self.p_cut < UNDECIDED[1]
        return between or self.flips


@dataclass(frozen=True, slots=True)
class Adjusted:
    """The whole result with the fits it came from (which are not kept)."""

    rows: tuple[AdjustedRow, ...]
    variances: tuple[Decimal, Decimal, Decimal]  # film, judge, noise
    expected_hits: Decimal | None
    settled: bool
    fit: additive.Fit
    own: own_scale.OwnScale

    @property
    def digest(self) -> str:
        rows = [
            [row.film, row.rank, row.looks, row.low, row.high]
            + [str(number) for number in (row.value, row.sd, row.p_cut, row.own)]
            for row in self.rows
        ]
        return digest({"rows": rows, "variances": [str(number) for number in self.variances]})


def scores_of(data: Mapping[str, Any]) -> Scores:
    """The looks' totals of a standing's canonical inputs as columns. `tracks`, where kept: the track of each film."""
    totals, parts = standing.look_totals(data)
    looks = [
        Look(judge, film, total / parts)
        for (film, judge, _given), total in zip(data["looks"], totals, strict=True)
    ]
    return gather(looks, tracks=data.get("tracks"), entries=data["films"])


def compute(scores: Scores, *, cut: int | None, seed: int = 1) -> Adjusted:
    """Both models over `scores`, best first by the additive one. Raises ValueError without a score."""
    fit = additive.fit(scores)
    own = own_scale.fit(scores, fit)
    ranks = ranks_of(fit.value)
    passes = cut if cut is not None else 0
    chances = posterior.chances(fit, cut=passes, seed=seed)
    flips = own_scale.flips(fit.value, own.value, passes)
    looks = scores.looks
    rows = [
        AdjustedRow(
            film=film,
            rank=rank or 0,
            looks=int(looks[at]),
            value=rounded(fit.value[at]),
            sd=rounded(fit.sd[at]),
            p_cut=None if cut is None else rounded(chances.p_cut[at]),
            low=int(chances.rank_low[at]),
            high=int(chances.rank_high[at]),
            own=rounded(own.value[at]),
            flips=bool(flips[at]),
        )
        for at, (film, rank) in enumerate(zip(scores.entries, ranks, strict=True))
    ]
    rows.sort(key=lambda row: (row.rank, row.film))
    variances = fit.variances
    return Adjusted(
        rows=tuple(rows),
        variances=(rounded(variances.entry), rounded(variances.judge), rounded(variances.residual)),
        expected_hits=None if cut is None else rounded(chances.expected_hits),
        settled=fit.settled,
        fit=fit,
        own=own,
    )


def rounded(number: float | np.floating[Any]) -> Decimal:
    """With six decimals; minus nothing is nothing."""
    result = Decimal(repr(float(number))).quantize(LEAST)
    return result if result else abs(result)
