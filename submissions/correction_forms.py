"""Forms of corrections: asking for them, granting them, and the granted fields themselves."""

from collections.abc import Collection, Mapping
from copy import deepcopy
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from festival.kit.clock import in_zone
from festival.kit.incoming import TextField, plain_text
from submissions.completeness import form_of
from submissions.correction_fields import Field, correctable, in_groups
from submissions.fields import BY_NAME
from submissions.forms import EntryForm, initial_of
from submissions.limit_forms import LAST_MINUTE, LastMinuteField
from submissions.models import Entry, Question
from submissions.question_forms import as_stored, field_of
from submissions.statement_forms import lines_form
from submissions.statement_view import rulebook_of, uses_of

USUAL_DAYS = 3


class Reason(TextField):
    """Words from one side to the other."""

    widget = forms.Textarea(attrs={"rows": 4})

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=2000, **options)

    def to_python(self, value: Any) -> Any:
        return super().to_python(plain_text(value).strip() if isinstance(value, str) else value)


class NamesForm(forms.Form):
    """Fields of an entry to choose among, as the entry's form groups them (templates/_correction_names.html)."""

    names = forms.MultipleChoiceField(
        label=_("What is to be corrected"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose at least one field."),
            "invalid_choice": _(
                "One of these fields cannot be corrected this way. Reload the page and choose again."
            ),
        },
    )

    def __init__(self, entry: Entry, *args: Any, at: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.known, self.project = correctable(entry, at), entry.is_project
        self.fields["names"].choices = [(field.name, field.label) for field in self.known]

    @property
    def groups(self) -> list[tuple[str, list[tuple[Field, bool]]]]:
        """Headings, each with its fields and whether they are ticked."""
        ticked = set(self["names"].value() or ())
        return [
            (heading, [(field, field.name in ticked) for field in fields])
            for heading, fields in in_groups(self.known, project=self.project)
        ]


class AskForm(NamesForm):
    """What the entrant wants to correct, and why."""

    message = Reason(
        label=_("What is wrong, and what should stand there"),
        help_text=_("The organisers decide by it. The jury does not read it."),
        error_messages={"required": _("Say what is wrong and why: the organisers decide by it.")},
    )


class GrantForm(NamesForm):
    """What is opened to the entrant, and until when. `request`: the id of the request that was before one's eyes."""

    until = LastMinuteField(zone="UTC")
    reason = Reason(label=_("A word to the entrant"), required=False, help_text=_("The entrant reads it."))
    request = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, entry: Entry, *args: Any, at: datetime, **options: Any) -> None:
        zone = entry.edition.time_zone
        options["initial"] = {"until": default_until(at, zone)} | options.get("initial", {})
        super().__init__(entry, *args, at=at, **options)
        self.fields["until"] = LastMinuteField(label=_("Open until"), zone=zone, help_text=LAST_MINUTE)


class RefuseForm(forms.Form):
    """Why not."""

    reason = Reason(
        label=_("Reason"),
        help_text=_("The entrant reads it."),
        error_messages={"required": _("Say why the correction is not granted: the entrant reads it.")},
    )
    request = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, auto_id="refuse-%s", **options)


class CloseForm(forms.Form):
    """A granted correction is ended early."""

    reason = Reason(label=_("Reason"), required=False, help_text=_("The entrant reads it."))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, auto_id="close-%s", **options)


def default_until(at: datetime, zone: str) -> datetime:
    """The end of the day that is USUAL_DAYS from now on the clocks of the zone: the first moment that is too late."""
    day = in_zone(at, zone).date() + timedelta(days=USUAL_DAYS + 1)
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(at.tzinfo)


class CorrectionForm(forms.Form):
    """The granted fields that are texts, answers or lines, and no others: whatever else is sent is not read.

    `names` are of `correction_fields`. `seen` is the digest of what stood in them when the page was made.
    """

    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(
        self, entry: Entry, names: Collection[str], *args: Any, at: datetime, seen: str = "", **options: Any
    ) -> None:
        super().__init__(*args, initial=initial_of(entry) | {"seen": seen}, **options)
        rules = form_of(entry.edition)
        self.project = entry.is_project
        self.known = [field for field in correctable(entry, at) if field.name in names]
        names = [field.name for field in self.known]
        self.questions = {f"q{row.pk}": row for row in entry.edition.questions.all() if f"q{row.pk}" in names}
        for name in names:
            made = _form_field(name, self.questions, at)
            if made is None:
                continue
            if name == "title" and self.project:
                made.label, made.help_text = _("Title of the project"), ""
            question = self.questions.get(name)
            always = name in ("title", "ai_statement")
            made.wanted = question.required if question else always or rules.asked(name) == "required"
            self.fields[name] = made
        self.lines = None
        if "uses" in names:
            data = self.data if self.is_bound else None
            self.lines = lines_form(data, uses_of(entry), rulebook_of(entry.edition).tools)

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """What stands in the form beside the lines of the AI statement, under the headings of the entry's form."""
        inside = [field for field in self.known if field.name in self.fields]
        return [
            (heading, [self[field.name] for field in fields])
            for heading, fields in in_groups(inside, project=self.project)
            if fields[0].group != "statement"
        ]

    @property
    def statement(self) -> forms.BoundField | None:
        """The statement's words, where they can be corrected."""
        return self["ai_statement"] if "ai_statement" in self.fields else None

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if self.lines is not None and self.lines.is_bound and not self.lines.is_valid():
            for sentence in self.lines.sentences():
                self.add_error(None, sentence)
        return given

    @property
    def values(self) -> dict[str, Any]:
        """What is to be written, by name, as the entry keeps it. What was not sent stays as it is."""
        values: dict[str, Any] = {}
        for name, field in self.fields.items():
            if name == "seen" or field.widget.value_omitted_from_data(self.data, self.files, name):
                continue
            value, question = self.cleaned_data[name], self.questions.get(name)
            values[name] = as_stored(question, value) if question else value
        if self.lines is not None and self.lines.is_bound:
            values["uses"] = self.lines.uses
        return values


def _form_field(name: str, questions: Mapping[str, Question], at: datetime) -> forms.Field | None:
    """The field as the entry's form has it; None for what is no field of a form."""
    if name in BY_NAME:
        return BY_NAME[name].field(at)
    if name in questions:
        return field_of(questions[name], questions[name].wording)
    if name in ("title", "ai_statement"):
        return deepcopy(EntryForm.base_fields[name])
    return None
