"""The desk changes a cohort at the moment at which places in it are offered and taken."""

from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from festival.kit.errors import Refused
from festival.people.actor import actor_of
from judging import cohort_setup_actions as actions
from submissions.cohorts import delivery_actions, place_actions
from submissions.cohorts.models import Cohort, Delivery, Milestone, Place, SupportLine
from tests.factories import make_user
from tests.judging.team_desk import WHY
from tests.judging.test_cohort_kept import MONEY, Teams
from tests.racing import together
from tests.submissions.cohorts.making import make_milestone, make_place

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def postgresql() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("two writers at once need PostgreSQL: ./dev test --lane postgres")


@pytest.mark.parametrize("attempt", range(4))
def test_who_takes_a_place_is_owed_what_is_promised_in_the_end(attempt: int) -> None:
    teams = Teams()
    invited = [
        make_place(
            teams.cohort, state="offered", email=f"{n}@example.org", name=f"Director {n}", language="en"
        )
        for n in range(2)
    ]

    def accepting(place: Place):
        by = actor_of(make_user(place.name))
        return lambda: place_actions.accept(place=place, by=by, at=timezone.now(), title="A lamp")

    def raising() -> Cohort:
        return teams.change(support=[MONEY | {"amount": Decimal(1500)}])

    results = together(accepting(invited[0]), raising, accepting(invited[1]))
    assert not [one for one in results if isinstance(one, Refused)]
    for place in invited:
        assert SupportLine.objects.filter(place=place).aggregate(sum=Sum("amount"))["sum"] == 1500


@pytest.mark.parametrize("attempt", range(4))
def test_there_are_never_more_places_taken_than_there_are(attempt: int) -> None:
    teams = Teams()
    teams.change(places=2)
    for _number in range(2):
        teams.taken("waiting")
    together(
        lambda: place_actions.offer_free(cohort=teams.cohort, by=teams.by, at=timezone.now()),
        lambda: actions.save_cohort(
            edition=teams.edition, slug=teams.cohort.slug, given={"places": 1}, days=(teams.first, teams.last),
            **teams.deed(WHY),
        ),
    )  # fmt: skip
    cohort = Cohort.objects.get(pk=teams.cohort.pk)
    assert Place.objects.filter(cohort=cohort, state="offered").count() == cohort.places


@pytest.mark.parametrize("attempt", range(4))
def test_a_milestone_goes_before_a_team_delivers_or_stays(attempt: int) -> None:
    teams = Teams()
    place = teams.taken("accepted")
    milestone = make_milestone(teams.cohort, ("words", "text", True))
    words = milestone.deliverables.get()
    team = actor_of(place.entry.entrant)
    results = together(
        lambda: delivery_actions.collect(
            place=place, deliverable=words, by=team, at=timezone.now(), text="Words"
        ),
        lambda: actions.remove_milestone(milestone=milestone, **teams.deed(WHY)),
    )
    assert len([one for one in results if isinstance(one, Refused)]) == 1
    assert Delivery.objects.filter(place=place).count() == Milestone.objects.filter(pk=milestone.pk).count()
