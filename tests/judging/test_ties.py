"""The tie rule against exact arithmetic, without a database."""

from fractions import Fraction
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from judging.logic import ties
from judging.logic.canonical import lot

FILMS = [f"f{number}" for number in range(6)]
JUDGES = ["a", "b", "c", "d"]
marks = st.builds(Fraction, st.integers(2, 20), st.sampled_from([1, 2, 3, 7]))
totals = st.dictionaries(
    st.sampled_from(FILMS), st.dictionaries(st.sampled_from(JUDGES), marks, max_size=4), max_size=6
)
rules = st.fixed_dictionaries(
    {
        "totals": totals,
        "criterion": totals,
        "shared": st.booleans(),
        "seed": st.integers(0, 2**62),
        "ballot": st.dictionaries(st.sampled_from(FILMS), st.integers(1, 3), max_size=6),
    }
)


def beats(one, other, given_totals):
    """+1 where the judges of both gave `one` more, −1 where less: written down once more, pair by pair."""
    common = set(given_totals.get(one, {})) & set(given_totals.get(other, {}))
    difference = sum((given_totals[one][judge] - given_totals[other][judge] for judge in common), Fraction())
    return (difference > 0) - (difference < 0)


def mean(given_marks):
    """Of a film's marks; one without any comes last."""
    return sum(given_marks.values(), Fraction()) / len(given_marks) if given_marks else Fraction(-1)


@given(totals)
def test_balances_are_those_of_every_pair(given_totals):
    for film in FILMS:
        wanted = sum(beats(film, other, given_totals) for other in FILMS if other != film)
        assert ties.head_to_head(film, FILMS, given_totals) == wanted


@given(rules, st.permutations(FILMS), st.permutations(JUDGES))
def test_the_order_in_which_things_are_read_changes_nothing(rule, films, judges):
    turned = {
        name: {
            film: {judge: rule[name][film][judge] for judge in judges if judge in rule[name][film]}
            for film in films
            if film in rule[name]
        }
        for name in ("totals", "criterion")
    }
    one, other = ties.settle(FILMS, **rule), ties.settle(films, **(rule | turned))
    assert (one, one.facts) == (other, other.facts)


@given(rules)
def test_each_film_stands_where_the_first_step_that_tells_it_apart_puts_it(rule):
    found = ties.settle(FILMS, **rule)
    assert sorted(found.films) == FILMS
    last = max(rule["ballot"].values(), default=0) + 1
    for film, other, by, facts in zip(found.films, found.films[1:], found.by, found.facts, strict=False):
        assert facts["by"] == by
        mine, theirs = (rule["ballot"].get(one, last) for one in (film, other))
        assert (mine < theirs) == (by == "ballot")
        assert mine <= theirs
        if by == "criterion":
            assert mean(rule["criterion"].get(film, {})) > mean(rule["criterion"].get(other, {}))
        if by == "lot":
            assert lot(rule["seed"], "tie", film) < lot(rule["seed"], "tie", other)
        if by == "head_to_head":
            assert facts["direct"] == (beats(film, other, rule["totals"]) > 0)
        assert by != ("lot" if rule["shared"] else "shared")


@given(rules)
def test_films_that_share_or_draw_lots_are_equal_in_all_before(rule):
    found = ties.settle(FILMS, **rule)
    for film, other, by in zip(found.films, found.films[1:], found.by, strict=False):
        if by in ("shared", "lot"):
            one, two = (mean(rule["criterion"].get(name, {})) for name in (film, other))
            assert one == two


@given(totals, st.integers(0, 99))
def test_two_films_alone_are_told_apart_by_whoever_saw_both(given_totals, seed):
    for film, other in combinations(FILMS, 2):
        found = ties.settle([film, other], totals=given_totals, criterion={}, shared=True, seed=seed)
        sign = beats(film, other, given_totals)
        assert found.by == ("head_to_head" if sign else "shared",)
        assert found.films == ((film, other) if sign >= 0 else (other, film))


@given(rules)
def test_the_kept_inputs_give_the_same_result(rule):
    data = ties.inputs(
        films=reversed(FILMS), totals=rule["totals"], criterion="story", marks=rule["criterion"],
        shared=rule["shared"], seed=rule["seed"], ballot=rule["ballot"],
    )  # fmt: skip
    found = ties.compute(data)
    assert found == ties.settle(FILMS, **rule)
    assert ties.result_digest(found) == ties.result_digest(ties.settle(FILMS, **rule))


@given(rules, st.integers(-1, 8))
def test_a_shared_last_place_takes_all_who_share_it(rule, places):
    found = ties.settle(FILMS, **rule)
    number = ties.through(found, places)
    if places <= 0:
        assert number == 0
    elif not rule["shared"]:
        assert number == min(places, len(FILMS))
    else:
        assert number >= min(places, len(FILMS))
        assert number == len(FILMS) or found.by[number - 1] != "shared"
        assert set(found.by[min(places, len(FILMS)) - 1 : number - 1]) <= {"shared"}
