"""Screenings and running orders, and the database's own refusal of clashes."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from festival.catalogue.models import Film
from festival.kit.errors import Refused
from festival.people.roles import Role
from festival.premiere import actions, hall_actions, queries
from festival.premiere.forms import ScreeningForm
from festival.premiere.models import Item, Screening
from tests.factories import make_edition, make_member
from tests.shows import make_film, make_hall, make_release, make_screening

pytestmark = pytest.mark.django_db
EVENING = datetime(2027, 4, 16, 11, tzinfo=UTC)  # 19:00 in Shanghai
NOW = datetime(2027, 4, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def edition():
    return make_edition("spring", time_zone="Asia/Shanghai")


@pytest.fixture
def hall(edition):
    return make_hall(edition, turnaround=20, name="Great Hall")


def order_of(screening):
    return [
        (item.film.title if item.film else item.kind)
        for item in screening.items.select_related("film").order_by("position")
    ]


def test_totals_follow_the_running_order(edition, hall):
    screening = make_screening(
        hall, EVENING, films=[make_film(edition, minutes=14), make_film(edition, minutes=7.5)]
    )
    actions.add_other(screening=screening, kind="qa", seconds=600, at=NOW)
    screening.refresh_from_db()
    totals = queries.totals(screening, list(screening.items.all()))
    assert (totals.films, totals.film_seconds, totals.other_seconds, totals.seconds) == (2, 1290, 600, 1890)
    assert totals.ends_at == EVENING + 31.5 * MINUTE
    assert totals.free_at == EVENING + 51.5 * MINUTE
    actions.remove_item(item=screening.items.get(position=1), at=NOW)
    screening.refresh_from_db()
    assert (screening.ends_at, screening.busy_until) == (EVENING + 17.5 * MINUTE, EVENING + 37.5 * MINUTE)


def test_items_change_places(edition, hall):
    films = [make_film(edition, title=title) for title in "ABC"]
    screening = make_screening(hall, EVENING, films=films)
    actions.move_item(item=screening.items.get(film=films[2]), up=True, at=NOW)
    assert order_of(screening) == ["A", "C", "B"]
    actions.move_item(item=screening.items.get(film=films[0]), up=True, at=NOW)
    assert order_of(screening) == ["A", "C", "B"]
    actions.move_item(item=screening.items.get(film=films[0]), up=False, at=NOW)
    assert order_of(screening) == ["C", "A", "B"]
    actions.remove_item(item=screening.items.get(film=films[0]), at=NOW)
    actions.move_item(item=screening.items.get(film=films[2]), up=False, at=NOW)
    assert order_of(screening) == ["B", "C"]


def test_a_clash_names_the_other_and_the_first_time_that_fits(edition, hall):
    make_screening(hall, EVENING, films=[make_film(edition, minutes=60)], title="Opening")
    make_screening(hall, EVENING + 85 * MINUTE, films=[make_film(edition, minutes=30)], title="Late")
    with pytest.raises(Refused) as refusal:
        make_screening(hall, EVENING + 30 * MINUTE, title="Third")
    assert refusal.value.status == 409
    # 20:20 is too short before "Late" (20:25 to 21:15): an empty screening needs its 20 minutes of turnaround.
    assert str(refusal.value.text) == (
        "The hall “Great Hall” is taken by “Opening” from 19:00 until 20:20, turnaround included. "
        "This programme needs it until 19:50; the first time that fits is 16 April 2027, 21:15."
    )
    assert Screening.objects.count() == 2
    free = make_screening(hall, EVENING + 135 * MINUTE, title="Third")
    assert free.starts_at == EVENING + 135 * MINUTE


def test_a_film_that_makes_a_screening_too_long_is_refused_and_nothing_changes(edition, hall):
    first = make_screening(hall, EVENING, films=[make_film(edition, minutes=30)])
    make_screening(hall, EVENING + 60 * MINUTE, title="Second")
    with pytest.raises(Refused, match="taken by “Second”"):
        actions.add_film(screening=first, film=make_film(edition, minutes=20), at=NOW)
    first.refresh_from_db()
    assert first.items.count() == 1
    assert first.ends_at == EVENING + 30 * MINUTE


def test_another_hall_is_free(edition, hall):
    make_screening(hall, EVENING, films=[make_film(edition)])
    make_screening(make_hall(edition), EVENING, films=[make_film(edition)])
    assert Screening.objects.count() == 2


def test_back_to_back_is_no_clash(edition, hall):
    first = make_screening(hall, EVENING, films=[make_film(edition, minutes=40)])
    assert first.busy_until == EVENING + 60 * MINUTE
    second = make_screening(hall, EVENING + 60 * MINUTE)
    with pytest.raises(Refused):
        actions.change_screening(
            screening=second, starts_at=EVENING + 60 * MINUTE - timedelta(seconds=1), at=NOW
        )


def test_the_database_refuses_a_clash_whoever_writes(edition, hall):
    make_screening(hall, EVENING, films=[make_film(edition, minutes=40)])
    second = make_screening(hall, EVENING + 60 * MINUTE)
    with pytest.raises(IntegrityError, match="screening_no_clash"), transaction.atomic():
        Screening.objects.filter(pk=second.pk).update(starts_at=EVENING + 30 * MINUTE)
    with (
        pytest.raises(IntegrityError, match="screening_no_clash"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "UPDATE premiere_screening SET busy_until = (SELECT busy_until FROM premiere_screening WHERE id = %s)"
            " WHERE id <> %s",
            [second.pk, second.pk],
        )
    with pytest.raises(IntegrityError, match="screening_no_clash"), transaction.atomic():
        Screening.objects.bulk_create(
            [
                Screening(
                    edition=edition,
                    hall=hall,
                    code="TWICE",
                    starts_at=EVENING - 10 * MINUTE,
                    ends_at=EVENING,
                    busy_until=EVENING + MINUTE,
                )
            ]
        )
    assert Screening.objects.get(pk=second.pk).starts_at == EVENING + 60 * MINUTE


def test_a_longer_turnaround_must_fit_the_timetable(edition, hall):
    first = make_screening(hall, EVENING, films=[make_film(edition, minutes=40)])
    make_screening(hall, EVENING + 60 * MINUTE)

    def set_turnaround(minutes):
        hall_actions.write_hall(venue=hall.venue, hall=hall, turnaround_minutes=minutes)

    with pytest.raises(Refused, match="With 21 minutes"):
        set_turnaround(21)
    hall.refresh_from_db()
    assert hall.turnaround_minutes == 20
    set_turnaround(0)
    first.refresh_from_db()
    assert first.busy_until == first.ends_at == EVENING + 40 * MINUTE


def test_releasing_publishes_films_and_what_is_public_is_cancelled_not_deleted(client, edition, hall):
    film = make_film(edition, title="Lamp")
    screening = make_screening(hall, EVENING, films=[film])
    programme = reverse("premiere:programme", args=[edition.slug])
    page = reverse("catalogue:film", args=[edition.slug, film.code])
    assert client.get(page).status_code == 404
    assert "Lamp" not in client.get(programme).content.decode()
    make_release(edition)
    assert client.get(page).status_code == 200
    assert "Lamp" in client.get(programme).content.decode()
    late = make_film(edition, title="Late guest")
    actions.add_film(screening=screening, film=late, at=NOW)
    assert Film.objects.get(pk=late.pk).published_at is None
    assert "Late guest" not in client.get(programme).content.decode()
    make_release(edition)
    assert Film.objects.get(pk=late.pk).published_at
    screening.refresh_from_db()
    with pytest.raises(Refused, match="Cancel it instead"):
        actions.delete_screening(screening=screening)


def test_an_empty_screening_is_not_released(edition, hall):
    with pytest.raises(Refused, match="There is no film in it yet"):
        make_screening(hall, EVENING, released=True)


def form_for(edition, hall, day, time):
    return ScreeningForm(
        {"title_en": "Night", "title_zh": "", "hall": hall.pk, "day": day, "time": time}, edition=edition
    )


def test_the_wall_clock_of_the_editions_zone_is_meant(edition, hall):
    form = form_for(edition, hall, "2027-04-16", "19:00")
    assert form.is_valid()
    assert form.values["starts_at"] == EVENING


def test_clocks_put_forward_skip_a_time_and_clocks_put_back_mean_the_first():
    edition = make_edition("berlin", time_zone="Europe/Berlin")
    hall = make_hall(edition)
    skipped = form_for(edition, hall, "2027-03-28", "02:30")
    assert not skipped.is_valid()
    assert "skip this time" in skipped.errors["time"][0]
    before = form_for(edition, hall, "2027-03-28", "01:30")
    after = form_for(edition, hall, "2027-03-28", "03:30")
    assert before.is_valid() and after.is_valid()
    assert after.values["starts_at"] - before.values["starts_at"] == timedelta(hours=1)
    twice = form_for(edition, hall, "2027-10-31", "02:30")
    assert twice.is_valid()
    assert twice.values["starts_at"] == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


def test_days_are_the_editions_days():
    edition = make_edition("la", time_zone="America/Los_Angeles")
    hall = make_hall(edition)
    make_screening(hall, datetime(2027, 4, 17, 3, tzinfo=UTC), films=[make_film(edition)], released=True)
    [day] = queries.by_day(queries.for_desk(edition), edition.time_zone)
    assert day.date.isoformat() == "2027-04-16"


def test_the_desk_from_an_empty_timetable_to_a_clash(client, edition, hall):
    client.force_login(make_member(edition, Role.ORGANISER).user)
    film = make_film(edition, minutes=30)
    data = {"title_en": "Opening", "title_zh": "开幕", "hall": hall.pk, "day": "2027-04-16", "time": "19:00"}
    new = reverse("premiere:new", args=[edition.slug])
    assert client.post(new, data).status_code == 302
    screening = Screening.objects.get()
    page = reverse("premiere:screening", args=[edition.slug, screening.code])
    assert (
        client.post(
            reverse("premiere:add_film", args=[edition.slug, screening.code]), {"film": film.pk}
        ).status_code
        == 302
    )
    assert "0:30:00" not in client.get(page).content.decode()
    assert "30:00" in client.get(page).content.decode()
    clash = client.post(new, {**data, "time": "19:30"})
    assert clash.status_code == 409
    assert "the first time that fits is 16 April 2027, 19:50" in clash.content.decode()
    assert "开幕" in clash.content.decode()
    other = reverse("premiere:add_other", args=[edition.slug, screening.code])
    bad = client.post(other, {"kind": "qa", "minutes": "-5"})
    assert bad.status_code == 400
    assert client.post(other, {"kind": "qa", "minutes": "7.5"}).status_code == 302
    assert screening.items.get(kind="qa").seconds == 450


@pytest.mark.parametrize(
    "name", ["premiere:programme", "premiere:calendar", "premiere:desk", "catalogue:desk"]
)
def test_pages_ask_as_often_for_many_as_for_few(client, name):
    counts = []
    for number in (1, 3):
        edition = make_edition()
        hall = make_hall(edition)
        for hour in range(number):
            films = [make_film(edition) for _film in range(number)]
            make_screening(hall, EVENING + timedelta(hours=2 * hour), films=films, released=True)
        client.force_login(make_member(edition, Role.ORGANISER).user)
        with CaptureQueriesContext(connection) as made:
            assert client.get(reverse(name, args=[edition.slug])).status_code == 200
        counts.append(len(made))
    assert counts[0] == counts[1]


def test_a_film_stands_once_in_a_running_order(edition, hall):
    film = make_film(edition)
    screening = make_screening(hall, EVENING, films=[film])
    with pytest.raises(Refused, match="already"):
        actions.add_film(screening=screening, film=film, at=NOW)
    assert screening.items.count() == 1


def test_what_somebody_deleted_meanwhile_is_said_so(edition, hall):
    screening = make_screening(hall, EVENING, films=[make_film(edition), make_film(edition)])
    first, second = screening.items.all()
    stale = Item.objects.select_related("screening").get(pk=first.pk)
    actions.remove_item(item=first, at=NOW)
    with pytest.raises(Refused, match="deleted this meanwhile"):
        actions.move_item(item=stale, up=False, at=NOW)
    actions.delete_screening(screening=screening)
    with pytest.raises(Refused, match="deleted this meanwhile"):
        actions.remove_item(item=second, at=NOW)
