"""What every write of a meeting needs: the meeting held, a line for the minutes, who may."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from festival.kit.errors import Refused
from festival.people.actor import Actor
from judging import meeting_permissions
from judging.models import (
    Meeting,
    MeetingStep,
)


def hold(meeting: Meeting, *states: Meeting.State) -> Meeting:
    """The meeting as it is now, held until the transaction ends. Refused in another state."""
    try:
        fresh = (
            Meeting.objects.select_for_update(of=("self",))
            .select_related("edition", "round__edition")
            .get(pk=meeting.pk)
        )
    except Meeting.DoesNotExist:
        raise Refused(_("This meeting is no longer there.")) from None
    if fresh.state not in states:
        says = {
            Meeting.State.PLANNED: _("The meeting has not opened yet."),
            Meeting.State.OPEN: _("The meeting has opened already. Reload the page."),
            Meeting.State.CLOSED: _("The meeting is closed; its minutes are fixed."),
        }
        raise Refused(says[Meeting.State(fresh.state)], code=fresh.state)
    return fresh


def touch(meeting: Meeting) -> None:
    """Say that something happened, so that open pages ask for it."""
    Meeting.objects.filter(pk=meeting.pk).update(revision=F("revision") + 1)


def log(
    meeting: Meeting,
    kind: str,
    by: Actor,
    at: datetime,
    *,
    entry_id: int | None = None,
    values: Mapping[str, Any] | None = None,
) -> None:
    """A line for the minutes."""
    MeetingStep.objects.create(
        meeting=meeting, kind=kind, entry_id=entry_id, values=dict(values or {}), by=by.user, at=at
    )
    touch(meeting)


def assert_plans(by: Actor, meeting: Meeting) -> None:
    if not meeting_permissions.can_plan(by, meeting):
        raise Refused(_("Only organisers and the jury chair plan a meeting."), status=403)


def assert_leads(by: Actor, meeting: Meeting) -> None:
    if not meeting_permissions.can_lead(by, meeting):
        raise Refused(_("Only the jury chair leads the meeting."), status=403)


def not_on_list() -> Refused:
    return Refused(_("This is not on the list of this meeting."), status=400)
