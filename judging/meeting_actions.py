"""Writes of meetings: planned, opened, talked in, closed. Votes are in vote_actions."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from festival.edition import permissions as edition_permissions
from festival.edition.models import Edition
from festival.kit.errors import Refused
from festival.people.actor import Actor
from festival.post.actions import notify_many
from festival.post.models import Notice
from judging import conflict_actions, cut_queries, meeting_permissions, queries
from judging.meeting_minutes import digest_of
from judging.meeting_queries import HERE, outside_of
from judging.models import (
    AgendaItem,
    BallotLine,
    Conflict,
    CutRow,
    Meeting,
    MeetingFilm,
    MeetingMember,
    MeetingNote,
    MeetingStep,
    Round,
    Vote,
)
from submissions.lifecycle import State

TEXT_MAX = 4000  # of one note
REASON_MAX = 500
FILMS_MAX = 200  # a meeting cannot talk about more, and a ballot by hand cannot hold more
CALLED = "meeting_called"


@transaction.atomic
def plan_meeting(
    *, edition: Edition, round: Round, by: Actor, members: Collection[int], settings: Mapping[str, Any]
) -> Meeting:
    """A meeting over a round's films, with its usual agenda; nothing is sent before it opens.

    `settings`: name, starts_at, until, place, names_open, quorum. `members`: accounts of the jury.
    """
    if not edition_permissions.can_chair(by, edition) and not edition_permissions.can_organise(by, edition):
        raise Refused(_("Only organisers and the jury chair plan a meeting."), status=403)
    meeting = Meeting.objects.create(edition=edition, round=round, **settings)
    _set_members(meeting, members)
    AgendaItem.objects.bulk_create(
        AgendaItem(meeting=meeting, position=place, usual=usual)
        for place, usual in enumerate(AgendaItem.Usual.values)
    )
    return meeting


@transaction.atomic
def change_meeting(
    *, meeting: Meeting, by: Actor, members: Collection[int], settings: Mapping[str, Any]
) -> Meeting:
    """Change when, where and with whom. Once it is open members are added but none is taken away: she has spoken."""
    _assert_plans(by, meeting)
    fresh = hold(meeting, Meeting.State.PLANNED, Meeting.State.OPEN)
    for name, value in settings.items():
        setattr(fresh, name, value)
    fresh.save(update_fields=list(settings))
    new = _set_members(fresh, members, keep=fresh.state == Meeting.State.OPEN)
    touch(fresh)
    if fresh.state == Meeting.State.OPEN:
        _call(fresh, new, by, at=fresh.opened_at)
    return fresh


def _set_members(meeting: Meeting, members: Collection[int], *, keep: bool = False) -> list[int]:
    jury = set(queries.judges_of(meeting.edition))
    wanted = jury & set(members)
    if not wanted:
        raise Refused(_("Choose at least one member of the jury."), status=400, code="members")
    have = set(meeting.members.values_list("user_id", flat=True))
    if not keep:
        meeting.members.exclude(user_id__in=wanted).delete()
    new = sorted(wanted - have)
    MeetingMember.objects.bulk_create(MeetingMember(meeting=meeting, user_id=pk) for pk in new)
    return new


@transaction.atomic
def take_films(*, meeting: Meeting, by: Actor, first: int | None = None) -> int:
    """The shortlist from the closed round: the films that go on by its cut, or the `first` of its standing with those
    that share the last place. Takes the place of what was there; gives how many there are.
    """
    _assert_plans(by, meeting)
    fresh = hold(meeting, Meeting.State.PLANNED)
    if fresh.round.state != Round.State.CLOSED:
        raise Refused(_("The round is not closed yet: its films cannot be taken to a meeting."), status=409)
    rows = queries.standing_rows(fresh.round).filter(entry__state=State.ELIGIBLE)
    if first is None:
        cut = cut_queries.current_cut(fresh.round)
        if cut is None:
            raise Refused(
                _("The round has no cut yet. Make it first, or say how many films are taken."), status=400
            )
        on = CutRow.objects.filter(cut=cut).exclude(reason__in=CutRow.OUT).values("entry_id")
        rows = rows.filter(entry_id__in=on)
    else:
        rows = rows.filter(place__lte=first)
    ids = list(rows.values_list("entry_id", flat=True)[: FILMS_MAX + 1])
    if not ids:
        raise Refused(_("No film was found for this meeting."), status=400)
    _assert_room(len(ids))
    fresh.films.all().delete()
    MeetingFilm.objects.bulk_create(
        MeetingFilm(meeting=fresh, entry_id=pk, position=place, began=place)
        for place, pk in enumerate(ids, 1)
    )
    return len(ids)


def _assert_room(count: int) -> None:
    if count > FILMS_MAX:
        raise Refused(
            _("That is more than a meeting can talk about: %(most)d films at most.") % {"most": FILMS_MAX},
            status=400,
        )


@transaction.atomic
def call_in(*, meeting: Meeting, code: str, by: Actor, at: datetime) -> MeetingFilm:
    """Put one more film of the round on the list, last: also while the meeting is open, when somebody calls it in."""
    if not meeting_permissions.can_plan(by, meeting):
        raise Refused(_("Only organisers and the jury chair choose the films."), status=403)
    fresh = hold(meeting, Meeting.State.PLANNED, Meeting.State.OPEN)
    if fresh.state == Meeting.State.OPEN:
        _assert_leads(by, fresh)
    code = code.strip().upper()
    entry = fresh.round.films.filter(code=code, state=State.ELIGIBLE).first()
    if entry is None:
        raise Refused(
            _("There is no film with the code “%(code)s” in this round.") % {"code": code[:20]}, status=400
        )
    last = fresh.films.aggregate(last=Max("position"))["last"] or 0
    _assert_room(fresh.films.count() + 1)
    row, made = MeetingFilm.objects.get_or_create(
        meeting=fresh, entry=entry, defaults={"position": last + 1, "began": last + 1}
    )
    if made and fresh.state == Meeting.State.OPEN:
        log(fresh, "called_in", by, at, entry_id=entry.pk)
    return row


@transaction.atomic
def drop_film(*, meeting: Meeting, entry_id: int, by: Actor) -> None:
    """Take a film from the list before the meeting opens."""
    _assert_plans(by, meeting)
    fresh = hold(meeting, Meeting.State.PLANNED)
    fresh.films.filter(entry_id=entry_id).delete()


@transaction.atomic
def open_meeting(*, meeting: Meeting, by: Actor, at: datetime) -> Meeting:
    """Lay scores and notes open to the members, and write to them."""
    _assert_leads(by, meeting)
    fresh = hold(meeting, Meeting.State.PLANNED)
    # Held: a round is not reopened for further looks once its scores lie open.
    if Round.objects.select_for_update().get(pk=fresh.round_id).state != Round.State.CLOSED:
        raise Refused(
            _("The round is not closed yet: scores lie open only once it is. Close it first."), status=409
        )
    if fresh.until <= at:
        raise Refused(_("The meeting’s time is over. Set a later end first."), status=400)
    rows = list(fresh.films.order_by("position", "pk"))
    if not rows:
        raise Refused(_("There are no films on the list yet. Choose them first."), status=400)
    for place, row in enumerate(rows, 1):
        row.position = row.began = place
    MeetingFilm.objects.bulk_update(rows, ["position", "began"])
    fresh.state, fresh.opened_at = Meeting.State.OPEN, at
    fresh.save(update_fields=["state", "opened_at"])
    log(fresh, "opened", by, at)
    _call(fresh, list(fresh.members.values_list("user_id", flat=True)), by, at)
    return fresh


def _call(meeting: Meeting, users: Collection[int], by: Actor, at: datetime) -> None:
    notify_many(
        notices=[
            Notice(
                user_id=user,
                edition=meeting.edition,
                kind=CALLED,
                path=f"/{meeting.edition.slug}/meeting/{meeting.pk}/",
                created_at=at,
                values={"meeting": meeting.name, "until": meeting.until.isoformat()},
            )
            for user in users
            if user != by.id
        ]
    )


@transaction.atomic
def put_on_table(*, meeting: Meeting, entry_id: int | None, by: Actor, at: datetime) -> None:
    """Say which film is talked about now; None: none of them. Those who left the room for it see its name alone."""
    _assert_leads(by, meeting)
    fresh = hold(meeting, Meeting.State.OPEN)
    if entry_id is not None and not fresh.films.filter(entry_id=entry_id).exists():
        raise _not_on_list()
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
    _assert_leads(by, meeting)
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
    _assert_leads(by, meeting)
    fresh = hold(meeting, Meeting.State.OPEN)
    order = list(fresh.films.order_by("position", "pk").values_list("entry_id", flat=True))
    if entry_id not in order:
        raise _not_on_list()
    order.remove(entry_id)
    order.insert(min(max(to, 1), len(order) + 1) - 1, entry_id)
    set_order(meeting=fresh, order=order, number=fresh.order_number, by=by, at=at)


def _not_on_list() -> Refused:
    return Refused(_("This film is not on the list of this meeting."), status=400)


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
        _assert_leads(by, fresh)
    text = text.strip()
    if not text:
        raise Refused(_("Write something first."), status=400, code="text")
    if len(text) > TEXT_MAX:
        raise Refused(_("Write at most %(most)d characters at once.") % {"most": TEXT_MAX}, status=400)
    if entry_id is not None:
        if not fresh.films.filter(entry_id=entry_id).exists():
            raise _not_on_list()
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
        raise _not_on_list()
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
    _assert_leads(by, meeting)
    fresh = hold(meeting, Meeting.State.OPEN)
    item = fresh.agenda.filter(pk=item_id).first()
    if item is None:
        raise Refused(_("This point is no longer on the agenda. Reload the page."), status=400)
    item.done_at = None if item.done_at else at
    item.save(update_fields=["done_at"])
    touch(fresh)


@transaction.atomic
def add_point(*, meeting: Meeting, title: str, minutes: int | None, by: Actor) -> AgendaItem:
    """One more point of the agenda, before the last one."""
    _assert_plans(by, meeting)
    fresh = hold(meeting, Meeting.State.PLANNED, Meeting.State.OPEN)
    title = title.strip()[:200]
    if not title:
        raise Refused(_("Write what this point is about."), status=400, code="title")
    rows = list(fresh.agenda.order_by("position", "pk"))
    place = len(rows) - 1 if rows and rows[-1].usual == AgendaItem.Usual.CLOSING else len(rows)
    made = AgendaItem(meeting=fresh, title=title, minutes=minutes, position=place)
    for row in rows[place:]:
        row.position += 1
    AgendaItem.objects.bulk_update(rows[place:], ["position"])
    made.save()
    touch(fresh)
    return made


@transaction.atomic
def change_point(*, meeting: Meeting, item_id: int, what: str, minutes: int | None, by: Actor) -> None:
    """Move a point of the agenda `up` or `down`, `remove` it, or set its `minutes`."""
    _assert_plans(by, meeting)
    fresh = hold(meeting, Meeting.State.PLANNED, Meeting.State.OPEN)
    rows = list(fresh.agenda.order_by("position", "pk"))
    at = next((place for place, row in enumerate(rows) if row.pk == item_id), None)
    if at is None:
        raise Refused(_("This point is no longer on the agenda. Reload the page."), status=400)
    if what == "remove":
        rows.pop(at).delete()
    elif what == "minutes":
        rows[at].minutes = minutes
    else:
        to = min(max(at + (1 if what == "down" else -1), 0), len(rows) - 1)
        rows.insert(to, rows.pop(at))
    for place, row in enumerate(rows):
        row.position = place
    AgendaItem.objects.bulk_update(rows, ["position", "minutes"])
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
    _assert_leads(by, meeting)
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


@transaction.atomic
def remove_meeting(*, meeting: Meeting, by: Actor) -> None:
    """Take away a meeting that has not opened."""
    _assert_plans(by, meeting)
    hold(meeting, Meeting.State.PLANNED).delete()


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


def _assert_plans(by: Actor, meeting: Meeting) -> None:
    if not meeting_permissions.can_plan(by, meeting):
        raise Refused(_("Only organisers and the jury chair plan a meeting."), status=403)


def _assert_leads(by: Actor, meeting: Meeting) -> None:
    if not meeting_permissions.can_lead(by, meeting):
        raise Refused(_("Only the jury chair leads the meeting."), status=403)


def _assert_speaks(by: Actor, meeting: Meeting) -> None:
    if not meeting_permissions.can_enter(by, meeting):
        raise Refused(_("Only members of this meeting speak and vote in it."), status=403)


def _assert_inside(meeting: Meeting, by: Actor, entry_id: int) -> None:
    if entry_id in outside_of(meeting, by.id):
        raise Refused(_("You have left the room for this film."), status=403, code="outside")
