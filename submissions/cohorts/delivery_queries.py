"""Reads of milestones and of what teams deliver for them."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Prefetch, QuerySet
from django.db.models.functions import Coalesce

from submissions.cohorts.models import (
    Cohort,
    CutNote,
    Deliverable,
    Delivery,
    DeliveryPart,
    Extension,
    Milestone,
    Place,
    TimeRequest,
)

State = Delivery.State
HANDED = (State.HANDED_IN, State.CHANGES, State.ACCEPTED, State.REJECTED)
SETTLED = (State.HANDED_IN, State.ACCEPTED, State.REJECTED)
"""The newest delivery is one of these: nothing more is asked of the team for now."""


def asks_for_films(cohort: Cohort) -> bool | None:
    """Whether a milestone of this cohort asks for a film; None where it has no milestones. One query."""
    kinds = set(cohort.milestones.values_list("deliverables__kind", flat=True))
    return Deliverable.Kind.FILM in kinds if kinds else None


def due_of(place: Place, milestone: Milestone) -> datetime:
    """When the milestone is due for this team: what was said last counts, unless the milestone itself is later. The
    first moment that is late.
    """
    return due_by_place([place], [milestone]).get((place.pk, milestone.pk), milestone.due_at)


def due_by_milestone(place: Place) -> dict[int, datetime]:
    """The same for all milestones of the cohort, by id. Three queries."""
    milestones = Milestone.objects.filter(cohort=place.cohort_id)
    due = dict(milestones.values_list("pk", "due_at"))
    return due | {
        milestone: until for (_place, milestone), until in due_by_place([place], milestones).items()
    }


def due_by_place(
    places: Iterable[Place] | QuerySet[Place], milestones: Iterable[Milestone] | QuerySet[Milestone]
) -> dict[tuple[int, int], datetime]:
    """Where a team has a date of its own, by the ids of place and milestone: more time that it was given, or the day of
    the next version that changes were asked for; what was said last counts, unless the milestone itself is later, or
    was moved beyond it since. Two queries.
    """
    mine = {"place__in": places, "milestone__in": milestones}
    given = Extension.objects.filter(**mine).order_by("at", "pk")
    asked = Delivery.objects.filter(**mine, again_by__isnull=False).order_by("number")
    # Of two dates said at one moment the later in this list counts.
    rows = [
        *given.values_list("at", "place", "milestone", "until", "milestone__due_at"),
        *asked.annotate(said=Coalesce("reopened_at", "reviewed_at")).values_list(
            "said", "place", "milestone", "again_by", "milestone__due_at"
        ),
    ]
    rows.sort(key=lambda row: row[0])
    return {(place, milestone): max(until, due) for _said, place, milestone, until, due in rows}


def missing_in(delivery: Delivery) -> list[Deliverable]:
    """What the milestone requires and the delivery does not have."""
    required = Deliverable.objects.filter(milestone=delivery.milestone_id, required=True)
    return list(required.exclude(parts__in=DeliveryPart.objects.filter(delivery=delivery)))


def deliveries_of(place: Place) -> QuerySet[Delivery]:
    """All of a team, the newest first, with their parts and the notes on them. Three queries."""
    notes = CutNote.objects.select_related("by").filter(answers=None).prefetch_related("replies__by")
    parts = DeliveryPart.objects.select_related("deliverable", "version__asset", "attachment__asset")
    return (
        Delivery.objects.filter(place=place)
        .select_related("milestone", "by", "reviewer", "reopener")
        .prefetch_related(Prefetch("parts", parts.prefetch_related(Prefetch("notes", notes))))
    )


def waiting_for_review(edition_id: int) -> QuerySet[Delivery]:
    """Handed in and not reviewed, the oldest first."""
    rows = Delivery.objects.filter(place__cohort__edition=edition_id, state=State.HANDED_IN)
    return rows.select_related("place__cohort", "place__entry", "milestone").order_by("handed_in_at", "pk")


def open_request(place: Place, milestone: Milestone) -> TimeRequest | None:
    """The team's request for more time that nobody has decided. One query."""
    rows = TimeRequest.objects.filter(place=place, milestone=milestone, state=TimeRequest.State.ASKED)
    return rows.select_related("by").first()


def newest_request(place: Place, milestone: Milestone) -> TimeRequest | None:
    """The last request for more time, whatever became of it. One query."""
    rows = TimeRequest.objects.filter(place=place, milestone=milestone)
    return rows.select_related("by", "decided_by").first()


def waiting_for_time(edition_id: int) -> QuerySet[TimeRequest]:
    """Requests for more time of teams that have their place, the oldest first."""
    rows = TimeRequest.objects.filter(
        place__cohort__edition=edition_id, place__state=Place.State.ACCEPTED, state=TimeRequest.State.ASKED
    )
    return rows.select_related("place__cohort", "place__entry", "milestone").order_by("at", "pk")
