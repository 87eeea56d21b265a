"""The desk's table in a real browser: from film to film by keys, many ticked and moved at once, taken back."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from festival.people.roles import Role
from submissions.models import BulkStep, Entry
from tests import factories
from tests.browser.people import CHINESE, ENGLISH, Person
from tests.browser.test_awards import enter

__all__ = ["enter"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Open = Callable[..., Person]


def test_keys_ticks_a_move_with_many_and_its_undoing(enter: Open) -> None:
    edition = factories.make_edition()
    technician = factories.make_member(edition, Role.TECHNICIAN)
    for number in range(5):
        verdict = "fix" if number == 4 else "pass"
        entry = factories.make_entry(
            edition, title=f"灯之{number}", code=f"LAMP{number}", state="submitted", country="CN, FR"
        )
        factories.make_inspection(entry, verdict=verdict)
    table = f"/{edition.slug}/desk/entries/"
    person = enter(technician.user)
    page = person.go(f"{table}?sort=title").check("desk-table").page
    keys = page.keyboard

    keys.press("?")
    expect(page.locator("#keys")).to_be_visible()
    keys.press("j")  # nothing happens behind a dialog
    keys.press("Escape")
    expect(page.locator(".is-here")).to_have_count(0)
    for key in ("j", "j", "x", "ArrowDown", "x", "ArrowDown", "ArrowDown", "x", "k"):
        keys.press(key)
    expect(page.locator(".is-ticked")).to_have_count(3)
    expect(page.locator("[data-bulk-count]")).to_have_text("With those ticked: 3")
    expect(page.locator(".is-here")).to_contain_text("LAMP3")

    keys.press("/")
    keys.type("xj")  # typed, not done
    expect(page.locator("#q")).to_have_value("xj")
    expect(page.locator(".is-ticked")).to_have_count(3)
    person.check("desk-table-ticked")

    page.click("button[formaction$='/many/admit/']")
    text = person.check("desk-move-many").text()
    assert "2 films are admitted" in text and "1 film has faults" in text
    person.post(BulkStep.Move.ADMIT.value + "/" + page.url.partition("/many/admit/")[2])
    assert Entry.objects.filter(state="eligible").count() == 2
    person.check("desk-step")
    person.post("/undo/").check("desk-step-undone")
    assert Entry.objects.filter(state="submitted").count() == 5

    person.go(table)
    keys.press("j")
    keys.press("Enter")
    page.wait_for_url(lambda url: "/LAMP" in url)

    phone = enter(technician.user, width=390, locale=CHINESE)
    phone.go(f"{table}?country=FR&verdict=pass").check("desk-table-zh-phone")
    assert phone.page.locator("[data-row]").count() == 4
    phone.page.locator(".picks--more summary").first.click()
    phone.page.fill("#filter-name", "法国")
    phone.page.locator("form[action$='/filters/'] button").click()
    phone.page.wait_for_load_state()
    phone.go(f"{table}filters/").check("desk-filters-zh-phone")
    assert "法国" in phone.text()
    phone.go(f"{table}many/refuse/").check("desk-refuse-zh-phone")


@pytest.mark.parametrize("locale", [ENGLISH, CHINESE])
def test_the_table_is_no_wider_than_the_page(enter: Open, locale: str) -> None:
    edition = factories.make_edition()
    technician = factories.make_member(edition, Role.TECHNICIAN)
    for state in ("submitted", "eligible", "fixing", "refused"):
        for number, verdict in enumerate(("pass", "note", "fix", "block")):
            title = f"A considerably long title {number}" if number % 2 else "纸船与灯塔之间的漫长旅行"
            factories.make_inspection(
                factories.make_entry(edition, title=title, state=state), verdict=verdict
            )
    page = enter(technician.user, locale=locale).go(f"/{edition.slug}/desk/entries/").page
    over = page.evaluate(
        "(box => box.scrollWidth - box.clientWidth)(document.querySelector('.table-scroll'))"
    )
    assert over <= 0


def test_a_note_before_a_form_stands_clear_of_it(enter: Open) -> None:
    edition = factories.make_edition()
    organiser = factories.make_member(edition, Role.ORGANISER)
    round = factories.make_round(edition, gate="panel", weights={})
    page = enter(organiser.user).go(f"/{edition.slug}/desk/rounds/{round.slug}/panels/").page
    note, form = page.locator("main .notice").bounding_box(), page.locator("main form").bounding_box()
    assert note and form
    assert form["y"] - (note["y"] + note["height"]) >= 16


def test_the_overview_is_read_by_everybody(enter: Open) -> None:
    edition = factories.make_edition(call_open=True)
    for number in range(6):
        entry = factories.make_entry(
            edition,
            state="eligible" if number % 2 else "submitted",
            country=("CN", "FR")[number % 2],
            language="zh",
        )
        factories.make_inspection(entry, **({"state": "queued", "report": {}} if number == 4 else {}))
    factories.make_entry(edition, state="draft")
    organiser = factories.make_member(edition, Role.ORGANISER)
    enter(organiser.user).go(f"/{edition.slug}/desk/").check("desk-overview")
    enter(organiser.user, width=390, locale=CHINESE).go(f"/{edition.slug}/desk/").check(
        "desk-overview-zh-phone"
    )
