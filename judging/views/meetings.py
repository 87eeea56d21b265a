"""The desk's pages of meetings: planned, their films and agenda; opened from here."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from festival.edition.door import get_edition
from festival.kit import clock
from festival.kit.errors import Refused
from festival.kit.incoming import plain_text, whole_number
from festival.kit.pages import page
from festival.people.door import signed_in
from judging import cut_queries, meeting_permissions, meeting_plan_actions, meeting_queries, permissions
from judging.meeting_door import get_meeting
from judging.meeting_forms import MeetingForm
from judging.models import Meeting, Round


@signed_in
@require_GET
def meetings(request: HttpRequest, edition: str) -> HttpResponse:
    """The edition's meetings."""
    place = get_edition(request.actor, edition, permissions.can_plan)
    context = {"edition": place, "meetings": meeting_queries.for_desk(place)}
    return page(request, "desk/meetings.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, edition: str) -> HttpResponse:
    """Plan a meeting."""
    place = get_edition(request.actor, edition, permissions.can_plan)
    form = MeetingForm(request.POST or None, edition=place)
    error = None
    if request.method == "POST" and form.is_valid():
        try:
            made = meeting_plan_actions.plan_meeting(
                edition=place,
                round=form.cleaned_data["round"],
                by=request.actor,
                members=form.chosen,
                settings=form.settings,
            )
        except Refused as refused:
            error = refused
        else:
            return redirect("judging:meeting_desk", place.slug, made.pk)
    context = {"edition": place, "form": form, "error": error}
    return page(request, "desk/meeting_new.html", context, status=400 if form.is_bound else 200)


@signed_in
@require_http_methods(["GET", "POST"])
def meeting(request: HttpRequest, edition: str, pk: int) -> HttpResponse:
    """One meeting before it opens, and what of it can be changed afterwards."""
    found = get_meeting(request.actor, edition, pk)
    form = MeetingForm(request.POST or None, edition=found.edition, meeting=found)
    error = None
    if request.method == "POST" and form.is_valid():
        try:
            meeting_plan_actions.change_meeting(
                meeting=found, by=request.actor, members=form.chosen, settings=form.settings
            )
        except Refused as refused:
            error = refused
        else:
            messages.success(request, _("Saved."))
            return redirect("judging:meeting_desk", found.edition.slug, found.pk)
    planned = found.state == Meeting.State.PLANNED
    ready = found.round.state == Round.State.CLOSED
    context = {
        "edition": found.edition,
        "meeting": found,
        "form": form,
        "error": error,
        "films": found.films.select_related("entry__track"),
        "agenda": list(found.agenda.all()),
        "minutes_sum": sum(row.minutes or 0 for row in found.agenda.all()),
        "ready": ready,
        "through": cut_queries.through(found.round) if ready and planned else None,
        "may_lead": meeting_permissions.can_lead(request.actor, found),
        "may_enter": meeting_permissions.can_enter(request.actor, found),
    }
    return page(request, "desk/meeting.html", context, status=400 if form.is_bound else 200)


@signed_in
@require_POST
def films(request: HttpRequest, edition: str, pk: int) -> HttpResponse:
    """Take the films of the cut or the first of the standing, call one in by its code, or drop one."""
    found = get_meeting(request.actor, edition, pk)
    what = request.POST.get("what", "")
    if what == "drop":
        meeting_plan_actions.drop_film(
            meeting=found, entry_id=whole_number(request.POST.get("film")), by=request.actor
        )
    elif what == "call":
        meeting_plan_actions.call_in(
            meeting=found, code=plain_text(request.POST.get("code")), by=request.actor, at=clock.now()
        )
    else:
        first = None if what == "cut" else whole_number(request.POST.get("first"))
        if first is not None and first < 1:
            raise Refused(_("Say how many films are taken: a whole number from 1."), status=400)
        count = meeting_plan_actions.take_films(meeting=found, by=request.actor, first=first)
        text = ngettext("%(count)d film is on the list.", "%(count)d films are on the list.", count)
        messages.success(request, text % {"count": count})
    if request.POST.get("back") == "room":
        return redirect("judging:meeting", found.edition.slug, found.pk)
    return redirect("judging:meeting_desk", found.edition.slug, found.pk)


@signed_in
@require_POST
def agenda(request: HttpRequest, edition: str, pk: int) -> HttpResponse:
    """Add a point to the agenda, move it, give it time, take it away."""
    found = get_meeting(request.actor, edition, pk)
    what = request.POST.get("what", "")
    time = request.POST.get("minutes", "").strip()
    minutes = whole_number(time) if time else None
    if minutes is not None and not 1 <= minutes <= 600:
        raise Refused(_("Give a point of the agenda from 1 to 600 minutes."), status=400)
    if what == "add":
        meeting_plan_actions.add_point(
            meeting=found, title=plain_text(request.POST.get("title")), minutes=minutes, by=request.actor
        )
    else:
        meeting_plan_actions.change_point(
            meeting=found,
            item_id=whole_number(request.POST.get("point")),
            what=what if what in ("up", "down", "remove") else "minutes",
            minutes=minutes,
            by=request.actor,
        )
    return redirect("judging:meeting_desk", found.edition.slug, found.pk)


@signed_in
@require_POST
def tell(request: HttpRequest, edition: str, pk: int) -> HttpResponse:
    """Write to the members when and where the meeting is."""
    found = get_meeting(request.actor, edition, pk)
    count = meeting_plan_actions.tell_members(meeting=found, by=request.actor, at=clock.now())
    text = ngettext("%(count)d member is written to.", "%(count)d members are written to.", count)
    messages.success(request, text % {"count": count})
    return redirect("judging:meeting_desk", found.edition.slug, found.pk)


@signed_in
@require_POST
def open_meeting(request: HttpRequest, edition: str, pk: int) -> HttpResponse:
    """Open the meeting and write to its members."""
    found = get_meeting(request.actor, edition, pk, meeting_permissions.can_lead)
    meeting_plan_actions.open_meeting(meeting=found, by=request.actor, at=clock.now())
    return redirect("judging:meeting", found.edition.slug, found.pk)


@signed_in
@require_POST
def remove(request: HttpRequest, edition: str, pk: int) -> HttpResponse:
    """Take away a meeting that has not opened."""
    found = get_meeting(request.actor, edition, pk)
    meeting_plan_actions.remove_meeting(meeting=found, by=request.actor)
    messages.success(request, _("The meeting was taken away."))
    return redirect("judging:meetings", found.edition.slug)
