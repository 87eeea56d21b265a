"""Halls with their abilities and hours, ways between venues, and what a hall cannot play."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from festival.edition.blueprint import FOLDER, parse
from festival.kit.clock import SkippedTime, moment_of
from festival.kit.errors import Refused
from festival.people.roles import Role
from festival.premiere import hall_actions
from festival.premiere.fits import misfits
from festival.premiere.models import Hall, Opening, Travel, Venue
from tests.factories import make_edition, make_member
from tests.shows import make_hall, make_screening

BERLIN = ZoneInfo("Europe/Berlin")
EVENING = datetime(2027, 4, 16, 11, tzinfo=UTC)


@dataclass
class File:
    file_format: str = ""
    width: int | None = None
    height: int | None = None
    frame_rate: Decimal | None = None
    channels: int | None = None


@dataclass
class Place:
    formats: list[str] = field(default_factory=list)
    frame_rates: list[str] = field(default_factory=list)
    aspects: list[str] = field(default_factory=list)
    sound: str = ""


@pytest.mark.parametrize(
    ("film", "hall", "codes"),
    [
        (File(), Place(["dcp"], ["24"], ["1.85"], "2.0"), []),
        (File("h264", 1920, 1080, Decimal("23.976"), 6), Place(), []),
        (File("h264"), Place(formats=["dcp", "prores"]), ["format"]),
        (File("h264"), Place(formats=["dcp", "h264"]), []),
        (File("other"), Place(formats=["dcp", "h264"]), ["format"]),
        (File(frame_rate=Decimal("23.976")), Place(frame_rates=["24", "25"]), ["frame_rate"]),
        (File(frame_rate=Decimal("23.976")), Place(frame_rates=["23.976"]), []),
        (File(frame_rate=Decimal("24.000")), Place(frame_rates=["24"]), []),
        (File(width=1998, height=1080), Place(aspects=["1.85"]), []),
        (File(width=1920, height=1080), Place(aspects=["1.85", "2.39"]), ["aspect"]),
        (File(width=2048, height=858), Place(aspects=["2.39"]), []),
        (File(width=1080, height=1920), Place(aspects=["1.85", "2.39"]), ["aspect"]),
        (File(channels=6), Place(sound="2.0"), ["sound"]),
        (File(channels=6), Place(sound="5.1"), []),
        (File(channels=0), Place(sound="2.0"), []),
        (
            File("prores", 1440, 1080, Decimal("60"), 8),
            Place(["dcp"], ["24"], ["1.85"], "5.1"),
            ["format", "frame_rate", "aspect", "sound"],
        ),
    ],
)
def test_what_a_hall_cannot_play(film, hall, codes):
    assert misfits(film, hall) == codes


def test_a_wall_clock_at_the_ends_of_daylight_saving():
    assert moment_of(datetime(2027, 3, 28, 1, 59), "Europe/Berlin") == datetime(
        2027, 3, 28, 0, 59, tzinfo=UTC
    )
    assert moment_of(datetime(2027, 3, 28, 3), "Europe/Berlin") == datetime(2027, 3, 28, 1, tzinfo=UTC)
    for minute in (0, 30, 59):
        with pytest.raises(SkippedTime):
            moment_of(datetime(2027, 3, 28, 2, minute), "Europe/Berlin")
    twice = datetime(2027, 10, 31, 2, 30)
    assert moment_of(twice, "Europe/Berlin") == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert moment_of(twice, "Europe/Berlin", second=True) == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)
    assert moment_of(twice, "Europe/Berlin").tzinfo == UTC


@pytest.fixture
def edition(db):
    return make_edition("spring", time_zone="Europe/Berlin")


@pytest.fixture
def hall(edition):
    return make_hall(edition, name="Great Hall")


def hours_of(hall):
    return [
        (
            row.opens_at.astimezone(BERLIN).strftime("%d %H:%M"),
            (row.closes_at - row.opens_at).total_seconds() / 3600,
        )
        for row in hall.openings.all()
    ]


def open_days(hall, first, last, opens, closes):
    return hall_actions.open_hall(
        hall=hall, first_day=first, last_day=last, opens=opens, closes=closes, zone="Europe/Berlin"
    )


def test_hours_follow_the_wall_clock_over_the_end_of_winter_time(hall):
    open_days(hall, date(2027, 3, 27), date(2027, 3, 29), time(10), time(23))
    assert hours_of(hall) == [("27 10:00", 13), ("28 10:00", 13), ("29 10:00", 13)]
    first, second, third = hall.openings.all()
    assert second.opens_at - first.opens_at == timedelta(hours=23)
    assert third.opens_at - second.opens_at == timedelta(hours=24)


def test_a_night_in_which_the_clocks_change_is_an_hour_shorter_or_longer(hall):
    open_days(hall, date(2027, 3, 27), date(2027, 3, 27), time(18), time(4))
    open_days(hall, date(2027, 10, 30), date(2027, 10, 30), time(18), time(4))
    assert hours_of(hall) == [("27 18:00", 9), ("30 18:00", 11)]


def test_closing_in_the_hour_that_comes_twice_is_the_second_opening_the_first(hall):
    open_days(hall, date(2027, 10, 30), date(2027, 10, 30), time(18), time(2, 30))
    open_days(hall, date(2027, 10, 31), date(2027, 10, 31), time(2, 30), time(5))
    assert [row.closes_at for row in hall.openings.all()][:1] == [datetime(2027, 10, 31, 1, 30, tzinfo=UTC)]
    assert [row.opens_at for row in hall.openings.all()][1:] == [datetime(2027, 10, 31, 0, 30, tzinfo=UTC)]


def test_hours_that_the_clocks_skip_are_refused_and_nothing_changes(hall):
    open_days(hall, date(2027, 3, 28), date(2027, 3, 28), time(9), time(12))
    with pytest.raises(Refused, match="2027-03-28 the clocks are put forward") as refusal:
        open_days(hall, date(2027, 3, 27), date(2027, 3, 28), time(2, 30), time(12))
    assert refusal.value.status == 400
    assert hours_of(hall) == [("28 09:00", 3)]


def test_hours_written_again_take_the_place_of_those_days_only(hall):
    open_days(hall, date(2027, 5, 1), date(2027, 5, 3), time(10), time(20))
    open_days(hall, date(2027, 5, 2), date(2027, 5, 2), time(12), time(12))
    assert hours_of(hall) == [("01 10:00", 10), ("02 12:00", 24), ("03 10:00", 10)]


@pytest.mark.parametrize(
    ("last", "words"), [(date(2027, 4, 30), "before the first"), (date(2027, 8, 1), "At most 60")]
)
def test_days_out_of_order_or_too_many_are_refused(hall, last, words):
    with pytest.raises(Refused, match=words):
        open_days(hall, date(2027, 5, 1), last, time(10), time(20))
    assert Opening.objects.count() == 0


def test_the_database_refuses_hours_and_ways_that_cannot_be(hall):
    with pytest.raises(IntegrityError, match="opening_in_order"), transaction.atomic():
        hall.openings.create(opens_at=EVENING, closes_at=EVENING)
    other = make_hall(hall.venue.edition).venue
    with pytest.raises(IntegrityError, match="travel_pair_in_order"), transaction.atomic():
        Travel.objects.create(first=other, second=hall.venue, minutes=5)


def test_a_way_is_the_same_both_ways_and_written_once(edition, hall):
    other, stranger = make_hall(edition).venue, make_hall(make_edition()).venue
    hall_actions.set_travel(one=other, other=hall.venue, minutes=15)
    hall_actions.set_travel(one=hall.venue, other=other, minutes=12)
    assert list(Travel.objects.values_list("first", "second", "minutes")) == [(hall.venue.pk, other.pk, 12)]
    with pytest.raises(ValueError, match="one edition"):
        hall_actions.set_travel(one=hall.venue, other=stranger, minutes=5)
    hall_actions.write_travel(
        edition=edition,
        minutes={(other.pk, hall.venue.pk): 9, (stranger.pk, other.pk): 3, (other.pk, other.pk): 1},
    )
    assert list(Travel.objects.values_list("first", "second", "minutes")) == [(hall.venue.pk, other.pk, 9)]
    hall_actions.set_travel(one=hall.venue, other=other, minutes=None)
    assert Travel.objects.count() == 0


def test_what_is_in_use_is_not_deleted(edition, hall):
    screening = make_screening(hall, EVENING)
    with pytest.raises(Refused, match="screenings in this hall"):
        hall_actions.delete_hall(hall=hall)
    with pytest.raises(Refused, match="still has halls"):
        hall_actions.delete_venue(venue=hall.venue)
    screening.delete()
    hall_actions.delete_hall(hall=hall)
    hall_actions.delete_venue(venue=hall.venue)
    assert Venue.objects.count() == 0


def test_more_wheelchair_places_than_seats_are_refused(hall):
    with pytest.raises(Refused, match="more wheelchair places"):
        hall_actions.write_hall(venue=hall.venue, hall=hall, wheelchair_places=101)


BLUEPRINT = """
[[venues]]
slug = "harbour"
name = "Harbour House"
[[venues.halls]]
name = "Barn"
seats = 60
frame_rates = [24, 23.976, "25"]
hours = [
  { first_day = 76, opens = "18:00", closes = "01:00" },
  { first_day = 77, last_day = 78, opens = "09:30", closes = "12:00" },
]
[[venues.halls]]
name = "Stream"
seats = 500
online = true
[[travel]]
between = ["harbour", "lantern"]
minutes = 12
"""


def test_an_edition_is_set_up_with_the_halls_of_its_blueprint(edition):
    source = (FOLDER / "blueprints" / "short-film.toml").read_text(encoding="utf-8")
    plan = parse(source + BLUEPRINT, key="two-houses")
    hall_actions.create_venues(edition=edition, plan=plan, opens=date(2027, 1, 10))
    great = Hall.objects.get(name__en="Great Hall")
    assert (great.formats, great.frame_rates, great.aspects, great.sound) == (
        ["dcp", "prores", "h264"], ["24", "25", "30"], ["1.78", "1.85", "2.39"], "5.1",
    )  # fmt: skip
    assert (great.seats, great.turnaround_minutes, great.wheelchair_places, great.hearing_loop) == (
        320,
        25,
        6,
        True,
    )
    barn = Hall.objects.get(name__en="Barn")
    assert barn.frame_rates == ["24", "23.976", "25"]
    # The 77th day from 10 January is 27 March.
    assert hours_of(barn) == [("27 18:00", 7), ("28 09:30", 2.5), ("29 09:30", 2.5)]
    assert Hall.objects.get(name__en="Stream").online
    way = Travel.objects.get()
    assert {way.first.name["en"], way.second.name["en"]} == {"Harbour House", "Lantern Cinema"}
    assert way.minutes == 12


def test_the_desk_from_no_venue_to_hours(client, edition):
    client.force_login(make_member(edition, Role.ORGANISER).user)

    def url(name, **keys):
        return reverse(f"premiere:{name}", kwargs={"edition": edition.slug, **keys})

    assert client.get(url("new")).headers["Location"] == url("places")
    answer = client.post(url("venue_new"), {"name_en": "House", "name_zh": "影院"})
    venue = Venue.objects.get()
    assert answer.headers["Location"] == url("hall_new", pk=venue.pk)
    data = {
        "name_en": "One", "seats": "100", "turnaround_minutes": "15", "formats": ["dcp", "h264"], "frame_rates": ["24"],
        "aspects": ["1.85"], "sound": "5.1", "wheelchair_places": "4", "hearing_loop": "on",
    }  # fmt: skip
    assert client.post(answer.headers["Location"], {**data, "formats": ["betamax"]}).status_code == 400
    assert client.post(answer.headers["Location"], {**data, "wheelchair_places": "200"}).status_code == 400
    assert client.post(answer.headers["Location"], data).status_code == 302
    hall = Hall.objects.get()
    assert (hall.formats, hall.frame_rates, hall.aspects) == (["dcp", "h264"], ["24"], ["1.85"])
    hours = {"first_day": "2027-03-27", "last_day": "2027-03-28", "opens": "10:00", "closes": "23:30"}
    assert client.post(url("hours_add", pk=hall.pk), hours).status_code == 302
    assert client.post(url("hours_add", pk=hall.pk), {**hours, "opens": "02:30"}).status_code == 400
    page = client.get(url("hall", pk=hall.pk)).content.decode()
    assert page.count("10:00–23:30") == 2
    row = hall.openings.first()
    assert client.post(url("hours_remove", pk=hall.pk, row=row.pk)).status_code == 302
    assert client.post(url("hours_remove", pk=hall.pk, row=row.pk)).status_code == 404
    other = make_hall(edition).venue
    assert client.post(url("travel"), {f"way-{venue.pk}-{other.pk}": "7"}).status_code == 302
    assert "7 minutes" in client.get(url("places")).content.decode()
    assert client.post(url("travel"), {f"way-{venue.pk}-{other.pk}": "-7"}).status_code == 400
    assert client.post(url("hall_delete", pk=hall.pk)).status_code == 302
    assert Hall.objects.filter(pk=hall.pk).count() == 0
