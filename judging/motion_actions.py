"""Writes of motions in a meeting: put to the jury, answered with yes or no, and what a carried one does to the awards.

A motion is a vote without films to choose from: it is opened, closed, and kept like one (vote_actions).
"""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from festival.awards.actions import hold_slot
from festival.awards.models import AwardSlot
from festival.kit.errors import Refused
from festival.people.actor import Actor
from judging import ballot_actions, meeting_permissions, motion_queries, vote_actions
from judging.logic.runoff import ABSTAIN, NO, YES
from judging.meeting_state import assert_leads, hold
from judging.models import Ballot, Meeting, Vote

Motion = Vote.Motion
ANSWERS = (YES, NO, ABSTAIN)


@transaction.atomic
def move(
    *,
    meeting: Meeting,
    motion: str,
    text: str,
    quorum: int,
    closes_at: datetime,
    by: Actor,
    at: datetime,
    slot: AwardSlot | None = None,
    films: Collection[int] = (),
    places: int = 1,
    name: dict[str, str] | None = None,
    casting: bool = False,
) -> Vote:
    """Put a motion to the jury, and write to its members. It is carried with more yes than no.

    `slot`: whose places stay vacant (`places` of them), or is shared by `films`. `films`: those, or the one that the
    special mention `name` is for. What the award's own rules do not allow cannot be moved.
    """
    assert_leads(by, meeting)
    slot = hold_slot(slot) if slot else None
    fresh = hold(meeting, Meeting.State.OPEN)
    if motion not in Motion.values:
        raise Refused(_("Choose what is moved."), status=400, code="motion")
    ids = vote_actions.chosen_films(fresh, films)
    name = name or {}
    if motion in (Motion.VACANT, Motion.SHARE):
        _assert_about_award(motion, slot, fresh, ids, places)
    if motion == Motion.MENTION:
        if len(ids) != 1:
            raise Refused(_("Choose the one that is mentioned."), status=400, code="films")
        if not any(words.strip() for words in name.values()):
            raise Refused(_("Give the mention a name."), status=400, code="name")
    return vote_actions.open_vote(
        fresh,
        text=text,
        quorum=quorum,
        closes_at=closes_at,
        casting=casting,
        films=ids,
        by=by,
        at=at,
        kind=Vote.Kind.MOTION,
        motion=motion,
        slot=slot if motion in (Motion.VACANT, Motion.SHARE) else None,
        seats=places if motion == Motion.VACANT else 1,
        name=name if motion == Motion.MENTION else {},
    )


def _assert_about_award(
    motion: str, slot: AwardSlot | None, meeting: Meeting, ids: set[int], places: int
) -> None:
    if slot is None:
        raise Refused(_("Choose the award."), status=400, code="slot")
    vote_actions.assert_slot(slot, meeting, ids)
    if motion == Motion.VACANT:
        if not slot.may_be_vacant:
            raise Refused(
                _("The edition’s rules do not let this award stay vacant."), status=400, code="slot"
            )
        if not 1 <= places <= slot.places:
            raise Refused(
                _("This award has %(count)d places: say how many of them stay vacant.")
                % {"count": slot.places},
                status=400,
                code="places",
            )
        return
    if not slot.ex_aequo:
        raise Refused(_("The edition’s rules do not let films share this award."), status=400, code="slot")
    if len(ids) < 2:
        raise Refused(_("Choose those that share the place: two at least."), status=400, code="films")


@transaction.atomic
def answer(*, vote: Vote, by: Actor, at: datetime, revision: int, said: str) -> Ballot:
    """Say yes or no, or abstain, or change it, until the vote is closed. Who has left the room for a film of the motion
    does not vote.
    """
    meeting = hold(vote.meeting, *Meeting.State)
    if not meeting_permissions.is_member(by, meeting):
        raise Refused(_("Only members of this meeting speak and vote in it."), status=403)
    held = Vote.objects.get(pk=vote.pk)
    if held.state != Vote.State.OPEN or held.closes_at <= at:
        raise Refused(_("The vote has been closed; this ballot came too late."), code="closed")
    if not motion_queries.may_answer(held, meeting, by.id):
        raise Refused(_("You have left the room for what this motion is about, so you do not vote on it."))
    if said not in ANSWERS:
        raise Refused(_("Choose yes, no, or an abstention."), status=400, code="empty")
    ballot = ballot_actions.own_row({"vote": held}, by=by, at=at, revision=revision)
    ballot.answer = said
    ballot.save(update_fields=["answer"])
    return ballot
