"""The door to meetings: object and check come together."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import Http404

from festival.edition import door as edition_door
from festival.edition import permissions as edition_permissions
from festival.edition.models import Edition
from festival.people.actor import Actor
from judging import meeting_permissions, permissions
from judging.models import Meeting, MeetingFilm, Vote

Need = Callable[[Actor, Meeting], bool]


def _get(edition: Edition, pk: int) -> Meeting:
    try:
        meeting = Meeting.objects.select_related("round", "closed_by").get(edition=edition, pk=pk)
    except Meeting.DoesNotExist:
        raise Http404 from None
    meeting.edition = meeting.round.edition = edition
    return meeting


def get_meeting(actor: Actor, edition: str, pk: int, need: Need = meeting_permissions.can_plan) -> Meeting:
    """A meeting for the desk. Unseen edition or no such meeting: 404; `need` says no: 403."""
    meeting = _get(edition_door.get_edition(actor, edition, permissions.can_plan), pk)
    if not need(actor, meeting):
        raise PermissionDenied
    return meeting


def enter(actor: Actor, edition: str, pk: int, need: Need = meeting_permissions.can_enter) -> Meeting:
    """A meeting for those who take part. For everybody else of the edition it is not there: 404."""
    found = edition_door.get_edition(actor, edition, _jury_or_desk)
    meeting = _get(found, pk)
    if not (meeting_permissions.can_enter(actor, meeting) or meeting_permissions.can_plan(actor, meeting)):
        raise Http404
    if not need(actor, meeting):
        raise PermissionDenied
    return meeting


def _jury_or_desk(actor: Actor, edition: Edition) -> bool:
    return permissions.can_plan(actor, edition) or edition_permissions.can_judge(actor, edition)


def get_film(meeting: Meeting, code: str) -> MeetingFilm:
    """A film on the meeting's list, by its code."""
    try:
        return meeting.films.select_related("entry__track").get(entry__code=code)
    except MeetingFilm.DoesNotExist:
        raise Http404 from None


def get_vote(meeting: Meeting, pk: int) -> Vote:
    try:
        vote = meeting.votes.get(pk=pk)
    except Vote.DoesNotExist:
        raise Http404 from None
    vote.meeting = meeting
    return vote
