"""Reads of cohorts and places."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from festival.edition.models import Edition
from festival.people.actor import Actor
from festival.people.roles import Role
from submissions.cohorts.links import hash_of
from submissions.cohorts.models import Cohort, Place
from submissions.models import CreditInvitation, Entry

State = Place.State
LIVE = (State.WAITING, State.OFFERED, State.ACCEPTED)
TAKEN = (State.OFFERED, State.ACCEPTED)  # what counts against the cohort's places


@dataclass(frozen=True, slots=True)
class Figures:
    """How the places of a cohort stand."""

    places: int
    offered: int
    accepted: int
    waiting: int

    @property
    def free(self) -> int:
        return max(self.places - self.offered - self.accepted, 0)


def figures_of(edition: Edition) -> dict[int, Figures]:
    """By the cohort's id. One query."""
    rows = Cohort.objects.filter(edition=edition).annotate(
        **{
            f"count_{state}": Count("all_places", filter=Q(all_places__state=state))
            for state in (State.OFFERED, State.ACCEPTED, State.WAITING)
        }
    )
    return {
        row.pk: Figures(row.places, row.count_offered, row.count_accepted, row.count_waiting) for row in rows
    }


def free_places(cohort: Cohort) -> int:
    """Whoever is about to offer one holds the cohort's row."""
    return cohort.places - Place.objects.filter(cohort=cohort, state__in=TAKEN).count()


def places_of(cohort: Cohort) -> QuerySet[Place]:
    """Every place with its entry, in the order of the list."""
    return Place.objects.filter(cohort=cohort).select_related("entry__entrant", "user", "instead_of")


def of_entry(entry: Entry) -> QuerySet[Place]:
    """The places of one entry that were offered or taken, the newest first. One query."""
    rows = Place.objects.filter(entry=entry).exclude(state=State.WAITING)
    return rows.select_related("cohort__edition", "entry__entrant").order_by("-cohort__starts_at", "-pk")


def next_waiting(cohort: Cohort) -> Place | None:
    """The first on the waiting list."""
    rows = Place.objects.filter(cohort=cohort, state=State.WAITING)
    return rows.select_related("entry__entrant").order_by("rank", "pk").first()


def place_of_link(token: str) -> Place | None:
    """The place that a letter's link leads to, also when it was answered; None for what is no link of ours."""
    rows = Place.objects.select_related("cohort__edition", "cohort__track", "entry__entrant", "user")
    return rows.filter(token_hash=hash_of(token)).first()


def overdue(at: datetime) -> QuerySet[Place]:
    """Offered, and not answered in time."""
    return Place.objects.filter(state=State.OFFERED, answer_by__lte=at)


def visible_to(actor: Actor) -> QuerySet[Place]:
    """As `permissions.can_see`, for a whole table."""
    if not actor.known:
        return Place.objects.none()
    agreed = CreditInvitation.objects.filter(user=actor.user, state=CreditInvitation.State.ACCEPTED)
    return Place.objects.filter(
        Q(cohort__edition__in=actor.editions(Role.ORGANISER))
        | Q(entry__entrant=actor.user)
        | Q(entry__in=agreed.filter(credits__isnull=False).values("entry"))
        | Q(pk__in=Place.objects.filter(mentors__user=actor.user).values("pk"))
    )
