"""The wall of laureates."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from festival.awards import queries
from festival.edition.calendar import calendar_of
from festival.edition.door import get_edition
from festival.edition.models import Phase
from festival.kit.pages import page


@require_GET
def laureates(request: HttpRequest, edition: str) -> HttpResponse:
    """The laureates as announced; before that, when they will be, and nothing else."""
    found = get_edition(request.actor, edition)
    tiers = queries.wall(found)
    calendar = calendar_of(found.pk, timezone.now())
    context = {
        "edition": found,
        "tiers": tiers,
        "many": sum(len(tier.laureates) for tier in tiers) > 6,
        "awards_phase": next((phase for phase in calendar.phases if phase.kind == Phase.Kind.AWARDS), None),
    }
    return page(request, "public/laureates.html", context)
