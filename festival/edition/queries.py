"""Reads of editions."""

from django.db.models import Q, QuerySet

from festival.edition.models import Edition, Membership, Phase
from festival.people.actor import Actor


def visible_to(actor: Actor) -> QuerySet[Edition]:
    """Public and archived editions for everybody, drafts for their team."""
    return Edition.objects.filter(~Q(status=Edition.Status.DRAFT) | Q(pk__in=list(actor.roles)))


def call_of(edition: Edition) -> Phase | None:
    """The call for entries; its end is the deadline."""
    return edition.phases.filter(kind=Phase.Kind.CALL).first()


def team_of(edition: Edition) -> QuerySet[Membership]:
    """Everybody with a role, with their accounts."""
    return edition.memberships.select_related("user").order_by("user__name", "user__email", "role")
