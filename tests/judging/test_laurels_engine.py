"""The engine of awards against all lists, against a plain verifier, and under changes that must change nothing."""

from dataclasses import replace
from itertools import combinations, product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.laurels import TIERS, instance
from judging.logic.awarding.engine import fill
from judging.logic.awarding.problem import Cap, Condition, Entry, Problem, Quota, Ranked, Slot

Lists = dict[str, list[str]]


def order_of(problem: Problem, slot: Slot) -> list[Ranked]:
    """The slot's line, by the rules as documented and nothing of the engine's."""
    rows = (
        [Ranked(film, place) for place, film in enumerate(slot.fixed)]
        if slot.fixed
        else problem.orders[slot.order]
    )
    entries = {entry.film: entry for entry in problem.entries}
    return [
        row
        for row in sorted(rows, key=lambda row: (row.rank, row.settled, row.film))
        if (not slot.tracks or entries[row.film].attributes.get("track") in slot.tracks)
        and all(one.holds(entries[row.film].attributes) for one in (*slot.require, *problem.eligible))
        and (slot.least is None or (row.score is not None and row.score >= slot.least))
        and (slot.last is None or row.rank <= slot.last)
    ]


def broken(problem: Problem, places: Lists, shared: Lists) -> list[str]:
    """Which rules a list breaks: a plain count that knows no solver."""
    entries = {entry.film: entry for entry in problem.entries}
    slots = {slot.slug: slot for slot in problem.slots}
    awards = [(film, slug) for slug in slots for film in places[slug] + shared.get(slug, [])]
    found = []
    for slug, slot in slots.items():
        allowed = [row.film for row in order_of(problem, slot)]
        if not set(places[slug] + shared.get(slug, [])) <= set(allowed) or len(places[slug]) > slot.places:
            found.append(f"slot {slug}")
        if not slot.vacant and len(places[slug]) < slot.places:
            found.append(f"fill {slug}")
    for (film, one), (other_film, other) in combinations(awards, 2):
        if film == other_film and (
            one == other or (other not in slots[one].combines and one not in slots[other].combines)
        ):
            found.append(f"one {film}")
    for cap in problem.caps:
        groups = [
            group
            for film, slug in awards
            if not cap.slots or slug in cap.slots
            for group in ([film] if cap.grouping == "film" else entries[film].groups.get(cap.grouping, ()))
        ]
        if any(groups.count(group) > cap.most for group in groups):
            found.append(f"cap {cap.name}")
    for quota in problem.quotas:
        meant = [
            film
            for film, slug in awards
            if (not quota.slots or slug in quota.slots)
            and entries[film].attributes.get(quota.attribute) in quota.values
        ]
        extra = [
            film
            for slug, films in shared.items()
            for film in films
            if (not quota.slots or slug in quota.slots)
            and entries[film].attributes.get(quota.attribute) in quota.values
        ]
        if quota.most is not None and len(meant) > quota.most:
            found.append(f"most {quota.name}")
        if len(meant) - len(extra) < quota.least:
            found.append(f"least {quota.name}")
    return found


def best_of_all(problem: Problem, having: tuple[str, str] | None = None) -> Lists | None:
    """The best of every list there is, without sharing; `having`: of those in which the slot has this film."""
    choices = []
    for slot in problem.slots:
        line = [row.film for row in order_of(problem, slot)]
        numbers = range(min(slot.places, len(line)), -1, -1)
        found = [pick for number in numbers for pick in combinations(range(len(line)), number)]
        found.sort(key=lambda pick: [*pick, *[len(line)] * (slot.places - len(pick))])
        choices.append([[line[place] for place in pick] for pick in found])
    for picks in product(*choices):  # the first slot changes last: from the best list to the worst
        places = dict(zip((slot.slug for slot in problem.slots), picks, strict=True))
        if having and having[1] not in places[having[0]]:
            continue
        if not broken(problem, places, {}):
            return places
    return None


