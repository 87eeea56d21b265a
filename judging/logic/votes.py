"""The outcome of a vote in a meeting: who is chosen, and who is tied for the last places; or whether a motion is
carried.

The ballots are counted by judging.logic.ballots, ranked ones by Schulze's method or by instant run-off
(judging.logic.runoff); here the line is drawn. Values in, values out: the inputs kept give the same outcome again.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from judging.logic import ballots
from judging.logic.gates import ranked
from judging.logic.runoff import majority, runoff
from judging.logic.standing import Row

VERSION = 1
SCHULZE, RUNOFF = "schulze", "runoff"
MAJORITY, MOTION = "majority", "motion"  # kinds of votes that are no kinds of ballots


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
        **ballots.inputs(kind=ballots.APPROVAL if kind == MAJORITY else kind, films=films, ballots=sheets),
        "kind": kind,
        "method": "vote",
        "version": VERSION,
        "seats": seats,
        "quorum": quorum,
    }


def motion_inputs(
    *, answers: Mapping[str, str], quorum: int, recused: int, casting: str | None = None
) -> dict[str, Any]:
    """Canonical inputs of a motion: yes, no and abstentions without names. `casting`: the voter (of `answers`) whose
    own answer decides when yes and no are equal; it is kept by itself.
    """
    more = {} if casting is None else {"casting": answers.get(casting)}
    return {
        **more,
        "method": "vote",
        "version": VERSION,
        "kind": MOTION,
        "films": [],
        "ballots": sorted(answers.values()),
        "recused": recused,
        "quorum": quorum,
    }


def _motion(data: Mapping[str, Any]) -> dict[str, Any]:
    answers = {str(number): answer for number, answer in enumerate(data["ballots"])}
    deciding = data.get("casting")
    casting = next((voter for voter, answer in answers.items() if answer == deciding), None)
    found = majority(answers, quorum=data["quorum"], casting=casting)
    valid = found["result"] != "no_quorum"
    none: dict[str, list[Any]] = {"rows": [], "chosen": [], "tied": []}
    if not valid:  # nothing is told of ballots that were too few
        return {"cast": found["cast"], "valid": False, **none}
    return {**found, "recused": data["recused"], "valid": True, **none}


def outcome(data: Mapping[str, Any]) -> dict[str, Any]:
    """What was decided: {"cast", "valid", "rows": [{"film", "rank", "value", "ballots"}], "chosen", "tied"}.

    Without a quorum `valid` is false and nothing is counted. As many films are chosen as have seats; films of the same
    rank that do not all fit are `tied`, and none of them is chosen. Where there is a casting ballot it orders them
    first (`by_casting`: those that it chose); only what it leaves equal is tied. A film that nobody has approved of
    or given a point, or ranked, is never chosen.

    By plain majority (one film a ballot) a film is chosen with more than half of the ballots; if none has so many,
    the films with most votes, two at least, are `tied`: the jury votes again among them. A motion has `yes`, `no`,
    `abstain` and `result` ("carried", "lost", "tied") instead of films.
    """
    if data["kind"] == MOTION:
        return _motion(data)
    cast = len(data["ballots"])
    if cast < data["quorum"]:
        return {"cast": cast, "valid": False, "rows": [], "chosen": [], "tied": []}
    rows = ranked(_values(data))
    wanted = _wanted(data)
    if data["kind"] == MAJORITY:
        return _majority(data, rows, wanted)
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
    return _found(cast, rows, chosen, tied, cast_for)


def _found(
    cast: int, rows: Iterable[Row], chosen: list[str], tied: list[str], by_casting: list[str]
) -> dict[str, Any]:
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
        **({"by_casting": by_casting} if by_casting else {}),
    }


def _majority(data: Mapping[str, Any], rows: list[Row], wanted: set[str]) -> dict[str, Any]:
    """More than half of the ballots, counted as they are: who has left the room for a film votes on the others."""
    cast = len(data["ballots"])
    votes = {film: sum(dict(sheet).get(film) == 1 for sheet in data["ballots"]) for film in wanted}
    most = max(votes.values(), default=0)
    leaders = sorted(film for film in wanted if votes[film] == most)
    if 2 * most > cast:
        return _found(cast, rows, leaders, [], [])
    if 2 * most == cast and len(leaders) == 2 and "casting" in data:
        first, rest = _casting(data, leaders, 1)
        if first:
            return _found(cast, rows, first, [], first)
        return _found(cast, rows, [], rest, [])
    if len(leaders) == 1:
        second = max((votes[film] for film in wanted if votes[film] < most), default=0)
        leaders = sorted(film for film in wanted if votes[film] >= second)
    return _found(cast, rows, [], leaders, [])


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
