"""Cohorts in a blueprint: what cannot be is named with its line."""

from decimal import Decimal

import pytest

from festival.edition.blueprint import FOLDER, BlueprintError, named, parse

INVITED = (FOLDER / "blueprints" / "invited-premiere.toml").read_text(encoding="utf-8")
OPEN_CALL = (FOLDER / "blueprints" / "open-call.toml").read_text(encoding="utf-8")
TEAMS = """
[[cohorts]]
slug = "teams"
name = "Teams"
places = 54
source = "nominees"
starts_day = 110
ends_day = 120
"""


def faults(source):
    with pytest.raises(BlueprintError) as error:
        parse(source, key="broken")
    return error.value.errors


def changed(old, new):
    assert INVITED.count(old) == 1
    return INVITED.replace(old, new)


def line_of(source, text):
    [number] = [n for n, line in enumerate(source.splitlines(), 1) if line == text]
    return number


def test_seven_places_milestones_over_a_hundred_days_and_support():
    [cohort] = named("invited-premiere").cohorts
    assert (cohort.places, cohort.source, cohort.track) == (7, "", "directors")
    assert [(one.slug, one.due_day) for one in cohort.milestones] == [
        ("treatment", 14),
        ("animatic", 35),
        ("rough-cut", 60),
        ("picture-lock", 75),
        ("sound", 84),
        ("delivery", 89),
        ("premiere", 100),
        ("online", 101),
    ]
    parts = {one.slug: [part.kind for part in one.deliverables] for one in cohort.milestones}
    assert parts["rough-cut"] == ["film", "text"]
    assert [(one.kind, one.amount) for one in cohort.support] == [
        ("cash", Decimal(100_000)),
        ("traffic", Decimal(10_000_000)),
        ("credits", None),
    ]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            'track = "directors"\nanswer_days = 7',
            'track = "drama"\nanswer_days = 7',
            "The cohort 'seven' names an unknown track 'drama'.",
        ),
        (
            "due_day = 60",
            "due_day = 160",
            "The milestone 'rough-cut' is due on day 160; the cohort 'seven' lasts from day 0 to 101.",
        ),
        (
            'slug = "mix"\nname = { en = "The cut with the final mix", zh = "终混版" }\nkind = "film"',
            'slug = "mix"\nname = { en = "The cut with the final mix", zh = "终混版" }\nkind = "tape"',
            "There is no deliverable kind 'tape'; there are film, document, picture, text, link.",
        ),
        (
            'kind = "traffic"',
            'kind = "fame"',
            "There is no support kind 'fame'; there are cash, traffic, credits.",
        ),
        (
            "amount = 10000000",
            "amount = -1",
            "'amount' must be an amount above 0 such as 1000 or 12.50, not -1.",
        ),
        (
            'slug = "sound"',
            'slug = "rough-cut"  # again',
            "The milestone 'rough-cut' is there twice.",
        ),
        (
            "answer_days = 7",
            "answer_days = 7\nsize = 3",
            (
                "A cohort does not know 'size'; it knows slug, name, about, places, source, track, answer_days, "
                "offers_next, starts_day, ends_day, milestones, support."
            ),
        ),
        (
            "due_day = 84",
            "due_day = 84\ngrant = 5000",
            "The milestone 'sound' needs both 'grant' and 'grant_unit', or neither.",
        ),
        (
            "due_day = 84",
            'due_day = 84\ngrant = 5000\ngrant_unit = "a unit of twenty-one!"',
            "A grant is given in a currency like CNY or USD, not 'a unit of twenty-one!'.",
        ),
        ('unit = "CNY"', 'unit = "yuan"', "Cash is promised in a currency like CNY or USD, not 'yuan'."),
        ('unit = "CNY"', 'unit = "cny"', "Cash is promised in a currency like CNY or USD, not 'cny'."),
    ],
)  # fmt: skip
def test_what_cannot_be_is_named_with_its_line(old, new, sentence):
    source = changed(old, new)
    [fault] = faults(source)
    line, said = fault.removeprefix("line ").split(": ", 1)
    assert said == sentence
    start = source[: source.index(new)].count("\n") + 1
    # The line lies in what was changed, or is the head of its table.
    assert start - 4 <= int(line) <= start + new.count("\n")


def test_an_invited_cohort_says_where_its_entries_are_made():
    [fault] = faults(changed('track = "directors"\nanswer_days = 7', "answer_days = 7"))
    assert "needs 'source'" in fault


def test_places_are_held_against_the_cut_that_fills_them():
    assert parse(OPEN_CALL + TEAMS, key="fits").cohorts[0].places == 54
    source = OPEN_CALL + TEAMS.replace("places = 54", "places = 55")
    [fault] = faults(source)
    assert fault == (
        f"line {line_of(source, 'places = 55')}: The cohort 'teams' has 55 places, but the round 'nominees' lets "
        "only 54 through."
    )


def test_an_unknown_round_and_a_round_without_a_cut():
    source = OPEN_CALL + TEAMS.replace('"nominees"', '"camp"')
    line = line_of(source, 'source = "camp"')
    assert faults(source) == [f"line {line}: The cohort 'teams' names an unknown round 'camp'."]
    source = OPEN_CALL + TEAMS.replace('"nominees"', '"final"')
    line = line_of(source, 'source = "final"')
    assert faults(source) == [
        f"line {line}: The cohort 'teams' takes the cut of 'final', which has no 'cut'."
    ]


def test_a_cohort_ends_after_it_starts():
    source = OPEN_CALL + TEAMS.replace("ends_day = 120", "ends_day = 109")
    line = line_of(source, "ends_day = 109")
    assert faults(source) == [f"line {line}: The cohort 'teams' ends on day 109, before it starts."]


INCUBATOR = (FOLDER / "blueprints" / "incubator.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            'cohort = "camp"',
            'cohort = "campus"',
            "The round 'interviews' takes the teams of an unknown cohort 'campus'.",
        ),
        (
            'cohort = "camp"',
            'cohort = "production"',
            (
                "The round 'interviews' takes the teams of 'production', which only the round 'interviews' fills: "
                "that one must come before it."
            ),
        ),
        (
            'cohort = "camp"',
            'cohort = "camp"\nafter = "reading"',
            "The round 'interviews' takes its films from 'after', a round, or from 'cohort', not from both.",
        ),
        (
            'cut = { kind = "count", value = 15 }',
            'cut = { kind = "count", value = 31 }',
            "The cut of round 'interviews' is larger than its intake: 31 of 30 films.",
        ),
    ],
)
def test_a_round_that_takes_a_cohort_comes_after_what_fills_it(old, new, sentence):
    assert INCUBATOR.count(f"{old}\n") == 1
    found = faults(INCUBATOR.replace(f"{old}\n", f"{new}\n"))
    assert [fault.partition(": ")[2] for fault in found] == [sentence]


def test_thirty_come_to_the_camp_fifteen_are_produced_and_a_quarter_of_the_grant_comes_with_each_milestone():
    camp, production = named("incubator").cohorts
    assert (camp.places, camp.source, production.places, production.source) == (
        30,
        "reading",
        15,
        "interviews",
    )
    assert [one.grant for one in production.milestones] == [Decimal(50000)] * 4
    assert [round.cohort for round in named("incubator").rounds] == ["", "camp", "production"]
