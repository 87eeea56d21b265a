"""A round's plan: free while planned, with a reason on record once it is open."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from festival.kit.errors import Refused
from festival.people.roles import Role
from judging import round_words, rounds_actions, setup_actions
from judging.models import Criterion, Look, Round, RoundChange, Score
from judging.round_forms import read_anchors
from judging.setup_actions import CriterionGiven, PanelGiven
from tests.factories import make_edition, make_entry, make_member, make_panel, make_round

pytestmark = pytest.mark.django_db
AT = datetime(2027, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def edition():
    return make_edition()


@pytest.fixture
def chair(edition):
    return make_member(edition, Role.CHAIR, "Chair")


@pytest.fixture
def judge(edition):
    return make_member(edition, Role.JUDGE, "Judge")


@pytest.fixture
def opened(edition, chair, judge):
    make_entry(edition)
    round = make_round(edition, looks_per_film=1)
    rounds_actions.open_round(round=round, by=chair, at=AT)
    return round


def given(slug, weight, **more):
    fields = {"name": {"en": slug.title()}, "about": {}, "anchors": []} | more
    return CriterionGiven(slug=slug, weight=Decimal(weight), **fields)


def change(round, by, criteria=None, reason="Agreed with the jury.", **settings):
    return setup_actions.change_round(
        round=round, by=by, at=AT, settings=settings, criteria=criteria, reason=reason
    )


def test_a_planned_round_is_changed_without_a_reason_and_without_a_record(edition, chair):
    round = make_round(edition)
    ten = (Decimal(0), Decimal(100), Decimal(1))
    criteria = [given("craft", 70), given("", 20, name={"en": "Sound and music"})]
    assert change(round, chair, criteria, "", looks_per_film=3, scale=ten, official_rule="median") == []
    round.refresh_from_db()
    assert (round.looks_per_film, round.scale_max, round.official_rule) == (3, 100, "median")
    assert list(round.criteria.values_list("slug", "weight")) == [("craft", 70), ("sound-and-music", 20)]
    assert not RoundChange.objects.exists()
    make_member(edition, Role.JUDGE)
    make_entry(edition)
    with pytest.raises(Refused, match="sum to 90"):
        rounds_actions.open_round(round=round, by=chair, at=AT)


def test_a_change_in_an_open_round_needs_a_reason_and_is_kept(opened, chair):
    with pytest.raises(Refused) as refused:
        change(opened, chair, reason=" ", looks_per_film=2)
    assert refused.value.code == "reason"
    assert Round.objects.get(pk=opened.pk).looks_per_film == 1
    change(opened, chair, [given("story", 50), given("craft", 50)], looks_per_film=2, blind=False)
    kept = {row.what: (row.before, row.after) for row in RoundChange.objects.all()}
    assert {what: kept[what] for what in ("looks_per_film", "blind")} == {
        "looks_per_film": (1, 2),
        "blind": (None, False),
    }
    assert {kept[what][1]["weight"] for what in ("criterion:story", "criterion:craft")} == {"50"}
    said = {
        row["label"]: (row["before"], row["after"], row["reason"]) for row in round_words.changes_of(opened)
    }
    assert said["Names hidden until scored"] == ("as the edition says", "no", "Agreed with the jury.")
    assert said["Criterion “Story”"][:2] == ("Story, 60%", "Story, 50%")
    assert change(opened, chair, reason="", looks_per_film=2) == []


def test_what_makes_given_scores_meaningless_is_refused(opened, chair):
    look = Look.objects.get()
    Score.objects.create(look=look, criterion=opened.criteria.get(slug="story"), value=Decimal("9.5"))

    def refused(code, criteria=None, **settings):
        with pytest.raises(Refused) as caught:
            change(opened, chair, criteria, **settings)
        assert caught.value.code == code

    refused("scale", scale=(Decimal(1), Decimal(10), Decimal(1)))
    refused("scale", scale=(Decimal(1), Decimal(5), Decimal("0.5")))
    refused("fixed", gate="ballot")
    refused("criterion", [given("craft", 100)])
    refused("weights", [given("story", 60), given("craft", 30)])
    Look.objects.filter(pk=look.pk).update(state="scored", scored_at=AT)
    refused("criterion", [given("story", 50), given("craft", 40), given("", 10, name={"en": "Sound"})])
    assert not RoundChange.objects.exists()
    assert len(change(opened, chair, scale=(Decimal(0), Decimal(100), Decimal("0.5")))) == 1


def test_a_closed_round_is_not_changed(opened, chair):
    rounds_actions.close_round(round=opened, by=chair, at=AT, confirmed_pending=1)
    with pytest.raises(Refused, match="closed"):
        change(opened, chair, looks_per_film=2)


def test_only_planners_plan(edition, chair, judge):
    round = make_round(edition)
    change(round, make_member(edition, Role.ORGANISER), looks_per_film=4)
    for who in (judge, make_member(edition, Role.TECHNICIAN)):
        with pytest.raises(Refused) as refused:
            change(round, who, looks_per_film=5)
        assert refused.value.status == 403


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"scale": (Decimal(1), Decimal(10), Decimal(4))}, "scale"),
        ({"cut_kind": "passed"}, "cut_kind"),
        ({"cut_kind": "share", "cut_value": Decimal(120)}, "cut_value"),
        ({"cut_value": Decimal(3)}, "cut_kind"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(edition, chair, settings, code):
    with pytest.raises(Refused) as refused:
        change(make_round(edition), chair, **settings)
    assert refused.value.code == code


def test_rounds_come_in_their_order_and_go_only_while_planned(edition, chair, opened):
    made = setup_actions.add_round(edition=edition, name={"en": "Jury"}, gate="ballot", by=chair, at=AT)
    assert (made.slug, made.position, made.gate) == ("jury-2", 1, "ballot")
    change(made, chair, after=opened)
    with pytest.raises(Refused) as refused:
        change(opened, chair, after=made)
    assert refused.value.code == "fixed"
    early = make_round(edition, "early", position=0)
    with pytest.raises(Refused) as refused:
        change(early, chair, after=made)
    assert refused.value.code == "after"
    for round, sentence in ((opened, "has been opened"), (made, "")):
        if sentence:
            with pytest.raises(Refused, match=sentence):
                setup_actions.remove_round(round=round, by=chair, at=AT)
        else:
            setup_actions.remove_round(round=round, by=chair, at=AT)
    assert not Round.objects.filter(pk=made.pk).exists()


def test_a_round_that_others_follow_stays(edition, chair):
    first = make_round(edition)
    make_round(edition, "next", position=1, after=first)
    with pytest.raises(Refused, match="Another round"):
        setup_actions.remove_round(round=first, by=chair, at=AT)


def test_panels_are_set_and_changed_with_a_reason(edition, chair, judge):
    other = make_member(edition, Role.JUDGE)
    round = make_round(edition, gate="panel")

    def put(*panels, reason=""):
        return setup_actions.set_panels(round=round, by=chair, at=AT, panels=panels, reason=reason)

    put(PanelGiven(None, {"en": "One"}, (judge.id,), 3))
    panel = round.panels.get()
    with pytest.raises(Refused) as refused:
        put(
            PanelGiven(panel.pk, {"en": "One"}, (judge.id,), 3),
            PanelGiven(None, {"en": "Two"}, (judge.id,), None),
        )
    assert refused.value.code == "twice"
    make_entry(edition)
    rounds_actions.open_round(round=round, by=chair, at=AT)
    both = PanelGiven(panel.pk, {"en": "One"}, (judge.id, other.id), 3)
    for panels, code in (
        ((both,), "reason"),
        ((), "fixed"),
        ((both, PanelGiven(None, {}, (), None)), "fixed"),
    ):
        with pytest.raises(Refused) as refused:
            put(*panels)
        assert refused.value.code == code
    (record,) = put(both, reason="One fell ill.")
    assert record.after["judges"] == sorted((judge.id, other.id))
    rounds_actions.add_late_films(round=round, by=chair, at=AT)
    assert Look.objects.filter(judge=other.user).count() == 1


def test_a_judge_who_left_gives_her_panel_looks_up(edition, chair, judge):
    round = make_round(edition, gate="panel")
    make_panel(round, "One", [judge])
    make_entry(edition)
    rounds_actions.open_round(round=round, by=chair, at=AT)
    edition.memberships.filter(user=judge.user).delete()
    kept = rounds_actions.add_late_films(round=round, by=chair, at=AT)
    assert Look.objects.get().state == "recused"
    assert [row["reason"] for row in kept.unserved] == ["all_barred"]


@pytest.mark.parametrize(
    ("rule", "looks", "count"),
    [("median", 3, 1), ("trimmed_mean", 4, 1), ("median", 5, 0), ("mean", 2, 0), ("mean", 1, 1)],
)
def test_what_the_measurements_say_against_a_rule(edition, rule, looks, count):
    round = make_round(edition, official_rule=rule, looks_per_film=looks)
    assert len(round_words.warnings(round)) == count


def test_whole_marks_are_warned_of(edition):
    (said,) = round_words.warnings(make_round(edition, scale_step=Decimal(1)))
    assert "58" in said


def test_anchors_are_typed_a_line_for_each_mark():
    scale = (Decimal(1), Decimal(10), Decimal("0.5"))
    typed = {"en": "10: ours\n1：nothing", "zh": "1分：没有\n5.5 = 尚可"}
    assert read_anchors(typed, scale) == [
        {"value": "1", "text": {"en": "nothing", "zh": "没有"}},
        {"value": "5.5", "text": {"zh": "尚可"}},
        {"value": "10", "text": {"en": "ours"}},
    ]
    for wrong in ("good", "11: too high", "1.3: between"):
        with pytest.raises(ValueError):
            read_anchors({"en": wrong}, scale)


def test_a_criterion_keeps_its_scores_through_a_change(opened, chair):
    story = Criterion.objects.get(round=opened, slug="story")
    change(opened, chair, [given("story", 60, about={"en": "More."}), given("craft", 40)])
    story.refresh_from_db()
    assert story.about == {"en": "More."}
    assert [row.what for row in RoundChange.objects.all()] == ["criterion:story"]


def test_a_quorum_that_the_jury_cannot_reach_is_warned_of(edition, judge):
    round = make_round(edition, gate="ballot", weights={}, quorum=2)
    (said,) = round_words.warnings(round)
    assert said.startswith("More ballots are asked for than the jury has members")
    make_member(edition, Role.JUDGE)
    assert round_words.warnings(round) == []
