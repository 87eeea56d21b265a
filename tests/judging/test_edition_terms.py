"""Pages for what only a blueprint could say: where entrants live, prizes, names hidden, films or projects."""

import html
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from festival.awards.models import AwardSlot
from festival.awards.prize_actions import Prize, save_prizes
from festival.edition.form_rules import read_form
from festival.edition.models import Edition, EditionChange
from festival.kit.errors import Refused
from festival.people.roles import Role
from judging import blueprint_export
from judging.models import Round
from tests.factories import make_draft, make_edition, make_member, make_round

pytestmark = pytest.mark.django_db


def desk_of(edition: Edition) -> Client:
    client = Client()
    client.force_login(make_member(edition, Role.ORGANISER).user)
    return client


def read(client: Client, url: str) -> str:
    return html.unescape(client.get(url).content.decode())


# --- Where entrants live


@pytest.mark.parametrize(
    ("rule", "places", "kept"),
    [
        ("allowed", "France\n中国, jp", {"allowed": ("CN", "FR", "JP")}),
        ("excluded", "KP", {"excluded": ("KP",)}),
        ("", "France", {}),
    ],
)
def test_where_entrants_live_is_written_by_name_or_code(rule: str, places: str, kept: dict[str, Any]) -> None:
    edition = make_edition()
    client, url = desk_of(edition), f"/{edition.slug}/desk/form/residence/"
    assert client.post(url, {"rule": rule, "places": places}).status_code == 302
    edition.refresh_from_db()
    rules = read_form(edition.form).residence
    assert {key: getattr(rules, key) for key in kept} == kept and bool(rules) == bool(rule)
    page = read(client, url)
    assert ("France" in page) == (rule == "allowed")


def test_a_place_that_is_none_and_a_list_without_places_are_named() -> None:
    edition = make_edition()
    client, url = desk_of(edition), f"/{edition.slug}/desk/form/residence/"
    wrong = client.post(url, {"rule": "allowed", "places": "France, Atlantis"})
    assert wrong.status_code == 400 and "“Atlantis” is no country" in html.unescape(wrong.content.decode())
    assert client.post(url, {"rule": "excluded", "places": " "}).status_code == 400
    edition.refresh_from_db()
    assert not read_form(edition.form).residence


# --- Prizes


class Purse:
    """A grand prize in words, three second ones of money with credits besides."""

    def __init__(self, **fields: Any) -> None:
        self.edition = make_edition(**fields)
        self.grand = self.slot("grand", prize={"en": "A camera"})
        self.second = self.slot(
            "second", places=3, prizes=[{"kind": "credits", "amount": "500", "unit": {}, "each": True}]
        )
        self.by = make_member(self.edition, Role.OWNER)

    def slot(self, slug: str, **fields: Any) -> AwardSlot:
        position = self.edition.award_slots.count()
        return AwardSlot.objects.create(
            edition=self.edition, slug=slug, name={"en": slug}, tier="best", position=position, **fields
        )

    def save(
        self, pool: int | None, second: int | None, currency: str = "CNY", *, each: bool = True, why: str = ""
    ) -> None:
        save_prizes(
            edition=self.edition, pool=None if pool is None else Decimal(pool), currency=currency,
            prizes={"second": Prize({}, None if second is None else Decimal(second), each)},
            by=self.by, at=timezone.now(), reason={"en": why},
        )  # fmt: skip
        self.edition.refresh_from_db()
        self.second.refresh_from_db()


def test_the_money_of_all_places_comes_to_the_pool_and_the_other_parts_stay() -> None:
    purse = Purse()
    with pytest.raises(Refused) as refused:
        purse.save(5000, 5000)
    assert refused.value.code == "sum" and "15,000" in refused.value.text
    purse.save(5000, 5000, each=False)
    purse.save(15000, 5000)
    assert purse.edition.prize_pool == {"amount": "15000", "currency": "CNY"}
    money = {"kind": "money", "amount": "5000", "currency": "CNY", "each": True}
    credits = {"kind": "credits", "amount": "500", "unit": {}, "each": True}
    assert purse.second.prizes == [money, credits]
    purse.save(15000, 5000, "USD")
    assert purse.second.prizes == [money | {"currency": "USD"}, credits]
    purse.save(None, None)
    assert (purse.edition.prize_pool, purse.second.prizes) == ({}, [credits])


