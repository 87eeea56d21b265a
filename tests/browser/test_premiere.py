"""The programme in real browsers: composed, released, changed, released again, one screening cancelled on the day."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from icalendar import Calendar

from festival.people.roles import Role
from festival.post.models import Notice
from festival.premiere import proposal_actions
from festival.premiere.models import Hall, Proposal, Release, Screening
from tests.browser.people import CHINESE, Person
from tests.browser.test_awards import enter
from tests.factories import make_edition, make_entry, make_member
from tests.shows import make_film, make_hall, make_screening

__all__ = ["enter"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Open = Callable[..., Person]
EVENING = datetime(2027, 4, 16, 11, tzinfo=UTC)  # 19:00 in Shanghai
DESK = "/spring/desk/premiere/"


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


def drag(person: Person, what: str, x: float, y: float) -> None:
    """With the mouse from the middle of what is found to a point of the page, in steps as a hand does."""
    page = person.page
    box = page.locator(what).first.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2 + 10, box["y"] + 20, steps=3)
    page.mouse.move(x, y, steps=6)
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.mouse.up()
    page.wait_for_timeout(200)


def test_the_board_is_worked_at_with_mouse_and_keys_by_two_at_once(enter: Open) -> None:
    edition, films = make_festival()
    loose = make_film(edition, title="Night Ferry", minutes=25)
    make_film(edition, title="Overture", minutes=4)
    hall = films[0].showings.first().screening.hall
    for day in range(2):
        start = EVENING + timedelta(days=day, hours=-5)
        hall.openings.create(opens_at=start, closes_at=start + timedelta(hours=9))
    first = enter(make_member(edition, Role.ORGANISER, "First").user)
    second = enter(make_member(edition, Role.ORGANISER, "周怀安").user, locale=CHINESE, width=390)
    board = f"{DESK}board/?day=2027-04-16"
    first.expected.append("409")
    first.page.set_viewport_size({"width": 1280, "height": 1500})  # the whole evening, without scrolling
    first.go(board).check("board")
    second.go(board).check("board-zh-phone")
    opening = Screening.objects.get(title__en="Opening night")
    block = f"[data-block='{opening.code}']"

    # With the mouse into the other hall, later; the other browser sees it by itself.
    lane = first.page.locator("[data-lane]").nth(1).bounding_box()
    assert lane
    drag(first, block, lane["x"] + 60, first.page.locator(block).bounding_box()["y"] + 68 * 3 + 8)
    opening.refresh_from_db()
    assert (opening.hall.name["en"], opening.starts_at) == ("Studio", EVENING + timedelta(hours=3))
    second.page.wait_for_selector(f"[data-lane='{opening.hall_id}'] {block}", timeout=10_000)

    # With the keys by ten minutes, set down; then taken back, and done again.
    first.page.focus(block)
    first.page.keyboard.press("ArrowDown")
    first.page.keyboard.press("ArrowDown")
    with first.page.expect_response(lambda answer: answer.request.method == "POST"):
        first.page.keyboard.press("Enter")
    opening.refresh_from_db()
    assert opening.starts_at == EVENING + timedelta(hours=3, minutes=10)
    first.page.wait_for_timeout(200)
    first.page.keyboard.press("ArrowDown")
    first.page.keyboard.press("Escape")  # let be: nothing is sent
    for keys, minutes in (("Control+z", 180), ("Control+Shift+z", 190)):
        with first.page.expect_response(lambda answer: answer.request.method == "POST"):
            first.page.keyboard.press(keys)
        opening.refresh_from_db()
        assert opening.starts_at == EVENING + timedelta(minutes=minutes)
        first.page.wait_for_timeout(200)

    # A clash is refused with a sentence, and the board shows what is true.
    shores = Screening.objects.get(title__en="Far shores")
    place = first.page.locator(f"[data-block='{shores.code}']").bounding_box()
    assert place
    drag(first, block, place["x"] + 60, place["y"] + 20)
    assert "is taken by" in first.text("[role=alert]")
    first.check("board-clash")
    opening.refresh_from_db()
    assert opening.starts_at == EVENING + timedelta(minutes=190)

    # A film from the shelf into a screening, found by length and by the search.
    first.page.select_option("[data-by=minutes]", "5")
    assert first.page.locator("[data-film]:visible").all_inner_texts() == ["Overture 4:00"]
    first.page.select_option("[data-by=minutes]", "")
    first.page.fill("[data-find]", "ferry")
    target = first.page.locator(block).bounding_box()
    assert target
    drag(first, f"[data-film='{loose.code}']", target["x"] + 40, target["y"] + 10)
    assert opening.items.filter(film=loose).exists()
    assert "Night Ferry" not in first.text(".shelf")
    first.check("board-after")


def test_a_timetable_is_proposed_and_put_on_the_table(enter: Open) -> None:
    edition, films = make_festival()
    Screening.objects.filter(edition=edition).delete()
    for number in range(6):
        films.append(make_film(edition, title=f"Kurzfilm {number}", minutes=9 + number, tempo=number % 3))
    for hall in Hall.objects.filter(venue__edition=edition):
        for day in range(2):
            start = EVENING + timedelta(days=day, hours=-6)
            hall.openings.create(opens_at=start, closes_at=start + timedelta(hours=10))
    organiser = enter(make_member(edition, Role.ORGANISER, "Organiser").user)
    page = organiser.go(f"{DESK}proposals/").check("solver-form").page
    values = {
        "first_day": "2027-04-16",
        "days": "2",
        "target": "60",
        "least": "30",
        "most": "80",
        "seconds": "5",
    }
    for name, value in values.items():
        page.fill(f"input[name={name}]", value)
    page.click("main form button[type=submit]")
    page.wait_for_load_state()
    organiser.check("solver-running")
    proposal_actions.make(pk=Proposal.objects.get().pk, now=timezone.now)
    page.wait_for_selector("text=Every rule is kept", timeout=10_000)
    organiser.check("solver-ready")
    organiser.post("/use/")
    assert Screening.objects.filter(edition=edition).count() >= 2
    organiser.go(f"{DESK}board/?day=2027-04-16").check("board-proposed")
    for hall in Hall.objects.filter(venue__edition=edition):
        hall.openings.all().delete()
        hall.openings.create(opens_at=EVENING, closes_at=EVENING + timedelta(minutes=45))
    chinese = enter(make_member(edition, Role.ORGANISER, "编排").user, locale=CHINESE, width=390)
    page = chinese.go(f"{DESK}proposals/").check("solver-form-zh-phone").page
    page.check("input[name=mode][value=new]")
    page.click("main form button[type=submit]")
    page.wait_for_load_state()
    proposal_actions.make(pk=Proposal.objects.first().pk, now=timezone.now)
    page.wait_for_selector("main >> text=延长", timeout=10_000)
    chinese.go(page.url.removeprefix(chinese.url)).check("solver-clash-zh-phone")
    assert "延长" in chinese.text()
