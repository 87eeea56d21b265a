"""Two at the same moment: no place is given twice, no answer taken twice."""

import pytest
from django.db import connection
from django.utils import timezone

from festival.kit.errors import Refused
from festival.people.actor import actor_of
from festival.people.roles import Role
from submissions.cohorts import place_actions
from submissions.cohorts.models import SupportLine
from tests.factories import make_edition, make_entry, make_member
from tests.racing import together
from tests.submissions.cohorts.making import make_cohort, make_place

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def postgresql():
    if connection.vendor != "postgresql":
        pytest.skip("two writers at once need PostgreSQL: ./dev test --lane postgres")


def codes_of(results):
    return sorted(one.code for one in results if isinstance(one, Refused))


@pytest.mark.parametrize("attempt", range(4))
def test_the_last_place_is_offered_once(attempt):
    edition = make_edition()
    desk, cohort = make_member(edition, Role.ORGANISER), make_cohort(edition, places=1, source="final")
    places = [make_place(cohort, state="waiting") for _one in range(4)]
    results = together(
        *(
            lambda place=place: place_actions.offer(place=place, by=desk, at=timezone.now())
            for place in places
        )
    )
    assert codes_of(results) == ["full"] * 3
    assert cohort.all_places.filter(state="offered").count() == 1


@pytest.mark.parametrize("attempt", range(4))
def test_the_next_is_another_one_for_each_who_asks(attempt):
    edition = make_edition()
    desk, cohort = make_member(edition, Role.ORGANISER), make_cohort(edition, places=3, source="final")
    place_actions.enlist(
        cohort=cohort, entries=[make_entry(edition) for _one in range(5)], by=desk, at=timezone.now()
    )
    results = together(
        *(lambda: place_actions.offer_next(cohort=cohort, by=desk, at=timezone.now()) for _one in range(4))
    )
    assert codes_of(results) == ["full"]
    assert sorted(cohort.all_places.filter(state="offered").values_list("rank", flat=True)) == [1, 2, 3]


@pytest.mark.parametrize("attempt", range(4))
def test_yes_and_no_at_once_is_one_answer(attempt):
    edition = make_edition()
    cohort = make_cohort(edition, places=1, source="final")
    cohort.promises.create(kind="cash", amount=100, unit="CNY")
    place = make_place(cohort, state="offered")
    team = actor_of(place.entry.entrant)
    results = together(
        lambda: place_actions.accept(place=place, by=team, at=timezone.now()),
        lambda: place_actions.decline(place=place, by=team, at=timezone.now()),
        lambda: place_actions.accept(place=place, by=team, at=timezone.now()),
    )
    assert len(codes_of(results)) == 2
    place.refresh_from_db()
    assert SupportLine.objects.filter(place=place).count() == (1 if place.state == "accepted" else 0)
