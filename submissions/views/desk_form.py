"""The organisers' pages about the entry form: which files are asked for, and what is declared about rights."""

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from festival.edition import declaration_actions, permissions
from festival.edition.change_forms import given_reason
from festival.edition.door import get_edition
from festival.edition.form_actions import change_form
from festival.edition.form_rules import FileRules
from festival.edition.models import Declaration, Edition
from festival.kit import clock
from festival.kit.incoming import ids_of
from festival.kit.pages import page
from festival.people.door import signed_in
from submissions.completeness import form_of
from submissions.declaration_forms import DeclarationForm, FileRulesForm
from submissions.form_pages import form_pages
from submissions.lifecycle import State
from submissions.models import Consent, Entry

FILES, DECLARATIONS = "submissions:form_files", "submissions:form_declarations"


@signed_in
@require_http_methods(["GET", "POST"])
def files(request: HttpRequest, edition: str) -> HttpResponse:
    """Which files must be there."""
    place = get_edition(request.actor, edition, permissions.can_organise)
    form = FileRulesForm(form_of(place).files, request.POST or None)
    if request.method == "POST" and form.is_valid():
        change_form(edition=place, **_deed(request), files=FileRules(**form.cleaned_data))
        messages.success(request, _("Saved. Drafts are held against it from now on."))
        return redirect(FILES, edition=edition)
    context = {"edition": place, "form": form, "form_pages": form_pages(place, FILES)}
    return page(request, "desk/form_files.html", context, status=400 if form.errors else 200)


def _deed(request: HttpRequest) -> dict[str, Any]:
    """Who does it, when, and why where that is asked."""
    return {"by": request.actor, "at": clock.now(), "reason": given_reason(request)}


@signed_in
@require_GET
def declarations(request: HttpRequest, edition: str) -> HttpResponse:
    """All declarations in their order."""
    place = get_edition(request.actor, edition, permissions.can_organise)
    rows = _with_uses(place)
    context = {
        "edition": place,
        "form_pages": form_pages(place, DECLARATIONS),
        "asked": [row for row in rows if row.retired_at is None],
        "retired": [row for row in rows if row.retired_at is not None],
    }
    return page(request, "desk/form_declarations.html", context)


@signed_in
@require_POST
def order(request: HttpRequest, edition: str) -> HttpResponse:
    """{"ids": […]}: the order after dragging."""
    place = get_edition(request.actor, edition, permissions.can_organise)
    declaration_actions.order_declarations(edition=place, order=ids_of(request), by=request.actor)
    return JsonResponse({})


def _with_uses(place: Edition) -> list[Declaration]:
    """The declarations with `drafts` and `submitted`: in how many of these an answer stands. Three queries."""
    rows = list(place.declarations.select_related("track"))
    standing = (
        Consent.objects.filter(declaration__in=rows, until__isnull=True).order_by().values_list("declaration")
    )
    of_drafts = standing.filter(entry__in=Entry.objects.filter(edition=place, state=State.DRAFT))
    every = dict(standing.annotate(Count("pk")))
    drafts = dict(of_drafts.annotate(Count("pk")))
    for row in rows:
        row.drafts = drafts.get(row.pk, 0)
        row.submitted = every.get(row.pk, 0) - row.drafts
    return rows


def _row(request: HttpRequest, edition: str, pk: int) -> tuple[Edition, Declaration]:
    place = get_edition(request.actor, edition, permissions.can_organise)
    row = Declaration.objects.filter(edition=place, pk=pk).first()
    if row is None:
        raise Http404
    row.edition = place
    return place, row


@signed_in
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, edition: str) -> HttpResponse:
    """A further declaration; looked at in both languages before it is kept."""
    place = get_edition(request.actor, edition, permissions.can_organise)
    form = DeclarationForm(place, None, request.POST or None)
    if request.method == "POST" and form.is_valid() and "preview" not in request.POST:
        declaration_actions.add_declaration(edition=place, **_deed(request), **form.cleaned_data)
        messages.success(request, _("Added. Drafts lack it from now on; submitted entries are not asked."))
        return redirect(DECLARATIONS, edition=edition)
    return _editor(request, place, form, None)


@signed_in
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, edition: str, pk: int) -> HttpResponse:
    """Another wording is another version; what it means for entries is said before it is kept."""
    place, row = _row(request, edition, pk)
    form = DeclarationForm(place, row, request.POST or None)
    if request.method == "POST" and form.is_valid() and "preview" not in request.POST:
        declaration_actions.change_declaration(row=row, **_deed(request), **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect(DECLARATIONS, edition=edition)
    return _editor(request, place, form, row)


def _editor(
    request: HttpRequest, place: Edition, form: DeclarationForm, row: Declaration | None
) -> HttpResponse:
    looked = form.is_bound and form.is_valid()
    context: dict[str, Any] = {
        "edition": place,
        "form_pages": form_pages(place, DECLARATIONS),
        "form": form,
        "row": row,
        "preview": form.cleaned_data if looked else None,
    }
    if row is not None:
        counting = Consent.objects.filter(declaration=row, until__isnull=True)
        context |= {
            "versions": row.versions.select_related("made_by"),
            "drafts": counting.filter(entry__state=State.DRAFT).count(),
            "submitted": counting.exclude(entry__state=State.DRAFT).count(),
            "reworded": looked
            and (form.cleaned_data["title"], form.cleaned_data["text"]) != (row.title, row.text),
        }
    return page(request, "desk/form_declaration.html", context, status=400 if form.errors else 200)


@signed_in
@require_POST
def act(request: HttpRequest, edition: str, pk: int, way: str) -> HttpResponse:
    """Retire, restore, one place up or down."""
    _place, row = _row(request, edition, pk)
    match way:
        case "retire":
            declaration_actions.retire_declaration(row=row, **_deed(request))
            messages.success(request, _("Retired: it is asked no longer. What was declared stays."))
        case "restore":
            declaration_actions.restore_declaration(row=row, **_deed(request))
            messages.success(request, _("It is asked again."))
        case "up" | "down":
            declaration_actions.move_declaration(row=row, up=way == "up", by=request.actor)
        case _:
            raise Http404
    return redirect(DECLARATIONS, edition=edition)
