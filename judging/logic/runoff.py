"""Instant run-off of ranked ballots, and the plain majority of a motion."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from judging.logic.canonical import lot

BATCH, LOT = "batch", "lot"
VERSION = 1

CARRIED, LOST, TIED, NO_QUORUM = "carried", "lost", "tied", "no_quorum"
YES, NO, ABSTAIN = "yes", "no", "abstain"


def runoff(
    films: Iterable[str], ballots: Iterable[Mapping[str, int | None]], *, ties: str = BATCH, seed: int = 0
) -> list[list[str]]:
    """Levels of films, the winners first.

    Round by round each ballot speaks for the films it places highest among those left, in equal parts; a ballot
    without a placed film left is silent. The film with the fewest votes goes. Of several with the fewest all go
    together (`batch`: they share a level; if nobody else is left, they all win), or one of them by a lot (`lot`) that
    anybody can draw again: judging.logic.canonical.lot of the seed, the round and the film, the lowest number goes.
    """
    left, sheets = set(films), list(ballots)
    gone: list[list[str]] = []
    while left:
        votes = dict.fromkeys(left, Fraction(0))
        for sheet in sheets:
            placed = {film: value for film, value in sheet.items() if film in left and value is not None}
            first = [film for film in placed if placed[film] == min(placed.values())]
            for film in first:
                votes[film] += Fraction(1, len(first))
        least = sorted(film for film in left if votes[film] == min(votes.values()))
        if ties == LOT:
            least = [min(least, key=lambda film: (lot(seed, str(len(gone)), film), film))]
        gone.append(least)
        left -= set(least)
    return gone[::-1]


def majority(
    votes: Mapping[str, str], *, quorum: int, recused: Iterable[str] = (), casting: str | None = None
) -> dict[str, Any]:
    """The outcome of a motion: carried with more yes than no.

    Those who abstain count for the quorum and for nothing else; those recused count for nothing at all, and a vote of
    theirs is refused with ValueError. `casting`: the voter (the chair) whose own
    vote decides when yes and no are equal.
    """
    away = set(recused)
    if away & set(votes):
        raise ValueError("Somebody who is recused has voted.")
    numbers = {kind: sum(vote == kind for vote in votes.values()) for kind in (YES, NO, ABSTAIN)}
    if sum(numbers.values()) != len(votes):
        raise ValueError("A vote is yes, no or abstain.")
    found: dict[str, Any] = {**numbers, "cast": len(votes), "recused": len(away), "by_casting_vote": False}
    if len(votes) < quorum:
        return found | {"result": NO_QUORUM}
    if numbers[YES] != numbers[NO]:
        return found | {"result": CARRIED if numbers[YES] > numbers[NO] else LOST}
    deciding = votes.get(casting) if casting is not None else None
    if deciding in (YES, NO):
        return found | {"result": CARRIED if deciding == YES else LOST, "by_casting_vote": True}
    return found | {"result": TIED}
