"""An edition made in a real browser, without a script of its own: chosen, looked at, made, its days moved."""

from collections.abc import Callable
from pathlib import Path

import pytest

from festival.edition.models import Edition
from tests.browser.people import CHINESE, Person
from tests.browser.test_awards import enter
from tests.factories import make_user

__all__ = ["enter"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BROKEN = 'name = "Mine"\ntime_zone = "UTC"\nrulebook = "open-call"\ntracks = []\nphases = []\n'


def test_an_edition_is_made_from_a_blueprint(enter: Callable[..., Person], tmp_path: Path) -> None:
    operator = make_user("Operator", is_operator=True)
    person = enter(operator)
    person.go("/new/")
    page = person.page
    page.locator("details").first.locator("summary").click()
    person.check("new-edition")
    file = tmp_path / "mine.toml"
    file.write_text(BROKEN)
    page.set_input_files("[name=plan]", file)
    page.get_by_role("button", name="Check and go on").click()
    page.wait_for_load_state()
    person.check("new-edition-faults")
    assert "A blueprint needs at least one track." in person.text()

    page.get_by_role("link", name="Begin with it: Open Call 2027").click()
    page.wait_for_load_state()
    page.fill("[name=slug]", "open-call-2031")
    page.fill("[name=opens]", "2031-03-03")
    page.fill("[name=films]", "10000")
    page.fill("[name=judges_screening]", "3")
    page.get_by_role("button", name="Show what it means").click()
    page.wait_for_load_state()
    person.check("new-edition-plan")
    assert "10,000 films × 2 looks" in person.text()
    assert "At 3 hours a day it would take" in person.text()
    assert not Edition.objects.exists()
    page.get_by_role("button", name="Make this edition").click()
    page.wait_for_url("**/open-call-2031/desk/setup/")
    person.check("edition-setup")
    assert "things are left to do" in person.text()

    person.go("/open-call-2031/desk/plan/dates/").check("edition-dates")
    jury = Edition.objects.get().phases.get(kind="jury")
    page.fill(f"[name=last_{jury.pk}]", "2031-03-10")
    page.locator("main form button[type=submit]").click()
    page.wait_for_load_state()
    assert "before the call does" in person.text()
    page.fill(f"[name=last_{jury.pk}]", "2031-06-13")
    page.locator("main form button[type=submit]").click()
    page.get_by_role("button", name="Move the phases").wait_for()
    person.check("edition-follow")
    assert "Later phases" in person.text()
    page.get_by_role("button", name="Move the phases").click()
    page.wait_for_url("**/open-call-2031/desk/plan/")
    person.check("edition-plan")
    with page.expect_download() as taken:
        page.get_by_role("link", name="Download as a blueprint").click()
    assert taken.value.suggested_filename == "open-call-2031-blueprint.zip"

    person.go("/open-call-2031/desk/setup/").post("/publish/")
    assert "Everybody sees the contest now." in person.text()
    phone = enter(operator, locale=CHINESE, width=390)
    phone.go("/new/").check("new-edition-phone")
    phone.go("/open-call-2031/desk/plan/").check("edition-plan-phone")
    phone.go("/open-call-2031/desk/setup/").check("edition-setup-phone")
