"""The public programme: the timetable as a page."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from festival.edition.calendar import calendar_of
from festival.edition.door import get_edition
from festival.edition.models import Phase
from festival.kit.pages import page
from festival.kit.sharing import linked_data
from festival.kit.words import short_language
from festival.premiere import queries
from festival.premiere.programme import jsonld
from festival.premiere.programme.document import DAY_STARTS
from festival.premiere.released import programme_of


@require_GET
def programme(request: HttpRequest, edition: str) -> HttpResponse:
    """Released screenings by day and hall; before there are any, when the premieres are."""
    found = get_edition(request.actor, edition)
    calendar = calendar_of(found.pk, timezone.now())
    screenings = list(queries.released(found))
    language = short_language()
    context = {
        "edition": found,
        "days": queries.by_day(screenings, found.time_zone, day_starts=DAY_STARTS),
        "halls": sorted({one.hall for one in screenings}, key=lambda hall: (hall.venue_id, hall.pk)),
        "short": language,
        "linked": linked_data(jsonld.linked_data(programme_of(found, screenings), language))
        if screenings
        else "",
        "premiere_phase": next((one for one in calendar.phases if one.kind == Phase.Kind.PREMIERE), None),
    }
    return page(request, "public/programme.html", context)
