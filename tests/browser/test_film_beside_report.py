"""The film beside its report in a real browser: times move the player, subtitles show, and all without a script."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import Client

from festival.people.roles import Role
from submissions.inspection.synthetic import make_film
from tests.factories import make_edition, make_entry, make_member, make_subtitles
from tests.submissions.reports import inspected

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SECONDS = 12
WEBVTT = "WEBVTT\n\n00:00:00.000 --> 00:00:09.000\n灯灭了 & <一切>\n".replace("&", "&amp;").replace(
    "<", "&lt;"
)
VIDEO = "document.querySelector('[data-film] video')"


@pytest.fixture
def page_of(chromium: Any, live_server: Any, tmp_path: Any, transactional_db: None) -> Iterator[Any]:
    """A function that opens the desk's page of a film with a black stretch from 5 to 8 s, as a technician."""
    path = tmp_path / "film.mp4"
    make_film(path, seconds=SECONDS, width=640, height=360)
    with path.open("rb") as file:
        copy = storages["default"].save("copies/beside.mp4", File(file))
    words = storages["default"].save("subtitles/beside.vtt", ContentFile(WEBVTT.encode()))
    edition = make_edition(rulebook='[black]\nmax_seconds = 0.5\nseverity = "fix"\n')
    entry = make_entry(edition, state="submitted", language="English")
    inspection = inspected(entry, seconds=SECONDS, black=3)
    inspection.report["findings"][0]["times"] = [[5.0, 8.0]]
    inspection.copy_key = copy
    inspection.save()
    make_subtitles(entry, "zh-Hans", webvtt_key=words)
    technician = make_member(edition, Role.TECHNICIAN).user
    technician.language = "zh-hans"
    technician.save()
    client = Client()
    client.force_login(technician)
    contexts = []

    def open_page(**options: Any) -> Any:
        context = chromium.new_context(base_url=live_server.url, **options)
        contexts.append(context)
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.faults = []
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.on("console", lambda said: said.type == "error" and page.faults.append(said.text))
        page.goto(f"/{edition.slug}/desk/entries/{entry.code}/")
        return page

    yield open_page
    for context in contexts:
        context.close()
    for key in (copy, words):
        storages["default"].delete(key)


def until(page: Any, expression: str) -> None:
    """Wait until a page says so. Playwright's own waiting evaluates text in the page, which the policy forbids."""
    for _attempt in range(150):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never came true: {expression}")


@pytest.mark.parametrize("width", [390, 1280])
def test_a_time_moves_the_film_by_mouse_and_by_keyboard(page_of: Any, width: int) -> None:
    page = page_of(viewport={"width": width, "height": 800})
    until(page, f"{VIDEO}.readyState >= 2")
    link = page.locator(".findings a[data-at]").first
    assert link.inner_text() == "0:05.0–0:08.0"
    link.focus()
    page.keyboard.press("Enter")
    until(page, f"{VIDEO}.currentTime >= 4 && {VIDEO}.currentTime < 6 && !{VIDEO}.paused")
    until(page, f"(r => r.top >= -1 && r.bottom <= innerHeight + 1)({VIDEO}.getBoundingClientRect())")
    assert page.evaluate("document.activeElement.dataset.at") == "4"
    page.evaluate(f"{VIDEO}.pause()")
    page.evaluate("document.querySelector('.film-chart').scrollIntoView()")
    page.locator(".film-chart__marks a").first.click()
    until(page, f"{VIDEO}.currentTime >= 3.9 && {VIDEO}.currentTime < 5 && !{VIDEO}.paused")
    until(page, "getComputedStyle(document.querySelector('[data-chart]')).getPropertyValue('--now') > 0.3")
    assert page.faults == []


def test_the_film_stays_in_view_while_one_reads(page_of: Any) -> None:
    page = page_of(viewport={"width": 1280, "height": 800})
    page.locator("#finding-black").scroll_into_view_if_needed()
    page.mouse.wheel(0, 600)
    until(page, f"(r => r.top >= 0 && r.bottom <= innerHeight)({VIDEO}.getBoundingClientRect())")


def test_subtitles_in_the_readers_language_are_shown(page_of: Any) -> None:
    page = page_of(viewport={"width": 1280, "height": 800}, locale="zh-CN")
    until(page, f"{VIDEO}.textTracks[0].cues?.length === 1")
    shown = page.evaluate(f"[...{VIDEO}.textTracks].map(t => [t.label, t.language, t.mode, t.cues[0].text])")
    assert shown == [["中文（简体）", "zh-Hans", "showing", "灯灭了 &amp; &lt;一切>"]]
    assert page.faults == []


def test_without_script_a_time_opens_the_copy_there(page_of: Any) -> None:
    page = page_of(java_script_enabled=False)
    page.locator(".findings a[data-at]").first.click()
    page.wait_for_url("**/media/**#t=4")
