"""The room of a meeting: its list, one film with everything said of it, and what the chair does there."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from festival.edition import permissions as edition_permissions
from festival.kit import clock
from festival.kit.errors import Refused, refusal
from festival.kit.incoming import json_object, plain_text, whole_number
from festival.kit.pages import page
from festival.kit.words import say
from festival.people.door import signed_in
from judging import meeting_actions, meeting_permissions, meeting_queries, meeting_words
from judging.meeting_door import enter, get_film
from judging.meeting_minutes import digest_of
from judging.models import Meeting, MeetingFilm, MeetingNote, Vote
from judging.queries import rounds_of_judge
from judging.reading import material_of
from judging.views.console import body, identity, is_json, mark_of
from judging.views.jury import jury_nav
from submissions.links import media_url
from submissions.player import tracks_with_copy
from submissions.queries import judge_copies

LATEST = 12  # of what happened, on the page


@signed_in
@require_GET
def room(request: HttpRequest, edition: str, pk: int) -> HttpResponse:
    """The list in the order the jury has come to, the agenda, votes, and what is said of the whole. Asked again every
    few seconds it answers only when something has happened.
    """
    meeting = enter(request.actor, edition, pk)
    live = look_in(request, meeting)
    if live is None:
        return HttpResponseNotModified()
    opened = meeting.state != Meeting.State.PLANNED
    films = meeting_queries.films_of(meeting, out=live["out"]) if opened else []
    context = {
        **live,
        "films": films,
        "vote_lines": [(vote, meeting_words.became(vote, out=live["out"])) for vote in live["votes"]],
        "notes": meeting_queries.notes_of(meeting, None),
        "steps": meeting_words.steps(meeting, live["votes"], out=live["out"], latest=LATEST)
        if opened
        else [],
        "note_id": uuid4(),
    }
    return page(request, "jury/meeting.html", context, part="live")


def look_in(request: HttpRequest, meeting: Meeting) -> dict[str, Any] | None:
    """What the pages of a meeting show of it as it is now; None when the page that asks has it already.

    `seen` names the state: what has happened so far, and who is there.
    """
    actor, at = request.actor, clock.now()
    meeting_actions.mark_present(meeting=meeting, by=actor, at=at)
    present = meeting_queries.present(meeting, at)
    here = [row.user_id for row, is_here in present if is_here]
    seen = f"{meeting.revision}.{'-'.join(map(str, here))}"
    if getattr(request, "htmx", False) and request.GET.get("seen") == seen:
        return None
    votes = meeting_queries.votes_of(meeting)
    people = {row.user_id: str(row.user) for row, _here in present}
    aside = meeting_queries.outside(meeting, {*people, *([actor.id] if actor.id else [])})
    table = meeting.films.filter(on_table=True).select_related("entry").first()
    return {
        **frame(request, meeting),
        "present": present,
        "here": len(here),
        "votes": votes,
        "open_votes": [vote for vote in votes if vote.state == Vote.State.OPEN],
        "voted": meeting_queries.own_ballots(meeting, actor.id),
        "agenda": list(meeting.agenda.all()),
        "out": aside.get(actor.id or 0, set()),
        "table": table.entry if table else None,
        "left": [name for user, name in people.items() if table and table.entry_id in aside.get(user, ())],
        "may_vote": meeting_permissions.is_member(actor, meeting),
        "may_speak": meeting_permissions.can_speak(actor, meeting),
        "seen": seen,
    }


def frame(request: HttpRequest, meeting: Meeting) -> dict[str, Any]:
    """What every page of a meeting needs: a judge has her own places beside it, a chair the way back to the desk."""
    edition = meeting.edition
    judges = edition_permissions.can_judge(request.actor, edition)
    rounds = list(rounds_of_judge(edition, request.actor.id)) if judges else []
    return {
        "edition": edition,
        "meeting": meeting,
        "may_lead": meeting_permissions.can_lead(request.actor, meeting),
        "may_plan": meeting_permissions.can_plan(request.actor, meeting),
        "area_nav": jury_nav(request, edition, rounds) if judges else [],
        "area_title": say(edition.name),
    }


@signed_in
@require_GET
def film(request: HttpRequest, edition: str, pk: int, code: str) -> HttpResponse:
    """One film: the copy, all scores and notes of the jury, and what the meeting says of it."""
    meeting = enter(request.actor, edition, pk)
    _assert_open(meeting)
    row = get_film(meeting, code)
    live = look_in(request, meeting)
    if live is None:
        return HttpResponseNotModified()
    outside = row.entry_id in live["out"]
    order = list(meeting.films.order_by("position", "pk").values_list("entry__code", flat=True))
    place = order.index(code)
    context = {
        **live,
        "row": row,
        "film": row.entry,
        "outside": outside,
        "place": place + 1,
        "total": len(order),
        "previous": order[place - 1] if place else None,
        "next": order[place + 1] if place + 1 < len(order) else None,
        "note_id": uuid4(),
    }
    if not outside:
        context |= _open_film(request, meeting, row)
    return page(request, "jury/meeting_film.html", context, part="live")


def _open_film(request: HttpRequest, meeting: Meeting, row: MeetingFilm) -> dict[str, Any]:
    key, seconds = judge_copies([row.entry_id]).get(row.entry_id, ("", 0.0))
    return {
        "src": media_url(request.actor, key) if key else "",
        "seconds": int(seconds),
        "tracks": tracks_with_copy(request.actor, row.entry_id) if key else [],
        "mark": mark_of(request),
        "material": material_of(request.actor, row.entry_id) if not key and row.entry.is_project else None,
        "named": meeting_queries.named(meeting, row.entry_id),
        "said": meeting_queries.said_of(meeting, row.entry_id),
        "notes": meeting_queries.notes_of(meeting, row.entry_id),
    }


def _assert_open(meeting: Meeting) -> None:
    if meeting.state == Meeting.State.PLANNED:
        raise Refused(_("The meeting has not opened yet."), code="planned")


def over(request: HttpRequest, meeting: Meeting) -> bool:
    """A page whose form asks for something that an open meeting alone takes, looked at before or after: the meeting's
    own page says how it stands. What is sent nevertheless is refused with its reason.
    """
    return request.method == "GET" and meeting.state != Meeting.State.OPEN


def back_to(meeting: Meeting, code: str = "") -> HttpResponse:
    """Back to the page the form was on."""
    if code and meeting.films.filter(entry__code=code).exists():
        return redirect("judging:meeting_film", meeting.edition.slug, meeting.pk, code)
    return redirect("judging:meeting", meeting.edition.slug, meeting.pk)


@signed_in
@require_POST
def note(request: HttpRequest, edition: str, pk: int) -> HttpResponse:
    """Say something of a film or of the whole; the chair also writes down what was decided."""
    meeting = enter(request.actor, edition, pk)
    data = body(request)
    code = plain_text(data.get("film"))
    entry = get_film(meeting, code).entry_id if code else None
    meeting_actions.write_note(
        meeting=meeting,
        by=request.actor,
        at=clock.now(),
        client_id=identity(data.get("id")),
        text=plain_text(data.get("text")),
        entry_id=entry,
        decision=bool(data.get("decision")),
    )
    return JsonResponse({"id": str(uuid4())}) if is_json(request) else back_to(meeting, code)


@signed_in
@require_POST
def take_back(request: HttpRequest, edition: str, pk: int, note: int) -> HttpResponse:
    """Take back what one has said."""
    meeting = enter(request.actor, edition, pk)
    found = get_object_or_404(
        MeetingNote.objects.select_related("meeting__edition", "entry"), meeting=meeting, pk=note
    )
    meeting_actions.take_back(note=found, by=request.actor, at=clock.now())
    return back_to(meeting, found.entry.code if found.entry else "")


@signed_in
@require_POST
def order(request: HttpRequest, edition: str, pk: int) -> JsonResponse:
    """The order as the chair has dragged it."""
    meeting = enter(request.actor, edition, pk, meeting_permissions.can_lead)
    data = json_object(request)
    ids = data.get("ids")
    if not isinstance(ids, list) or not all(type(one) is int for one in ids):
        raise Refused(_("This could not be read. Reload the page and try again."), status=400)
    number = meeting_actions.set_order(
        meeting=meeting,
        order=ids,
        number=whole_number(data.get("number")),
        by=request.actor,
        at=clock.now(),
    )
    return JsonResponse({"number": number})


@signed_in
@require_POST
def move(request: HttpRequest, edition: str, pk: int, code: str) -> HttpResponse:
    """Move a film one place up or down, or to a place."""
    meeting = enter(request.actor, edition, pk, meeting_permissions.can_lead)
    row = get_film(meeting, code)
    codes = list(meeting.films.order_by("position", "pk").values_list("entry__code", flat=True))
    place = codes.index(code) + 1
    where = request.POST.get("to", "")
    to = {"up": place - 1, "down": place + 1}.get(where) or whole_number(where)
    meeting_actions.move_film(meeting=meeting, entry_id=row.entry_id, to=to, by=request.actor, at=clock.now())
    return redirect(f"{reverse('judging:meeting', args=[edition, pk])}#film-{code}")


@signed_in
@require_POST
def table(request: HttpRequest, edition: str, pk: int) -> HttpResponse:
    """Put a film on the table, or clear it."""
    meeting = enter(request.actor, edition, pk, meeting_permissions.can_lead)
    code = plain_text(request.POST.get("film"))
    entry = get_film(meeting, code).entry_id if code else None
    meeting_actions.put_on_table(meeting=meeting, entry_id=entry, by=request.actor, at=clock.now())
    return back_to(meeting, code)


@signed_in
@require_POST
def tick(request: HttpRequest, edition: str, pk: int) -> HttpResponse:
    """Mark a point of the agenda as done."""
    meeting = enter(request.actor, edition, pk, meeting_permissions.can_lead)
    meeting_actions.tick(
        meeting=meeting, item_id=whole_number(request.POST.get("point")), by=request.actor, at=clock.now()
    )
    return back_to(meeting)


@signed_in
@require_http_methods(["GET", "POST"])
def aside(request: HttpRequest, edition: str, pk: int, code: str) -> HttpResponse:
    """Leave the room for a film, with a reason."""
    meeting = enter(request.actor, edition, pk)
    row = get_film(meeting, code)
    left = row.entry_id in meeting_queries.outside_of(meeting, request.actor.id)
    if over(request, meeting) or (request.method == "GET" and left):
        return back_to(meeting, code if left and meeting.state == Meeting.State.OPEN else "")
    error = None
    if request.method == "POST":
        try:
            meeting_actions.stand_aside(
                meeting=meeting,
                entry_id=row.entry_id,
                by=request.actor,
                at=clock.now(),
                reason=plain_text(request.POST.get("reason")),
            )
        except Refused as refused:
            if refused.code != "reason":
                return refusal(request, refused)
            error = refused
        else:
            messages.success(request, _("You have left the room for this film."))
            return back_to(meeting)
    context = {**frame(request, meeting), "film": row.entry, "error": error}
    return page(request, "jury/meeting_aside.html", context, status=error.status if error else 200)


@signed_in
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, edition: str, pk: int) -> HttpResponse:
    """End the meeting; its minutes are fixed."""
    meeting = enter(request.actor, edition, pk, meeting_permissions.can_lead)
    if over(request, meeting):
        return back_to(meeting)
    if request.method == "POST":
        meeting_actions.close_meeting(meeting=meeting, by=request.actor, at=clock.now())
        messages.success(request, _("The meeting is closed and its minutes are fixed."))
        return redirect("judging:meeting_minutes", edition, pk)
    context = {
        **frame(request, meeting),
        "open_votes": meeting.votes.filter(state=Vote.State.OPEN),
        "undone": meeting.agenda.filter(done_at__isnull=True).count(),
    }
    return page(request, "jury/meeting_close.html", context)


@signed_in
@require_GET
def minutes(request: HttpRequest, edition: str, pk: int) -> HttpResponse:
    """The minutes of a closed meeting, for those who took part and the organisers."""
    meeting = enter(request.actor, edition, pk, meeting_permissions.can_read_minutes)
    out = meeting_queries.outside_of(meeting, request.actor.id)
    votes = meeting_queries.votes_of(meeting)[::-1]
    prefetch_related_objects([meeting], "agenda")  # the page has it, and the digest
    context = {
        **frame(request, meeting),
        "members": [row for row, _here in meeting_queries.present(meeting, clock.now())],
        "agenda": list(meeting.agenda.all()),
        "films": meeting_words.films(meeting, out=out),
        "general": meeting_queries.notes_of(meeting, None),
        "votes": [(vote, meeting_words.result(vote, out=out)) for vote in votes],
        "steps": meeting_words.steps(meeting, votes, out=out),
        "unchanged": digest_of(meeting) == meeting.minutes_digest,
    }
    return page(request, "jury/meeting_minutes.html", context)
