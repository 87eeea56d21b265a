"""Times for interviews: made from a span, chosen once, moved, given back; nobody is in two places at once."""

from datetime import UTC, datetime, timedelta

import icalendar
import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from festival.kit.errors import Refused
from festival.people.actor import actor_of
from festival.people.roles import Role
from festival.post.models import Notice
from submissions.cohorts import interview_actions, place_actions
from submissions.cohorts.interview_queries import interviewers_for, span
from submissions.cohorts.models import Interview, Mentor
from tests.factories import make_edition, make_entry, make_member, make_user
from tests.submissions.cohorts.making import make_cohort, make_interview, make_place

pytestmark = pytest.mark.django_db
AT = datetime(2027, 3, 1, 12, tzinfo=UTC)
NINE = datetime(2027, 3, 2, 1, tzinfo=UTC)  # in Shanghai


@pytest.fixture
def edition():
    return make_edition(call_open=True, time_zone="Asia/Shanghai")


@pytest.fixture
def desk(edition):
    return make_member(edition, Role.ORGANISER)


@pytest.fixture
def camp(edition):
    return make_cohort(edition, places=9, slug="camp", source="reading", ends_at=AT + timedelta(days=365))


def made(cohort, desk, **more):
    usual = {
        "starts_at": NINE,
        "ends_at": NINE + timedelta(hours=2),
        "minutes": 30,
        "gap": 10,
        "room": "Room 1",
        "link": "",
        "interviewers": [desk.user],
    }
    return interview_actions.make_slots(cohort=cohort, by=desk, at=AT, **usual | more)


def refusal(action, **arguments):
    with pytest.raises(Refused) as error:
        action(**arguments)
    return error.value.code


def booked(place, slot, at=AT, by=None):
    return interview_actions.book(place=place, slot=slot, by=by or actor_of(place.entry.entrant), at=at)


def test_a_span_holds_as_many_as_end_in_it():
    def begins(minutes, gap, length):
        return [
            (start - NINE).seconds // 60
            for start, _end in span(NINE, NINE + timedelta(minutes=length), minutes, gap)
        ]

    assert begins(30, 10, 110) == [0, 40, 80]
    assert begins(30, 10, 109) == [0, 40]
    assert begins(30, 0, 29) == []


def test_times_are_made_with_their_interviewers(camp, desk):
    rows = made(camp, desk, link="https://meet.example/1")
    assert [row.starts_at for row in rows] == [NINE + timedelta(minutes=40 * n) for n in range(3)]
    assert {tuple(row.interviewers.all()) for row in Interview.objects.all()} == {(desk.user,)}


def test_what_cannot_be_made_is_refused(camp, desk, edition):
    made(camp, desk)
    action = interview_actions.make_slots
    usual = {
        "cohort": camp, "starts_at": NINE, "ends_at": NINE + timedelta(hours=2), "minutes": 30, "gap": 10,
        "room": "Room 2", "link": "", "interviewers": [make_member(edition, Role.JUDGE).user], "by": desk, "at": AT,
    }  # fmt: skip
    other = make_cohort(edition, slug="other", source="x")
    for change, code in (
        ({"room": "ROOM 1"}, "room_taken"),
        ({"room": "Room 1", "cohort": other}, "room_taken"),
        ({"interviewers": [desk.user]}, "interviewer_taken"),
        ({"cohort": other, "interviewers": [desk.user]}, "interviewer_taken"),
        ({"interviewers": []}, "interviewers"),
        ({"interviewers": [make_user()]}, "interviewers"),
        ({"room": " "}, "room"),
        ({"minutes": 0}, "minutes"),
        ({"ends_at": NINE + timedelta(minutes=20)}, "none_fits"),
        ({"minutes": 1, "gap": 0}, "too_many"),
        ({"starts_at": AT}, "past"),
        ({"by": actor_of(make_user())}, "not_allowed"),
    ):
        assert refusal(action, **usual | change) == code
    assert Interview.objects.count() == 3
    assert len(action(**usual | {"room": "Room 2"})) == 3


def test_mentors_can_lead_interviews(camp, edition):
    mentor = make_user("mia")
    assert mentor not in interviewers_for(edition)
    Mentor.objects.create(place=make_place(camp), user=mentor, added_at=AT)
    assert mentor in interviewers_for(edition)


