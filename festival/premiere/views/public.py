"""The public programme: a timetable and a calendar to subscribe to."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.http import require_GET

from festival.edition.calendar import calendar_of
from festival.edition.door import get_edition
from festival.edition.models import Phase
from festival.kit.pages import page
from festival.premiere import ical, queries

LANGUAGES = {"en": "en", "zh": "zh-hans", "zh-hans": "zh-hans"}


@require_GET
def programme(request: HttpRequest, edition: str) -> HttpResponse:
    """Released screenings by day and hall; before there are any, when the premieres are."""
    found = get_edition(request.actor, edition)
    calendar = calendar_of(found.pk, timezone.now())
    context = {
        "edition": found,
        "days": queries.by_day(queries.released(found), found.time_zone),
        "premiere_phase": next((one for one in calendar.phases if one.kind == Phase.Kind.PREMIERE), None),
    }
    return page(request, "public/programme.html", context)


@require_GET
def calendar(request: HttpRequest, edition: str) -> HttpResponse:
    """The programme as iCalendar, in the language of ?lang=en|zh or else the reader's."""
    found = get_edition(request.actor, edition)
    language = LANGUAGES.get(request.GET.get("lang", ""), translation.get_language())
    url = request.build_absolute_uri(reverse("premiere:programme", args=[found.slug]))
    with translation.override(language):
        body = ical.calendar_of(found, list(queries.released(found)), url)
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'inline; filename="{found.slug}.ics"'
    return response
