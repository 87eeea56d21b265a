"""Two at the same moment: one delivery under way, one review, one tranche."""

from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from festival.kit.errors import Refused
from festival.people.actor import actor_of
from festival.people.roles import Role
from submissions.cohorts import delivery_actions
from submissions.cohorts.models import Delivery, SupportLine
from tests.factories import make_edition, make_member
from tests.racing import together
from tests.submissions.cohorts.making import make_cohort, make_milestone, make_place

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def postgresql():
    if connection.vendor != "postgresql":
        pytest.skip("two writers at once need PostgreSQL: ./dev test --lane postgres")


@pytest.mark.parametrize("attempt", range(4))
def test_a_milestone_has_one_delivery_one_review_and_one_tranche(attempt):
    edition = make_edition()
    desk = [make_member(edition, Role.ORGANISER) for _one in range(3)]
    place = make_place(make_cohort(edition, source="final"))
    team = actor_of(place.entry.entrant)
    parts = [(f"text-{number}", "text", True) for number in range(3)]
    milestone = make_milestone(place.cohort, *parts, grant=Decimal(500), grant_unit="CNY")

    def collecting(deliverable):
        return lambda: delivery_actions.collect(
            place=place, deliverable=deliverable, by=team, at=timezone.now(), text="Words"
        )

    def handing_in():
        return delivery_actions.hand_in(place=place, milestone=milestone, by=team, at=timezone.now())

    assert not any(
        isinstance(one, Refused) for one in together(*map(collecting, milestone.deliverables.all()))
    )
    delivery = Delivery.objects.get()
    assert delivery.parts.count() == 3
    refused = [one.code for one in together(handing_in, handing_in) if isinstance(one, Refused)]
    assert refused == ["nothing"]

    def reviewing(by):
        return lambda: delivery_actions.review(
            delivery=delivery, outcome="accepted", text="", by=by, at=timezone.now()
        )

    refused = [one.code for one in together(*map(reviewing, desk)) if isinstance(one, Refused)]
    assert refused == ["changed"] * 2
    assert SupportLine.objects.filter(place=place, milestone=milestone).count() == 1
