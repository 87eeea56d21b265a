"""Computing an exported document's results again, by the code alone: nothing in it is taken on trust but the inputs.

At last its fairness report is made again and compared to the byte; the report holds the digest of all the rest, so
that whoever knows the report's digest knows that nothing was changed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from festival.awards.audience import votes as audience_votes
from judging import (
    award_fill,
    award_inputs,
    cut_queries,
    gate_results,
    hand_out,
    standing_actions,
    standing_inputs,
    tie_actions,
)
from judging.fairness.document import frozen_plan, report_of
from judging.logic import adjusted, cuts, rewatch, standing, ties, votes
from judging.logic.awarding import engine
from judging.logic.canonical import canonical, digest
from judging.logic.runoff import CARRIED
from judging.models import Allocation, CutRow, Look, Round
from judging.results_export import FORMAT, VERSION

Columns = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was computed again: what it is, whether it came out the same, and else where it differs."""

    what: str
    same: bool
    where: str = ""

    def __str__(self) -> str:
        return f"{self.what} ({self.where})" if self.where else self.what


class NotAnExport(ValueError):
    """The document is none of ours, or of another version."""


def verify(data: Mapping[str, Any], raw: bytes | None = None) -> Iterator[Check]:
    """Every result of the document, computed anew from its inputs and compared to the byte.

    `raw`: the file as it came; it must be the canonical form of the document. Raises NotAnExport.
    """
    if data.get("format") != FORMAT or data.get("version") != VERSION:
        raise NotAnExport(f"This is no export of results of version {VERSION}.")
    if raw is not None:
        yield Check("the file's form", canonical(data) == raw.removesuffix(b"\n"))
    for round in data["rounds"]:
        yield from _through(f"round {round['round']}", _round(round, data["edition"]["time_zone"]))
    for vote in data["votes"]:
        yield from _through(f"vote {vote['vote']}", _vote(vote))
    for poll in data["audience"]:
        yield from _through(f"audience of {poll['slot']}", _audience(poll))
    problems: dict[int, Any] = {}
    for version in (data["awards"] or {}).get("versions", ()):
        name = f"award list, version {version['number']}"
        yield from _through(name, _award(version, name, problems, data))
    yield from _through("fairness report", _report(data))


def _through(name: str, checks: Iterator[Check]) -> Iterator[Check]:
    """The checks; values that nothing can be computed from are a difference like any other."""
    try:
        yield from checks
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, AssertionError) as error:
        yield Check(name, False, f"{type(error).__name__}: {error}")


def _vote(vote: Mapping[str, Any]) -> Iterator[Check]:
    again = votes.outcome(vote["inputs"])
    yield _compared(f"vote {vote['vote']}", again, vote["result"], vote["result_digest"])


def _audience(poll: Mapping[str, Any]) -> Iterator[Check]:
    films, cast = poll["inputs"]["films"], poll["inputs"]["votes"]
    known = [audience_votes.Vote(row[0], tuple(row[1]), *row[2:]) for row in cast]
    for row in poll["results"]:
        again = audience_votes.count(films, known, row["aside"])
        same = row["method_version"] == audience_votes.METHOD_VERSION
        same = same and audience_votes.digest(poll["inputs"]) == row["inputs_digest"]
        same = same and canonical(again) == canonical(row["rows"])
        same = same and audience_votes.digest(again) == row["result_digest"]
        yield Check(f"audience of {poll['slot']}: count {row['number']}", same)


def _report(data: Mapping[str, Any]) -> Iterator[Check]:
    rest = {name: value for name, value in data.items() if name != "report"}
    where = first_difference(report_of(rest), data["report"], "report")
    yield Check("fairness report", not where, where)


