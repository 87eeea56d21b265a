"""A round's official standing, computed exactly as published.

Scores and weights are decimal numbers, results are fractions, ranks compare fractions. Rounding happens once, when a
mean or a spread is written down with six decimals; it never decides who is before whom.

The rules, each over the looks' totals (scores weighted by criterion): `weighted_mean` their mean; `trimmed_mean`
their mean without one highest and one lowest, where a film has three looks or more; `median` the middle one, or the
mean of the two in the middle; `weighted_sum` their sum; `points` a judge's best film gets the first number of a
table, the next the second, and so on, films she holds equal share the numbers between them, and a film has the sum of
what its judges gave.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import isqrt
from typing import Any

from judging.logic.canonical import digest

METHOD = "weighted_mean"
METHODS = (METHOD, "trimmed_mean", "median", "weighted_sum", "points")
POINTS = (12, 10, 8, 7, 6, 5, 4, 3, 2, 1)
TRIM_FROM = 3  # looks
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
    *,
    weights: Mapping[str, Decimal],
    films: Iterable[str],
    looks: Iterable[ScoredLook],
    method: str = METHOD,
    points: Sequence[int] = POINTS,
) -> dict[str, Any]:
    """The canonical inputs: the same scores give the same bytes, in whatever order they were read.

    `weights` are per cent; `points` are read for the method of that name alone. Raises ValueError when the method is
    unknown, when weights do not sum to 100, when a look is of an unknown film, misses
    a criterion or scores an unknown one, or when a judge appears twice for a film.
    """
    if method not in METHODS:
        raise ValueError(f"There is no method {method!r}. There are: {', '.join(METHODS)}.")
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
    table = {"points": [int(number) for number in points]} if method == "points" else {}
    return {
        "method": method,
        **table,
        "version": VERSION,
        "weights": {key: plain(value) for key, value in weights.items()},
        "films": sorted(known),
        "looks": sorted(rows, key=lambda row: (row[0], row[1])),
    }


def compute(data: Mapping[str, Any]) -> list[Row]:
    """The standing of canonical `inputs`, best first, films without a look at the end."""
    weights = {key: Fraction(value) / 100 for key, value in data["weights"].items()}
    totals: dict[str, list[Fraction]] = {film: [] for film in data["films"]}
    of_judge: dict[str, list[tuple[str, Fraction]]] = {}
    for film, judge, scores in data["looks"]:
        total = sum((weights[key] * Fraction(value) for key, value in scores.items()), Fraction())
        totals[film].append(total)
        of_judge.setdefault(judge, []).append((film, total))
    if data["method"] == "points":
        means = _points(of_judge, [Fraction(number) for number in data["points"]])
    else:
        rule = RULES[data["method"]]
        means = {film: rule(rows) for film, rows in totals.items() if rows}
    ranks: dict[Fraction, int] = {}
    for place, mean in enumerate(sorted(means.values(), reverse=True), 1):
        ranks.setdefault(mean, place)
    result = [
        Row(film, ranks[mean], mean, len(totals[film]), spread(totals[film]))
        for film, mean in sorted(means.items(), key=lambda item: (-item[1], item[0]))
    ]
    result += [Row(film, None, None, 0, None) for film in sorted(totals) if film not in means]
    return result


def _mean(totals: Sequence[Fraction]) -> Fraction:
    return sum(totals, Fraction()) / len(totals)


def _trimmed(totals: Sequence[Fraction]) -> Fraction:
    return _mean(sorted(totals)[1:-1] if len(totals) >= TRIM_FROM else totals)


def _median(totals: Sequence[Fraction]) -> Fraction:
    middle = (len(totals) - 1) // 2
    return _mean(sorted(totals)[middle : len(totals) - middle])


def _sum(totals: Sequence[Fraction]) -> Fraction:
    return sum(totals, Fraction())


RULES = {METHOD: _mean, "trimmed_mean": _trimmed, "median": _median, "weighted_sum": _sum}


def _points(
    of_judge: Mapping[str, list[tuple[str, Fraction]]], table: Sequence[Fraction]
) -> dict[str, Fraction]:
    """What the judges' orders give each film that somebody scored."""
    result: dict[str, Fraction] = {}
    for rows in of_judge.values():
        ordered = sorted(rows, key=lambda row: -row[1])
        place = 0
        while place < len(ordered):
            equal = [film for film, total in ordered[place:] if total == ordered[place][1]]
            shared = _sum(table[place : place + len(equal)]) / len(equal)
            for film in equal:
                result[film] = result.get(film, Fraction()) + shared
            place += len(equal)
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
