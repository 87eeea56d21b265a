"""Entries for a spreadsheet: choose columns and format, then take the table away."""

import logging

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from festival.edition import permissions
from festival.edition.door import get_edition
from festival.kit.pages import page
from festival.kit.sheets import MIME, csv_lines, xlsx_file
from festival.people.door import signed_in
from submissions import export
from submissions.desk_filters import filtered
from submissions.views.desk_table import filters_of

log = logging.getLogger(__name__)


@signed_in
@require_GET
def download(request: HttpRequest, edition: str) -> HttpResponseBase:
    """The form; with a format in the address the table itself. The filters stand in the address, as in the list."""
    place = get_edition(request.actor, edition, permissions.can_inspect)
    filters = filters_of(request, place)
    known = export.columns_for(request.actor, place)
    form, asked = request.GET.get("format", ""), set(request.GET.getlist("column"))
    columns = [column for column in known if column.name in asked]
    if form not in MIME or not columns:
        return _form(request, {
            "edition": place,
            "filters": filters,
            "count": filtered(place, filters).count(),
            "columns": [
                (column, column.name in asked or (not form and not asked and column.usual)) for column in known
            ],
            "nothing": form in MIME,
            "back": reverse("submissions:desk_entries", args=[edition]) + filters.query,
        })  # fmt: skip
    log.info("Account %s takes %s of %s away", request.actor.id, ",".join(sorted(asked)), place.slug)
    head = [str(column.title) for column in columns]
    rows = export.rows_of(place, filters, columns)
    kept = {
        "Content-Disposition": f'attachment; filename="entries-{place.slug}.{form}"',
        "Cache-Control": "private, no-store",
    }
    if form == "csv":
        return StreamingHttpResponse(
            csv_lines(head, rows, place.time_zone), content_type=MIME[form], headers=kept
        )
    table = xlsx_file(head, rows, place.time_zone, _("Entries"))
    return FileResponse(table, content_type=MIME[form], headers=kept)


def _form(request: HttpRequest, context: dict[str, object]) -> HttpResponse:
    return page(request, "desk/download.html", context, status=400 if context["nothing"] else 200)
