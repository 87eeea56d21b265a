"""Standings without scores and the cuts in them, without a database."""

from decimal import Decimal
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.logic import ballots, cuts, gates
from judging.logic.cuts import BY_RULE, TIE, Line

FILMS = ["A", "B", "C", "D"]


@pytest.mark.parametrize(
    ("yes", "no", "unsure", "passing"),
    [
        (3, 0, 0, {"all", "majority", "at_least"}),
        (2, 1, 0, {"majority", "at_least"}),
        (2, 0, 1, {"majority", "at_least"}),
        (1, 1, 1, set()),
        (1, 0, 2, {"majority"}),
        (2, 2, 0, {"at_least"}),
        (0, 0, 0, set()),
        (0, 0, 3, set()),
    ],
)
def test_when_a_film_passes(yes, no, unsure, passing):
    tally = gates.Tally(yes, no, unsure)
    assert {rule for rule in ("all", "majority", "at_least") if gates.passes(tally, rule, 2)} == passing


def screening(*said):
    answers = [gates.Answer(film, f"{place}", answer) for place, (film, answer) in enumerate(said)]
    rule = {"pass": "majority", "least": 1}
    return gates.answers_inputs(method="pass_fail", films=FILMS, answers=answers, rule=rule)


def test_a_screening_ranks_by_the_share_of_passes_and_unsure_is_half_of_one():
    data = screening(("A", "pass"), ("B", "unsure"), ("C", "fail"), ("B", "pass"), ("A", "pass"))
    rows = [(row.film, row.rank, row.exact, row.looks) for row in gates.compute(data)]
    assert rows == [("A", 1, 1, 2), ("B", 2, Fraction(3, 4), 2), ("C", 3, 0, 1), ("D", None, None, 0)]
    assert gates.passing(data) == {"A", "B"}


@pytest.mark.parametrize(
    "answers",
    [
        [gates.Answer("Z", "1", "pass")],
        [gates.Answer("A", "1", "yes")],
        [gates.Answer("A", "1", "pass"), gates.Answer("A", "1", "fail")],
    ],
)
def test_answers_that_cannot_be_are_refused(answers):
    with pytest.raises(ValueError):
        gates.answers_inputs(method="pass_fail", films=FILMS, answers=answers, rule={})


def vote(kind, *rows):
    cast = {str(place): list(row.items()) for place, row in enumerate(rows)}
    data = ballots.inputs(kind=kind, films=FILMS, ballots=cast)
    return {film: value for film, (value, _held) in ballots.count(data).items()}


def test_who_may_not_vote_on_a_film_counts_neither_for_nor_against_it():
    assert vote("approval", {"A": 1, "B": 0}, {"A": 0, "B": 1}, {"A": 1}) == {
        "A": Fraction(2, 3), "B": Fraction(1, 2), "C": None, "D": None,
    }  # fmt: skip
    assert vote("points", {"A": 10, "B": 4}, {"B": 8}) == {"A": 10, "B": 6, "C": None, "D": None}


def test_schulze_finds_the_winner_of_the_standard_example():
    """45 voters, five candidates: the order is E A C B D (Schulze 2011, example 1)."""
    rows = [
        (5, "ACBED"), (5, "ADECB"), (8, "BEDAC"), (3, "CABED"), (7, "CAEBD"), (2, "CBADE"), (7, "DCEBA"),
        (8, "EBADC"),
    ]  # fmt: skip
    cast = [
        {film: place for place, film in enumerate(order, 1)} for count, order in rows for _n in range(count)
    ]
    levels = ballots.schulze_levels(list("ABCDE"), cast)
    assert sorted(levels, key=levels.get) == ["E", "A", "C", "B", "D"]
    assert sorted(levels.values()) == [0, 1, 2, 3, 4]


BALLOTS = st.lists(
    st.dictionaries(st.sampled_from(FILMS), st.none() | st.integers(1, 4), min_size=1), min_size=1, max_size=7
)


