"""Schulze against a library, run-off against its definition written anew, and motions."""

from fractions import Fraction

import pytest

from judging.logic import ballots, runoff
from tests.judging.profiles import FILMS, ranked


def ranks(sheet: dict[str, int | None]) -> tuple[frozenset[str], ...]:
    """A ballot as levels from the best down; those without a place share the last."""
    values = sorted({99 if value is None else value for value in sheet.values()})
    return tuple(
        frozenset(film for film in FILMS if (99 if sheet[film] is None else sheet[film]) == value)
        for value in values
    )


def widest_paths(sheets: list[dict[str, int | None]]) -> set[str]:
    """Schulze's winners from the definition: by trying every threshold for a path, not by Floyd and Warshall."""
    level = [{film: 99 if value is None else value for film, value in sheet.items()} for sheet in sheets]
    won = {(a, b): sum(one[a] < one[b] for one in level) for a in FILMS for b in FILMS}

    def reach(start: str, end: str, least: int) -> bool:
        seen, todo = {start}, [start]
        while todo:
            here = todo.pop()
            for there in FILMS:
                if there not in seen and won[here, there] > won[there, here] and won[here, there] >= least:
                    seen.add(there)
                    todo.append(there)
        return end in seen

    def path(a: str, b: str) -> int:
        return max((n for n in range(1, len(sheets) + 1) if reach(a, b, n)), default=0)

    return {a for a in FILMS if all(path(a, b) >= path(b, a) for b in FILMS if b != a)}


def schulze(sheets: list[dict[str, int | None]]) -> set[str]:
    return {film for film, level in ballots.schulze_levels(list(FILMS), sheets).items() if level == 0}


def runoff_anew(sheets: list[dict[str, int | None]], left: frozenset[str]) -> set[str]:
    """The winners by the definition, recursively."""
    votes = {
        film: sum(
            (
                Fraction(1, sum(sheet[one] == sheet[film] for one in left))
                for sheet in sheets
                if sheet[film] is not None
                and all(sheet[one] is None or sheet[one] >= sheet[film] for one in left)
            ),
            Fraction(0),
        )
        for film in left
    }
    staying = frozenset(film for film in left if votes[film] > min(votes.values()))
    return runoff_anew(sheets, staying) if staying else set(left)


def test_a_thousand_profiles_give_the_winners_of_the_definitions() -> None:
    several = 0
    for seed in range(1000):
        sheets = ranked(seed)
        several += len(schulze(sheets)) > 1
        assert schulze(sheets) == widest_paths(sheets), seed
        assert set(runoff.runoff(FILMS, sheets)[0]) == runoff_anew(sheets, frozenset(FILMS)), seed
    assert several > 50


def test_a_lot_takes_one_at_a_time_and_can_be_drawn_again() -> None:
    sheets = [{"A": 1, "B": 2}, {"B": 1, "A": 2}]
    drawn = {tuple(map(tuple, runoff.runoff("AB", sheets, ties="lot", seed=seed))) for seed in range(20)}
    assert drawn == {(("A",), ("B",)), (("B",), ("A",))}
    assert runoff.runoff("AB", sheets) == [["A", "B"]]


@pytest.mark.parametrize(
    ("votes", "quorum", "casting", "result"),
    [
        ("yyn", 3, None, "carried"),
        ("ynn", 3, None, "lost"),
        ("yn", 3, None, "no_quorum"),
        ("yna", 3, None, "tied"),
        ("yna", 3, "0", "carried"),
        ("yna", 3, "2", "tied"),
        ("aaa", 3, None, "tied"),
    ],
)
def test_a_motion(votes: str, quorum: int, casting: str | None, result: str) -> None:
    words = {"y": "yes", "n": "no", "a": "abstain"}
    cast = {str(number): words[one] for number, one in enumerate(votes)}
    assert runoff.majority(cast, quorum=quorum, casting=casting)["result"] == result


def test_who_is_recused_may_not_vote() -> None:
    with pytest.raises(ValueError, match="recused"):
        runoff.majority({"chair": "yes"}, quorum=1, recused=["chair"])
