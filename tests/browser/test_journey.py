"""The whole way once, in a real browser on a real site: from an account to the laureates and the programme.

Web server, worker, queue and database are processes of their own; the films are real files with picture and sound.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image

from festival.edition.blueprint import named
from festival.kit.clock import in_zone
from judging.demo import DAYS_OPEN
from submissions.inspection.synthetic import Black, make_film, text_named_mp4
from tests.browser.entering import HOME, declare, enter
from tests.browser.people import CHINESE, Person
from tools.site import Site

pytestmark = pytest.mark.browser
STORY = {
    "title": "海边的回声",
    "title_en": "An Echo by the Sea",
    "synopsis_en": "A lighthouse learns to listen.",
    "synopsis_zh": "一座灯塔学会了倾听。",
    "director": "Mira Castellan",
    "country": "PT",
    "language": "Portuguese",
    "year": "2026",
    "ai_statement": "Pictures by a video model; story, edit and music by people.",
}


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("films")
    good, black = folder / "an-echo.mp4", folder / "too-dark.mp4"
    stills = {name: folder / f"{name}.jpg" for name in ("still", "second")}
    for number, path in enumerate(stills.values()):
        Image.linear_gradient("L").rotate(90 * number).resize((1600, 900)).convert("RGB").save(path)
    make_film(good, seconds=6, look="ocean", title="海边的回声", subtitle="An Echo by the Sea")
    make_film(black, seconds=8, look="ocean", seed=2, faults=[Black(2.0, 6.0)])
    return {"good": good, "black": black, "text": text_named_mp4(folder / "letter.mp4"), **stills}


def sign_up(person: Person) -> None:
    """An account of one's own, with the address confirmed from the letter."""
    page = person.page
    person.go(f"{HOME}/enter/").check("enter-as-stranger")
    page.click(f'a[href^="/accounts/signup/"][href*="{HOME[1:]}"]')
    person.check("sign-up")
    page.fill("input[name=name]", "Mira Castellan")
    page.fill("input[name=email]", "Mira@example.org")
    page.fill("input[name=password1]", "a-lighthouse-listens")
    page.fill("input[name=password2]", "a-lighthouse-listens")
    page.click("main form button[type=submit]")
    person.until("/mailbox/", "mira@example.org").check("mailbox")
    page.click('main a[href*="/confirm-email/"]')
    page.click("main form button[type=submit]")
    page.wait_for_load_state()


def upload(person: Person, path: Path, *, anyway: bool = False) -> None:
    """Choose a file; the page reloads itself when all of it has arrived. `anyway`: against what it says before."""
    with person.page.expect_navigation():
        person.page.set_input_files("#film-file", path)
        if anyway:
            person.page.wait_for_selector("text=This is not a film")
            person.check("upload-anyway")
            person.page.click("text=Upload anyway")


def add_files(person: Person, address: str, films: dict[str, Path], ready: str, name: str) -> None:
    """A poster, two stills put in another order, a trailer in parts: each is read, and shown."""
    page = person.go(f"{address}files/").page
    for kind, files in (("poster_wide", films["still"]), ("still", [films["still"], films["second"]])):
        with page.expect_navigation():
            page.set_input_files(f"#{kind}-file", files)
        person.until(f"{address}files/", ready)
    with page.expect_navigation():
        page.set_input_files("#trailer-file", films["good"])
    person.until(f"{address}files/", "0:06")
    for _attempt in range(60):
        if len(page.query_selector_all(".file-row .badge--pass")) == 4:
            break
        page.wait_for_timeout(500)
        person.go(f"{address}files/")
    rows = page.query_selector_all("#files-still .file-row__name")
    assert [row.inner_text() for row in rows] == ["still.jpg", "second.jpg"]
    with page.expect_navigation():
        page.click('#files-still .file-row:nth-child(2) form[action$="/up/"] button')
    rows = page.query_selector_all("#files-still .file-row__name")
    assert [row.inner_text() for row in rows] == ["second.jpg", "still.jpg"]
    with page.expect_response(lambda answer: answer.url.endswith("/still/order/")) as sent:
        handles = page.query_selector_all("#files-still [data-handle]")
        handles[0].scroll_into_view_if_needed()
        start, end = handles[0].bounding_box(), handles[1].bounding_box()
        page.mouse.move(start["x"] + 10, start["y"] + 10)
        page.mouse.down()
        page.mouse.move(end["x"] + 10, end["y"] + 10, steps=8)
        page.mouse.move(end["x"] + 10, end["y"] + end["height"] + 30, steps=8)
        page.mouse.up()
    assert sent.value.status == 200
    person.go(f"{address}files/").check(name)
    rows = page.query_selector_all("#files-still .file-row__name")
    assert [row.inner_text() for row in rows] == ["still.jpg", "second.jpg"]
    assert page.evaluate("[...document.querySelectorAll('.file-row img')].length") == 3
    page.click("#files-poster_wide .file-row__name a")
    page.wait_for_load_state()
    page.fill("main input[name=caption_en]", "A lighthouse at dawn")
    person.check(f"{name}-one")
    page.click("main form button[type=submit]")
    page.wait_for_load_state()
    assert "A lighthouse at dawn" in person.text()
    person.go(address)


