"""The desk's pages about codes: listed, made, taken away as a table, withdrawn."""

import logging

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from festival.edition import permissions
from festival.edition.door import get_edition
from festival.kit import clock
from festival.kit.errors import Refused
from festival.kit.incoming import one_line
from festival.kit.pages import page
from festival.kit.sheets import MIME, csv_lines
from festival.people.door import signed_in
from submissions import code_actions, code_queries
from submissions.code_queries import CodeFilters
from submissions.form_pages import form_pages
from submissions.limit_forms import CodesForm
from submissions.models import Code

log = logging.getLogger(__name__)


def filters_of(request: HttpRequest) -> CodeFilters:
    kind = request.GET.get("kind", "")
    return CodeFilters(
        search=one_line(request.GET.get("q", ""))[:120], kind=kind if kind in Code.Kind.values else ""
    )


@signed_in
@require_GET
def codes(request: HttpRequest, edition: str) -> HttpResponse:
    """Every code of the edition; the filters stand in the address."""
    place = get_edition(request.actor, edition, permissions.can_organise)
    filters, at = filters_of(request), clock.now()
    rows = Paginator(code_queries.codes_for_desk(place, filters), code_queries.PAGE).get_page(
        request.GET.get("page")
    )
    counts = code_queries.counts(place)
    context = {
        "edition": place,
        "form_pages": form_pages(place, "submissions:form_codes"),
        "filters": filters,
        "counts": counts,
        "tabs": [
            ("", _("All"), counts[""]),
            *((kind, label, counts[kind]) for kind, label in Code.Kind.choices),
        ],
        "page": rows,
        "rows": [(code, *code_queries.state_of(code, at)) for code in rows],
    }
    return page(request, "desk/form_codes.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def make(request: HttpRequest, edition: str) -> HttpResponse:
    """New codes, many at once."""
    place = get_edition(request.actor, edition, permissions.can_organise)
    form = CodesForm(request.POST or None, edition=place)
    if request.method == "POST" and form.is_valid():
        try:
            made = code_actions.create_codes(
                edition=place, by=request.actor, at=clock.now(), **form.cleaned_data
            )
        except Refused as refusal:
            form.add_error(None, refusal.text)
        else:
            text = ngettext("%(count)d code has been made.", "%(count)d codes have been made.", len(made))
            messages.success(request, text % {"count": len(made)})
            filters = CodeFilters(search=form.cleaned_data["label"])
            return redirect(reverse("submissions:form_codes", args=[edition]) + filters.query)
    context = {"edition": place, "form_pages": form_pages(place, "submissions:form_codes"), "form": form}
    return page(request, "desk/form_codes_new.html", context, status=400 if form.errors else 200)


@signed_in
@require_GET
def download(request: HttpRequest, edition: str) -> HttpResponseBase:
    """The codes that the filters show as CSV, with the link that each stands for."""
    place = get_edition(request.actor, edition, permissions.can_organise)
    rows = code_queries.codes_for_desk(place, filters_of(request))
    log.info("Account %s takes codes of %s away", request.actor.id, place.slug)
    address = request.build_absolute_uri(reverse("submissions:enter", args=[edition]))
    lines = csv_lines(code_queries.head(), code_queries.sheet(rows, address, clock.now()), place.time_zone)
    kept = {
        "Content-Disposition": f'attachment; filename="codes-{place.slug}.csv"',
        "Cache-Control": "private, no-store",
    }
    return StreamingHttpResponse(lines, content_type=MIME["csv"], headers=kept)


@signed_in
@require_POST
def revoke(request: HttpRequest, edition: str, pk: int) -> HttpResponse:
    """Nobody can use this code any more."""
    place = get_edition(request.actor, edition, permissions.can_organise)
    code = get_object_or_404(Code.objects.select_related("edition"), edition=place, pk=pk)
    try:
        code_actions.revoke_code(code=code, by=request.actor, at=clock.now())
    except Refused as refusal:
        messages.error(request, refusal.text)
    else:
        messages.success(request, _("The code %(code)s is withdrawn.") % {"code": code.shown})
    return redirect("submissions:form_codes", edition)
