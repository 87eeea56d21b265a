"""Reminders of what is to be done: once, on the day before it is due."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from festival.edition.blueprint import end_of_day
from festival.edition.models import Edition
from submissions.cohorts import mentoring_letters
from submissions.cohorts.models import ActionItem, Place


def remind(*, at: datetime, edition: Edition | None = None) -> int:
    """Write the reminders that are due, to the entrant or to the mentors, of all teams or of one edition's; gives how
    many items. Safe to run twice.

    What was due before anybody could be reminded is left alone: the page says that it is late.
    """
    items = ActionItem.objects.filter(
        done_at=None,
        reminded_at=None,
        due_on__gte=at.date() - timedelta(days=1),
        due_on__lte=at.date() + timedelta(days=2),
        place__state=Place.State.ACCEPTED,
    ).select_related("place__cohort__edition", "place__entry__entrant")
    if edition is not None:
        items = items.filter(place__cohort__edition=edition)
    count = 0
    for item in items.prefetch_related("place__mentors__user"):
        today = at.astimezone(ZoneInfo(item.place.cohort.edition.time_zone)).date()
        if item.due_on is not None and today <= item.due_on <= today + timedelta(days=1):
            count += _write(item, at)
    return count


@transaction.atomic
def _write(item: ActionItem, at: datetime) -> int:
    """The row is claimed first: a second clock finds it told."""
    if not ActionItem.objects.filter(pk=item.pk, reminded_at=None, done_at=None).update(reminded_at=at):
        return 0
    place = item.place
    assert place.entry is not None and item.due_on is not None
    users = [place.entry.entrant] if item.of_team else [mentor.user for mentor in place.mentors.all()]
    deadline = end_of_day(0, item.due_on, place.cohort.edition.time_zone)
    mentoring_letters.tell(users, place, "action_item_due", at, task=item.text, deadline=deadline.isoformat())
    return 1
