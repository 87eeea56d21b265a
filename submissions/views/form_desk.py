"""The entry form at the desk: which common fields are asked for, and the edition's own questions."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from festival.edition import permissions
from festival.edition.change_forms import given_reason
from festival.edition.door import get_edition
from festival.edition.form_actions import change_form
from festival.edition.form_rules import PromiseRules
from festival.edition.models import Edition
from festival.edition.track_words import takes_projects
from festival.kit import clock
from festival.kit.errors import Refused
from festival.kit.incoming import json_object
from festival.kit.pages import page
from festival.people.door import signed_in
from submissions import question_actions, question_queries
from submissions.completeness import form_of
from submissions.form_pages import form_pages
from submissions.lifecycle import State
from submissions.models import Entry, Question, Wording
from submissions.promise_desk import PromisesForm
from submissions.question_desk import FieldsForm, QuestionForm
from submissions.question_forms import field_of
from submissions.residence import residence_in_words
from submissions.residence_desk import ResidenceForm


@signed_in
@require_http_methods(["GET", "POST"])
def form(request: HttpRequest, edition: str) -> HttpResponse:
    """The common fields, to be saved together, and the list of questions."""
    place = get_edition(request.actor, edition, permissions.can_organise)
    fields = FieldsForm(form_of(place), request.POST or None)
    if request.method == "POST" and fields.is_valid():
        change_form(
            edition=place,
            by=request.actor,
            at=clock.now(),
            reason=given_reason(request),
            fields=fields.cleaned_data,
        )
        messages.success(request, _("Saved. The entry form asks for it from now on."))
        return redirect("submissions:form", edition)
    rows = question_queries.for_desk(place)
    context = {
        "edition": place,
        "form_pages": form_pages(place, "submissions:form"),
        "fields": fields,
        "questions": [row for row in rows if row.retired_at is None],
        "retired": [row for row in rows if row.retired_at is not None],
    }
    return page(request, "desk/form.html", context, status=400 if fields.errors else 200)


@signed_in
@require_http_methods(["GET", "POST"])
def promises(request: HttpRequest, edition: str) -> HttpResponse:
    """What entrants are promised and told."""
    place = get_edition(request.actor, edition, permissions.can_organise)
    form = PromisesForm(form_of(place), request.POST or None, projects=takes_projects(place))
    if request.method == "POST" and form.is_valid():
        change_form(
            edition=place,
            by=request.actor,
            at=clock.now(),
            reason=given_reason(request),
            promises=PromiseRules(**form.cleaned_data),
        )
        messages.success(request, _("Saved."))
        return redirect("submissions:form_promises", edition)
    context = {"edition": place, "form_pages": form_pages(place, "submissions:form_promises"), "form": form}
    return page(request, "desk/form_promises.html", context, status=400 if form.errors else 200)


@signed_in
@require_http_methods(["GET", "POST"])
def residence(request: HttpRequest, edition: str) -> HttpResponse:
    """Where entrants may live."""
    place = get_edition(request.actor, edition, permissions.can_organise)
    now = form_of(place).residence
    form = ResidenceForm(now, request.POST or None)
    if request.method == "POST" and form.is_valid():
        change_form(
            edition=place,
            by=request.actor,
            at=clock.now(),
            reason=given_reason(request),
            residence=form.rules,
        )
        messages.success(request, _("Saved."))
        return redirect("submissions:form_residence", edition)
    context = {
        "edition": place,
        "form_pages": form_pages(place, "submissions:form_residence"),
        "form": form,
        "said": residence_in_words(now),
        "drafts": Entry.objects.filter(edition=place, state=State.DRAFT).count(),
    }
    return page(request, "desk/form_residence.html", context, status=400 if form.errors else 200)


@signed_in
@require_http_methods(["GET", "POST"])
def question(request: HttpRequest, edition: str, pk: int | None = None) -> HttpResponse:
    """A new question, or one to be changed. `preview` in what is posted shows it without saving."""
    place = get_edition(request.actor, edition, permissions.can_organise)
    mine = _question(place, pk) if pk else None
    form = QuestionForm(place, request.POST or None, question=mine)
    looking, error = "preview" in request.POST or bool(request.htmx), ""
    if request.method == "POST" and not looking and form.is_valid():
        given: dict[str, Any] = {"words": form.words, **_deed(request), **form.settings}
        try:
            if mine:
                question_actions.change_question(question=mine, **given)
            else:
                question_actions.add_question(edition=place, **given)
        except Refused as refused:
            form.add_error("kind" if refused.code == "answered" else None, refused.text)
        else:
            messages.success(request, _("Saved. The entry form asks for it from now on."))
            return redirect("submissions:form", edition)
    context = {
        "edition": place,
        "form": form,
        "question": mine,
        "answered": mine.answers.count() if mine else 0,
        "preview": _preview(form, mine),
        "error": error,
    }
    refused_ = bool(form.errors) and request.method == "POST" and not looking
    return page(request, "desk/form_question.html", context, part="preview", status=400 if refused_ else 200)


def _deed(request: HttpRequest) -> dict[str, Any]:
    """Who does it, when, and why where that is asked."""
    return {"by": request.actor, "at": clock.now(), "reason": given_reason(request)}


def _preview(form: QuestionForm, saved: Question | None) -> Any:
    """The question as the entry form shows it: what is typed, else what is saved. None while it cannot be shown."""
    from django import forms

    if form.is_bound:
        form.is_valid()
        if not form.cleaned_data.get("text") or form.errors.keys() & {"kind", "options", "least", "most"}:
            return None
        words = form.words
        asked = Question(
            kind=form.cleaned_data["kind"],
            required=form.cleaned_data["required"],
        )
        wording = Wording(**words.as_columns())
    elif saved:
        asked, wording = saved, saved.wording
    else:
        return None
    shown = forms.Form(prefix="preview")
    shown.fields["answer"] = field_of(asked, wording)
    shown.fields["answer"].wanted = asked.required
    return shown["answer"]


def _question(place: Edition, pk: int) -> Question:
    found = question_queries.with_words(place.questions.filter(pk=pk)).first()
    if found is None:
        raise Http404
    return found


@signed_in
@require_POST
def question_order(request: HttpRequest, edition: str) -> HttpResponse:
    """{"ids": […]}: the order after dragging."""
    place = get_edition(request.actor, edition, permissions.can_organise)
    ids = json_object(request).get("ids")
    numbers = [one for one in ids if isinstance(one, int)] if isinstance(ids, list) else []
    question_actions.order_questions(edition=place, ids=numbers)
    return JsonResponse({})


@signed_in
@require_POST
def question_do(request: HttpRequest, edition: str, pk: int, what: str) -> HttpResponse:
    """up, down, retire, restore or delete a question."""
    place = get_edition(request.actor, edition, permissions.can_organise)
    mine = _question(place, pk)
    match what:
        case "up" | "down":
            question_actions.move_question(question=mine, by_places=-1 if what == "up" else 1)
        case "retire":
            question_actions.retire_question(question=mine, **_deed(request))
            messages.success(request, _("Retired: it is asked no more, and its answers stay."))
        case "restore":
            question_actions.restore_question(question=mine, **_deed(request))
        case "delete":
            question_actions.delete_question(question=mine, **_deed(request))
            messages.success(request, _("Deleted."))
        case _:
            raise Http404
    return redirect("submissions:form", edition)
