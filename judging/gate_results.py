"""A round's result as values: read from the database by gate, computed by the engine of the method."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from festival.edition import round_codes
from judging import ballot_queries, queries
from judging.logic import ballots, gates, standing
from judging.models import Ballot, BallotLine, Look, Round
from submissions.lifecycle import State

VERSIONS = {
    **dict.fromkeys(standing.METHODS, standing.VERSION),
    gates.PASS_FAIL: gates.VERSION,
    gates.NOMINATIONS: gates.VERSION,
    gates.BALLOT: ballots.VERSION,
}
GATE = Round.Gate
ANSWER_WORTH = {
    "pass": Fraction(1), "unsure": Fraction(1, 2), "fail": Fraction(0), "yes": Fraction(1), "no": Fraction(0),
}  # fmt: skip


def inputs_of(round: Round) -> dict[str, Any]:
    """The canonical inputs of a round without scores, of the films still in the competition."""
    films = list(round.films.filter(state=State.ELIGIBLE).values_list("code", flat=True))
    if round.gate == GATE.BALLOT:
        return _ballots(round, films)
    looks = Look.objects.filter(round=round, state=Look.State.SCORED, entry__state=State.ELIGIBLE)
    nominating = round.gate == GATE.PANEL
    answers = [
        gates.Answer(film, str(judge), ("yes" if nominated else "no") if nominating else answer)
        for film, judge, answer, nominated in looks.values_list(
            "entry__code", "judge_id", "answer", "nominated"
        )
    ]
    rule = (
        {"most": round.most_nominations}
        if nominating
        else {"pass": round.pass_rule, "least": round.pass_least}
    )
    method = gates.NOMINATIONS if nominating else gates.PASS_FAIL
    return gates.answers_inputs(method=method, films=films, answers=answers, rule=rule)


def _ballots(round: Round, films: Sequence[str]) -> dict[str, Any]:
    cast: dict[str, list[ballots.Line]] = {}
    kept = ballot_queries.counted(Ballot.objects.filter(round=round), queries.jury_of(round))
    lines = BallotLine.objects.filter(ballot__in=kept, entry__state=State.ELIGIBLE)
    for juror, film, value in lines.values_list("ballot__juror_id", "entry__code", "value"):
        cast.setdefault(str(juror), []).append((film, value))
    return ballots.inputs(kind=round.ballot, films=films, ballots=cast)


def compute(data: Mapping[str, Any]) -> list[standing.Row]:
    """The rows of a standing from its kept inputs, by the method they name."""
    return standing.compute(data) if data["method"] in standing.METHODS else gates.compute(data)


def given(data: Mapping[str, Any]) -> dict[str, dict[str, Fraction]]:
    """By film and judge what she gave it in all: the weighted score; a pass is 1, unsure a half; a nomination is 1.

    Nothing of ballots: their count has set every pair of films against each other already.
    """
    totals: dict[str, dict[str, Fraction]] = {}
    if data["method"] in standing.METHODS:
        weights = {key: Fraction(value) / 100 for key, value in data["weights"].items()}
        for film, judge, scores in data["looks"]:
            totals.setdefault(film, {})[judge] = sum(
                (weights[key] * Fraction(value) for key, value in scores.items()), Fraction()
            )
    elif data["method"] != gates.BALLOT:
        for film, judge, said in data["answers"]:
            totals.setdefault(film, {})[judge] = ANSWER_WORTH[said]
    return totals


def marks(data: Mapping[str, Any], criterion: str) -> dict[str, dict[str, Fraction]]:
    """By film and judge her mark on one criterion; nothing where none is named or nothing is scored."""
    found: dict[str, dict[str, Fraction]] = {}
    if criterion and criterion in data.get("weights", {}):
        for film, judge, scores in data["looks"]:
            found.setdefault(film, {})[judge] = Fraction(scores[criterion])
    return found


def passing(data: Mapping[str, Any]) -> set[str]:
    """The films that pass a screening by its rule; none in other gates."""
    return gates.passing(data) if data["method"] == gates.PASS_FAIL else set()


def fitting_cuts(gate: str) -> tuple[str, ...]:
    """The kinds of cut that a gate can make, the usual one first."""
    return round_codes.CUTS[gate]