def test_once_the_call_is_open_prizes_grow_with_a_reason_and_never_shrink() -> None:
    purse = Purse(call_open=True)
    purse.save(15000, 5000, why="A sponsor.")
    for pool, second in ((12000, 4000), (None, 5000), (None, None)):
        with pytest.raises(Refused) as refused:
            purse.save(pool, second, why="A sponsor left.")
        assert refused.value.code == "frozen"
    with pytest.raises(Refused) as refused:
        purse.save(15000, 5000, "USD", why="So.")
    assert refused.value.code == "frozen"
    purse.save(18000, 6000, why="Another sponsor.")
    assert EditionChange.objects.count() == 4
    said = read(Client(), f"/{purse.edition.slug}/changes/")
    assert "CNY 15,000" in said and "CNY 18,000" in said and "CNY 6,000 each, 500 credits" in said


def test_the_page_of_prizes_shows_what_there_is_and_saves_it() -> None:
    purse = Purse()
    purse.save(15000, 5000)
    client, url = desk_of(purse.edition), f"/{purse.edition.slug}/desk/awards/prizes/"
    page = read(client, url)
    assert 'value="15000"' in page and 'value="5000"' in page and 'value="A camera"' in page
    assert "Traffic, credits, things: 500 credits each" in page
    second, grand = purse.second.pk, purse.grand.pk
    given = {
        "pool": "16000.50", "currency": "cny", f"money_{second}": "5000", f"each_{second}": "on",
        f"money_{grand}": "1000.50", f"words_{grand}_en": "CNY 1,000.50 and a camera",
    }  # fmt: skip
    assert client.post(url, {**given, "pool": "16000"}).status_code == 400
    assert client.post(url, {**given, "currency": ""}).status_code == 400
    assert client.post(url, given).status_code == 302
    purse.grand.refresh_from_db()
    assert (
        purse.grand.prizes[0]["amount"] == "1000.50"
        and purse.grand.prize["en"] == "CNY 1,000.50 and a camera"
    )
    assert "CNY 16,000.50" in read(Client(), f"/{purse.edition.slug}/rules/")


def test_traffic_credits_and_things_come_and_go_at_the_desk() -> None:
    purse = Purse()
    client, url = desk_of(purse.edition), f"/{purse.edition.slug}/desk/awards/prizes/"
    second, grand = purse.second.pk, purse.grand.pk
    assert "Traffic, credits, things: 500 credits each" in read(client, url)
    more, new = f"part_{second}_0", f"part_{second}_1"
    given = {
        f"{more}_kind": "credits", f"{more}_amount": "500.00", f"{more}_each": "on",
        f"{new}_new": "1", f"{new}_kind": "traffic", f"{new}_amount": "1,000,000", f"{new}_each": "on",
        f"{new}_unit_en": "views on the front page", f"{new}_unit_zh": "次首页曝光",
        f"part_{grand}_0_new": "1", f"part_{grand}_0_kind": "kind", f"part_{grand}_0_text_en": "A year of the tool",
        f"part_{grand}_0_text_zh": "一年工具会员", f"words_{grand}_en": "A camera",
    }  # fmt: skip
    for wrong, sentence in (
        ({f"{new}_amount": ""}, "Say how much."),
        ({f"{new}_kind": ""}, "Choose what this is, or leave the line empty."),
        ({f"part_{grand}_0_text_en": "", f"part_{grand}_0_text_zh": ""}, "Say what it is."),
    ):
        answer = client.post(url, {**given, **wrong})
        assert answer.status_code == 400 and sentence in html.unescape(answer.content.decode())
    assert client.post(url, given).status_code == 302
    purse.second.refresh_from_db()
    purse.grand.refresh_from_db()
    views = {"en": "views on the front page", "zh": "次首页曝光"}
    credits = {"kind": "credits", "amount": "500", "unit": {}, "each": True}
    assert purse.second.prizes == [
        credits,  # as it was written: 500.00 is no change
        {"kind": "traffic", "amount": "1000000", "unit": views, "each": True},
    ]
    (thing,) = purse.grand.prizes
    assert (thing["kind"], thing["text"]) == ("kind", {"en": "A year of the tool", "zh": "一年工具会员"})
    (_grand, plan) = blueprint_export.plan_of(purse.edition).awards
    assert list(plan.prizes) == purse.second.prizes
    gone = {
        f"{more}_kind": "",
        f"{new}_kind": "traffic",
        f"{new}_amount": "1000000",
        f"{new}_unit_en": "views",
    }
    assert client.post(url, gone).status_code == 302
    purse.second.refresh_from_db()
    assert purse.second.prizes == [
        {"kind": "traffic", "amount": "1000000", "unit": {"en": "views"}, "each": False}
    ]


