"""The fairness report at the desk, and on paper."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from festival.edition.door import get_edition
from festival.kit.pages import page
from festival.people.door import signed_in
from judging import award_permissions as permissions
from judging import fairness


@signed_in
@require_GET
def report(request: HttpRequest, edition: str) -> HttpResponse:
    """How the films of an edition were judged."""
    found = get_edition(request.actor, edition, permissions.can_follow)
    return page(request, "desk/fairness.html", {"edition": found, "blocks": fairness.report(found)})


@signed_in
@require_GET
def pdf(request: HttpRequest, edition: str) -> HttpResponse:
    """The same as PDF, in the reader's language."""
    found = get_edition(request.actor, edition, permissions.can_follow)
    made = fairness.as_pdf(found, fairness.report(found))
    response = HttpResponse(made, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{found.slug}-fairness.pdf"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
