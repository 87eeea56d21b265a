"""The lines of the AI statement in a real browser: by keyboard, saved as typed, and without script."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from submissions.models import Entry
from submissions.statement.facts import Use
from submissions.statement_view import uses_of
from tests.factories import make_draft, make_edition, make_uses

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RULES = '[ai]\nrequired = true\nrequired_stages = ["video"]\n'
SAVED = ".save-state--saved"


@pytest.fixture
def entry(transactional_db: None) -> Entry:
    return make_draft(make_edition(call_open=True, rulebook=RULES))


@pytest.fixture
def open_form(chromium: Any, live_server: Any, client: Client, entry: Entry) -> Iterator[Any]:
    """Opens the draft's form as its entrant."""
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
        page.goto(f"/entries/{entry.code}/edit/")
        return page

    yield open_
    for context in contexts:
        context.close()


def saved_uses(page: Any, count: int) -> list[Use]:
    """The lines in the database, once so many are there."""
    for _attempt in range(100):
        uses = list(uses_of(Entry.objects.get()))
        if len(uses) == count:
            return uses
        page.wait_for_timeout(100)
    raise AssertionError(f"never {count} lines: {uses}")


def press(page: Any, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_lines_are_added_filled_and_removed_by_keyboard(open_form: Any, entry: Entry) -> None:
    page = open_form()
    assert page.locator("[data-line]").count() == 1  # of the empty ones, one to begin with
    missing = page.locator("[data-missing-list]")
    assert "The AI statement is empty" in missing.inner_text()
    page.focus("[name=uses-0-stage]")
    page.keyboard.type("Images")
    press(page, "Tab")
    page.keyboard.type("Midj")
    press(page, "Tab", "7")
    page.focus("[data-add]")
    press(page, "Enter")
    assert page.evaluate("document.activeElement.name") == "uses-1-stage"
    page.keyboard.type("Voi")
    press(page, "Tab")
    page.keyboard.type("Anot")
    press(page, "Tab")
    page.keyboard.type("Harp")
    assert saved_uses(page, 2) == [Use("image", "midjourney", version="7"), Use("voice", other="Harp")]
    page.wait_for_selector(SAVED)
    assert "No AI tool is named for video" in missing.inner_text()
    page.focus("[data-line] >> nth=0 >> [data-remove]")
    press(page, "Enter")
    assert page.evaluate("document.activeElement.name") == "uses-0-stage"
    assert page.locator("[data-line] legend").all_inner_texts() == ["Line 1"]
    assert saved_uses(page, 1) == [Use("voice", other="Harp")]
    page.select_option("[name=uses-0-tool]", "kling")  # the other name goes with the choice it belonged to
    page.select_option("[name=uses-0-stage]", "video")
    page.wait_for_selector("[data-missing]", state="hidden")
    assert list(uses_of(Entry.objects.get())) == [Use("video", "kling")]
    assert page.faults == []


def test_a_fault_stops_nothing_but_the_saving_of_it(open_form: Any, entry: Entry) -> None:
    page = open_form()
    page.select_option("[name=uses-0-stage]", "video")
    page.select_option("[name=uses-0-tool]", "kling")
    page.fill("[name=uses-0-share]", "170")
    page.wait_for_selector(".save-state--failed")
    assert "from 1 to 100" in page.inner_text("[data-save-state]")
    page.fill("[name=uses-0-share]", "70")
    assert saved_uses(page, 1) == [Use("video", "kling", share=70)]


def test_without_script_there_are_empty_lines_to_fill(open_form: Any, entry: Entry) -> None:
    make_uses(entry, Use("video", "kling"))
    page = open_form(java_script_enabled=False)
    assert page.locator("[data-line]").count() == 3
    assert not page.is_visible("[data-add]") and not page.is_visible("[data-remove] >> nth=0")
    page.select_option("[name=uses-2-stage]", "music")
    page.fill("[name=uses-2-other]", "Harp")
    page.click("main form button[type=submit]")
    assert saved_uses(page, 2) == [Use("video", "kling"), Use("music", other="Harp")]
