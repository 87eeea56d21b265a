"""Awards set up in a real browser: listed, changed, added, removed; and what follows a deadline that is moved."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.utils import timezone

from festival.edition.blueprint import named
from festival.edition.models import Phase
from festival.people.roles import Role
from judging.setup import make_edition
from tests.browser.people import CHINESE, ENGLISH, Person
from tests.browser.test_awards import enter
from tests.factories import make_member, make_user

__all__ = ["enter"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PATHS = {
    "award-setup": "",
    "award-change": "award/jury-prize/",
    "award-remove": "award/honourable/remove/",
    "award-limit": "rules/rule/one-a-person/",
    "award-quota": "rules/add/quota/",
    "award-condition": "rules/add/eligible/",
}


def test_awards_are_set_up(enter: Callable[..., Person]) -> None:
    edition = make_edition(
        plan=named("tool-makers"), slug="spring", opens=date(2031, 3, 3), owner=make_user(), public=True
    )
    organiser = make_member(edition, Role.ORGANISER).user
    small = enter(organiser, locale=CHINESE, width=390)
    for name, path in PATHS.items():
        small.go(f"/spring/desk/awards/setup/{path}").check(f"{name}-zh")
    person = enter(organiser)
    for name, path in PATHS.items():
        person.go(f"/spring/desk/awards/setup/{path}").check(name)

    page = person.go("/spring/desk/awards/setup/award/jury-prize/").page
    page.fill("[name=places]", "4")
    page.select_option("[name=require_0_attribute]", "country")
    page.fill("[name=require_0_value]", "Atlantis")
    page.get_by_role("button", name="Save").click()
    page.wait_for_load_state()
    assert "“Atlantis” is no country" in person.text()
    person.check("award-fault")
    page.fill("[name=require_0_value]", "法国, Japan")
    page.get_by_role("button", name="Save").click()
    page.wait_for_load_state()
    assert "the prizes come to 47,000" in person.text()
    page.check("[name=follows]")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/desk/awards/setup/")
    assert "USD 47,000" in person.text() and "France, Japan" in person.text()

    person.go("/spring/desk/awards/setup/award/honourable/remove/")
    page.get_by_role("button", name="Remove the award").click()
    page.wait_for_url("**/desk/awards/setup/")
    assert "Honourable" not in person.text("main table")

    Phase.objects.filter(edition=edition, kind="call").update(starts_at=timezone.now() - timedelta(days=3))
    person.go("/spring/desk/awards/setup/").check("award-setup-frozen")
    page.click("a[href$='/award/jury-prize/']")
    page.wait_for_load_state()
    page.fill("[name=name_zh]", "评审团大奖")
    page.get_by_role("button", name="Save").click()
    page.wait_for_load_state()
    person.check("award-reason")
    assert "Why is this changed?" in person.text()
    assert not [*person.faults, *small.faults]


def test_traffic_and_things_are_given_besides_money(enter: Callable[..., Person]) -> None:
    edition = make_edition(
        plan=named("tool-makers"), slug="spring", opens=date(2031, 3, 3), owner=make_user(), public=True
    )
    organiser = make_member(edition, Role.ORGANISER).user
    grand = edition.award_slots.order_by("position").first()
    for locale, width, name in ((CHINESE, 390, "prizes-zh"), (ENGLISH, 1280, "prizes")):
        person = enter(organiser, locale=locale, width=width)
        page = person.go("/spring/desk/awards/prizes/").page
        page.locator("details.more summary").first.click()
        person.check(name)
        assert not person.faults
    line = f"part_{grand.pk}_{sum(part['kind'] != 'money' for part in grand.prizes)}"
    page.select_option(f"[name={line}_kind]", "traffic")
    page.get_by_role("button", name="Save").click()
    page.wait_for_load_state()
    assert page.locator(f"[name={line}_amount]").is_visible() and "Say how much." in person.text()
    person.check("prizes-fault")
    page.fill(f"[name={line}_amount]", "1,000,000")
    page.fill(f"[name={line}_unit_en]", "views on the front page")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/desk/awards/prizes/")
    assert "1,000,000 views on the front page" in person.text() and not person.faults


def test_later_phases_are_offered_with_a_deadline(enter: Callable[..., Person]) -> None:
    edition = make_edition(
        plan=named("tool-makers"), slug="spring", opens=date(2031, 3, 3), owner=make_user(), public=True
    )
    Phase.objects.filter(edition=edition, kind="call").update(starts_at=timezone.now() - timedelta(days=3))
    organiser = make_member(edition, Role.ORGANISER).user
    end = edition.phases.get(kind="call").ends_at + timedelta(days=7)
    for locale, width, name in ((CHINESE, 390, "follow-zh"), ("en-GB", 1280, "follow")):
        person = enter(organiser, locale=locale, width=width)
        page = person.go("/spring/desk/form/deadline/").page
        page.locator("[name^=until]").first.fill(f"{end:%Y-%m-%d}T12:00")
        page.locator("form:has([name^=until]) button[type=submit]").first.click()
        page.wait_for_load_state()
        person.check(name)
        assert page.locator("[name=follow]").count() > 1 and not person.faults
