"""Counting a jury's ballots: approval, points, and ranked ones by Schulze.

A juror who may not vote on a film has no line for it: she counts neither for nor against it. So approval and points
are means over those who could vote, and of two films only those ballots speak that hold both.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

RANKED, APPROVAL, POINTS = "ranked", "approval", "points"
VERSION = 1

Line = tuple[str, int | None]  # film and value


def inputs(*, kind: str, films: Iterable[str], ballots: Mapping[str, Iterable[Line]]) -> dict[str, Any]:
    """Canonical inputs. Ballots come by juror; a film without a value is ranked behind all that have one.

    The jurors' names are not kept with what they voted: ballots are secret, and sorted as they are.
    """
    known = set(films)
    rows = []
    for lines in ballots.values():
        ballot = dict(lines)
        if not set(ballot) <= known:
            raise ValueError("A ballot holds a film that is not on the list.")
        rows.append(sorted([film, value] for film, value in ballot.items()))
    key = [[(film, value is None, value or 0) for film, value in row] for row in rows]
    return {
        "method": "ballot",
        "version": VERSION,
        "kind": kind,
        "films": sorted(known),
        "ballots": [row for _key, row in sorted(zip(key, rows, strict=True), key=lambda pair: pair[0])],
    }


def count(data: Mapping[str, Any]) -> dict[str, tuple[Fraction | None, int]]:
    """A value by film, the higher the better, and how many ballots held it. None: nobody could vote on it."""
    ballots = [dict(row) for row in data["ballots"]]
    held = {film: [ballot[film] for ballot in ballots if film in ballot] for film in data["films"]}
    if data["kind"] == RANKED:
        levels = schulze_levels(data["films"], ballots)
        return {film: (Fraction(-levels[film]) if held[film] else None, len(held[film])) for film in held}
    return {
        film: (Fraction(sum(value or 0 for value in values), len(values)) if values else None, len(values))
        for film, values in held.items()
    }


def schulze_levels(films: list[str], ballots: list[dict[str, int | None]]) -> dict[str, int]:
    """0 for the winners: those whom nobody beats along the strongest paths. 1 for the winners of the rest, and so on.

    Source: M. Schulze, A new monotonic, clone-independent … method (2011), strength of a link: winning votes.
    """
    strength = {(one, other): 0 for one in films for other in films if one != other}
    for ballot in ballots:
        placed = [(film, float("inf") if value is None else value) for film, value in ballot.items()]
        for one, first in placed:
            for other, second in placed:
                if first < second:
                    strength[one, other] += 1
    path = {(one, other): won if won > strength[other, one] else 0 for (one, other), won in strength.items()}
    for middle in films:
        for one in films:
            if one == middle:
                continue
            for other in films:
                if other in (one, middle):
                    continue
                through = min(path[one, middle], path[middle, other])
                path[one, other] = max(path[one, other], through)
    levels: dict[str, int] = {}
    left, level = list(films), 0
    while left:
        best = [
            one for one in left if all(path[one, other] >= path[other, one] for other in left if other != one)
        ]
        levels |= dict.fromkeys(best, level)
        left = [film for film in left if film not in levels]
        level += 1
    return levels
