"""The outcome of a vote in a meeting: who is chosen, and who is tied for the last places.

The ballots are counted by judging.logic.ballots, ranked ones by Schulze's method or by instant run-off
(judging.logic.runoff); here the line is drawn. Values in, values out: the inputs kept give the same outcome again.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from judging.logic import ballots
from judging.logic.gates import ranked
from judging.logic.runoff import runoff

VERSION = 1
SCHULZE, RUNOFF = "schulze", "runoff"


def inputs(
    *,
    kind: str,
    films: Iterable[str],
    sheets: Mapping[str, Iterable[ballots.Line]],
    seats: int,
    quorum: int,
    counting: str = SCHULZE,
    casting: Iterable[ballots.Line] | None = None,
) -> dict[str, Any]:
    """Canonical inputs: those of the ballots, and what the vote asks for. Raises ValueError as they do.

    `counting` is of ranked ballots. `casting`: the ballot (one of the sheets) that decides between tied films.
    """
    more: dict[str, Any] = {}
    if counting != SCHULZE:
        more["counting"] = counting
    if casting is not None:
        more["casting"] = sorted([film, value] for film, value in casting)
    return {
        **more,
        **ballots.inputs(kind=kind, films=films, ballots=sheets),
        "method": "vote",
        "version": VERSION,
        "seats": seats,
        "quorum": quorum,
    }


def outcome(data: Mapping[str, Any]) -> dict[str, Any]:
    """What was decided: {"cast", "valid", "rows": [{"film", "rank", "value", "ballots"}], "chosen", "tied"}.

    Without a quorum `valid` is false and nothing is counted. As many films are chosen as have seats; films of the same
    rank that do not all fit are `tied`, and none of them is chosen. Where there is a casting ballot it orders them
    first (`by_casting`: those that it chose); only what it leaves equal is tied. A film that nobody has approved of
    or given a point, or ranked, is never chosen.
    """
    cast = len(data["ballots"])
    if cast < data["quorum"]:
        return {"cast": cast, "valid": False, "rows": [], "chosen": [], "tied": []}
    rows = ranked(_values(data))
    wanted = _wanted(data)
    chosen: list[str] = []
    tied: list[str] = []
    cast_for: list[str] = []
    for place in sorted({row.rank for row in rows if row.rank is not None}):
        group = [row.film for row in rows if row.rank == place and row.film in wanted]
        if len(chosen) + len(group) > data["seats"]:
            if len(chosen) < data["seats"]:
                cast_for, tied = _casting(data, group, data["seats"] - len(chosen))
                chosen += cast_for
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
        **({"by_casting": cast_for} if cast_for else {}),
    }


def _values(data: Mapping[str, Any]) -> dict[str, tuple[Fraction | None, int]]:
    """A value by film, the higher the better, and how many ballots held it."""
    if data.get("counting", SCHULZE) == SCHULZE:
        return ballots.count(data)
    sheets = [dict(row) for row in data["ballots"]]
    levels = runoff(data["films"], sheets)
    place = {film: number for number, level in enumerate(levels) for film in level}
    held = {film: sum(film in sheet for sheet in sheets) for film in data["films"]}
    return {film: (Fraction(-place[film]) if held[film] else None, held[film]) for film in data["films"]}


def _casting(data: Mapping[str, Any], group: list[str], seats: int) -> tuple[list[str], list[str]]:
    """Of films tied for so many places: those that the casting ballot puts first, and those that stay tied."""
    if "casting" not in data:
        return [], group
    sheet = dict(data["casting"])
    last = float("inf")
    sign = 1 if data["kind"] == ballots.RANKED else -1

    def turn(film: str) -> float:
        value = sheet.get(film)
        return last if value is None else sign * value

    chosen: list[str] = []
    for step in sorted({turn(film) for film in group}):
        level = [film for film in group if turn(film) == step]
        if len(chosen) + len(level) > seats:
            return chosen, level if len(chosen) < seats else []
        chosen += level
    return chosen, []


def _wanted(data: Mapping[str, Any]) -> set[str]:
    return {film for sheet in data["ballots"] for film, value in sheet if value}
