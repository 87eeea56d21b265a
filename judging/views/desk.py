"""The desk's overview: where everything stands, and what waits for a person."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from festival.edition import permissions
from festival.edition.calendar import calendar_of
from festival.edition.door import get_edition
from festival.kit import clock
from festival.kit.pages import page
from festival.people.door import signed_in
from judging import desk


@signed_in
@require_GET
def overview(request: HttpRequest, edition: str) -> HttpResponse:
    """Counts by state, inspections, rounds, and what needs a person now."""
    place = get_edition(request.actor, edition, permissions.can_work)
    at = clock.now()
    overview = desk.overview_of(place, at)
    context = {
        "edition": place,
        "calendar": calendar_of(place.pk, at),
        "overview": overview,
        "todos": desk.todos_for(request.actor, place, overview),
        "may_inspect": permissions.can_inspect(request.actor, place),
        "may_follow": permissions.can_organise(request.actor, place)
        or permissions.can_chair(request.actor, place),
    }
    return page(request, "desk/overview.html", context, part="now")
