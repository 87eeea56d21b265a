"""Certificates and laurels: the proof that anybody can look up, the files, and the desk's page of them."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from festival.awards import paper_files, permissions
from festival.awards.models import Laureate, Papers
from festival.awards.paper_forms import SignersForm
from festival.awards.papers.engine import FORMS
from festival.awards.queries import laureates_of
from festival.edition import queries as edition_queries
from festival.edition.door import get_edition
from festival.kit.pages import page
from festival.people.door import signed_in


def _laureate(request: HttpRequest, code: str) -> Laureate:
    rows = Laureate.objects.select_related("slot", "film__edition")
    found = rows.filter(code=code, film__edition__in=edition_queries.visible_to(request.actor)).first()
    if not code or found is None:
        raise Http404
    return found


@require_GET
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """Whether a certificate is true: which film was given what, when, and whether it still holds it."""
    laureate = _laureate(request, code)
    context = {
        "laureate": laureate,
        "film": laureate.film,
        "edition": laureate.film.edition,
        "forms": [(form, paper_files.name_of(laureate, form)) for form in FORMS],
    }
    return page(request, "public/verify.html", context)


@require_GET
def paper(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """A certificate or laurel of an award that holds."""
    laureate = _laureate(request, code)
    if form not in FORMS or laureate.withdrawn_at:
        raise Http404
    papers = Papers.objects.filter(edition=laureate.film.edition_id).first()
    response = HttpResponse(paper_files.file_of(laureate, papers, form), content_type=FORMS[form])
    name = paper_files.name_of(laureate, form)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, max-age=60"
    return response


@signed_in
@require_http_methods(["GET", "POST"])
def papers(request: HttpRequest, edition: str) -> HttpResponse:
    """All laureates with their papers, and who signs them."""
    found = get_edition(request.actor, edition, permissions.can_announce)
    row = Papers.objects.filter(edition=found).first()
    form = SignersForm(request.POST or None, initial={"signers": row.lines if row else ""})
    if request.method == "POST" and form.is_valid():
        Papers.objects.update_or_create(edition=found, defaults={"signers": form.cleaned_data["signers"]})
        messages.success(request, _("Saved. The papers are made anew with these lines."))
        return redirect("awards:papers", found.slug)
    context = {
        "edition": found,
        "laureates": laureates_of(found),
        "forms": list(FORMS),
        "form": form,
    }
    return page(request, "desk/papers.html", context, status=400 if form.is_bound else 200)


@signed_in
@require_GET
def papers_zip(request: HttpRequest, edition: str) -> HttpResponseBase:
    """All of them in one file."""
    found = get_edition(request.actor, edition, permissions.can_announce)
    rows = list(laureates_of(found).select_related("film__edition", "slot"))
    if not rows:
        raise Http404
    row = Papers.objects.filter(edition=found).first()
    response = StreamingHttpResponse(paper_files.as_zip(rows, row), content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{found.slug}-certificates.zip"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
