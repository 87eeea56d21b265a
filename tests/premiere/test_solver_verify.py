"""The verifier of the timetable: a plan that keeps all rules, and each rule broken once."""

from dataclasses import replace
from typing import Any

import pytest

from festival.premiere.timetable.document import read_problem
from festival.premiere.timetable.problem import Block, Plan, Screening, Window, goals
from festival.premiere.timetable.verify import verify
from festival.premiere.timetable.words import NEEDS, SENTENCES, sentence
from tests.premiere.festivals import problem_of, small

HOUR = 60
REHEARSED: dict[str, Any] = {"rehearsal": {"minutes": 60, "within_hours": 24}}


def plan_of(**changes: Any) -> Plan:
    """Two blocks: in hall one at 18:00 and 20:00 of the first day, repeats on the second."""
    usual: dict[str, Any] = {
        "films": ("A", "B"),
        "other_films": ("C", "D"),
        "premiere": Screening("premiere", "one", 18 * HOUR),
        "repeat": Screening("repeat", "one", 42 * HOUR),
        "other_premiere": Screening("premiere", "one", 20 * HOUR),
        "other_repeat": Screening("repeat", "two", 42 * HOUR),
    } | changes
    return Plan(
        (
            Block("B1", usual["films"], tuple(one for one in (usual["premiere"], usual["repeat"]) if one)),
            Block("B2", usual["other_films"], (usual["other_premiere"], usual["other_repeat"])),
        )
    )


def premiere(hall: str, start: int, rehearsal: int | None = None) -> Screening:
    return Screening("premiere", hall, start, rehearsal)


def repeat(hall: str, start: int) -> Screening:
    return Screening("repeat", hall, start)


def test_a_plan_that_keeps_all_rules() -> None:
    assert verify(problem_of(), plan_of()) == []


AWAY = [{"from": "2027-04-16T19:00", "until": "2027-04-16T23:00"}]
PINS: dict[str, dict[str, Any]] = {
    "pin_films": {"films": ["A", "C"]},
    "pin_place": {"films": ["B"], "place": "first"},
    "pin_hall": {"films": ["A"], "hall": "two"},
    "pin_start": {"films": ["A"], "starts": "2027-04-16T19:00"},
    "pin_day": {"films": ["A"], "day": "2027-04-17"},
}
BREAKS: dict[str, tuple[dict[str, Any], dict[str, Any], tuple[str, ...]]] = {
    "unknown_film": ({}, {"films": ("A", "B", "Z")}, ("B1",)),
    "unknown_hall": ({}, {"premiere": premiere("three", 18 * HOUR)}, ("B1",)),
    "film_missing": ({"blocks": {"target": 60, "least": 10, "most": 70}}, {"films": ("A",)}, ()),
    "film_twice": (
        {"blocks": {"target": 60, "least": 10, "most": 100}},
        {"other_films": ("C", "D", "B")},
        ("B1", "B2"),
    ),
    "block_short": ({"blocks": {"target": 65, "least": 61, "most": 70}}, {}, ("B1",)),
    "block_long": ({"blocks": {"target": 50, "least": 50, "most": 59}}, {}, ("B1",)),
    "block_films": ({"blocks": {"target": 60, "least": 50, "most": 70, "most_films": 1}}, {}, ("B1",)),
    "block_mixed": (
        {"blocks": {"target": 60, "least": 50, "most": 70, "same": ["track"]}},
        {"films": ("A", "C"), "other_films": ("B", "D")},
        ("B1",),
    ),
    "screenings": ({}, {"repeat": None}, ("B1",)),
    "repeat_day": ({}, {"premiere": premiere("one", 44 * HOUR)}, ("B1",)),
    "closed": ({}, {"premiere": premiere("one", 17 * HOUR)}, ("B1",)),
    "grid": ({}, {"repeat": repeat("one", 42 * HOUR + 30)}, ("B1",)),
    "forbidden": (
        {"forbidden": [{"slot": "x", "from": "2027-04-16T18:59", "until": "2027-04-16T19:05"}]},
        {},
        ("B1",),
    ),
    "needs": (
        {"films": [{"film": "A", "seconds": 1800}, {"film": "B", "seconds": 1800},
                   {"film": "C", "seconds": 2400, "surround": True}, {"film": "D", "seconds": 1200}]},
        {},
        ("B2",),
    ),
    "age": ({"age_slots": [{"slot": "x", "from": "19:00", "until": "30:00"}]}, {}, ("B1",)),
    "rehearsal_missing": (REHEARSED, {"other_premiere": premiere("one", 20 * HOUR)}, ("B1",)),
    "rehearsal_unwanted": ({}, {"premiere": premiere("one", 18 * HOUR, 17 * HOUR)}, ("B1",)),
    "overlap": ({}, {"other_premiere": premiere("one", 19 * HOUR)}, ("B1", "B2")),
    "guest_away": ({"guests": [{"guest": "Wei", "available": AWAY}, {"guest": "Ada"}]}, {}, ("B1",)),
}  # fmt: skip