def test_a_team_takes_one_time_and_changes_it(camp, desk):
    first, second, _third = made(camp, desk)
    place = make_place(camp)
    booked(place, first)
    booked(place, first)
    assert Notice.objects.filter(kind="interview_booked").count() == 1
    booked(place, second)
    rows = list(Interview.objects.order_by("starts_at").values_list("place", "changes"))
    assert rows == [(None, 1), (place.pk, 2), (None, 0)]
    # The interviewer is told of both; who chose is not.
    assert set(Notice.objects.values_list("kind", "user")) == {("interview_booked", desk.id)}


def test_the_second_is_told_that_another_was_faster(camp, desk):
    slot, *_others = made(camp, desk)
    booked(make_place(camp), slot)
    late = make_place(camp)
    assert refusal(booked, place=late, slot=slot) == "taken"


def test_what_a_team_cannot_take(camp, desk, edition):
    slot, other, _third = made(camp, desk)
    place, elsewhere = make_place(camp), make_place(make_cohort(edition))
    assert refusal(booked, place=elsewhere, slot=slot) == "other_cohort"
    assert refusal(booked, place=place, slot=slot, at=NINE) == "past"
    assert refusal(booked, place=place, slot=slot, by=actor_of(make_user())) == "not_allowed"
    booked(place, slot)
    assert refusal(booked, place=place, slot=other, at=NINE + timedelta(minutes=5)) == "begun"
    assert refusal(interview_actions.cancel, place=place, by=desk, at=NINE, reason="Ill.") == "begun"
    waiting = make_place(camp, state="waiting")
    assert refusal(booked, place=waiting, slot=other) == "not_allowed"


def test_a_team_of_two_cohorts_is_not_in_two_interviews_at_once(camp, desk, edition):
    other = make_cohort(edition, slug="other", source="x")
    entry = make_entry(edition)
    one, two = make_place(camp, entry), make_place(other, entry)
    [here, *_more] = made(camp, desk)
    judge = make_member(edition, Role.JUDGE).user
    [there, *_more] = made(other, desk, room="Room 2", interviewers=[judge])
    booked(one, here)
    assert refusal(booked, place=two, slot=there) == "team_taken"


def test_the_database_holds_one_team_a_slot(camp):
    place = make_place(camp)
    make_interview(camp, place=place)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_interview(camp, hours=30, place=place)


def test_an_organiser_gives_a_time_and_takes_it_back_with_a_reason(camp, desk):
    slot, *_others = made(camp, desk)
    place = make_place(camp)
    booked(place, slot, by=desk)
    assert list(Notice.objects.values_list("kind", "user")) == [("interview_booked", place.entry.entrant_id)]
    assert refusal(interview_actions.cancel, place=place, by=desk, at=AT) == "no_reason"
    interview_actions.cancel(place=place, by=desk, at=AT, reason="The room is flooded.")
    slot.refresh_from_db()
    assert (slot.place, slot.booked_at) == (None, None)
    last = Notice.objects.latest("pk")
    assert (last.kind, last.user, last.values["reason"]) == (
        "interview_cancelled",
        place.entry.entrant,
        "The room is flooded.",
    )


def test_a_team_that_leaves_frees_its_time(camp, desk):
    slot, *_others = made(camp, desk)
    place = make_place(camp)
    booked(place, slot)
    place_actions.leave(place=place, by=desk, at=AT, reason="Ill.")
    slot.refresh_from_db()
    assert slot.place is None


def test_a_moved_time_keeps_its_team_and_tells_everybody(camp, desk, edition):
    slot, other, _third = made(camp, desk)
    place, judge = make_place(camp), make_member(edition, Role.JUDGE).user
    booked(place, slot)
    Notice.objects.all().delete()
    given = {"minutes": 45, "room": "Room 3", "link": "", "by": desk, "at": AT}
    change = interview_actions.change_slot
    clash = {"slot": slot, "starts_at": other.starts_at, "interviewers": [desk.user]}
    assert refusal(change, **clash, **given) == "interviewer_taken"
    later = NINE + timedelta(hours=5)
    moved = change(slot=slot, starts_at=later, interviewers=[judge], **given)
    assert (moved.place, moved.starts_at, moved.room, moved.changes) == (place, later, "Room 3", 2)
    assert set(Notice.objects.values_list("kind", "user")) == {
        ("interview_booked", place.entry.entrant_id),
        ("interview_booked", judge.pk),
    }


