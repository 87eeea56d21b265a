"""The public programme: the released version as a page."""

from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from festival.edition.calendar import calendar_of
from festival.edition.door import get_edition
from festival.edition.models import Phase
from festival.kit.pages import page
from festival.kit.sharing import linked_data
from festival.kit.words import short_language
from festival.premiere import publishing
from festival.premiere.programme import jsonld
from festival.premiere.programme_page import Page

WORKER = "js/programme-worker.js"
WAYS = ("day", "hall", "film")


@require_GET
def programme(request: HttpRequest, edition: str) -> HttpResponse:
    """The released programme by day, hall or film (`?by=`); before there is any, when the premieres are."""
    found = get_edition(request.actor, edition)
    now = timezone.now()
    calendar = calendar_of(found.pk, now)
    by = request.GET.get("by", "")
    by = by if by in WAYS else "day"
    released = publishing.in_force(found)
    said = Page(released) if released and released.screenings else None
    language = short_language()
    context = {
        "edition": found,
        "programme": released,
        "by": by,
        "sections": said.sections(by) if said else [],
        "halls": said.halls() if said else [],
        "changes": said.changes() if said and released and released.version > 1 else [],
        "now_next": said.now_next(now) if said else [],
        "short": language,
        "linked": linked_data(jsonld.linked_data(released, language)) if said and released else "",
        "premiere_phase": next((one for one in calendar.phases if one.kind == Phase.Kind.PREMIERE), None),
    }
    return page(request, "public/programme.html", context)


@require_GET
def worker(request: HttpRequest, edition: str) -> HttpResponse:
    """The script that keeps the programme for the time without a network; its address says for which pages."""
    get_edition(request.actor, edition)
    response = HttpResponse(Path(finders.find(WORKER)).read_bytes(), content_type="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    return response