@pytest.mark.parametrize("code", BREAKS)
def test_each_rule_broken_is_found_and_said(code: str) -> None:
    changed, planned, blocks = BREAKS[code]
    problem = problem_of(**changed)
    found = [one for one in verify(problem, plan_of(**planned)) if one.code == code]
    assert found
    assert found[0].blocks == blocks
    said = sentence(problem, found[0])
    assert said.endswith(".") and "{" not in said


@pytest.mark.parametrize(
    "need, film, hall",
    [
        ("format", {"formats": ["ProRes"]}, {"formats": ["DCP", "H.264"]}),
        ("rate", {"rate": "25"}, {"rates": ["24", "30"]}),
        ("aspect", {"aspect": "2.39"}, {"aspects": ["1.85"]}),
        ("surround", {"surround": True}, {"surround": False}),
        ("accessible", {"accessible": True}, {"accessible": False}),
        ("seats", {"seats": 201}, {}),
    ],
)
def test_each_need_of_a_film_is_checked_against_its_hall(
    need: str, film: dict[str, Any], hall: dict[str, Any]
) -> None:
    document = small()
    assert verify(read_problem(document), plan_of()) == []
    document["films"][0] |= film
    document["venues"][0]["halls"][0] |= hall
    problem = read_problem(document)
    found = verify(problem, plan_of())
    assert {(one.code, one.values["film"], one.values["need"]) for one in found} == {("needs", "A", need)}
    assert NEEDS[need] in sentence(problem, found[0])


def test_an_introduction_of_a_film_lengthens_its_premiere_alone() -> None:
    document = small(blocks={"target": 60, "least": 50, "most": 70})
    document["films"][0]["intro_seconds"] = 300
    problem = read_problem(document)
    assert problem.minutes(("A", "B")) == 65
    assert problem.minutes(("A", "B"), "repeat") == 60


@pytest.mark.parametrize("code", PINS)
def test_each_pin_broken_is_found(code: str) -> None:
    problem = problem_of(pins=[{"pin": "p", **PINS[code]}])
    found = verify(problem, plan_of())
    assert [one.code for one in found] == [code]
    assert "p" in sentence(problem, found[0])


def test_rehearsals_are_checked_for_their_time_their_hall_and_what_is_forbidden() -> None:
    problem = problem_of(
        **REHEARSED, forbidden=[{"slot": "x", "from": "2027-04-16T10:30", "until": "2027-04-16T10:40"}]
    )

    def codes(rehearsal: int) -> set[str]:
        plan = plan_of(premiere=premiere("one", 18 * HOUR, rehearsal))
        return {one.code for one in verify(problem, plan) if one.blocks == ("B1",)}

    assert codes(17 * HOUR) == {"rehearsal_closed"}
    assert codes(10 * HOUR) == {"rehearsal_closed", "rehearsal_forbidden"}
    assert codes(18 * HOUR) == {"rehearsal_time"}
    assert codes(17 * HOUR + 1) == {"rehearsal_closed", "rehearsal_grid", "rehearsal_time"}


