"""The fairness report: made, read, published and taken back at the desk; and as everybody reads it."""

from typing import Any

from django.contrib import messages
from django.core.files.storage import storages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from festival.awards.objection_queries import summary
from festival.edition.door import get_edition
from festival.kit.errors import Refused
from festival.kit.pages import page
from festival.people.door import signed_in
from judging import award_permissions as permissions
from judging import fairness_actions as actions
from judging import fairness_queries as queries
from judging.fairness.document import public_of
from judging.fairness.paper import as_pdf
from judging.fairness.words import Said
from judging.logic.canonical import canonical, digest
from judging.models import AwardList, FairnessReport

PUBLIC_CACHE = "private, max-age=60"  # what is taken back is gone within a minute
READY, MAKING = FairnessReport.State.READY, FairnessReport.State.MAKING


@signed_in
@require_GET
def reports(request: HttpRequest, edition: str) -> HttpResponse:
    """The reports that were made, and how far the next one is."""
    found = get_edition(request.actor, edition, permissions.can_follow)
    rows = queries.reports_of(found)
    context = {
        "edition": found,
        "reports": rows,
        "making": next((row for row in rows if row.state == MAKING), None),
        "can_publish": permissions.can_tell(request.actor, found),
        "announced": AwardList.objects.filter(edition=found, state=AwardList.State.ANNOUNCED).exists(),
    }
    return page(request, "desk/fairness.html", context)


@signed_in
@require_POST
def make(request: HttpRequest, edition: str) -> HttpResponse:
    """Have one made of the results as they are now."""
    found = get_edition(request.actor, edition, permissions.can_follow)
    try:
        actions.ask(edition=found, by=request.actor, at=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal.text)
    return redirect("judging:fairness", found.slug)


def _ready(request: HttpRequest, edition: str, number: int) -> FairnessReport:
    found = get_edition(request.actor, edition, permissions.can_follow)
    row = get_object_or_404(FairnessReport, edition=found, number=number, state=READY)
    row.edition = found
    return row


@signed_in
@require_GET
def report(request: HttpRequest, edition: str, number: int) -> HttpResponse:
    """One of them; with `?names=1` the names of judges and team beside their numbers."""
    row = _ready(request, edition, number)
    with_names = request.GET.get("names") == "1"
    said = Said(row.document, names=queries.names_of(row) if with_names else None)
    context = {"edition": row.edition, "report": row, "said": said, "with_names": with_names}
    return page(request, "desk/fairness_report.html", context)


@signed_in
@require_GET
def pdf(request: HttpRequest, edition: str, number: int) -> HttpResponse:
    """The same as PDF, without names, in the reader's language."""
    row = _ready(request, edition, number)
    return _sent(row, as_pdf(Said(row.document)), "pdf", "private, no-store")


@signed_in
@require_GET
def file(request: HttpRequest, edition: str, number: int) -> FileResponse:
    """The report and the results it follows from, for `verify_results`."""
    row = _ready(request, edition, number)
    try:
        opened = storages["default"].open(row.key)
    except OSError:
        raise Http404 from None
    name = f"{_name(row)}.json.gz"
    response = FileResponse(opened, as_attachment=True, filename=name, content_type="application/gzip")
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _sent(row: FairnessReport, data: bytes, kind: str, cache: str) -> HttpResponse:
    headers = {
        "Cache-Control": cache,
        "Content-Disposition": f'attachment; filename="{_name(row)}.{kind}"',
    }
    return HttpResponse(data, content_type=f"application/{kind}", headers=headers)


def _name(row: FairnessReport) -> str:
    return f"{row.edition.slug}-fairness-{row.number}"


@signed_in
@require_POST
def publish(request: HttpRequest, edition: str, number: int) -> HttpResponse:
    """Show one to everybody, or (`off`) to nobody any more."""
    found = get_edition(request.actor, edition, permissions.can_tell)
    row = get_object_or_404(FairnessReport, edition=found, number=number)
    act = actions.take_back if request.POST.get("off") else actions.publish
    try:
        act(report=row, by=request.actor, at=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal.text)
    return redirect("judging:fairness", found.slug)


def _public(request: HttpRequest, edition: str) -> tuple[FairnessReport, dict[str, Any]]:
    found = get_edition(request.actor, edition)
    row = queries.public_report(found)
    if row is None:
        raise Http404
    row.edition = found
    return row, public_of(row.document)


@require_GET
def public(request: HttpRequest, edition: str) -> HttpResponse:
    """As everybody reads it, once it is published."""
    row, document = _public(request, edition)
    context = {
        "edition": row.edition,
        "said": Said(document),
        "digest": digest(document),
        "summary": summary(row.edition),
    }
    return page(request, "public/fairness.html", context)


@require_GET
def public_pdf(request: HttpRequest, edition: str) -> HttpResponse:
    """The same as PDF."""
    row, document = _public(request, edition)
    return _sent(row, as_pdf(Said(document)), "pdf", PUBLIC_CACHE)


@require_GET
def public_json(request: HttpRequest, edition: str) -> HttpResponse:
    """The same as figures, for `verify_results`."""
    row, document = _public(request, edition)
    return _sent(row, canonical(document), "json", PUBLIC_CACHE)
