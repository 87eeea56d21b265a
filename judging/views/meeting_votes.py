"""Votes in a meeting: asked by the chair, cast by its members, closed, and taken into the cut."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from festival.awards.models import AwardSlot
from festival.kit import clock
from festival.kit.errors import Refused
from festival.kit.incoming import plain_text, whole_number
from festival.kit.pages import page
from festival.kit.words import say
from festival.people.door import signed_in
from judging import (
    award_inputs,
    ballot_actions,
    cut_queries,
    meeting_permissions,
    meeting_queries,
    meeting_said,
    meeting_words,
    motion_actions,
    motion_queries,
    tie_queries,
    vote_actions,
)
from judging.meeting_door import enter, get_vote
from judging.meeting_forms import MotionForm, VoteForm
from judging.models import Ballot, BallotLine, Meeting, Round, Vote
from judging.views.answers import read_ballot
from judging.views.meeting_room import back_to, frame, over
from submissions.lifecycle import State


@signed_in
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, edition: str, pk: int) -> HttpResponse:
    """Open a vote. `?again=` ticks the tied films of an earlier one, all where it had no quorum; `?line=1` those tied
    at the line of the cut, `?award=` those of the list that may have an award: its shortlist.
    """
    meeting = enter(request.actor, edition, pk, meeting_permissions.can_lead)
    if over(request, meeting):
        return back_to(meeting)
    rows = _films(meeting)
    cut = cut_queries.current_cut(meeting.round)
    tie = tie_queries.tie_of(meeting.round, cut) if cut and not cut.frozen_at else None
    at_line = [entry for entry, _title in rows if tie and entry in {row.entry_id for row in tie.rows}]
    award = AwardSlot.objects.filter(
        edition=meeting.edition, slug=plain_text(request.GET.get("award"))
    ).first()
    every = [entry for entry, _title in rows]
    short = award_inputs.may_have(award, every) if award else set()
    form = VoteForm(
        request.POST or None,
        meeting=meeting,
        films=rows,
        chosen=[entry for entry in every if entry in short]
        if award
        else (at_line if request.GET.get("line") else _again(request, meeting)) or every,
        seats=_seats(award, len(short))
        if award
        else tie.places
        if tie and at_line and request.GET.get("line")
        else 1,
        award=award,
    )
    error = None
    if request.method == "POST" and form.is_valid():
        try:
            vote = vote_actions.ask(meeting=meeting, by=request.actor, at=clock.now(), **form.given)
        except Refused as refused:
            error = refused
        else:
            messages.success(request, _("The vote is open. The members were written to."))
            return redirect("judging:meeting_vote", edition, pk, vote.pk)
    context = {
        **frame(request, meeting),
        "at_line": len(at_line),
        "award": award,
        "short": len(short),
        "awards": AwardSlot.objects.filter(edition=meeting.edition, added=False),
        "form": form,
        "error": error,
    }
    return page(request, "jury/meeting_ask.html", context, status=400 if form.is_bound else 200)


def _seats(award: AwardSlot, films: int) -> int:
    return max(1, min(award.places, films))


def _films(meeting: Meeting) -> list[tuple[int, str]]:
    return [
        (row.entry_id, f"{row.entry.title} ({row.entry.code})")
        for row in meeting.films.select_related("entry")
        if row.entry.state == State.ELIGIBLE
    ]


@signed_in
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, edition: str, pk: int) -> HttpResponse:
    """Put a motion to the jury."""
    meeting = enter(request.actor, edition, pk, meeting_permissions.can_lead)
    if over(request, meeting):
        return back_to(meeting)
    form = MotionForm(request.POST or None, meeting=meeting, films=_films(meeting))
    if request.method == "POST" and form.is_valid():
        try:
            vote = motion_actions.move(meeting=meeting, by=request.actor, at=clock.now(), **form.given)
        except Refused as refused:
            form.add_error(refused.code if refused.code in form.fields else None, refused.text)
        else:
            messages.success(request, _("The vote is open. The members were written to."))
            return redirect("judging:meeting_vote", edition, pk, vote.pk)
    context = {**frame(request, meeting), "form": form}
    return page(request, "jury/meeting_motion.html", context, status=400 if form.is_bound else 200)


def _again(request: HttpRequest, meeting: Meeting) -> list[int]:
    number = whole_number(request.GET.get("again"))
    earlier = meeting.votes.filter(pk=number, state=Vote.State.CLOSED).first() if number > 0 else None
    if earlier is None:
        return []
    if not earlier.result.get("valid"):  # too few voted: the same films once more
        return list(earlier.films.values_list("pk", flat=True))
    tied = earlier.result.get("tied") or []
    return list(meeting.films.filter(entry__code__in=tied).values_list("entry_id", flat=True))


@signed_in
@require_http_methods(["GET", "POST"])
def vote(request: HttpRequest, edition: str, pk: int, vote: int) -> HttpResponse:
    """A vote: the own ballot while it is open, the result once it is closed."""
    meeting = enter(request.actor, edition, pk)
    found = get_vote(meeting, vote)
    if found.kind == Vote.Kind.MOTION:
        return _motion(request, meeting, found)
    member = meeting_permissions.is_member(request.actor, meeting)
    open_here = found.state == Vote.State.OPEN
    offered = vote_actions.offered_to(found, meeting, request.actor.id) if open_here and member else set()
    films = [
        row.entry
        for row in meeting.films.select_related("entry__track").order_by("position", "pk")
        if row.entry_id in offered
    ]
    cast, values = _own(found, request.actor.id)
    error = None
    if request.method == "POST":
        values = read_ballot(request, found.kind, [film.pk for film in films])
        try:
            vote_actions.cast(
                vote=found,
                by=request.actor,
                at=clock.now(),
                revision=whole_number(request.POST.get("revision")),
                values=values,
            )
        except Refused as refused:
            if refused.status == 403:
                raise
            error = refused
            if refused.code == ballot_actions.CHANGED:
                cast, values = _own(found, request.actor.id)
        else:
            messages.success(request, _("Your ballot is in. Until the vote is closed you can change it."))
            return redirect("judging:meeting_vote", edition, pk, vote)
    if found.kind == Round.Ballot.RANKED:
        films.sort(key=lambda film: values.get(film.pk) or len(films) + 1)
    out = set() if open_here else meeting_queries.outside_of(meeting, request.actor.id)
    context: dict[str, Any] = {
        **frame(request, meeting),
        "vote": found,
        "rows": [(film, values.get(film.pk)) for film in films],
        "ranks": range(1, len(films) + 1),
        "cast": cast,
        "count": Ballot.objects.filter(vote=found).count(),
        "left_out": found.films.filter(state=State.ELIGIBLE).count() - len(films) if member else 0,
        "may_vote": member and open_here and meeting_permissions.can_speak(request.actor, meeting),
        "result": meeting_words.result(found, out=out) if not open_here else None,
        "cut": cut_queries.current_cut(meeting.round) if not open_here else None,
        "error": error,
    }
    return page(request, "jury/meeting_vote.html", context, status=error.status if error else 200)


def _motion(request: HttpRequest, meeting: Meeting, found: Vote) -> HttpResponse:
    """A motion: the own answer while it is open, the result once it is closed."""
    actor = request.actor
    error = None
    if request.method == "POST":
        try:
            motion_actions.answer(
                vote=found,
                by=actor,
                at=clock.now(),
                revision=whole_number(request.POST.get("revision")),
                said=request.POST.get("answer", ""),
            )
        except Refused as refused:
            if refused.status == 403:
                raise
            error = refused
        else:
            messages.success(request, _("Your vote is in. Until the motion is closed you can change it."))
            return redirect("judging:meeting_vote", meeting.edition.slug, meeting.pk, found.pk)
    open_here = found.state == Vote.State.OPEN
    member = meeting_permissions.is_member(actor, meeting)
    inside = motion_queries.may_answer(found, meeting, actor.id)
    speaks = member and meeting_permissions.can_speak(actor, meeting)
    context: dict[str, Any] = {
        **frame(request, meeting),
        "vote": found,
        "films": list(found.films.order_by("title", "pk")),
        "cast": Ballot.objects.filter(vote=found, juror_id=actor.id).first(),
        "count": Ballot.objects.filter(vote=found).count(),
        "outside": member and not inside,
        "may_vote": speaks and inside and open_here,
        "result": meeting_words.result(found, out=meeting_queries.outside_of(meeting, actor.id)),
        "award": say(found.slot.name) if found.slot else "",
        "error": error,
    }
    return page(request, "jury/meeting_motion_vote.html", context, status=error.status if error else 200)


def _own(vote: Vote, juror_id: int | None) -> tuple[Ballot | None, dict[int, int | None]]:
    """What this member has voted so far."""
    cast = Ballot.objects.filter(vote=vote, juror_id=juror_id).first()
    return cast, dict(BallotLine.objects.filter(ballot=cast).values_list("entry_id", "value")) if cast else {}


@signed_in
@require_POST
def close(request: HttpRequest, edition: str, pk: int, vote: int) -> HttpResponse:
    """Close a vote and count it."""
    meeting = enter(request.actor, edition, pk, meeting_permissions.can_lead)
    vote_actions.close_vote(vote=get_vote(meeting, vote), by=request.actor, at=clock.now())
    return redirect("judging:meeting_vote", edition, pk, vote)


@signed_in
@require_POST
def take(request: HttpRequest, edition: str, pk: int, vote: int) -> HttpResponse:
    """Move the films of a decided vote over the round's line."""
    meeting = enter(request.actor, edition, pk, meeting_permissions.can_lead)
    moved = vote_actions.take_into_cut(vote=get_vote(meeting, vote), by=request.actor, at=clock.now())
    messages.success(request, meeting_said.counted(meeting, "moved", moved))
    return redirect("judging:round_cut", edition, meeting.round.slug)
