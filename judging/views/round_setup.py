"""The desk's pages of a round's plan: made, changed, its panels, taken away."""

from collections.abc import Collection
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from festival.edition.change_forms import given_reason
from festival.edition.door import get_edition
from festival.kit import clock
from festival.kit.errors import Refused
from festival.kit.incoming import plain_text
from festival.kit.pages import page
from festival.people.door import signed_in
from judging import permissions, queries, round_words, setup_actions
from judging.door import get_round
from judging.models import Round
from judging.round_forms import CriterionForm, NewRoundForm, PanelForm, RoundForm, RoundJuryForm


def may_plan(actor: Any, round: Round) -> bool:
    return permissions.can_plan(actor, round.edition)


def _deed(request: HttpRequest) -> dict[str, Any]:
    """Who does it, when, and what everybody reads of why where the call has opened."""
    return {"by": request.actor, "at": clock.now(), "public": given_reason(request)}


@signed_in
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, edition: str) -> HttpResponse:
    """A new round: name and gate."""
    place = get_edition(request.actor, edition, permissions.can_plan)
    form = NewRoundForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = setup_actions.add_round(edition=place, **_deed(request), **form.cleaned_data)
        return redirect("judging:round_plan", place.slug, made.slug)
    status = 400 if form.is_bound else 200
    return page(request, "desk/round_new.html", {"edition": place, "form": form}, status=status)


@signed_in
@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest, edition: str, round: str) -> HttpResponse:
    """What a round is: its settings and criteria. Once it is open a change needs a reason."""
    found = get_round(request.actor, edition, round, may_plan)
    data = request.POST if request.method == "POST" else None
    form = RoundForm(data, round=found)
    criteria = list(found.criteria.all()) if found.gate == Round.Gate.SCORE else []
    closed = found.state == Round.State.CLOSED
    lines = [
        CriterionForm(data, scale=form.scale, criterion=row, prefix=f"criterion-{row.slug}")
        for row in criteria
    ]
    if found.gate == Round.Gate.SCORE and not closed:
        lines.append(CriterionForm(data, scale=form.scale, prefix="criterion_new"))
    error = None
    if data is not None and all([form.is_valid(), *(line.is_valid() for line in lines)]):
        try:
            setup_actions.change_round(
                round=found,
                **_deed(request),
                settings=form.settings,
                criteria=[line.given for line in lines if line.given] if lines else None,
                reason=form.cleaned_data.get("reason", ""),
            )
        except Refused as refused:
            error = refused
        else:
            messages.success(request, _("The plan is kept."))
            for sentence in round_words.warnings(Round.objects.get(pk=found.pk)):
                messages.warning(request, sentence)
            return redirect("judging:round", found.edition.slug, found.slug)
    faulty = form.is_bound and (
        bool(error) or not form.is_valid() or not all(one.is_valid() for one in lines)
    )
    context = {
        "edition": found.edition,
        "round": found,
        "form": form,
        "lines": lines,
        "closed": closed,
        "error": error,
        "faulty": faulty,
        "warnings": round_words.warnings(found),
        "weights": sum(row.weight for row in criteria),
    }
    return page(
        request, "desk/round_plan.html", context, status=error.status if error else 400 if faulty else 200
    )


@signed_in
@require_http_methods(["GET", "POST"])
def panels(request: HttpRequest, edition: str, round: str) -> HttpResponse:
    """The panels of a round and who sits on them."""
    found = get_round(request.actor, edition, round, may_plan)
    data = request.POST if request.method == "POST" else None
    judges = queries.judges_of(found.edition)
    is_open = found.state == Round.State.OPEN
    rows = list(found.panels.prefetch_related("judges"))
    lines = [
        PanelForm(data, judges=judges, panel=row, is_open=is_open, prefix=f"panel-{row.pk}") for row in rows
    ]
    if found.state == Round.State.PLANNED:
        lines.append(PanelForm(data, judges=judges, prefix="panel-new"))
    error = None
    if data is not None and not [line for line in lines if not line.is_valid()]:
        try:
            setup_actions.set_panels(
                round=found,
                **_deed(request),
                panels=[line.given for line in lines if line.given],
                reason=plain_text(request.POST.get("reason")),
            )
        except Refused as refused:
            error = refused
        else:
            messages.success(request, _("The panels are kept."))
            return redirect("judging:round_panels", found.edition.slug, found.slug)
    context = {
        "edition": found.edition,
        "round": found,
        "lines": lines,
        "judges": judges,
        "is_open": is_open,
        "error": error,
        "closed": found.state == Round.State.CLOSED,
    }
    return page(request, "desk/round_panels.html", context, status=error.status if error else 200)


@signed_in
@require_http_methods(["GET", "POST"])
def jury(request: HttpRequest, edition: str, round: str) -> HttpResponse:
    """Who of the jury judges this round."""
    found = get_round(request.actor, edition, round, may_plan)
    members = queries.judges_of(found.edition)
    named = queries.named_for(found)
    is_open = found.state == Round.State.OPEN
    form = RoundJuryForm(request.POST or None, members=members, named=named, is_open=is_open)
    error = None
    if request.method == "POST" and form.is_valid():
        try:
            setup_actions.choose_jury(
                round=found,
                judges=form.judges,
                by=request.actor,
                at=clock.now(),
                seen=form.seen_judges,
                reason=form.cleaned_data.get("reason", ""),
            )
        except Refused as refused:
            error = refused
        else:
            messages.success(request, _("Kept: who judges this round."))
            return redirect("judging:round", found.edition.slug, found.slug)
    context = {
        "edition": found.edition,
        "round": found,
        "form": form,
        "members": members,
        "error": error,
        "fixed": _fixed_jury(found, named),
        "who_judges": round_words.who_judges(named, queries.jury_of(found)),
    }
    status = error.status if error else 400 if form.is_bound and not form.is_valid() else 200
    return page(request, "desk/round_jury.html", context, status=status)


def _fixed_jury(round: Round, named: Collection[int]) -> str:
    """Why nobody can be named here; empty where somebody can."""
    if round.gate == Round.Gate.PANEL:
        return _("This round is judged by its panels. Name the judges there.")
    if round.state == Round.State.CLOSED:
        return _("The round is closed: nothing in it is changed any more.")
    if round.state == Round.State.OPEN and not named:
        return _("The round was opened for everybody in the jury, and stays so.")
    return ""


@signed_in
@require_POST
def gate(request: HttpRequest, edition: str, round: str) -> HttpResponse:
    """Another gate for a planned round. A cut that the new gate cannot make is dropped."""
    found = get_round(request.actor, edition, round, may_plan)
    chosen = plain_text(request.POST.get("gate"))
    if chosen not in Round.Gate.values:
        raise Refused(_("Choose a gate."), status=400)
    setup_actions.change_round(
        round=found,
        **_deed(request),
        settings={"gate": chosen, "cut_kind": "", "cut_value": None} if chosen != found.gate else {},
    )
    return redirect("judging:round_plan", found.edition.slug, found.slug)


@signed_in
@require_POST
def remove(request: HttpRequest, edition: str, round: str) -> HttpResponse:
    """Take a planned round away."""
    found = get_round(request.actor, edition, round, may_plan)
    setup_actions.remove_round(round=found, **_deed(request))
    messages.success(request, _("The round has been removed."))
    return redirect("judging:rounds", found.edition.slug)
