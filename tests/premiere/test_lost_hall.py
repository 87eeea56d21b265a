"""A hall is lost for a day: in one step, with nothing forgotten and nothing else touched."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from festival.kit.errors import Refused
from festival.people.roles import Role
from festival.premiere import journal, lost_hall, rehearsal_actions, release_actions
from festival.premiere.models import Rehearsal, Screening
from tests.factories import make_edition, make_member
from tests.shows import make_film, make_hall, make_release, make_screening

pytestmark = pytest.mark.django_db
EVENING = datetime(2027, 4, 16, 11, tzinfo=UTC)  # 19:00 in Shanghai
NOW = datetime(2027, 4, 1, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FRIDAY = date(2027, 4, 16)
WHY = {"en": "Water in the hall.", "zh": "影厅进水。"}


class House:
    """A hall with two public screenings of a day, one in the night after, a draft; another day; another hall."""

    def __init__(self) -> None:
        self.edition = make_edition("spring", time_zone="Asia/Shanghai")
        self.by = make_member(self.edition, Role.ORGANISER)
        self.hall = make_hall(self.edition, name="Great")
        self.other = make_hall(self.edition, name="Small")
        for day in range(2):
            start = EVENING + day * DAY - 5 * HOUR
            self.hall.openings.create(opens_at=start, closes_at=start + 13 * HOUR)
        self.rows = {
            name: make_screening(hall, EVENING + after, films=[make_film(self.edition)], title=name)
            for name, hall, after in (
                ("first", self.hall, 0 * HOUR),
                ("night", self.hall, 6 * HOUR),
                ("next", self.hall, DAY),
                ("elsewhere", self.other, 0 * HOUR),
            )
        }
        for name, hours in (("first", 2), ("next", 27)):
            rehearsal_actions.plan_rehearsal(
                screening=self.rows[name],
                starts_at=self.rows[name].starts_at - hours * HOUR,
                minutes=30,
                at=NOW,
            )
        make_release(self.edition)
        self.rows["draft"] = make_screening(
            self.hall, EVENING + 2 * HOUR, films=[make_film(self.edition)], title="draft"
        )

    def lose(self, **more):
        found = lost_hall.hall_day(self.hall, FRIDAY, self.edition.time_zone)
        given = {"seen": found.codes, "reason": WHY, "day": FRIDAY} | more
        return lost_hall.lose_hall(hall=self.hall, by=self.by, at=NOW, **given)

    def off(self):
        return set(Screening.objects.filter(cancelled_at__isnull=False).values_list("title__en", flat=True))


def test_everything_of_the_day_is_off_and_nothing_else():
    house = House()
    done = house.lose()
    assert [row.title["en"] for row in done.public] == ["first", "night"]
    assert house.off() == {"first", "night"}
    assert {row.cancel_reason["zh"] for row in Screening.objects.filter(cancelled_at__isnull=False)} == {
        "影厅进水。"
    }
    assert not Screening.objects.filter(title__en="draft").exists()
    assert Rehearsal.objects.count() == 0  # that of the next day's screening was in this hall on this day
    assert [one.opens_at for one in house.hall.openings.all()] == [EVENING + DAY - 5 * HOUR]
    release = release_actions.make_release(edition=house.edition, note={}, by=house.by, at=NOW)
    assert sorted(change["code"] for change in release.changes) == sorted(
        house.rows[name].code for name in ("first", "night")
    )


def test_it_is_taken_back_step_by_step():
    house = House()
    rows = Screening.bookings.filter(edition=house.edition).order_by("code")
    before = list(rows.values("code", "starts_at", "hall", "cancelled_at", "cancel_reason"))
    house.lose()
    for _step in range(4):
        journal.undo(edition=house.edition, by=house.by, at=NOW)
    assert list(rows.values("code", "starts_at", "hall", "cancelled_at", "cancel_reason")) == before
    with pytest.raises(Refused, match="nothing of yours"):
        journal.undo(edition=house.edition, by=house.by, at=NOW)


def test_the_only_hours_of_a_hall_stay_as_it_would_count_as_always_open():
    house = House()
    house.hall.openings.filter(opens_at__gt=EVENING).delete()
    house.lose()
    assert house.hall.openings.count() == 1


def test_what_was_not_on_the_page_is_not_cancelled():
    house = House()
    with pytest.raises(Refused, match="changed meanwhile"):
        house.lose(seen="")
    with pytest.raises(Refused, match="Say why"):
        house.lose(reason={})
    judge = make_member(house.edition, Role.JUDGE)
    with pytest.raises(Refused, match="Only an organiser"):
        lost_hall.lose_hall(hall=house.hall, day=FRIDAY, reason=WHY, seen="", by=judge, at=NOW)
    assert house.off() == set() and house.hall.openings.count() == 2


def test_the_pages_name_what_will_happen_before_it_does(client):
    house = House()
    client.force_login(house.by.user)
    hall = reverse("premiere:hall", args=["spring", house.hall.pk])
    address = reverse("premiere:hall_lost", args=["spring", house.hall.pk])
    assert address in client.get(hall).content.decode()
    page = client.get(address, {"day": "2027-04-16"})
    text = page.content.decode()
    assert [text.count(f"<p>{name}</p>") for name in ("first", "night", "draft", "next", "elsewhere")] == [
        1, 1, 1, 0, 0,
    ]  # fmt: skip
    assert "Rehearsal: next" in text
    seen = page.context["lost"].codes
    data = {"day": "2027-04-16", "seen": seen, "reason_en": WHY["en"], "reason_zh": WHY["zh"]}
    assert client.post(address, data | {"reason_en": "", "reason_zh": ""}).status_code == 400
    assert client.post(address, data | {"seen": "old"}).status_code == 409 and house.off() == set()
    done = client.post(address, data, follow=True).content.decode()
    assert "Release a version: then the public hears of it." in done and house.off() == {"first", "night"}
    assert "Nothing is booked here on this day" in client.get(address, {"day": "2027-04-16"}).content.decode()
    for odd in ("", "x", "2027-13-01"):
        assert client.get(address, {"day": odd}).headers["Location"] == hall


def test_the_page_asks_as_often_for_many_as_for_few():
    asked = []
    for number in (1, 4):
        hall = make_hall(make_edition(time_zone="Asia/Shanghai"))
        for place in range(number):
            make_screening(hall, EVENING + place * HOUR, films=[make_film(hall.venue.edition)])
        with CaptureQueriesContext(connection) as made:
            lost_hall.hall_day(hall, FRIDAY, "Asia/Shanghai")
            lost_hall.days_of(hall, "Asia/Shanghai")
        asked.append(len(made))
    assert asked[0] == asked[1]
