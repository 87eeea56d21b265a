"""Screenings and rehearsals share a hall's time; cancelling, repeating, true lengths, guests."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from festival.catalogue.models import Film
from festival.kit.errors import Refused
from festival.people.roles import Role
from festival.premiere import actions, checks, guest_actions, publishing, queries, rehearsal_actions
from festival.premiere.check_words import said as sentence
from festival.premiere.forms import RehearsalForm, ScreeningForm
from festival.premiere.models import Guest, Rehearsal, Screening
from tests.factories import make_edition, make_member
from tests.shows import make_film, make_hall, make_release, make_screening

pytestmark = pytest.mark.django_db
EVENING = datetime(2027, 4, 16, 11, tzinfo=UTC)  # 19:00 in Shanghai
NOW = datetime(2027, 4, 1, tzinfo=UTC)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def edition():
    return make_edition("spring", time_zone="Asia/Shanghai")


@pytest.fixture
def hall(edition):
    return make_hall(edition, turnaround=20, name="Great Hall")


@pytest.fixture
def opening(edition, hall):
    return make_screening(hall, EVENING, films=[make_film(edition, minutes=40)], title="Opening")


def rehearse(screening, starts_at, minutes=30):
    return rehearsal_actions.plan_rehearsal(screening=screening, starts_at=starts_at, minutes=minutes, at=NOW)


def cancel(screening):
    return actions.cancel_screening(screening=screening, reason={"en": "The power is out."}, at=NOW)


def test_a_rehearsal_is_a_booking_and_no_screening(hall, opening):
    rehearsal = rehearse(opening, EVENING - DAY)
    assert list(Screening.objects.all()) == list(hall.screenings.all()) == [opening]
    assert [row.pk for row in Rehearsal.objects.all()] == [rehearsal.pk]
    assert Screening.bookings.count() == 2
    assert (rehearsal.ends_at, rehearsal.busy_until) == (EVENING - DAY + 30 * MINUTE,) * 2
    assert queries.bookings_of(hall).count() == 2
    assert [row.code for row in publishing.to_release(opening.edition)] == [opening.code]
    assert rehearsal.heading == "Rehearsal: Opening"


def test_a_rehearsal_where_a_screening_is_refused_and_the_other_way_round(edition, hall, opening):
    closing = make_screening(hall, EVENING + 2 * DAY, films=[make_film(edition)], title="Closing")
    with pytest.raises(Refused) as refusal:
        rehearse(closing, EVENING + 50 * MINUTE)
    assert str(refusal.value.text) == (
        "The hall “Great Hall” is taken by “Opening” from 19:00 until 20:00, turnaround included. "
        "This programme needs it until 20:20; the first time that fits is 16 April 2027, 20:00."
    )
    rehearse(closing, EVENING + 60 * MINUTE)
    with pytest.raises(Refused, match="taken by “Rehearsal: Closing” from 20:00 until 20:30"):
        make_screening(hall, EVENING + 70 * MINUTE, title="Late")
    with pytest.raises(Refused, match="taken by “Rehearsal: Closing”"):
        rehearse(closing, EVENING + 89 * MINUTE)
    with pytest.raises(Refused, match="taken by “Rehearsal: Closing”"):
        actions.add_film(screening=opening, film=make_film(edition, minutes=1), at=NOW)
    rehearse(closing, EVENING + 90 * MINUTE)


def test_the_database_refuses_a_rehearsal_over_a_screening_whoever_writes(hall, opening):
    rehearsal = rehearse(opening, EVENING - DAY)
    with pytest.raises(IntegrityError, match="screening_no_clash"), transaction.atomic():
        Screening.bookings.filter(pk=rehearsal.pk).update(
            starts_at=EVENING, ends_at=EVENING + MINUTE, busy_until=EVENING + MINUTE
        )
    with pytest.raises(IntegrityError, match="screening_kind_fits"), transaction.atomic():
        Screening.bookings.filter(pk=rehearsal.pk).update(released_at=NOW)
    with pytest.raises(IntegrityError, match="screening_kind_fits"), transaction.atomic():
        Screening.bookings.filter(pk=opening.pk).update(kind="rehearsal")
    with pytest.raises(IntegrityError, match="screening_repeats_another"), transaction.atomic():
        Screening.objects.filter(pk=opening.pk).update(repeat_of=opening.pk)


def test_a_rehearsal_comes_before_its_screening(opening):
    with pytest.raises(Refused, match="before its screening begins"):
        rehearse(opening, EVENING - 10 * MINUTE)
    rehearse(opening, EVENING - 30 * MINUTE)
    with pytest.raises(Refused, match="Take the rehearsal out"):
        actions.change_screening(screening=opening, starts_at=EVENING - MINUTE, at=NOW)


def test_a_rehearsal_goes_with_its_screening_into_another_hall_and_out_with_it(edition, hall, opening):
    rehearsal, other = rehearse(opening, EVENING - DAY), make_hall(edition, name="Studio")
    blocker = make_screening(other, EVENING - DAY, films=[make_film(edition)], title="Before")
    with pytest.raises(Refused, match="The hall “Studio” is taken by “Before”"):
        actions.change_screening(screening=opening, hall=other, at=NOW)
    opening.refresh_from_db()
    assert opening.hall == hall
    actions.delete_screening(screening=blocker)
    actions.change_screening(screening=opening, hall=other, at=NOW)
    rehearsal.refresh_from_db()
    assert rehearsal.hall == other
    actions.delete_screening(screening=opening)
    assert Screening.bookings.count() == 0


def test_cancelling_frees_the_hall_and_reinstating_asks_for_it_again(edition, hall, opening):
    make_release(edition)
    rehearse(opening, EVENING - DAY)
    cancelled = cancel(opening)
    assert (cancelled.cancelled_at, cancelled.cancel_reason) == (NOW, {"en": "The power is out."})
    assert cancelled.released_at  # the public knows it: the next release says that it is off
    assert Rehearsal.objects.count() == 0
    other = make_screening(hall, EVENING + 10 * MINUTE, title="Instead")
    with pytest.raises(Refused, match="taken by “Instead” from 19:10"):
        actions.reinstate_screening(screening=opening, at=NOW)
    opening.refresh_from_db()
    assert opening.cancelled_at == NOW
    actions.delete_screening(screening=other)
    assert actions.reinstate_screening(screening=opening, at=NOW).cancelled_at is None
    with pytest.raises(Refused, match="taken by “Opening”"):
        make_screening(hall, EVENING)


def test_a_cancelled_screening_needs_a_reason_and_is_not_rehearsed(opening):
    with pytest.raises(Refused, match="Say why"):
        actions.cancel_screening(screening=opening, reason={"en": " "}, at=NOW)
    cancel(opening)
    with pytest.raises(Refused, match="nothing to rehearse"):
        rehearse(opening, EVENING - DAY)


def test_two_cancelled_screenings_may_lie_over_each_other(hall, opening):
    cancel(opening)
    second = make_screening(hall, EVENING, title="Second")
    cancel(second)
    assert Screening.objects.filter(starts_at=EVENING, cancelled_at=NOW).count() == 2


def test_a_repeat_has_the_running_order_and_names_the_first(edition, opening):
    actions.add_other(screening=opening, kind="qa", seconds=600, at=NOW)
    actions.change_screening(screening=opening, premiere="world", host={"en": "Lin"}, min_age=12, at=NOW)
    other = make_hall(edition, turnaround=0)
    again = actions.repeat_screening(screening=opening, hall=other, starts_at=EVENING + DAY, at=NOW)
    third = actions.repeat_screening(screening=again, hall=other, starts_at=EVENING + 2 * DAY, at=NOW)
    lines = [list(one.items.values_list("kind", "film", "seconds")) for one in (opening, again, third)]
    assert lines[0] == lines[1] == lines[2]
    assert again.busy_until == EVENING + DAY + 50 * MINUTE
    assert (again.premiere, again.released_at, again.host, again.min_age) == ("", None, {"en": "Lin"}, 12)
    assert again.repeat_of == third.repeat_of == opening
    assert [one.pk for one in opening.repeats.all()] == [again.pk, third.pk]
    with pytest.raises(Refused, match="is taken by"):
        actions.repeat_screening(screening=opening, hall=other, starts_at=EVENING + DAY, at=NOW)
    actions.delete_screening(screening=opening)
    assert Screening.objects.get(pk=third.pk).repeat_of is None


def said_of(screening):
    return [sentence(one, "Asia/Shanghai") for one in checks.check(screening.edition, only=screening.code)]


def test_lengths_follow_the_catalogue_when_somebody_says_so(edition, hall, opening):
    film = Film.objects.get()
    Film.objects.filter(pk=film.pk).update(seconds=45 * 60)
    opening.refresh_from_db()
    assert [row.stale_count for row in queries.for_desk(edition)] == [1]
    assert said_of(opening) == [f"“{film.title}” now lasts 45:00, and is planned with 40:00."]
    assert opening.ends_at == EVENING + 40 * MINUTE
    after = make_screening(hall, EVENING + 61 * MINUTE, title="Next")
    with pytest.raises(Refused, match="taken by “Next”"):
        actions.take_true_lengths(screening=opening, at=NOW)
    assert opening.items.get().seconds == 40 * 60
    actions.delete_screening(screening=after)
    assert actions.take_true_lengths(screening=opening, at=NOW) == 1
    assert actions.take_true_lengths(screening=opening, at=NOW) == 0
    opening.refresh_from_db()
    assert opening.ends_at == EVENING + 45 * MINUTE


def test_what_a_programmer_should_know_is_said(edition, hall):
    hall.formats, hall.sound = ["dcp"], "2.0"
    hall.save()
    hall.openings.create(opens_at=EVENING - DAY, closes_at=EVENING + 30 * MINUTE)
    film = make_film(edition, minutes=20, title="Lamp", file_format="h264", channels=6)
    screening = make_screening(hall, EVENING, films=[film])
    guest = guest_actions.write_guest(edition=edition, name={"en": "Wu"})
    guest_actions.add_film(guest=guest, film=film, needed=True)
    guest_actions.add_time(guest=guest, starts_at=EVENING + 10 * MINUTE, ends_at=EVENING + DAY)

    def said():
        return said_of(screening)

    technical = [
        "“Lamp”: the hall cannot play its format.",
        "“Lamp”: the hall has fewer channels of sound.",
    ]
    assert said() == technical
    actions.add_other(screening=screening, kind="qa", seconds=900, at=NOW)
    late = "The hall is not open for the whole time of this screening."
    absent = "Wu is needed at the Q&A and is not there then."
    assert said() == [late, *technical, absent]
    guest_actions.add_film(guest=guest, film=film, needed=False)
    assert said() == [late, *technical]
    guest_actions.add_film(guest=guest, film=film, needed=True)
    guest.times.all().delete()
    assert said() == [late, *technical]


def test_age_and_languages_are_those_of_the_films_unless_the_team_says_otherwise(edition, hall):
    films = [
        make_film(edition, min_age=6, language="zh, en"),
        make_film(edition, language="en, yue"),
        make_film(edition, min_age=12, language=""),
    ]
    screening = make_screening(hall, EVENING, films=films)
    items = list(screening.items.select_related("film"))
    assert queries.age_of(screening, items) == 12
    assert queries.spoken_in(screening, items) == "zh, en, yue"
    screening.min_age, screening.spoken = 0, "zxx"
    assert queries.age_of(screening, items) == 0
    assert queries.spoken_in(screening, items) == "zxx"
    screening.min_age = None
    assert queries.age_of(screening, items[1:2]) is None


def test_a_guests_times_neither_overlap_nor_end_before_they_begin(edition):
    guest = guest_actions.write_guest(edition=edition, name={"en": "Wu"})
    guest_actions.add_time(guest=guest, starts_at=EVENING, ends_at=EVENING + DAY)
    with pytest.raises(Refused, match="ends before"):
        guest_actions.add_time(guest=guest, starts_at=EVENING, ends_at=EVENING)
    with pytest.raises(Refused, match="overlaps"):
        guest_actions.add_time(guest=guest, starts_at=EVENING + DAY - MINUTE, ends_at=EVENING + 2 * DAY)
    guest_actions.add_time(guest=guest, starts_at=EVENING + DAY, ends_at=EVENING + 2 * DAY)
    assert guest.times.count() == 2
    with pytest.raises(ValueError, match="another edition"):
        guest_actions.add_film(guest=guest, film=make_film(make_edition()), needed=False)


def test_screenings_and_rehearsals_on_a_day_on_which_the_clocks_change():
    edition = make_edition("berlin", time_zone="Europe/Berlin")
    hall = make_hall(edition, turnaround=0)
    # 01:30 summer time, 120 minutes: the clocks show 02:30 twice before it ends at 02:30 winter time.
    night = make_screening(
        hall,
        datetime(2027, 10, 30, 23, 30, tzinfo=UTC),
        films=[make_film(edition, minutes=120)],
        title="Night",
    )
    data = {"title_en": "Next", "hall": hall.pk, "day": "2027-10-31", "time": "02:30"}
    form = ScreeningForm(data, edition=edition)
    assert form.is_valid()
    with pytest.raises(
        Refused, match=r"“Night” from 01:30 until 02:30.*first time that fits is 31 October 2027, 02:30"
    ):
        actions.create_screening(edition=edition, at=NOW, **form.values)
    form = ScreeningForm({**data, "time": "03:00"}, edition=edition)
    assert form.is_valid()
    later = actions.create_screening(edition=edition, at=NOW, **form.values)
    assert later.starts_at - night.ends_at == 30 * MINUTE
    skipped = RehearsalForm({"day": "2027-03-28", "time": "02:15", "minutes": 30}, edition=edition)
    assert not skipped.is_valid()
    assert "skip this time" in skipped.errors["time"][0]


def test_the_desk_cancels_repeats_and_rehearses(client, edition, hall, opening):
    client.force_login(make_member(edition, Role.ORGANISER).user)

    def url(name, **keys):
        return reverse(f"premiere:{name}", kwargs={"edition": edition.slug, "code": opening.code, **keys})

    def shown():
        return client.get(url("screening")).content.decode()

    slot = {"day": "2027-04-15", "time": "10:00", "minutes": "30"}
    assert client.post(url("rehearsal_add"), slot).status_code == 302
    assert client.post(url("rehearsal_add"), slot).status_code == 409
    assert client.post(url("rehearsal_add"), {**slot, "day": "2027-04-17"}).status_code == 400
    assert "15 April 2027, 10:00" in shown()
    desk = client.get(reverse("premiere:desk", args=[edition.slug])).content.decode()
    assert "Rehearsal: Opening" in desk
    rehearsal = Rehearsal.objects.get()
    assert client.post(url("rehearsal_remove", pk=rehearsal.pk)).status_code == 302
    assert client.post(url("rehearsal_remove", pk=rehearsal.pk)).status_code == 404
    again = {"hall": hall.pk, "day": "2027-04-16", "time": "19:30"}
    assert client.post(url("repeat"), again).status_code == 409
    assert client.post(url("repeat"), {**again, "day": "2027-04-17"}).status_code == 302
    assert "Repeated" in shown()
    assert client.post(url("cancel"), {"reason_en": ""}).status_code == 400
    assert client.post(url("cancel"), {"reason_en": "The power is out."}).status_code == 302
    assert "The power is out." in shown()
    assert client.post(url("reinstate")).status_code == 302
    assert "The power is out." not in shown()


def test_the_desk_keeps_guests(client, edition):
    client.force_login(make_member(edition, Role.ORGANISER).user)
    film = make_film(edition, title="Lamp")

    def url(name, **keys):
        return reverse(f"premiere:{name}", kwargs={"edition": edition.slug, **keys})

    assert client.post(url("guest_new"), {"name_en": "", "name_zh": ""}).status_code == 400
    assert client.post(url("guest_new"), {"name_en": "Wu", "name_zh": "吴"}).status_code == 302
    guest = Guest.objects.get()
    assert (
        client.post(url("guest_film_add", pk=guest.pk), {"film": film.pk, "needed": "on"}).status_code == 302
    )
    foreign = make_film(make_edition())
    assert client.post(url("guest_film_add", pk=guest.pk), {"film": foreign.pk}).status_code == 400
    time = {"starts_at": "2027-04-16T09:00", "ends_at": "2027-04-17T18:00"}
    assert client.post(url("guest_time_add", pk=guest.pk), time).status_code == 302
    assert client.post(url("guest_time_add", pk=guest.pk), time).status_code == 409
    assert guest.times.get().starts_at == datetime(2027, 4, 16, 1, tzinfo=UTC)
    listed = client.get(url("guests")).content.decode()
    for text in ("Lamp", "Needed", "17 April 2027"):
        assert text in listed
    link, row = guest.links.get(), guest.times.get()
    assert client.post(url("guest_film_remove", pk=guest.pk, row=link.pk)).status_code == 302
    assert client.post(url("guest_time_remove", pk=guest.pk, row=row.pk)).status_code == 302
    assert client.post(url("guest_time_remove", pk=guest.pk, row=row.pk)).status_code == 404
    assert client.post(url("guest_delete", pk=guest.pk)).status_code == 302
    assert Guest.objects.count() == 0


def test_two_who_change_one_screening_overwrite_nothing(client, edition, hall, opening):
    client.force_login(make_member(edition, Role.ORGANISER).user)
    address = reverse("premiere:edit", args=[edition.slug, opening.code])
    form = client.get(address).context["form"]
    data = {
        "title_en": "Mine", "hall": hall.pk, "day": "2027-04-16", "time": "19:00", "seen": form["seen"].value(),
    }  # fmt: skip
    actions.change_screening(screening=opening, title={"en": "Theirs"}, at=NOW)
    late = client.post(address, data)
    assert late.status_code == 409 and "while you had it open" in late.content.decode()
    assert Screening.objects.get(pk=opening.pk).title == {"en": "Theirs"}
    again = client.get(address).context["form"]["seen"].value()
    assert client.post(address, data | {"seen": again}).status_code == 302
    assert Screening.objects.get(pk=opening.pk).title == {"en": "Mine"}


def test_saving_an_online_screening_keeps_its_regions(client, edition, hall):
    hall.online = True
    hall.save()
    screening = make_screening(hall, EVENING + 3 * DAY, films=[make_film(edition)])
    actions.change_screening(screening=screening, regions="DE, AT", doors_minutes=45, at=NOW)
    client.force_login(make_member(edition, Role.ORGANISER).user)
    form = client.get(reverse("premiere:edit", args=[edition.slug, screening.code])).context["form"]
    assert (form["regions"].initial, form["doors_minutes"].initial) == ("DE, AT", 45)
