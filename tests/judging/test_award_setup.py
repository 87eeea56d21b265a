"""Awards, places and rules are changed at the desk as a blueprint may say them, and the blueprint gives them back."""

import html
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from festival.awards.models import AudiencePoll, AwardSlot
from festival.edition.blueprint import Blueprint, named, parse
from festival.edition.blueprint_writer import write
from festival.edition.models import Edition, EditionChange, Phase
from festival.kit.errors import Refused
from festival.people.actor import Actor
from festival.people.roles import Role
from judging import award_setup_actions as actions
from judging.blueprint_export import plan_of
from judging.models import AwardList, Standing
from judging.setup import make_edition
from tests.factories import make_member, make_round, make_user
from tests.meetings import make_meeting, make_vote

pytestmark = pytest.mark.django_db
WHY = {"en": "More was given.", "zh": "追加。"}


class Desk:
    """The contest of a blueprint with a prize pool, its organiser, and what she posts."""

    def __init__(self, *, opened: bool = False) -> None:
        self.edition: Edition = make_edition(
            plan=named("tool-makers"), slug="spring", opens=date(2027, 3, 1), owner=make_user(), public=True
        )
        if opened:
            self.edition.phases.filter(kind="call").update(starts_at=timezone.now() - timedelta(days=1))
        self.by: Actor = make_member(self.edition, Role.ORGANISER)
        self.client = Client()
        self.client.force_login(self.by.user)

    def url(self, path: str = "") -> str:
        return f"/spring/desk/awards/setup/{path}"

    def read(self, path: str = "") -> str:
        return html.unescape(self.client.get(self.url(path)).content.decode())

    def award(self, slug: str) -> AwardSlot:
        return AwardSlot.objects.get(edition=self.edition, slug=slug)

    def fields(self, path: str) -> dict[str, Any]:
        """What the form would send as it is."""
        form = self.client.get(self.url(path)).context["form"]
        found: dict[str, Any] = {}
        for field in form:
            value = field.value()
            if isinstance(value, dict):
                found |= {f"{field.html_name}_{key}": text for key, text in value.items()}
            elif value not in (None, False):
                found[field.html_name] = "on" if value is True else value
        return found

    def post(self, path: str, **changed: Any) -> Any:
        given = {key: value for key, value in (self.fields(path) | changed).items() if value is not None}
        return self.client.post(self.url(path), given)

    def plan(self) -> Blueprint:
        self.edition.refresh_from_db()
        return plan_of(self.edition)

    def deed(self, why: dict[str, str] | None = None) -> dict[str, Any]:
        return {"by": self.by, "at": timezone.now(), "reason": why or {}}

    def pool(self) -> dict[str, str]:
        self.edition.refresh_from_db()
        return self.edition.prize_pool


def written(plan: Blueprint, folder: Path) -> Blueprint:
    """The plan as its two files give it back."""
    (folder / "rules.toml").write_text(plan.rulebook, encoding="utf-8")
    return parse(write(plan, "rules.toml"), key=plan.key, folder=folder)


def first(desk: Desk) -> AwardSlot:
    """An award with money for every place."""
    return next(slot for slot in desk.edition.award_slots.all() if slot.prizes and slot.places > 1)


# --- The way round: browser, edition, blueprint


def test_a_form_that_is_sent_as_it_is_changes_nothing() -> None:
    desk = Desk()
    before = desk.plan()
    for slot in desk.edition.award_slots.all():
        assert desk.post(f"award/{slot.slug}/").status_code == 302
    for rule in desk.edition.award_rules.all():
        assert desk.post(f"rules/rule/{rule.slug}/").status_code == 302
    assert desk.plan() == before


