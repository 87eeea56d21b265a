"""Reminders of milestones to teams that have not handed them in: a week before, a day before, and when late."""

from datetime import datetime, timedelta

from django.db import transaction

from festival.edition.models import Edition
from submissions.cohorts import letters
from submissions.cohorts.delivery_queries import SETTLED, due_by_place
from submissions.cohorts.models import Delivery, Milestone, Place, Reminder

DAY, WEEK = timedelta(days=1), timedelta(days=7)
Kind = Reminder.Kind


def remind(*, at: datetime, edition: Edition | None = None) -> int:
    """Write the reminders that are due, of all teams or of one edition's, each once for a team; gives how many. Safe to
    run twice.

    More time, and the date of a next version, count. Of a milestone late for a week nothing more is written.
    """
    near = Milestone.objects.filter(due_at__lte=at + WEEK, cohort__starts_at__lte=at)
    if edition is not None:
        near = near.filter(cohort__edition=edition)
    milestones: dict[int, list[Milestone]] = {}
    for milestone in near:
        milestones.setdefault(milestone.cohort_id, []).append(milestone)
    if not milestones:
        return 0
    places = Place.objects.filter(cohort__in=milestones, state=Place.State.ACCEPTED)
    places = places.select_related("cohort__edition", "entry__entrant")
    until = due_by_place(places, near)
    done = set(
        Delivery.objects.filter(milestone__in=near, state__in=SETTLED).values_list("place", "milestone")
    )
    told = set(Reminder.objects.filter(milestone__in=near).values_list("place", "milestone", "kind"))
    count = 0
    for place in places:
        for milestone in milestones[place.cohort_id]:
            due = max(milestone.due_at, until.get((place.pk, milestone.pk), milestone.due_at))
            kind = kind_now(due, at)
            if kind and (place.pk, milestone.pk) not in done and (place.pk, milestone.pk, kind) not in told:
                count += _write(place, milestone, kind, due, at)
    return count


def kind_now(due: datetime, at: datetime) -> str:
    """Which reminder is due at this moment; "" for none."""
    if due - WEEK <= at < due - DAY:
        return Kind.WEEK
    if due - DAY <= at < due:
        return Kind.DAY
    return Kind.LATE if due <= at < due + WEEK else ""


@transaction.atomic
def _write(place: Place, milestone: Milestone, kind: str, due: datetime, at: datetime) -> int:
    """The row comes first: a second clock finds it there."""
    _row, made = Reminder.objects.get_or_create(
        place=place, milestone=milestone, kind=kind, defaults={"at": at}
    )
    if made:
        letter = "milestone_late" if kind == Kind.LATE else "milestone_due"
        letters.tell_team(place, letter, at, milestone=milestone.name, deadline=due.isoformat())
    return int(made)
