"""Answers and withdrawals at the same moment: one of them holds."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from festival.edition.models import Membership
from festival.kit.errors import Refused
from festival.people.actor import actor_of
from festival.people.roles import Role
from festival.team import actions
from festival.team.models import Invitation
from tests.factories import make_edition, make_member, make_team_invitation, make_user
from tests.racing import together

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("attempt", range(6))
@pytest.mark.parametrize("against", ["accept", "decline", "withdraw"])
def test_one_holds(against: str, attempt: int) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("two writers at once need PostgreSQL: ./dev test --lane postgres")
    edition = make_edition()
    organiser = make_member(edition, Role.ORGANISER)
    row = make_team_invitation(edition, by=organiser.user)
    mara, at = actor_of(make_user(email=row.email)), timezone.now()
    doings: dict[str, Callable[[], Any]] = {
        "accept": lambda: actions.accept(invitation=row, by=mara, at=at),
        "decline": lambda: actions.decline(invitation=row, at=at),
        "withdraw": lambda: actions.withdraw(invitation=row, by=organiser),
    }
    results = together(doings["accept"], doings[against])
    assert sum(isinstance(result, Refused) for result in results) == 1
    state = Invitation.objects.get().state
    lost = isinstance(results[0], Refused)
    assert (state == "accepted") == (not lost or against == "accept")
    assert Membership.objects.filter(user=mara.user).count() == (state == "accepted")


def test_the_same_people_invited_twice_at_once() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("two writers at once need PostgreSQL: ./dev test --lane postgres")
    from datetime import timedelta

    from festival.team.people_list import Person

    edition, at = make_edition(), timezone.now()
    organiser = make_member(edition, Role.ORGANISER)

    def invite() -> Any:
        return actions.invite(
            edition=edition, people=[Person("a@example.org"), Person("b@example.org")], role="judge",
            language="en", message="", answer_by=at + timedelta(days=5), by=organiser, at=at,
        )  # fmt: skip

    results = together(invite, invite)
    assert sum(isinstance(result, Refused) for result in results) == 1
    assert Invitation.objects.count() == 2
