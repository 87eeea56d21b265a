"""The outcome of a vote in a meeting: who is chosen, and who is tied for the last places.

The ballots are counted by judging.logic.ballots; here the line is drawn. Values in, values out: the inputs kept give
the same outcome again.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from judging.logic import ballots
from judging.logic.gates import ranked

VERSION = 1


def inputs(
    *,
    kind: str,
    films: Iterable[str],
    sheets: Mapping[str, Iterable[ballots.Line]],
    seats: int,
    quorum: int,
) -> dict[str, Any]:
    """Canonical inputs: those of the ballots, and what the vote asks for. Raises ValueError as they do."""
    return {
        **ballots.inputs(kind=kind, films=films, ballots=sheets),
        "method": "vote",
        "version": VERSION,
        "seats": seats,
        "quorum": quorum,
    }


def outcome(data: Mapping[str, Any]) -> dict[str, Any]:
    """What was decided: {"cast", "valid", "rows": [{"film", "rank", "value", "ballots"}], "chosen", "tied"}.

    Without a quorum `valid` is false and nothing is counted. As many films are chosen as have seats; films of the same
    rank that do not all fit are `tied`, and none of them is chosen. A film that nobody has approved of or given a
    point, or ranked, is never chosen.
    """
    cast = len(data["ballots"])
    if cast < data["quorum"]:
        return {"cast": cast, "valid": False, "rows": [], "chosen": [], "tied": []}
    rows = ranked(ballots.count(data))
    wanted = _wanted(data)
    chosen: list[str] = []
    tied: list[str] = []
    for place in sorted({row.rank for row in rows if row.rank is not None}):
        group = [row.film for row in rows if row.rank == place and row.film in wanted]
        if len(chosen) + len(group) > data["seats"]:
            tied = group if len(chosen) < data["seats"] else []
            break
        chosen += group
    return {
        "cast": cast,
        "valid": True,
        "rows": [
            {
                "film": row.film,
                "rank": row.rank,
                "value": None if row.exact is None else str(row.exact),
                "ballots": row.looks,
            }
            for row in rows
        ],
        "chosen": chosen,
        "tied": tied,
    }


def _wanted(data: Mapping[str, Any]) -> set[str]:
    return {film for sheet in data["ballots"] for film, value in sheet if value}
