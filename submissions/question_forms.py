"""Questions as form fields and answers as text.

A draft may be incomplete, so no field is required here; what cannot be right is refused with a sentence.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.dateparse import parse_date
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from festival.kit.incoming import LineField, TextField, plain_text
from festival.kit.words import joined, say, short_language
from submissions.models import Question, Wording

LONGEST_LINE, LONGEST_TEXT = 300, 5000
Kind = Question.Kind


class UrlField(forms.URLField):
    """A web address with http or https, nothing else: it is shown as a link."""

    def __init__(self, **options: Any) -> None:
        super().__init__(assume_scheme="https", max_length=500, **options)
        self.error_messages["invalid"] = _("Write the whole web address, such as https://example.org/film.")

    def clean(self, value: Any) -> Any:
        url = super().clean(value)
        if url and not url.lower().startswith(("http://", "https://")):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return url


class TextArea(TextField):
    """Several lines."""

    widget = forms.Textarea(attrs={"rows": 4})

    def to_python(self, value: Any) -> Any:
        return super().to_python(plain_text(value) if isinstance(value, str) else value)


def field_of(question: Question, wording: Wording) -> forms.Field:
    """The form field of a question."""
    usual: dict[str, Any] = {
        "label": say(wording.text),
        "help_text": _help_of(question, wording),
        "required": False,
    }
    limits = wording.limits
    match question.kind:
        case Kind.LINE:
            return LineField(max_length=limits.get("most") or LONGEST_LINE, **usual)
        case Kind.TEXT:
            return TextArea(max_length=limits.get("most") or LONGEST_TEXT, **usual)
        case Kind.NUMBER:
            return _number(limits, usual)
        case Kind.DATE:
            return _date(limits, usual)
        case Kind.YES_NO:
            choices = [("yes", _("Yes")), ("no", _("No"))]
            return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **usual)
        case Kind.CHOICE:
            choices = options_of(wording)
            if len(choices) <= 6:
                return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **usual)
            return forms.ChoiceField(choices=[("", "–"), *choices], **usual)
        case Kind.CHOICES:
            return _Several(limits, choices=options_of(wording), **usual)
        case Kind.URL:
            return UrlField(**usual)
        case Kind.FILE:  # for a preview: files are sent on a page of their own, and read there
            return forms.FileField(**usual)
    raise ValueError(question.kind)


def asked_field(question: Question, *, of_project: bool) -> forms.Field:
    """The same as who answers it sees it: with a word on who reads it, where judges do."""
    field = field_of(question, question.wording)
    if question.for_judges and of_project:
        field.help_text = joined(str(field.help_text), _("Judges read your answer."))
    return field


def _number(limits: dict[str, Any], usual: dict[str, Any]) -> forms.Field:
    field = forms.DecimalField(max_digits=15, decimal_places=4, **usual)
    field.error_messages["invalid"] = _("Write a number, in figures.")
    for key, validator, text in (
        ("least", MinValueValidator, _("Not less than %(limit)s.")),
        ("most", MaxValueValidator, _("Not more than %(limit)s.")),
    ):
        if limits.get(key) is not None:
            limit = Decimal(str(limits[key]))
            field.validators.append(validator(limit, message=text % {"limit": number_format(limit)}))
    return field


def _date(limits: dict[str, Any], usual: dict[str, Any]) -> forms.Field:
    field = forms.DateField(
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), input_formats=["%Y-%m-%d"], **usual
    )
    field.error_messages["invalid"] = _("Write a date as year, month and day, such as 2026-03-31.")
    for key, validator, text in (
        ("least", MinValueValidator, _("Not before %(limit)s.")),
        ("most", MaxValueValidator, _("Not after %(limit)s.")),
    ):
        limit = parse_date(str(limits.get(key) or ""))
        if limit:
            field.validators.append(validator(limit, message=text % {"limit": date_format(limit)}))
            field.widget.attrs["min" if key == "least" else "max"] = limit.isoformat()
    return field


class _Several(forms.MultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def __init__(self, limits: dict[str, Any], **options: Any) -> None:
        super().__init__(**options)
        self.most = limits.get("most")

    def clean(self, value: Any) -> Any:
        chosen = list(dict.fromkeys(super().clean(value)))
        if self.most and len(chosen) > self.most:
            text = ngettext("Choose one at most.", "Choose %(count)d at most.", self.most)
            raise forms.ValidationError(text % {"count": self.most}, code="too_many")
        return chosen


def _help_of(question: Question, wording: Wording) -> str:
    """The organiser's own help, and the limits in words."""
    limits, said = wording.limits, [say(wording.help)]
    least, most = limits.get("least"), limits.get("most")
    if question.kind in (Kind.LINE, Kind.TEXT) and most:
        text = ngettext("Up to %(count)d character.", "Up to %(count)d characters.", most)
        said.append(text % {"count": most})
    if question.kind == Kind.NUMBER and least is not None and most is not None:
        said.append(_("From %(least)s to %(most)s.") % {"least": least, "most": most})
    if question.kind == Kind.CHOICES and most:
        said.append(ngettext("One at most.", "%(count)d at most.", most) % {"count": most})
    if question.kind == Kind.CHOICES and least:
        said.append(ngettext("At least one.", "At least %(count)d.", least) % {"count": least})
    return ("" if short_language() == "zh" else " ").join(filter(None, said))


def options_of(wording: Wording) -> list[tuple[str, str]]:
    """Key and label of each choice, in the reader's language."""
    return [(option["key"], say({"en": option["en"], "zh": option["zh"]})) for option in wording.options]


def as_stored(question: Question, value: Any) -> Any:
    """The answer as JSON; None where there is none."""
    if value in (None, "", []):
        return None
    match question.kind:
        case Kind.NUMBER:
            number = Decimal(value)
            return int(number) if number == number.to_integral_value() else float(number)
        case Kind.DATE:
            return value.isoformat()
        case Kind.YES_NO:
            return value == "yes"
    return value


def as_given(question: Question, stored: Any) -> Any:
    """A stored answer as the form's field takes it."""
    match question.kind:
        case Kind.YES_NO:
            return {True: "yes", False: "no"}.get(stored, "")
        case Kind.DATE:
            return parse_date(stored) if isinstance(stored, str) else None
    return stored


def answer_text(question: Question, wording: Wording, stored: Any, language: str | None = None) -> str:
    """A stored answer in words, as `wording` had them when it was given."""
    names = {
        option["key"]: say({"en": option["en"], "zh": option["zh"]}, language) for option in wording.options
    }
    match question.kind:
        case Kind.YES_NO:
            return _("Yes") if stored else _("No")
        case Kind.CHOICE:
            return names.get(stored, str(stored))
        case Kind.CHOICES:
            between = "、" if (language or short_language()) == "zh" else ", "
            return between.join(names.get(key, str(key)) for key in stored)
        case Kind.DATE:
            day = parse_date(str(stored))
            return date_format(day) if isinstance(day, date) else str(stored)
        case Kind.NUMBER:
            return str(number_format(stored))
    return str(stored)


def fits(question: Question, wording: Wording, stored: Any) -> bool:
    """Whether an answer that was saved earlier still answers the question as it is worded now."""
    if question.kind in (Kind.CHOICE, Kind.CHOICES):
        known = {option["key"] for option in wording.options}
        given: Iterable[str] = [stored] if question.kind == Kind.CHOICE else stored
        return set(given) <= known
    return True