def test_the_whole_way(site: Site, chromium: Any, films: dict[str, Path], shots: Path | None) -> None:
    site.manage("demo_setup", "--no-films")
    open_as = lambda **options: Person(chromium, site.url, shots=shots, **options)  # noqa: E731

    # A visitor, in both languages
    visitor, guest = open_as(), open_as(locale=CHINESE, width=390)
    visitor.go("/").check("front-en")
    assert "First Light 2026" in visitor.text("body")
    guest.go("/").check("front-zh-phone")
    assert "初光" in guest.text("body")
    guest.go(f"{HOME}/rules/").check("rules-zh-phone")
    visitor.go(f"{HOME}/rules/").check("rules-en")
    visitor.go(f"{HOME}/laureates/").check("laureates-before")
    visitor.go(f"{HOME}/programme/").check("programme-before")

    # The entrant: account, draft, a file that is no film, a film with a fault, a mended one
    entrant = open_as()
    sign_up(entrant)
    uses = [("video", "kling"), ("music", "-none")]
    address = enter(entrant, STORY, uses, first="enter", form="edit")
    code = address.split("/")[2]
    entrant.check("entry-draft")
    declare(entrant, address, "rights")
    add_files(entrant, address, films, "Ready", "files")

    upload(entrant, films["text"], anyway=True)
    entrant.until(address, "cannot be read", "not a film").check("entry-unreadable")
    upload(entrant, films["black"])
    entrant.until(address, "stays black").check("entry-with-fault")
    entrant.post("/submit/")
    entrant.until(address, "mended film by").check("entry-to-mend")
    upload(entrant, films["good"])
    entrant.until(address, "Submit the entry")
    entrant.post("/submit/")
    entrant.until(address, "Admitted to the competition").check("entry-admitted")
    entrant.go("/notices/").check("notices")

    # A second film by the studio, in Chinese, on a phone
    studio = open_as(locale=CHINESE, width=390).log_in("studio")
    paper = dict.fromkeys(("synopsis_zh", "director", "ai_statement"), STORY["synopsis_zh"]) | {
        "title": "纸船"
    }
    other = enter(studio, paper, [("video", "jimeng")], first="enter-zh-phone", form="edit-zh-phone")
    declare(studio, other, "rights-zh-phone")
    add_files(studio, other, films, "可用", "files-zh-phone")
    upload(studio, films["good"])
    studio.until(other, "提交作品", "提交").post("/submit/")

    # It is the very file that Mira has entered: a technician decides, and the studio reads nothing of her
    held = studio.until(other, "技术审核员正在查看作品").check("entry-held-zh-phone")
    assert "同一文件" not in held.text("body") and code not in held.text("body")
    technician = open_as(locale=CHINESE).log_in("technician")
    technician.go(f"{HOME}/desk/entries/?match=account").check("desk-doubles-zh")
    technician.go(f"{HOME}/desk{other}").check("desk-double-zh")
    technician.page.fill("textarea[id^=match-]", "同一团队的两个账户。")
    technician.page.click('button[formaction$="/dismiss/"]')
    technician.page.wait_for_load_state()
    studio.until(other, "已进入评选").check("entry-admitted-zh-phone")

    # The technician looks at the report; the desk, in both languages
    technician.go(f"{HOME}/desk/entries/").check("desk-entries-zh")
    technician.go(f"{HOME}/desk/entries/{code}/").check("desk-entry-zh")
    technician.go(f"{HOME}/desk/inspections/").check("desk-inspections-zh")
    desk = open_as(locale=CHINESE, width=390).log_in("organiser")
    desk.go(f"{HOME}/desk/form/files/").check("desk-form-files-zh-phone")
    desk.go(f"{HOME}/desk/form/declarations/").check("desk-form-declarations-zh-phone")
    desk.page.click("main .order a")
    desk.page.wait_for_load_state()
    desk.check("desk-form-declaration-zh-phone")
    technician.go(f"{HOME}/desk/awards/", status=403)

    # The chair opens the round; two judges watch and score; nobody sees the other
    chair = open_as(locale=CHINESE).log_in("chair")
    chair.go(f"{HOME}/desk/").check("desk-chair")
    chair.go(f"{HOME}/desk/rounds/jury/").check("round-planned")
    chair.post("/open/").check("round-open")
    for who, locale, marks in (("judge1", "en-GB", "98"), ("judge2", CHINESE, "87")):
        judge = open_as(locale=locale).log_in(who)
        judge.go(f"{HOME}/jury/").check(f"jury-{who}")
        assert "Mira" not in judge.text("body")
        judge.page.click('main a.button--primary[href$="/welcome/"]')
        judge.check(f"welcome-{who}")
        for film in range(2):
            if film:
                judge.go(f"{HOME}/jury/")
            judge.page.click('main a.button--primary[href^="/looks/"]')
            score(judge, marks, f"console-{who}")
        judge.go(f"{HOME}/jury/jury/").check(f"queue-{who}")
        judge.go(f"{HOME}/desk/rounds/", status=403)

    # Closing freezes the standing, which can be replayed
    chair.go(f"{HOME}/desk/rounds/jury/close/").check("round-close")
    chair.page.click("main form button[type=submit]")
    chair.page.wait_for_load_state()
    chair.go(f"{HOME}/desk/rounds/jury/").check("round-closed")
    chair.post("/replay/")

    # Awards: proposed, confirmed, told, announced; nothing can be seen before
    chair.go(f"{HOME}/desk/awards/").post("/propose/").check("awards-clash")  # too few films for every place
    chair.post("/propose/").check("awards-proposed")
    chair.post("/confirm/").check("awards-confirmed")
    organiser = open_as().log_in("organiser")
    organiser.go(f"{HOME}/desk/").check("desk-organiser")
    untold = entrant.go(address).text()
    assert "Congratulations" not in untold and "award" not in untold.lower()
    assert STORY["title_en"] not in visitor.go(f"{HOME}/laureates/").text()
    organiser.go(f"{HOME}/desk/awards/").post("/tell/").check("awards-told")
    assert STORY["title_en"] not in visitor.go(f"{HOME}/laureates/").text()
    entrant.go(address).check("entry-told")
    organiser.post("/announce/").check("awards-announced")
    assert STORY["title_en"] in visitor.go(f"{HOME}/laureates/").check("laureates-en").text()
    assert STORY["title"] in guest.go(f"{HOME}/laureates/").check("laureates-zh-phone").text()
    visitor.page.click(f'main a[href*="{HOME}/films/"]')
    visitor.page.wait_for_load_state()
    visitor.check("film-en")

    # The premiere: a screening with both films, released; a second one in the same hall is refused
    organiser.go(f"{HOME}/desk/premiere/").check("premiere-desk")
    make_screening(organiser, "Opening night", "20:00")
    for number in (1, 2):
        organiser.page.select_option("select[name=film]", index=number)
        organiser.post("/films/")
    organiser.check("premiere-screening")
    organiser.go(f"{HOME}/desk/premiere/versions/").check("premiere-versions").post("/publish/")
    make_screening(organiser, "A clash", "20:05")
    assert "Opening night" in organiser.text("main")
    organiser.check("premiere-clash")
    programme = visitor.go(f"{HOME}/programme/").check("programme-en").text()
    assert "Opening night" in programme
    assert "20:00" in programme
    guest.go(f"{HOME}/programme/").check("programme-zh-phone")
    calendar = visitor.context.request.get(f"{HOME}/programme.ics")
    assert calendar.headers["content-type"].startswith("text/calendar")
    assert "BEGIN:VEVENT" in calendar.text()


