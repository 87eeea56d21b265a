"""The engine of awards on problems with too many lists to try them all, against a plain model of every rule."""

from dataclasses import replace
from random import Random

import pytest

from judging.logic.awarding.engine import fill
from judging.logic.awarding.problem import Cap, Condition, Entry, Pin, Problem, Quota, Ranked, Slot
from tests.judging.laurels_plain import best_by_model, possible
from tests.judging.test_laurels_engine import broken, given_by


def middle(seed: int) -> Problem:
    """Up to sixty films of few teams, up to six slots that partly combine, quotas that ask for much."""
    draw = Random(seed)
    films = [f"f{number:02}" for number in range(draw.randint(8, 60))]
    entries = tuple(
        Entry(
            film,
            {"region": draw.choice("wxyz"), "form": draw.choice("ab"), "ok": draw.random() < 0.95},
            {
                "team": tuple(draw.sample([f"t{n}" for n in range(12)], draw.randint(0, 2))),
                "entrant": (f"e{draw.randrange(25)}",),
            },
        )
        for film in films
    )
    orders = {
        name: tuple(
            Ranked(film, draw.randint(1, 12), 0, draw.randint(0, 9))
            for film in draw.sample(films, draw.randint(len(films) // 2, len(films)))
        )
        for name in ("all", "vote")
    }
    names = [f"s{number}" for number in range(draw.randint(2, 6))]
    slots = tuple(
        Slot(
            name,
            draw.randint(1, 4),
            order=draw.choice(("all", "all", "vote")),
            require=draw.choice(((), (), (Condition("form", "is", "a"),))),
            vacant=draw.random() < 0.4,
            least=draw.choice((None, None, 3)),
            last=draw.choice((None, None, 9)),
            combines=tuple(draw.sample(names, draw.randint(0, 2))) if draw.random() < 0.3 else (),
        )
        for name in names
    )
    half = tuple(names[: len(names) // 2 + 1])
    caps = (
        Cap("team", "team", draw.randint(1, 2)),
        Cap("entrant", "entrant", 1, half),
        Cap("film", "film", draw.randint(1, 2)),
    )
    quotas = tuple(
        Quota(
            f"{value} {number}", attribute, value, draw.randint(0, 3), draw.choice((None, 3, 5)), slots=among
        )
        for number, (attribute, value, among) in enumerate(
            (
                ("region", "x", ()),
                ("region", ("y", "w"), half),
                ("form", "b", ()),
                ("region", "z", tuple(names[-2:])),
            )
        )
    )
    return Problem(slots, entries, orders, tuple(draw.sample(caps, draw.randint(0, 3))),
                   tuple(draw.sample(quotas, draw.randint(0, 4))), (Condition("ok", "is", True),))  # fmt: skip


def decided(problem: Problem, seed: int) -> Problem:
    """With a place of its best list given to another film, one vacated, and two films taken out."""
    draw = Random(seed)
    result = fill(problem)
    places = [place for place in result.places if place.film]
    if len(places) < 3:
        return problem
    first, second, gone = draw.sample(places, 3)
    line = [row.film for row in problem.orders[next(s for s in problem.slots if s.slug == first.slot).order]]
    film = draw.choice([film for film in line if film != gone.film] or line)
    pins = (Pin(first.slot, first.place, film), Pin(second.slot, second.place))
    taken = {name: "withdrawn" for name in (gone.film, draw.choice(line)) if name != film}
    return replace(problem, pins=pins, excluded=taken)


def sorted_lists(lists: dict[str, list[str]]) -> dict[str, list[str]]:
    return {slug: sorted(films) for slug, films in lists.items()}


@pytest.mark.parametrize("block", range(4))
def test_the_list_is_that_of_the_plain_model(block: int) -> None:
    filled = solver = 0
    for seed in range(block * 25, block * 25 + 25):
        problem = middle(seed)
        best = best_by_model(problem)
        result = fill(problem)
        if best is None:
            assert result.clash, seed
            continue
        filled += 1
        solver += result.proved["solver"]
        places, shared = given_by(problem)
        assert places == best, seed
        assert broken(problem, places, shared) == [], seed
    assert filled > 10
    assert solver > 3


def test_around_decided_places_it_is_that_of_the_plain_model() -> None:
    filled = 0
    for seed in range(80):
        problem = decided(middle(seed), seed)
        if not problem.pins:
            continue
        result = fill(problem)
        if any("breaks" in place.why for place in result.places):
            continue
        best = best_by_model(problem)
        if best is None:
            assert result.clash, seed
            continue
        filled += 1
        assert sorted_lists(given_by(problem)[0]) == sorted_lists(best), seed
        held = {(place.slot, place.place, place.film) for place in result.places}
        assert {(pin.slot, pin.place, pin.film) for pin in problem.pins} <= held, seed
    assert filled > 20


def test_what_a_refused_film_would_break_cannot_be_kept_with_it_and_none_of_it_can_be_spared() -> None:
    """For a first slot of one place: with the film given, the rules named leave no list; without any one, some do."""
    seen = 0
    for seed in range(200):
        problem = middle(seed)
        first = replace(problem.slots[0], places=1)
        problem = replace(problem, slots=(first, *problem.slots[1:]))
        rows = fill(problem).passed.get(first.slug, ())
        needed = [row for row in rows if row.why["code"] == "needed_later"]
        for number, row in enumerate(needed):
            named = {(rule["rule"], rule["name"]) for rule in row.why["for"]}
            assert not possible(only(problem, named, first.slug, row.film)), (seed, row.film)
            if number == 0:
                spared = [named - {rule} for rule in named]
                assert all(possible(only(problem, rest, first.slug, row.film)) for rest in spared), seed
        seen += bool(needed)
    assert seen > 3


def only(problem: Problem, named: set[tuple[str, str]], slug: str, film: str) -> Problem:
    """The problem with the film in the slot, and of the rules that ask for awards only the named ones."""
    slots = tuple(replace(slot, vacant=("fill", slot.slug) not in named) for slot in problem.slots)
    quotas = tuple(
        replace(quota, least=quota.least if ("least", quota.name) in named else 0) for quota in problem.quotas
    )
    return replace(problem, slots=slots, quotas=quotas, pins=(Pin(slug, 1, film),))