@given(BALLOTS, st.permutations(FILMS))
def test_relabelling_films_relabels_the_result(cast, order):
    names = dict(zip(FILMS, order, strict=True))
    levels = ballots.schulze_levels(FILMS, cast)
    moved = ballots.schulze_levels(
        FILMS, [{names[film]: value for film, value in row.items()} for row in cast]
    )
    assert {names[film]: level for film, level in levels.items()} == moved


@given(BALLOTS)
def test_a_film_that_beats_every_other_wins_alone(cast):
    def beats(one, other):
        both = [row for row in cast if one in row and other in row]
        rank = [
            (row[one] if row[one] is not None else 99, row[other] if row[other] is not None else 99)
            for row in both
        ]
        return sum(first < second for first, second in rank) > sum(second < first for first, second in rank)

    winners = [one for one in FILMS if all(beats(one, other) for other in FILMS if other != one)]
    levels = ballots.schulze_levels(FILMS, cast)
    if winners:
        assert [film for film, level in levels.items() if level == 0] == winners


@given(BALLOTS)
def test_the_order_of_ballots_does_not_matter_and_nobody_is_named(cast):
    data = [
        ballots.inputs(
            kind="ranked",
            films=FILMS,
            ballots={str(place): list(row.items()) for place, row in enumerate(order)},
        )
        for order in list(permutations(cast))[:6]
    ]
    assert all(one == data[0] for one in data)


def lines(*ranks):
    return [Line(f"F{place}", rank, Fraction(100 - (rank or 0))) for place, rank in enumerate(ranks)]


def test_films_that_share_the_last_place_are_kept_together_and_named():
    assert cuts.cut(lines(1, 2, 2, 4, None), "count", Decimal(2)) == {"F0": BY_RULE, "F1": TIE, "F2": TIE}
    assert cuts.cut(lines(1, 2, 2, 4, None), "count", Decimal(3)) == {
        "F0": BY_RULE, "F1": BY_RULE, "F2": BY_RULE,
    }  # fmt: skip
    assert len(cuts.cut(lines(1, 2, 2, 4, None), "count", Decimal(99))) == 4


def test_a_share_is_of_all_films_and_rounded_up():
    assert set(cuts.cut(lines(1, 2, 3, 4, None), "share", Decimal("20.1"))) == {"F0", "F1"}
    assert set(cuts.cut(lines(1, 2, 3, 4, None), "share", Decimal(20))) == {"F0"}


def test_a_score_is_compared_exactly():
    """7 minus a ten-millionth is shown as 7.000000 and is below 7 all the same."""
    row = [Line("F", 1, Fraction(7) - Fraction(1, 10**7)), Line("G", 2, Fraction(7))]
    assert cuts.cut(row, "score", Decimal(7)) == {"G": BY_RULE}


def test_a_cut_by_probability_needs_one_for_every_film():
    known = [Line("F", 1, Fraction(7), Decimal(95)), Line("G", 2, Fraction(6), Decimal("89.9"))]
    assert cuts.cut(known, "probability", Decimal(90)) == {"F": BY_RULE}
    with pytest.raises(ValueError, match="no probabilities"):
        cuts.cut(lines(1, 2), "probability", Decimal(90))


RANKED = st.lists(st.none() | st.integers(0, 5), max_size=12)


@given(RANKED, st.integers(1, 12))
def test_a_cut_by_number_takes_the_best_and_no_equal_is_left_behind(scores, number):
    ordered = sorted((score for score in scores if score is not None), reverse=True)
    rows = [
        Line(f"F{place}", None if score is None else ordered.index(score) + 1, score and Fraction(score))
        for place, score in enumerate(scores)
    ]
    found = cuts.cut(rows, "count", Decimal(number))
    inside = [score for place, score in enumerate(scores) if f"F{place}" in found]
    outside = [score for place, score in enumerate(scores) if score is not None and f"F{place}" not in found]
    assert None not in inside
    assert len(inside) >= min(number, len(ordered))
    if inside and outside:
        assert min(inside) > max(outside)
    tied = {found[f"F{place}"] for place, score in enumerate(scores) if inside and score == min(inside)}
    assert tied <= ({TIE} if len(inside) > number else {BY_RULE})
