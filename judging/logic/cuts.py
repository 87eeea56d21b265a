"""Where the line falls in a standing: which films go on by the rule, and which are tied across it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

BY_RULE, TIE = "by_rule", "tie"


@dataclass(frozen=True, slots=True)
class Line:
    """A film as the cut sees it. `rank` None: never judged, so it goes nowhere by itself. `chance`: per cent."""

    film: str
    rank: int | None
    score: Fraction | None = None
    chance: Decimal | None = None
    passed: bool = False


def cut(lines: Sequence[Line], kind: str, value: Decimal | None) -> dict[str, str]:
    """The films that go on, each with `by_rule` or `tie`.

    A cut by number (`count`, `ballot`, `share`: per cent of all films, rounded up) keeps films together that share
    the last rank: when they do not all fit, all of them go on as `tie`, until somebody decides. Other kinds know no
    ties. Raises ValueError when the rule needs what the lines do not have.
    """
    if kind in ("count", "ballot", "share"):
        return _first(lines, number_of(len(lines), kind, _given(value)))
    test = _TESTS.get(kind)
    if test is None:
        raise ValueError(f"There is no cut {kind!r}.")
    if kind == "probability" and any(line.chance is None for line in lines if line.rank is not None):
        raise ValueError("The standing has no probabilities.")
    limit = Decimal(0) if kind == "passed" else _given(value)
    return {line.film: BY_RULE for line in lines if line.rank is not None and test(line, limit)}


_TESTS: Mapping[str, Callable[[Line, Decimal], bool]] = {
    "score": lambda line, limit: line.score is not None and line.score >= Fraction(limit),
    "nominated": lambda line, limit: line.score is not None and line.score >= Fraction(limit),
    "probability": lambda line, limit: line.chance is not None and line.chance >= limit,
    "passed": lambda line, limit: line.passed,
}


def _given(value: Decimal | None) -> Decimal:
    if value is None:
        raise ValueError("This cut needs a value.")
    return value


def number_of(films: int, kind: str, value: Decimal) -> int:
    """How many of so many films a cut by number lets through, ties aside."""
    if kind != "share":
        return int(value)
    exact = Fraction(value) * films / 100
    return -(-exact.numerator // exact.denominator)


def _first(lines: Iterable[Line], number: int) -> dict[str, str]:
    ranked = sorted(
        (line for line in lines if line.rank is not None), key=lambda line: (line.rank, line.film)
    )
    if number <= 0 or not ranked:
        return {}
    last = ranked[min(number, len(ranked)) - 1].rank or 0
    inside = {line.film: BY_RULE for line in ranked if (line.rank or 0) < last}
    at_line = [line.film for line in ranked if line.rank == last]
    fits = len(inside) + len(at_line) <= number
    return inside | dict.fromkeys(at_line, BY_RULE if fits else TIE)
