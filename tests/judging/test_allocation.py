"""The allocation of looks: never a conflict, even minutes, the same bytes again, and as little moved as can be."""

from collections import Counter
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judging.logic.allocation.comparability import Seen, assess
from judging.logic.allocation.engine import allocate
from judging.logic.allocation.panels import make_panels
from judging.logic.allocation.task import Film, Given, Judge, Task, panel_task, task

TRACKS, LANGUAGES, FORMS = ("story", "animation", "open"), ("zh", "en", "fr"), ("fiction", "essay")


def some(draw: Random, names: tuple[str, ...], least: int = 0) -> tuple[str, ...]:
    return tuple(draw.sample(names, draw.randint(least, len(names))))


def contest(seed: int, films: int, judges: int) -> tuple[list[Film], list[Judge], set[tuple[str, str]]]:
    """Films, judges and conflicts of every kind."""
    draw = Random(seed)
    rows = [
        Film(
            f"f{number:03}", draw.choice((0, 45, 60, 90, 180, 180, 300, 900)), draw.choice(TRACKS),
            some(draw, LANGUAGES), some(draw, FORMS),
        )
        for number in range(films)
    ]  # fmt: skip
    jury = [
        Judge(
            f"j{number:02}", draw.choice((None, None, 1200, 3600, 36000)), some(draw, TRACKS), some(draw, LANGUAGES),
            some(draw, FORMS),
        )
        for number in range(judges)
    ]  # fmt: skip
    pairs = {(one.key, film.key) for one in jury for film in rows if draw.random() < 0.1}
    return rows, jury, pairs


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 30), st.integers(0, 9), st.integers(1, 4))
def test_rules_hold_whatever_comes(seed: int, films: int, judges: int, looks: int) -> None:
    rows, jury, pairs = contest(seed, films, judges)
    asked = task(films=rows, judges=jury, conflicts=pairs, looks=looks, seed=seed)
    drawn = allocate(asked)
    by_film, by_judge = {film.key: film for film in rows}, {one.key: one for one in jury}
    given_looks = [(row.judge, row.film) for row in drawn.assignments]
    assert len(given_looks) == len(set(given_looks))
    assert not set(given_looks) & pairs
    minutes: Counter[str] = Counter()
    for judge, film in given_looks:
        one, seen = by_judge[judge], by_film[film]
        assert not one.tracks or seen.track in one.tracks
        assert not one.languages or not seen.languages or set(one.languages) & set(seen.languages)
        minutes[judge] += seen.seconds
    assert all(one.seconds is None or minutes[one.key] <= one.seconds for one in jury)
    served = Counter(film for _judge, film in given_looks)
    missing = {row.film: row.looks for row in drawn.unserved}
    assert all(served[film.key] + missing.get(film.key, 0) == looks for film in rows)
    assert all(row.reason for row in drawn.unserved)
    # The same again: from the kept inputs, and from tables written in another order.
    assert allocate(Task.from_json(asked.as_json())).digest == drawn.digest
    draw = Random(seed)
    mixed = task(
        films=draw.sample(rows, len(rows)),
        judges=draw.sample(jury, len(jury)),
        conflicts=pairs,
        looks=looks,
        seed=seed,
    )
    assert mixed.as_json() == asked.as_json()


def plain(films: int, judges: int, seed: int = 1) -> tuple[list[Film], list[Judge]]:
    draw = Random(seed)
    rows = [Film(f"f{number:04}", max(30, int(draw.lognormvariate(5.1, 0.5)))) for number in range(films)]
    return rows, [Judge(f"j{number:03}") for number in range(judges)]


def test_minutes_are_even_and_judges_can_be_compared() -> None:
    rows, jury = plain(600, 20)
    drawn = allocate(task(films=rows, judges=jury, conflicts=[], looks=3, seed=4))
    assert not drawn.unserved
    assert max(abs(load.off) for load in drawn.loads) < 0.01
    gate = assess([Seen(row.judge, row.film) for row in drawn.assignments], shared_cut=True)
    assert gate.passes and gate.worst <= 0.2 and not gate.groups


def test_hours_say_in_what_proportion_judges_share() -> None:
    rows, _jury = plain(300, 0)
    hours = (2, 4, 6, 8)
    jury = [Judge(f"j{number}", 3600 * stated * 4) for number, stated in enumerate(hours)]
    drawn = allocate(task(films=rows, judges=jury, conflicts=[], looks=2, seed=1))
    loads = {load.seat: load.seconds for load in drawn.loads}
    whole = sum(loads.values())
    for number, stated in enumerate(hours):
        assert loads[f"j{number}"] / whole == pytest.approx(stated / sum(hours), rel=0.02)


def test_another_seed_draws_otherwise_so_that_nobody_can_aim() -> None:
    rows, jury = plain(120, 10)
    pairs = []
    for seed in (1, 2):
        drawn = allocate(task(films=rows, judges=jury, conflicts=[], looks=2, seed=seed))
        pairs.append({(row.judge, row.film) for row in drawn.assignments})
    assert len(pairs[0] & pairs[1]) < 0.4 * len(pairs[0])


