"""A film's public page, and its picture."""

from django.core.files.storage import storages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_GET

from festival.catalogue.door import get_film
from festival.catalogue.made_with import in_words
from festival.catalogue.registry import showcase_of
from festival.catalogue.sharing import film_card
from festival.kit.ai_label import WORDS
from festival.kit.pages import page
from festival.kit.words import say


@require_GET
def film(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """A film with its credits, its awards as announced, and where it runs. Not published: 404."""
    found = get_film(request.actor, edition, code)
    # Awards and premieres stand on this floor; their rows are reached through the film.
    laurels = list(found.laurels.filter(withdrawn_at__isnull=True).select_related("slot"))
    show = showcase_of(request.actor, found)
    label = show.label or ("2" if found.declares_ai else "")
    context = {
        "show": show,
        "label": say(WORDS[label]) if label else "",
        "label_kind": label,
        "made_with": in_words(found.tools),
        "edition": found.edition,
        "film": found,
        "card": film_card(found, [say(laurel.slot.name) for laurel in laurels]),
        "laurels": laurels,
        "showings": found.showings.filter(
            screening__released_at__isnull=False, screening__ends_at__gt=timezone.now()
        )
        .select_related("screening__hall__venue")
        .order_by("screening__starts_at"),
    }
    return page(request, "public/film.html", context)


@require_GET
def still(request: HttpRequest, edition: str, code: str) -> HttpResponseBase:
    """The picture shown with a published film, as JPEG."""
    found = get_film(request.actor, edition, code)
    if not found.still:
        raise Http404
    try:
        file = storages["default"].open(found.still)
    except OSError:
        raise Http404 from None
    response = FileResponse(file, content_type="image/jpeg")
    response.headers["Cache-Control"] = "private, max-age=300"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
