"""The wall of laureates, its feed, and the walls of all editions."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from festival.awards import queries, sharing
from festival.awards.models import PublicNotice
from festival.awards.objection_queries import summary
from festival.edition.calendar import calendar_of
from festival.edition.door import get_edition
from festival.edition.models import Phase
from festival.kit.pages import page


@require_GET
def laureates(request: HttpRequest, edition: str) -> HttpResponse:
    """The laureates as announced; before that, when they will be, and nothing else. `?track=` shows one track."""
    found = get_edition(request.actor, edition)
    tiers = queries.wall(found)
    tracks = queries.tracks_on(found, tiers) if tiers else []
    chosen = next((track for track in tracks if track.slug == request.GET.get("track")), None)
    calendar = calendar_of(found.pk, timezone.now())
    context = {
        "edition": found,
        "card": sharing.wall_card(found, [one for tier in tiers for one in tier.laureates]),
        "tiers": queries.of_track(tiers, chosen) if chosen else tiers,
        "tracks": tracks,
        "track": chosen,
        "notice": not tiers and PublicNotice.objects.filter(edition=found).exists(),
        "no_awards": not tiers and not found.award_slots.exists(),
        "summary": summary(found) if tiers else None,
        "many": sum(len(tier.laureates) for tier in tiers) > 6,
        "awards_phase": next((phase for phase in calendar.phases if phase.kind == Phase.Kind.AWARDS), None),
    }
    return page(request, "public/laureates.html", context)


@require_GET
def feed(request: HttpRequest, edition: str, language: str) -> HttpResponse:
    """The laureates as RSS, in English or Chinese; without entries before the announcement."""
    if language not in sharing.LANGUAGES:
        raise Http404
    found = get_edition(request.actor, edition)
    response = HttpResponse(sharing.feed(found, language), content_type="application/rss+xml; charset=utf-8")
    response.headers["Cache-Control"] = "private, max-age=60"
    return response


@require_GET
def archive(request: HttpRequest) -> HttpResponse:
    """Every edition with laureates, the latest first, with those of its highest tier."""
    return page(request, "public/archive.html", {"editions": queries.archive(request.actor)})
