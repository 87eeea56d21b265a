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
from judging import looks_actions, rounds_actions
from judging.models import Look, LookNote, Score
from submissions.inspection.synthetic import make_film
from tests.browser.people import CHINESE, ENGLISH, Person
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
    keys = []
    for _number in range(2):
        with film.open("rb") as file:
            keys.append(storages["default"].save(KEY, File(file)))
    edition = make_edition()
    chair = make_member(edition, Role.CHAIR)
    judge = make_member(edition, Role.JUDGE)
    for key in keys:
        make_inspection(make_entry(edition), seconds=SECONDS, copy_key=key)
    round = make_round(edition, looks_per_film=1)
    rounds_actions.open_round(round=round, by=chair, at=datetime(2027, 3, 1, tzinfo=UTC), seed=1)
    looks = list(Look.objects.filter(judge=judge.user).order_by("position"))
    yield {"judge": judge, "chair": chair, "round": round, "looks": looks}
    for key in keys:
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


@pytest.mark.parametrize("closes", [False, True])
def test_a_save_whose_answer_is_lost_is_no_conflict_with_oneself(
    desk: Any, jury: dict[str, Any], closes: bool
) -> None:
    look = jury["looks"][0]
    page = open_console(desk, look)
    play(page)

    def lose(route: Any) -> None:
        route.fetch()
        route.abort()

    page.route("**/save/", lose, times=1)
    page.fill("#comment", "first words")
    page.wait_for_selector("text=Kept on this device")
    look.refresh_from_db()
    assert (look.comment, look.revision) == ("first words", 1)
    page.fill("#comment", "first words and more")
    if closes:
        page.close()
        page = open_console(desk, look)
    until(page, "document.querySelector('[name=revision]').value === '2'")
    look.refresh_from_db()
    assert (look.comment, look.revision) == ("first words and more", 2)
    assert page.is_hidden("[data-conflict]")
    assert page.faults == []


def test_another_account_in_the_same_browser_neither_sends_nor_sees_it(
    desk: Any, jury: dict[str, Any], client: Client
) -> None:
    look = jury["looks"][0]
    other = make_member(look.round.edition, Role.JUDGE)
    page = open_console(desk, look)
    play(page)
    url = page.url

    def log_in(user: Any) -> None:
        client.force_login(user)
        desk.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}])

    log_in(other.user)
    page.fill("#comment", "the first judge's")
    page.wait_for_selector("text=Another account is logged in now")
    look.refresh_from_db()
    assert look.comment == ""
    log_in(jury["judge"].user)
    saved(page)
    look.refresh_from_db()
    assert look.comment == "the first judge's"


def test_a_reason_without_an_answer_is_not_left_behind_unasked(desk: Any, jury: dict[str, Any]) -> None:
    look = jury["looks"][0]
    type(look.round).objects.filter(pk=look.round_id).update(gate="pass_fail")
    page = open_console(desk, look)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.fill("#comment", "a reason")
    page.click("[data-next]")
    page.wait_for_url(f"**/looks/{jury['looks'][1].pk}/")
    assert asked == ["beforeunload"]
    until(page, "document.querySelector('video').readyState >= 2")
    play(page)
    page.fill("#comment", "another")
    page.click("[data-answer]")
    page.wait_for_url(f"**/looks/{look.pk}/")
    assert asked == ["beforeunload"]


def test_what_a_device_kept_outlives_a_finish_on_another(desk: Any, jury: dict[str, Any]) -> None:
    look = jury["looks"][0]
    page = open_console(desk, look)
    play(page)
    page.keyboard.press("7")
    saved(page)
    desk.set_offline(True)
    page.fill("#comment", "written in a tunnel")
    page.wait_for_selector("text=Kept on this device")
    page.close()
    desk.set_offline(False)
    look.refresh_from_db()
    scores = {"story": Decimal(7), "craft": Decimal(6)}
    at = datetime(2027, 3, 1, tzinfo=UTC)
    now = looks_actions.save_scores(
        look=look, by=jury["judge"], at=at, revision=look.revision, scores=scores, comment="at home"
    )
    looks_actions.finish_look(look=look, by=jury["judge"], at=at, revision=now.revision)
    page = open_console(desk, look)
    page.wait_for_selector("text=This film was finished elsewhere")
    assert page.input_value("#comment") == "at home"
    page.click("form[action$='/reopen/'] button")
    page.wait_for_selector("[data-keep-mine]")
    assert page.input_value("#comment") == "written in a tunnel"
    page.click("[data-take-other]")
    assert page.input_value("#comment") == "at home"


def test_arrows_on_another_control_leave_the_score_alone(desk: Any, jury: dict[str, Any]) -> None:
    look = jury["looks"][0]
    page = open_console(desk, look)
    play(page)
    page.keyboard.press("7")
    saved(page)
    page.focus("[data-position]")
    page.keyboard.press("ArrowUp")
    page.focus("[name=confidence][value=sure]")
    page.keyboard.press("ArrowDown")
    until(page, "document.querySelector('[name=confidence][value=fairly]').checked")
    assert page.is_checked("[name=score-story][value='7']")


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


