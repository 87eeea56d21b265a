"""The desk's page of an edition's tracks and phases: what there is, one more, one less. Until the call opens."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from festival.edition import permissions
from festival.edition.door import get_edition
from festival.edition.models import Edition
from festival.kit import clock
from festival.kit.errors import Refused
from festival.kit.pages import page
from festival.people.door import signed_in
from judging import part_actions
from judging.part_forms import NewPhaseForm, NewTrackForm
from judging.part_queries import phase_lines, track_lines


@signed_in
@require_GET
def parts(request: HttpRequest, edition: str) -> HttpResponse:
    """Tracks with what they take and how many entries, phases with their days."""
    return _page(request, get_edition(request.actor, edition, permissions.can_organise))


@signed_in
@require_POST
def add_track(request: HttpRequest, edition: str) -> HttpResponse:
    """One more track."""
    place = get_edition(request.actor, edition, permissions.can_organise)
    form = NewTrackForm(request.POST)

    def save() -> None:
        part_actions.add_track(edition=place, **form.cleaned_data, by=request.actor, at=clock.now())

    if _saved(form, save):
        messages.success(request, _("The track has been added."))
        return redirect("judging:edition_parts", edition)
    return _page(request, place, track=form)


@signed_in
@require_POST
def add_phase(request: HttpRequest, edition: str) -> HttpResponse:
    """One more phase of the calendar."""
    place = get_edition(request.actor, edition, permissions.can_organise)
    form = NewPhaseForm(request.POST)

    def save() -> None:
        part_actions.add_phase(edition=place, **form.given, by=request.actor, at=clock.now())

    if _saved(form, save):
        messages.success(request, _("The phase has been added."))
        return redirect("judging:edition_parts", edition)
    return _page(request, place, phase=form)


@signed_in
@require_POST
def remove_track(request: HttpRequest, edition: str, track: str) -> HttpResponse:
    """A track that nothing names and nobody has entered in."""
    place = get_edition(request.actor, edition, permissions.can_organise)
    row = get_object_or_404(place.tracks.select_related("edition"), slug=track)
    try:
        part_actions.remove_track(track=row, by=request.actor, at=clock.now())
    except Refused as refusal:
        messages.error(request, refusal.text)
    else:
        messages.success(request, _("The track has been removed."))
    return redirect("judging:edition_parts", edition)


@signed_in
@require_POST
def remove_phase(request: HttpRequest, edition: str, phase: int) -> HttpResponse:
    """A phase that nothing follows from."""
    place = get_edition(request.actor, edition, permissions.can_organise)
    row = get_object_or_404(place.phases.select_related("edition"), pk=phase)
    try:
        part_actions.remove_phase(phase=row, by=request.actor, at=clock.now())
    except Refused as refusal:
        messages.error(request, refusal.text)
    else:
        messages.success(request, _("The phase has been removed."))
    return redirect("judging:edition_parts", edition)


def _saved(form: forms.Form, save: Callable[[], None]) -> bool:
    """Whether it was; what was refused stands in the form."""
    if not form.is_valid():
        return False
    try:
        save()
    except Refused as refusal:
        form.add_error(None, refusal.text)
    return not form.errors


def _page(
    request: HttpRequest,
    place: Edition,
    *,
    track: NewTrackForm | None = None,
    phase: NewPhaseForm | None = None,
) -> HttpResponse:
    context = {
        "edition": place,
        "tracks": track_lines(place),
        "phases": phase_lines(place),
        "fixed": part_actions.why_fixed(place, clock.now()),
        "track_form": track or NewTrackForm(),
        "phase_form": phase or NewPhaseForm(),
    }
    return page(request, "desk/edition_parts.html", context, status=400 if track or phase else 200)
