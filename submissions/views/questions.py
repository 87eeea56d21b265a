"""What is asked of a film in the competition."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from festival.kit import clock
from festival.kit.pages import page
from festival.people.door import signed_in
from submissions import permissions, question_actions
from submissions.door import get_entry
from submissions.models import Entry, Question
from submissions.question_forms import as_given, as_stored, asked_field
from submissions.question_queries import answers_of, questions_open


class AnswersForm(forms.Form):
    """The open questions of an entry."""

    def __init__(self, entry: Entry, questions: list[Question], *args: Any, **options: Any) -> None:
        given = answers_of(entry)
        options["initial"] = {
            f"q{row.pk}": as_given(row, given[row.pk].value) for row in questions if row.pk in given
        }
        super().__init__(*args, **options)
        self.questions = {f"q{row.pk}": row for row in questions}
        for name, row in self.questions.items():
            self.fields[name] = asked_field(row, of_project=entry.is_project)
            self.fields[name].required = row.required

    @property
    def answers(self) -> dict[int, Any]:
        return {row.pk: as_stored(row, self.cleaned_data[name]) for name, row in self.questions.items()}


@signed_in
@require_http_methods(["GET", "POST"])
def questions(request: HttpRequest, code: str) -> HttpResponse:
    """Asked after admission, to be answered until each question's last day."""
    mine = get_entry(request.actor, code, permissions.is_entrant, whole=True)
    at = clock.now()
    asked = questions_open(mine, at)
    if not asked:
        messages.info(request, _("Nothing is asked of this film at the moment."))
        return redirect("submissions:entry", code=mine.code)
    form = AnswersForm(mine, asked, request.POST or None)
    if request.method == "POST" and form.is_valid():
        question_actions.answer_admitted(entry=mine, values=form.answers, by=request.actor, at=at)
        messages.success(request, _("Saved. Thank you."))
        return redirect("submissions:entry", code=mine.code)
    context = {
        "entry": mine,
        "edition": mine.edition,
        "form": form,
        "due": min((row.due_at for row in asked if row.due_at), default=None),
    }
    return page(request, "entrant/questions.html", context, status=400 if form.errors else 200)
