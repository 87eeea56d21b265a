"""The entrant's page about rights: what is declared, and the documents that go with it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from festival.kit import clock
from festival.kit.errors import Refused
from festival.kit.pages import page
from festival.kit.words import short_language
from festival.people.door import signed_in
from submissions import consent_actions, permissions
from submissions.attachment_forms import AddFilesForm
from submissions.attachment_kinds import KINDS
from submissions.attachment_view import file_views
from submissions.completeness import gaps
from submissions.consents import asked_of
from submissions.door import get_entry
from submissions.models import Entry
from submissions.rights_forms import RightsForm
from submissions.steps import steps_of


@signed_in
@require_http_methods(["GET", "POST"])
def rights(request: HttpRequest, code: str) -> HttpResponse:
    """Read each text, answer it, add documents."""
    mine = get_entry(request.actor, code, permissions.is_entrant, whole=True)
    if request.method == "GET":
        if not permissions.can_edit(request.actor, mine):
            return redirect(reverse("submissions:entry", kwargs={"code": code}) + "#rights")
        return rights_page(request, mine)
    form = RightsForm(asked_of(mine), request.POST, project=mine.is_project)
    status = 400
    if form.is_valid():
        try:
            consent_actions.declare(
                entry=mine, answers=form.answers, seen=form.seen, by=request.actor, at=clock.now()
            )
        except Refused as error:
            if error.code != "changed":
                raise
            messages.error(request, str(error.text))
            return redirect("submissions:rights", code=code)
        messages.success(request, _("Saved."))
        return redirect("submissions:rights", code=code)
    return rights_page(request, mine, form=form, status=status)


def rights_page(
    request: HttpRequest,
    mine: Entry,
    *,
    form: RightsForm | None = None,
    broken: tuple[str, AddFilesForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    """`broken`: a declaration's key, and the form of its document that could not be taken."""
    missing = gaps(mine)
    asked = asked_of(mine)
    if request.htmx:  # asks for the documents of one declaration while they are read
        asked = [one for one in asked if one.declaration.key == request.GET.get("of")]
    documents = []
    for one in asked:
        if not one.takes_document and not one.documents:
            continue
        key = one.declaration.key
        add = broken[1] if broken and broken[0] == key else None
        if add is None and one.takes_document and len(one.documents) < KINDS["rights"].most:
            add = AddFilesForm(KINDS["rights"], auto_id=f"document-{key}-%s")
        documents.append((one, file_views(one.documents, request.actor), add))
    context: dict[str, Any] = {
        "entry": mine,
        "edition": mine.edition,
        "steps": steps_of(mine, missing, "rights"),
        "missing": [gap for gap in missing if gap.step == "rights"],
        "form": form or RightsForm(asked, project=mine.is_project),
        "documents": documents,
        "other_language": "zh" if short_language() == "en" else "en",
    }
    response = page(request, "entrant/rights.html", context, part="live", status=status)
    if request.htmx and not any(file.waiting for _asked, files, _add in documents for file in files):
        response.headers["HX-Refresh"] = "true"
    return response
