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
from math import isqrt, lcm
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
    written: dict[Decimal, str] = {}  # few different marks are given very often
    rows = []
    for look in looks:
        if look.film not in known:
            raise ValueError(f"A look at {look.film!r}, which is not a film of the round.")
        if look.scores.keys() != weights.keys():
            raise ValueError(f"The look of {look.judge!r} at {look.film!r} does not score every criterion.")
        if (look.film, look.judge) in seen:
            raise ValueError(f"{look.judge!r} scored {look.film!r} twice.")
        seen.add((look.film, look.judge))
        for value in look.scores.values():
            if value not in written:
                written[value] = plain(value)
        rows.append([look.film, look.judge, {key: written[value] for key, value in look.scores.items()}])
    table = {"points": [int(number) for number in points]} if method == "points" else {}
    return {
        "method": method,
        **table,
        "version": VERSION,
        "weights": {key: plain(value) for key, value in weights.items()},
        "films": sorted(known),
        "looks": sorted(rows, key=lambda row: (row[0], row[1])),
    }


def look_totals(data: Mapping[str, Any]) -> tuple[list[int], int]:
    """The total of each look of canonical `inputs`, in their order, as whole numbers of parts; and how many parts
    make one. Exact, and many times as quick to reckon with as fractions.
    """
    weights = {key: Fraction(value) / 100 for key, value in data["weights"].items()}
    given = [tuple(scores.items()) for _film, _judge, scores in data["looks"]]
    different = set(given)  # many looks give the same: each of these is added up once
    marks = {pair for pairs in different for pair in pairs}
    worth = {(key, value): weights[key] * Fraction(value) for key, value in marks}
    parts = lcm(*(one.denominator for one in worth.values()))
    whole = {pair: one.numerator * (parts // one.denominator) for pair, one in worth.items()}
    totals = {pairs: sum(whole[pair] for pair in pairs) for pairs in different}
    return [totals[pairs] for pairs in given], parts


def compute(data: Mapping[str, Any]) -> list[Row]:
    """The standing of canonical `inputs`, best first, films without a look at the end."""
    found, parts = look_totals(data)
    totals: dict[str, list[int]] = {film: [] for film in data["films"]}
    of_judge: dict[str, list[tuple[str, int]]] = {}
    for (film, judge, _scores), total in zip(data["looks"], found, strict=True):
        totals[film].append(total)
        of_judge.setdefault(judge, []).append((film, total))
    if data["method"] == "points":
        means = _points(of_judge, [Fraction(number) for number in data["points"]])
    else:
        rule = RULES[data["method"]]
        means = {film: rule(rows) / parts for film, rows in totals.items() if rows}
    # Over one denominator they are compared as whole numbers.
    over = lcm(*(mean.denominator for mean in means.values()))
    heights = {film: mean.numerator * (over // mean.denominator) for film, mean in means.items()}
    ranks: dict[int, int] = {}
    for place, height in enumerate(sorted(heights.values(), reverse=True), 1):
        ranks.setdefault(height, place)
    result = [
        Row(film, ranks[height], means[film], len(totals[film]), spread(totals[film], parts))
        for film, height in sorted(heights.items(), key=lambda item: (-item[1], item[0]))
    ]
    result += [Row(film, None, None, 0, None) for film in sorted(totals) if film not in means]
    return result


def _mean(totals: Sequence[int]) -> Fraction:
    return Fraction(sum(totals), len(totals))


def _trimmed(totals: Sequence[int]) -> Fraction:
    return _mean(sorted(totals)[1:-1] if len(totals) >= TRIM_FROM else totals)


def _median(totals: Sequence[int]) -> Fraction:
    middle = (len(totals) - 1) // 2
    return _mean(sorted(totals)[middle : len(totals) - middle])


def _sum(totals: Sequence[int]) -> Fraction:
    return Fraction(sum(totals))


RULES = {METHOD: _mean, "trimmed_mean": _trimmed, "median": _median, "weighted_sum": _sum}


def _points(of_judge: Mapping[str, list[tuple[str, int]]], table: Sequence[Fraction]) -> dict[str, Fraction]:
    """What the judges' orders give each film that somebody scored."""
    result: dict[str, Fraction] = {}
    for rows in of_judge.values():
        ordered = sorted(rows, key=lambda row: -row[1])
        place = 0
        while place < len(ordered):
            equal = [film for film, total in ordered[place:] if total == ordered[place][1]]
            shared = sum(table[place : place + len(equal)], Fraction()) / len(equal)
            for film in equal:
                result[film] = result.get(film, Fraction()) + shared
            place += len(equal)
    return result


def result_digest(rows: Sequence[Row]) -> str:
    """SHA-256 over the standing's lines, exact means included."""
    return digest([row.as_json() for row in rows])


def spread(totals: Sequence[int], parts: int = 1) -> Decimal | None:
    """Sample standard deviation of totals in so many parts of one, rounded to six decimals from the exact variance;
    None below two looks.
    """
    looks = len(totals)
    if looks < 2:
        return None
    variance = looks * sum(total * total for total in totals) - sum(totals) ** 2
    doubled = isqrt(variance * 4 * 10 ** (2 * PLACES) // (looks * (looks - 1) * parts**2))
    return Decimal((doubled + 1) // 2).scaleb(-PLACES)


def rounded(number: Fraction) -> Decimal:
    """`number` with six decimals, halves away from zero: for showing, never for comparing."""
    # In whole numbers: fractions would look for common divisors at every step, for twenty thousand means.
    parts = number.denominator
    whole = (2 * abs(number.numerator) * 10**PLACES + parts) // (2 * parts)
    return Decimal(whole if number >= 0 else -whole).scaleb(-PLACES)


def plain(number: Decimal) -> str:
    """One way to write a decimal: 7.50 and 7.5 are "7.5", 1E+1 is "10"."""
    text = format(number, "f")
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text
