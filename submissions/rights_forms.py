"""The entrant's form about rights."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from festival.edition.models import Declaration
from submissions.consents import Asked
from submissions.models import Consent


class RightsForm(forms.Form):
    """An answer to each declaration that is asked. `seen-…` says which wording stood on the page."""

    def __init__(
        self, asked: list[Asked], data: Mapping[str, Any] | None = None, *, project: bool = False
    ) -> None:
        super().__init__(data)
        self.asked = asked
        for one in asked:
            row = one.declaration
            if row.if_applicable:
                answer: forms.Field = forms.ChoiceField(
                    label=_("Does this concern the project?")
                    if project
                    else _("Does this concern the film?"),
                    choices=[
                        (Consent.Answer.AGREED, _("It does, and I declare this")),
                        (Consent.Answer.NOT_APPLICABLE, _("It does not")),
                    ],
                    widget=forms.RadioSelect,
                    required=False,
                    initial=one.answer,
                )
            else:
                answer = forms.BooleanField(
                    label=_("I declare this"), required=False, initial=one.answer == Consent.Answer.AGREED
                )
            if row.document == Declaration.Document.MUST:
                answer.help_text = _("A document goes with it: once this is saved you can add it below.")
            elif row.document == Declaration.Document.MAY:
                answer.help_text = _("Once this is saved you can add a document below, if you have one.")
            answer.wanted = row.required  # may be open in a draft, but is not called optional
            self.fields[f"answer-{row.pk}"] = answer
            self.fields[f"seen-{row.pk}"] = forms.IntegerField(
                widget=forms.HiddenInput, initial=row.version, required=False
            )

    def rows(self) -> list[tuple[Asked, forms.BoundField, forms.BoundField]]:
        """Declaration, its answer, and the hidden number of its wording."""
        return [
            (one, self[f"answer-{one.declaration.pk}"], self[f"seen-{one.declaration.pk}"])
            for one in self.asked
        ]

    @property
    def answers(self) -> dict[int, str]:
        given: dict[int, str] = {}
        for one in self.asked:
            pk = one.declaration.pk
            value = self.cleaned_data.get(f"answer-{pk}", "")
            given[pk] = (Consent.Answer.AGREED if value else "") if isinstance(value, bool) else value
        return given

    @property
    def seen(self) -> dict[int, int]:
        return {
            one.declaration.pk: self.cleaned_data.get(f"seen-{one.declaration.pk}") or 0 for one in self.asked
        }