def test_a_form_has_a_judge_who_knows_it() -> None:
    rows = [
        Film(f"f{number:03}", 120, forms=("essay" if number % 3 == 0 else "fiction",)) for number in range(90)
    ]
    jury = [Judge(f"j{number}", forms=("essay",) if number < 2 else ("fiction",)) for number in range(10)]
    drawn = allocate(task(films=rows, judges=jury, conflicts=[], looks=2, seed=3))
    knows = {one.key: one.forms for one in jury}
    for film in rows:
        seen = [row.judge for row in drawn.assignments if row.film == film.key]
        assert any(set(knows[judge]) & set(film.forms) for judge in seen)


def given_of(rows: list[Film], drawn: object) -> list[Given]:
    seconds = {film.key: film.seconds for film in rows}
    return [Given(row.judge, row.film, seconds[row.film]) for row in drawn.assignments]  # type: ignore[attr-defined]


def test_a_judge_drops_out_and_only_her_looks_move() -> None:
    rows, jury = plain(300, 12)
    first = allocate(task(films=rows, judges=jury, conflicts=[], looks=3, seed=9))
    before = given_of(rows, first)
    stays = [Given(look.judge, look.film, look.seconds, counts=look.judge != "j003") for look in before]
    rest = [one for one in jury if one.key != "j003"]
    again = allocate(task(films=rows, judges=rest, conflicts=[], looks=3, seed=9, given=stays))
    lost = {look.film for look in before if look.judge == "j003"}
    assert {row.film for row in again.assignments} == lost
    assert len(again.assignments) == len(lost)
    had = {(look.judge, look.film) for look in before}
    assert not had & {(row.judge, row.film) for row in again.assignments}


def test_late_films_add_looks_and_move_none() -> None:
    rows, jury = plain(200, 10)
    first = allocate(task(films=rows[:180], judges=jury, conflicts=[], looks=2, seed=2))
    then = allocate(task(films=rows, judges=jury, conflicts=[], looks=2, seed=2, given=given_of(rows, first)))
    assert {row.film for row in then.assignments} == {film.key for film in rows[180:]}
    assert max(abs(load.off) for load in then.loads) < 0.05


def test_further_looks_are_given_to_the_named_films_alone() -> None:
    rows, jury = plain(100, 10)
    first = allocate(task(films=rows, judges=jury, conflicts=[], looks=2, seed=2))
    asked = task(
        films=rows,
        judges=jury,
        conflicts=[],
        looks=2,
        seed=2,
        given=given_of(rows, first),
        more={"f0003": 1, "f0007": 2},
    )
    then = allocate(asked)
    assert Counter(row.film for row in then.assignments) == {"f0003": 1, "f0007": 2}
    assert not {(row.judge, row.film) for row in then.assignments} & {
        (row.judge, row.film) for row in first.assignments
    }


@pytest.mark.parametrize(
    ("jury", "conflicts", "reason", "looks"),
    [
        ([], [], "no_judges", 1),
        ([Judge("a")], [("a", "x")], "all_barred", 1),
        ([Judge("a", tracks=("open",))], [], "track", 1),
        ([Judge("a", languages=("fr",))], [], "language", 1),
        ([Judge("a", seconds=10)], [], "no_hours", 1),
        ([Judge("a"), Judge("b")], [], "too_few_judges", 3),
    ],
)
def test_what_cannot_be_given_is_named_with_its_reason(
    jury: list[Judge], conflicts: list[tuple[str, str]], reason: str, looks: int
) -> None:
    film = Film("x", 60, "story", ("zh",))
    drawn = allocate(task(films=[film], judges=jury, conflicts=conflicts, looks=looks, seed=1))
    assert [(row.film, row.reason) for row in drawn.unserved] == [("x", reason)]


def test_judges_who_share_no_film_cannot_be_compared_and_it_is_said_what_mends_it() -> None:
    seen = [
        Seen(judge, f"{group}{film}", group)
        for group in "ab"
        for film in range(40)
        for judge in (f"{group}1", f"{group}2")
    ]
    gate = assess(seen, shared_cut=True)
    assert not gate.passes
    assert sorted(len(group) for group in gate.groups) == [2, 2]
    assert gate.link > 0


def test_panels_see_their_films_together() -> None:
    rows, jury = plain(60, 9)
    panels = make_panels(jury, rows, 3, 1)
    assert sorted(len(judges) for judges in panels.values()) == [3, 3, 3]
    drawn = allocate(panel_task(films=rows, panels=panels, conflicts=[("j000", "f0001")], seed=1))
    assert not drawn.unserved
    home = {one.key: name for name, judges in panels.items() for one in judges}
    by_film: dict[str, set[str]] = {}
    for row in drawn.assignments:
        by_film.setdefault(row.film, set()).add(row.judge)
    for judges in by_film.values():
        assert len(judges) == 3
        assert len({home[judge] for judge in judges}) == 1
    assert "j000" not in by_film["f0001"]
