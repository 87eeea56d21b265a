"""The hand-off pack at the desk: the films of the catalogue that were entries, each or all."""

import logging

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from festival.awards.models import Laureate
from festival.catalogue.models import Film
from festival.edition import permissions
from festival.edition.door import get_edition
from festival.edition.models import Edition
from festival.kit import clock
from festival.kit.errors import Refused
from festival.kit.pages import page
from festival.people.door import signed_in
from submissions import published_actions
from submissions.handoff import pack
from submissions.handoff.overview import overview
from submissions.models import Entry, PublishedCopy
from submissions.published_actions import propagator_of

log = logging.getLogger(__name__)
PAGE = 50


def _entries(edition: Edition, code: str = "") -> QuerySet[Entry]:
    """The entries of the films that are public, or the one of this code."""
    sources = Film.objects.filter(edition=edition, published_at__isnull=False).exclude(source="")
    if code:
        sources = sources.filter(source=code)
    return Entry.objects.filter(edition=edition, code__in=sources.values("source")).order_by("code")


def _items(edition: Edition, entries: QuerySet[Entry], *, reports: bool = True) -> list[pack.Item]:
    awards: dict[str, list[dict[str, str]]] = {}
    rows = Laureate.objects.filter(slot__edition=edition, withdrawn_at__isnull=True)
    for source, name in rows.order_by("slot__position").values_list("film__source", "slot__name"):
        awards.setdefault(source, []).append(name)
    return pack.items(entries.select_related("track", "edition"), awards, reports=reports)


@signed_in
@require_GET
def handoff(request: HttpRequest, edition: str) -> HttpResponse:
    """What can be handed over, film by film, and what is missing; how far the copies to be published are."""
    found = get_edition(request.actor, edition, permissions.can_organise)
    propagator = propagator_of(found)
    whole = overview(_entries(found), propagator)
    shown = Paginator(list(whole.assets), PAGE).get_page(request.GET.get("page"))
    shown.object_list = _items(found, _entries(found).filter(pk__in=shown.object_list), reports=False)
    context = {
        "edition": found,
        "count": len(whole.assets),
        "page": shown,
        "bytes": whole.bytes,
        "unmade": whole.unmade,
        "working": whole.working,
        "propagator": propagator,
    }
    return page(request, "desk/handoff.html", context, part="copies")


@signed_in
@require_POST
def handoff_prepare(request: HttpRequest, edition: str) -> HttpResponse:
    """Have the copies made that are not there yet, by a worker."""
    found = get_edition(request.actor, edition, permissions.can_organise)
    whole = overview(_entries(found), propagator_of(found))
    count = published_actions.ask(
        purpose=PublishedCopy.Purpose.HANDOFF, wanted=whole.assets, edition=found, at=clock.now(), again=True
    )
    if count:
        text = ngettext(
            "%(count)s copy is being made. You can leave this page.",
            "%(count)s copies are being made. You can leave this page.",
            count,
        )
        messages.success(request, text % {"count": count})
    else:
        messages.info(request, _("Every copy is there already."))
    return redirect("submissions:handoff", edition=edition)


@signed_in
@require_GET
def handoff_zip(request: HttpRequest, edition: str, code: str = "") -> HttpResponseBase:
    """The pack of one film, or of all."""
    found = get_edition(request.actor, edition, permissions.can_organise)
    items = _items(found, _entries(found, code))
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