def given_by(problem: Problem) -> tuple[Lists, Lists]:
    """The engine's places and sharers by slot."""
    result = fill(problem)
    places: Lists = {slot.slug: [] for slot in problem.slots}
    shared: Lists = {slot.slug: [] for slot in problem.slots}
    for place in result.places:
        if place.film:
            (shared if place.why["code"] == "shared" else places)[place.slot].append(place.film)
    return places, shared


def small(seed: int, *, shared: bool = False) -> Problem:
    """A problem of at most six films and three slots in which rules often interact."""
    draw = Random(seed)
    films = [f"f{number}" for number in range(draw.randint(1, 6))]
    entries = tuple(
        Entry(
            film,
            {"track": draw.choice("ab"), "region": draw.choice("xyz"), "ok": draw.random() < 0.9},
            {"team": tuple(draw.sample(("t1", "t2", "t3"), draw.randint(0, 2)))},
        )
        for film in films
    )
    orders = {
        name: tuple(
            Ranked(film, draw.randint(1, 4), 0, draw.randint(0, 9))
            for film in draw.sample(films, draw.randint(0, len(films)))
        )
        for name in ("all", "vote")
    }
    names = ["s0", "s1", "s2"][: draw.randint(1, 3)]
    slots = tuple(
        Slot(
            name,
            draw.randint(1, 2),
            order=draw.choice(("all", "all", "vote")),
            tracks=draw.choice(((), (), ("a",))),
            vacant=draw.random() < 0.5,
            least=draw.choice((None, None, 3)),
            combines=draw.choice(((), ("s0",))),
            shared=shared and draw.random() < 0.5,
        )
        for name in names
    )
    caps = (
        Cap("team", "team", draw.randint(1, 2)),
        Cap("film", "film", draw.randint(1, 2), tuple(names[:2])),
    )
    quotas = (
        Quota("x", "region", "x", draw.randint(0, 1), draw.choice((None, 1, 2))),
        Quota(
            "y", "region", ("y", "z") if seed % 3 == 0 else "y", draw.randint(0, 1), None, tuple(names[1:])
        ),
    )
    return Problem(slots, entries, orders, caps[: draw.randint(0, 2)], quotas[: draw.randint(0, 2)],
                   (Condition("ok", "is", True),))  # fmt: skip


@pytest.mark.parametrize("block", range(4))
def test_no_better_list_exists(block: int) -> None:
    for seed in range(block * 75, block * 75 + 75):
        problem = small(seed)
        best = best_of_all(problem)
        if best is None:
            assert fill(problem).clash, seed
        else:
            assert given_by(problem)[0] == best, seed


def without(problem: Problem, kind: str, name: str) -> Problem:
    if kind == "fill":
        slots = tuple(replace(s, vacant=True) if s.slug == name else s for s in problem.slots)
        return replace(problem, slots=slots)
    if kind == "cap":
        return replace(problem, caps=tuple(cap for cap in problem.caps if cap.name != name))
    if kind == "one_award":
        names = tuple(slot.slug for slot in problem.slots)
        return replace(problem, slots=tuple(replace(slot, combines=names) for slot in problem.slots))
    changed = {"least": 0} if kind == "least" else {"most": None}
    return replace(
        problem, quotas=tuple(replace(q, **changed) if q.name == name else q for q in problem.quotas)
    )


def test_a_clash_is_one_and_no_rule_of_it_can_be_spared() -> None:
    seen = 0
    for seed in range(120):
        clash = fill(small(seed)).clash
        if not clash:
            continue
        seen += 1
        every = [(rule, slot.slug) for slot in small(seed).slots for rule in ("fill",)]
        every += [("cap", cap.name) for cap in small(seed).caps]
        every += [(kind, q.name) for q in small(seed).quotas for kind in ("least", "most")] + [
            ("one_award", "")
        ]
        named = [(row["rule"], row["name"]) for row in clash]
        alone = small(seed)
        for rule in every:
            if rule not in named:
                alone = without(alone, *rule)
        assert best_of_all(alone) is None, seed
        for rule in named:
            assert best_of_all(without(alone, *rule)) is not None, seed
    assert seen > 10


