"""The minutes of a meeting: facts without names, so that they stay the same bytes; words are made by the page."""

from typing import Any

from judging.logic.canonical import digest
from judging.models import Meeting, MeetingNote, MeetingStep, Vote


def facts_of(meeting: Meeting) -> dict[str, Any]:
    """Everything that the minutes of a closed meeting say. Films by code, people by account."""
    films = list(meeting.films.order_by("position", "pk").values_list("entry__code", "began"))
    steps = MeetingStep.objects.filter(meeting=meeting)
    if meeting.closed_at:
        steps = steps.filter(at__lte=meeting.closed_at)  # what comes after the closing is not of the meeting
    notes = MeetingNote.objects.filter(meeting=meeting)
    return {
        "edition": meeting.edition.slug,
        "round": meeting.round.slug,
        "opened": _moment(meeting.opened_at),
        "closed": _moment(meeting.closed_at),
        "quorum": meeting.quorum,
        "members": [
            [user, _moment(first), _moment(last)]
            for user, first, last in meeting.members.order_by("user_id").values_list(
                "user_id", "first_seen_at", "last_seen_at"
            )
        ],
        "agenda": [[row.usual, row.title, row.minutes, _moment(row.done_at)] for row in meeting.agenda.all()],
        "films": [list(film) for film in films],
        "notes": [
            [code, author, decision, _moment(at), text, _moment(back)]
            for code, author, decision, at, text, back in notes.order_by("written_at", "pk").values_list(
                "entry__code", "author_id", "decision", "written_at", "text", "taken_back_at"
            )
        ],
        "votes": [
            [
                row.text,
                row.kind,
                row.points,
                row.seats,
                row.quorum,
                _moment(row.opened_at),
                _moment(row.closed_at),
                row.result,
                *([row.motion, _award(row), row.name] if row.motion else []),
            ]
            for row in meeting.votes.select_related("slot").order_by("opened_at", "pk")
        ],
        "steps": [
            [kind, code, values, by, _moment(at)]
            for kind, code, values, by, at in steps.order_by("at", "pk").values_list(
                "kind", "entry__code", "values", "by_id", "at"
            )
        ],
    }


def digest_of(meeting: Meeting) -> str:
    """SHA-256 of the minutes, kept when the meeting closes; computed again it shows whether anything was changed."""
    return digest(facts_of(meeting))


def _award(vote: Vote) -> str:
    """The award that a motion is about. A mention has none in the meeting: its slot is made with the list, later."""
    return vote.slot.slug if vote.slot and vote.motion != Vote.Motion.MENTION else ""


def _moment(at: Any) -> str | None:
    return at.isoformat() if at else None
