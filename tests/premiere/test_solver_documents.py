"""Documents of the timetable: what is wrong is named by its place; times are right when the clocks change."""

import json
import os
import signal
import threading
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from benchmarks.festivals import festival
from festival.premiere.__main__ import main
from festival.premiere.timetable.clock import Clock
from festival.premiere.timetable.document import plan_json, read_plan, read_problem
from festival.premiere.timetable.problem import BlockRules, Weights
from festival.premiere.timetable.reading import Fault, read_json
from festival.premiere.timetable.verify import verify
from tests.premiere.festivals import small

DOCS = Path(__file__).parents[2] / "docs"
EXAMPLE = DOCS / "examples" / "timetable.json"

FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "zone": ({"zone": "Mars/Olympus"}, "zone: there is no time zone 'Mars/Olympus'."),
    "day": ({"first_day": "16 April"}, "first_day: '16 April' is not a date like 2027-04-16."),
    "films": ({"films": []}, "films: there is no film."),
    "twice": (
        {"films": [{"film": "A", "seconds": 9}, {"film": "A", "seconds": 9}]},
        "films[1]: there are two films 'A'.",
    ),
    "seconds": (
        {"films": [{"film": "A", "seconds": 0}]},
        "films[0].seconds: is 0; it must be from 1 to 86400.",
    ),
    "bool": (
        {"films": [{"film": "A", "seconds": True}]},
        "films[0].seconds: must be a whole number, not true.",
    ),
    "guest": (
        {"films": [{"film": "A", "seconds": 9, "guests": ["Bo"]}]},
        "films[0].guests[0]: there is no guest 'Bo'.",
    ),
    "travel": (
        {"travel": [{"from": "Grand", "to": "Rex", "minutes": 3}]},
        "travel[0].to: there is no venue 'Rex'.",
    ),
    "target": (
        {"blocks": {"target": 90, "least": 50, "most": 70}},
        "blocks: the target must lie between the least and the most minutes.",
    ),
    "pin": ({"pins": [{"pin": "p", "films": []}]}, "pins[0]: a pin needs films."),
    "pin day": (
        {"pins": [{"pin": "p", "films": ["A"], "day": "2027-04-18"}]},
        "pins[0].day: is not a day of the festival.",
    ),
    "pin off the grid": (
        {"pins": [{"pin": "p", "films": ["A"], "starts": "2027-04-16T19:30"}]},
        "pins[0].starts: is not at a multiple of 60 minutes, the grid.",
    ),
    "grid": (
        {"grid": 7},
        "grid: is 7; it must divide an hour: 1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60.",
    ),
    "weights": ({"weights": {"length": -1}}, "weights.length: is -1; it must be from 0 to 1000."),
    "slot": (
        {"forbidden": [{"slot": "s", "from": "2027-04-16T19:00", "until": "2027-04-16T19:00"}]},
        "forbidden[0]: ends before it begins.",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_named_by_its_place(name: str) -> None:
    changed, said = FAULTS[name]
    with pytest.raises(Fault) as caught:
        read_problem(small(**changed))
    assert str(caught.value) == said


def test_a_field_that_nobody_knows_is_a_fault() -> None:
    with pytest.raises(Fault, match="there is no field 'film'; known are"):
        read_problem(small(film=[]))


def test_a_repeat_cannot_be_pinned_where_there_are_none() -> None:
    with pytest.raises(Fault, match=r"pins\[0\]\.showing: there are no repeats"):
        read_problem(small(repeat=False, pins=[{"pin": "p", "films": ["A"], "showing": "repeat"}]))


def test_a_day_on_which_the_clocks_change_has_its_true_length() -> None:
    clock = Clock(date(2027, 3, 27), "Europe/Berlin")  # summer time begins on the 28th at 02:00
    assert clock.midnight(2) - clock.midnight(1) == 23 * 60
    assert clock.minute("2027-03-28T03:00", "x") - clock.minute("2027-03-28T01:00", "x") == 60
    assert clock.text(clock.minute("2027-03-28T20:15", "x")) == "2027-03-28T20:15"
    with pytest.raises(Fault, match="does not exist"):
        clock.minute("2027-03-28T02:30", "x")
    autumn = Clock(date(2027, 10, 30), "Europe/Berlin")
    assert autumn.midnight(2) - autumn.midnight(1) == 25 * 60


def test_the_example_of_the_docs_is_solved_and_verified_from_the_shell(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["solve", str(EXAMPLE), "--seconds", "2"]) == 0
    printed = capsys.readouterr().out
    plan = tmp_path / "plan.json"
    plan.write_text(printed)
    assert main(["verify", str(EXAMPLE), str(plan)]) == 0
    assert json.loads(capsys.readouterr().out)["ok"] is True
    problem = read_problem(read_json(EXAMPLE))
    assert plan_json(problem, read_plan(json.loads(printed), problem)) == json.loads(printed)["blocks"]

    changed = json.loads(EXAMPLE.read_text())
    changed["films"] = [film for film in changed["films"] if film["film"] != "Moth"]
    after = tmp_path / "after.json"
    after.write_text(json.dumps(changed))
    assert main(["solve", str(after), "--previous", str(plan)]) == 0
    repair = json.loads(capsys.readouterr().out)["repair"]
    assert {"change": "film", "film": "Moth", "from": "B2", "to": None} in repair["changes"]
    assert repair["proved"] is True


def test_interrupting_keeps_the_best_so_far(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    problem = tmp_path / "problem.json"
    problem.write_text(json.dumps(festival(60, 3, 1, 4, seed=0)))
    interrupt = threading.Timer(1.5, os.kill, (os.getpid(), signal.SIGINT))
    interrupt.start()
    assert main(["solve", str(problem), "--seconds", "100"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["stopped"] is True
    read = read_problem(json.loads(problem.read_text()))
    assert verify(read, read_plan(answer, read)) == []


def test_why_there_is_none_is_said_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    problem = tmp_path / "problem.json"
    problem.write_text(json.dumps(small(pins=[{"pin": "last", "films": ["B"], "day": "2027-04-17"}])))
    assert main(["solve", str(problem)]) == 1
    said = json.loads(capsys.readouterr().out)
    assert said["text"] == (
        "No timetable keeps these rules together: pin last: the premiere of film B is on 2027-04-17; "
        "repeats are on a later day than the premiere."
    )
    assert [row["relax"] for row in said["clash"]] == [
        "take out the pin last",
        "allow repeats on the day, or do without",
    ]


def test_a_document_that_cannot_be_read_ends_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text('{"days": 1, "days": 2}')
    assert main(["solve", str(broken)]) == 2
    assert capsys.readouterr().err == (
        f"{broken}: this is not JSON that can be read: field 'days' is there twice in one object.\n"
    )


def test_the_docs_name_every_field() -> None:
    text = (DOCS / "timetable.md").read_text()
    document = json.loads(EXAMPLE.read_text())
    names = {*document, *Weights.__dataclass_fields__, *BlockRules.__dataclass_fields__}
    renamed = {"intro", "label", "qa", "repeat_qa"}  # in seconds, and called so in documents
    assert [name for name in sorted(names - renamed) if f"`{name}`" not in text] == []
