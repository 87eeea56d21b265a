"""Two at the same moment: no time is given twice, no team, room or interviewer is in two interviews at once."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from festival.kit.errors import Refused
from festival.people.actor import actor_of
from festival.people.roles import Role
from submissions.cohorts import interview_actions, place_actions
from submissions.cohorts.models import Interview
from tests.factories import make_edition, make_entry, make_member
from tests.racing import together
from tests.submissions.cohorts.making import make_cohort, make_interview, make_place

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def postgresql():
    if connection.vendor != "postgresql":
        pytest.skip("two writers at once need PostgreSQL: ./dev test --lane postgres")


def codes_of(results):
    assert all(isinstance(one, Refused | Interview | list) or hasattr(one, "state") for one in results), (
        results
    )
    return sorted(one.code for one in results if isinstance(one, Refused))


def booking(place, slot):
    return lambda: interview_actions.book(
        place=place, slot=slot, by=actor_of(place.entry.entrant), at=timezone.now()
    )


@pytest.mark.parametrize("attempt", range(4))
def test_a_time_goes_to_one_team(attempt):
    edition = make_edition()
    camp = make_cohort(edition, places=9, source="reading")
    slot = make_interview(camp, make_member(edition, Role.JUDGE).user)
    results = together(*(booking(make_place(camp), slot) for _one in range(4)))
    assert codes_of(results) == ["taken"] * 3
    assert Interview.objects.filter(place__isnull=False).count() == 1


@pytest.mark.parametrize("attempt", range(4))
def test_a_team_that_takes_two_has_one(attempt):
    edition = make_edition()
    camp = make_cohort(edition, places=9, source="reading")
    judge, place = make_member(edition, Role.JUDGE).user, make_place(camp)
    slots = [make_interview(camp, judge, hours=24 + n) for n in range(3)]
    assert codes_of(together(*(booking(place, slot) for slot in slots))) == []
    assert Interview.objects.filter(place=place).count() == 1
    assert Interview.objects.filter(place=None).count() == 2


@pytest.mark.parametrize("attempt", range(4))
def test_two_organisers_make_no_two_times_in_a_room_or_with_an_interviewer(attempt):
    edition = make_edition()
    camp, other = make_cohort(edition, source="one"), make_cohort(edition, source="two")
    desk, judges = (
        make_member(edition, Role.ORGANISER),
        [make_member(edition, Role.JUDGE).user for _n in range(2)],
    )
    start = timezone.now() + timedelta(days=1)

    def making(cohort, room, judge):
        return lambda: interview_actions.make_slots(
            cohort=cohort, starts_at=start, ends_at=start + timedelta(hours=1), minutes=30, gap=0, room=room,
            link="", interviewers=[judge], by=desk, at=timezone.now(),
        )  # fmt: skip

    results = together(making(camp, "A", judges[0]), making(other, "A", judges[1]))
    assert codes_of(results) == ["room_taken"]
    results = together(making(camp, "C", judges[0]), making(other, "D", judges[0]))
    assert "interviewer_taken" in codes_of(results)
    times = Interview.objects.filter(interviewers=judges[0]).values_list("starts_at", flat=True)
    assert len(times) == len(set(times))


@pytest.mark.parametrize("attempt", range(4))
def test_a_team_of_two_cohorts_takes_one_of_two_at_the_same_time(attempt):
    edition = make_edition()
    entry = make_entry(edition)
    places = [make_place(make_cohort(edition, source=name), entry) for name in ("one", "two")]
    slots = [
        make_interview(place.cohort, make_member(edition, Role.JUDGE).user, room=f"R{place.pk}")
        for place in places
    ]
    results = together(*(booking(place, slot) for place, slot in zip(places, slots, strict=True)))
    assert codes_of(results) == ["team_taken"]


@pytest.mark.parametrize("attempt", range(4))
def test_a_team_that_leaves_while_it_books_keeps_no_time(attempt):
    edition = make_edition()
    camp, desk = make_cohort(edition, source="reading"), make_member(edition, Role.ORGANISER)
    slot, place = make_interview(camp, desk.user), make_place(camp)
    results = together(
        booking(place, slot),
        lambda: place_actions.leave(place=place, by=desk, at=timezone.now(), reason="Ill."),
    )
    assert codes_of(results) in ([], ["not_allowed"])
    slot.refresh_from_db()
    assert slot.place is None
