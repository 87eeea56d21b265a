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


def of_slot(kind: str, sheets: list[dict[str, int | None]], *, seats: int = 1, **more: object) -> dict:
    given = {str(number): list(sheet.items()) for number, sheet in enumerate(sheets)}
    casting = more.pop("casting", None)
    if casting is not None:
        more["casting"] = given[str(casting)]
    return votes.outcome(votes.inputs(kind=kind, films=FILMS, sheets=given, seats=seats, quorum=1, **more))


def test_the_run_off_may_choose_another_film_than_schulze() -> None:
    """C beats every other film in pairs, and has the fewest first places."""
    sheets = ranked("ACB", "ACB", "ACB", "BCA", "BCA", "CAB")
    sheets += ranked("BCA")
    assert of_slot("ranked", sheets)["chosen"] == ["C"]
    found = of_slot("ranked", sheets, counting=votes.RUNOFF)
    assert found["chosen"] == ["A"]
    assert [row["film"] for row in found["rows"]][:3] == ["A", "B", "C"]


def test_the_casting_ballot_decides_between_tied_films_alone() -> None:
    sheets = ranked("ABC", "BAC")
    assert of_slot("ranked", sheets)["tied"] == ["A", "B"]
    found = of_slot("ranked", sheets, casting=1)
    assert (found["chosen"], found["tied"], found["by_casting"]) == (["B"], [], ["B"])
    clear = of_slot("ranked", ranked("ABC", "ABC", "BAC"), casting=2)
    assert clear["chosen"] == ["A"] and "by_casting" not in clear
    points = [{"A": 5, "B": 5, "C": 0, "D": 0}, {"A": 5, "B": 5, "C": 0, "D": 0}]
    assert of_slot("points", points, casting=0)["tied"] == ["A", "B"]
    approval = [{"A": 1, "B": 0, "C": 0, "D": 0}, {"A": 0, "B": 1, "C": 0, "D": 0}]
    assert of_slot("approval", approval, casting=1)["chosen"] == ["B"]


def test_what_the_casting_ballot_leaves_equal_stays_tied() -> None:
    sheets = ranked("ABC", "BCA", "CAB")
    sheets[0] |= {"B": 1}
    found = of_slot("ranked", sheets, seats=1, casting=0)
    assert found["chosen"] == [] or set(found["tied"]) == set()
    even = [{"A": 1, "B": 1, "C": 0, "D": 0}, {"A": 1, "B": 1, "C": 0, "D": 0}]
    assert of_slot("approval", even, casting=0)["tied"] == ["A", "B"]