def test_a_rehearsal_is_on_the_day_before_where_that_is_asked_for() -> None:
    problem = problem_of(rehearsal={"minutes": 60, "day_before": True})

    def broken(start: int, rehearsal: int) -> list[str]:
        plan = Plan((Block("B1", ("A", "B"), (premiere("one", start, rehearsal),)),))
        found = [one for one in verify(problem, plan) if one.code.startswith("rehearsal")]
        assert all(sentence(problem, one).endswith(".") for one in found)
        return [one.code for one in found]

    assert broken(43 * HOUR, 18 * HOUR) == []
    assert broken(43 * HOUR, 42 * HOUR) == ["rehearsal_day"]
    assert broken(20 * HOUR, 18 * HOUR) == ["rehearsal_day"]


def test_a_guest_needs_the_way_between_two_venues() -> None:
    hall = {"from": "2027-04-16T18:00", "until": "2027-04-16T22:00"}
    problem = problem_of(repeat=False)
    lux = replace(problem.halls[1], open=(Window(18 * HOUR, 22 * HOUR),))
    films = tuple(replace(film, guests=("Wei",) if film.code in "AC" else ()) for film in problem.films)
    problem = replace(problem, halls=(problem.halls[0], lux), films=films)
    assert hall["from"].endswith("18:00")
    plan = Plan(
        (
            Block("B1", ("A", "B"), (premiere("one", 18 * HOUR),)),
            Block("B2", ("C", "D"), (premiere("two", 19 * HOUR),)),
        )
    )
    assert [one.code for one in verify(problem, plan)] == ["guest_twice"]
    near = replace(problem, travel={})
    assert verify(near, plan) == []


def test_the_day_of_a_screening_after_midnight_is_that_of_its_opening_hours() -> None:
    venues = [
        {
            "venue": "Grand",
            "halls": [{"hall": "one", "open": [{"from": "2027-04-16T20:00", "until": "2027-04-17T02:00"}]}],
        }
    ]
    problem = problem_of(
        venues=venues, travel=[], repeat=False, age_slots=[{"slot": "x", "from": "23:00", "until": "25:00"}]
    )
    late = replace(problem, films=problem.films[:2])
    plan = Plan((Block("B1", ("A", "B"), (premiere("one", 25 * HOUR),)),))
    assert problem.day_at("one", 25 * HOUR) == 0
    assert verify(late, plan) == []


def test_goals_are_counted() -> None:
    problem = problem_of()
    missed = goals(problem, plan_of(films=("B", "A"), other_premiere=premiere("one", 20 * HOUR)))
    assert missed == {
        "length": 0, "track": 0, "mood": 0, "language": 0, "age": 0, "tempo": 1, "opening": 4, "closing": 0,
        "other_venue": 1, "prime": 0, "together": 0, "smaller_hall": 0,
    }  # fmt: skip


def test_premieres_at_the_same_time_and_in_the_smaller_hall_are_counted() -> None:
    lux = replace(problem_of().halls[1], open=(Window(18 * HOUR, 22 * HOUR),))
    problem = replace(problem_of(repeat=False), halls=(problem_of().halls[0], lux))

    def missed(start: int) -> tuple[int, int]:
        found = goals(
            problem,
            Plan(
                (
                    Block("B1", ("A", "B"), (premiere("one", 18 * HOUR),)),
                    Block("B2", ("C", "D"), (premiere("two", start),)),
                )
            ),
        )
        return found["together"], found["smaller_hall"]

    assert missed(18 * HOUR) == (1, 1)
    assert missed(19 * HOUR + 15) == (1, 1)  # the way takes half an hour
    assert missed(19 * HOUR + 30) == (0, 1)


def test_every_code_has_a_sentence() -> None:
    assert {*BREAKS, *PINS} <= set(SENTENCES)
