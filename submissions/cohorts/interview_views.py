"""Pages of interviews: the desk makes and gives out times, a team chooses one, and everybody has a calendar file."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from festival.kit import clock
from festival.kit.errors import Refused
from festival.kit.incoming import plain_text, whole_number
from festival.kit.pages import page
from festival.people.door import signed_in
from submissions.cohorts import interview_actions, interview_queries, permissions
from submissions.cohorts.interview_calendar import MIME, calendar
from submissions.cohorts.mentoring_door import get_cohort, get_team
from submissions.cohorts.mentoring_forms import SlotForm, SpanForm
from submissions.cohorts.models import Cohort, Interview, Place


@signed_in
@require_http_methods(["GET", "POST"])
def slots(request: HttpRequest, edition: str, cohort: str) -> HttpResponse:
    """The times of a cohort's interviews; further ones are made here."""
    found = get_cohort(request.actor, edition, cohort)
    form = SpanForm(request.POST or None, edition=found.edition)
    error = None
    if request.method == "POST" and form.is_valid():
        given = {**form.cleaned_data, "interviewers": list(form.cleaned_data["interviewers"])}
        try:
            made = interview_actions.make_slots(cohort=found, by=request.actor, at=clock.now(), **given)
        except Refused as refused:
            error = refused
        else:
            text = ngettext("%(count)d time was made.", "%(count)d times were made.", len(made))
            messages.success(request, text % {"count": len(made)})
            return redirect("submissions:interview_slots", edition, cohort)
    rows = list(interview_queries.slots_of(found))
    teams = Place.objects.filter(cohort=found, state=Place.State.ACCEPTED).select_related("entry")
    booked = {row.place_id for row in rows}
    context = {
        "edition": found.edition,
        "cohort": found,
        "slots": rows,
        "without": [team for team in teams if team.pk not in booked],
        "now": clock.now(),
        "form": form,
        "error": error,
    }
    return page(request, "cohorts/mentoring/slots.html", context, status=400 if form.is_bound else 200)


@signed_in
@require_http_methods(["GET", "POST"])
def slot(request: HttpRequest, edition: str, cohort: str, pk: int) -> HttpResponse:
    """Move one time, or change where it is and who comes."""
    found = get_cohort(request.actor, edition, cohort)
    row = _slot(found, pk)
    form = SlotForm(request.POST or None, edition=found.edition, slot=row)
    error = None
    if request.method == "POST" and form.is_valid():
        given = {**form.cleaned_data, "interviewers": list(form.cleaned_data["interviewers"])}
        try:
            interview_actions.change_slot(slot=row, by=request.actor, at=clock.now(), **given)
        except Refused as refused:
            error = refused
        else:
            messages.success(request, _("Saved."))
            return redirect("submissions:interview_slots", edition, cohort)
    context = {"edition": found.edition, "cohort": found, "slot": row, "form": form, "error": error}
    return page(request, "cohorts/mentoring/slot.html", context, status=400 if form.is_bound else 200)


@signed_in
@require_POST
def announce(request: HttpRequest, edition: str, cohort: str) -> HttpResponse:
    """Tell the teams that have no time yet that they can choose."""
    found = get_cohort(request.actor, edition, cohort)
    told = interview_actions.announce(cohort=found, by=request.actor, at=clock.now())
    text = ngettext("%(count)d team was written to.", "%(count)d teams were written to.", told)
    messages.success(request, text % {"count": told})
    return redirect("submissions:interview_slots", edition, cohort)


@signed_in
@require_POST
def assign(request: HttpRequest, edition: str, cohort: str, pk: int) -> HttpResponse:
    """Give a free time to a team."""
    found = get_cohort(request.actor, edition, cohort)
    row = _slot(found, pk)
    team = Place.objects.filter(cohort=found, pk=whole_number(request.POST.get("team"))).first()
    if team is None:
        raise Refused(_("Choose a team."), status=400, code="no_team")
    interview_actions.book(place=team, slot=row, by=request.actor, at=clock.now())
    return redirect("submissions:interview_slots", edition, cohort)


@signed_in
@require_POST
def free(request: HttpRequest, edition: str, cohort: str, pk: int) -> HttpResponse:
    """Take a time back from its team, with a reason."""
    found = get_cohort(request.actor, edition, cohort)
    row = _slot(found, pk)
    if row.place is None:
        raise Refused(_("No team has this time."), code="none")
    interview_actions.cancel(
        place=row.place, by=request.actor, at=clock.now(), reason=plain_text(request.POST.get("reason"))
    )
    return redirect("submissions:interview_slots", edition, cohort)


@signed_in
@require_POST
def remove(request: HttpRequest, edition: str, cohort: str, pk: int) -> HttpResponse:
    """Take a free time away."""
    found = get_cohort(request.actor, edition, cohort)
    interview_actions.remove_slot(slot=_slot(found, pk), by=request.actor)
    return redirect("submissions:interview_slots", edition, cohort)


def _slot(cohort: Cohort, pk: int) -> Interview:
    rows = Interview.objects.select_related("place__entry").prefetch_related("interviewers")
    row = rows.filter(cohort=cohort, pk=pk).first()
    if row is None:
        raise Http404
    row.cohort = cohort
    return row


@signed_in
@require_POST
def book(request: HttpRequest, pk: int) -> HttpResponse:
    """The team chooses a time."""
    place = get_team(request.actor, pk, permissions.can_book)
    row = Interview.objects.filter(cohort=place.cohort_id, pk=whole_number(request.POST.get("slot"))).first()
    if row is None:
        raise Refused(_("This time was taken away. Choose another."), code="gone")
    interview_actions.book(place=place, slot=row, by=request.actor, at=clock.now())
    messages.success(request, _("The time is yours."))
    return redirect("submissions:mentoring_team", place.pk)


@signed_in
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """The team gives its time back."""
    place = get_team(request.actor, pk, permissions.can_book)
    reason = plain_text(request.POST.get("reason"))
    interview_actions.cancel(place=place, by=request.actor, at=clock.now(), reason=reason)
    messages.success(request, _("The time is free again."))
    return redirect("submissions:mentoring_team", place.pk)


@signed_in
@require_GET
def calendar_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The team's interview, for a calendar."""
    place = get_team(request.actor, pk)
    rows = Interview.objects.filter(place=place).select_related("cohort__edition", "place__entry")
    return _ics(list(rows.prefetch_related("interviewers")), "interview.ics")


@signed_in
@require_GET
def own_calendar(request: HttpRequest) -> HttpResponse:
    """The interviews that the reader leads, for a calendar."""
    return _ics(list(interview_queries.led_by(request.actor)), "interviews.ics")


def _ics(rows: list[Interview], name: str) -> HttpResponse:
    response = HttpResponse(calendar(rows), content_type=MIME)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
