"""From an empty table to a hall that is lost on the day: the solver, the board, releases, and what the world sees."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from icalendar import Calendar

from festival.kit.clock import in_zone
from festival.people.roles import Role
from festival.premiere.models import Hall, Proposal, Screening
from submissions.models import Entry
from tests.browser.people import CHINESE, Person
from tests.browser.test_awards import enter
from tests.browser.test_premiere import DESK, drag
from tests.factories import make_edition, make_entry, make_member
from tests.shows import make_film, make_hall

__all__ = ["enter"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Open = Callable[..., Person]
FRIDAY, SATURDAY = "2027-04-16", "2027-04-17"
NOON = datetime(2027, 4, 16, 4, tzinfo=UTC)  # in Shanghai
HOUR = 68  # pixels of the board


def make_house() -> Any:
    """Two halls that are open on two afternoons and evenings; eight films of entrants, none of which has a place."""
    edition = make_edition("spring", time_zone="Asia/Shanghai")
    hall = make_hall(edition, name="Great Hall")
    hall.venue.name, hall.name = (
        {"en": "Grand Cinema", "zh": "大光明电影院"},
        {"en": "Great Hall", "zh": "大厅"},
    )
    hall.venue.save()
    hall.save()
    studio = hall.venue.halls.create(name={"en": "Studio", "zh": "小厅"}, seats=60, turnaround_minutes=20)
    for one in (hall, studio):
        for day in range(2):
            start = NOON + timedelta(days=day, hours=2)
            one.openings.create(opens_at=start, closes_at=start + timedelta(hours=9))
    said = [
        ("灯下", "Under the Lamp", 18), ("火星上的雪", "Snow on Mars", 14), ("纸船", "Paper Boats", 12),
        ("潮水", "Tidewater", 15), ("夜渡", "Night Ferry", 11), ("风筝", "Kite Weather", 9), ("盐", "Salt", 16),
        ("初雪", "First Snow", 13),
    ]  # fmt: skip
    for number, (title, english, minutes) in enumerate(said):
        entry = make_entry(edition, title=title)
        make_film(
            edition, title=title, title_en=english, source=entry.code, minutes=minutes, tempo=number % 3,
            strength=10 * number, language="zh", credits=[{"role": "director", "name": "周怀安"}],
        )  # fmt: skip
    return edition


def press(person: Person) -> None:
    """The button of the page's form."""
    person.page.click(
        "main form.form button.button--primary[type=submit], main form.form button.button--danger"
    )
    person.page.wait_for_load_state()


def solved(person: Person, said: str) -> Proposal:
    """Ask, and wait until the page says so."""
    person.page.click("main form.form--grouped > .actions button[type=submit]")
    person.page.wait_for_selector(f"text={said}", timeout=60_000)
    proposal = Proposal.objects.first()
    assert proposal
    return proposal


def events(person: Person) -> dict[str, Any]:
    """The whole programme's calendar, by code of the screening, as an independent parser reads it."""
    whole = Calendar.from_ical(person.page.request.get("/spring/programme.ics?lang=en").text())
    return {str(event["UID"]).split("@")[0]: event for event in whole.events}


def of(found: dict[str, Any], screening: Screening) -> Any:
    [event] = [event for uid, event in found.items() if screening.code in uid]
    return event


def release(person: Person) -> None:
    person.go(f"{DESK}versions/").post("/publish/")


