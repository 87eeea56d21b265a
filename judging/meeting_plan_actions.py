"""Writes of meetings before they open and around them: when, with whom, over which films, in what order of business."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from festival.edition import permissions as edition_permissions
from festival.edition.models import Edition
from festival.kit.errors import Refused
from festival.people.actor import Actor
from festival.post.actions import notify_many
from festival.post.models import Notice
from judging import cut_queries, meeting_permissions, queries
from judging.meeting_state import assert_leads, assert_plans, hold, log, touch
from judging.models import (
    AgendaItem,
    CutRow,
    Meeting,
    MeetingFilm,
    MeetingMember,
    Round,
)
from submissions.lifecycle import State

FILMS_MAX = 200  # a meeting cannot talk about more, and a ballot by hand cannot hold more
CALLED, PLANNED = "meeting_called", "meeting_planned"


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
    assert_plans(by, meeting)
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
    assert_plans(by, meeting)
    fresh = hold(meeting, Meeting.State.PLANNED)
    if fresh.round.state != Round.State.CLOSED:
        raise Refused(_("The round is not closed yet: nothing of it can be taken to a meeting."), status=409)
    rows = queries.standing_rows(fresh.round).filter(entry__state=State.ELIGIBLE)
    if first is None:
        cut = cut_queries.current_cut(fresh.round)
        if cut is None:
            raise Refused(
                _("The round has no cut yet. Make it first, or say how many are taken."), status=400
            )
        on = CutRow.objects.filter(cut=cut).exclude(reason__in=CutRow.OUT).values("entry_id")
        rows = rows.filter(entry_id__in=on)
    else:
        rows = rows.filter(place__lte=first)
    ids = list(rows.values_list("entry_id", flat=True)[: FILMS_MAX + 1])
    if not ids:
        raise Refused(_("Nothing was found for this meeting."), status=400)
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
            _("That is more than a meeting can talk about: %(most)d at most.") % {"most": FILMS_MAX},
            status=400,
        )


@transaction.atomic
def call_in(*, meeting: Meeting, code: str, by: Actor, at: datetime) -> MeetingFilm:
    """Put one more film of the round on the list, last: also while the meeting is open, when somebody calls it in."""
    if not meeting_permissions.can_plan(by, meeting):
        raise Refused(_("Only organisers and the jury chair choose what a meeting is about."), status=403)
    fresh = hold(meeting, Meeting.State.PLANNED, Meeting.State.OPEN)
    if fresh.state == Meeting.State.OPEN:
        assert_leads(by, fresh)
    code = code.strip().upper()
    entry = fresh.round.films.filter(code=code, state=State.ELIGIBLE).first()
    if entry is None:
        raise Refused(
            _("There is no entry with the code “%(code)s” in this round.") % {"code": code[:20]}, status=400
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
    assert_plans(by, meeting)
    fresh = hold(meeting, Meeting.State.PLANNED)
    fresh.films.filter(entry_id=entry_id).delete()


@transaction.atomic
def tell_members(*, meeting: Meeting, by: Actor, at: datetime) -> int:
    """Write to the members when and where a planned meeting is; gives how many. Again after a change, if one likes."""
    assert_plans(by, meeting)
    fresh = hold(meeting, Meeting.State.PLANNED)
    if fresh.starts_at <= at:
        raise Refused(_("This meeting’s beginning is over. Set a later one first."), status=400)
    fresh.told_at = at
    fresh.save(update_fields=["told_at"])
    values = {"from": fresh.starts_at.isoformat(), "place": fresh.place}
    return _write(fresh, PLANNED, fresh.members.values_list("user_id", flat=True), by, at, values)


@transaction.atomic
def open_meeting(*, meeting: Meeting, by: Actor, at: datetime) -> Meeting:
    """Lay scores and notes open to the members, and write to them."""
    assert_leads(by, meeting)
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
        raise Refused(_("There is nothing on the list yet. Choose first."), status=400)
    for place, row in enumerate(rows, 1):
        row.position = row.began = place
    MeetingFilm.objects.bulk_update(rows, ["position", "began"])
    fresh.state, fresh.opened_at = Meeting.State.OPEN, at
    fresh.save(update_fields=["state", "opened_at"])
    log(fresh, "opened", by, at)
    _call(fresh, list(fresh.members.values_list("user_id", flat=True)), by, at)
    return fresh


def _call(meeting: Meeting, users: Iterable[int], by: Actor, at: datetime) -> None:
    _write(meeting, CALLED, users, by, at, {})


def _write(
    meeting: Meeting, kind: str, users: Iterable[int], by: Actor, at: datetime, values: Mapping[str, Any]
) -> int:
    return notify_many(
        notices=[
            Notice(
                user_id=user,
                edition=meeting.edition,
                kind=kind,
                path=f"/{meeting.edition.slug}/meeting/{meeting.pk}/",
                created_at=at,
                values={"meeting": meeting.name, "until": meeting.until.isoformat(), **values},
            )
            for user in users
            if user != by.id
        ]
    )


@transaction.atomic
def add_point(*, meeting: Meeting, title: str, minutes: int | None, by: Actor) -> AgendaItem:
    """One more point of the agenda, before the last one."""
    assert_plans(by, meeting)
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
    assert_plans(by, meeting)
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


@transaction.atomic
def remove_meeting(*, meeting: Meeting, by: Actor) -> None:
    """Take away a meeting that has not opened."""
    assert_plans(by, meeting)
    hold(meeting, Meeting.State.PLANNED).delete()