def test_what_was_changed_in_the_browser_comes_back_from_the_blueprint(tmp_path: Path) -> None:
    desk = Desk()
    track = desk.edition.tracks.first()
    slots = list(desk.edition.award_slots.all())
    slot, last = slots[0], slots[-1]
    changed = {
        "name_en": "Golden Lantern", "name_zh": "金灯奖", "tier": "special", "track": track.slug,
        "after": last.slug, "decided_by": "ballot", "may_be_vacant": "on", "ex_aequo": "on",
        "combines_with": [last.slug], "least_score": "6.5", "last_rank": "40", "sponsor_en": "The Lamp Company",
        "require_0_attribute": "country", "require_0_test": "one_of", "require_0_value": "法国, Japan",
        "require_1_attribute": "minutes", "require_1_test": "at_most", "require_1_value": "12.5",
    }  # fmt: skip
    assert desk.post(f"award/{slot.slug}/", **changed).status_code == 302
    added = desk.post("add/", name_en="Best Sound", places="2", after=slot.slug, decided_by="organiser")
    assert added.status_code == 302
    for kind, given in (
        ("limit", {"per": "team", "most": "1", "slots": [slot.slug]}),
        ("quota", {"attribute": "form", "value": "documentary, Animation", "least": "1"}),
        ("eligible", {"asks_attribute": "rights_complete", "asks_value": "yes"}),
    ):
        assert desk.post(f"rules/add/{kind}/", **given).status_code == 302
    plan = desk.plan()
    again = written(plan, tmp_path)
    assert (again.awards, again.award_rules, again.prize_pool) == (
        plan.awards,
        plan.award_rules,
        plan.prize_pool,
    )
    lantern, sound = plan.awards[-2:]
    assert (lantern.slug, lantern.name, lantern.tier, lantern.track, lantern.decided_by) == (
        slot.slug, {"en": "Golden Lantern", "zh": "金灯奖"}, "special", track.slug, "ballot",
    )  # fmt: skip
    assert lantern.require == (
        {"attribute": "country", "one_of": ["FR", "JP"]},
        {"attribute": "minutes", "at_most": 12.5},
    )
    assert (lantern.may_be_vacant, lantern.ex_aequo, lantern.combines_with) == (True, True, (last.slug,))
    assert (lantern.least_score, lantern.last_rank, lantern.sponsor) == (
        plan.awards[-2].least_score, 40, {"en": "The Lamp Company"},
    )  # fmt: skip
    assert (sound.slug, sound.places, sound.decided_by, sound.prizes) == ("best-sound", 2, "organiser", ())
    limit, quota, condition = plan.award_rules[-3:]
    assert (limit.data, limit.slots) == ({"per": "team", "most": 1}, (slot.slug,))
    assert quota.data == {
        "attribute": "form", "value": ["documentary", "animation"], "least": 1, "most": None,
    }  # fmt: skip
    assert condition.data == {"attribute": "rights_complete", "is": True}
    page = desk.read()
    for text in ("Golden Lantern", "金灯奖", "Best Sound", "rights complete", "France, Japan"):
        assert (text in page) == (text != "金灯奖")


def test_a_condition_goes_with_its_attribute_and_a_rule_with_its_button() -> None:
    desk = Desk()
    slot = desk.edition.award_slots.first()
    AwardSlot.objects.filter(pk=slot.pk).update(require=[{"attribute": "year", "at_least": 2026}])
    assert "is at least" in desk.read(f"award/{slot.slug}/")
    assert desk.post(f"award/{slot.slug}/", require_0_attribute="").status_code == 302
    assert desk.award(slot.slug).require == []
    rule = desk.edition.award_rules.first()
    assert desk.client.post(desk.url(f"rules/rule/{rule.slug}/remove/")).status_code == 302
    assert not desk.edition.award_rules.filter(pk=rule.pk).exists()


# --- The rules of blueprints