def test_only_free_times_are_taken_away(camp, desk):
    slot, other, _third = made(camp, desk)
    booked(make_place(camp), slot)
    assert refusal(interview_actions.remove_slot, slot=slot, by=desk) == "booked"
    interview_actions.remove_slot(slot=other, by=desk)
    assert Interview.objects.count() == 2


def test_teams_without_a_time_are_told_that_they_can_choose(camp, desk):
    assert refusal(interview_actions.announce, cohort=camp, by=desk, at=AT) == "none_free"
    slot, *_others = made(camp, desk)
    has, lacks = make_place(camp), make_place(camp)
    make_place(camp, state="waiting")
    booked(has, slot, by=desk)
    Notice.objects.all().delete()
    assert interview_actions.announce(cohort=camp, by=desk, at=AT) == 1
    assert list(Notice.objects.values_list("kind", "user")) == [("interviews_open", lacks.entry.entrant_id)]


def test_the_calendar_file_moves_with_the_interview(camp, desk, settings):
    settings.SITE_URL = "https://incubator.example"
    first, second, _third = made(camp, desk, link="https://meet.example/1")
    place = make_place(camp)
    client = Client()
    client.force_login(place.entry.entrant)
    url = reverse("submissions:interview_ics", args=[place.pk])
    found = []
    for slot in (first, second):
        booked(place, slot)
        answer = client.get(url)
        assert answer["Content-Type"] == "text/calendar; charset=utf-8"
        [event] = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
        found.append(
            (str(event["UID"]), event["SEQUENCE"], event.start.astimezone(UTC), str(event["LOCATION"]))
        )
    uid = f"interview-{place.pk}@incubator.example"
    assert found == [(uid, 1, first.starts_at, "Room 1"), (uid, 2, second.starts_at, "Room 1")]
    client.force_login(desk.user)
    own = icalendar.Calendar.from_ical(client.get(reverse("submissions:interviews_ics")).content)
    assert len(own.walk("VEVENT")) == 1


def test_the_pages_make_give_and_take(edition, desk):
    camp = make_cohort(edition, places=9, slug="camp", source="reading")
    place, desk_client, team = make_place(camp), Client(), Client()
    desk_client.force_login(desk.user)
    team.force_login(place.entry.entrant)
    url = reverse("submissions:interview_slots", args=[edition.slug, "camp"])
    day = (timezone.now() + timedelta(days=3)).strftime("%Y-%m-%d")
    body = {
        "starts_at": f"{day}T09:00", "ends_at": f"{day}T10:30", "minutes": 30, "gap": 10, "room": "Room 1",
        "interviewers": [desk.id],
    }  # fmt: skip
    assert desk_client.post(url, body).status_code == 302
    assert desk_client.post(url, body).status_code == 400  # the room is taken
    first, second = Interview.objects.all()
    home = reverse("submissions:mentoring_team", args=[place.pk])
    assert "09:00–09:30" in team.get(home).content.decode()
    assert team.post(f"{home}interview/book/", {"slot": first.pk}).status_code == 302
    assert team.post(f"{home}interview/book/", {"slot": 0}).status_code == 409
    assert team.post(f"{home}interview/cancel/").status_code == 302
    assert desk_client.post(f"{url}{second.pk}/assign/", {"team": place.pk}).status_code == 302
    assert desk_client.post(f"{url}{second.pk}/assign/", {"team": "x"}).status_code == 400
    assert desk_client.post(f"{url}{second.pk}/free/", {"reason": "Ill."}).status_code == 302
    assert desk_client.post(f"{url}{first.pk}/remove/").status_code == 302
    moved = body | {"starts_at": f"{day}T15:00", "minutes": 20}
    assert desk_client.post(f"{url}{second.pk}/", moved).status_code == 302
    second.refresh_from_db()
    assert (second.ends_at - second.starts_at, second.place) == (timedelta(minutes=20), None)
    assert Interview.objects.count() == 1
