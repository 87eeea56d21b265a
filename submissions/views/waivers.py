"""Waiving a finding at the desk, with a reason, and taking that back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from festival.kit import clock
from festival.kit.incoming import at_most, plain_text
from festival.people.door import signed_in
from submissions import waiver_actions
from submissions.acceptance import is_accepted
from submissions.models import Entry, Inspection
from submissions.queries import with_inspection
from submissions.views.desk import desk_door


@signed_in
@require_POST
def waive(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """Accept one finding of the newest film."""
    found = desk_door(request, edition, code)
    waiver_actions.waive_finding(
        entry=found,
        rule=plain_text(request.POST.get("rule")),
        reason=at_most(plain_text(request.POST.get("reason")).strip(), 2000),
        by=request.actor,
        at=clock.now(),
    )
    if _all_waived(found):
        messages.success(request, _("Waived. Nothing stands against this film any longer."))
    else:
        messages.success(request, _("Waived."))
    return redirect("submissions:desk_entry", edition=edition, code=code)


def _all_waived(entry: Entry) -> bool:
    newest = with_inspection(Entry.objects.filter(pk=entry.pk)).values("inspection_id")
    return is_accepted(Inspection.objects.filter(pk__in=newest).first())


@signed_in
@require_POST
def unwaive(request: HttpRequest, edition: str, code: str, rule: str) -> HttpResponse:
    """Let the finding stand again."""
    found = desk_door(request, edition, code)
    waiver_actions.unwaive_finding(entry=found, rule=rule, by=request.actor, at=clock.now())
    messages.success(request, _("The finding stands again."))
    return redirect("submissions:desk_entry", edition=edition, code=code)
