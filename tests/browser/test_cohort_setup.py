"""Teams set up in a real browser: a cohort with what it promises, a milestone, and what stays once a team is asked."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.utils import timezone

from festival.edition.blueprint import named
from festival.edition.models import Phase
from festival.people.roles import Role
from judging.setup import make_edition
from submissions.cohorts.models import Cohort
from tests.browser.people import CHINESE, Person
from tests.browser.test_awards import enter
from tests.factories import make_entry, make_member, make_user
from tests.submissions.cohorts.making import make_place

__all__ = ["enter"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PATHS = {
    "teams-setup": "setup/teams/",
    "teams-cohort": "setup/teams/cohort/seven/",
    "teams-milestone": "setup/teams/cohort/seven/milestone/rough-cut/",
    "teams-remove": "setup/teams/cohort/seven/remove/",
    "parts-name": "plan/parts/tracks/track/directors/",
    "parts-list": "plan/parts/",
}


def test_teams_are_set_up(enter: Callable[..., Person]) -> None:
    edition = make_edition(
        plan=named("invited-premiere"), slug="spring", opens=date(2031, 3, 3), owner=make_user(), public=True
    )
    organiser = make_member(edition, Role.ORGANISER).user
    small = enter(organiser, locale=CHINESE, width=390)
    for name, path in PATHS.items():
        small.go(f"/spring/desk/{path}").check(f"{name}-zh")
    person = enter(organiser)
    for name, path in PATHS.items():
        person.go(f"/spring/desk/{path}").check(name)
    wide = enter(organiser, locale=CHINESE)
    for name in ("teams-setup", "teams-cohort"):
        wide.go(f"/spring/desk/{PATHS[name]}").check(f"{name}-zh-wide")

    page = person.go("/spring/desk/setup/teams/add/").page
    page.fill("[name=name_en]", "Camp of Lamps")
    page.fill("[name=places]", "12")
    page.fill("[name=first]", "2031-03-20")
    page.fill("[name=last]", "2031-03-10")
    page.select_option("[name=promise_0_kind]", "cash")
    page.fill("[name=promise_0_amount]", "5000")
    page.fill("[name=promise_0_unit]", "CNY")
    page.get_by_role("button", name="Save").click()
    page.wait_for_load_state()
    assert "would end before it begins" in person.text()
    person.check("teams-fault")
    page.fill("[name=last]", "2031-06-01")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/desk/setup/teams/")
    assert "Money: 5,000 CNY" in person.text()

    page.click("a[href$='/cohort/camp-of-lamps/add/']")
    page.wait_for_load_state()
    page.fill("[name=name_en]", "First cut")
    page.fill("[name=due]", "2031-05-01")
    page.select_option("[name=new_0_kind]", "film")
    page.fill("[name=new_0_name_zh]", "初剪")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/desk/setup/teams/")
    assert "初剪" in person.text()
    page.click("a[href$='/cohort/camp-of-lamps/milestone/first-cut/remove/']")
    page.get_by_role("button", name="Remove the milestone").click()
    page.wait_for_url("**/desk/setup/teams/")
    assert "First cut" not in person.text()

    Phase.objects.filter(edition=edition, kind="call").update(starts_at=timezone.now() - timedelta(days=3))
    make_place(Cohort.objects.get(slug="seven"), make_entry(edition), state="offered")
    person.go("/spring/desk/setup/teams/").check("teams-setup-kept")
    page.click("a[href$='/cohort/seven/milestone/rough-cut/']")
    page.wait_for_load_state()
    person.check("teams-milestone-kept")
    page.fill("[name=name_zh]", "初剪")
    page.get_by_role("button", name="Save").click()
    page.wait_for_load_state()
    person.check("teams-reason")
    assert "Why is this changed?" in person.text()
    assert not [*person.faults, *small.faults, *wide.faults]


def test_cohorts_change_places(enter: Callable[..., Person]) -> None:
    edition = make_edition(
        plan=named("incubator"), slug="spring", opens=date(2031, 3, 3), owner=make_user(), public=True
    )
    organiser = make_member(edition, Role.ORGANISER).user
    first, second = (cohort.slug for cohort in edition.cohorts.all())
    small = (
        enter(organiser, locale=CHINESE, width=390).go("/spring/desk/setup/teams/").check("teams-order-zh")
    )
    small.page.locator(f'form[action$="{second}/move/"] button[value=up]').press("Enter")
    small.page.wait_for_url(f"**/desk/setup/teams/#cohort-{second}")
    assert [cohort.slug for cohort in edition.cohorts.all()] == [second, first]
    assert small.page.locator(f'form[action$="{second}/move/"] button[value=up]').is_disabled()