def test_from_an_empty_table_to_a_hall_that_is_lost_on_the_day(enter: Open) -> None:
    edition = make_house()
    lamp = edition.films.get(title_en="Under the Lamp")
    organiser = enter(make_member(edition, Role.ORGANISER, "Organiser").user)
    stranger, phone = enter(), enter(locale=CHINESE, width=390)
    page = organiser.page
    page.set_viewport_size({"width": 1280, "height": 1500})  # the whole day of the board, without scrolling

    # Compose: what the programmer wishes, then the timetable beside the empty table, then on it.
    organiser.go(f"{DESK}proposals/")
    values = {"first_day": FRIDAY, "days": "2", "target": "75", "least": "40", "most": "90", "seconds": "2"}
    for name, value in values.items():
        page.fill(f"input[name={name}]", value)
    page.check("input[name=mode][value=new]")
    page.select_option("[name=films-0-film]", lamp.code)
    page.select_option("[name=films-0-place]", "first")
    page.fill("[name=films-0-day]", FRIDAY)
    page.click("[data-lines]:has([name=free-0-hall]) [data-add]")
    page.fill("[name=free-1-starts]", f"{FRIDAY}T14:00")
    page.fill("[name=free-1-ends]", f"{FRIDAY}T16:00")
    organiser.check("journey-wishes")
    proposal = solved(organiser, "Every rule is kept")
    organiser.check("journey-proposed")
    organiser.go(f"{DESK}board/?draft={proposal.draft_id}").check("journey-draft-on-the-board")
    organiser.post("/use/")
    rows = Screening.objects.filter(edition=edition)
    opening = rows.get(items__film=lamp)
    assert opening.items.filter(film__isnull=False).order_by("position")[0].film == lamp
    assert f"{in_zone(opening.starts_at, edition.time_zone):%Y-%m-%d}" == FRIDAY
    assert all(row.starts_at >= NOON + timedelta(hours=4) for row in rows)  # the hall stayed free
    moved = rows.exclude(pk=opening.pk).order_by("starts_at").last()
    assert moved

    # Drag: the other programme into the other hall, later.
    before = moved.starts_at
    day = f"{in_zone(before, edition.time_zone):%Y-%m-%d}"
    great, other = moved.hall, Hall.objects.exclude(pk=moved.hall_id).get(venue__edition=edition)
    organiser.go(f"{DESK}board/?day={day}")
    top = int(page.get_attribute("#board", "data-top") or "0")
    lane = page.locator(f"[data-lane='{other.pk}']").bounding_box()
    assert lane
    drag(organiser, f"[data-block='{moved.code}']", lane["x"] + 60, lane["y"] + (20.5 - top) * HOUR + 8)
    moved.refresh_from_db()
    wall = in_zone(moved.starts_at, edition.time_zone)
    assert (moved.hall, f"{wall:%Y-%m-%d %H:%M}") == (other, f"{day} 20:30")

    # The director of the opening film can come on Saturday only: nothing fits any more, and the page says why.
    organiser.go(f"{DESK}guests/new/")
    page.fill("[name=name_en]", "Zhou Huai'an")
    page.fill("[name=name_zh]", "周怀安")
    press(organiser)
    page.select_option("[name=film]", str(lamp.pk))
    page.check("[name=needed]")
    organiser.post("/films/")
    page.fill("[name=starts_at]", f"{SATURDAY}T15:00")
    page.fill("[name=ends_at]", f"{SATURDAY}T23:00")
    organiser.post("/times/")
    organiser.go(f"{DESK}board/?day={FRIDAY}").check("journey-board-findings")
    assert "thing does not fit on this day" in organiser.text(".board__problems")
    organiser.go(f"{DESK}board/?day={day}")
    page.check(f"[data-block='{moved.code}'] [name=stay]")
    organiser.check("journey-board")
    page.click("#solve button")
    page.wait_for_load_state()
    assert page.is_checked(f"[name=stay][value='{moved.code}']")
    page.check("input[name=mode][value=mend]")
    organiser.check("journey-wishes-again")
    solved(organiser, "These cannot be kept together")
    organiser.check("journey-clash")
    clash = organiser.text("#proposal")
    assert "“Under the Lamp” opens its programme, has its premiere on 16 April 2027" in clash
    assert "Zhou Huai'an is there at certain times only" in clash
    address = page.url.removeprefix(organiser.url)

    # Mended: another day for the film, in the other hall. What was ticked to stay has not moved by a minute.
    organiser.go(f"{DESK}proposals/")
    assert page.is_checked(f"[name=stay][value='{moved.code}']")
    page.fill("[name=films-0-day]", SATURDAY)
    page.select_option("[name=films-0-hall]", str(great.pk))
    solved(organiser, "Every rule is kept")
    organiser.check("journey-mended").post("/use/")
    pinned = Screening.objects.get(pk=moved.pk)
    assert (pinned.hall, pinned.starts_at) == (moved.hall, moved.starts_at)
    opening = rows.get(items__film=lamp)
    assert (f"{in_zone(opening.starts_at, edition.time_zone):%Y-%m-%d}", opening.hall) == (SATURDAY, great)
    assert rows.filter(items__film__isnull=False).values("items__film").distinct().count() == 8

    # The first release; then a change that nobody sees before the second.
    release(organiser)
    first = events(stranger)
    assert len(first) == rows.count() and {str(event["SEQUENCE"]) for event in first.values()} == {"0"}
    start = of(first, moved)["DTSTART"].dt
    mail.outbox = []
    organiser.go(f"{DESK}{moved.code}/edit/")
    page.fill("input[name=time]", "20:45")
    press(organiser)
    assert "20:30" in stranger.go("/spring/programme/").text() and mail.outbox == []
    release(organiser)
    makers = {
        Entry.objects.get(code=item.film.source).entrant.email
        for item in moved.items.select_related("film")
        if item.film
    }
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted(makers)
    assert all("20:45" in letter.body for letter in mail.outbox)
    assert "20:45" in stranger.go("/spring/programme/").check("journey-programme").text()
    second = events(stranger)
    assert of(second, moved)["DTSTART"].dt - start == timedelta(minutes=15)
    assert (of(second, moved)["SEQUENCE"], of(second, opening)["SEQUENCE"]) == (1, 0)

    # On the day its hall is lost: one step, one sentence, one release.
    organiser.go(f"{DESK}board/?day={day}")
    page.click(f"section:has([data-lane='{moved.hall_id}']) .lane__link")
    page.wait_for_load_state()
    page.select_option("#lost-day", day)
    organiser.check("journey-hall")
    page.click("form[action$='/lost/'] button")
    page.wait_for_load_state()
    page.fill("[name=reason_en]", "Water has come into the hall.")
    page.fill("[name=reason_zh]", "影厅进水。")
    organiser.check("journey-hall-lost")
    lost = [
        row
        for row in rows.filter(hall=moved.hall)
        if in_zone(row.starts_at, "Asia/Shanghai").date() == wall.date()
    ]
    press(organiser)
    assert lost == [moved] and rows.count() > 1
    assert "影厅进水。" not in phone.go("/spring/programme/").text()
    organiser.check("journey-lost-versions").post("/publish/")
    assert "影厅进水。" in phone.go("/spring/programme/").check("journey-lost-zh-phone").text()
    third = events(stranger)
    for row in rows:
        event, was = of(third, row), of(second, row)
        if row in lost:
            assert (str(event["STATUS"]), event["SEQUENCE"]) == ("CANCELLED", was["SEQUENCE"] + 1)
        else:
            assert (event.get("STATUS"), event["SEQUENCE"]) == (was.get("STATUS"), was["SEQUENCE"])

    # The same pages as somebody sees them who reads Chinese on a phone.
    small = enter(make_member(edition, Role.ORGANISER, "编排").user, locale=CHINESE, width=390)
    for name, path in (
        ("wishes", f"{DESK}proposals/"),
        ("board", f"{DESK}board/?day={SATURDAY}"),
        ("draft-on-the-board", f"{DESK}board/?draft={proposal.draft_id}"),
        ("clash", address),
        ("hall", f"{DESK}halls/{other.pk}/"),
    ):
        small.go(path).check(f"journey-{name}-zh-phone")
