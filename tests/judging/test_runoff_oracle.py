"""Schulze against votelib, which names one winner where several are unbeaten."""

from collections import Counter
from typing import Any

from votelib.convert import RankedToCondorcetVotes
from votelib.evaluate.condorcet import Schulze

from tests.judging.test_runoff import profile, ranks, schulze


def test_a_thousand_profiles_have_the_winner_of_the_library() -> None:
    alone = 0
    for seed in range(1000):
        sheets = profile(seed)
        votes: dict[Any, int] = {}
        for levels, number in Counter(map(ranks, sheets)).items():
            votes[tuple(next(iter(level)) if len(level) == 1 else level for level in levels)] = number
        found = Schulze().evaluate(RankedToCondorcetVotes().convert(votes), 1)[0]
        theirs = {found} if isinstance(found, str) else set(found)
        ours = schulze(sheets)
        assert theirs <= ours, seed
        if len(ours) == 1:
            alone += 1
            assert theirs == ours, seed
    assert alone > 500
