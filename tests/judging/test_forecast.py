"""Judge-hours of a plan, without a database."""

from dataclasses import replace
from fractions import Fraction

import pytest
from django.utils import translation

from festival.edition.blueprint import named
from festival.edition.blueprint_rounds import CutPlan, PanelPlan, RoundPlan
from judging import forecast_words
from judging.logic.forecast import HOUR, LONG_DAY, Expected, forecast
from judging.plan_chart import forecast_of, own_days

SCALE = (1, 10, 1)


def one(slug="screening", **fields):
    fields.setdefault("looks", 3)
    fields.setdefault("overhead", 0)
    return RoundPlan(slug=slug, name={"en": slug.title(), "zh": slug}, scale=SCALE, criteria=(), **fields)


def codes(found):
    return [row.code for row in found.warnings]


def test_1500_judge_hours_and_30_screeners_are_50_hours_each_in_12_days():
    """The example of the issue: 10,000 films of three minutes, three looks each."""
    expected = Expected(films=10_000, film_seconds=180, judges={"screening": 30})
    found = forecast([one()], expected, days=12)
    [stage] = found.stages
    assert (stage.seconds, stage.each, stage.days) == (1500 * HOUR, 50 * HOUR, 12)
    assert (found.pace, found.seconds) == (15_000, 1500 * HOUR)  # 4 h 10 min
    with translation.override("en"):
        assert (
            forecast_words.stage_text(stage) == "1,500 hours of judging, 30 judges: 50 hours each in 12 days."
        )
        assert forecast_words.cost_text(stage) == "10,000 films × 3 looks × 3 min"
        [sentence] = forecast_words.warned(found, {"screening": {"en": "First screening"}})
    assert sentence == (
        "1,500 hours of judging in “First screening”, 30 judges: 50 hours each. With all rounds in 12 days that is 4.2 "
        "hours a day, beside a working day. At 3 hours a day it would take 17 days of jury or 42 judges or 2 looks of "
        "each film."
    )


