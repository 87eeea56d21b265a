"""Standings of rounds without scores: screenings by pass or fail, nominations by panels, ballots.

Like the standing of scores they are values in, rows out, computed exactly; the inputs kept give the same rows again.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from judging.logic import ballots
from judging.logic.standing import Row

PASS_FAIL, NOMINATIONS, BALLOT = "pass_fail", "nominations", "ballot"
VERSION = 1
ANSWERS = ("pass", "fail", "unsure")


@dataclass(frozen=True, slots=True)
class Answer:
    """What one judge said of one film: "pass", "fail" or "unsure"; "yes" or "no" where films are nominated."""

    film: str
    judge: str
    said: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How often each answer was given to a film. A nomination is a `yes`, a look without one a `no`."""

    yes: int = 0
    no: int = 0
    unsure: int = 0

    @property
    def looks(self) -> int:
        return self.yes + self.no + self.unsure


def answers_inputs(
    *, method: str, films: Iterable[str], answers: Iterable[Answer], rule: Mapping[str, Any]
) -> dict[str, Any]:
    """Canonical inputs. `rule` is kept with them: {"pass": "majority", "least": 1}, or how many may be nominated.

    Raises ValueError for an unknown film, a judge who answers twice, or an answer that is none.
    """
    known, seen, rows = set(films), set(), []
    allowed = ANSWERS if method == PASS_FAIL else ("yes", "no")
    for answer in answers:
        if answer.film not in known or answer.said not in allowed or (answer.film, answer.judge) in seen:
            raise ValueError(f"{answer.judge!r} cannot say {answer.said!r} of {answer.film!r}.")
        seen.add((answer.film, answer.judge))
        rows.append([answer.film, answer.judge, answer.said])
    return {
        "method": method,
        "version": VERSION,
        "rule": dict(rule),
        "films": sorted(known),
        "answers": sorted(rows),
    }


def tallies(data: Mapping[str, Any]) -> dict[str, Tally]:
    """How often each answer was given, by film."""
    said = Counter((film, answer) for film, _judge, answer in data["answers"])
    yes, no = ("pass", "fail") if data["method"] == PASS_FAIL else ("yes", "no")
    return {film: Tally(said[film, yes], said[film, no], said[film, "unsure"]) for film in data["films"]}


def passes(tally: Tally, rule: str, least: int = 1) -> bool:
    """Whether a film passes: `all` say pass; `majority`: more pass than fail; `at_least` so many say pass.

    A film nobody looked at does not pass. "Unsure" is no pass; under `majority` it counts for neither side.
    """
    if rule == "all":
        return 0 < tally.yes == tally.looks
    if rule == "majority":
        return tally.yes > tally.no
    if rule == "at_least":
        return tally.yes >= least
    raise ValueError(f"There is no rule {rule!r}.")


def passing(data: Mapping[str, Any]) -> set[str]:
    """The films that pass by the rule kept in the inputs of a screening."""
    rule = data["rule"]
    return {film for film, tally in tallies(data).items() if passes(tally, rule["pass"], rule["least"])}


def compute(data: Mapping[str, Any]) -> list[Row]:
    """The standing, best first. Screenings rank by the share of passes among the looks (unsure is half of one),
    nominations by their number; ballots as judging.logic.ballots counts them."""
    if data["method"] == BALLOT:
        return ranked(ballots.count(data))
    values = {film: (_value(tally, data["method"]), tally.looks) for film, tally in tallies(data).items()}
    return ranked(values)


def _value(tally: Tally, method: str) -> Fraction | None:
    if not tally.looks:
        return None
    if method == NOMINATIONS:
        return Fraction(tally.yes)
    return Fraction(2 * tally.yes + tally.unsure, 2 * tally.looks)


def ranked(values: Mapping[str, tuple[Fraction | None, int]]) -> list[Row]:
    """Rows from exact values, the highest first, equal ones sharing a rank: 1, 2, 2, 4; without a value comes last."""
    ordered: Sequence[Fraction] = sorted(
        (value for value, _n in values.values() if value is not None), reverse=True
    )
    ranks: dict[Fraction, int] = {}
    for place, value in enumerate(ordered, 1):
        ranks.setdefault(value, place)
    rows = [
        Row(film, None if value is None else ranks[value], value, looks, None)
        for film, (value, looks) in values.items()
    ]
    return sorted(rows, key=lambda row: (row.rank is None, row.rank or 0, row.film))
