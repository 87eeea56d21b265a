"""The two programmes of the docs, as somebody who makes programmes would read them."""

from pathlib import Path

from festival.premiere.timetable import engine
from festival.premiere.timetable.document import read_problem
from festival.premiere.timetable.problem import PREMIERE, REPEAT, Plan, Problem, goals
from festival.premiere.timetable.reading import read_json
from festival.premiere.timetable.verify import verify

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


def made(name: str) -> tuple[Problem, Plan]:
    problem = read_problem(read_json(EXAMPLES / f"{name}.json"))
    plan = engine.make(problem).plan
    assert plan is not None
    assert verify(problem, plan) == []
    return problem, plan


def strengths(problem: Problem, films: tuple[str, ...]) -> list[int]:
    return [problem.film[code].strength for code in films]


def test_a_premiere_of_seven_films_in_one_hall_of_a_thousand() -> None:
    problem, plan = made("premiere")
    (block,) = plan.blocks
    evening = block.shown(PREMIERE)
    assert evening is not None and evening.rehearsal is not None
    assert len(block.films) == 7
    assert problem.seconds(block.films) == 4700 + 7 * (90 + 5) + 600 + 1500
    row = strengths(problem, block.films)
    assert row[0] == 9 and row[-1] == 8  # the two strongest open and close
    missed = goals(problem, plan)
    assert missed["tempo"] == missed["language"] == missed["prime"] == 0
    assert problem.day_of(evening.rehearsal) == problem.day_of(evening.start) - 1
    assert evening.start - problem.day_starts[1] in range(19 * 60, 19 * 60 + 31)
    assert (
        evening.start + problem.minutes(block.films) <= problem.day_starts[1] + 22 * 60
    )  # one director leaves


def test_a_unit_of_two_days() -> None:
    problem, plan = made("unit")
    assert len(plan.blocks) == 4
    for block in plan.blocks:
        first, again = block.shown(PREMIERE), block.shown(REPEAT)
        assert first is not None and again is not None
        assert 80 <= problem.minutes(block.films) <= 102
        ages = {problem.film[code].age for code in block.films}
        if 18 in ages:
            assert first.start - problem.day_starts[0] >= 21 * 60
            assert again.start - problem.day_starts[1] >= 21 * 60
    opening = next(block for block in plan.blocks if block.films[0] == "Lamplighter")
    screening = opening.shown(PREMIERE)
    assert screening is not None and (screening.hall, screening.start) == ("Grand 1", 19 * 60)
    adult = [block for block in plan.blocks if any(problem.film[code].age == 18 for code in block.films)]
    assert len(adult) == 1  # both in one late block, so that all else may run at any time
    missed = goals(problem, plan)
    assert missed["opening"] == missed["closing"] == missed["language"] == missed["prime"] == 0
    assert missed["track"] <= 3 and missed["tempo"] <= 2 and missed["other_venue"] <= 1
