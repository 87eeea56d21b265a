"""The desk of objections: what has come in, by when it is decided, one of them with its evidence."""

from urllib.parse import quote

from django.contrib import messages
from django.core.files.storage import storages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from festival.awards import objection_actions as actions
from festival.awards.models import Evidence, Objection, PublicNotice
from festival.awards.objection_forms import DecisionForm, NoteForm
from festival.awards.permissions import can_handle_objections
from festival.edition.door import get_edition
from festival.edition.models import Edition
from festival.kit.pages import page
from festival.people.door import signed_in


@signed_in
@require_GET
def objections(request: HttpRequest, edition: str) -> HttpResponse:
    """All of them: those to decide first, by their last day."""
    found = get_edition(request.actor, edition, can_handle_objections)
    rows = list(Objection.objects.filter(notice__edition=found).select_related("user", "decided_by"))
    context = {
        "edition": found,
        "notice": PublicNotice.objects.filter(edition=found).first(),
        "waiting": [row for row in rows if row.is_open],
        "decided": [row for row in rows if not row.is_open],
        "now": timezone.now(),
    }
    return page(request, "desk/objections.html", context)


@signed_in
@require_GET
def objection(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """One objection with its evidence and record."""
    found, row = _of(request, edition, code)
    return _page(request, found, row)


@signed_in
@require_POST
def note(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """A note for colleagues."""
    found, row = _of(request, edition, code)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _page(request, found, row, note=form, status=400)
    actions.add_note(objection=row, by=request.actor, at=timezone.now(), **form.cleaned_data)
    messages.success(request, _("Saved."))
    return redirect("awards:objection", found.slug, row.code)


@signed_in
@require_POST
def decide(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """Upheld or dismissed, with reasons."""
    found, row = _of(request, edition, code)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _page(request, found, row, decision=form, status=400)
    actions.decide(
        objection=row,
        upheld=form.cleaned_data["upheld"] == "yes",
        decision=form.cleaned_data["decision"],
        by=request.actor,
        at=timezone.now(),
    )
    messages.success(request, _("Decided. The person who objected is told."))
    return redirect("awards:objection", found.slug, row.code)


@signed_in
@require_GET
def evidence(request: HttpRequest, edition: str, code: str, pk: int) -> HttpResponseBase:
    """A file that came with an objection: only ever as a download, so that no browser opens it on our address."""
    _found, row = _of(request, edition, code)
    file = get_object_or_404(Evidence, objection=row, pk=pk)
    try:
        stored = storages["default"].open(file.key)
    except OSError:
        raise Http404 from None
    response = FileResponse(stored, content_type="application/octet-stream")
    name = quote(file.filename)
    response.headers["Content-Disposition"] = f"attachment; filename=\"evidence\"; filename*=UTF-8''{name}"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _of(request: HttpRequest, edition: str, code: str) -> tuple[Edition, Objection]:
    found = get_edition(request.actor, edition, can_handle_objections)
    rows = Objection.objects.select_related("notice__edition", "user", "decided_by")
    return found, get_object_or_404(rows, notice__edition=found, code=code)


def _page(
    request: HttpRequest,
    found: Edition,
    row: Objection,
    *,
    note: NoteForm | None = None,
    decision: DecisionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "edition": found,
        "objection": row,
        "files": row.evidence.all(),
        "steps": row.steps.select_related("by"),
        "note_form": note or NoteForm(),
        "decision_form": decision or DecisionForm(),
        "now": timezone.now(),
        "is_own": row.user_id == request.actor.id,
    }
    return page(request, "desk/objection.html", context, status=status)
