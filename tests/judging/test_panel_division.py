"""Films divided among panels by the allocator, without a database and in it."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from festival.people.roles import Role
from judging import panel_division, panels, rounds_actions
from judging.hand_out import replay_allocation
from judging.logic.allocation.task import Film, Given, Judge, Task
from judging.logic.canonical import digest
from judging.models import Allocation, JudgeProfile, PanelFilm
from tests.factories import make_edition, make_entry, make_member, make_panel, make_round

AT = datetime(2027, 3, 1, 12, tzinfo=UTC)
HOME = {"p1": ["1", "2"], "p2": ["3", "4"], "p3": ["5"]}


def task(films, conflicts=(), given_looks=(), languages=None, seed=1):
    spoken = languages or {}
    rows = [
        Film(key, seconds, "", spoken.get(key, ()))
        for key, seconds in (films.items() if isinstance(films, dict) else films)
    ]
    follow = {"1": ("en", "zh"), "2": ("en", "zh"), "3": ("en",), "4": ("en", "ja"), "5": ("ja",)}
    return panel_division.task_of(
        films=rows,
        panels={
            panel: [Judge(one, None, (), follow[one] if languages else ()) for one in judges]
            for panel, judges in HOME.items()
        },
        conflicts=list(conflicts),
        given=list(given_looks),
        seed=seed,
    )


def loads(found, films):
    return {panel: sum(films[film] for film in found if found[film] == panel) for panel in HOME}


def test_panels_watch_about_as_long():
    films = {f"F{number:02}": 60 + number * 7 for number in range(60)}
    minutes = loads(panel_division.divide(task(films)), films).values()
    assert max(minutes) - min(minutes) <= max(films.values())


def test_a_film_goes_where_everybody_may_see_it_and_follows_it():
    films = {"A": 60, "B": 60, "C": 60, "D": 60}
    spoken = {"A": ("zh",), "B": ("ja",), "C": ("en",), "D": ("ja", "en")}
    found = panel_division.divide(task(films, [("3", "D")], languages=spoken))
    assert (found["A"], found["B"]) == ("p1", "p3")
    assert found["C"] in ("p1", "p2")
    assert found["D"] in ("p1", "p3")


def test_what_no_panel_may_see_as_a_whole_goes_where_fewest_may_not():
    barred = [(judge, "A") for judge in ("1", "2", "3", "5")]
    assert panel_division.divide(task({"A": 60}, barred)) == {"A": "p2"}
    assert panel_division.divide(task({"A": 60}, languages={"A": ("ko",)})) == {"A": "p3"}


def test_who_has_more_already_gets_the_late_film_last():
    before = [
        Given(judge, f"{judge}-old", seconds)
        for judge, seconds in (("1", 100), ("2", 100), ("3", 50), ("4", 50), ("5", 90))
    ]
    assert panel_division.divide(task({"A": 60}, given_looks=before)) == {"A": "p2"}


@given(
    st.dictionaries(st.text("ABCDEF", min_size=1, max_size=3), st.integers(0, 900)),
    st.lists(st.tuples(st.sampled_from("12345"), st.text("ABCDEF", min_size=1, max_size=3))),
    st.integers(0, 99),
)
def test_every_film_has_one_panel_and_the_kept_inputs_give_it_again(films, conflicts, seed):
    one = task(films, conflicts, seed=seed)
    found = panel_division.divide(one)
    assert set(found) == set(films)
    assert panel_division.divide(Task.from_json(one.as_json())) == found
    turned = task(dict(reversed(films.items())), conflicts[::-1], seed=seed)
    assert panel_division.divide(turned) == found


@pytest.mark.django_db
def test_a_panel_gets_the_films_that_it_follows_and_old_divisions_are_drawn_again():
    edition = make_edition()
    chair = make_member(edition, Role.CHAIR)
    jury = [make_member(edition, Role.JUDGE) for _number in range(4)]
    for judge, languages in zip(jury, ("zh", "zh", "en", "en"), strict=True):
        JudgeProfile.objects.create(
            edition=edition, user=judge.user, languages=languages, updated_at=timezone.now()
        )
    films = [make_entry(edition, language=language) for language in ("zh", "en") * 4]
    round = make_round(edition, gate="panel")
    one, two = make_panel(round, "One", jury[:2]), make_panel(round, "Two", jury[2:])
    kept = rounds_actions.open_round(round=round, by=chair, at=AT, seed=5)
    found = dict(PanelFilm.objects.values_list("entry_id", "panel_id"))
    assert found == {film.pk: (one if film.language == "zh" else two).pk for film in films}
    assert (kept.method, kept.method_version, kept.unserved) == ("panels", 2, [])
    assert replay_allocation(kept)
    old = panels.PanelTask({"A": 60, "B": 90}, {"1": ["1"], "2": ["2"]}, {}, {}, 5)
    inputs = old.as_json()
    first = Allocation.objects.create(
        round=round, method="panels", method_version=1, inputs=inputs, inputs_digest=digest(inputs),
        result_digest=panels.result_digest(panels.divide(old)), looks_made=0, made_at=AT, made_by=chair.user,
    )  # fmt: skip
    assert replay_allocation(first)