def test_rounds_with_phases_of_their_own_have_those_days_alone():
    plan = named("incubator")
    judges = dict.fromkeys((round.slug for round in plan.rounds), 6)
    assert own_days(plan) == {"reading": (0, 21), "interviews": (21, 9), "jury": (30, 10)}
    expected = Expected(0, 1200, projects=300, judges=judges)
    found = forecast_of(plan, expected)
    # Behind the reading the teams of camp and production are judged, not all projects.
    assert [(stage.films, stage.starts, stage.days) for stage in found.stages] == [
        (300, 0, 21), (30, 21, 9), (15, 30, 10),
    ]  # fmt: skip
    # Projects are read in the reading's minutes; what the teams of the production have made is watched.
    assert [stage.look_seconds - round.overhead for stage, round in zip(found.stages, plan.rounds, strict=True)] == [
        1200, 1800, 1200,
    ]  # fmt: skip
    reading = found.stages[0]
    assert (found.days, found.longest, found.pace) == (21, reading.each, -(-reading.each // 21))
    assert "pace_apart" not in codes(found)
    found = forecast_of(plan, replace(expected, judges={**judges, "interviews": 1}))
    [warning] = [one for one in found.warnings if one.code == "pace_apart"]
    assert (warning.slug, warning.values["days"]) == ("interviews", 9)
    with translation.override("en"):
        said = forecast_words.warned(found, {round.slug: round.name for round in plan.rounds})
        assert any("In its 9 days that is" in sentence for sentence in said)
        assert forecast_words.pace_summary(found).startswith("Every round has days of its own.")
    assert own_days(named("open-call")) == {}


@pytest.mark.parametrize(("days", "judges", "looks"), [(17, 30, 3), (12, 42, 3), (12, 30, 2)])
def test_each_of_the_ways_that_are_named_is_enough(days, judges, looks):
    expected = Expected(films=10_000, film_seconds=180, judges={"screening": judges})
    assert forecast([one(looks=looks)], expected, days=days).pace <= LONG_DAY


def test_one_judge_less_than_named_is_too_few():
    expected = Expected(films=10_000, film_seconds=180, judges={"screening": 41})
    assert codes(forecast([one()], expected, days=12)) == ["pace"]


def test_a_look_costs_the_mean_of_films_and_projects_and_what_the_round_adds():
    expected = Expected(films=30, film_seconds=300, projects=10, judges={"screening": 4})
    [stage] = forecast([one(overhead=40, reading_minutes=15)], expected, days=5).stages
    assert stage.look_seconds == (30 * 300 + 10 * 900) // 40 + 40


def test_panels_share_the_films_and_a_ballot_is_everybodys():
    panels = (PanelPlan({"en": "One"}, 0), PanelPlan({"en": "Two"}, 0))
    rounds = [one("groups", gate="panel", panels=panels), one("vote", gate="ballot", after="groups")]
    expected = Expected(films=40, film_seconds=90, judges={"groups": 6, "vote": 5})
    groups, vote = forecast(rounds, expected, days=2).stages
    assert (groups.looks, vote.looks) == (Fraction(3), Fraction(5))
    assert (groups.each, vote.each) == (20 * 90, 40 * 90)


def test_films_go_on_by_the_cut_and_where_only_judges_can_tell_by_what_is_said():
    rounds = [
        one("a", gate="pass_fail", cut=CutPlan("passed", None)),
        one("b", after="a", cut=CutPlan("share", 5)),
        one("c", after="b", cut=CutPlan("count", 10)),
    ]
    judges = dict.fromkeys("abc", 5)
    unsaid = forecast(rounds, Expected(1000, 60, judges=judges), days=30).stages
    assert [(row.films, row.goes_on, row.sure) for row in unsaid] == [
        (1000, 1000, False), (1000, 50, True), (50, 10, True),
    ]  # fmt: skip
    said = forecast(rounds, Expected(1000, 60, judges=judges, goes_on={"a": 301}), days=30).stages
    assert [(row.films, row.goes_on) for row in said] == [(1000, 301), (301, 16), (16, 10)]
    known = Expected(1000, 60, judges=judges, intakes={"b": 200})
    assert [row.films for row in forecast(rounds, known, days=30).stages] == [1000, 200, 10]


def test_rounds_share_the_days_by_what_each_asks_of_a_judge():
    rounds = [one("a", looks=1, cut=CutPlan("count", 100)), one("b", looks=1, after="a")]
    found = forecast(rounds, Expected(300, 60, judges={"a": 1, "b": 1}), days=8)
    assert [(row.starts, row.days) for row in found.stages] == [(0, 6), (6, 2)]
    assert found.pace == 400 * 60 // 8
    beside = forecast([rounds[0], one("b", looks=1)], Expected(300, 60, judges={"a": 1, "b": 2}), days=8)
    assert [(row.starts, row.days) for row in beside.stages] == [(0, 8), (0, 4)]


@pytest.mark.parametrize(
    ("round", "judges", "days", "code"),
    [
        (one(), 0, 12, ["no_judges"]),
        (one(), 2, 12, ["more_looks_than_judges"]),
        (one(), 5, 0, ["no_days"]),
        (one(gate="ballot", quorum=7), 5, 12, ["quorum_out_of_reach"]),
        (one(gate="panel", panels=(PanelPlan({}, 0), PanelPlan({}, 0))), 1, 12, ["panels_without_judges"]),
        (one(cut=CutPlan("count", 100)), 5, 12, ["cut_cuts_nothing"]),
        (one(cut=CutPlan("count", 2)), 5, 12, ["more_awards_than_films"]),
        (one(), 5, 12, []),
    ],
)
def test_what_does_not_add_up_is_named_and_said(round, judges, days, code):
    expected = Expected(films=20, film_seconds=60, judges={"screening": judges})
    found = forecast([round], expected, days=days, places=3)
    assert codes(found) == code
    with translation.override("en"):
        said = forecast_words.warned(found, {"screening": {"en": "Screening"}})
    assert [("%(" in text, text.endswith(".")) for text in said] == [(False, True)] * len(code)


def test_every_blueprint_has_a_forecast():
    for key in ("short-film", "invited-premiere", "festival-unit", "open-call", "tool-makers"):
        plan = named(key)
        judges = {round.slug: 20 for round in plan.rounds}
        found = forecast(plan.rounds, Expected(1000, 180, judges=judges), days=21)
        assert len(found.stages) == len(plan.rounds)
        with translation.override("en"):
            assert forecast_words.shape(plan)


def test_more_films_than_a_round_was_reckoned_with_are_warned_of():
    expected = Expected(films=2501, film_seconds=60, judges={"screening": 99})
    found = forecast([one(expects=2500)], expected, days=30)
    assert codes(found) == ["more_than_expected"]
    with translation.override("en"):
        [sentence] = forecast_words.warned(found, {"screening": {"en": "First screening"}})
    assert sentence.startswith("“First screening” was reckoned with 2,500 films, but 2,501 come into it.")
    assert codes(forecast([one(expects=2501)], expected, days=30)) == []


@pytest.mark.parametrize(
    ("round", "judges", "said"),
    [
        (one(gate="ballot", quorum=7), 1, "but only 1 judge votes."),
        (one(gate="ballot", quorum=7), 2, "but only 2 judges vote."),
        (one(gate="panel", panels=(PanelPlan({}, 0), PanelPlan({}, 0))), 1, "but only 1 judge: some panel"),
        (one(cut=CutPlan("count", 1)), 5, "lets 1 project through, but only 1 comes into it"),
    ],
)
def test_one_is_not_said_as_many(round, judges, said):
    expected = Expected(films=1, film_seconds=60, judges={"screening": judges})
    found = forecast([round], expected, days=12)
    with translation.override("en"):
        [sentence] = forecast_words.warned(found, {"screening": {"en": "A"}}, {"screening": "project"})
    assert said in sentence
