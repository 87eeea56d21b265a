"""The desk's pages of an edition's tracks and phases: what there is, one more, one less, what they are called."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from festival.edition import permissions
from festival.edition.change_forms import given_reason
from festival.edition.door import get_edition
from festival.edition.frozen_actions import is_frozen
from festival.edition.models import Edition
from festival.kit import clock
from festival.kit.errors import Refused
from festival.kit.pages import page
from festival.kit.words import say
from festival.people.door import signed_in
from judging import part_actions
from judging.part_forms import NewPhaseForm, NewTrackForm, PhaseNameForm, TrackNameForm
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
        given = form.cleaned_data | {"reason": given_reason(request)}
        part_actions.add_track(edition=place, **given, by=request.actor, at=clock.now())

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
        given = form.given | {"reason": given_reason(request)}
        part_actions.add_phase(edition=place, **given, by=request.actor, at=clock.now())

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
        reason = given_reason(request)
        part_actions.remove_track(track=row, by=request.actor, at=clock.now(), reason=reason)
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
        reason = given_reason(request)
        part_actions.remove_phase(phase=row, by=request.actor, at=clock.now(), reason=reason)
    except Refused as refusal:
        messages.error(request, refusal.text)
    else:
        messages.success(request, _("The phase has been removed."))
    return redirect("judging:edition_parts", edition)


@signed_in
@require_http_methods(["GET", "POST"])
def name_track(request: HttpRequest, edition: str, track: str) -> HttpResponse:
    """What a track is called, and what is said of it."""
    place = get_edition(request.actor, edition, permissions.can_organise)
    row = get_object_or_404(place.tracks.select_related("edition"), slug=track)
    form = TrackNameForm(_posted(request), initial={"name": row.name, "about": row.about})

    def save() -> None:
        given = form.cleaned_data | {"reason": given_reason(request)}
        part_actions.rename_track(track=row, **given, by=request.actor, at=clock.now())

    return _name(request, place, form, save, say(row.name))


@signed_in
@require_http_methods(["GET", "POST"])
def name_phase(request: HttpRequest, edition: str, phase: int) -> HttpResponse:
    """What a phase of the calendar is called."""
    place = get_edition(request.actor, edition, permissions.can_organise)
    row = get_object_or_404(place.phases.select_related("edition"), pk=phase)
    form = PhaseNameForm(_posted(request), initial={"name": row.name})

    def save() -> None:
        given = form.cleaned_data | {"reason": given_reason(request)}
        part_actions.rename_phase(phase=row, **given, by=request.actor, at=clock.now())

    return _name(request, place, form, save, say(row.name) or row.get_kind_display())


def _posted(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _name(
    request: HttpRequest, place: Edition, form: forms.Form, save: Callable[[], None], called: str
) -> HttpResponse:
    if form.is_bound and _saved(form, save):
        messages.success(request, _("Saved."))
        return redirect("judging:edition_parts", place.slug)
    context = {"edition": place, "form": form, "called": called}
    return page(request, "desk/part_name.html", context, status=400 if form.errors else 200)


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
    at = clock.now()
    context = {
        "edition": place,
        "tracks": track_lines(place),
        "phases": phase_lines(place, at),
        "frozen": is_frozen(place, at),
        "no_track": part_actions.why_no_track(place, at),
        "track_form": track or NewTrackForm(),
        "phase_form": phase or NewPhaseForm(),
    }
    return page(request, "desk/edition_parts.html", context, status=400 if track or phase else 200)
