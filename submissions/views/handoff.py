"""The hand-off pack at the desk: the films of the catalogue that were entries, each or all."""

import logging

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from festival.awards.models import Laureate
from festival.catalogue.models import Film
from festival.edition import permissions
from festival.edition.door import get_edition
from festival.edition.models import Edition
from festival.kit.errors import Refused
from festival.kit.pages import page
from festival.people.door import signed_in
from submissions.handoff import pack
from submissions.models import Entry

log = logging.getLogger(__name__)


def _items(edition: Edition, code: str = "") -> list[pack.Item]:
    sources = Film.objects.filter(edition=edition, published_at__isnull=False).exclude(source="")
    if code:
        sources = sources.filter(source=code)
    entries = Entry.objects.filter(edition=edition, code__in=sources.values("source"))
    awards: dict[str, list[dict[str, str]]] = {}
    rows = Laureate.objects.filter(slot__edition=edition, withdrawn_at__isnull=True)
    for source, name in rows.order_by("slot__position").values_list("film__source", "slot__name"):
        awards.setdefault(source, []).append(name)
    return pack.items(entries.select_related("track").order_by("code"), awards)


@signed_in
@require_GET
def handoff(request: HttpRequest, edition: str) -> HttpResponse:
    """What can be handed over, film by film, and what is missing."""
    found = get_edition(request.actor, edition, permissions.can_organise)
    items = _items(found)
    context = {
        "edition": found,
        "items": items,
        "bytes": sum(item.metadata["original"]["bytes"] for item in items),
    }
    return page(request, "desk/handoff.html", context)


@signed_in
@require_GET
def handoff_zip(request: HttpRequest, edition: str, code: str = "") -> HttpResponseBase:
    """The pack of one film, or of all."""
    found = get_edition(request.actor, edition, permissions.can_organise)
    items = _items(found, code)
    if not items:
        raise Refused(
            _("There is nothing to hand over yet: the film is not public, or its original is gone.")
        )
    log.info("Account %s takes the pack of %s of %s away", request.actor.id, code or "all films", found.slug)
    response = StreamingHttpResponse(pack.stream(items), content_type="application/zip")
    name = f"{found.slug}-{code}.zip" if code else f"{found.slug}-films.zip"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