def test_once_the_call_is_open_no_credits_and_no_thing_are_taken_away() -> None:
    purse = Purse(call_open=True)

    def give(*others: dict[str, Any]) -> None:
        save_prizes(
            edition=purse.edition, pool=None, currency="", prizes={"second": Prize({}, others=others)},
            by=purse.by, at=timezone.now(), reason={"en": "So."},
        )  # fmt: skip

    credits = {"kind": "credits", "amount": "500", "unit": {}, "each": True}
    thing = {"kind": "kind", "text": {"en": "A lamp"}, "each": True}
    give(credits | {"amount": "600"}, thing)
    give(credits | {"amount": "600"}, thing | {"text": {"en": "A better lamp"}})
    for fewer in (
        [thing],
        [credits | {"amount": "599"}, thing],
        [credits | {"amount": "600", "each": False}, thing],
        [credits | {"amount": "600", "unit": {"en": "hours"}}, thing],
        [credits | {"amount": "600"}],
    ):
        with pytest.raises(Refused) as refused:
            give(*fewer)
        assert refused.value.code == "frozen"
    give(credits | {"amount": "700"}, thing, thing)


# --- Names, days, two people


def test_rounds_that_have_opened_keep_what_they_hide() -> None:
    edition = make_edition(blind=True)
    opened, planned, own = (
        make_round(edition, slug, blind=blind, **state)
        for slug, state, blind in (
            ("open", {"state": "open", "opened_at": timezone.now()}, None),
            ("planned", {}, None),
            ("own", {}, True),
        )
    )
    client, url = desk_of(edition), f"/{edition.slug}/desk/setup/terms/"
    assert client.post(url, {"fix_days": "9", "four_eyes": "on"}).status_code == 302
    edition.refresh_from_db()
    assert (edition.blind, edition.fix_days, edition.four_eyes) == (False, 9, True)
    found = {row.slug: row.hides_names for row in Round.objects.select_related("edition")}
    assert found == {opened.slug: True, planned.slug: False, own.slug: True}


def test_days_to_mend_are_not_made_fewer_once_the_call_is_open() -> None:
    edition = make_edition(call_open=True, fix_days=5)
    client, url = desk_of(edition), f"/{edition.slug}/desk/setup/terms/"
    why = {"blind": "on", "change_reason_en": "So."}
    assert client.post(url, {**why, "fix_days": "4"}).status_code == 400
    assert client.post(url, {"blind": "on", "fix_days": "6"}).status_code == 400  # asked for the reason
    assert client.post(url, {**why, "fix_days": "6"}).status_code == 302
    edition.refresh_from_db()
    assert edition.fix_days == 6


# --- Films or projects


def test_a_track_takes_projects_until_somebody_begins_an_entry() -> None:
    edition = make_edition()
    track = edition.tracks.get()
    client, url = desk_of(edition), f"/{edition.slug}/desk/form/limits/{edition.tracks.get().slug}/"
    given = {"enters": "project", "most_entries": "0"}
    assert 'name="enters"' in read(client, url)
    assert client.post(url, given).status_code == 302
    track.refresh_from_db()
    assert track.enters == "project"
    make_draft(edition)
    page = read(client, url)
    assert 'name="enters"' not in page and "It takes projects without a film yet. That stays" in page
    assert client.post(url, {**given, "enters": "film"}).status_code == 302
    track.refresh_from_db()
    assert track.enters == "project"
    from submissions.track_actions import save_terms

    with pytest.raises(Refused) as refused:
        save_terms(
            track=track, enters="film", invitation_only=False, most_entries=0, ends_at=None,
            by=make_member(edition, Role.OWNER), at=timezone.now(),
        )  # fmt: skip
    assert refused.value.code == "entered"