@settings(max_examples=60, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6), mixed=st.integers(0, 10**6))
def test_rules_hold_replay_is_identical_and_order_and_absent_films_change_nothing(
    seed: int, mixed: int
) -> None:
    problem = small(seed, shared=True)
    result = fill(problem)
    assert fill(problem) == result
    draw = Random(mixed)
    turned = replace(
        problem,
        entries=tuple(draw.sample(problem.entries, len(problem.entries))),
        orders={name: tuple(draw.sample(rows, len(rows))) for name, rows in problem.orders.items()},
    )
    assert fill(turned) == result
    if result.clash:
        return
    places, shared = given_by(problem)
    assert broken(problem, places, shared) == []
    awarded = {place.film for place in result.places}
    for entry in problem.entries:
        if entry.film not in awarded:
            less = replace(
                problem,
                entries=tuple(one for one in problem.entries if one != entry),
                orders={
                    n: tuple(r for r in rows if r.film != entry.film) for n, rows in problem.orders.items()
                },
            )
            assert given_by(less) == (places, shared)


@pytest.mark.parametrize("shape", TIERS)
def test_nobody_has_a_justified_envy(shape: str) -> None:
    """No film that stands before a laureate could take its place with all that comes before and after left as it is."""
    problem = instance(shape)
    places, shared = given_by(problem)
    assert broken(problem, places, shared) == []
    assert sum(map(len, places.values())) == sum(TIERS[shape][1]) - (shape == "festival")
    awarded = {film for films in places.values() for film in films}
    for slot in problem.slots:
        line = [row.film for row in order_of(problem, slot)]
        last = places[slot.slug][-1] if places[slot.slug] else None
        before = line[: line.index(last)] if last else line
        for film in [film for film in before if film not in awarded][:10]:
            swapped = {**places, slot.slug: [*places[slot.slug][:-1], film]}
            assert broken(problem, swapped, shared) != []


def test_passed_over_films_are_explained() -> None:
    entries = tuple(
        Entry(f, {}, {"team": (t,)}) for f, t in (("a", "t1"), ("b", "t1"), ("c", "t2"), ("d", "t3"))
    )
    order = tuple(Ranked(film, place) for place, film in enumerate("abcd", 1))
    result = fill(Problem((Slot("gold", 1, order="o"), Slot("silver", 2, order="o")), entries, {"o": order},
                          (Cap("one a team", "team", 1),)))  # fmt: skip
    assert [(p.slot, p.place, p.film) for p in result.places] == [
        ("gold", 1, "a"), ("silver", 1, "c"), ("silver", 2, "d"),
    ]  # fmt: skip
    assert [(row.film, row.why) for row in result.passed["silver"]] == [
        ("a", {"code": "holds", "slot": "gold"}),
        ("b", {"code": "cap", "rule": "one a team", "grouping": "team", "group": "t1", "most": 1,
               "held": [["gold", "a"]]}),
    ]  # fmt: skip


def test_a_film_that_a_later_slot_needs_is_passed_over() -> None:
    entries = (Entry("a", {"track": "x"}), Entry("b", {"track": "y"}))
    order = (Ranked("a", 1), Ranked("b", 2))
    slots = (Slot("grand", 1, order="o"), Slot("best x", 1, order="o", tracks=("x",)))
    result = fill(Problem(slots, entries, {"o": order}))
    assert [(place.slot, place.film) for place in result.places] == [("grand", "b"), ("best x", "a")]
    assert result.passed["grand"][0].why == {
        "code": "needed_later", "for": [{"rule": "fill", "name": "best x"}],
    }  # fmt: skip


def test_the_last_place_is_shared_by_equals() -> None:
    order = (Ranked("a", 1), Ranked("b", 2), Ranked("c", 2))
    slots = (Slot("gold", 2, order="o", shared=True),)
    result = fill(Problem(slots, tuple(map(Entry, "abc")), {"o": order}))
    assert [(p.place, p.film, p.why["code"]) for p in result.places] == [
        (1, "a", "best"), (2, "b", "best"), (2, "c", "shared"),
    ]  # fmt: skip
