"""Writes in the room of a meeting: the order, what is said, leaving for a film, the end. Votes are in vote_actions."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from festival.kit.errors import Refused
from festival.kit.incoming import at_most
from festival.people.actor import Actor
from judging import conflict_actions, meeting_permissions
from judging.meeting_minutes import digest_of
from judging.meeting_queries import HERE, outside_of
from judging.meeting_state import assert_leads, hold, log, not_on_list, touch
from judging.models import (
    BallotLine,
    Conflict,
    Meeting,
    MeetingFilm,
    MeetingMember,
    MeetingNote,
    Vote,
)

TEXT_MAX = 4000  # of one note
REASON_MAX = 500


@transaction.atomic
def put_on_table(*, meeting: Meeting, entry_id: int | None, by: Actor, at: datetime) -> None:
    """Say which film is talked about now; None: none of them. Those who left the room for it see its name alone."""
    assert_leads(by, meeting)
    fresh = hold(meeting, Meeting.State.OPEN)
    if entry_id is not None and not fresh.films.filter(entry_id=entry_id).exists():
        raise not_on_list()
    if fresh.films.filter(on_table=True, entry_id=entry_id).exists():
        return
    fresh.films.filter(on_table=True).update(on_table=False)
    if entry_id is None:
        touch(fresh)
        return
    fresh.films.filter(entry_id=entry_id).update(on_table=True)
    log(fresh, "table", by, at, entry_id=entry_id)


@transaction.atomic
def set_order(*, meeting: Meeting, order: Sequence[int], number: int, by: Actor, at: datetime) -> int:
    """Write the order of all films as the chair has dragged it; gives the order's new number.

    `number` is that of the order the page was made from: refused when somebody has moved a film since.
    """
    assert_leads(by, meeting)
    fresh = hold(meeting, Meeting.State.OPEN)
    rows = {row.entry_id: row for row in fresh.films.all()}
    if fresh.order_number != number or sorted(order) != sorted(rows):
        raise Refused(_("Somebody has changed the order meanwhile. Reload the page."), code="stale")
    before = sorted(rows, key=lambda pk: (rows[pk].position, rows[pk].pk))
    if list(order) == before:
        return fresh.order_number
    for place, pk in enumerate(order, 1):
        rows[pk].position = place
    MeetingFilm.objects.bulk_update(rows.values(), ["position"])
    fresh.order_number += 1
    fresh.save(update_fields=["order_number"])
    moved = _single_move(before, list(order))
    if moved:
        entry, start, end = moved
        log(fresh, "moved", by, at, entry_id=entry, values={"from": start, "to": end})
    else:
        log(fresh, "ordered", by, at)
    return fresh.order_number


def _single_move(before: list[int], after: list[int]) -> tuple[int, int, int] | None:
    """The one film that was moved, from which place to which; None when more than one was."""
    differ = [at for at, (old, new) in enumerate(zip(before, after, strict=True)) if old != new]
    first, last = differ[0], differ[-1]
    if before[first + 1 : last + 1] == after[first:last]:
        return before[first], first + 1, last + 1
    if before[first:last] == after[first + 1 : last + 1]:
        return before[last], last + 1, first + 1
    return None


@transaction.atomic
def move_film(*, meeting: Meeting, entry_id: int, to: int, by: Actor, at: datetime) -> None:
    """Put one film at another place, from 1; the others close up."""
    assert_leads(by, meeting)
    fresh = hold(meeting, Meeting.State.OPEN)
    order = list(fresh.films.order_by("position", "pk").values_list("entry_id", flat=True))
    if entry_id not in order:
        raise not_on_list()
    order.remove(entry_id)
    order.insert(min(max(to, 1), len(order) + 1) - 1, entry_id)
    set_order(meeting=fresh, order=order, number=fresh.order_number, by=by, at=at)


@transaction.atomic
def write_note(
    *,
    meeting: Meeting,
    by: Actor,
    at: datetime,
    client_id: UUID,
    text: str,
    entry_id: int | None = None,
    decision: bool = False,
) -> MeetingNote:
    """Say something in writing, of a film or of the whole. Sent twice it is kept once.

    A decision is the chair's. Nobody speaks of a film for which she has left the room.
    """
    _assert_speaks(by, meeting)
    fresh = hold(meeting, Meeting.State.OPEN)
    if decision:
        assert_leads(by, fresh)
    text = text.strip()
    if not text:
        raise Refused(_("Write something first."), status=400, code="text")
    at_most(text, TEXT_MAX)
    if entry_id is not None:
        if not fresh.films.filter(entry_id=entry_id).exists():
            raise not_on_list()
        _assert_inside(fresh, by, entry_id)
    try:
        with transaction.atomic():
            note = MeetingNote.objects.create(
                meeting=fresh,
                entry_id=entry_id,
                author=by.user,
                client_id=client_id,
                text=text,
                decision=decision,
                written_at=at,
            )
    except IntegrityError:
        kept = MeetingNote.objects.filter(client_id=client_id, meeting=fresh, author=by.user).first()
        if kept is None:
            raise Refused(_("This could not be read. Reload the page and try again."), status=400) from None
        return kept
    touch(fresh)
    return note


@transaction.atomic
def take_back(*, note: MeetingNote, by: Actor, at: datetime) -> None:
    """Take back what one has said, while the meeting is open. The words go; that something stood there stays."""
    fresh = hold(note.meeting, Meeting.State.OPEN)
    if note.author_id != by.id:
        raise Refused(_("Only who wrote a note takes it back."), status=403)
    MeetingNote.objects.filter(pk=note.pk, taken_back_at__isnull=True).update(text="", taken_back_at=at)
    touch(fresh)


@transaction.atomic
def stand_aside(*, meeting: Meeting, entry_id: int, by: Actor, at: datetime, reason: str) -> None:
    """Leave the room for a film: nothing of it is read, said or voted on any more, here or in later rounds.

    Her line for it goes from ballots that are still open. It cannot be undone here: the chair decides about conflicts.
    """
    _assert_speaks(by, meeting)
    fresh = hold(meeting, Meeting.State.OPEN)
    if not fresh.films.filter(entry_id=entry_id).exists():
        raise not_on_list()
    reason = reason.strip()[:REASON_MAX]
    if not reason:
        raise Refused(
            _("Say in a few words why you stand aside; only the chair reads it."), status=400, code="reason"
        )
    row, made = Conflict.objects.get_or_create(
        edition=fresh.edition,
        judge=by.user,
        kind=Conflict.Kind.FILM,
        party_key="",
        entry_id=entry_id,
        defaults={
            "source": Conflict.Source.RECUSED,
            "state": Conflict.State.CONFIRMED,
            "reason": reason,
            "by": by.user,
            "at": at,
        },
    )
    if not made and row.state == Conflict.State.DISMISSED:
        row.state, row.reason, row.decided_by, row.decided_at = Conflict.State.CONFIRMED, reason, by.user, at
        row.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    BallotLine.objects.filter(
        ballot__vote__meeting=fresh,
        ballot__vote__state=Vote.State.OPEN,
        ballot__juror=by.user,
        entry_id=entry_id,
    ).delete()
    conflict_actions.take_away(conflict=row, by=by, at=at)
    log(fresh, "aside", by, at, entry_id=entry_id)


@transaction.atomic
def tick(*, meeting: Meeting, item_id: int, by: Actor, at: datetime) -> None:
    """Mark a point of the agenda as done, or as not done."""
    assert_leads(by, meeting)
    fresh = hold(meeting, Meeting.State.OPEN)
    item = fresh.agenda.filter(pk=item_id).first()
    if item is None:
        raise Refused(_("This point is no longer on the agenda. Reload the page."), status=400)
    item.done_at = None if item.done_at else at
    item.save(update_fields=["done_at"])
    touch(fresh)


def mark_present(*, meeting: Meeting, by: Actor, at: datetime) -> None:
    """Note that a member has the meeting's page open; written at most twice within the time that counts as here."""
    row = MeetingMember.objects.filter(meeting=meeting, user_id=by.id).first()
    if meeting.state != Meeting.State.OPEN or row is None:
        return
    if row.last_seen_at and row.last_seen_at > at - HERE / 2:
        return
    MeetingMember.objects.filter(pk=row.pk).update(last_seen_at=at, first_seen_at=row.first_seen_at or at)


@transaction.atomic
def close_meeting(*, meeting: Meeting, by: Actor, at: datetime) -> Meeting:
    """End it and fix its minutes. Refused while a vote is open."""
    assert_leads(by, meeting)
    fresh = hold(meeting, Meeting.State.OPEN)
    if fresh.votes.filter(state=Vote.State.OPEN).exists():
        raise Refused(_("A vote is still open. Close it first."), code="vote_open")
    fresh.films.filter(on_table=True).update(on_table=False)
    fresh.state, fresh.closed_at, fresh.closed_by = Meeting.State.CLOSED, at, by.user
    fresh.save(update_fields=["state", "closed_at", "closed_by"])
    log(fresh, "closed", by, at)
    fresh.minutes_digest = digest_of(fresh)
    fresh.save(update_fields=["minutes_digest"])
    return fresh


def _assert_speaks(by: Actor, meeting: Meeting) -> None:
    if not meeting_permissions.can_enter(by, meeting):
        raise Refused(_("Only members of this meeting speak and vote in it."), status=403)


def _assert_inside(meeting: Meeting, by: Actor, entry_id: int) -> None:
    if entry_id in outside_of(meeting, by.id):
        raise Refused(_("You have left the room for it."), status=403, code="outside")
