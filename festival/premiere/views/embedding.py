"""The programme on other people's sites: the page that stands in their frame, and the desk's page that gives it out."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.csp import CSP
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_http_methods, require_safe

from festival.catalogue import actions, queries
from festival.edition.door import get_edition
from festival.edition.models import Edition
from festival.kit.kept import kept
from festival.kit.pages import page
from festival.kit.sharing import full
from festival.kit.words import say, short_language
from festival.people.actor import STRANGER
from festival.people.door import signed_in
from festival.premiere import permissions, publishing
from festival.premiere.embed_forms import ANYWHERE, NAMED, NOWHERE, EmbeddingForm
from festival.premiere.embedded import Options, sections
from festival.premiere.programme_page import Page

SECONDS = 300
HEIGHT = 800  # pixels of the frame, where no script fits it to what is in it
TAGS = {"en": "en", "zh": "zh-hans"}
POLICY = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.NONE],
}


@require_safe
def embed(request: HttpRequest, edition: str) -> HttpResponse:
    """The released programme for a frame, as Options ask. Whoever looks is a stranger: no session is read."""
    found = get_edition(STRANGER, edition)
    embedding = queries.embedding_of(found)
    ancestors = queries.ancestors_of(embedding)
    answer = xframe_options_exempt(csp_override({**POLICY, "frame-ancestors": ancestors})(_embedded))
    # Who was refused while nobody was named is not refused by her own browser afterwards.
    seconds = SECONDS if embedding.anywhere or embedding.sites else 0
    return answer(request, found, " ".join(ancestors), seconds)


def _embedded(request: HttpRequest, edition: Edition, policy: str, seconds: int) -> HttpResponse:
    options, at = Options.of(request.GET), timezone.now()
    with translation.override(TAGS.get(options.lang) or translation.get_language()):
        released = publishing.in_force(edition)
        context = {
            "edition": edition,
            "options": options,
            "released": released is not None and bool(released.screenings),
            "sections": sections(released, options, at) if released else [],
            "language": translation.get_language(),
        }
        response = HttpResponse(render_to_string("public/embed.html", context))
        response.headers["Content-Language"] = "zh-Hans" if short_language() == "zh" else "en"
    return kept(request, response, seconds=seconds, shared=bool(options.lang), of=policy.encode())


@csp_override({**settings.SECURE_CSP, "frame-src": [CSP.SELF]})
@signed_in
@require_http_methods(["GET", "POST"])
def snippet(request: HttpRequest, edition: str) -> HttpResponse:
    """Say on which sites it may stand; choose what it shows; look at it; take the lines for the site along."""
    found = get_edition(request.actor, edition, permissions.can_programme)
    options = Options.of(request.GET)
    here = reverse("premiere:snippet", args=[edition])
    embedding = queries.embedding_of(found)
    where = ANYWHERE if embedding.anywhere else NAMED if embedding.sites else NOWHERE
    initial = {"where": where, "sites": "\n".join(embedding.sites)}
    form = EmbeddingForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        actions.allow_embedding(
            edition=found,
            anywhere=said["where"] == ANYWHERE,
            sites=[] if said["where"] == NOWHERE else said["sites"],
            by=request.actor,
        )
        messages.success(request, _("Kept. Browsers that have the page may take five minutes to notice."))
        return redirect(here + options.query)
    released = publishing.in_force(found)
    address = reverse("premiere:embed", args=[edition]) + options.query
    context = {
        "edition": found,
        "form": form,
        "options": options,
        "where": where,
        "days": released.days if released else [],
        "halls": Page(released).halls() if released else [],
        "public": found.status != Edition.Status.DRAFT,
        "address": address,
        "height": HEIGHT,
        "lines": _lines(found, address),
        "document": full(reverse("premiere:file", args=[edition, "programme.json"])),
    }
    return page(request, "desk/premiere_embed.html", context, status=400 if form.errors else 200)


def _lines(edition: Edition, address: str) -> str:
    """What is put into the other site's page. The script's address is not one by content: it outlives an update."""
    context = {
        "source": full(address),
        "title": f"{say(edition.name)}: {_('Programme')}",
        "height": HEIGHT,
        "script": full(f"{settings.STATIC_URL}js/embed.js"),
    }
    return render_to_string("desk/_premiere_embed_lines.html", context).strip()
