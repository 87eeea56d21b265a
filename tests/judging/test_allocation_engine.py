"""The allocation: nobody sees a barred film, everybody watches about as long, and what was given stays."""

import random
from collections import Counter, defaultdict
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from judging.logic import least_loaded
from judging.logic.allocation.engine import allocate
from judging.logic.allocation.panels import make_panels
from judging.logic.allocation.task import Film, Given, Judge, Task, panel_task, task
from judging.logic.canonical import digest

FILMS, JUDGES = 24, 8
words = st.sets(st.sampled_from(("a", "b", "c")), max_size=2).map(lambda some: tuple(sorted(some)))
films_of = st.lists(
    st.tuples(st.integers(0, 1800), st.sampled_from(("", "a", "b", "c")), words, words), max_size=FILMS
).map(lambda rows: [Film(f"f{number:02}", *row) for number, row in enumerate(rows)])
judges_of = st.lists(st.tuples(st.none() | st.integers(0, 20_000), words, words, words), max_size=JUDGES).map(
    lambda rows: [Judge(f"j{number}", *row) for number, row in enumerate(rows)]
)
conflicts_of = st.sets(
    st.tuples(
        st.integers(0, JUDGES - 1).map(lambda n: f"j{n}"), st.integers(0, FILMS - 1).map(lambda n: f"f{n:02}")
    )
)
seeds = st.integers(0, 2**62)


def may_see(judge, film, conflicts=()):
    return (
        (judge.key, film.key) not in conflicts
        and (not film.track or not judge.tracks or film.track in judge.tracks)
        and (not film.languages or not judge.languages or bool({*film.languages} & {*judge.languages}))
    )


def pairs_of(result):
    return [(row.judge, row.film) for row in result.assignments]


def minutes(films, pairs):
    lengths = {film.key: film.seconds for film in films}
    loads = Counter()
    for judge, film in pairs:
        loads[judge] += lengths[film]
    return loads


def contest(films=300, judges=12, seed=1, **judge):
    """A small contest of plain films between 30 s and 10 min."""
    chance = random.Random(seed)
    return (
        [Film(f"f{number:03}", chance.randint(30, 600)) for number in range(films)],
        [Judge(f"j{number:02}", **judge) for number in range(judges)],
    )


@given(films_of, judges_of, conflicts_of, st.integers(1, 4), seeds, st.booleans(), st.booleans())
@example(
    films=[
        Film(f"f{n:02}", seconds, track) for n, (seconds, track) in enumerate(
            [(0, ""), (0, ""), (564, "b"), (1, ""), (565, "")]
        )
    ],
    judges=[Judge("j0", None), Judge("j1", None, ("a",)), Judge("j2", 565), Judge("j3", 1128)],
    conflicts=set(), looks=3, seed=114, shared=False, limited=True,
)  # fmt: skip
@settings(deadline=None)
def test_every_rule_holds_and_every_missing_look_has_its_reason(
    films, judges, conflicts, looks, seed, shared, limited
):
    wanted = task(
        films=films,
        judges=judges,
        conflicts=conflicts,
        looks=looks,
        seed=seed,
        shared_cut=shared,
        hours_limit=limited,
    )
    result = allocate(wanted)
    pairs = pairs_of(result)
    assert len(pairs) == len(set(pairs))
    known = {one.key: one for one in judges}
    by_key = {film.key: film for film in films}
    assert all(may_see(known[judge], by_key[film], conflicts) for judge, film in pairs)
    loads = minutes(films, pairs)
    seen = Counter(judge for judge, _film in pairs)
    for one in judges:
        if one.seconds is not None and limited:
            assert loads[one.key] <= one.seconds
        if one.seconds == 0:
            assert not seen[one.key]
    got = Counter(film for _judge, film in pairs)
    missing = {row.film: row for row in result.unserved}
    for film in films:
        row = missing.pop(film.key, None)
        assert got[film.key] + (row.looks if row else 0) == looks
        if row is None:
            continue
        free = [one for one in judges if may_see(one, film, conflicts)]
        unbarred = [one for one in judges if (one.key, film.key) not in conflicts]
        in_track = [one for one in unbarred if may_see(one, Film("", 0, film.track))]
        assert row.free == len(free)
        assert row.reason == (
            "no_judges" if not judges
            else "all_barred" if not unbarred
            else "track" if not in_track
            else "language" if not free
            else "too_few_judges" if len(free) < looks
            else "no_hours"
        )  # fmt: skip
        if row.reason == "no_hours":  # nobody who may see it has time for it
            left = {one.key: one.seconds - loads[one.key] for one in free if one.seconds is not None}
            others = [one for one in free if (one.key, film.key) not in pairs]
            assert all(one.key in left for one in others)
            assert not limited or all(
                left[one.key] < max(film.seconds, 1) or one.seconds == 0 for one in others
            )
    assert not missing


