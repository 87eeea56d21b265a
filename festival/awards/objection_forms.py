"""Forms of objections: what somebody objects to; a note and a decision at the desk."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from festival.awards.models import Objection, PublicNotice
from festival.kit.incoming import LineField
from festival.kit.words import say


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once; their kinds and sizes are judged by the action."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [one for one in data if one] if isinstance(data, list | tuple) else []


class ObjectionForm(forms.Form):
    """Which film, on what ground, in words, with evidence."""

    film = forms.ChoiceField(label=_("What you object to"), required=False)
    ground = forms.ChoiceField(label=_("Ground"), choices=Objection.Ground, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("In your words"),
        max_length=5000,
        help_text=_(
            "What is wrong, and how you know: works, dates, addresses. The organisers alone read it."
        ),
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    files = FilesField(
        label=_("Evidence"),
        required=False,
        help_text=_("Up to 5 files of at most 20 MB each: PDF, PNG, JPEG, MP4 or plain text."),
    )
    contact = LineField(
        label=_("Another way to reach you"),
        required=False,
        max_length=200,
        help_text=_("A phone number, for example. Letters go to your account’s address."),
    )

    def __init__(self, *args: Any, notice: PublicNotice, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["film"].choices = [("", _("The list as a whole")), *_films(notice.rows)]


def _films(rows: Iterable[dict[str, Any]]) -> list[tuple[str, str]]:
    found: dict[str, str] = {}
    for row in rows:
        found.setdefault(row["film"], f"{say(row['award'])} · {row['title']}")
    return list(found.items())


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("Note for colleagues"), max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )


class DecisionForm(forms.Form):
    """Upheld or dismissed, and why."""

    upheld = forms.ChoiceField(
        label=_("Decision"),
        choices=[("yes", _("Upheld: the award is to be withdrawn")), ("no", _("Not upheld"))],
        widget=forms.RadioSelect,
    )
    decision = forms.CharField(
        label=_("Reasons"),
        max_length=5000,
        help_text=_("The person who objected reads them as they stand here."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