def test_places_change_what_the_prizes_come_to_and_the_pool_follows_where_it_is_said() -> None:
    desk = Desk()
    slot, before = first(desk), desk.pool()
    refused = desk.post(f"award/{slot.slug}/", places=str(slot.places + 1))
    assert refused.status_code == 400 and "Let the prize pool follow" in html.unescape(
        refused.content.decode()
    )
    assert (desk.award(slot.slug).places, desk.pool()) == (slot.places, before)
    assert desk.post(f"award/{slot.slug}/", places=str(slot.places + 1), follows="on").status_code == 302
    each = next(int(part["amount"]) for part in slot.prizes if part["kind"] == "money")
    assert int(desk.pool()["amount"]) == int(before["amount"]) + each


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"places": "999"}, "films come into the round"),
        ({"require_0_attribute": "country", "require_0_value": "Atlantis"}, "“Atlantis” is no country"),
        ({"require_0_attribute": "track", "require_0_value": "Nowhere"}, "“Nowhere” is no track"),
        ({"require_0_attribute": "year", "require_0_value": "soon"}, "“soon” is no number"),
        (
            {"require_0_attribute": "form", "require_0_test": "at_least", "require_0_value": "essay"},
            "Only numbers",
        ),
        (
            {
                "require_0_attribute": "rights_complete",
                "require_0_test": "at_most",
                "require_0_value": "yes",
            },
            "Only numbers",
        ),
        *(
            (
                {"require_0_attribute": "minutes", "require_0_test": test, "require_0_value": value},
                "Write one number, with a point: 7.5",
            )
            for test, value in (("at_least", "10, 20"), ("at_most", "1,000"), ("at_most", "7、5"))
        ),
        ({"require_0_attribute": "language"}, "Say which value"),
        ({"require_0_value": "2026"}, "Choose what this value is of"),
        ({"require_0_attribute": "identity_checked", "require_0_value": "maybe"}, "yes or no"),
        ({"name_en": None, "name_zh": None}, "at least one of the two languages"),
        ({"places": "0"}, "greater than or equal to 1"),
        ({"track": "nowhere"}, "not one of the available choices"),
    ],
)
def test_what_a_blueprint_may_not_say_is_refused_with_a_sentence(changed: dict[str, Any], said: str) -> None:
    desk = Desk()
    slot = next(one for one in desk.edition.award_slots.all() if not one.prizes or one.places == 1)
    before = desk.plan()
    answer = desk.post(f"award/{slot.slug}/", follows="on", **changed)
    assert answer.status_code == 400 and said in html.unescape(answer.content.decode())
    assert desk.plan() == before


@pytest.mark.parametrize(
    ("kind", "given", "code"),
    [
        ("quota", {"attribute": "form", "value": "essay", "least": 3, "most": 2}, "quota_order"),
        ("quota", {"attribute": "form", "value": "essay"}, "quota"),
        ("limit", {"per": "team"}, "limit"),
        ("eligible", {"attribute": "tool_share.nothing", "at_least": 50}, "tool"),
        ("eligible", {"attribute": "maker_share.Nobody", "at_least": 50}, "maker"),
        ("eligible", {"attribute": "year"}, "condition"),
        ("limit", {"per": "team", "most": 1, "slots": ["nowhere"]}, "rule_award"),
    ],
)
def test_rules_are_held_to_those_of_blueprints(kind: str, given: dict[str, Any], code: str) -> None:
    desk = Desk()
    before = desk.plan()
    with pytest.raises(Refused) as refused:
        actions.save_rule(edition=desk.edition, slug="", given={"kind": kind, **given}, **desk.deed())
    assert (refused.value.code, refused.value.status) == (code, 400) and refused.value.text
    assert desk.plan() == before


def test_a_comma_in_a_bound_is_a_decimal_and_in_a_list_it_is_none() -> None:
    desk = Desk()
    slot = desk.edition.award_slots.first()
    asks = {
        "require_0_attribute": "minutes", "require_0_test": "at_most", "require_0_value": "7,5",
        "require_1_attribute": "year", "require_1_test": "is", "require_1_value": "2025,26",
    }  # fmt: skip
    assert desk.post(f"award/{slot.slug}/", **asks).status_code == 302
    assert desk.award(slot.slug).require == [
        {"attribute": "minutes", "at_most": 7.5},
        {"attribute": "year", "one_of": [2025, 26]},
    ]


@pytest.mark.parametrize("name", ["Shorts, long and short", "短片、长片", "A; B"])
def test_a_track_with_a_comma_in_its_name_can_be_asked_for(name: str) -> None:
    desk = Desk()
    slot, track = desk.edition.award_slots.first(), desk.edition.tracks.first()
    desk.edition.tracks.filter(pk=track.pk).update(name={"en": name})
    asks = [{"attribute": "track", "is": track.slug}]
    AwardSlot.objects.filter(pk=slot.pk).update(require=asks)
    assert desk.fields(f"award/{slot.slug}/")["require_0_value"] == track.slug
    assert desk.post(f"award/{slot.slug}/").status_code == 302
    assert desk.award(slot.slug).require == asks