@given(films_of, judges_of, conflicts_of, seeds, st.randoms())
@settings(deadline=None)
def test_order_of_the_inputs_changes_nothing(films, judges, conflicts, seed, chance):
    def run(films, judges, conflicts):
        wanted = task(films=films, judges=judges, conflicts=conflicts, looks=2, seed=seed, shared_cut=True)
        return digest(wanted.as_json()), allocate(wanted)

    shuffled_films, shuffled_judges = list(films), list(judges)
    chance.shuffle(shuffled_films)
    chance.shuffle(shuffled_judges)
    first = run(films, judges, sorted(conflicts))
    assert first == run(shuffled_films, shuffled_judges, sorted(conflicts, reverse=True))


@given(films_of, judges_of.filter(bool), conflicts_of, st.integers(1, 3), seeds, st.data())
@settings(deadline=None)
def test_late_films_recusals_and_departures_only_add(films, judges, conflicts, looks, seed, data):
    judges = [replace(one, seconds=None) for one in judges]
    first = allocate(
        task(films=films[: len(films) // 2], judges=judges, conflicts=conflicts, looks=looks, seed=seed)
    )
    keys = [one.key for one in judges]
    gone = set(data.draw(st.lists(st.sampled_from(keys), max_size=2)))
    by_key = {film.key: film for film in films}
    before = []
    for row in first.assignments:
        recused = data.draw(st.booleans()) if row.judge not in gone else False
        counts = row.judge not in gone and not recused
        before.append(Given(row.judge, row.film, by_key[row.film].seconds, counts))
    staying = [one for one in judges if one.key not in gone]
    wanted = task(films=films, judges=staying, conflicts=conflicts, looks=looks, seed=seed, given=before)
    had = {(look.judge, look.film) for look in before}
    new = set(pairs_of(allocate(wanted)))
    assert not new & had
    for film in films:
        counting = sum(look.counts for look in before if look.film == film.key)
        free = [one for one in staying if may_see(one, film, conflicts) and (one.key, film.key) not in had]
        added = sum(1 for _judge, key in new if key == film.key)
        assert added == min(looks - counting, len(free))


@pytest.mark.parametrize(
    ("films", "judges", "looks", "off"),
    [(300, 12, 3, 0.002), (300, 30, 2, 0.005), (60, 4, 1, 0.01), (40, 5, 5, 0.0)],
)
def test_minutes_are_even_when_everybody_may_see_everything(films, judges, looks, off):
    films, judges = contest(films, judges)
    result = allocate(task(films=films, judges=judges, conflicts=(), looks=looks, seed=4))
    assert result.unserved == ()
    assert max(abs(load.off) for load in result.loads) <= off
    assert {load.reason for load in result.loads} == {""}
    assert {load.seat: load.seconds for load in result.loads} == minutes(films, pairs_of(result))


def test_shares_are_in_proportion_to_hours():
    films, judges = contest()
    total = 3 * sum(film.seconds for film in films)
    hours = [total // 30 * (1 + number) for number in range(12)]  # 2.6 times what is needed, one to twelve
    judges = [replace(one, seconds=seconds) for one, seconds in zip(judges, hours)]
    judges[11] = replace(judges[11], seconds=None)  # an equal share
    result = allocate(task(films=films, judges=judges, conflicts=(), looks=3, seed=4))
    loads = minutes(films, pairs_of(result))
    stated = sum(hours[:11])
    shares = [seconds * total * 11 / 12 / stated for seconds in hours[:11]] + [total / 12]
    assert [loads[one.key] for one in judges] == pytest.approx(shares, rel=0.01)
    assert result.unserved == ()


def test_hours_are_a_limit_and_first_looks_come_before_second_ones():
    films, judges = contest()
    total = sum(film.seconds for film in films)
    judges = [replace(one, seconds=total * 2 // 12 * 9 // 10) for one in judges]  # nine tenths of two looks
    wanted = task(films=films, judges=judges, conflicts=(), looks=2, seed=4)
    result = allocate(wanted)
    loads = minutes(films, pairs_of(result))
    assert all(0.99 * one.seconds <= loads[one.key] <= one.seconds for one in judges)
    assert {(row.reason, row.looks, row.free) for row in result.unserved} == {("no_hours", 1, 12)}
    short = {row.film for row in result.unserved}
    missed = [film.seconds for film in films if film.key in short]
    assert sum(missed) == pytest.approx(total * 0.2, rel=0.02)
    # Short films do not pay for the long ones: those that miss a look are as long as the others.
    assert sum(missed) / len(missed) == pytest.approx(total / len(films), rel=0.15)
    shared = allocate(replace(wanted, hours_limit=False))
    assert shared.unserved == ()


def test_scarce_specialists_watch_more_and_the_reason_is_told():
    films, judges = contest()
    films = [replace(film, languages=("zh",) if number % 3 else ("en",)) for number, film in enumerate(films)]
    judges = [replace(one, languages=("zh",) if number < 4 else ("en",)) for number, one in enumerate(judges)]
    result = allocate(task(films=films, judges=judges, conflicts=(), looks=2, seed=1))
    assert [load.reason for load in result.loads] == 4 * ["scarce"] + 8 * ["few_films"]
    high = [load.seconds for load in result.loads[:4]]
    low = [load.seconds for load in result.loads[4:]]
    assert max(high) - min(high) <= 0.01 * min(high)
    assert max(low) - min(low) <= 0.01 * min(low)


def test_a_film_whose_judges_all_have_conflicts_is_named():
    films, judges = contest(20, 3)
    barred = [(one.key, "f007") for one in judges]
    (row,) = allocate(task(films=films, judges=judges, conflicts=barred, looks=2, seed=1)).unserved
    assert (row.film, row.looks, row.free, row.reason) == ("f007", 2, 0, "all_barred")


def test_somebody_knows_the_form_where_she_is_free():
    films, judges = contest(120, 12)
    films = [
        replace(film, forms=("puppets",) if number % 4 == 0 else ()) for number, film in enumerate(films)
    ]
    judges = [replace(one, forms=("puppets",) if number < 2 else ()) for number, one in enumerate(judges)]
    result = allocate(task(films=films, judges=judges, conflicts=(), looks=2, seed=3))
    known = {film for judge, film in pairs_of(result) if judge in ("j00", "j01")}
    assert {film.key for film in films if film.forms} <= known
    assert max(abs(load.off) for load in result.loads) <= 0.02
    # One such look is there already: another is not asked for.
    seen = [Given("j00", film.key, film.seconds) for film in films if film.forms]
    again = task(films=films, judges=judges, conflicts=(), looks=2, seed=3, given=seen)
    assert not any(want.expert for want in again.wants)


def test_judges_of_several_tracks_become_bridges():
    films = [Film(f"f{n:02}", 60 + n % 7, "a" if n < 40 else "b") for n in range(80)]
    judges = [Judge(f"j{n}", None, ("a",) if n < 4 else ("b",)) for n in range(8)] + [Judge("both", 600)]
    wanted = task(films=films, judges=judges, conflicts=(), looks=2, seed=0, shared_cut=True)
    tracks = {track for judge, film in pairs_of(allocate(wanted)) if judge == "both"
              for track in ("a" if film < "f40" else "b")}  # fmt: skip
    assert tracks == {"a", "b"}


def test_a_departure_moves_only_her_looks_and_spreads_them():
    films, judges = contest()
    first = allocate(task(films=films, judges=judges, conflicts=(), looks=3, seed=4))
    lengths = {film.key: film.seconds for film in films}
    kept = [Given(judge, film, lengths[film], judge != "j05") for judge, film in pairs_of(first)]
    left = [one for one in judges if one.key != "j05"]
    again = allocate(task(films=films, judges=left, conflicts=(), looks=3, seed=4, given=kept))
    hers = sorted(film for judge, film in pairs_of(first) if judge == "j05")
    assert sorted(film for _judge, film in pairs_of(again)) == hers
    assert max(abs(load.off) for load in again.loads) <= 0.01


def test_looks_film_by_film():
    films, judges = contest(30, 6)
    lengths = {film.key: film.seconds for film in films}
    first = allocate(task(films=films, judges=judges, conflicts=(), looks=1, seed=4))
    kept = [Given(judge, film, lengths[film]) for judge, film in pairs_of(first)]
    more = task(
        films=films, judges=judges, conflicts=(), looks=1, seed=4, given=kept, more={"f003": 2, "f009": 1}
    )
    assert [(want.film.key, want.looks, want.served) for want in more.wants] == [
        ("f003", 2, 1),
        ("f009", 1, 1),
    ]
    assert not set(pairs_of(allocate(more))) & set(pairs_of(first))
    named = task(films=films, judges=judges, conflicts=(), looks={"f001": 3}, seed=4)
    assert [film for _judge, film in pairs_of(allocate(named))] == 3 * ["f001"]


def test_the_seed_decides_and_a_kept_task_gives_the_same_allocation():
    films, judges = contest(40, 8)
    first = task(films=films, judges=judges, conflicts=[("j01", "f000")], looks=3, seed=2**61)
    again = Task.from_json(first.as_json())
    assert again == first
    assert allocate(again).digest == allocate(first).digest
    assert allocate(replace(first, seed=5)).digest != allocate(first).digest
    queue = [film for judge, film in pairs_of(allocate(first)) if judge == "j00"]
    assert queue != sorted(queue)  # the order is drawn too
    # Fixed: a change of the method, or an OR-Tools that solves otherwise, must raise VERSION.
    assert allocate(first).digest == "4ddbda44d1e7fd3101b5401cd5bd800d47b99bc3761282e256881ea8f53283ef"


def test_what_the_first_method_drew_is_drawn_again():
    kept = {
        "wants": [["a", 60, 3, ["j1"]], ["b", 61, 3, []]],
        "loads": [[f"j{number}", 0] for number in range(8)],
        "seed": str(2**61),
    }
    again = least_loaded.allocate(least_loaded.Task.from_json(kept))
    assert again.digest == "2bbcf5d95b873dd53f7555bcd4cbdfccfccaf167274430fccf5d4b4a4848039c"


@given(films_of, judges_of, conflicts_of, st.integers(1, 3), seeds)
@settings(deadline=None)
def test_every_judge_of_a_panel_sees_every_film_of_it(films, judges, conflicts, size, seed):
    panels = make_panels(judges, films, size, seed)
    assert sorted(one.key for members in panels.values() for one in members) == sorted(
        one.key for one in judges
    )
    result = allocate(panel_task(films=films, panels=panels, conflicts=conflicts, seed=seed))
    seen = defaultdict(set)
    for judge, film in pairs_of(result):
        seen[film].add(judge)
    known = {one.key: one for one in judges}
    members = [{one.key for one in some} for some in panels.values()]
    for film in films:
        if film.key not in seen:
            continue
        assert seen[film.key] in members
        assert all(may_see(known[key], film, conflicts) for key in seen[film.key])
    assert {row.film for row in result.unserved} == {film.key for film in films} - set(seen)


def test_panels_divide_the_minutes():
    films, judges = contest()
    panels = make_panels(judges, films, 3, 7)
    assert [len(members) for members in panels.values()] == [3, 3, 3, 3]
    wanted = panel_task(films=films, panels=panels, conflicts=[("j00", "f000")], seed=7)
    result = allocate(wanted)
    assert result.unserved == ()
    assert max(abs(load.off) for load in result.loads) <= 0.01
    assert len(result.assignments) == 900
    # A film that comes late goes to one panel; the others stay.
    lengths = {film.key: film.seconds for film in films}
    kept = [Given(judge, film, lengths[film]) for judge, film in pairs_of(result)]
    late = panel_task(films=[*films, Film("late", 90)], panels=panels, conflicts=(), seed=7, given=kept)
    assert [film for _judge, film in pairs_of(allocate(late))] == 3 * ["late"]


@pytest.mark.parametrize("keys", [("films", "a"), ("judges", "j")])
def test_the_same_key_twice_is_refused(keys):
    films, judges = [Film("a", 1)], [Judge("j")]
    with pytest.raises(ValueError, match="is there twice"):
        task(
            films=films * (2 if keys[0] == "films" else 1),
            judges=judges * (2 if keys[0] == "judges" else 1),
            conflicts=(),
            looks=1,
            seed=1,
        )
