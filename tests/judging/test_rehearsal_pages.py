"""How a rehearsal times pages: what other programs take is in the clock's figure alone."""

import time

import pytest
from django.db import connection

from judging.rehearsal import words
from judging.rehearsal.pages import Stopwatch
from judging.rehearsal.problem_words import sentence
from judging.rehearsal.report import _of_load, honest_ms, slowest
from judging.rehearsal_page import context_of
from tests.factories import make_edition, make_rehearsal, make_user

NAP = 0.12  # seconds
LINE = {"longest": 0.0}


def page(name: str = "overview", ms: float = 10.0, cpu_ms: float = 10.0, status: int = 200):
    return {"page": name, "when": "call", "ms": ms, "cpu_ms": cpu_ms, "status": status}


def test_waiting_for_anything_else_is_no_work():
    watch = Stopwatch(served=False)
    with watch.running():
        time.sleep(NAP)
    assert watch.ms >= 1000 * NAP > 500 * NAP > watch.cpu_ms


def test_work_is_work():
    watch = Stopwatch(served=False)
    with watch.running():
        until = time.process_time() + NAP
        while time.process_time() < until:
            pass
    assert watch.cpu_ms >= 1000 * NAP


@pytest.mark.django_db
@pytest.mark.parametrize("served", [True, False])
def test_a_database_that_is_a_server_of_its_own_is_waited_for(served):
    """Each query naps: the time of a server that works elsewhere is part of the page, that of SQLite is CPU here."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("nap", 1, time.sleep)
        query = f"SELECT nap({NAP})"
    else:
        query = f"SELECT pg_sleep({NAP})"
    watch = Stopwatch(served=served)
    with watch.running(), connection.cursor() as cursor:
        cursor.execute(query)
    assert watch.ms >= 1000 * NAP
    assert (watch.cpu_ms >= 900 * NAP) == served
    with connection.cursor() as cursor:
        cursor.execute(query)  # nothing listens any more
    assert watch.waited < 2 * NAP


@pytest.mark.parametrize(
    ("row", "honest"),
    [
        (page(ms=200.0, cpu_ms=40.0), 40.0),
        (page(ms=40.0, cpu_ms=55.0), 40.0),  # several threads were at work
        ({"page": "overview", "when": "call", "ms": 70.0, "status": 200}, 70.0),  # of an earlier report
    ],
)
def test_the_smaller_figure_is_the_honest_one(row, honest):
    assert honest_ms(row) == honest


@pytest.mark.parametrize(
    ("rows", "slow"),
    [
        ([page(ms=300.0, cpu_ms=59.0)], []),
        ([page(ms=300.0, cpu_ms=61.0)], [("overview", 1, 61.0)]),
        ([page("search", ms=300.0, cpu_ms=79.0)], []),
        ([page(ms=900.0, cpu_ms=70.0), page("round", ms=110.0, cpu_ms=100.0)], [("round", 2, 100.0)]),
    ],
)
def test_a_page_is_slow_by_its_work_and_not_by_a_busy_machine(rows, slow):
    found = _of_load([1], LINE, rows)
    assert [(one["page"], one["count"], one["ms"]) for one in found] == slow
    for one in found:
        assert f"took {one['ms']:.0f} ms" in sentence(one)


def test_each_page_stands_once_as_slow_as_its_work_was():
    rows = [page(ms=500.0, cpu_ms=20.0), page(ms=60.0, cpu_ms=50.0)]
    assert slowest(rows) == [rows[1]]
    assert words.pages_line(rows[:1]) == "1 page asked; it took 20 ms (“Overview”)."


@pytest.mark.django_db
def test_the_report_has_both_figures():
    by = make_user()
    rehearsal = make_rehearsal(make_edition(owner=by), by=by)
    assert context_of(rehearsal)["pages"] == [("Overview", 12.0, 212.0)]
    assert "| Page | Milliseconds | By the clock |" in words.markdown(rehearsal.report)
    assert "| Overview | 12 | 212 |" in words.markdown(rehearsal.report)
