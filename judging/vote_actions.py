"""Writes of votes in a meeting: asked, voted on in secret, closed and counted, taken into the cut."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from festival.awards.actions import hold_slot
from festival.awards.models import AwardSlot
from festival.kit.errors import Refused
from festival.people.actor import SYSTEM, Actor
from festival.post.actions import notify_many
from festival.post.models import Notice
from judging import (
    ballot_actions,
    ballot_queries,
    cut_actions,
    cut_queries,
    meeting_permissions,
    motion_queries,
    queries,
    tie_actions,
    tie_queries,
)
from judging.logic import votes
from judging.logic.canonical import digest
from judging.meeting_queries import outside_of
from judging.meeting_state import assert_leads, hold, log
from judging.models import Ballot, BallotLine, Cut, CutRow, Meeting, Round, Vote
from submissions.lifecycle import State
from submissions.models import Entry

ASKED = "meeting_vote"


@transaction.atomic
def ask(
    *,
    meeting: Meeting,
    text: str,
    kind: str,
    films: Collection[int],
    seats: int,
    quorum: int,
    points: int,
    closes_at: datetime,
    by: Actor,
    at: datetime,
    slot: AwardSlot | None = None,
    counting: str = Vote.Counting.SCHULZE,
    casting: bool = False,
) -> Vote:
    """Open a vote over some films of the meeting, and write to its members. Secret until it is closed.

    `slot`: the award it is about; films of another track cannot have it. `casting`: the ballot of whoever opens it
    decides between tied films, so she must be a member who votes.
    """
    assert_leads(by, meeting)
    slot = hold_slot(slot) if slot else None
    fresh = hold(meeting, Meeting.State.OPEN)
    ids = chosen_films(fresh, films)
    if not ids:
        raise Refused(_("Choose what is voted on from the list."), status=400, code="films")
    if kind not in Vote.Kind.values or kind == Vote.Kind.MOTION:
        raise Refused(_("Choose how the jury votes."), status=400, code="kind")
    if counting not in Vote.Counting.values:
        raise Refused(_("Choose how the ballots are counted."), status=400, code="counting")
    if slot is not None:
        assert_slot(slot, fresh, ids)
    if not 1 <= seats <= len(ids):
        raise Refused(
            _("Say how many are chosen: at least one, at most all of them."),
            status=400,
            code="seats",
        )
    if kind == Vote.Kind.MAJORITY and seats != 1:
        raise Refused(
            _("By plain majority one is chosen: more than half can be for one alone."),
            status=400,
            code="seats",
        )
    return open_vote(
        fresh,
        text=text,
        quorum=quorum,
        closes_at=closes_at,
        casting=casting,
        films=ids,
        by=by,
        at=at,
        slot=slot,
        kind=kind,
        counting=counting,
        points=points,
        seats=seats,
    )


def chosen_films(meeting: Meeting, films: Collection[int]) -> set[int]:
    """These films of the list, all of them still in the competition."""
    rows = meeting.films.filter(entry__state=State.ELIGIBLE, entry_id__in=films)
    ids = set(rows.values_list("entry_id", flat=True))
    if len(ids) != len(set(films)):
        raise Refused(_("Choose what is voted on from the list."), status=400, code="films")
    return ids


def open_vote(
    meeting: Meeting,
    *,
    text: str,
    quorum: int,
    closes_at: datetime,
    casting: bool,
    films: Collection[int],
    by: Actor,
    at: datetime,
    **values: Any,
) -> Vote:
    """Write a vote or a motion and tell the members. The caller holds the meeting, and has judged the rest."""
    text = " ".join(text.split())[:300]
    if not text:
        raise Refused(_("Write what the jury votes on."), status=400, code="text")
    if casting and not meeting_permissions.is_member(by, meeting):
        raise Refused(
            _("A casting ballot needs somebody who votes: you are no member of this meeting."),
            status=400,
            code="casting",
        )
    members = list(meeting.members.values_list("user_id", flat=True))
    if not 1 <= quorum <= len(members):
        raise Refused(
            _("The quorum is at least one, and at most as many as the meeting has members."),
            status=400,
            code="quorum",
        )
    if closes_at <= at:
        raise Refused(_("Choose a time in the future for the end of the vote."), status=400, code="closes")
    vote = Vote.objects.create(
        meeting=meeting,
        text=text,
        casting=casting,
        quorum=quorum,
        opened_at=at,
        opened_by=by.user,
        closes_at=closes_at,
        **values,
    )
    vote.films.set(films)
    log(meeting, "vote_opened", by, at, values={"vote": vote.pk})
    notify_many(
        notices=[
            Notice(
                user_id=user,
                edition=meeting.edition,
                kind=ASKED,
                path=f"/{meeting.edition.slug}/meeting/{meeting.pk}/vote/{vote.pk}/",
                created_at=at,
                values={"meeting": meeting.name, "question": text, "until": closes_at.isoformat()},
            )
            for user in members
            if user != by.id
        ]
    )
    return vote


def assert_slot(slot: AwardSlot, meeting: Meeting, ids: set[int]) -> None:
    """The award is of this edition, and for films of their track."""
    if slot.edition_id != meeting.edition_id:
        raise Refused(_("This award is of another edition."), status=400, code="slot")
    if slot.track_id and Entry.objects.filter(pk__in=ids).exclude(track=slot.track_id).exists():
        raise Refused(
            _("This award is for another track. Choose only what may have it."),
            status=400,
            code="slot",
        )


@transaction.atomic
def cast(*, vote: Vote, by: Actor, at: datetime, revision: int, values: Mapping[int, int | None]) -> Ballot:
    """Cast a ballot, or change it, until the vote is closed. Films the member has left the room for are not hers."""
    fresh = hold(vote.meeting, *Meeting.State)
    if not meeting_permissions.is_member(by, fresh):
        raise Refused(_("Only members of this meeting speak and vote in it."), status=403)
    held = Vote.objects.get(pk=vote.pk)
    if held.kind == Vote.Kind.MOTION:
        raise Refused(_("A motion is answered with yes or no. Reload the page."), status=400)
    if held.state != Vote.State.OPEN or held.closes_at <= at:
        raise Refused(_("The vote has been closed; this ballot came too late."), code="closed")
    offered = offered_to(held, fresh, by.id)
    ballot_actions.check_values(values, kind=held.kind, most=held.points, offered=offered)
    return ballot_actions.keep_ballot(
        {"vote": held},
        kind=held.kind,
        by=by,
        at=at,
        revision=revision,
        values=values,
        offered=offered,
    )


def offered_to(vote: Vote, meeting: Meeting, user_id: int | None) -> set[int]:
    """The films of a vote that are in the competition still and for which the member is in the room."""
    ids = set(vote.films.filter(state=State.ELIGIBLE).values_list("pk", flat=True))
    return ids - outside_of(meeting, user_id)


@transaction.atomic
def close_vote(*, vote: Vote, by: Actor, at: datetime) -> Vote:
    """Count the ballots and fix the result. Without a quorum nothing is decided, and nothing of them is shown."""
    if by is not SYSTEM:
        assert_leads(by, vote.meeting)
    meeting = hold(vote.meeting, *Meeting.State)
    fresh = Vote.objects.get(pk=vote.pk)
    if fresh.state != Vote.State.OPEN:
        raise Refused(_("This vote has been closed already. Reload the page."))
    if fresh.kind == Vote.Kind.MOTION:
        fresh.inputs = motion_queries.inputs_of(fresh, meeting, set(queries.judges_of(meeting.edition)))
    else:
        fresh.inputs = _inputs_of(fresh, meeting)
    fresh.result = votes.outcome(fresh.inputs)
    fresh.result_digest = digest(fresh.result)
    fresh.state, fresh.closed_at = Vote.State.CLOSED, at
    fresh.save()
    log(meeting, "vote_closed", by, at, values={"vote": fresh.pk})
    return fresh


def _inputs_of(fresh: Vote, meeting: Meeting) -> dict[str, Any]:
    films = fresh.films.filter(state=State.ELIGIBLE)
    sheets: dict[str, list[tuple[str, int | None]]] = {}
    counted = ballot_queries.counted(Ballot.objects.filter(vote=fresh), queries.judges_of(meeting.edition))
    lines = BallotLine.objects.filter(ballot__in=counted, entry__in=films)
    for juror, film, value in lines.values_list("ballot__juror_id", "entry__code", "value"):
        sheets.setdefault(str(juror), []).append((film, value))
    return votes.inputs(
        kind=fresh.kind,
        films=films.values_list("code", flat=True),
        sheets=sheets,
        seats=fresh.seats,
        quorum=fresh.quorum,
        counting=fresh.counting if fresh.kind == Round.Ballot.RANKED else Vote.Counting.SCHULZE,
        casting=sheets.get(str(fresh.opened_by_id)) if fresh.casting else None,
    )


def replay(vote: Vote) -> bool:
    """Whether the kept ballots give the kept result again, to the byte."""
    return digest(votes.outcome(vote.inputs)) == vote.result_digest


def close_due(*, at: datetime) -> int:
    """Close every vote whose time is over. Run by the beat; safe to run twice."""
    count = 0
    due = Vote.objects.filter(state=Vote.State.OPEN, closes_at__lte=at)
    for vote in due.select_related("meeting__edition"):
        try:
            close_vote(vote=vote, by=SYSTEM, at=at)
            count += 1
        except Refused:  # somebody was faster
            continue
    return count


@transaction.atomic
def take_into_cut(*, vote: Vote, by: Actor, at: datetime) -> int:
    """Move the films of a decided vote over the round's line: the chosen go on, the others are taken out.

    Each move has the vote as its reason. A vote on just the films that are tied at the line is the tie rule's jury
    ballot, and is recorded as such; what the vote leaves equal the rule's next steps decide. Gives how many were
    moved. Refused without a cut, once it is frozen, and while films are tied for the last places.
    """
    assert_leads(by, vote.meeting)
    meeting = hold(vote.meeting, Meeting.State.OPEN, Meeting.State.CLOSED)
    fresh = Vote.objects.get(pk=vote.pk)
    motion = fresh.kind == Vote.Kind.MOTION
    if motion or fresh.state != Vote.State.CLOSED or not fresh.result.get("valid"):
        raise Refused(_("This vote has decided nothing that could be taken into the cut."))
    cut = cut_queries.current_cut(meeting.round)
    if cut is None:
        raise Refused(_("There is no cut yet. Make it first."))
    tie = tie_queries.tie_of(meeting.round, cut)
    if tie and set(tie.films) == set(fresh.inputs["films"]):
        tie_actions.apply_tie_rule(cut=cut, by=by, at=at, ballot=_groups(fresh))
        moved = len(tie.films)
    else:
        moved = _move(fresh, cut, by, at)
    fresh.taken_at = at
    fresh.save(update_fields=["taken_at"])
    log(meeting, "taken", by, at, values={"vote": fresh.pk, "moved": moved})
    return moved


def _groups(vote: Vote) -> list[list[str]]:
    """The films in the order of the vote, those of one rank together."""
    groups: dict[int, list[str]] = {}
    for row in vote.result["rows"]:
        groups.setdefault(row["rank"] or len(vote.result["rows"]) + 1, []).append(row["film"])
    return [groups[rank] for rank in sorted(groups)]


def _move(vote: Vote, cut: Cut, by: Actor, at: datetime) -> int:
    if vote.result["tied"]:
        raise Refused(_("Films are tied for the last places. Vote again among them first."))
    rows = dict(CutRow.objects.filter(cut=cut).values_list("entry_id", "reason"))
    chosen = set(vote.result["chosen"])
    why = _("Vote of the jury: %(question)s") % {"question": vote.text}
    stays = {reason for reason in CutRow.Reason if reason not in (*CutRow.OUT, CutRow.Reason.TIE)}
    moved = 0
    for entry in vote.films.filter(state=State.ELIGIBLE).order_by("code"):
        reason = rows.get(entry.pk)
        on = entry.code in chosen
        if reason in stays if on else reason in (None, *CutRow.OUT):
            continue
        cut_actions.move_film(cut=cut, entry=entry, goes_on=on, why=why, by=by, at=at)
        moved += 1
    return moved
