"""Reads of motions: who may answer, what the outcome follows from, and which have been carried."""

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet

from festival.edition.models import Edition
from judging import meeting_queries
from judging.logic import votes
from judging.logic.runoff import CARRIED
from judging.models import Ballot, Meeting, Vote, Withdrawal
from submissions.lifecycle import State


def may_answer(vote: Vote, meeting: Meeting, user_id: int | None) -> bool:
    """Whether this member is in the room for every film of the motion."""
    films = set(vote.films.values_list("pk", flat=True))
    return not films & meeting_queries.outside_of(meeting, user_id)


def inputs_of(vote: Vote, meeting: Meeting, judges: Collection[int]) -> dict[str, Any]:
    """What the outcome follows from: answers of members of the jury as it is now, who are in the room."""
    members = meeting.member_ids & set(judges)
    films = set(vote.films.values_list("pk", flat=True))
    outside = meeting_queries.outside(meeting, members)
    away = {user for user in members if films & outside.get(user, set())}
    rows = Ballot.objects.filter(vote=vote, juror_id__in=members - away).exclude(answer="")
    answers = {str(user): said for user, said in rows.values_list("juror_id", "answer")}
    return votes.motion_inputs(
        answers=answers,
        quorum=vote.quorum,
        recused=len(away),
        casting=str(vote.opened_by_id) if vote.casting else None,
    )


def taken_out(edition: Edition) -> set[str]:
    """The codes of films whose award was withdrawn: no list gives them one again. One query."""
    rows = Withdrawal.objects.filter(award_list__edition=edition)
    return set(rows.values_list("entry__code", flat=True))


def films_left(vote: Vote, out: Collection[str]) -> list[str]:
    """The codes of a motion's films that are in the competition, without those that were taken out."""
    films = [film for film in vote.films.all() if film.state == State.ELIGIBLE]
    return sorted(film.code for film in films if film.code not in out)


def carried(edition: Edition) -> QuerySet[Vote]:
    """Motions about awards that the jury has carried, the oldest first."""
    about = (Vote.Motion.VACANT, Vote.Motion.SHARE, Vote.Motion.MENTION)
    rows = Vote.objects.filter(meeting__edition=edition, state=Vote.State.CLOSED, motion__in=about)
    return (
        rows.filter(result__result=CARRIED)
        .select_related("slot")
        .prefetch_related("films")
        .order_by("closed_at", "pk")
    )