def test_what_was_wrong_before_does_not_stand_in_the_way_of_another_change() -> None:
    desk = Desk()
    slot = desk.edition.award_slots.first()
    Edition.objects.filter(pk=desk.edition.pk).update(prize_pool={"amount": "1", "currency": "USD"})
    assert desk.post(f"award/{slot.slug}/", sponsor_en="A lamp").status_code == 302
    assert desk.award(slot.slug).sponsor == {"en": "A lamp"}


# --- Removing


def test_what_goes_with_an_award_is_said_before() -> None:
    desk = Desk()
    slot, before = first(desk), desk.pool()
    other = desk.edition.award_slots.exclude(pk=slot.pk).first()
    AwardSlot.objects.filter(pk=other.pk).update(combines=[slot.slug])
    for slug, slots in (("alone", [slot.slug]), ("both", [slot.slug, other.slug])):
        desk.edition.award_rules.create(
            slug=slug,
            name={"en": slug},
            kind="limit",
            data={"per": "film", "most": 2},
            slots=slots,
            position=9,
        )
    page = desk.read(f"award/{slot.slug}/remove/")
    for text in (
        f"Its {slot.places} places.", "The prize pool: it is USD 42,000, and becomes", "may no longer be held together",
        "The rule “alone”: it is counted over this award alone.", "The rule “both” is counted over the others",
    ):  # fmt: skip
        assert text in page
    assert desk.client.post(desk.url(f"award/{slot.slug}/remove/")).status_code == 302
    plan = desk.plan()
    assert slot.slug not in {award.slug for award in plan.awards}
    assert desk.award(other.slug).combines == []
    assert {rule.slug: rule.slots for rule in plan.award_rules if rule.slug in ("alone", "both")} == {
        "both": (other.slug,)
    }
    assert int(desk.pool()["amount"]) < int(before["amount"])


@pytest.mark.parametrize("stated", ["50000", "42000"])
@pytest.mark.parametrize("paid", [True, False])
def test_what_becomes_of_the_pool_is_said_as_it_happens(stated: str, paid: bool) -> None:
    desk = Desk()
    slot = first(desk)
    if not paid:
        slot = desk.edition.award_slots.create(
            slug="unpaid", name={"en": "Unpaid"}, tier="special", decided_by="organiser", position=99
        )
    Edition.objects.filter(pk=desk.edition.pk).update(prize_pool={"amount": stated, "currency": "USD"})
    page = desk.read(f"award/{slot.slug}/remove/")
    assert desk.client.post(desk.url(f"award/{slot.slug}/remove/")).status_code == 302
    before, after = (f"USD {int(amount):,}" for amount in (stated, desk.pool()["amount"]))
    assert ("The prize pool: it is" in page) == (before != after)
    assert (f"The prize pool: it is {before}, and becomes {after}." in page) == (before != after)


def test_an_award_that_people_have_voted_on_stays() -> None:
    desk = Desk()
    slot, other = desk.edition.award_slots.all()[:2]
    now = timezone.now()
    AudiencePoll.objects.create(slot=slot, opens_at=now, closes_at=now + timedelta(days=1))
    make_vote(make_meeting(desk.edition, opened_at=now), by=make_user(), slot=other)
    for one, code, said in ((slot, "polled", "audience votes on"), (other, "voted", "jury has voted on")):
        with pytest.raises(Refused) as refused:
            actions.remove_award(slot=one, **desk.deed())
        assert refused.value.code == code
        page = desk.read(f"award/{one.slug}/remove/")
        assert f"{said} this award" in page and "button--danger" not in page


