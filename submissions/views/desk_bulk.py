"""One step for many entries at the desk: inspect everything that the filters show again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from festival.edition import permissions
from festival.edition.door import get_edition
from festival.kit import clock, remembered
from festival.kit.pages import page
from festival.people.door import signed_in
from submissions import bulk_inspection
from submissions.desk_filters import filtered
from submissions.views.desk_table import filters_of


@signed_in
@require_http_methods(["GET", "POST"])
def reinspect_many(request: HttpRequest, edition: str) -> HttpResponse:
    """How many films it would be, then the deed; the filters stand in the address, as in the list.

    What it would be of a thousand entries or more is remembered for a minute; the deed counts anew.
    """
    place = get_edition(request.actor, edition, permissions.can_inspect)
    filters = filters_of(request, place)
    back = reverse("submissions:desk_entries", args=[edition]) + filters.query
    if request.method == "GET":
        plan = remembered.figures(
            remembered.name("inspect-again", place.pk, request.actor.id, filters.query),
            lambda: bulk_inspection.plan_for(filtered(place, filters), by=request.actor),
            rows=lambda found: found.fitting,
        )
        context = {
            "edition": place,
            "plan": plan,
            "most": bulk_inspection.AT_MOST,
            "query": filters.query,
            "back": back,
        }
        return page(request, "desk/inspect_again.html", context)
    plan = bulk_inspection.plan_for(filtered(place, filters), by=request.actor)
    count = bulk_inspection.reinspect_many(edition=place, plan=plan, by=request.actor, at=clock.now())
    if count:
        text = ngettext(
            "%(count)s film is being inspected again.", "%(count)s films are being inspected again.", count
        )
        messages.success(request, text % {"count": count})
    else:
        messages.info(request, _("There was nothing to inspect again."))
    return redirect(back)
