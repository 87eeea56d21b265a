"""The solver at the programmer's side: wishes, how far it is, what it found, or why there is nothing."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from festival.edition.door import get_edition
from festival.kit.errors import Refused
from festival.kit.pages import page
from festival.people.door import signed_in
from festival.premiere import permissions, proposal_actions, proposal_queries
from festival.premiere.clash_words import why
from festival.premiere.door import get_proposal
from festival.premiere.models import Proposal
from festival.premiere.proposal_forms import Pinned, ProposalForm
from festival.premiere.wish_forms import with_row


@signed_in
@require_http_methods(["GET", "POST"])
def proposals(request: HttpRequest, edition: str) -> HttpResponse:
    """Ask for a timetable; those that were asked for before. `?stay=`: codes of screenings that stay as they are."""
    found = get_edition(request.actor, edition, permissions.can_programme)
    pinned = Pinned(request.GET.getlist("stay"), request.GET.getlist("shown"))
    more = request.POST.get("more", "")
    data = with_row(request.POST, more) if more else request.POST
    form = ProposalForm(data or None, edition=found, pinned=pinned)
    status = 200
    if request.method == "POST" and not more:
        status = 400
        if form.is_valid():
            try:
                proposal = proposal_actions.ask(
                    edition=found,
                    mode=form.cleaned_data["mode"],
                    wishes=form.wishes,
                    by=request.actor,
                    at=timezone.now(),
                )
            except Refused as refusal:
                form.add_error(None, refusal.text)
                status = refusal.status
            else:
                return redirect("premiere:proposal", edition, proposal.pk)
    context = {
        "edition": found,
        "form": form,
        "proposals": proposal_queries.proposals_of(found)[:20],
        "shelf": proposal_queries.shelf_count(found),
    }
    return page(request, "desk/premiere_proposals.html", context, status=status)


@signed_in
@require_GET
def proposal(request: HttpRequest, edition: str, pk: int) -> HttpResponse:
    """How far it is; then the timetable with what it costs, or the rules that clash."""
    found = get_proposal(request.actor, edition, pk)
    context: dict[str, Any] = {"edition": found.edition, "proposal": found}
    if found.state == Proposal.State.READY:
        context |= proposal_queries.result(found)
    elif found.state == Proposal.State.NOTHING:
        context["text"], context["rules"] = why(found)
    return page(request, "desk/premiere_proposal.html", context, part="progress")


@signed_in
@require_POST
def proposal_stop(request: HttpRequest, edition: str, pk: int) -> HttpResponse:
    """End with the best so far."""
    proposal_actions.stop(proposal=get_proposal(request.actor, edition, pk), by=request.actor)
    messages.success(request, _("It ends with the best so far, within moments."))
    return redirect("premiere:proposal", edition, pk)
