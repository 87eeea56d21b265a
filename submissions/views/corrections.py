"""The entrant's pages of a correction: ask for it, and correct what was opened."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from festival.kit import clock
from festival.kit.errors import Refused
from festival.kit.pages import page
from festival.people.door import signed_in
from submissions import correction_actions, permissions
from submissions.correction_forms import AskForm, CorrectionForm
from submissions.correction_gaps import missing_in
from submissions.correction_queries import granted_of
from submissions.correction_saves import save_correction, seen_of
from submissions.correction_view import answer_by, elsewhere_of, view_of, views_of
from submissions.door import get_entry
from submissions.drafts import not_open
from submissions.models import Correction, Entry


@signed_in
@require_http_methods(["GET", "POST"])
def correction(request: HttpRequest, code: str) -> HttpResponse:
    """Ask for fields to be opened; the request that waits; and what became of earlier ones."""
    mine = get_entry(request.actor, code, permissions.is_entrant, whole=True)
    at = clock.now()
    if not permissions.can_ask_correction(request.actor, mine):
        messages.info(request, _("Nothing can be corrected: the entry is a draft, or out of the running."))
        return redirect("submissions:entry", code=mine.code)
    if request.method == "GET" and granted_of(mine, at):
        return redirect("submissions:correct", code=mine.code)
    form = AskForm(mine, request.POST or None, at=at)
    if request.method == "POST" and form.is_valid():
        correction_actions.ask_correction(entry=mine, by=request.actor, at=at, **form.cleaned_data)
        messages.success(request, _("Your request has been sent. We write to you when it is decided."))
        return redirect("submissions:correction", code=mine.code)
    views = views_of(mine.corrections.all(), mine.edition, at, addresses=True)
    context = {
        "entry": mine,
        "edition": mine.edition,
        "form": form,
        "waiting": next((view for view in views if view.waiting), None),
        "earlier": [view for view in views if not view.waiting],
        "promised": answer_by(Correction(asked_at=at), mine.edition),
    }
    return page(request, "entrant/correction.html", context, status=400 if form.errors else 200)


@signed_in
@require_POST
def take_back(request: HttpRequest, code: str) -> HttpResponse:
    """The request is not needed any more."""
    mine = get_entry(request.actor, code, permissions.is_entrant)
    correction_actions.take_back(entry=mine, by=request.actor, at=clock.now())
    messages.success(request, _("The request is taken back."))
    return redirect("submissions:correction", code=code)


@signed_in
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, code: str) -> HttpResponse:
    """Exactly the granted fields, to be saved as often as needed until the time is over."""
    mine = get_entry(request.actor, code, permissions.is_entrant, whole=True)
    at = clock.now()
    row = granted_of(mine, at)
    if row is None:
        if request.method == "POST":
            raise not_open(mine, request.actor, at)
        return redirect("submissions:correction", code=mine.code)
    form = CorrectionForm(mine, row.granted, request.POST or None, at=at, seen=seen_of(mine, row))
    if request.method == "POST" and form.is_valid():
        try:
            seen = form.cleaned_data["seen"] or None
            save_correction(entry=mine, values=form.values, by=request.actor, at=at, seen=seen)
        except Refused as error:
            if error.code not in ("changed", "incomplete"):
                raise
            form.add_error(None, error.text)
            form.data = form.data.copy()
            form.data["seen"] = seen_of(mine, row)
            return page(request, "entrant/correct.html", _context(mine, row, form), status=error.status)
        messages.success(request, _("Saved, and put on record."))
        return redirect("submissions:correct", code=mine.code)
    status = 400 if form.errors else 200
    return page(request, "entrant/correct.html", _context(mine, row, form), status=status)


def _context(mine: Entry, row: Correction, form: CorrectionForm) -> dict[str, Any]:
    return {
        "entry": mine,
        "edition": mine.edition,
        "form": form,
        "correction": view_of(row, mine.edition, clock.now(), addresses=True, changes=True),
        "here": bool(form.groups or form.lines is not None or form.statement),
        "elsewhere": elsewhere_of(mine, row),
        "missing": missing_in(mine, row.granted),
    }


@signed_in
@require_POST
def done(request: HttpRequest, code: str) -> HttpResponse:
    """Everything is corrected."""
    mine = get_entry(request.actor, code, permissions.is_entrant)
    correction_actions.finish_correction(entry=mine, by=request.actor, at=clock.now())
    messages.success(request, _("The correction is finished. Nothing can be changed any more."))
    return redirect("submissions:entry", code=code)
