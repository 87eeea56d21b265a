"""The desk's overview: where everything stands, and what waits for a person."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from festival.edition import permissions
from festival.edition.calendar import calendar_of
from festival.edition.door import get_edition
from festival.edition.models import Edition, Phase
from festival.kit import clock, plots
from festival.kit.pages import page
from festival.people.door import signed_in
from judging import desk, desk_figures
from submissions.arrivals import arrivals_of
from submissions.lifecycle import State


@signed_in
@require_GET
def overview(request: HttpRequest, edition: str) -> HttpResponse:
    """Counts by state, inspections, rounds, and what needs a person now."""
    place = get_edition(request.actor, edition, permissions.can_work)
    at = clock.now()
    overview = desk.overview_of(place, at)
    context: dict[str, Any] = {
        "edition": place,
        "calendar": calendar_of(place.pk, at),
        "overview": overview,
        "pace": desk_figures.pace_of(place, overview.inspections_waiting, at),
        "todos": desk.todos_for(request.actor, place, overview),
        "may_inspect": permissions.can_inspect(request.actor, place),
        "may_follow": permissions.can_organise(request.actor, place)
        or permissions.can_chair(request.actor, place),
    }
    if not request.htmx:
        context |= _figures(request, place, overview, context["calendar"].call, at)
    return page(request, "desk/overview.html", context, part="now")


def _figures(
    request: HttpRequest, place: Edition, overview: desk.Overview, call: Phase | None, at: datetime
) -> dict[str, Any]:
    """What is drawn below; the part that asks for itself every few seconds has none of it."""
    links = permissions.can_inspect(request.actor, place)
    counts = {row.state: row.count for row in overview.entries}
    submitted = overview.total - counts[State.DRAFT]
    arrivals = arrivals_of(place, call, at)
    found: dict[str, Any] = {
        "funnel": desk_figures.funnel_of(place, counts, overview.rounds, links=links),
        "shares": desk_figures.shares_of(place, submitted, links=links),
        "judges": desk_figures.judges_of_open(place, overview.rounds),
        "arrivals": arrivals,
        "wide": plots.WIDE,
        "high": plots.HIGH,
    }
    if arrivals:
        found["plot"] = plots.columns([count for _day, count in arrivals.days], line=arrivals.expected)
    return found
