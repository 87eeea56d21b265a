"""Who may do what in a meeting of the jury: pure predicates."""

from festival.edition import permissions as edition_permissions
from festival.people.actor import Actor
from judging.models import Meeting


def can_plan(actor: Actor, meeting: Meeting) -> bool:
    """When, where, with whom and over which films: organisers and the chair."""
    return edition_permissions.can_organise(actor, meeting.edition) or can_lead(actor, meeting)


def can_lead(actor: Actor, meeting: Meeting) -> bool:
    """Open and close it, put films on the table, order them, ask for votes: the jury chair."""
    return edition_permissions.can_chair(actor, meeting.edition)


def is_member(actor: Actor, meeting: Meeting) -> bool:
    """Named for this meeting, and on the jury still. Only members vote."""
    return actor.id in meeting.member_ids and edition_permissions.can_judge(actor, meeting.edition)


def can_enter(actor: Actor, meeting: Meeting) -> bool:
    """Its members and the chair. Nobody else reads what is said there, an organiser the minutes once it is closed."""
    return can_lead(actor, meeting) or is_member(actor, meeting)


def can_speak(actor: Actor, meeting: Meeting) -> bool:
    return meeting.state == Meeting.State.OPEN and can_enter(actor, meeting)


def can_read_minutes(actor: Actor, meeting: Meeting) -> bool:
    closed = meeting.state == Meeting.State.CLOSED
    return closed and (can_enter(actor, meeting) or can_plan(actor, meeting))
