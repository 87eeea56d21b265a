"""The outcome of a vote: who is chosen, who is tied, and when nothing is decided."""

from fractions import Fraction
from random import Random

import pytest

from judging.logic import votes
from judging.logic.canonical import canonical

FILMS = ("A", "B", "C", "D")


def outcome(kind: str, sheets: list[dict[str, int | None]], *, seats: int = 1, quorum: int = 1) -> dict:
    given = {str(number): list(sheet.items()) for number, sheet in enumerate(sheets)}
    return votes.outcome(votes.inputs(kind=kind, films=FILMS, sheets=given, seats=seats, quorum=quorum))


def ranked(*orders: str) -> list[dict[str, int | None]]:
    """Ballots from orders like "ABC": the others without a place."""
    return [{film: order.index(film) + 1 if film in order else None for film in FILMS} for order in orders]


def test_the_first_of_a_ranked_vote_is_chosen() -> None:
    found = outcome("ranked", ranked("ABC", "AB", "BAC"))
    assert (found["cast"], found["valid"], found["chosen"], found["tied"]) == (3, True, ["A"], [])
    assert [(row["film"], row["rank"]) for row in found["rows"]] == [("A", 1), ("B", 2), ("C", 3), ("D", 4)]


def test_films_that_do_not_all_fit_are_tied_and_none_of_them_is_chosen() -> None:
    found = outcome("ranked", ranked("ABC", "ACB"), seats=2)
    assert (found["chosen"], found["tied"]) == (["A"], ["B", "C"])


def test_tied_films_that_all_fit_are_chosen() -> None:
    found = outcome("ranked", ranked("ABC", "ACB"), seats=3)
    assert (found["chosen"], found["tied"]) == (["A", "B", "C"], [])


def test_without_a_quorum_nothing_is_decided_and_nothing_counted() -> None:
    found = outcome("points", [{"A": 10}], quorum=2)
    assert found == {"cast": 1, "valid": False, "rows": [], "chosen": [], "tied": []}


def test_a_film_that_nobody_wants_is_not_chosen_even_if_there_is_a_seat() -> None:
    sheets = [{"A": 1, "B": 0, "C": 0, "D": 0}, {"A": 1, "B": 1, "C": 0, "D": 0}]
    found = outcome("approval", sheets, seats=4)
    assert (found["chosen"], found["tied"]) == (["A", "B"], [])


def test_who_left_the_room_counts_neither_for_nor_against() -> None:
    found = outcome("points", [{"A": 10, "B": 8, "C": 0, "D": 0}, {"B": 9, "C": 0, "D": 0}], seats=1)
    rows = {row["film"]: (Fraction(row["value"]), row["ballots"]) for row in found["rows"]}
    assert rows["A"] == (Fraction(10), 1)
    assert rows["B"] == (Fraction(17, 2), 2)
    assert found["chosen"] == ["A"]


@pytest.mark.parametrize("kind", ["ranked", "approval", "points"])
def test_the_order_of_ballots_and_films_changes_nothing(kind: str) -> None:
    random = Random(3)
    most = {"ranked": 4, "approval": 1, "points": 10}[kind]
    for _case in range(50):
        sheets = {
            str(number): [(film, random.randint(0, most) or None) for film in FILMS] for number in range(5)
        }
        first = votes.inputs(kind=kind, films=FILMS, sheets=sheets, seats=2, quorum=1)
        mixed = {name: random.sample(lines, len(lines)) for name, lines in reversed(sheets.items())}
        again = votes.inputs(kind=kind, films=FILMS[::-1], sheets=mixed, seats=2, quorum=1)
        assert canonical(votes.outcome(first)) == canonical(votes.outcome(again))
