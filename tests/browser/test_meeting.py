"""A meeting of the jury in real browsers: a chair in English, a judge in Chinese on a phone, both live."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files import File
from django.core.files.storage import storages
from django.test import Client

from festival.people.actor import Actor
from judging.models import BallotLine, Meeting, MeetingNote, Vote
from submissions.inspection.synthetic import make_film
from tests.browser.people import CHINESE, ENGLISH, Person
from tests.factories import make_inspection
from tests.meetings import Jury

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SOON = 12_000  # ms: three times the pages' asking


@pytest.fixture
def jury(tmp_path: Path, transactional_db: None) -> Iterator[Jury]:
    path = tmp_path / "film.mp4"
    make_film(path, seconds=4, width=320, height=180)
    with path.open("rb") as file:
        key = storages["default"].save("copies/meeting.mp4", File(file))
    jury = Jury()
    for film in jury.films:
        make_inspection(film, seconds=4, copy_key=key)
    Meeting.objects.filter(pk=jury.meeting.pk).update(state="planned", opened_at=None)
    yield jury
    storages["default"].delete(key)


@pytest.fixture
def people(
    chromium: Any, live_server: Any, jury: Jury, shots: Path | None
) -> Iterator[tuple[Person, Person, Person]]:
    made = []

    def person(actor: Actor, locale: str, width: int) -> Person:
        one = Person(chromium, live_server.url, locale=locale, width=width, shots=shots)
        client = Client()
        client.force_login(actor.user)
        language = "zh-hans" if locale == CHINESE else "en"
        one.context.add_cookies(
            [
                {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url},
                {"name": "django_language", "value": language, "url": live_server.url},
            ]
        )
        made.append(one)
        return one

    first, second, *_rest = jury.judges
    yield person(jury.chair, ENGLISH, 1280), person(first, CHINESE, 390), person(second, ENGLISH, 1280)
    for one in made:
        one.context.close()


def order(person: Person) -> list[str]:
    return [code.strip() for code in person.page.locator("#meeting-list code").all_inner_texts()]


def test_a_jury_meets(people: tuple[Person, Person, Person], jury: Jury, shots: Path | None) -> None:
    chair, judge, second = people
    slug, pk = jury.edition.slug, jury.meeting.pk
    room = f"/{slug}/meeting/{pk}/"

    # The chair opens it at the desk; the judges find it among their places.
    judge.go(room)
    assert "会议尚未开始" in judge.text()
    chair.go(f"/{slug}/desk/meetings/").check("meetings")
    chair.page.click("text=Final meeting")
    chair.check("meeting-desk").post("/open/")
    chair.check("meeting-chair")
    judge.go(f"/{slug}/jury/")
    judge.page.click("main >> text=终评会")
    judge.check("meeting-judge-phone")
    assert order(judge) == [film.code for film in jury.films]
    second.go(room)

    # What the chair moves, everybody sees without loading anything anew.
    grip = chair.page.locator("#film-FILM003 [data-handle]")
    target = chair.page.locator("#film-FILM001")
    grip.hover()
    chair.page.mouse.down()
    box = target.bounding_box()
    chair.page.mouse.move(box["x"] + 40, box["y"] + 20, steps=20)
    chair.page.wait_for_timeout(300)
    chair.page.mouse.move(box["x"] + 40, box["y"] + 2, steps=10)
    chair.page.wait_for_timeout(300)
    chair.page.mouse.up()
    chair.page.wait_for_selector("text=The new order is saved.")
    dragged = order(chair)
    assert dragged.index("FILM003") < 2 and dragged != [film.code for film in jury.films]
    for _attempt in range(SOON // 100):
        if order(judge) == dragged:
            break
        judge.page.wait_for_timeout(100)
    assert order(judge) == dragged
    chair.page.locator("#film-FILM003").get_by_role("button", name="On the table").click()
    chair.page.wait_for_url("**/film/FILM003/")
    chair.check("meeting-film")
    judge.page.wait_for_selector(".meeting-now >> text=正在讨论：", timeout=SOON)
    judge.page.click(f".meeting-now >> text={jury.films[2].title}")
    judge.check("meeting-film-phone")

    # Words are sent beside the film, survive a broken line, and reach the others.
    judge.expected.append("ERR_INTERNET_DISCONNECTED")
    judge.page.fill("[data-talk] textarea", "结尾很有力。")
    judge.context.set_offline(True)
    judge.page.click("[data-talk] button[type=submit]")
    judge.page.wait_for_selector("text=网络中断")
    assert judge.page.input_value("[data-talk] textarea") == "结尾很有力。"
    judge.context.set_offline(False)
    judge.page.click("[data-talk] button[type=submit]")
    judge.page.wait_for_selector(".talk >> text=结尾很有力。")
    assert judge.page.input_value("[data-talk] textarea") == ""
    chair.page.fill("[data-talk] textarea", "Half a word")  # stays while the page is brought up to date
    chair.page.wait_for_selector(".talk >> text=结尾很有力。", timeout=SOON)
    assert chair.page.input_value("[data-talk] textarea") == "Half a word"
    assert MeetingNote.objects.get().entry == jury.films[2]

    # A judge leaves the room for a film: to her it is a name.
    judge.go(f"{room}film/FILM005/aside/").check("meeting-aside-phone")
    judge.page.fill("textarea", "我是制片人的朋友。")
    judge.page.click("main form button[type=submit]")
    judge.page.wait_for_url(f"**{room}")
    judge.go(f"{room}film/FILM005/").check("meeting-outside-phone")
    assert "已对此片回避" in judge.text()
    assert "Judge B" not in judge.text().split("正在讨论")[0]

    # A vote: by dragging's other way, the keyboard; secret until it is closed.
    chair.go(f"{room}ask/").check("meeting-ask")
    chair.page.fill("input[name=text]", "Which film gets the main prize?")
    chair.page.click("main form button[type=submit]")
    chair.page.wait_for_url(re.compile(r"/vote/\d+/$"))
    chair.check("meeting-vote-chair")
    vote = Vote.objects.get()
    for person in (judge, second):
        person.go(f"{room}vote/{vote.pk}/").check(f"meeting-vote-{person.page.viewport_size['width']}")
        row = person.page.locator("[data-row]").nth(1)  # the first two change places, and get places
        row.locator("[data-up]").focus()
        person.page.keyboard.press("Enter")
        person.page.keyboard.press("Enter")
        person.page.locator("main form button[type=submit]").last.click()
        person.page.wait_for_selector(".notice--pass")
    assert dict(
        BallotLine.objects.filter(ballot__juror=jury.judges[0].user).values_list("entry__code", "value")
    ) == {"FILM001": 1, "FILM003": None, "FILM002": None, "FILM004": None}
    chair.go(f"{room}vote/{vote.pk}/")
    assert "2 ballots are in" in chair.text()
    assert "Chosen" not in chair.text()
    chair.post("/close/").check("meeting-result")
    assert "Chosen" in chair.text(".table tr:has-text('FILM001')")

    # The end.
    chair.go(f"{room}close/").check("meeting-close")
    chair.page.click("main form button[type=submit]")
    chair.page.wait_for_url("**/minutes/")
    chair.check("meeting-minutes")
    assert "结尾很有力。" in chair.text()
    judge.go(f"{room}minutes/").check("meeting-minutes-phone")
    assert "已对此片回避。" in judge.text()
    second.go(room).check("meeting-closed")
    assert second.page.locator("[data-talk]").count() == 0
