"""Films divided among panels, without a database."""

from hypothesis import given
from hypothesis import strategies as st

from judging.panels import PanelTask, divide


def task(films, barred=None, loads=None, seed=1):
    panels = {"p1": ["1", "2"], "p2": ["3", "4"], "p3": ["5"]}
    return PanelTask(films, panels, loads or {}, barred or {}, seed)


def test_panels_watch_about_as_long():
    films = {f"F{number:02}": 60 + number * 7 for number in range(30)}
    found = divide(task(films))
    loads = {
        panel: sum(films[film] for film in found if found[film] == panel) for panel in ("p1", "p2", "p3")
    }
    assert max(loads.values()) - min(loads.values()) <= max(films.values())


def test_a_film_goes_where_nobody_is_barred_from_it():
    found = divide(task({"A": 60, "B": 60, "C": 60}, {"A": ["1", "3"], "B": ["5"], "C": ["1", "3", "5"]}))
    assert found["A"] == "p3"
    assert found["B"] != "p3"
    assert set(found) == {"A", "B", "C"}


def test_who_has_more_already_gets_the_late_film_last():
    assert divide(task({"A": 60}, loads={"p1": 100, "p2": 50, "p3": 90})) == {"A": "p2"}


@given(st.dictionaries(st.text("ABCDEF", min_size=1, max_size=3), st.integers(0, 900)), st.integers(0, 99))
def test_the_kept_inputs_give_the_same_division(films, seed):
    one = task(films, seed=seed)
    again = PanelTask.from_json(one.as_json())
    assert divide(again) == divide(one)
    assert set(divide(one)) == set(films)
