"""Judging what a film has in common with another, at the desk."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from festival.kit import clock
from festival.kit.incoming import at_most, plain_text
from festival.people.door import signed_in
from submissions import match_actions, match_queries
from submissions.models import Match
from submissions.views.desk import desk_door

DECISIONS = {"confirm": Match.State.CONFIRMED, "dismiss": Match.State.DISMISSED}


@signed_in
@require_POST
def judge(request: HttpRequest, edition: str, code: str, pk: int, decision: str) -> HttpResponse:
    """Confirm a match, or say why it is of no concern."""
    found = desk_door(request, edition, code)
    match = match_queries.of_entry(found).filter(pk=pk).first()
    if match is None or decision not in DECISIONS:
        raise Http404
    match_actions.judge_match(
        match=match,
        entry=found,
        state=DECISIONS[decision],
        by=request.actor,
        at=clock.now(),
        reason=at_most(plain_text(request.POST.get("reason")).strip(), 2000),
    )
    if decision == "confirm":
        messages.success(request, _("Confirmed. The films stay as they are: decide over the entry beside."))
    else:
        messages.success(request, _("Noted as of no concern."))
    return redirect("submissions:desk_entry", edition=edition, code=code)
