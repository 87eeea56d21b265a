"""Reads of invitations."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from festival.edition.models import Edition
from festival.people.actor import Actor
from festival.team.links import hash_of
from festival.team.models import Invitation
from festival.team.permissions import can_invite

State = Invitation.State


def invitations_for(actor: Actor, edition: Edition) -> list[Invitation]:
    """The invitations that the actor may send or withdraw, newest first: the chair's are those of judges. One query."""
    rows = Invitation.objects.filter(edition=edition).select_related("by", "user", "instead_of")
    return [row for row in rows if can_invite(actor, edition, row.role)]


def overdue(edition: Edition, at: datetime) -> QuerySet[Invitation]:
    """Those that nobody answered in time."""
    return Invitation.objects.filter(edition=edition, state=State.OPEN, answer_by__lte=at)


def by_hash(token_hash: str) -> Invitation | None:
    """The invitation of a link; None for one that is wrong, old or withdrawn."""
    rows = Invitation.objects.select_related("edition", "by", "user")
    return rows.filter(token_hash=token_hash).exclude(state=State.WITHDRAWN).first()


def by_token(token: str) -> Invitation | None:
    return by_hash(hash_of(token))


def known_already(edition: Edition, role: str, emails: Collection[str], at: datetime) -> dict[str, str]:
    """By address, why nobody need be invited: "member" has the role, "open" was asked and may still answer."""
    asked = Invitation.objects.filter(
        edition=edition, role=role, email__in=emails, state=State.OPEN, answer_by__gt=at
    )
    found = dict.fromkeys(asked.values_list("email", flat=True), "open")
    members = edition.memberships.filter(role=role, user__email__in=emails)
    return found | dict.fromkeys(members.values_list("user__email", flat=True), "member")