@pytest.mark.parametrize(
    "changed",
    [
        {"decided_by": "organiser"},
        {"source": "pick"},
        {"track": "any"},
        {"places": "4"},
        {"least_score": "6.5"},
        {"last_rank": "40"},
        {"require_1_attribute": "year", "require_1_test": "at_least", "require_1_value": "2026"},
    ],
)
def test_what_people_have_voted_on_is_not_changed_under_them(changed: dict[str, Any]) -> None:
    desk = Desk()
    slot, other = desk.edition.award_slots.all()[:2]
    for one in (slot, other):
        one.require = [{"attribute": "country", "one_of": ["FR", "JP"]}]
        one.least_score = "4.5"
        one.save()
    if "track" in changed:
        changed = {"track": desk.edition.tracks.first().slug}
    if "source" in changed:
        changed = {"source": desk.edition.rounds.first().slug}
    now = timezone.now()
    AudiencePoll.objects.create(slot=slot, opens_at=now, closes_at=now + timedelta(days=1))
    make_vote(make_meeting(desk.edition, opened_at=now), by=make_user(), slot=other)
    before = desk.plan()
    for one, said in ((slot, "The audience votes on"), (other, "The jury has voted on")):
        answer = desk.post(f"award/{one.slug}/", follows="on", **changed)
        assert answer.status_code == 400
        assert f"{said} “{one.name['en']}”: who decides it" in html.unescape(answer.content.decode())
        assert desk.plan() == before
    for one in (slot, other):
        assert desk.post(f"award/{one.slug}/", name_en="Lantern", sponsor_en="A lamp").status_code == 302
        assert desk.award(one.slug).name["en"] == "Lantern"


# --- Frozen


def test_once_the_call_is_open_a_change_needs_a_reason_that_everybody_reads() -> None:
    desk = Desk(opened=True)
    slot = desk.edition.award_slots.first()
    asked = desk.post(f"award/{slot.slug}/", name_en="Golden Lantern", may_be_vacant="on")
    said = html.unescape(asked.content.decode())
    assert asked.status_code == 400 and "Why is this changed?" in said and "Golden Lantern" in said
    assert desk.award(slot.slug).name != "Golden Lantern" and not EditionChange.objects.exists()
    done = desk.post(
        f"award/{slot.slug}/", name_en="Golden Lantern", may_be_vacant="on", change_reason_en="So."
    )
    assert done.status_code == 302
    whats = set(EditionChange.objects.values_list("what", flat=True))
    assert whats == {"award.name", "award.may_be_vacant"} - (
        {"award.may_be_vacant"} if slot.may_be_vacant else set()
    )
    public = html.unescape(Client().get("/spring/changes/").content.decode())
    assert f"Golden Lantern / {slot.name['zh']}" in public and "So." in public


def test_more_places_with_their_money_are_on_record_and_fewer_are_refused() -> None:
    desk = Desk(opened=True)
    slot = first(desk)
    for change in ({"places": str(slot.places - 1)}, {"places": "1"}):
        answer = desk.post(f"award/{slot.slug}/", follows="on", change_reason_en="So.", **change)
        assert answer.status_code == 400 and "is not made less" in html.unescape(answer.content.decode())
    more = {"places": str(slot.places + 1), "follows": "on"}
    assert desk.post(f"award/{slot.slug}/", change_reason_en="So.", **more).status_code == 302
    assert set(EditionChange.objects.values_list("what", flat=True)) == {
        "award.places", "award.prizes", "prize_pool",
    }  # fmt: skip
    page = desk.read(f"award/{slot.slug}/remove/")
    assert "no award is taken away" in page and 'class="button button--danger"' not in page
    with pytest.raises(Refused) as refused:
        actions.remove_award(slot=slot, **desk.deed(WHY))
    assert refused.value.code == "frozen"


def test_a_new_award_another_order_and_a_rule_are_on_record_too() -> None:
    desk = Desk(opened=True)
    slots = list(desk.edition.award_slots.all())
    assert desk.post("add/", name_en="Best Sound", change_reason_en="So.").status_code == 302
    assert (
        desk.post(f"award/{slots[0].slug}/", after=slots[1].slug, change_reason_en="So.").status_code == 302
    )
    given = {"per": "team", "most": "1", "slots": [slots[0].slug], "change_reason_en": "So."}
    assert desk.post("rules/add/limit/", **given).status_code == 302
    assert list(EditionChange.objects.order_by("pk").values_list("what", flat=True)) == [
        "award.slot", "award.order", "award.rules",
    ]  # fmt: skip
    public = html.unescape(Client().get("/spring/changes/").content.decode())
    assert "Best of its kind, 1 place" in public and "At most 1 award for each team" in public


# --- Queries


