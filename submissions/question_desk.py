"""The desk's forms about the entry form: which common fields are asked for, and a question of the edition's own."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from festival.edition.form_rules import FormRules
from festival.edition.models import Edition
from festival.edition.track_words import takes_projects
from festival.kit.clock import in_zone
from festival.kit.fields import BilingualField
from festival.kit.incoming import TextField, one_line, plain_text
from festival.kit.words import say
from submissions.fields import COMMON
from submissions.models import Question, Wording
from submissions.question_actions import Words
from submissions.question_forms import LONGEST_LINE, LONGEST_TEXT

Kind = Question.Kind
MOST_OPTIONS = 60
ASKED = (("required", _("Required")), ("optional", _("Optional")), ("hidden", _("Not asked")))
KINDS_WITH_OPTIONS = (Kind.CHOICE, Kind.CHOICES)


class FieldsForm(forms.Form):
    """For each common field: required, optional or not asked."""

    def __init__(self, rules: FormRules, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for common in COMMON:
            self.fields[common.name] = forms.ChoiceField(
                label=common.label,
                choices=ASKED,
                initial=rules.asked(common.name),
                widget=forms.RadioSelect,
            )


class QuestionForm(forms.Form):
    """A question: its words in both languages, how it is answered, whom it is asked and when."""

    text = BilingualField(
        label=_("Question"),
        max_length=300,
        error_messages={"required": _("Write the question in at least one language.")},
    )
    help = BilingualField(
        label=_("Help beside it"), max_length=600, required=False, help_text=_("One or two sentences.")
    )
    kind = forms.ChoiceField(label=_("Answered by"), choices=Kind.choices)
    options = TextField(
        label=_("Choices"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("One a line, English and Chinese with a bar between them: Film school | 电影学院"),
    )
    least = forms.CharField(label=_("At least"), required=False, max_length=20)
    most = forms.CharField(
        label=_("At most"),
        required=False,
        max_length=20,
        help_text=_(
            "Of a text the characters, of a number the number itself, of a date the day (2026-03-31), "
            "of several choices how many. Empty: no limit."
        ),
    )
    required = forms.BooleanField(label=_("Must be answered"), required=False)
    for_judges = forms.BooleanField(
        label=_("Judges read the answer"),
        required=False,
        help_text=_(
            "Of a project, beside its documents. Entrants are told. In a blind round ask for nothing that names people."
        ),
    )
    tracks = forms.MultipleChoiceField(
        label=_("Asked in"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: in every track."),
    )
    asked = forms.ChoiceField(label=_("When"), choices=Question.Asked.choices, widget=forms.RadioSelect)
    due = forms.DateField(
        label=_("Last day to answer"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Only for what is asked after admission. Empty: no last day."),
    )

    def __init__(
        self, edition: Edition, *args: Any, question: Question | None = None, **options: Any
    ) -> None:
        self.edition, self.question = edition, question
        self.wording = question.wording if question else None
        options.setdefault("initial", _initial(question, self.wording, edition.time_zone))
        super().__init__(*args, **options)
        self.fields["tracks"].choices = [(str(track.pk), say(track.name)) for track in edition.tracks.all()]
        if not takes_projects(edition):
            del self.fields["for_judges"]
        else:
            entered = dict(Question.Asked.choices) | {Question.Asked.ADMITTED: _("After admission")}
            self.fields["asked"].choices = list(entered.items())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        kind = data.get("kind")
        options = _options(data.get("options", ""), self.wording.options if self.wording else [])
        if kind in KINDS_WITH_OPTIONS and len(options) < 2:
            self.add_error("options", _("Write at least two choices, one a line."))
        if len(options) > MOST_OPTIONS:
            self.add_error("options", _("There can be %(most)d choices at most.") % {"most": MOST_OPTIONS})
        data["read_options"] = options if kind in KINDS_WITH_OPTIONS else []
        data["limits"] = {key: self._limit(key, kind, data.get(key, "")) for key in ("least", "most")}
        least, most = data["limits"]["least"], data["limits"]["most"]
        if least is not None and most is not None and least > most:
            self.add_error("most", _("This is less than “at least”."))
        if kind == Kind.FILE and data.get("asked") == Question.Asked.ADMITTED:
            self.add_error("asked", _("Files are asked for in the entry form."))
        if kind == Kind.FILE and data.get("for_judges"):
            self.add_error(
                "for_judges", _("Judges read answers, no files. Ask for a document among the files.")
            )
        if data.get("due") and data.get("asked") != Question.Asked.ADMITTED:
            self.add_error(
                "due", _("In the entry form the deadline of the call holds. Leave this empty, or ask later.")
            )
        return data

    def _limit(self, key: str, kind: str | None, written: str) -> Any:
        text = written.strip()
        if not text or kind in (Kind.YES_NO, Kind.CHOICE, Kind.URL, Kind.FILE):
            return None
        if kind == Kind.DATE:
            day = _day(text)
            if day is None:
                self.add_error(key, _("Write a date as year, month and day, such as 2026-03-31."))
            return day and day.isoformat()
        try:
            number = Decimal(text)
            if not number.is_finite() or abs(number) >= 10**11:
                raise InvalidOperation
        except InvalidOperation:
            self.add_error(key, _("Write a number, in figures."))
            return None
        if kind == Kind.NUMBER:
            return int(number) if number == number.to_integral_value() else float(number)
        highest = {Kind.LINE: LONGEST_LINE, Kind.TEXT: LONGEST_TEXT}.get(Kind(kind or "line"), MOST_OPTIONS)
        if number != number.to_integral_value() or not 1 <= number <= highest:
            self.add_error(key, _("Write a whole number from 1 to %(most)d.") % {"most": highest})
            return None
        return int(number)

    @property
    def words(self) -> Words:
        data = self.cleaned_data
        return Words(data["text"], data["help"], data["read_options"], data["limits"])

    @property
    def settings(self) -> dict[str, Any]:
        """For `add_question` and `change_question`: asked, required, for judges, due_at, tracks."""
        data, due = self.cleaned_data, self.cleaned_data.get("due")
        midnight = datetime.combine(due + timedelta(days=1), time()) if due else None
        return {
            "kind": data["kind"],
            "asked": data["asked"],
            "required": data["required"],
            "for_judges": data.get("for_judges", False),
            "due_at": midnight and midnight.replace(tzinfo=ZoneInfo(self.edition.time_zone)),
            "tracks": [track for track in self.edition.tracks.all() if str(track.pk) in data["tracks"]],
        }


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:  # the 31st of February
        return None


def _initial(question: Question | None, wording: Wording | None, zone: str) -> dict[str, Any]:
    if question is None or wording is None:
        return {"kind": Kind.LINE, "asked": Question.Asked.ENTRY}
    last = in_zone(question.due_at - timedelta(seconds=1), zone).date() if question.due_at else None
    return {
        "text": wording.text,
        "help": wording.help,
        "kind": question.kind,
        "options": "\n".join(_option_line(option) for option in wording.options),
        "least": wording.limits.get("least", ""),
        "most": wording.limits.get("most", ""),
        "required": question.required,
        "for_judges": question.for_judges,
        "tracks": [str(track.pk) for track in question.tracks.all()],
        "asked": question.asked,
        "due": last,
    }


def _option_line(option: dict[str, str]) -> str:
    return (
        " | ".join(filter(None, [option["en"], option["zh"]]))
        if option["en"] != option["zh"]
        else option["en"]
    )


def _options(text: str, before: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """Choices out of lines. A label that was there keeps its key, and so does one that takes another's place.

    So a spelling can be mended without taking away what was chosen: where as many labels are new as are gone, the
    new ones stand for the gone ones in their order.
    """
    pairs: list[tuple[str, str]] = []
    for line in plain_text(text).splitlines():
        first, bar, second = line.partition("|")
        pair = one_line(first), one_line(second) if bar else one_line(first)
        pair = (pair[0] or pair[1], pair[1] or pair[0])
        if pair[0] and pair not in pairs:
            pairs.append((pair[0][:200], pair[1][:200]))
    known = {(option["en"], option["zh"]): option["key"] for option in before}
    gone = [key for pair, key in known.items() if pair not in pairs]
    new = [pair for pair in pairs if pair not in known]
    if len(new) == len(gone):
        known |= dict(zip(new, gone, strict=True))
    free = max((int(found[1]) for key in known.values() if (found := re.match(r"o(\d+)$", key))), default=0)
    for pair in pairs:
        if pair not in known:
            free += 1
            known[pair] = f"o{free}"
    return [{"key": known[pair], "en": pair[0], "zh": pair[1]} for pair in pairs]
