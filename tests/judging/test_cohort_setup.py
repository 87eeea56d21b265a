"""Cohorts and milestones are set up at the desk as a blueprint may say them, and the blueprint gives them back."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from festival.edition.models import EditionChange
from festival.kit.errors import Refused
from festival.people.actor import STRANGER
from festival.people.roles import Role
from judging import cohort_setup_actions as actions
from judging.cohort_change_words import asked_short, asked_text
from judging.models import Round
from submissions.cohorts.models import Cohort, Milestone, Promise
from tests.factories import make_entry, make_member, make_round
from tests.judging.team_desk import OPENS, WHY, Desk, written
from tests.submissions.cohorts.making import make_place

pytestmark = pytest.mark.django_db


def on(day: int) -> str:
    return (OPENS + timedelta(days=day)).isoformat()


# --- The way round: browser, edition, blueprint


@pytest.mark.parametrize("blueprint", ["incubator", "invited-premiere"])
def test_a_form_that_is_sent_as_it_is_changes_nothing(blueprint: str) -> None:
    desk = Desk(blueprint)
    before = desk.plan()
    moments = list(
        Milestone.objects.order_by("pk").values_list("due_at", "cohort__starts_at", "cohort__ends_at")
    )
    for cohort in desk.edition.cohorts.all():
        assert desk.post(f"cohort/{cohort.slug}/").status_code == 302
        for stone in cohort.milestones.all():
            assert desk.post(f"cohort/{cohort.slug}/milestone/{stone.slug}/").status_code == 302
    assert desk.plan() == before
    assert moments == list(
        Milestone.objects.order_by("pk").values_list("due_at", "cohort__starts_at", "cohort__ends_at")
    )


def test_what_was_changed_in_the_browser_comes_back_from_the_blueprint(tmp_path: Path) -> None:
    desk = Desk("invited-premiere")
    cohort = desk.edition.cohorts.get()
    given = {
        "name_en": "Nine directors", "name_zh": "九位导演", "about_en": "By invitation.", "about_zh": "受邀参加。",
        "places": "9", "answer_days": "5", "offers_next": "on", "first": on(1), "last": on(110),
        "promise_0_kind": "cash", "promise_0_amount": "12500.50", "promise_0_unit": "CNY", "promise_0_unlimited": None,
    }  # fmt: skip
    assert desk.post(f"cohort/{cohort.slug}/", **given).status_code == 302
    added = desk.post(
        "add/", name_en="Camp of Lamps", filled=f"track:{desk.edition.tracks.first().slug}", places="3",
        first=on(0), last=on(60), promise_0_kind="traffic", promise_0_unit="impressions", promise_0_unlimited="on",
    )  # fmt: skip
    assert added.status_code == 302
    stone = {
        "name_en": "Rough cut", "name_zh": "粗剪", "due": on(30), "grant": "5000", "grant_unit": "CNY",
        "new_0_kind": "film", "new_0_name_en": "The cut", "new_0_required": "on",
        "new_1_kind": "text", "new_1_name_zh": "说明", "new_1_about_zh": "一页以内", "new_1_required": None,
    }  # fmt: skip
    assert desk.post("cohort/camp-of-lamps/add/", **stone).status_code == 302
    plan = desk.plan()
    assert written(plan, tmp_path).cohorts == plan.cohorts
    first, camp = plan.cohorts
    assert (first.name, first.about, first.places, first.answer_days, first.offers_next) == (
        {"en": "Nine directors", "zh": "九位导演"}, {"en": "By invitation.", "zh": "受邀参加。"}, 9, 5, True,
    )  # fmt: skip
    assert (first.starts_day, first.ends_day) == (1, 110)
    money = first.support[0]
    assert (money.kind, money.amount, money.unit) == ("cash", Decimal("12500.5"), "CNY")
    assert (camp.slug, camp.source, camp.places, camp.starts_day, camp.ends_day) == (
        "camp-of-lamps",
        "",
        3,
        0,
        60,
    )
    assert [(one.kind, one.amount, one.unit) for one in camp.support] == [("traffic", None, "impressions")]
    [rough] = camp.milestones
    assert (rough.slug, rough.due_day, rough.grant, rough.grant_unit) == ("rough-cut", 30, 5000, "CNY")
    assert [(one.slug, one.kind, one.required, one.about) for one in rough.deliverables] == [
        ("the-cut", "film", True, {}), ("text", "text", False, {"zh": "一页以内"}),
    ]  # fmt: skip


def test_milestones_deliverables_and_promises_are_taken_away_by_choosing_nothing() -> None:
    desk = Desk("invited-premiere")
    cohort = desk.edition.cohorts.get()
    stone = cohort.milestones.first()
    one, *_others = stone.deliverables.all()
    path = f"cohort/{cohort.slug}/milestone/{stone.slug}/"
    more = {"new_0_kind": "link", "new_0_name_en": "A page", "new_0_required": "on"}
    assert (
        desk.post(
            path, **{f"part_{one.slug}_kind": "", "grant": None, "grant_unit": None}, **more
        ).status_code
        == 302
    )
    assert "a-page" in [row.slug for row in stone.deliverables.all()]
    assert one.slug not in [row.slug for row in stone.deliverables.all()]
    kinds = {f"promise_{place}_kind": "" for place in range(cohort.promises.count())}
    assert desk.post(f"cohort/{cohort.slug}/", **kinds).status_code == 302
    assert not Promise.objects.exists()
    assert desk.client.post(desk.url(f"{path}remove/")).status_code == 302
    assert not cohort.milestones.filter(slug=stone.slug).exists()


def test_a_cohort_goes_with_everything_until_something_hangs_on_it() -> None:
    desk = Desk("incubator")
    first, last = desk.edition.cohorts.all()
    said = desk.read(f"cohort/{first.slug}/remove/")
    assert "Its teams are judged in" in said and "Remove the cohort" not in said
    Round.objects.filter(cohort__isnull=False).update(cohort=None)
    assert all(
        stone.name["en"] in desk.read(f"cohort/{first.slug}/remove/") for stone in first.milestones.all()
    )
    make_place(last, state="waiting")
    assert "There is 1 name on its list." in desk.read(f"cohort/{last.slug}/remove/")
    for cohort, status, left in ((last, 409, 2), (first, 302, 1)):
        assert desk.client.post(desk.url(f"cohort/{cohort.slug}/remove/")).status_code == status
        assert Cohort.objects.count() == left


def test_who_may_not_organise_writes_nothing() -> None:
    desk = Desk("invited-premiere")
    cohort = desk.edition.cohorts.get()
    stone = cohort.milestones.first()
    before = desk.plan()
    for by in (STRANGER, make_member(desk.edition, Role.CHAIR)):
        deed = {"by": by, "at": timezone.now()}
        for write, given in (
            (actions.save_cohort, {"edition": desk.edition, "slug": "", "given": {}, "days": (OPENS, OPENS)}),
            (actions.remove_cohort, {"cohort": cohort}),
            (actions.save_milestone, {"cohort": cohort, "slug": "", "given": {}, "due": OPENS}),
            (actions.remove_milestone, {"milestone": stone}),
        ):
            with pytest.raises(Refused) as refused:
                write(**given, **deed)
            assert refused.value.status == 403
    assert desk.plan() == before
    assert desk.client.get("/spring/desk/setup/teams/cohort/nobody/").status_code == 404


# --- One set of checks: what a blueprint may not say


def test_a_milestone_is_due_in_the_time_of_its_teams() -> None:
    desk = Desk("invited-premiere")
    cohort = desk.edition.cohorts.get()
    stone = cohort.milestones.first()
    answer = desk.post(f"cohort/{cohort.slug}/milestone/{stone.slug}/", due=on(300))
    assert answer.status_code == 400
    assert f"“{stone.name['en']}” would be due on" in answer.content.decode()
    answer = desk.post(f"cohort/{cohort.slug}/", last=on(-1))
    assert (answer.status_code, "would end before it begins" in answer.content.decode()) == (400, True)
    far = desk.post(f"cohort/{cohort.slug}/", last="2060-01-01")
    assert (far.status_code, "more than ten years" in far.content.decode()) == (400, True)


def test_places_are_no_more_than_a_round_lets_through_and_no_fewer_than_one_takes() -> None:
    desk = Desk("incubator")
    first, last = desk.edition.cohorts.all()
    before = desk.plan()
    many = desk.post(f"cohort/{last.slug}/", places=str(last.places + 1))
    assert (many.status_code, f"lets only {last.places} entries through" in many.content.decode()) == (
        400,
        True,
    )
    few = desk.post(f"cohort/{first.slug}/", places="2")
    assert (few.status_code, "Change the round first" in few.content.decode()) == (400, True)
    judged = Round.objects.exclude(cut_kind="").get(cohort=first)
    late = desk.post(f"cohort/{first.slug}/", filled=f"round:{judged.slug}", places=str(last.places))
    assert (late.status_code, "which only" in late.content.decode()) == (400, True)
    assert desk.plan() == before


def test_rounds_without_a_rule_for_who_goes_on_fill_no_cohort() -> None:
    desk = Desk("invited-premiere")
    cohort = desk.edition.cohorts.get()
    make_round(desk.edition, "sift", weights={})
    assert desk.post(f"cohort/{cohort.slug}/", filled="round:sift").status_code == 400
    Round.objects.filter(slug="sift").update(cut_kind="count", cut_value=100)
    assert desk.post(f"cohort/{cohort.slug}/", filled="round:sift").status_code == 302
    cohort.refresh_from_db()
    assert (cohort.source, cohort.track) == ("sift", None)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            {"promise_0_kind": "cash", "promise_0_amount": None, "promise_0_unlimited": "on"},
            "promised as a sum",
        ),
        ({"promise_0_kind": "cash", "promise_0_amount": None, "promise_0_unlimited": None}, "Say how much."),
        ({"promise_0_kind": "cash", "promise_0_unit": None}, "Say in which unit"),
        ({"promise_0_kind": "cash", "promise_0_unit": "yuan"}, "There is no currency “yuan”"),
        ({"promise_0_kind": "cash", "promise_0_amount": "12,50"}, "This is not an amount."),
        ({"promise_9_kind": "", "promise_1_unit": "CNY", "promise_1_kind": ""}, "leave the whole line empty"),
    ],
)
def test_a_promise_says_what_how_much_and_in_which_unit(given: dict[str, Any], said: str) -> None:
    desk = Desk("invited-premiere")
    cohort = desk.edition.cohorts.get()
    cohort.promises.all().delete()
    line = {
        "promise_0_kind": "cash",
        "promise_0_amount": "5",
        "promise_0_unit": "CNY",
        "promise_0_unlimited": None,
    }
    answer = desk.post(f"cohort/{cohort.slug}/", **line | given)
    assert (answer.status_code, said in answer.content.decode()) == (400, True)
    assert not Promise.objects.exists()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"grant": "5000", "grant_unit": None}, "both an amount and its currency"),
        ({"grant": "5000", "grant_unit": "RMB"}, "There is no currency “RMB”"),
        ({"new_0_kind": None, "new_0_name_en": "Cut"}, "Choose of which kind"),
        ({"new_0_kind": "film", "new_0_name_en": None}, "at least one of the two languages"),
        ({"new_0_kind": None, "new_0_name_en": None}, "asks for one thing at least"),
    ],
)
def test_a_milestone_says_what_it_asks_for(given: dict[str, Any], said: str) -> None:
    desk = Desk("invited-premiere")
    cohort = desk.edition.cohorts.get()
    count = Milestone.objects.count()
    whole = {"name_en": "More", "due": on(40), "new_0_kind": "film", "new_0_name_en": "Cut", "grant": None}
    answer = desk.post(f"cohort/{cohort.slug}/add/", **whole | given)
    assert (answer.status_code, said in answer.content.decode()) == (400, True)
    assert Milestone.objects.count() == count
    assert desk.post(f"cohort/{cohort.slug}/add/", **whole).status_code == 302


def test_sums_and_currencies_are_taken_as_they_are_typed() -> None:
    desk = Desk("invited-premiere")
    cohort = desk.edition.cohorts.get()
    given = {"promise_0_kind": "cash", "promise_0_amount": "1５0,000", "promise_0_unit": "cny"}
    assert desk.post(f"cohort/{cohort.slug}/", **given).status_code == 302
    money = cohort.promises.get(kind="cash")
    assert (money.amount, money.unit) == (150000, "CNY")
    whole = {"name_en": "More", "due": on(40), "new_0_kind": "film", "new_0_name_en": "Cut"}
    answer = desk.post(f"cohort/{cohort.slug}/add/", **whole, grant="5 000", grant_unit="usd")
    assert answer.status_code == 302
    stone = Milestone.objects.get(slug="more")
    assert (stone.grant, stone.grant_unit) == (5000, "USD")


def test_traffic_keeps_units_of_its_own_and_money_one_from_before_there_was_a_list() -> None:
    desk = Desk("invited-premiere")
    cohort = desk.edition.cohorts.get()
    cohort.promises.filter(kind="cash").update(unit="yuan")
    given = {"promise_1_kind": "traffic", "promise_1_unit": "views"}
    assert desk.post(f"cohort/{cohort.slug}/", **given).status_code == 302
    assert set(cohort.promises.values_list("kind", "unit")) >= {("cash", "yuan"), ("traffic", "views")}


def test_the_kind_of_what_is_delivered_has_no_capital_within_a_sentence() -> None:
    asked = {"name": {"en": "Picture lock", "zh": "定剪"}, "kind": "film", "required": True, "about": {}}
    assert asked_short(asked) == "Picture lock (a film or a cut of it, must be there)"
    assert asked_text(asked) == "Picture lock / 定剪 (a film or a cut of it, must be there)"


# --- The page


def test_the_pages_are_reached_from_the_plan_the_setup_and_the_teams() -> None:
    desk = Desk("invited-premiere")
    cohort = desk.edition.cohorts.get()
    for path in ("plan/", "setup/", "cohorts/", f"cohorts/{cohort.slug}/"):
        answer = desk.client.get(f"/spring/desk/{path}")
        assert "/spring/desk/setup/teams/" in answer.content.decode(), path
    empty = Desk("short-film", slug="other")
    assert "accompanies no teams" in empty.read()
    assert "No teams are accompanied" in empty.client.get("/other/desk/setup/").content.decode()


def test_the_list_asks_no_more_for_more_cohorts() -> None:
    desk = Desk("invited-premiere")

    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert desk.client.get(desk.url()).status_code == 200
        return len(asked)

    few = count()
    for number in range(3):
        desk.post("add/", name_en=f"More {number}", filled=f"track:{desk.edition.tracks.first().slug}", places="3",
                  first=on(0), last=on(60))  # fmt: skip
        desk.post(
            f"cohort/more-{number}/add/", name_en="Cut", due=on(9), new_0_kind="film", new_0_name_en="Cut"
        )
        make_place(Cohort.objects.get(slug=f"more-{number}"), make_entry(desk.edition, code=f"E{number}"))
    assert (count(), few <= 30) == (few, True)


def test_changes_after_the_opening_are_on_record_and_read_by_everybody() -> None:
    desk = Desk("invited-premiere", opened=True)
    cohort = desk.edition.cohorts.get()
    stone = cohort.milestones.order_by("due_at").first()
    due = (desk.day(stone.due_at) + timedelta(days=1)).isoformat()
    path = f"cohort/{cohort.slug}/milestone/{stone.slug}/"
    asked = desk.post(path, due=due, name_zh="新的名字")
    assert (asked.status_code, "change_reason" in asked.content.decode()) == (400, True)
    assert not EditionChange.objects.exists()
    sent = desk.post(
        path, due=due, name_zh="新的名字", change_reason_en="More time.", change_reason_zh="延期。"
    )
    assert sent.status_code == 302
    rows = EditionChange.objects.filter(edition=desk.edition)
    assert sorted(row.what for row in rows) == ["milestone.due_at", "milestone.name"]
    assert {row.reason["zh"] for row in rows} == {"延期。"}
    page = desk.client.get("/spring/changes/").content.decode()
    assert "新的名字" in page and "More time." in page
    given = {"promise_0_kind": "cash", "promise_0_amount": "999999", "promise_0_unit": "CNY"}
    places = str(cohort.places + 1)
    whole = given | {"promise_0_unlimited": None, "places": places, "change_reason_en": "More."}
    if cohort.promises.exists():
        number = cohort.promises.count()
        whole = {key.replace("_0_", f"_{number}_"): value for key, value in whole.items()}
    assert desk.post(f"cohort/{cohort.slug}/", **whole).status_code == 302
    page = desk.client.get("/spring/changes/").content.decode()
    assert "999,999 CNY" in page and "What every team is promised" in page
    added = desk.post("add/", name_en="Late Lamps", filled=f"track:{desk.edition.tracks.first().slug}", places="2",
                      first=on(0), last=on(60), change_reason_en="A partner came.")  # fmt: skip
    assert added.status_code == 302
    assert "2 places" in desk.client.get("/spring/changes/").content.decode()


def test_less_than_was_announced_is_refused_once_the_call_has_opened() -> None:
    desk = Desk("invited-premiere", opened=True)
    cohort = desk.edition.cohorts.get()
    stone = cohort.milestones.first()
    before = desk.plan()
    earlier = (desk.day(cohort.ends_at) - timedelta(days=1)).isoformat()
    for path, given in (
        (f"cohort/{cohort.slug}/", {"places": str(cohort.places - 1)}),
        (f"cohort/{cohort.slug}/", {"last": earlier}),
        (f"cohort/{cohort.slug}/", {"promise_0_kind": ""}),
        (
            f"cohort/{cohort.slug}/milestone/{stone.slug}/",
            {"due": (desk.day(stone.due_at) - timedelta(days=1)).isoformat()},
        ),
    ):
        answer = desk.post(path, **given, change_reason_en="Less money.")
        assert (answer.status_code, "The call has opened" in answer.content.decode()) == (400, True), given
    assert desk.client.post(desk.url(f"cohort/{cohort.slug}/remove/")).status_code == 409
    assert (desk.plan(), EditionChange.objects.count()) == (before, 0)
    gone = {"by": desk.by, "at": timezone.now(), "reason": WHY}
    Milestone.objects.filter(pk=stone.pk).update(grant=5000, grant_unit="CNY")
    with pytest.raises(Refused) as refused:
        actions.remove_milestone(milestone=stone, **gone)
    assert refused.value.code == "frozen"
    assert Milestone.objects.filter(pk=stone.pk).exists()
