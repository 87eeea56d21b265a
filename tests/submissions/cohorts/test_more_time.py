"""A team asks for more time for a milestone: one request at a time, granted by what gives more time, or declined."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from festival.edition.actions import add_member
from festival.kit.errors import Refused
from festival.people.actor import actor_of
from festival.people.roles import Role
from festival.post.models import Notice
from judging.desk import overview_of, todos_for
from submissions.cohorts import delivery_actions, delivery_queries, place_actions, time_actions
from submissions.cohorts.models import Delivery, Extension, TimeRequest
from submissions.desk_words import log_lines
from submissions.models import Event
from submissions.timeline import happened
from tests.factories import make_edition, make_user
from tests.submissions.cohorts.making import make_cohort, make_delivery, make_milestone, make_place

pytestmark = pytest.mark.django_db
State = TimeRequest.State


@pytest.fixture
def edition():
    return make_edition(owner=make_user("Olga"))


@pytest.fixture
def organiser(edition):
    user = make_user("Orson")
    add_member(edition=edition, user=user, role=Role.ORGANISER)
    return user


@pytest.fixture
def desk(organiser):
    return actor_of(organiser)


@pytest.fixture
def place(edition):
    return make_place(make_cohort(edition, slug="seven"))


@pytest.fixture
def team(place):
    return actor_of(place.entry.entrant)


@pytest.fixture
def milestone(place):
    return make_milestone(place.cohort, ("words", "text", True))


def ask(place, milestone, by, *, days=5, message="Our editor is ill.", at=None):
    return time_actions.ask(
        place=place,
        milestone=milestone,
        until=milestone.due_at + timedelta(days=days),
        message=message,
        by=by,
        at=at or timezone.now(),
    )


def refusal(action, *arguments, **options):
    with pytest.raises(Refused) as error:
        action(*arguments, **options)
    return error.value.code


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def team_url(place, milestone, name="milestone"):
    return reverse(f"cohorts:{name}", kwargs={"code": place.entry.code, "pk": milestone.pk})


def desk_url(place, milestone, name="review"):
    kwargs = {
        "edition": place.cohort.edition.slug,
        "cohort": "seven",
        "milestone": milestone.pk,
        "pk": place.pk,
    }
    return reverse(f"cohorts:{name}", kwargs=kwargs)


def test_a_request_is_granted_by_what_gives_more_time(place, milestone, team, desk, organiser):
    row = ask(place, milestone, team)
    assert set(Notice.objects.filter(kind="milestone_time_asked").values_list("user__name", flat=True)) == {
        "Olga",
        "Orson",
    }
    assert [one.pk for one in delivery_queries.waiting_for_time(place.cohort.edition_id)] == [row.pk]
    until = milestone.due_at + timedelta(days=4)
    delivery_actions.extend(
        place=place,
        milestone=milestone,
        until=until,
        reason="Get well.",
        by=desk,
        at=timezone.now(),
        request=row.pk,
    )
    row.refresh_from_db()
    assert (row.state, row.decided_by) == (State.GRANTED, organiser)
    assert delivery_queries.due_of(place, milestone) == until
    assert Extension.objects.get().reason == "Get well."
    assert Notice.objects.filter(kind="milestone_extended", user=place.entry.entrant).exists()
    assert not delivery_queries.waiting_for_time(place.cohort.edition_id)


def test_declining_says_why_and_the_day_stays(place, milestone, team, desk):
    row = ask(place, milestone, team)
    decline = {"place": place, "milestone": milestone, "request": row.pk, "at": timezone.now()}
    assert refusal(time_actions.decline, **decline, answer=" ", by=desk) == "no_reason"
    assert refusal(time_actions.decline, **decline, answer="No.", by=team) == "not_allowed"
    time_actions.decline(**decline, answer="The hall is booked.", by=desk)
    assert refusal(time_actions.decline, **decline, answer="No.", by=desk) == "changed"
    assert delivery_queries.due_of(place, milestone) == milestone.due_at
    told = Notice.objects.get(kind="milestone_time_declined")
    assert told.user == place.entry.entrant and told.values["reason"] == "The hall is booked."
    assert ask(place, milestone, team).state == State.ASKED


def test_one_waits_for_each_milestone_and_is_taken_back(place, milestone, team):
    other = make_milestone(place.cohort, ("text", "text", True))
    ask(place, milestone, team)
    assert refusal(ask, place, milestone, team) == "open"
    ask(place, other, team)
    for _twice in range(2):
        time_actions.take_back(place=place, milestone=milestone, by=team, at=timezone.now())
    assert list(place.time_requests.filter(state=State.ASKED).values_list("milestone", flat=True)) == [
        other.pk
    ]
    ask(place, milestone, team)


@pytest.mark.parametrize(
    ("days", "code"), [(-20, "past"), (0, "earlier"), (-1, "earlier"), (200, "after_end")]
)
def test_the_day_lies_ahead_and_before_the_cohorts_end(place, milestone, team, days, code):
    assert refusal(ask, place, milestone, team, days=days) == code


@pytest.mark.parametrize("state", ["handed_in", "accepted", "rejected"])
def test_nothing_is_asked_for_once_it_is_handed_in_or_answered(place, milestone, team, state):
    now = timezone.now()
    Delivery.objects.create(
        place=place, milestone=milestone, number=1, state=state, created_at=now, handed_in_at=now,
        reviewed_at=None if state == "handed_in" else now, review="So.",
    )  # fmt: skip
    assert refusal(ask, place, milestone, team) == "settled"


def test_after_changes_it_can_be_asked_again(place, milestone, team):
    make_delivery(place, milestone, state="changes")
    assert ask(place, milestone, team).state == State.ASKED


def test_who_asks(place, milestone, desk):
    assert refusal(ask, place, milestone, desk) == "not_allowed"
    gone = make_place(place.cohort, state="left", entry=make_place(place.cohort).entry)
    assert refusal(ask, gone, milestone, actor_of(gone.entry.entrant)) == "not_allowed"
    assert refusal(ask, place, milestone, actor_of(place.entry.entrant), message=" ") == "no_reason"


def test_not_more_than_some_a_day(place, milestone, team, desk):
    for _number in range(time_actions.MOST_A_DAY):
        row = ask(place, milestone, team)
        time_actions.decline(
            place=place, milestone=milestone, request=row.pk, answer="No.", by=desk, at=timezone.now()
        )
    assert refusal(ask, place, milestone, team) == "too_many"
    ask(place, milestone, team, at=timezone.now() + timedelta(days=1, minutes=1))


def test_handing_in_and_leaving_end_it(place, milestone, team, desk):
    ask(place, milestone, team)
    words = milestone.deliverables.get()
    at = timezone.now()
    delivery_actions.collect(place=place, deliverable=words, by=team, at=at, text="The sea")
    delivery_actions.hand_in(place=place, milestone=milestone, by=team, at=at)
    assert place.time_requests.get().state == State.OVER
    other = make_milestone(place.cohort, ("text", "text", True))
    row = ask(place, other, team)
    place_actions.leave(place=place, by=team, at=timezone.now(), reason="No time.")
    row.refresh_from_db()
    assert row.state == State.OVER
    assert not delivery_queries.waiting_for_time(place.cohort.edition_id)
    decline = {"place": place, "milestone": other, "request": row.pk, "answer": "No.", "by": desk}
    assert refusal(time_actions.decline, **decline, at=timezone.now()) == "changed"


def test_an_organiser_answers_the_request_that_she_has_seen(place, milestone, team, desk):
    extend = {
        "place": place,
        "milestone": milestone,
        "until": milestone.due_at + timedelta(days=2),
        "reason": "So.",
    }
    row = ask(place, milestone, team)
    assert refusal(delivery_actions.extend, **extend, by=desk, at=timezone.now()) == "changed"
    time_actions.take_back(place=place, milestone=milestone, by=team, at=timezone.now())
    assert refusal(delivery_actions.extend, **extend, by=desk, at=timezone.now(), request=row.pk) == "changed"
    assert not Extension.objects.exists()
    assert refusal(time_actions.take_back, place=place, milestone=milestone, by=desk, at=timezone.now()) == (
        "not_allowed"
    )


def test_both_sides_read_it_in_the_log(place, milestone, team, desk):
    row = ask(place, milestone, team)
    time_actions.decline(
        place=place, milestone=milestone, request=row.pk, answer="The hall.", by=desk, at=timezone.now()
    )
    events = list(Event.objects.filter(entry=place.entry, kind__startswith="time_").order_by("pk"))
    assert [line.title.partition(" ")[0] for line in log_lines(events)] == ["No", "Time"]
    assert [step.note for step in happened(events)] == ["", "The hall."]


def test_the_team_asks_on_the_page_and_reads_the_answer(place, milestone, organiser):
    team = client_of(place.entry.entrant)
    page, url = team_url(place, milestone), team_url(place, milestone, "ask_time")
    assert "Ask for more time" in team.get(page).content.decode()
    zone = ZoneInfo(place.cohort.edition.time_zone)
    day = milestone.due_at.astimezone(zone).date() + timedelta(days=3)
    refused = team.post(url, {"day": day - timedelta(days=5), "message": "Ill"})
    assert refused.status_code == 400 and "You have as much time already" in refused.content.decode()
    assert team.post(url, {"day": day, "message": ""}).status_code == 400
    assert team.post(url, {"day": day, "message": "Ill"}).status_code == 302
    row = TimeRequest.objects.get()
    assert row.until == datetime.combine(day + timedelta(days=1), time(), zone)
    text = team.get(page).content.decode()
    assert "More time is asked for" in text and "Take the request back" in text and 'id="ask"' not in text
    office, at_desk = client_of(organiser), desk_url(place, milestone)
    for where in ("desk", "matrix"):
        kwargs = {"edition": place.cohort.edition.slug} | ({"cohort": "seven"} if where == "matrix" else {})
        assert (
            "More time is asked for"
            in office.get(reverse(f"cohorts:{where}", kwargs=kwargs)).content.decode()
        )
    text = office.get(at_desk).content.decode()
    assert "The team asks for more time" in text and "Ill</textarea>" in text
    url = desk_url(place, milestone, "decline_time")
    assert office.post(url, {"request": row.pk, "reason": ""}).status_code == 400
    assert office.post(url, {"request": row.pk, "reason": "The hall is booked."}).status_code == 302
    assert office.post(url, {"request": row.pk, "reason": "Again."}).status_code == 409
    text = team.get(page).content.decode()
    assert "No more time was given" in text and "The hall is booked." in text and 'id="ask"' in text
    team.post(team_url(place, milestone, "ask_time"), {"day": day, "message": "Still ill"})
    row = TimeRequest.objects.get(state="asked")
    given = {"until": f"{day}T12:00", "reason": "Well then.", "request": row.pk}
    assert office.post(desk_url(place, milestone, "extend"), given).status_code == 302
    text = team.get(page).content.decode()
    assert "More time was given" in text and "No more time was given" not in text


def test_the_team_takes_it_back_on_the_page(place, milestone, team):
    ask(place, milestone, team)
    client = client_of(place.entry.entrant)
    assert client.post(team_url(place, milestone, "take_time_back")).status_code == 302
    assert TimeRequest.objects.get().state == State.OVER


def test_the_last_day_is_the_cohorts(place, milestone):
    """The end of the cohort counts, where it is not midnight."""
    place.cohort.ends_at = milestone.due_at + timedelta(days=9, hours=1)
    place.cohort.save()
    zone = ZoneInfo(place.cohort.edition.time_zone)
    day = place.cohort.ends_at.astimezone(zone).date()
    client = client_of(place.entry.entrant)
    client.post(team_url(place, milestone, "ask_time"), {"day": day, "message": "Ill"})
    assert TimeRequest.objects.get().until == place.cohort.ends_at


def test_it_waits_on_the_desk(place, milestone, team, desk):
    edition = place.cohort.edition
    ask(place, milestone, team)
    said = [todo.text for todo in todos_for(desk, edition, overview_of(edition, timezone.now()))]
    assert "1 team asks for more time for a milestone." in said
