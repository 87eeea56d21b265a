"""Counting of ballots against two libraries: pref_voting, whose answers are kept, and votelib, which is asked.

pref_voting names all winners for every method. votelib names one winner of Schulze where several are unbeaten, so
its winner must be one of ours, and the same where ours is alone. Its run-off stops at a tie for elimination, and shares
the votes of equal places otherwise than in equal parts; so it is asked about ballots without equal places, and held to
where it does not stop.
"""

import json
from collections import Counter
from random import Random
from typing import Any

import pytest
from votelib.convert import ApprovalToSimpleVotes, RankedToCondorcetVotes
from votelib.evaluate.cardinal import ScoreVoting
from votelib.evaluate.condorcet import Schulze
from votelib.evaluate.core import Plurality
from votelib.evaluate.sequential import TransferableVoteSelector

from judging.logic.commands.ballots import count
from tests.judging import profiles
from tests.judging.profiles import FILMS, NUMBER, Sheet
from tests.judging.test_runoff import ranks

MAKE = {
    "schulze": profiles.ranked,
    "instant_runoff": profiles.ranked,
    "approval": profiles.approval,
    "points": profiles.points,
}


def winners(method: str, sheets: list[Sheet]) -> set[str]:
    """By the command, as anybody can ask it; a juror without a line for a film is recused from it."""
    rows = []
    for number, sheet in enumerate(sheets):
        votes = {film: value for film, value in sheet.items() if value is not None}
        rows.append({"voter": str(number), "votes": votes, "recused": [f for f in FILMS if f not in sheet]})
    found = count({"method": method, "films": list(FILMS), "ballots": rows})
    return set(found["winners"])


def named(found: Any) -> set[str]:
    return {found} if isinstance(found, str) else set(found)


@pytest.mark.parametrize("method", profiles.METHODS)
def test_a_thousand_profiles_have_the_winners_of_pref_voting(method: str) -> None:
    kept = json.loads(profiles.KEPT.read_text(encoding="utf-8"))
    assert (kept["library"], kept["profiles"]) == ("pref_voting 1.18.2", profiles.profiles_digest())
    theirs = [set(row) for row in kept[method]]
    assert sum(len(one) > 1 for one in theirs) > 50
    assert [winners(method, MAKE[method](seed)) for seed in range(NUMBER)] == theirs


def test_a_thousand_profiles_have_votelibs_winner_of_schulze() -> None:
    alone = 0
    for seed in range(NUMBER):
        sheets = profiles.ranked(seed)
        votes: dict[Any, int] = {}
        for levels, number in Counter(map(ranks, sheets)).items():
            votes[tuple(next(iter(level)) if len(level) == 1 else level for level in levels)] = number
        theirs = named(Schulze().evaluate(RankedToCondorcetVotes().convert(votes), 1)[0])
        ours = winners("schulze", sheets)
        assert theirs <= ours, seed
        if len(ours) == 1:
            alone += 1
            assert theirs == ours, seed
    assert alone > 500


def test_a_thousand_profiles_have_votelibs_winners_of_approval_and_points() -> None:
    for seed in range(NUMBER):
        sheets = profiles.approval(seed)
        approved = Counter(frozenset(film for film, yes in sheet.items() if yes) for sheet in sheets)
        if any(approved):
            votes = dict.fromkeys(FILMS, 0) | ApprovalToSimpleVotes().convert(dict(approved))
            assert named(Plurality().evaluate(votes, 1)[0]) == winners("approval", sheets), seed
        sheets = profiles.points(seed)
        scores = Counter(frozenset((film, value) for film, value in sheet.items()) for sheet in sheets)
        assert named(ScoreVoting("mean").evaluate(dict(scores), 1)[0]) == winners("points", sheets), seed


def test_a_thousand_profiles_have_votelibs_winner_of_the_run_off_where_it_has_one() -> None:
    asked = 0
    for seed in range(NUMBER):
        draw = Random(seed)
        orders = [tuple(draw.sample(FILMS, draw.randint(1, 5))) for _juror in range(draw.randint(80, 120))]
        try:
            theirs = TransferableVoteSelector(quota_function=None).evaluate(dict(Counter(orders)), 1)[0]
        except NotImplementedError:  # a tie for elimination
            continue
        asked += 1
        sheets = [
            {film: order.index(film) + 1 if film in order else None for film in FILMS} for order in orders
        ]
        assert named(theirs) == winners("instant_runoff", sheets), seed
    assert asked > 500
