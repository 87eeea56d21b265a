"""The rounds of a blueprint: gates, chains, anchors; every fault with its line."""

from decimal import Decimal

import pytest

from festival.edition.blueprint import FOLDER, BlueprintError, parse
from festival.edition.blueprint_rounds import AnchorPlan, CutPlan, PanelPlan
from judging.models import Round
from judging.rounds_actions import create_rounds
from tests.factories import make_edition

SHORT_FILM = (FOLDER / "blueprints" / "short-film.toml").read_text(encoding="utf-8")
HEAD = SHORT_FILM[: SHORT_FILM.index("[[rounds]]")]
FUNNEL = """[[rounds]]
slug = "screening"
name = "Screening"
gate = "pass_fail"
looks = 2
pass = 1
blind = false
cut = { kind = "passed" }

[[rounds]]
slug = "groups"
name = "Groups"
gate = "panel"
after = "screening"
nominations = 40
cut = { kind = "count", value = 70 }

[[rounds.panels]]
name = { en = "One", zh = "一组" }

[[rounds.panels]]
name = "Two"
nominations = 30

[[rounds]]
slug = "jury"
name = "Jury"
after = "groups"
official = "trimmed_mean"
decides = "adjusted"
overhead = 60
ties = { criterion = "whole", last = "lot" }
cut = { kind = "count", value = 50 }

[[rounds.criteria]]
slug = "whole"
name = "Whole"
weight = 100

[[rounds.criteria.anchors]]
value = 10
text = "Ours"

[[rounds.criteria.anchors]]
value = 1.5
text = { en = "Not ours", zh = "不是" }

[[rounds]]
slug = "final"
name = "Final"
gate = "ballot"
after = "jury"
ballot = "points"
ballot_points = 5
quorum = 3
cut = { kind = "ballot", value = 11 }
"""


def line_of(text, number=1):
    lines = (HEAD + FUNNEL).splitlines()
    return [n for n, line in enumerate(lines, 1) if line == text][number - 1]


def faults(old, new):
    assert FUNNEL.count(old) >= 1
    with pytest.raises(BlueprintError) as error:
        parse(HEAD + FUNNEL.replace(old, new, 1), key="broken")
    return error.value.errors


def test_a_funnel_of_all_four_gates_is_read():
    screening, groups, jury, final = parse(HEAD + FUNNEL, key="funnel").rounds
    assert (screening.gate, screening.pass_rule, screening.pass_least, screening.blind) == (
        "pass_fail", "at_least", 1, False,
    )  # fmt: skip
    assert screening.cut == CutPlan("passed", None)
    assert [(one.tie_criterion, one.tie_last) for one in (jury, final)] == [("whole", "lot"), ("", "shared")]
    assert groups.panels == (
        PanelPlan({"en": "One", "zh": "一组"}, 0),
        PanelPlan({"en": "Two", "zh": "Two"}, 30),
    )
    assert jury.criteria[0].anchors == (
        AnchorPlan(Decimal("1.5"), {"en": "Not ours", "zh": "不是"}),
        AnchorPlan(Decimal(10), {"en": "Ours", "zh": "Ours"}),
    )
    assert (jury.official, jury.decides, jury.overhead, jury.after) == (
        "trimmed_mean", "adjusted", 60, "groups",
    )  # fmt: skip
    assert (final.ballot, final.ballot_points, final.quorum, final.cut.value) == ("points", 5, 3, 11)


@pytest.mark.django_db
def test_the_rounds_of_the_funnel_are_made_and_chained():
    made = create_rounds(edition=make_edition(), plan=parse(HEAD + FUNNEL, key="funnel"))
    chain = [(row.slug, row.gate, row.after.slug if row.after else "") for row in made]
    assert chain == [
        ("screening", "pass_fail", ""), ("groups", "panel", "screening"), ("jury", "score", "groups"),
        ("final", "ballot", "jury"),
    ]  # fmt: skip
    jury = Round.objects.get(slug="jury")
    assert (jury.cut_kind, jury.cut_value, jury.blind) == ("count", 50, None)
    assert jury.criteria.get().anchors[0] == {"value": "1.5", "text": {"en": "Not ours", "zh": "不是"}}
    assert list(Round.objects.get(slug="groups").panels.values_list("most_nominations", flat=True)) == [
        None,
        30,
    ]