def test_queries_do_not_grow_with_awards_and_only_what_differs_is_written() -> None:
    desk = Desk()
    slot, track = first(desk), desk.edition.tracks.first()
    asks = [{"attribute": "track", "one_of": [track.slug]}]
    paths = ("", "add/", f"award/{slot.slug}/", f"award/{slot.slug}/remove/", "rules/add/limit/")

    def counted() -> list[int]:
        found = []
        for path in paths:
            with CaptureQueriesContext(connection) as queries:
                assert desk.client.get(desk.url(path)).status_code == 200
            found.append(len(queries))
        fields = desk.fields(f"award/{slot.slug}/")
        with CaptureQueriesContext(connection) as queries:
            assert desk.client.post(desk.url(f"award/{slot.slug}/"), fields).status_code == 302
        assert not [one for one in queries if re.search(r'(UPDATE|INSERT INTO) "awards_', one["sql"])]
        return [*found, len(queries)]

    AwardSlot.objects.filter(pk=slot.pk).update(require=asks)
    counted()
    before = counted()
    for number in range(5):
        place = 50 + number
        desk.edition.award_slots.create(
            slug=f"more-{number}", name={"en": f"More {number}"}, tier="special", decided_by="organiser",
            require=asks, position=place,
        )  # fmt: skip
        desk.edition.award_rules.create(
            slug=f"rule-{number}", name={}, kind="quota", position=place,
            data={"attribute": "track", "value": [track.slug], "least": 0, "most": 9},
        )  # fmt: skip
    assert desk.post(f"award/{slot.slug}/").status_code == 302  # positions without gaps from now on
    assert counted() == before


# --- Chinese


def test_chinese_has_one_word_for_a_quota_and_says_after_what_an_award_is_filled() -> None:
    desk = Desk()
    desk.client.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    quota, form = desk.read("rules/add/quota/"), desk.read("add/")
    assert "配额" in quota and "名额要求" not in quota
    assert "排在哪个奖项之后" in form


# --- Once there is a list


def test_once_the_list_was_proposed_nothing_is_changed() -> None:
    desk = Desk()
    slot, rule = desk.edition.award_slots.first(), desk.edition.award_rules.first()
    round = make_round(desk.edition, "done", position=99)
    standing = Standing.objects.create(
        round=round, method="weighted_mean", method_version=1, inputs={}, inputs_digest="0" * 64,
        result_digest="0" * 64, made_at=timezone.now(), made_by=desk.by.user,
    )  # fmt: skip
    AwardList.objects.create(
        edition=desk.edition, standing=standing, proposed_at=timezone.now(), proposed_by=desk.by.user
    )
    before = desk.plan()
    sentence = "The award list has been proposed: awards and their rules stay as they are."
    assert sentence in desk.read() and "Add an award" not in desk.read()
    for path in ("add/", f"award/{slot.slug}/", f"rules/rule/{rule.slug}/"):
        answer = desk.post(path, name_en="Late")
        assert answer.status_code == 400 and sentence in html.unescape(answer.content.decode())
    removed = desk.client.post(desk.url(f"award/{slot.slug}/remove/"))
    assert removed.status_code == 409 and sentence in html.unescape(removed.content.decode())
    gone = desk.client.post(desk.url(f"rules/rule/{rule.slug}/remove/"), follow=True)
    assert sentence in html.unescape(gone.content.decode())
    assert desk.plan() == before


def test_what_the_jury_has_added_is_no_award_of_the_setup() -> None:
    desk = Desk()
    AwardSlot.objects.create(
        edition=desk.edition,
        slug="mention-1",
        name={"en": "Mention"},
        tier="special",
        added=True,
        position=50,
    )
    assert "Of the jury" not in desk.read()
    assert desk.client.get(desk.url("award/mention-1/")).status_code == 404
    assert desk.post("add/", name_en="Mention 1").status_code == 302
    assert desk.edition.award_slots.get(name={"en": "Mention 1"}).slug == "mention-1-2"
    assert desk.edition.award_slots.last().slug == "mention-1"


def test_another_kind_of_rule_is_not_found_and_others_may_not() -> None:
    desk = Desk()
    assert desk.client.get(desk.url("rules/add/wish/")).status_code == 404
    with pytest.raises(Refused) as refused:
        actions.save_rule(
            edition=desk.edition, slug="", given={"kind": "limit", "per": "team", "most": 1},
            by=make_member(desk.edition, Role.CHAIR), at=timezone.now(),
        )  # fmt: skip
    assert refused.value.status == 403
    assert Phase.objects.filter(edition=desk.edition).exists()
