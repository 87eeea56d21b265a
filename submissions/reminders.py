"""Reminding the entrants of drafts before the deadline: each edition's days, each once, in sets."""

from datetime import datetime, timedelta
from itertools import batched

from django.db import IntegrityError, transaction

from festival.edition.calendar import calendar_of
from festival.edition.models import Phase
from festival.post.actions import notify_many
from festival.post.models import Notice, Reminder
from festival.post.template_actions import REMINDER_DAYS
from submissions import queries
from submissions.deadline import deadline_of
from submissions.letters import left_to_do
from submissions.lifecycle import State
from submissions.models import Entry

CHUNK = 500
DAY = timedelta(days=1)


def remind_drafts(*, at: datetime) -> int:
    """Write the reminders that are due; gives how many letters. Run by the beat, safe to run twice.

    One for `n` days is due from `n` days before the deadline on, for a day. Two queries when nothing is due.
    """
    soon = Phase.objects.filter(
        kind=Phase.Kind.CALL,
        starts_at__lte=at,
        ends_at__gt=at,
        ends_at__lte=at + max(REMINDER_DAYS) * DAY,
    ).select_related("edition")
    due = [(call, days) for call in soon if (days := due_days(call, at))]
    keys = {(call.edition_id, call.ends_at, days) for call, days in due}
    if not keys:
        return 0
    rows = Reminder.objects.filter(edition_id__in={edition for edition, _end, _days in keys})
    written = set(rows.values_list("edition_id", "deadline", "days"))
    return sum(
        write_reminder(call=call, days=days, at=at)
        for call, days in due
        if (call.edition_id, call.ends_at, days) not in written
    )


def due_days(call: Phase, at: datetime) -> int:
    """Which of the edition's reminders is due now: its number of days before the deadline, or 0."""
    left = call.ends_at - at
    return next((days for days in call.edition.reminder_days if (days - 1) * DAY < left <= days * DAY), 0)


def write_reminder(*, call: Phase, days: int, at: datetime) -> int:
    """Remind everybody whose entry is a draft now. All letters or none; 0 when another worker wrote them."""
    edition, calendar = call.edition, calendar_of(call.edition_id, at)
    ids = list(
        Entry.objects.filter(edition=edition, state=State.DRAFT).order_by("pk").values_list("pk", flat=True)
    )
    letters = []
    for chunk in batched(ids, CHUNK):
        for entry in queries.with_form(Entry.objects.filter(pk__in=chunk)).order_by("pk"):
            deadline = deadline_of(entry, calendar)
            if deadline is None or deadline <= at:
                continue
            values = {
                "title": entry.title,
                "code": entry.code,
                "deadline": deadline.isoformat(),
                "missing": left_to_do(entry),
            }
            letters.append(
                Notice(
                    user_id=entry.entrant_id,
                    edition=edition,
                    kind="draft_reminder",
                    path=f"/entries/{entry.code}/",
                    created_at=at,
                    values=values,
                )
            )
    try:
        with transaction.atomic():
            Reminder.objects.create(
                edition=edition, deadline=call.ends_at, days=days, at=at, count=len(letters)
            )
            return notify_many(notices=letters)
    except IntegrityError:
        return 0
