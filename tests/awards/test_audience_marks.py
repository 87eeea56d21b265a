"""Marks find votes of one hand, and are rare where there are none. The polls are synthetic (benchmarks/audience.py)."""

import random

import pytest

from benchmarks.audience import PLANTED, honest, plant
from festival.awards.audience.marks import marks_of
from festival.awards.audience.votes import Vote, count, digest, document, numbered


def test_planted_votes_are_marked_each_by_its_own_way_and_few_others() -> None:
    others, every = 0, 0
    for seed in range(4):
        votes = honest(3000, 20, seed)
        placed = plant(votes, 20, seed + 100)
        marks = marks_of(votes)
        for way, places in placed.items():
            seen = {place for mark in marks if mark.kind == way for place in mark.votes}
            assert len(places & seen) >= 0.9 * PLANTED[way], (seed, way)
        planted = set().union(*placed.values())
        others += len({place for mark in marks for place in mark.votes} - planted)
        every += len(votes) - len(planted)
    assert others / every < 0.005


def test_honest_polls_have_hardly_a_mark() -> None:
    found = [marks_of(honest(2000, 20, seed)) for seed in range(10)]
    assert sum(len(marks) for marks in found) <= 2


def test_many_networks_of_one_hand_do_not_hide_each_other() -> None:
    draw = random.Random(1)
    votes = [Vote(at * 200, (f"F{draw.randint(0, 9)}",), at % 1000 + 1) for at in range(3000)]
    for network in range(2000, 2040):
        votes += [Vote(draw.randint(0, 600_000), ("F9",), network) for _turn in range(12)]
    marks = [mark for mark in marks_of(votes) if mark.kind == "network"]
    assert {mark.facts["network"] for mark in marks} == set(range(2000, 2040))


def test_a_cinema_that_votes_at_one_time_from_one_network_is_no_mark() -> None:
    draw = random.Random(2)
    votes = [Vote(at * 600, (f"F{at % 10}",), at) for at in range(1, 500)]
    serials = draw.sample(range(1, 201), 200)
    votes += [Vote(50_000 + turn, ("F1",), 1, batch=1, serial=serial) for turn, serial in enumerate(serials)]
    assert marks_of(votes) == []


@pytest.mark.parametrize(("way", "step"), [("up", 1), ("down", -1)])
def test_codes_used_in_a_row_for_one_film_are_a_mark(way: str, step: int) -> None:
    draw = random.Random(3)
    rest = draw.sample(range(50, 200), 100)
    votes = [
        Vote(turn * 60, (f"F{turn % 5}",), 1, batch=1, serial=serial) for turn, serial in enumerate(rest)
    ]
    taken = list(range(20, 28))[::step]
    votes += [Vote(10_000 + turn, ("F4",), 1, batch=1, serial=serial) for turn, serial in enumerate(taken)]
    (mark,) = marks_of(votes)
    assert (mark.kind, mark.film, mark.votes) == ("sequence", "F4", tuple(range(100, 108)))
    assert dict(mark.facts) == {"batch": 1, "first": 20, "last": 27}


def test_a_burst_is_held_against_the_film_and_the_poll() -> None:
    evening = [Vote(at * 300, (f"F{at % 10}",)) for at in range(1000)]
    # Everybody at once, each film in its share: no mark. As many for one film: a mark.
    crowd = [Vote(60_000 + at, (f"F{at % 10}",)) for at in range(200)]
    assert marks_of(evening + crowd) == []
    (mark,) = marks_of(evening + [Vote(60_000 + at * 2, ("F3",)) for at in range(40)])
    assert (mark.kind, mark.film) == ("burst", "F3")
    assert set(range(1000, 1040)) <= set(mark.votes) and len(mark.votes) <= 42
    assert mark.expected == pytest.approx(mark.size * 0.1, rel=0.05)
    assert mark.facts["from"] <= 60_000 and mark.facts["to"] >= 60_078


def test_a_poll_without_votes_or_with_one_has_no_marks() -> None:
    assert marks_of([]) == marks_of([Vote(0, ("A",), 1, 1, 5)]) == []
    assert marks_of([Vote(0, ("A",))] * 500) == []


def test_ranks_are_shared_and_votes_set_aside_are_told_beside() -> None:
    votes = [Vote(0, ("A", "B")), Vote(0, ("A",)), Vote(0, ("B",)), Vote(0, ("C",)), Vote(0, ("A",))]
    rows = count({"C": "", "A": "E1", "B": "", "D": ""}, votes, aside=[1])
    assert [(row["film"], row["rank"], row["votes"], row["rank_all"], row["votes_all"]) for row in rows] == [
        ("A", 1, 2, 1, 3), ("B", 1, 2, 2, 2), ("C", 3, 1, 3, 1), ("D", 4, 0, 4, 0),
    ]  # fmt: skip


def test_numbers_are_given_in_order_and_numbering_again_changes_nothing() -> None:
    numbers = numbered(["x", "", "y", "x", "z"])
    assert numbers == [1, None, 2, 1, 3]
    assert numbered("" if one is None else str(one) for one in numbers) == numbers


def test_the_digest_is_of_the_votes_and_nothing_else() -> None:
    votes = [Vote(5, ("B", "A"), 1)]
    same = digest(document({"A": "", "B": ""}, 2, votes))
    assert digest(document({"B": "", "A": ""}, 2, [Vote(5, ("A", "B"), 1)])) == same
    assert digest(document({"A": "", "B": ""}, 2, [Vote(6, ("A", "B"), 1)])) != same
