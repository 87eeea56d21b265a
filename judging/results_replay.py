"""Computing an exported document's results again, by the code alone: nothing in it is taken on trust but the inputs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from judging import award_fill, gate_results, hand_out, standing_actions
from judging.logic import adjusted, standing, ties, votes
from judging.logic.awarding import engine
from judging.logic.canonical import canonical, digest
from judging.models import Allocation
from judging.results_export import FORMAT, VERSION


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was computed again: what it is, and whether it came out the same."""

    what: str
    same: bool


class NotAnExport(ValueError):
    """The document is none of ours, or of another version."""


def verify(data: Mapping[str, Any], raw: bytes | None = None) -> Iterator[Check]:
    """Every result of the document, computed anew from its inputs and compared to the byte.

    `raw`: the file as it came; it must be the canonical form of the document. Raises NotAnExport.
    """
    if data.get("format") != FORMAT or data.get("version") != VERSION:
        raise NotAnExport(f"This is no export of results of version {VERSION}.")
    if raw is not None:
        yield Check("the file's form", canonical(data) == raw.rstrip(b"\n"))
    for round in data["rounds"]:
        yield from _round(round)
    for vote in data["votes"]:
        again = votes.outcome(vote["inputs"])
        yield Check(
            f"vote {vote['vote']}",
            canonical(again) == canonical(vote["result"]) and digest(again) == vote["result_digest"],
        )
    for version in data["awards"]:
        yield from _award(version, data["rounds"])


def _round(round: Mapping[str, Any]) -> Iterator[Check]:
    name = f"round {round['round']}"
    for number, row in enumerate(round["allocations"], 1):
        kept = Allocation(
            method=row["method"],
            method_version=row["method_version"],
            inputs=row["inputs"],
            inputs_digest=row["inputs_digest"],
            result_digest=row["result_digest"],
        )
        yield Check(f"{name}: drawing of looks {number}", hand_out.replay_allocation(kept))
    for row in round["standings"]:
        yield from _standing(row, f"{name}: standing {row['number']}", round["seed"])
    for number, row in enumerate(round["ties"], 1):
        same = (row["method"], row["method_version"]) == (ties.METHOD, ties.VERSION)
        same = same and digest(row["inputs"]) == row["inputs_digest"]
        same = same and ties.result_digest(ties.compute(row["inputs"])) == row["result_digest"]
        yield Check(f"{name}: ties settled {number}", same)


def _standing(row: Mapping[str, Any], name: str, seed: int) -> Iterator[Check]:
    inputs = row["inputs"]
    whole = gate_results.VERSIONS.get(row["method"]) == row["method_version"]
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
    if model:
        known = (model["method"], model["method_version"]) == (adjusted.METHOD, adjusted.VERSION)
        models = standing_actions.modelled(inputs, cut=model["cut"], seed=seed) if known else None
        same = models is not None and models.digest == model["digest"] and model["seed"] == seed
        yield Check(f"{name}: model of judges and films", same)
        if models is not None and row["decides"] != "official":
            columns = standing_actions.columns_of(models)
            by = "adjusted_rank" if row["decides"] == "adjusted" else "own_rank"
            places = {film: columns.get(film, {}).get(by) for film in places}
    yield Check(
        f"{name}: places by what decides", {line["film"]: line["place"] for line in row["rows"]} == places
    )


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _award(version: Mapping[str, Any], rounds: list[Mapping[str, Any]]) -> Iterator[Check]:
    name = f"award list, version {version['number']}"
    whole = (version["method"], version["method_version"]) == (engine.METHOD, engine.VERSION)
    whole = whole and digest(version["problem"]) == version["problem_digest"]
    yield Check(f"{name}: inputs", whole)
    if not whole:
        return
    again = award_fill.solve(version["problem"])
    same = canonical(again) == canonical(version["result"]) and digest(again) == version["result_digest"]
    yield Check(f"{name}: places", same)
    # The orders it was filled from are places of standings in this very document.
    tables = {
        f"round:{round['round']}": [
            {line["film"]: line["place"] for line in row["rows"]} for row in round["standings"]
        ]
        for round in rounds
    }
    for order, lines in version["problem"]["orders"].items():
        if order.startswith("round:"):
            ranks = {line["film"]: line["rank"] for line in lines}
            fits = any(ranks.items() <= table.items() for table in tables.get(order, ()))
            yield Check(f"{name}: {order} is a standing", fits)
