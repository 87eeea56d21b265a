"""The programme in real browsers: composed, released, changed, released again, one screening cancelled on the day."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar

from festival.people.models import User
from festival.people.roles import Role
from festival.post.models import Notice
from festival.premiere.models import Release, Screening
from tests.browser.people import CHINESE, ENGLISH, Person
from tests.factories import make_edition, make_entry, make_member
from tests.shows import make_film, make_hall, make_screening

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Open = Callable[..., Person]
EVENING = datetime(2027, 4, 16, 11, tzinfo=UTC)  # 19:00 in Shanghai
DESK = "/spring/desk/premiere/"


@pytest.fixture
def enter(chromium: Any, live_server: Any, transactional_db: None, shots: Path | None) -> Iterator[Open]:
    """A browser window, of an account or of a stranger."""
    people: list[Person] = []

    def enter(user: User | None = None, *, locale: str = ENGLISH, width: int = 1280) -> Person:
        person = Person(chromium, live_server.url, locale=locale, width=width, shots=shots)
        people.append(person)
        if user:
            client = Client()
            client.force_login(user)
            cookies = {
                "sessionid": client.cookies["sessionid"].value,
                "django_language": "zh-hans" if locale == CHINESE else "en",
            }
            person.context.add_cookies(
                [{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()]
            )
        return person

    yield enter
    for person in people:
        person.context.close()


def make_festival() -> tuple[Any, list[Any]]:
    """Two halls of a house, four films of entrants in three screenings of two days."""
    edition = make_edition("spring", time_zone="Asia/Shanghai")
    hall = make_hall(edition, name="Great Hall")
    small = hall.venue.halls.create(name={"en": "Studio", "zh": "小厅"}, seats=60)
    hall.venue.name, hall.name = (
        {"en": "Grand Cinema", "zh": "大光明电影院"},
        {"en": "Great Hall", "zh": "大厅"},
    )
    hall.venue.save()
    hall.save()
    said = [
        ("灯下", "Under the Lamp", "周怀安", "CN"), ("火星上的雪", "Snow on Mars", "林晓雨", "CN"),
        ("Tidewater", "", "Mira Castellan", "ES"), ("纸船", "Paper Boats", "方远", "CN"),
    ]  # fmt: skip
    films = []
    for title, english, maker, country in said:
        entry = make_entry(edition, title=title)
        films.append(
            make_film(
                edition, title=title, title_en=english, source=entry.code, minutes=14, country=country,
                language="zh", credits=[{"role": "director", "name": maker}],
            )
        )  # fmt: skip
    make_screening(hall, EVENING, films=films[:2], title="Opening night")
    make_screening(small, EVENING + timedelta(hours=1), films=films[2:3], title="Far shores")
    make_screening(hall, EVENING + timedelta(days=1), films=films[2:], title="Paper and water")
    return edition, films


def test_a_programme_is_released_changed_and_a_screening_cancelled(enter: Open) -> None:
    edition, _films = make_festival()
    organiser = enter(make_member(edition, Role.ORGANISER, "Organiser").user)
    phone = enter(locale=CHINESE, width=390)
    stranger = enter()
    assert "has not been published yet" in stranger.go("/spring/programme/").check("programme-empty").text()

    organiser.go(DESK).check("premiere-desk")
    organiser.go(f"{DESK}versions/").check("versions-first")
    assert "“Opening night”: new in the programme" in organiser.text()
    organiser.page.fill("textarea[name=note_en]", "Our first programme.")
    organiser.page.fill("textarea[name=note_zh]", "节目单首次公布。")
    organiser.post("/publish/").check("versions-released")
    assert "Version 1 is public" in organiser.text()
    assert Notice.objects.filter(kind="screening_news").count() == 4

    text = stranger.go("/spring/programme/").check("programme").text()
    assert all(said in text for said in ("Opening night", "Under the Lamp", "19:00", "Great Hall"))
    chinese = phone.go("/spring/programme/").check("programme-zh-phone").text()
    assert "灯下" in chinese and "大厅" in chinese
    phone.go("/spring/programme/?by=hall").check("programme-hall-zh-phone")
    stranger.go("/spring/programme/?by=film").check("programme-film")

    # Marks and search stay in the visitor's own browser.
    stranger.go("/spring/programme/")
    page = stranger.page
    page.fill("[data-search]", "mira")
    assert page.locator("[data-screening]:visible").count() == 2
    page.fill("[data-search]", "没有")
    assert "Nothing in the programme matches." in stranger.text()
    page.fill("[data-search]", "")
    page.locator("[data-screening]:visible [data-mark]").first.click()
    page.check("[data-mine]")
    stranger.check("programme-marked")
    stranger.go("/spring/programme/")
    assert page.inner_text("[data-count]") == "1"
    # Without a network it is there all the same, marks included.
    page.wait_for_selector("[data-kept]", state="attached")
    stranger.expected.append("ERR_INTERNET_DISCONNECTED")
    stranger.context.set_offline(True)
    page.goto("/spring/programme/")
    assert "Opening night" in stranger.text() and page.inner_text("[data-count]") == "1"
    stranger.context.set_offline(False)
    stranger.go("/spring/programme/")
    calendar = page.get_attribute("[data-own-calendar]", "href")
    assert calendar
    own = Calendar.from_ical(page.request.get(calendar).text())
    assert [str(event["SUMMARY"]) for event in own.events] == ["Opening night · Spring"]

    # The desk moves a screening: nobody sees it before the second release.
    opening = Screening.objects.get(title__en="Opening night")
    organiser.go(f"{DESK}{opening.code}/edit/")
    organiser.page.fill("input[name=time]", "20:00")
    organiser.page.locator("main form button[type=submit]").first.click()
    organiser.page.wait_for_load_state()
    organiser.check("screening-changed")
    assert "19:00" in stranger.go("/spring/programme/").text()
    organiser.go(f"{DESK}versions/").check("versions-next")
    assert "moved from" in organiser.text()
    organiser.page.fill("input[name=name]", "Opening at eight")
    organiser.post("/keep/").check("versions-draft")
    organiser.go(f"{DESK}versions/compare/?a=release-1&b=table").check("versions-compare")
    organiser.go(f"{DESK}versions/").post("/publish/")
    assert "20:00" in stranger.go("/spring/programme/").check("programme-second").text()

    # A cancelled screening on the day.
    organiser.go(f"{DESK}{opening.code}/cancel/").check("screening-cancel")
    organiser.page.fill("textarea[name=reason_en], input[name=reason_en]", "The projector is broken.")
    organiser.page.fill("textarea[name=reason_zh], input[name=reason_zh]", "放映机故障。")
    organiser.page.locator("main form button[type=submit]").first.click()
    organiser.page.wait_for_load_state()
    organiser.go(f"{DESK}versions/").post("/publish/")
    said = phone.go("/spring/programme/").check("programme-cancelled-zh-phone").text()
    assert "放映机故障。" in said
    whole = Calendar.from_ical(page.request.get("/spring/programme.ics?lang=en").text())
    states = {str(event["SUMMARY"]): str(event["STATUS"]) for event in whole.events}
    assert [state for name, state in states.items() if "Opening night" in name] == ["CANCELLED"]
    organiser.go(f"{DESK}versions/2/back/").check("versions-back")
    organiser.page.locator("main form button[type=submit]").first.click()
    organiser.page.wait_for_load_state()
    organiser.check("versions-after-back")
    assert Release.objects.first().back_to == 2
    assert "放映机故障。" not in phone.go("/spring/programme/").text()
    organiser.go(f"{DESK}versions/checks/").check("levels")
