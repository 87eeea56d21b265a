"""Forms of releases and drafts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from festival.kit.fields import BilingualField
from festival.kit.incoming import LineField
from festival.premiere.checks import Kind, Level


class ReleaseForm(forms.Form):
    """A word to the public about a new version."""

    note = BilingualField(
        label=_("What is new, in a sentence or two"),
        required=False,
        long=True,
        max_length=1000,
        help_text=_("It stands above the programme. Left empty, the changes stand there one by one."),
    )


class LevelsForm(forms.Form):
    """How much each thing counts that does not fit."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for kind in Kind:
            self.fields[kind.value] = forms.ChoiceField(label=kind.label, choices=Level.choices)


class DraftForm(forms.Form):
    """A name for what lies on the table."""

    name = LineField(
        label=_("Name"), max_length=120, help_text=_("For example “Without the open-air cinema”.")
    )
