"""What happens to one screening: cancelled, repeated, rehearsed; its page for the projectionist."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from festival.kit.errors import Refused
from festival.kit.pages import page
from festival.kit.words import short_language
from festival.people.door import signed_in
from festival.premiere import actions, journal, permissions, rehearsal_actions
from festival.premiere.door import get_rehearsal, get_screening
from festival.premiere.forms import CancelForm, HallAndTimeForm, RehearsalForm
from festival.premiere.programme import papers
from festival.premiere.run_sheet import run_sheet
from festival.premiere.views.desk import Kind, kept_change, screening_page


@signed_in
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """The screening does not take place, and why."""
    screening = get_screening(request.actor, edition, code)
    form = CancelForm(request.POST or None, initial={"reason": screening.cancel_reason})
    if request.method == "POST" and form.is_valid():
        with kept_change(request, screening, Kind.CANCELLED) as at:
            actions.cancel_screening(screening=screening, reason=form.cleaned_data["reason"], at=at)
        messages.success(request, _("The screening is cancelled, and the hall is free."))
        return redirect("premiere:screening", edition, code)
    context = {"edition": screening.edition, "screening": screening, "form": form}
    return page(request, "desk/premiere_cancel.html", context, status=400 if form.is_bound else 200)


@signed_in
@require_POST
def reinstate(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """It takes place after all."""
    screening = get_screening(request.actor, edition, code)
    try:
        with kept_change(request, screening, Kind.CANCELLED) as at:
            actions.reinstate_screening(screening=screening, at=at)
    except Refused as refusal:
        messages.error(request, refusal.text)
    else:
        messages.success(request, _("The screening takes place."))
    return redirect("premiere:screening", edition, code)


@signed_in
@require_http_methods(["GET", "POST"])
def repeat(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """The same programme once more, in a hall at a time."""
    screening = get_screening(request.actor, edition, code)
    form = HallAndTimeForm(
        request.POST or None,
        edition=screening.edition,
        starts_at=screening.starts_at + timedelta(days=1),
        initial={"hall": screening.hall_id},
    )
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                found, at = screening.edition, timezone.now()
                with journal.kept(edition=found, kind=Kind.MADE, by=request.actor, at=at) as kept:
                    again = actions.repeat_screening(screening=screening, at=at, **form.values)
                    kept.code = again.code
            except Refused as refusal:
                form.add_error(None, refusal.text)
                status = refusal.status
            else:
                return redirect("premiere:screening", edition, again.code)
    context: dict[str, Any] = {"edition": screening.edition, "screening": screening, "form": form}
    return page(request, "desk/premiere_repeat.html", context, status=status)


@signed_in
@require_POST
def take_lengths(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """The films' lengths as the catalogue knows them now."""
    screening = get_screening(request.actor, edition, code)
    try:
        with kept_change(request, screening, Kind.FILMS) as at:
            count = actions.take_true_lengths(screening=screening, at=at)
    except Refused as refusal:
        messages.error(request, refusal.text)
    else:
        text = ngettext("%(count)d length was changed.", "%(count)d lengths were changed.", count)
        messages.success(request, text % {"count": count})
    return redirect("premiere:screening", edition, code)


@signed_in
@require_POST
def add_rehearsal(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """Book the hall for a technical rehearsal."""
    screening = get_screening(request.actor, edition, code)
    form = RehearsalForm(request.POST, edition=screening.edition)
    if not form.is_valid():
        return screening_page(request, screening, status=400, rehearsal_form=form)
    try:
        rehearsal_actions.plan_rehearsal(screening=screening, at=timezone.now(), **form.values)
    except Refused as refusal:
        form.add_error(None, refusal.text)
        return screening_page(request, screening, status=refusal.status, rehearsal_form=form)
    return redirect("premiere:screening", edition, code)


@signed_in
@require_POST
def remove_rehearsal(request: HttpRequest, edition: str, code: str, pk: int) -> HttpResponse:
    """The rehearsal is off."""
    rehearsal_actions.drop_rehearsal(rehearsal=get_rehearsal(request.actor, edition, code, pk))
    return redirect("premiere:screening", edition, code)


@signed_in
@require_GET
def run_of_show(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """The projectionist's page as a PDF, in the language of ?lang=en|zh or else the reader's."""
    screening = get_screening(request.actor, edition, code, permissions.can_project)
    asked = request.GET.get("lang", "")
    language = asked if asked in ("en", "zh") else short_language()
    response = HttpResponse(run_sheet(screening, language), content_type=papers.MIME)
    response.headers["Content-Disposition"] = f'inline; filename="{edition}-{code}-{language}.pdf"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