def score(judge: Person, marks: str, name: str) -> None:
    """Watch a while, score every criterion from the keyboard, finish."""
    page = judge.page
    page.wait_for_load_state()
    for _attempt in range(100):
        if page.evaluate("document.querySelector('video')?.readyState >= 2"):
            break
        page.wait_for_timeout(100)
    judge.check(name)
    page.keyboard.press("k")
    for _attempt in range(100):
        if page.evaluate("document.querySelector('video').currentTime > 2.5"):
            break
        page.wait_for_timeout(100)
    page.keyboard.press("k")
    criteria = page.query_selector_all("[data-criterion]")
    assert len(criteria) >= 3
    for number in range(len(criteria)):
        page.keyboard.press(marks[number % len(marks)])
        page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    with page.expect_navigation():
        page.click("[data-done]")


def premiere_day() -> str:
    """The first day of the demonstration's premieres: it opened its call some days ago, whatever day it is."""
    plan = named("short-film")
    opened = in_zone(timezone.now(), plan.time_zone).date() - timedelta(days=DAYS_OPEN)
    phase = next(one for one in plan.phases if one.kind == "premiere")
    return (opened + timedelta(days=phase.starts_day)).isoformat()


def make_screening(organiser: Person, title: str, time: str) -> None:
    page = organiser.page
    organiser.go(f"{HOME}/desk/premiere/new/")
    page.fill("input[name=title_en]", title)
    page.fill("input[name=day]", premiere_day())
    page.fill("input[name=time]", time)
    page.click("main form button[type=submit]")
    page.wait_for_load_state()
