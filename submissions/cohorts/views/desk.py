"""The desk's pages of cohorts: all of an edition, and the places of one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from festival.edition import permissions as edition_permissions
from festival.edition.door import get_edition
from festival.kit import clock
from festival.kit.clock import last_minute
from festival.kit.errors import Refused
from festival.kit.pages import page
from festival.people.door import signed_in
from submissions.cohorts import delivery_queries, letters, place_actions, place_queries, support_queries
from submissions.cohorts.door import get_cohort, get_place
from submissions.cohorts.forms import EndForm, InviteForm
from submissions.cohorts.models import Cohort, Place

State = Place.State


@signed_in
@require_GET
def cohorts(request: HttpRequest, edition: str) -> HttpResponse:
    """Every cohort with its places, what waits for a review, who asks for more time, and what is open of who left."""
    place = get_edition(request.actor, edition, edition_permissions.can_organise)
    figures = place_queries.figures_of(place)
    rows = Cohort.objects.filter(edition=place).select_related("track")
    context = {
        "edition": place,
        "rows": [(row, figures[row.pk], last_minute(row.ends_at)) for row in rows],
        "waiting": list(delivery_queries.waiting_for_review(place.pk)),
        "asking": list(delivery_queries.waiting_for_time(place.pk)),
        "left": support_queries.left_open(Place.objects.filter(cohort__edition=place)),
        "at": clock.now(),
    }
    return page(request, "desk/cohorts.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def cohort(request: HttpRequest, edition: str, cohort: str) -> HttpResponse:
    """The places: taken, offered, waiting in their order, and over. A POST invites."""
    found = get_cohort(request.actor, edition, cohort)
    if request.method == "GET":
        return _page(request, found)
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _page(request, found, invite=form, status=400)
    given, at = form.cleaned_data, clock.now()
    try:
        new = place_actions.invite_many(
            cohort=found,
            people=given["people"],
            language=given["language"],
            note=given["note"],
            by=request.actor,
            at=at,
        )
    except Refused as error:
        if error.status == 403:
            raise
        form.add_error("people", error.text)
        return _page(request, found, invite=form, status=error.status)
    offered = []
    if given["at_once"]:
        offered = place_actions.offer_free(cohort=found, by=request.actor, at=at)
    text = ngettext("%(count)d name is on the list.", "%(count)d names are on the list.", len(new))
    told = ngettext("%(count)d letter goes out.", "%(count)d letters go out.", len(offered))
    said = f"{text % {'count': len(new)}} {told % {'count': len(offered)}}"
    messages.success(request, said)
    return redirect("cohorts:cohort", edition=edition, cohort=cohort)


def _page(
    request: HttpRequest,
    found: Cohort,
    *,
    invite: InviteForm | None = None,
    end: tuple[int, EndForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    places = list(place_queries.places_of(found))
    replaced = {place.instead_of_id: letters.who(place) for place in places if place.instead_of_id}
    figures = place_queries.figures_of(found.edition)[found.pk]
    by_invitation = not found.source and found.track_id is not None
    context = {
        "edition": found.edition,
        "cohort": found,
        "figures": figures,
        "at": clock.now(),
        "left": support_queries.left_open(Place.objects.filter(cohort=found)),
        "taken": [place for place in places if place.state == State.ACCEPTED],
        "offered": [place for place in places if place.state == State.OFFERED],
        "waiting": [place for place in places if place.state == State.WAITING],
        "over": [
            (place, replaced.get(place.pk)) for place in places if place.state not in place_queries.LIVE
        ],
        "invite": (invite or InviteForm(initial={"language": request.LANGUAGE_CODE}))
        if by_invitation
        else None,
        "end_of": end[0] if end else None,
        "end": end[1] if end else None,
        "tab": "places",
    }
    return page(request, "desk/cohort.html", context, status=status)


@signed_in
@require_POST
def offer_free(request: HttpRequest, edition: str, cohort: str) -> HttpResponse:
    """Offer the free places to the first on the waiting list."""
    found = get_cohort(request.actor, edition, cohort)
    offered = place_actions.offer_free(cohort=found, by=request.actor, at=clock.now())
    if offered:
        text = ngettext("%(count)d place is offered.", "%(count)d places are offered.", len(offered))
        messages.success(request, text % {"count": len(offered)})
    else:
        messages.info(request, _("No place is free, or nobody waits."))
    return redirect("cohorts:cohort", edition=edition, cohort=cohort)


@signed_in
@require_POST
def offer(request: HttpRequest, edition: str, cohort: str, pk: int) -> HttpResponse:
    """Offer a place to this one, whatever the order of the list."""
    place = get_place(request.actor, edition, cohort, pk)
    place_actions.offer(place=place, by=request.actor, at=clock.now())
    messages.success(request, _("Offered to %(who)s.") % {"who": letters.who(place)})
    return redirect("cohorts:cohort", edition=edition, cohort=cohort)


@signed_in
@require_POST
def end(request: HttpRequest, edition: str, cohort: str, pk: int) -> HttpResponse:
    """Take a place, an offer or a name on the list back, with a reason."""
    place = get_place(request.actor, edition, cohort, pk)
    form = EndForm(request.POST, auto_id=f"end-{pk}-%s")
    if not form.is_valid():
        return _page(request, place.cohort, end=(pk, form), status=400)
    place_actions.leave(place=place, by=request.actor, at=clock.now(), reason=form.cleaned_data["reason"])
    messages.success(request, _("Ended: %(who)s.") % {"who": letters.who(place)})
    return redirect("cohorts:cohort", edition=edition, cohort=cohort)
