"""The judge's console in a real browser, with a real film: keys, broken lines, two tabs, no script."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files import File
from django.core.files.storage import storages
from django.test import Client

from festival.people.roles import Role
from judging import rounds_actions
from judging.models import Look, Score
from submissions.inspection.synthetic import make_film
from tests.factories import make_edition, make_entry, make_inspection, make_member, make_round

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
KEY = "copies/console.mp4"
SECONDS = 6


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    make_film(path, seconds=SECONDS, width=640, height=360)
    yield path


@pytest.fixture
def jury(film: Path, transactional_db: None) -> Iterator[dict[str, Any]]:
    with film.open("rb") as file:
        key = storages["default"].save(KEY, File(file))
    edition = make_edition()
    chair = make_member(edition, Role.CHAIR)
    judge = make_member(edition, Role.JUDGE)
    for _number in range(2):
        make_inspection(make_entry(edition), seconds=SECONDS, copy_key=key)
    round = make_round(edition, looks_per_film=1)
    rounds_actions.open_round(round=round, by=chair, at=datetime(2027, 3, 1, tzinfo=UTC), seed=1)
    looks = list(Look.objects.filter(judge=judge.user).order_by("position"))
    yield {"judge": judge, "chair": chair, "round": round, "looks": looks}
    storages["default"].delete(key)


@pytest.fixture
def desk(chromium: Any, live_server: Any, client: Client, jury: dict[str, Any]) -> Iterator[Any]:
    """A browser in which the judge has logged in."""
    context = chromium.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 800})
    client.force_login(jury["judge"].user)
    session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    yield context
    context.close()


def until(page: Any, expression: str) -> None:
    """Wait until a page says so. Playwright's own waiting evaluates text in the page, which the policy forbids."""
    for _attempt in range(150):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never came true: {expression}")


def open_console(context: Any, look: Look) -> Any:
    page = context.new_page()
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.goto(f"/looks/{look.pk}/")
    until(page, "document.querySelector('video').readyState >= 2")
    return page


def play(page: Any) -> None:
    """Play until the console has counted more than a second."""
    page.keyboard.press("k")
    until(page, "document.querySelector('video').currentTime > 1.6")
    page.keyboard.press("k")


def saved(page: Any) -> None:
    page.wait_for_selector(".save-state--saved[data-state]")


def given(look: Look) -> dict[str, Decimal]:
    return dict(Score.objects.filter(look=look).values_list("criterion__slug", "value"))


def test_a_film_is_watched_scored_and_finished_from_the_keyboard(desk: Any, jury: dict[str, Any]) -> None:
    first, second = jury["looks"]
    page = open_console(desk, first)
    page.keyboard.press("9")  # before anything was played
    page.wait_for_selector("text=Watch the film before you score it")
    play(page)
    saved(page)  # what was refused is sent by itself
    for key in ("8", "ArrowUp", "Enter", "0", "ArrowDown"):
        page.keyboard.press(key)
    until(page, "document.querySelector('[data-state]').textContent.includes('Saved')")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.querySelector('video').currentTime") > 5
    page.keyboard.press("n")
    page.wait_for_url(f"**/looks/{second.pk}/")
    first.refresh_from_db()
    assert (first.state, given(first)) == ("scored", {"story": Decimal("8.5"), "craft": Decimal("9.5")})
    assert 1 <= first.watched_seconds <= 4  # seeking to the end is not watching
    assert page.faults == []


def test_scores_survive_a_broken_line_and_a_closed_window(desk: Any, jury: dict[str, Any]) -> None:
    look = jury["looks"][0]
    page = open_console(desk, look)
    play(page)
    page.keyboard.press("7")
    saved(page)
    until(page, "document.querySelector('[name=revision]').value === '1'")
    desk.set_offline(True)
    page.keyboard.press("Enter")
    page.keyboard.press("4")
    page.fill("#comment", "written in a tunnel")
    page.wait_for_selector("text=Kept on this device")
    assert given(look) == {"story": Decimal(7)}
    page.close()
    desk.set_offline(False)
    page = open_console(desk, look)
    until(page, "document.querySelector('[name=revision]').value === '2'")
    look.refresh_from_db()
    assert (given(look), look.comment) == ({"story": Decimal(7), "craft": Decimal(4)}, "written in a tunnel")
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.includes('look')).length") == 0
    desk.set_offline(True)
    page.keyboard.press("5")
    page.wait_for_selector("text=Kept on this device")
    desk.set_offline(False)  # and while the page is open it sends by itself
    until(page, "document.querySelector('[name=revision]').value === '3'")
    assert page.faults == []


def test_two_tabs_ask_which_scores_to_keep(desk: Any, jury: dict[str, Any]) -> None:
    look = jury["looks"][0]
    one, two = open_console(desk, look), open_console(desk, look)
    play(one)
    one.keyboard.press("9")
    saved(one)
    two.keyboard.press("3")
    two.wait_for_selector("[data-conflict]:not([hidden])")
    assert given(look) == {"story": Decimal(9)}
    two.click("[data-keep-mine]")
    saved(two)
    assert given(look) == {"story": Decimal(3)}
    one.keyboard.press("6")
    one.wait_for_selector("[data-conflict]:not([hidden])")
    one.click("[data-take-other]")
    assert one.is_checked("[name=score-story][value='3']")
    assert given(look) == {"story": Decimal(3)}
    assert one.faults + two.faults == []


def test_a_round_that_closes_while_one_types(desk: Any, jury: dict[str, Any]) -> None:
    look = jury["looks"][0]
    page = open_console(desk, look)
    play(page)
    page.keyboard.press("7")
    saved(page)
    rounds_actions.close_round(
        round=jury["round"], by=jury["chair"], at=datetime(2027, 3, 2, tzinfo=UTC), confirmed_pending=2
    )
    page.keyboard.press("8")
    page.wait_for_selector("text=The round has been closed")
    assert given(look) == {"story": Decimal(7)}


def test_without_script_it_is_a_form(
    chromium: Any, live_server: Any, desk: Any, jury: dict[str, Any]
) -> None:
    first, second = jury["looks"]
    context = chromium.new_context(
        base_url=live_server.url, java_script_enabled=False, storage_state=desk.storage_state()
    )
    page = context.new_page()
    page.goto(f"/looks/{first.pk}/")
    page.check("[name=score-story][value='6.5']", force=True)
    page.check("[name=score-craft][value='6']", force=True)
    page.check("[name=declared]")
    page.click("[data-done]")
    assert page.url.endswith(f"/looks/{second.pk}/")
    first.refresh_from_db()
    assert (first.state, first.watched_declared) == ("scored", True)
    context.close()
