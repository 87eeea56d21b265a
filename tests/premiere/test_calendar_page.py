"""The programme as a calendar, read again by its parser."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from icalendar import Calendar

from festival.premiere import actions
from tests.factories import make_edition
from tests.shows import make_film, make_hall, make_release, make_screening

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 1, 1, tzinfo=UTC)


def read(client, edition, **query):
    response = client.get(reverse("premiere:calendar", args=[edition.slug]), query)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert all(len(line) <= 75 for line in response.content.split(b"\r\n"))
    return Calendar.from_ical(response.content)


@pytest.fixture
def edition():
    return make_edition("berlin", time_zone="Europe/Berlin")


def test_an_event_per_released_screening_with_its_films(client, edition):
    hall = make_hall(edition)
    start = datetime(2027, 3, 27, 19, tzinfo=UTC)
    films = [
        make_film(edition, title="灯下", title_en="Under the Lamp", minutes=12.5),
        make_film(edition, title="B"),
    ]
    screening = make_screening(hall, start, films=films, released=True, title="Opening")
    make_screening(hall, start + timedelta(days=1), films=films, title="Not released")
    calendar = read(client, edition)
    [event] = calendar.events
    assert not event.errors
    assert str(event["UID"]) == f"{screening.code}@localhost"
    assert event["SUMMARY"] == "Opening · Berlin"
    assert event["DESCRIPTION"] == "Under the Lamp (12:30)\nB (10:00)"
    assert event["LOCATION"] == "House, One"
    assert event["DTSTAMP"].dt == screening.updated_at.replace(microsecond=0)
    assert event.start == start
    assert event.start.strftime("%H:%M") == "20:00"
    assert event["DTSTART"].params["TZID"] == "Europe/Berlin"
    assert event.end == start + timedelta(minutes=22, seconds=30)
    assert [zone.tz_name for zone in calendar.timezones] == ["Europe/Berlin"]
    chinese = read(client, edition, lang="zh").events[0]
    assert chinese["DESCRIPTION"].startswith("灯下")
    assert chinese["UID"] == event["UID"]


def test_uid_stays_and_sequence_grows_with_every_released_change(client, edition):
    start = datetime(2027, 3, 27, 19, tzinfo=UTC)
    screening = make_screening(make_hall(edition), start, films=[make_film(edition)], released=True)
    seen = [read(client, edition).events[0]]
    actions.change_screening(screening=screening, starts_at=start + timedelta(hours=1), at=NOW)
    assert read(client, edition).events[0].sequence == 0  # the desk is not the public
    make_release(edition)
    seen.append(read(client, edition).events[0])
    actions.add_film(screening=screening, film=make_film(edition), at=NOW)
    make_release(edition)
    seen.append(read(client, edition).events[0])
    actions.cancel_screening(screening=screening, reason={"en": "Rain."}, at=NOW)
    make_release(edition)
    seen.append(read(client, edition).events[0])
    assert seen[-1]["STATUS"] == "CANCELLED"
    assert len({str(event["UID"]) for event in seen}) == 1
    numbers = [event.sequence for event in seen]
    assert numbers == sorted(set(numbers))


def test_a_draft_changes_no_sequence(edition):
    screening = make_screening(
        make_hall(edition), datetime(2027, 3, 27, 19, tzinfo=UTC), films=[make_film(edition)]
    )
    assert screening.sequence == 0


@pytest.mark.parametrize(
    ("start", "clock", "offset"),
    [
        (datetime(2027, 3, 28, 0, 30, tzinfo=UTC), "01:30", 1),  # before the clocks go forward
        (datetime(2027, 3, 28, 1, 30, tzinfo=UTC), "03:30", 2),
        (datetime(2027, 10, 31, 0, 30, tzinfo=UTC), "02:30", 2),  # before they go back
        (datetime(2027, 10, 31, 18, 0, tzinfo=UTC), "19:00", 1),
    ],
)
def test_days_on_which_clocks_change(client, edition, start, clock, offset):
    make_screening(make_hall(edition), start, films=[make_film(edition)], released=True)
    calendar = read(client, edition)
    [event] = calendar.events
    assert event.start.strftime("%H:%M") == clock
    assert event.start.astimezone(UTC) == start
    # The VTIMEZONE that comes along says the same as the system's zone: programs without a zone database agree.
    zone = calendar.timezones[0].to_tz(lookup_tzid=False)
    local = start.astimezone(ZoneInfo("Europe/Berlin")).replace(tzinfo=None)
    assert local.replace(tzinfo=zone).utcoffset() == timedelta(hours=offset)


def test_the_hour_that_comes_twice_is_told_in_utc(client, edition):
    second_time = datetime(
        2027, 10, 31, 1, 30, tzinfo=UTC
    )  # 02:30 for the second time; TZID alone would mean the first
    make_screening(make_hall(edition), second_time, films=[make_film(edition)], released=True)
    response = client.get(reverse("premiere:calendar", args=[edition.slug]))
    assert b"DTSTART:20271031T013000Z" in response.content


def test_an_empty_programme_is_a_calendar_too(client, edition):
    assert read(client, edition).events == []


def test_the_same_programme_gives_the_same_bytes(client, edition):
    make_screening(
        make_hall(edition), datetime(2027, 3, 27, 19, tzinfo=UTC), films=[make_film(edition)], released=True
    )
    url = reverse("premiere:calendar", args=[edition.slug])
    assert client.get(url).content == client.get(url).content