def first_difference(one: Any, other: Any, where: str) -> str:
    """The way to the first place at which two JSON values differ; empty where they are the same, to the byte."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted(one.keys() | other.keys()):
            if key not in one or key not in other:
                return f"{where}.{key}"
            if found := first_difference(one[key], other[key], f"{where}.{key}"):
                return found
        return ""
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        for number, (mine, theirs) in enumerate(zip(one, other, strict=False)):
            if found := first_difference(mine, theirs, f"{where}[{number}]"):
                return found
        return "" if len(one) == len(other) else f"{where}[{min(len(one), len(other))}]"
    return "" if canonical(one) == canonical(other) else where


def _compared(what: str, again: Any, kept: Any, kept_digest: str) -> Check:
    where = first_difference(again, kept, "result") or (
        "" if digest(again) == kept_digest else "result_digest"
    )
    return Check(what, not where, where)


def _round(round: Mapping[str, Any], time_zone: str) -> Iterator[Check]:
    name = f"round {round['round']}"
    yield Check(f"{name}: its plan and the changes of it", frozen_plan(round)[2])
    for number, row in enumerate(round["allocations"], 1):
        kept = Allocation(
            method=row["method"],
            method_version=row["method_version"],
            inputs=row["inputs"],
            inputs_digest=row["inputs_digest"],
            result_digest=row["result_digest"],
        )
        yield Check(f"{name}: drawing of looks {number}", hand_out.replay_allocation(kept))
    columns: dict[int, Columns] = {}
    for row in round["standings"]:
        yield from _standing(row, f"{name}: standing {row['number']}", round, time_zone, columns)
    for number, cut in enumerate(round["cuts"], 1):
        yield from _cut(cut, f"{name}: cut {number}", round, columns)


def _standing(
    row: Mapping[str, Any],
    name: str,
    round: Mapping[str, Any],
    time_zone: str,
    columns: dict[int, Columns],
) -> Iterator[Check]:
    inputs = row["inputs"]
    whole = gate_results.VERSIONS.get(row["method"]) == row["method_version"] == inputs["version"]
    whole = whole and inputs["method"] == row["method"]
    whole = whole and digest(inputs) == row["inputs_digest"]
    yield Check(f"{name}: inputs", whole)
    if not whole:  # what follows from other inputs says nothing
        return
    rows = gate_results.compute(inputs)
    yield Check(f"{name}: {row['method']}", standing.result_digest(rows) == row["result_digest"])
    kept = {line["film"]: (line["rank"], line["mean"], line["looks"], line["spread"]) for line in row["rows"]}
    again = {one.film: (one.rank, _text(one.mean), one.looks, _text(one.spread)) for one in rows}
    yield Check(f"{name}: its rows", kept == again)
    model = row["adjusted"]
    places = {one.film: one.rank for one in rows}
    made: Columns = {}
    if model:
        known = (model["method"], model["method_version"]) == (adjusted.METHOD, adjusted.VERSION)
        seed = round["seed"]
        models = standing_actions.modelled(inputs, cut=model["cut"], seed=seed) if known else None
        same = models is not None and models.digest == model["digest"] and model["seed"] == seed
        yield Check(f"{name}: model of judges and films", same)
        if models is not None:
            made = standing_actions.columns_of(models)
            if row["decides"] != "official":
                by = "adjusted_rank" if row["decides"] == "adjusted" else "own_rank"
                places = {film: made.get(film, {}).get(by) for film in places}
            if row["in_force"]:
                where = first_difference(_figures(models, round, time_zone), row["figures"], "figures")
                yield Check(f"{name}: figures of the judges", not where, where)
    columns[row["number"]] = {
        film: dict.fromkeys(cut_queries.COLUMNS) | made.get(film, {}) for film in places
    }
    yield Check(
        f"{name}: places by what decides", {line["film"]: line["place"] for line in row["rows"]} == places
    )


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _figures(models: adjusted.Adjusted, round: Mapping[str, Any], time_zone: str) -> dict[str, Any]:
    """The judges' figures and the estimate of the second look, from the looks of the round."""
    done = [
        (judge, film, _moment(at))
        for film, judge, state, _taken, _seconds, _watched, _said, at in round["looks"]
        if state == Look.State.SCORED
    ]
    done.sort(key=lambda look: (look[0], look[2]))
    looks = standing_inputs.in_order(
        ((judge, film, at.astimezone(UTC).isoformat()) for judge, film, at in done), time_zone
    )
    return standing_actions.whole_figures(models, looks=looks, found=_missed(models, round, done))


def _missed(
    models: adjusted.Adjusted, round: Mapping[str, Any], done: Sequence[tuple[int, str, datetime]]
) -> rewatch.Missed | None:
    drawn = [row for row in round["allocations"] if row["purpose"] == Allocation.Purpose.SECOND]
    if not drawn:
        return None
    films, since = set(drawn[-1]["choice"]["films"]), _moment(drawn[-1]["made_at"])
    again = {film for _judge, film, at in done if film in films and at > since}
    return standing_actions.missed_among(models, again, drawn[-1]["choice"]["below"])