def notes(look: Look) -> list[tuple[str, bool]]:
    return list(LookNote.objects.filter(look=look).exclude(text="").values_list("text", "for_jury"))


def test_a_note_is_written_while_the_film_plays_on(desk: Any, jury: dict[str, Any]) -> None:
    look = jury["looks"][0]
    page = open_console(desk, look)
    page.keyboard.press("k")
    until(page, "document.querySelector('video').currentTime > 0.5")
    page.keyboard.press("t")
    page.keyboard.type("k 7 m f: none of these is a key now")
    assert page.evaluate("!document.querySelector('video').paused && !document.fullscreenElement")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-note-list] >> text=none of these")
    until(page, "!localStorage.getItem(Object.keys(localStorage).find((key) => key.includes('notes')))")
    assert notes(look) == [("k 7 m f: none of these is a key now", False)]
    page.keyboard.press("k")
    page.click("[data-note-list] [data-edit]")
    page.fill("[data-note-form] [name=text]", "half a thought")
    page.wait_for_timeout(1200)  # long enough for it to be kept while it is typed
    page.keyboard.press("Escape")
    page.click("[data-note-list] [data-edit]")
    assert page.input_value("[data-note-form] [name=text]") == "k 7 m f: none of these is a key now"
    page.check("[data-note-form] [name=jury]")
    page.click("[data-note-form] button")
    page.wait_for_selector("[data-note-list] [data-for-jury]:not([hidden])")
    page.click("[data-note-list] [data-seek]")
    assert page.evaluate("document.querySelector('video').currentTime") < 3
    assert Score.objects.count() == 0
    assert page.faults == []


def test_notes_survive_a_broken_line_and_come_once(desk: Any, jury: dict[str, Any]) -> None:
    look = jury["looks"][0]
    page = open_console(desk, look)
    desk.set_offline(True)
    for text in ("first", "second"):
        page.keyboard.press("t")
        page.keyboard.type(text)
        page.keyboard.press("Enter")
    page.wait_for_selector("text=Kept on this device")
    page.click("[data-note-list] li:first-child [data-drop]")
    assert notes(look) == []
    page.close()
    desk.set_offline(False)
    page = open_console(desk, look)
    until(page, "!Object.keys(localStorage).some((key) => key.includes('notes'))")
    assert notes(look) == [("second", False)]
    assert page.locator("[data-note-list] li").count() == 1
    assert page.faults == []


def test_the_mark_is_in_every_picture(desk: Any, jury: dict[str, Any]) -> None:
    page = open_console(desk, jury["looks"][0])
    name = jury["judge"].user.name
    assert page.inner_text(".player__mark").startswith(name)
    assert page.evaluate("!document.querySelector('video').controls")
    page.keyboard.press("f")
    until(page, "document.fullscreenElement?.querySelector('.player__mark') !== undefined")
    assert page.evaluate(
        "document.fullscreenElement.querySelector('.player__mark').getBoundingClientRect().width > 20"
    )
    # 1280 × 720 in a window of 1280 × 800: on the picture, not on the black above it.
    until(page, "document.querySelector('.player__mark').getBoundingClientRect().top > 40")
    page.keyboard.press("f")
    until(page, "!document.fullscreenElement")
    # A device that shows only films alone on its whole screen: the frame fills the window.
    page.evaluate("document.querySelector('[data-frame]').requestFullscreen = undefined")
    page.keyboard.press("f")
    until(page, "document.querySelector('[data-frame]').getBoundingClientRect().height === innerHeight")
    page.keyboard.press("Escape")
    until(page, "document.querySelector('[data-frame]').getBoundingClientRect().height < innerHeight")
    assert page.faults == []


def test_the_next_film_comes_from_what_was_fetched_while_this_one_was_on(
    desk: Any, jury: dict[str, Any]
) -> None:
    first, second = jury["looks"]
    page = desk.new_page()
    line = desk.new_cdp_session(page)
    line.send("Network.enable")
    films: list[tuple[str, bool]] = []
    asked: dict[str, str] = {}
    finished: set[str] = set()

    def hear(event: Any) -> None:
        answer = event["response"]
        if answer["url"].endswith(".mp4"):
            asked[event["requestId"]] = answer["url"]
            films.append((answer["url"], answer["fromDiskCache"]))

    line.on("Network.responseReceived", hear)
    line.on("Network.loadingFinished", lambda event: finished.add(asked.get(event["requestId"], "")))
    page.goto(f"/looks/{first.pk}/")
    ahead = page.get_attribute("[data-console]", "data-next-src")
    for _attempt in range(200):
        if any(url.endswith(ahead) for url in finished):
            break
        page.wait_for_timeout(100)
    films.clear()
    page.goto(f"/looks/{second.pk}/")
    until(page, "document.querySelector('video').readyState >= 2")
    assert [(url.endswith(ahead), cached) for url, cached in films[:1]] == [(True, True)]


