"""The organisers' forms about files and declarations."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from festival.edition.declarations import TEXT_MOST, TITLE_MOST
from festival.edition.form_rules import MOST, FileRules
from festival.edition.models import Declaration, Edition
from festival.edition.track_words import takes_projects
from festival.kit.fields import BilingualField, reword
from submissions.attachment_view import asked_kinds
from submissions.forms import TrackField


class FileRulesForm(forms.Form):
    """Which files must be there before an entry can be submitted."""

    required = forms.MultipleChoiceField(
        label=_("Required before an entry can be submitted"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What is not ticked can be added all the same."),
    )
    stills_least = forms.IntegerField(
        label=_("Stills, at least"), min_value=0, max_value=MOST["stills_least"], initial=0
    )
    stills_most = forms.IntegerField(
        label=_("Stills, at most"), min_value=0, max_value=MOST["stills_most"], initial=10
    )

    def __init__(self, rules: FileRules, *args: Any, **options: Any) -> None:
        initial = {
            "required": list(rules.required),
            "stills_least": rules.stills_least,
            "stills_most": rules.stills_most,
        }
        super().__init__(*args, initial=initial, **options)
        self.fields["required"].choices = [(kind.key, kind.label) for kind in asked_kinds()]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if {"stills_least", "stills_most"} <= given.keys() and given["stills_least"] > given["stills_most"]:
            self.add_error("stills_least", _("There cannot be at least more stills than at most."))
        return given


class DeclarationForm(forms.Form):
    """One declaration: its wording in both languages, and how it is asked."""

    title = BilingualField(
        label=_("Title"), max_length=TITLE_MOST, help_text=_("A word or two, in both languages.")
    )
    text = BilingualField(
        label=_("What the entrant declares"),
        long=True,
        max_length=TEXT_MOST,
        help_text=_("In the first person, in both languages. It is kept word for word with every answer."),
    )
    required = forms.BooleanField(
        label=_("Must be answered before an entry can be submitted"), required=False
    )
    if_applicable = forms.BooleanField(
        label=_("The entrant first says whether it concerns the film"), required=False
    )
    document = forms.ChoiceField(label=_("Document"), choices=Declaration.Document.choices)

    def __init__(self, edition: Edition, row: Declaration | None, *args: Any, **options: Any) -> None:
        names = ("title", "text", "required", "if_applicable", "document", "track")
        initial = {name: getattr(row, name) for name in names} if row else {"required": True}
        super().__init__(*args, initial=initial, **options)
        tracks = list(edition.tracks.values_list("pk", flat=True))
        self.fields["track"] = TrackField(edition, tracks, empty_label=_("In all tracks"), required=False)
        self.fields["track"].label = _("Asked in")
        if takes_projects(edition):
            reword(self, if_applicable=_("The entrant first says whether it concerns the entry"))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        for name in ("title", "text"):
            if name in given and set(given[name]) != {"en", "zh"}:
                self.add_error(name, _("Write this in both languages: entrants read it in theirs."))
        return given
