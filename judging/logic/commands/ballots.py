"""`python -m judging.logic ballots PROFILE.json`: a jury's ballots counted. Documented in docs/judging-logic.md.

Ends with 0, or with 2 for a fault in the document, which is named by its place.
"""

import argparse
import json
import sys
from typing import Any

from judging.logic import ballots, runoff
from judging.logic.commands.documents import Fields, read_document, stop, typed
from judging.logic.commands.tables import TableError

SCHULZE, RUNOFF, MOTION = "schulze", "instant_runoff", "majority"
METHODS = (SCHULZE, RUNOFF, ballots.APPROVAL, ballots.POINTS, MOTION)
POINTS_MOST = 1_000_000


def main(arguments: list[str]) -> int:
    """Run the command and return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m judging.logic ballots", description="Counts ballots.")
    parser.add_argument("profile", metavar="PROFILE.json", help='method and ballots; "-": standard input')
    parser.add_argument("--json", action="store_true", help="print JSON (it always does)")
    asked = parser.parse_args(arguments)
    try:
        result = count(read_document(asked.profile))
    except TableError as error:
        print(error.text(), file=sys.stderr)
        return 2
    print(json.dumps(result, ensure_ascii=False, indent=1, allow_nan=False))
    return 0


def count(value: Any) -> dict[str, Any]:
    """The outcome of a profile. Raises TableError with the place of the first fault."""
    whole = Fields(value, "")
    method = whole.get("method", str)
    if method not in METHODS:
        raise stop("method", f"must be one of {', '.join(METHODS)}, not {method!r}.")
    quorum = whole.get("quorum", int, 1, least=1)
    if method == MOTION:
        return {"method": method, "version": runoff.VERSION, **_motion(whole, quorum)}
    films = whole.texts("films")
    if not films:
        raise stop("films", "there must be at least one.")
    ties, seed = runoff.BATCH, 0
    if method == RUNOFF:
        ties, seed = whole.get("ties", str, ties), whole.get("seed", int, 0)
        if ties not in (runoff.BATCH, runoff.LOT):
            raise stop("ties", f"must be batch or lot, not {ties!r}.")
    sheets = _sheets(whole, method, films)
    whole.end()
    found: dict[str, Any] = {"method": method, "cast": len(sheets), "quorum": quorum}
    if len(sheets) < quorum:
        return found | {"valid": False, "winners": [], "order": [], "values": {}}
    values: dict[str, str | None] = {}
    if method == RUNOFF:
        levels = runoff.runoff(films, sheets.values(), ties=ties, seed=seed)
    else:
        kind = ballots.RANKED if method == SCHULZE else method
        data = ballots.inputs(kind=kind, films=films, ballots={k: list(v.items()) for k, v in sheets.items()})
        counted = {film: number for film, (number, _held) in ballots.count(data).items()}
        levels = [
            sorted(film for film in counted if counted[film] == level)
            for level in sorted({number for number in counted.values() if number is not None}, reverse=True)
        ]
        if method != SCHULZE:
            values = {f: None if counted[f] is None else str(counted[f]) for f in sorted(counted)}
    return found | {"valid": True, "winners": levels[0] if levels else [], "order": levels, "values": values}


def _sheets(whole: Fields, method: str, films: tuple[str, ...]) -> dict[str, dict[str, int | None]]:
    most = {ballots.APPROVAL: 1, ballots.POINTS: POINTS_MOST}.get(method, len(films))
    least = 0 if method in (ballots.APPROVAL, ballots.POINTS) else 1
    found: dict[str, dict[str, int | None]] = {}
    for row in whole.rows("ballots"):
        voter = row.get("voter", str)
        if voter in found:
            raise stop(row.at("voter"), f"{voter!r} has voted already.")
        recused = row.texts("recused", films, "film")
        sheet: dict[str, int | None] = dict.fromkeys((film for film in films if film not in recused), None)
        for film, value in row.get("votes", dict).items():
            place = f"{row.at('votes')}.{film}"
            if film not in films:
                raise stop(place, f"there is no film {film!r}.")
            if film in recused:
                raise stop(place, f"{voter!r} is recused from it.")
            sheet[film] = typed(value, int, place, least=least, most=most)
        row.end()
        found[voter] = sheet
    return found


def _motion(whole: Fields, quorum: int) -> dict[str, Any]:
    recused, casting = whole.texts("recused"), whole.get("casting", str, None)
    votes: dict[str, str] = {}
    for row in whole.rows("ballots"):
        voter, vote = row.get("voter", str), row.get("vote", str)
        if voter in votes:
            raise stop(row.at("voter"), f"{voter!r} has voted already.")
        if voter in recused:
            raise stop(row.at("voter"), f"{voter!r} is recused.")
        if vote not in (runoff.YES, runoff.NO, runoff.ABSTAIN):
            raise stop(row.at("vote"), f"must be yes, no or abstain, not {vote!r}.")
        votes[voter] = vote
        row.end()
    whole.end()
    return {"quorum": quorum, **runoff.majority(votes, quorum=quorum, recused=recused, casting=casting)}