def test_the_same_second_played_again_counts_once_and_faster_is_not_offered(
    desk: Any, jury: dict[str, Any]
) -> None:
    look = jury["looks"][0]
    page = open_console(desk, look)
    for _time in range(3):
        play(page)
        page.evaluate("document.querySelector('video').currentTime = 0")
    page.evaluate("document.querySelector('video').playbackRate = 4")
    until(page, "document.querySelector('video').playbackRate === 1")
    page.wait_for_timeout(500)
    look.refresh_from_db()
    assert look.watched_seconds in (1, 2)
    assert len(look.played) == 1


def test_stopping_early_asks_for_a_reason(desk: Any, jury: dict[str, Any]) -> None:
    look = jury["looks"][0]
    type(look.round).objects.filter(pk=look.round_id).update(min_watch_seconds=2)
    page = open_console(desk, look)
    allowed = page.eval_on_selector_all(
        "[name=stopped] option:not([disabled])", "all => all.map(one => one.value)"
    )
    assert allowed == ["", "fault"]
    play(page)
    page.keyboard.press("7")
    page.keyboard.press("k")
    saved(page)  # the score waited until two seconds were played
    page.keyboard.press("k")
    for key in ("Enter", "6"):
        page.keyboard.press(key)
    page.click("[data-done]")
    page.wait_for_selector("text=You have not seen this film to its end")
    page.select_option("[name=stopped]", "off_topic")
    saved(page)
    page.click("[data-done]")
    page.wait_for_url(f"**/looks/{jury['looks'][1].pk}/")
    look.refresh_from_db()
    assert (look.state, look.stopped) == ("scored", "off_topic")


@pytest.mark.parametrize(("locale", "width"), [(ENGLISH, 1280), (CHINESE, 390)])
def test_a_judge_s_evening(
    chromium: Any,
    live_server: Any,
    client: Client,
    jury: dict[str, Any],
    shots: Path | None,
    locale: str,
    width: int,
) -> None:
    """Both films from the jury's page to the last thank-you, on a slow line that breaks in between."""
    first, second = jury["looks"]
    person = Person(chromium, live_server.url, locale=locale, width=width, shots=shots)
    client.force_login(jury["judge"].user)
    person.context.add_cookies(
        [
            {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url},
            {
                "name": "django_language",
                "value": "zh-hans" if locale == CHINESE else "en",
                "url": live_server.url,
            },
        ]
    )
    person.expected += ["ERR_INTERNET_DISCONNECTED"]
    page, slug = person.page, jury["round"].edition.slug
    line = person.context.new_cdp_session(page)
    line.send("Network.enable")
    slow = {"offline": False, "latency": 300, "downloadThroughput": 200_000, "uploadThroughput": 30_000}
    line.send("Network.emulateNetworkConditions", slow)
    name = f"{locale}-{width}"
    person.go(f"/{slug}/jury/").check(f"jury-{name}")
    person.go(f"/{slug}/jury/jury/").check(f"queue-{name}")
    person.go(f"/looks/{first.pk}/").check(f"console-{name}")
    until(page, "document.querySelector('video').readyState >= 2")
    page.click("[data-sound-fine]")
    page.click("[data-play]")
    until(page, "document.querySelector('video').currentTime > 1.6")
    line.send("Network.emulateNetworkConditions", slow | {"offline": True})
    page.check("[name=score-story][value='8']", force=True)
    page.check("[name=score-craft][value='7.5']", force=True)
    page.check("[name=confidence][value=fairly]", force=True)
    page.fill("[name=feedback]", "The light is yours.")
    page.wait_for_selector(".save-state--failed[data-state]")
    line.send("Network.emulateNetworkConditions", slow)
    saved(page)
    person.check(f"scored-{name}")
    page.click("[data-done]")
    page.wait_for_url(f"**/looks/{second.pk}/")
    assert page.locator("[data-own] a").count() == 1
    until(page, "document.querySelector('video').readyState >= 2")
    page.click("[data-play]")
    until(page, "document.querySelector('video').currentTime > 1.6")
    page.check("[name=score-story][value='6']", force=True)
    page.check("[name=score-craft][value='6']", force=True)
    saved(page)
    person.check(f"second-{name}")
    page.click("[data-done]")
    page.wait_for_url(f"**/{slug}/jury/jury/")
    person.check(f"done-{name}")
    first.refresh_from_db()
    assert (first.state, first.confidence, first.feedback) == ("scored", "fairly", "The light is yours.")
    assert given(first) == {"story": Decimal(8), "craft": Decimal("7.5")}
    person.context.close()


def test_a_film_whose_address_has_ended_goes_on_where_it_was(desk: Any, jury: dict[str, Any]) -> None:
    page = open_console(desk, jury["looks"][0])
    film = "document.querySelector('video')"
    page.evaluate(f"{film}.currentTime = 3")
    until(page, f"{film}.readyState >= 2 && !{film}.seeking")
    page.evaluate(f"{film}.dispatchEvent(new Event('error'))")
    until(page, f"{film}.readyState >= 2 && {film}.currentTime === 3")
    assert page.evaluate("document.querySelector('[data-unplayable]').hidden")
    page.evaluate(f"{film}.dispatchEvent(new Event('error'))")  # once more at once: now it is said
    until(page, "!document.querySelector('[data-unplayable]').hidden")
    assert page.faults == []
