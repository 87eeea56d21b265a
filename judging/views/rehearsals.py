"""Rehearsals at the desk: asked for, watched, stopped, read, deleted."""

from typing import Any

from django.contrib import messages
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from festival.edition.door import get_edition
from festival.edition.models import Edition
from festival.edition.permissions import can_organise
from festival.kit.errors import Refused
from festival.kit.pages import page
from festival.people.door import signed_in
from festival.people.roles import Role
from judging import rehearsal_actions as actions
from judging.logic.canonical import canonical
from judging.models import Rehearsal
from judging.rehearsal.words import markdown
from judging.rehearsal_forms import RehearsalForm
from judging.rehearsal_page import context_of, stage_name

USUAL = {"entries": 200, "judges": 12, "workers": 2, "seed": 1}
READY, RUNNING = Rehearsal.State.READY, Rehearsal.State.RUNNING


def _usual(edition: Edition) -> dict[str, Any]:
    """As the last time; before it the edition's own judges, or as many as its plan reckons with."""
    last = Rehearsal.objects.filter(edition=edition).defer("report").first()
    if last:
        return {name: getattr(last, name) for name in USUAL} | last.prices
    judges = edition.memberships.filter(role=Role.JUDGE).count()
    judges = judges or edition.rounds.aggregate(most=Max("expects_judges"))["most"]
    return USUAL | ({"judges": judges} if judges else {})


def _shown(request: HttpRequest, edition: Edition, form: RehearsalForm, status: int = 200) -> HttpResponse:
    rows = list(Rehearsal.objects.filter(edition=edition).defer("report").select_related("by"))
    running = next((row for row in rows if row.state == RUNNING), None)
    context = {
        "edition": edition,
        "form": form,
        "rehearsals": rows,
        "running": running,
        "stage": stage_name(running) if running else "",
    }
    return page(request, "desk/rehearsals.html", context, status=status)


@signed_in
@require_GET
def rehearsals(request: HttpRequest, edition: str) -> HttpResponse:
    """The rehearsals there were, how far the running one is, and the form for the next."""
    found = get_edition(request.actor, edition, can_organise)
    return _shown(request, found, RehearsalForm(edition=found, initial=_usual(found)))


@signed_in
@require_POST
def make(request: HttpRequest, edition: str) -> HttpResponse:
    """Have the edition rehearsed."""
    found = get_edition(request.actor, edition, can_organise)
    form = RehearsalForm(request.POST, edition=found)
    if not form.is_valid():
        return _shown(request, found, form, status=400)
    try:
        actions.ask(edition=found, by=request.actor, at=timezone.now(), **form.wishes())
    except Refused as refusal:
        messages.error(request, refusal.text)
    return redirect("judging:rehearsals", found.slug)


def _one(request: HttpRequest, edition: str, number: int) -> Rehearsal:
    found = get_edition(request.actor, edition, can_organise)
    row = get_object_or_404(Rehearsal, edition=found, number=number)
    row.edition = found
    return row


@signed_in
@require_GET
def rehearsal(request: HttpRequest, edition: str, number: int) -> HttpResponse:
    """What one of them found; without a report the list, which says why."""
    row = _one(request, edition, number)
    if row.state != READY:
        return redirect("judging:rehearsals", row.edition.slug)
    context = {"edition": row.edition, "rehearsal": row, **context_of(row)}
    return page(request, "desk/rehearsal.html", context)


@signed_in
@require_GET
def report_file(request: HttpRequest, edition: str, number: int, ending: str) -> HttpResponse:
    """The same as a file: Markdown in the reader's language, or JSON."""
    row = _one(request, edition, number)
    if row.state != READY:
        return redirect("judging:rehearsals", row.edition.slug)
    kinds = {"md": "text/markdown; charset=utf-8", "json": "application/json"}
    data = canonical(row.report) if ending == "json" else markdown(row.report)
    headers = {
        "Cache-Control": "private, no-store",
        "Content-Disposition": f'attachment; filename="{row.edition.slug}-rehearsal-{row.number}.{ending}"',
    }
    return HttpResponse(data, content_type=kinds[ending], headers=headers)


@signed_in
@require_POST
def stop(request: HttpRequest, edition: str, number: int) -> HttpResponse:
    """End it."""
    row = _one(request, edition, number)
    actions.stop(rehearsal=row, by=request.actor, at=timezone.now())
    return redirect("judging:rehearsals", row.edition.slug)


@signed_in
@require_POST
def delete(request: HttpRequest, edition: str, number: int) -> HttpResponse:
    """Take its report away."""
    row = _one(request, edition, number)
    try:
        actions.delete(rehearsal=row, by=request.actor)
    except Refused as refusal:
        messages.error(request, refusal.text)
    return redirect("judging:rehearsals", row.edition.slug)
