"""A team's page: its places with their milestones and what it was promised and given."""

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from festival.kit import clock
from festival.kit.incoming import at_most, plain_text
from festival.kit.pages import page
from festival.people.door import signed_in
from submissions import permissions as entry_permissions
from submissions.cohorts import permissions, place_actions, support_queries
from submissions.cohorts.door import get_team
from submissions.cohorts.forms import DeclineForm, EndForm
from submissions.cohorts.milestone_view import standings_by_place
from submissions.cohorts.models import Place


@signed_in
@require_GET
def milestones(request: HttpRequest, code: str) -> HttpResponse:
    """Every place of the entry: the offer to answer, or the milestones by their dates, and the ledger."""
    return _page(request, code)


def _page(request: HttpRequest, code: str, *, end: EndForm | None = None, status: int = 200) -> HttpResponse:
    entry, places = get_team(request.actor, code)
    at = clock.now()
    standings = standings_by_place(places, at)
    lines = support_queries.lines_by_place(places)
    prefetch_related_objects(places, "cohort__promises")
    rows = [
        {
            "place": place,
            "open": place.state == Place.State.OFFERED
            and place.answer_by is not None
            and at < place.answer_by,
            "standings": standings[place.pk],
            "promises": list(place.cohort.promises.all()) if place.state == Place.State.OFFERED else [],
            "balances": support_queries.balances(lines.get(place.pk, [])),
            "lines": lines.get(place.pk, []),
            "can_leave": permissions.can_deliver(request.actor, place),
        }
        for place in places
    ]
    context = {
        "entry": entry,
        "edition": entry.edition,
        "rows": rows,
        "own": entry_permissions.is_entrant(request.actor, entry),
        "decline": DeclineForm(),
        "end": end or EndForm(auto_id="end-%s"),
    }
    return page(request, "entrant/milestones.html", context, status=status)


def _one(request: HttpRequest, code: str, pk: int) -> Place:
    _entry, places = get_team(request.actor, code, entrant=True)
    found = next((place for place in places if place.pk == pk), None)
    if found is None:
        raise Http404
    return found


@signed_in
@require_POST
def answer(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Take the place that a round brought, or decline it."""
    place, at = _one(request, code, pk), clock.now()
    if request.POST.get("answer") == "no":
        reason = at_most(plain_text(request.POST.get("reason")).strip(), 2000)
        place_actions.decline(place=place, by=request.actor, at=at, reason=reason)
        messages.success(request, _("You have declined the place. The organisers are told."))
        return redirect("cohorts:team", code=code)
    place_actions.accept(place=place, by=request.actor, at=at)
    messages.success(request, _("The place is yours. Here is what you deliver, and by when."))
    return redirect("cohorts:team", code=code)


@signed_in
@require_POST
def leave(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Give the place up, with a reason."""
    place = _one(request, code, pk)
    form = EndForm(request.POST, auto_id="end-%s")
    if not form.is_valid():
        return _page(request, code, end=form, status=400)
    place_actions.leave(place=place, by=request.actor, at=clock.now(), reason=form.cleaned_data["reason"])
    messages.success(request, _("You have given the place up. The organisers are told."))
    return redirect("cohorts:team", code=code)
