"""The people of a film in a real browser: added, moved and ticked by keyboard, saved as typed, and without script."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from submissions.credit_people import Person, people_of
from submissions.models import Entry
from tests.factories import make_credits, make_draft, make_edition

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ANN = Person(name="Ann", roles=("director",), is_self=True, is_representative=True)
BO = Person(name="Bo", roles=("music", "other"), role_other="Foley", email="bo@example.org")


@pytest.fixture
def entry(transactional_db: None) -> Entry:
    return make_draft(make_edition(call_open=True))


@pytest.fixture
def open_form(chromium: Any, live_server: Any, client: Client, entry: Entry) -> Iterator[Any]:
    """Opens the draft's credits as its entrant."""
    contexts = []

    def open_(**options: Any) -> Any:
        context = chromium.new_context(base_url=live_server.url, **options)
        contexts.append(context)
        client.force_login(entry.entrant)
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.faults = []
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.goto(f"/entries/{entry.code}/credits/")
        return page

    yield open_
    for context in contexts:
        context.close()


def saved(page: Any, *people: Person) -> bool:
    """Whether these lines come to stand in the database."""
    for _attempt in range(100):
        if people_of(Entry.objects.get()) == people:
            return True
        page.wait_for_timeout(100)
    raise AssertionError(people_of(Entry.objects.get()))


def test_people_are_added_moved_and_ticked_by_keyboard(open_form: Any, entry: Entry) -> None:
    page = open_form()
    assert page.locator("[data-line]").count() == 1
    page.focus("[name=credits-0-name]")
    page.keyboard.type("Ann")
    page.focus("[name=credits-0-roles][value=director]")
    page.keyboard.press("Space")
    for tick in ("is_self", "is_representative"):
        page.focus(f"[name=credits-0-{tick}]")
        page.keyboard.press("Space")
    assert not page.locator("[name=credits-0-role_other]").is_visible()
    page.focus("[data-add]")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name") == "credits-1-name"
    page.keyboard.type("Bo")
    for role in ("music", "other"):
        page.focus(f"[name=credits-1-roles][value={role}]")
        page.keyboard.press("Space")
    page.fill("[name=credits-1-role_other]", "Foley")
    page.fill("[name=credits-1-email]", "bo@example.org")
    assert saved(page, ANN, BO)
    up = page.locator("[data-line] >> nth=1 >> [data-up]")
    up.focus()
    page.keyboard.press("Enter")
    assert page.locator("[data-lines-said]").inner_text() == "Now person 1"
    assert page.evaluate("document.activeElement.matches('[data-down]')")  # further up there is nothing
    assert page.locator("[data-line] > legend").all_inner_texts() == ["Person 1", "Person 2"]
    assert saved(page, BO, ANN)
    page.focus("[name=credits-0-is_representative]")
    page.keyboard.press("Space")
    assert not page.is_checked("[name=credits-1-is_representative]")
    page.focus("[data-line] >> nth=1 >> [data-remove]")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name") == "credits-0-name"
    page.keyboard.press("Enter")  # sends the form, and moves nobody
    page.wait_for_selector("text=Saved.")
    assert people_of(Entry.objects.get()) == (
        Person(
            **{name: getattr(BO, name) for name in ("name", "roles", "role_other", "email")},
            is_representative=True,
        ),
    )
    assert page.faults == []


def test_without_script_buttons_move_and_remove(open_form: Any, entry: Entry) -> None:
    make_credits(entry, ANN, BO)
    page = open_form(java_script_enabled=False)
    page.click("button[value='2-up']")
    assert people_of(Entry.objects.get()) == (BO, ANN)
    page.fill("[name=credits-2-name]", "Cy")
    page.click("button[value='1-out']")
    assert people_of(Entry.objects.get()) == (ANN, Person(name="Cy"))