def _cut(
    cut: Mapping[str, Any], name: str, round: Mapping[str, Any], columns: Mapping[int, Columns]
) -> Iterator[Check]:
    """The line by its rule, the ties by theirs; whatever else stands in it the chair has moved, with a reason."""
    of = next((row for row in round["standings"] if row["number"] == cut["standing"]), None)
    if of is None or cut["standing"] not in columns or of["result_digest"] != cut["standing_digest"]:
        yield Check(f"{name}: the standing it is drawn in", False)
        return
    made_at = _moment(cut["made_at"])
    out = {film for film, at in round["left"].items() if _moment(at) <= made_at}
    kept = {film: row for film, row in columns[cut["standing"]].items() if film not in out}
    lines = cut_queries.lines_from(of["inputs"], kept, Round.Decides(of["decides"]))
    value = None if cut["value"] is None else Decimal(cut["value"])
    by_rule: dict[str, Any] = {
        film: (reason, None, {}) for film, reason in cuts.cut(lines, cut["kind"], value).items()
    }
    tie = cut["tie"]
    if tie:
        yield Check(f"{name}: what ties are settled from", tie["inputs"] == _tie_inputs(tie, of, round))
        yield Check(
            f"{name}: tied at its line",
            all(by_rule.get(film, ("",))[0] == cuts.TIE for film in tie["inputs"]["films"]),
        )
        same = (tie["method"], tie["method_version"]) == (ties.METHOD, ties.VERSION)
        same = same and digest(tie["inputs"]) == tie["inputs_digest"]
        found = ties.compute(tie["inputs"])
        yield Check(f"{name}: ties settled", same and ties.result_digest(found) == tie["result_digest"])
        by_rule |= tie_actions.outcome(found, tie["places"])
    ranks = {line.film: line.rank for line in lines}
    where = ""
    for row in cut["rows"]:
        film, moved = row["film"], row["reason"] in CutRow.BY_HAND
        rule = by_rule.pop(film, None)
        said = (row["reason"], row["tie_place"], row["between"])
        if moved != bool(row["why"]) or not (moved or (said == rule and row["rank"] == ranks.get(film))):
            where = where or film
    left = sorted(by_rule)
    yield Check(f"{name}: which films go on", not where and not left, where or "".join(left[:1]))


def _tie_inputs(tie: Mapping[str, Any], of: Mapping[str, Any], round: Mapping[str, Any]) -> dict[str, Any]:
    """What the tie rule has to decide from: the standing's scores, the round's rule and seed, and the jury's ballot."""
    named = round["settings"]["tie_criterion"] if round["gate"] == Round.Gate.SCORE else ""
    return ties.inputs(
        films=tie["inputs"]["films"],
        totals=gate_results.given(of["inputs"]),
        criterion=named,
        marks=gate_results.marks(of["inputs"], named),
        shared=round["settings"]["tie_last"] == Round.TieLast.SHARED,
        seed=round["seed"],
        ballot=tie["inputs"]["ballot"],
    )


def _award(
    version: Mapping[str, Any], name: str, problems: dict[int, Any], data: Mapping[str, Any]
) -> Iterator[Check]:
    if version["base"] is None:
        problems[version["number"]] = version["problem"]
    base = problems.get(version["base"] or version["number"])
    problem = award_fill.merged(base, version["changes"]) if base else {}
    whole = (version["method"], version["method_version"]) == (engine.METHOD, engine.VERSION)
    whole = whole and digest(problem) == version["problem_digest"]
    yield Check(f"{name}: inputs", whole)
    if not whole:
        return
    again = award_fill.solve(problem)
    yield _compared(f"{name}: places", again, version["result"], version["result_digest"])
    # The orders it was filled from are those of standings, votes and counts in this very document.
    tables = _orders(data)
    for order, lines in problem["orders"].items():
        if not lines:  # nothing was decided then
            continue
        ranks = [(line["film"], line["rank"], line.get("settled", 0)) for line in lines]
        fits = any(set(ranks) <= table for table in tables.get(order, ()))
        if order.startswith("round:"):  # ties settled by the rule are checked with the round
            films = {(film, rank) for film, rank, _settled in ranks}
            fits = any(films <= {row[:2] for row in table} for table in tables.get(order, ()))
        yield Check(f"{name}: {order} is in this document", fits)

    carried = {
        vote["vote"]: vote
        for vote in data["votes"]
        if vote["inputs"]["kind"] == votes.MOTION and vote["result"].get("result") == CARRIED
    }
    for pin in version["changes"].get("pinned", ()):
        if "vote" in pin:
            yield Check(f"{name}: {pin['slot']} {pin['place']} by a motion", _moved(pin, carried))


def _moved(pin: Mapping[str, Any], carried: Mapping[int, Any]) -> bool:
    """Whether the jury has carried just what the place says."""
    vote = carried.get(pin["vote"])
    if vote is None or vote["slot"] != pin["slot"]:
        return False
    return pin["film"] in (vote["films"] if vote["motion"] != "vacant" else [""])


def _orders(data: Mapping[str, Any]) -> dict[str, list[set[tuple[str, Any, int]]]]:
    """By name of an order all that it could be, as film, rank and settled place."""
    found: dict[str, list[set[tuple[str, Any, int]]]] = {}
    for round in data["rounds"]:
        found[f"round:{round['round']}"] = [
            {(line["film"], line["place"], 0) for line in row["rows"]} for row in round["standings"]
        ]
    for vote in data["votes"]:
        lines = award_inputs.vote_order(vote["inputs"]["kind"], vote["result"])
        rows = {(line["film"], line["rank"], line.get("settled", 0)) for line in lines}
        found.setdefault(f"ballot:{vote['slot']}", []).append(rows)
    for poll in data["audience"]:
        found[f"audience:{poll['slot']}"] = [
            {(row["entry"], row["rank"], 0) for row in result["rows"] if row["votes"]}
            for result in poll["results"]
        ]
    return found
