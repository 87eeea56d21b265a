"""A round's standing: weighted means, computed exactly.

Scores and weights are decimal numbers, means are fractions, ranks compare fractions. Rounding happens once, when a
mean or a spread is written down with six decimals; it never decides who is before whom.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import isqrt
from typing import Any

from judging.logic.canonical import digest

METHOD = "weighted_mean"
VERSION = 1
PLACES = 6


@dataclass(frozen=True, slots=True)
class ScoredLook:
    """What one judge gave to one film, by criterion."""

    film: str
    judge: str
    scores: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Row:
    """A film's line. `rank` and `mean` are None for a film nobody scored, `spread` when fewer than two did.

    Films with the same exact mean share a rank, and the next rank is left out: 1, 2, 2, 4. `spread` is the sample
    standard deviation of the looks' totals.
    """

    film: str
    rank: int | None
    exact: Fraction | None
    looks: int
    spread: Decimal | None

    @property
    def mean(self) -> Decimal | None:
        return None if self.exact is None else rounded(self.exact)

    def as_json(self) -> dict[str, Any]:
        return {
            "film": self.film,
            "rank": self.rank,
            "mean": None if self.exact is None else str(self.mean),
            "exact": None if self.exact is None else str(self.exact),
            "looks": self.looks,
            "spread": None if self.spread is None else str(self.spread),
        }


def inputs(
    *, weights: Mapping[str, Decimal], films: Iterable[str], looks: Iterable[ScoredLook]
) -> dict[str, Any]:
    """The canonical inputs: the same scores give the same bytes, in whatever order they were read.

    `weights` are per cent. Raises ValueError when they do not sum to 100, when a look is of an unknown film, misses
    a criterion or scores an unknown one, or when a judge appears twice for a film.
    """
    if sum(weights.values(), Decimal(0)) != 100:
        raise ValueError("The weights must sum to 100.")
    known = set(films)
    seen: set[tuple[str, str]] = set()
    rows = []
    for look in looks:
        if look.film not in known:
            raise ValueError(f"A look at {look.film!r}, which is not a film of the round.")
        if set(look.scores) != set(weights):
            raise ValueError(f"The look of {look.judge!r} at {look.film!r} does not score every criterion.")
        if (look.film, look.judge) in seen:
            raise ValueError(f"{look.judge!r} scored {look.film!r} twice.")
        seen.add((look.film, look.judge))
        rows.append([look.film, look.judge, {key: plain(value) for key, value in look.scores.items()}])
    return {
        "method": METHOD,
        "version": VERSION,
        "weights": {key: plain(value) for key, value in weights.items()},
        "films": sorted(known),
        "looks": sorted(rows, key=lambda row: (row[0], row[1])),
    }


def compute(data: Mapping[str, Any]) -> list[Row]:
    """The standing of canonical `inputs`, best first, films without a look at the end."""
    weights = {key: Fraction(value) / 100 for key, value in data["weights"].items()}
    totals: dict[str, list[Fraction]] = {film: [] for film in data["films"]}
    for film, _judge, scores in data["looks"]:
        totals[film].append(
            sum((weights[key] * Fraction(value) for key, value in scores.items()), Fraction())
        )
    means = {film: sum(rows, Fraction()) / len(rows) for film, rows in totals.items() if rows}
    ranks: dict[Fraction, int] = {}
    for place, mean in enumerate(sorted(means.values(), reverse=True), 1):
        ranks.setdefault(mean, place)
    result = [
        Row(film, ranks[mean], mean, len(totals[film]), spread(totals[film]))
        for film, mean in sorted(means.items(), key=lambda item: (-item[1], item[0]))
    ]
    result += [Row(film, None, None, 0, None) for film in sorted(totals) if film not in means]
    return result


def result_digest(rows: Sequence[Row]) -> str:
    """SHA-256 over the standing's lines, exact means included."""
    return digest([row.as_json() for row in rows])


def spread(totals: Sequence[Fraction]) -> Decimal | None:
    """Sample standard deviation, rounded to six decimals from the exact variance; None below two looks."""
    if len(totals) < 2:
        return None
    mean = sum(totals, Fraction()) / len(totals)
    variance = sum(((total - mean) ** 2 for total in totals), Fraction()) / (len(totals) - 1)
    doubled = isqrt(variance.numerator * 4 * 10 ** (2 * PLACES) // variance.denominator)
    return Decimal((doubled + 1) // 2).scaleb(-PLACES)


def rounded(number: Fraction) -> Decimal:
    """`number` with six decimals, halves away from zero: for showing, never for comparing."""
    scaled = abs(number) * 10**PLACES
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole if number >= 0 else -whole).scaleb(-PLACES)


def plain(number: Decimal) -> str:
    """One way to write a decimal: 7.50 and 7.5 are "7.5", 1E+1 is "10"."""
    text = format(number, "f")
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text
