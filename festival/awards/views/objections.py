"""The desk of objections: what has come in, by when it is decided, one of them with its evidence."""

from urllib.parse import quote

from django.contrib import messages
from django.core.files.storage import storages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from festival.awards import objection_actions as actions
from festival.awards import objection_queries as queries
from festival.awards.models import Evidence, Objection
from festival.awards.objection_forms import DecisionForm, NoteForm, ObjectionRulesForm, QuestionForm
from festival.awards.objection_letters import CONFIRM
from festival.awards.permissions import can_handle_objections, is_own_objection
from festival.edition.change_forms import given_reason
from festival.edition.door import get_edition
from festival.edition.models import Edition
from festival.kit.errors import Refused
from festival.kit.pages import page
from festival.people.door import signed_in


@signed_in
@require_GET
def objections(request: HttpRequest, edition: str) -> HttpResponse:
    """All of them: those to decide first, by their last day."""
    found = get_edition(request.actor, edition, can_handle_objections)
    rows = list(queries.received(found).select_related("user", "decided_by"))
    notices = queries.notices_of(found)
    context = {
        "edition": found,
        "notice": notices[0] if notices else None,
        "waiting": [row for row in rows if row.is_open],
        "decided": [row for row in rows if not row.is_open],
        "rules": queries.rules_of(found),
        "now": timezone.now(),
    }
    return page(request, "desk/objections.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def rules(request: HttpRequest, edition: str) -> HttpResponse:
    """In how many working days objections are decided, and whether they need a name."""
    found = get_edition(request.actor, edition, can_handle_objections)
    form = ObjectionRulesForm(request.POST if request.method == "POST" else None, edition=found)
    if request.method == "POST" and form.is_valid():
        actions.set_rules(
            edition=found,
            rules=form.rules,
            by=request.actor,
            at=timezone.now(),
            reason=given_reason(request),
        )
        messages.success(request, _("Saved."))
        return redirect("awards:objections", found.slug)
    context = {"edition": found, "form": form}
    return page(request, "desk/objection_rules.html", context, status=400 if form.errors else 200)


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
    if form.is_valid():
        try:
            actions.add_note(objection=row, by=request.actor, at=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.text)
        else:
            messages.success(request, _("Saved."))
            return redirect("awards:objection", found.slug, row.code)
    return _page(request, found, row, note=form, status=400)


@signed_in
@require_POST
def ask(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """A question to the objector."""
    found, row = _of(request, edition, code)
    form, status = QuestionForm(request.POST), 400
    if form.is_valid():
        try:
            actions.ask(objection=row, by=request.actor, at=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.text)
            status = refusal.status
        else:
            messages.success(request, _("Asked. The answer comes on this page, and you get a letter."))
            return redirect("awards:objection", found.slug, row.code)
    return _page(request, found, row, question=form, status=status)


@signed_in
@require_POST
def decide(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """Upheld or dismissed, with reasons, and what everybody reads of it."""
    found, row = _of(request, edition, code)
    form, status = DecisionForm(request.POST, objection=row), 400
    if form.is_valid():
        data = form.cleaned_data
        try:
            decided = actions.decide(
                objection=row,
                upheld=data["upheld"] == "yes",
                decision=data["decision"],
                public=data["public"],
                follows=data.get("follows", ""),
                by=request.actor,
                at=timezone.now(),
            )
        except Refused as refusal:
            form.add_error(refusal.code if refusal.code in form.fields else None, refusal.text)
            status = refusal.status
        else:
            text = _("Decided. The person who objected is told.")
            if decided.follows == Objection.Follows.AGAIN:
                text = _("Decided. The list is with the jury again, and the notice is taken down.")
            messages.success(request, text)
            return redirect("awards:objection", found.slug, row.code)
    return _page(request, found, row, decision=form, status=status)


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
    if not code.isalnum():
        raise Http404
    rows = queries.received(found).select_related("notice__edition", "user", "decided_by")
    return found, get_object_or_404(rows, code=code)


def _page(
    request: HttpRequest,
    found: Edition,
    row: Objection,
    *,
    note: NoteForm | None = None,
    question: QuestionForm | None = None,
    decision: DecisionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "edition": found,
        "objection": row,
        "files": row.evidence.all(),
        "steps": row.steps.select_related("by"),
        "undelivered": row.letters.exclude(problem="").exclude(kind=CONFIRM).first(),
        "note_form": note or NoteForm(),
        "question_form": question or QuestionForm(),
        "decision_form": decision or DecisionForm(objection=row),
        "now": timezone.now(),
        "is_own": is_own_objection(request.actor, row),
    }
    return page(request, "desk/objection.html", context, status=status)