@pytest.mark.parametrize(
    ("old", "new", "key", "number", "sentence"),
    [
        (
            'gate = "panel"', 'gate = "lottery"', 'gate = "panel"', 1,
            "The round 'groups': 'gate' is one of pass_fail, panel, score, ballot, not 'lottery'.",
        ),
        (
            'after = "groups"', 'after = "final"', 'after = "groups"', 1,
            "The round 'jury' comes after 'final', which is no earlier round.",
        ),
        (
            'cut = { kind = "passed" }', "", 'after = "screening"', 1,
            "The round 'groups' takes the cut of 'screening', which has no 'cut'.",
        ),
        (
            'cut = { kind = "count", value = 50 }', 'cut = { kind = "count", value = 71 }',
            'cut = { kind = "count", value = 50 }', 1,
            "The cut of round 'jury' is larger than its intake: 71 of 70 films.",
        ),
        (
            'cut = { kind = "count", value = 50 }', 'cut = { kind = "passed" }',
            'cut = { kind = "count", value = 50 }', 1,
            "The round 'jury' has the gate 'score', which cuts by count, share, score, probability, not by 'passed'.",
        ),
        (
            'cut = { kind = "count", value = 50 }', 'cut = { kind = "share", value = 500 }',
            'cut = { kind = "count", value = 50 }', 1,
            "The cut of round 'jury': the value of 'share' is in per cent, above 0 and up to 100.",
        ),
        (
            "pass = 1", "pass = 3", "pass = 1", 1,
            "The round 'screening' asks for 3 passes, but each film gets 2 looks.",
        ),
        (
            "pass = 1", "pass = true", "pass = 1", 1,
            "The round 'screening': 'pass' is \"all\", \"majority\" or a number of passes, not True.",
        ),
        (
            "quorum = 3", "pass = 1", "quorum = 3", 1,
            "The round 'final' has the gate 'ballot'; 'pass' belongs to 'pass_fail'.",
        ),
        (
            "value = 1.5", "value = 1.3", "value = 1.5", 1,
            "An anchor of 'whole' stands at 1.3, which is not on the scale.",
        ),
        ("nominations = 40", "nominations = 0", "nominations = 40", 1,
            "The round 'groups': 'nominations' is a whole number from 1."),
        (
            "quorum = 3", 'ties = { last = "coin" }', "quorum = 3", 1,
            "The tie rule of round 'final': 'last' is one of shared, lot, not 'coin'.",
        ),
        (
            "quorum = 3", 'ties = { criterion = "sound" }', "quorum = 3", 1,
            "The tie rule of round 'final' names 'sound', which is no criterion of it.",
        ),
        (
            "quorum = 3", 'ties = "lot"', "quorum = 3", 1,
            "The round 'final': 'ties' is written { criterion = \"story\", last = \"lot\" }.",
        ),
        (
            "blind = false", 'blind = "no"', "blind = false", 1,
            "The round 'screening': 'blind' must be true or false, not 'no'.",
        ),
    ],
)  # fmt: skip
def test_every_fault_is_named_with_its_line(old, new, key, number, sentence):
    assert faults(old, new) == [f"line {line_of(key, number)}: {sentence}"]


def test_a_round_that_scores_needs_criteria_and_one_with_panels_panels():
    bare = HEAD + '[[rounds]]\nslug = "a"\nname = "A"\n[[rounds]]\nslug = "b"\nname = "B"\ngate = "panel"\n'
    with pytest.raises(BlueprintError) as error:
        parse(bare, key="bare")
    first = len(HEAD.splitlines()) + 1
    assert error.value.errors == [
        f"line {first}: The round 'a' needs 'criteria': what is scored, with weights that sum to 100.",
        f"line {first + 3}: The round 'b' needs 'panels': the parts of the jury that nominate.",
    ]
