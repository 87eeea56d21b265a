"""The standing against plain fractions: exact means, shared ranks, the same bytes on every run."""

import statistics
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.logic.canonical import canonical, digest
from judging.logic.standing import ScoredLook, compute, inputs, plain, result_digest, rounded, spread

WEIGHTS = {"story": Decimal("33.3"), "craft": Decimal("33.3"), "sound": Decimal("33.4")}
FILMS = [f"f{number}" for number in range(6)]
scores_of = st.fixed_dictionaries(
    {key: st.integers(2, 20).map(lambda number: Decimal(number) / 2) for key in WEIGHTS}
)
looks_of = st.dictionaries(
    st.tuples(st.sampled_from(FILMS), st.sampled_from(["a", "b", "c", "d"])), scores_of
).map(lambda rows: [ScoredLook(film, judge, scores) for (film, judge), scores in rows.items()])


def run(looks, weights=WEIGHTS, films=FILMS):
    return compute(inputs(weights=weights, films=films, looks=looks))


@given(looks_of)
def test_means_are_exact_and_ranks_are_shared(looks):
    rows = {row.film: row for row in run(looks)}
    assert set(rows) == set(FILMS)
    means = {}
    for film in FILMS:
        totals = [
            sum(Fraction(WEIGHTS[key]) * Fraction(value) for key, value in look.scores.items()) / 100
            for look in looks
            if look.film == film
        ]
        assert rows[film].looks == len(totals)
        if totals:
            means[film] = sum(totals) / len(totals)
            assert rows[film].exact == means[film]
            assert abs(Fraction(rows[film].mean) - means[film]) <= Fraction(1, 2 * 10**6)
        else:
            assert (rows[film].rank, rows[film].exact, rows[film].mean) == (None, None, None)
        if len(totals) > 1:
            assert float(rows[film].spread) == pytest.approx(
                statistics.stdev(float(total) for total in totals), abs=1e-6
            )
        else:
            assert rows[film].spread is None
    for film, mean in means.items():
        assert rows[film].rank == 1 + sum(1 for other in means.values() if other > mean)


@given(looks_of, st.randoms())
def test_the_order_of_reading_changes_no_byte(looks, random):
    shuffled = list(looks)
    random.shuffle(shuffled)
    first = inputs(weights=WEIGHTS, films=FILMS, looks=looks)
    second = inputs(weights=dict(reversed(WEIGHTS.items())), films=reversed(FILMS), looks=shuffled)
    assert canonical(first) == canonical(second)
    assert result_digest(compute(first)) == result_digest(compute(second))


@given(looks_of, st.integers(1, 8))
def test_adding_a_constant_to_every_score_moves_means_and_no_rank(looks, constant):
    raised = [
        ScoredLook(look.film, look.judge, {key: value + constant for key, value in look.scores.items()})
        for look in looks
    ]
    before, after = run(looks), run(raised)
    assert [(row.film, row.rank, row.spread) for row in before] == [
        (row.film, row.rank, row.spread) for row in after
    ]
    assert [row.exact and row.exact + constant for row in before] == [row.exact for row in after]


@given(looks_of)
def test_other_names_for_judges_and_criteria_change_nothing(looks):
    renamed = [
        ScoredLook(look.film, f"x{look.judge}", {f"k{key}": value for key, value in look.scores.items()})
        for look in looks
    ]
    weights = {f"k{key}": weight for key, weight in WEIGHTS.items()}
    assert run(looks) == run(renamed, weights)


def test_a_third_is_not_a_rounded_third():
    """Means that agree in six decimals and differ in truth keep their own ranks."""
    weights = {"a": Decimal("99.9999999"), "b": Decimal("0.0000001")}
    looks = [
        ScoredLook("f0", "j", {"a": Decimal(7), "b": Decimal(1)}),
        ScoredLook("f1", "j", {"a": Decimal(7), "b": Decimal(2)}),
    ]
    rows = run(looks, weights, ["f0", "f1"])
    assert [(row.film, row.rank, str(row.mean)) for row in rows] == [
        ("f1", 1, "7.000000"),
        ("f0", 2, "7.000000"),
    ]


def test_ties_share_a_rank_and_the_next_is_left_out():
    def look(film, value):
        return ScoredLook(film, "j", {"a": Decimal(value)})

    rows = run([look("f0", 7), look("f1", 9), look("f2", 7), look("f3", 5)], {"a": Decimal(100)}, FILMS[:4])
    assert [(row.film, row.rank) for row in rows] == [("f1", 1), ("f0", 2), ("f2", 2), ("f3", 4)]


@pytest.mark.parametrize(
    ("weights", "looks", "sentence"),
    [
        ({"a": Decimal(99)}, [], "sum to 100"),
        ({"a": Decimal(100)}, [ScoredLook("zz", "j", {"a": Decimal(1)})], "not a film of the round"),
        ({"a": Decimal(100)}, [ScoredLook("f0", "j", {})], "does not score every criterion"),
        ({"a": Decimal(100)}, [ScoredLook("f0", "j", {"a": Decimal(1)})] * 2, "twice"),
    ],
)
def test_inputs_that_make_no_sense_are_refused(weights, looks, sentence):
    with pytest.raises(ValueError, match=sentence):
        inputs(weights=weights, films=FILMS, looks=looks)


def test_rounding_and_writing_of_numbers():
    assert str(rounded(Fraction(2, 3))) == "0.666667"
    assert str(rounded(Fraction(1, 2 * 10**6))) == "0.000001"
    assert str(rounded(Fraction(-2, 3))) == "-0.666667"
    assert str(spread([1, 2])) == str(spread([10, 20], 10)) == "0.707107"
    assert [plain(Decimal(text)) for text in ("7.50", "10", "1E+1", "0.0")] == ["7.5", "10", "10", "0"]


def test_the_bytes_are_fixed():
    """A change of the method must raise VERSION, and then this digest."""
    looks = [ScoredLook("f0", "a", dict.fromkeys(WEIGHTS, Decimal("7.50")))]
    data = inputs(weights=WEIGHTS, films=["f0", "f1"], looks=looks)
    assert digest(data) == "a9ac6936ca1109e09a1bd969a3f9c3a2ed1bf8c349d4a27d0760d80944b92eee"
    assert result_digest(compute(data)) == "7e98cea97e335edadd5d9ccf2c7b94bcce3b549538aa1bbe68e6753448ba018a"
