"""Reads of editions."""

from django.db.models import Q, QuerySet, Subquery

from festival.edition.models import (
    DeadlineExtension,
    Edition,
    EditionChange,
    Membership,
    Phase,
    RulebookChange,
)
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


def extensions_of(edition: Edition) -> dict[int | None, DeadlineExtension]:
    """The newest extension by the track whose deadline it moved, None for the call's. One query."""
    return {
        row.track_id: row for row in DeadlineExtension.objects.filter(edition=edition).order_by("at", "pk")
    }


def change_under_way(edition: Edition) -> RulebookChange | None:
    """The change of the rulebook that is counted, waits to be applied, or is being applied."""
    rows = RulebookChange.objects.filter(edition=edition).exclude(state=RulebookChange.State.APPLIED)
    return rows.select_related("edition").first()


def applied_changes(edition: Edition) -> QuerySet[RulebookChange]:
    """The changes that are in force, newest first."""
    rows = RulebookChange.objects.filter(edition=edition, number__isnull=False)
    return rows.select_related("by").order_by("-number")


def changes_since_opening(
    edition: Edition,
) -> tuple[QuerySet[EditionChange], QuerySet[RulebookChange], QuerySet[DeadlineExtension]]:
    """What became another than it was when the call opened: terms, rulebook, deadline."""
    call = Phase.objects.filter(edition=edition, kind=Phase.Kind.CALL)
    opened = {"at__gte": Subquery(call.values("starts_at")[:1])}
    return (
        EditionChange.objects.filter(edition=edition),
        RulebookChange.objects.filter(edition=edition, number__isnull=False, **opened),
        DeadlineExtension.objects.filter(edition=edition, **opened).select_related("track"),
    )


def has_changed(edition: Edition) -> bool:
    """Whether there is anything to read on the page of changes. Three queries at most."""
    return any(rows.exists() for rows in changes_since_opening(edition))
