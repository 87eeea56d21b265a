"""Forms of objections: what somebody objects to and who she is; notes, questions, answers; the decision; the rules."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from festival.awards.models import Objection, PublicNotice
from festival.awards.objection_actions import PUBLIC_MAX
from festival.awards.objection_receiving import CONTACT_MAX, NAME_MAX, TEXT_MAX
from festival.edition.models import Edition
from festival.edition.objection_rules import DAYS, MOST_DATES, ObjectionRules, read_objections
from festival.kit.fields import BilingualField
from festival.kit.incoming import LineField, TextField
from festival.kit.words import say
from festival.people.models import User


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once; their kinds and sizes are judged by the action."""

    widget = FilesInput

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("Evidence"))
        options.setdefault(
            "help_text", _("Up to 5 files of at most 20 MB each: PDF, PNG, JPEG, MP4 or plain text.")
        )
        super().__init__(required=False, **options)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [one for one in data if one] if isinstance(data, list | tuple) else []


class ObjectionForm(forms.Form):
    """Which film, on what ground, in words; who objects. An account sends evidence with it, others once confirmed.

    `topic` is no question: people do not see it, and what fills it in is a program.
    """

    film = forms.ChoiceField(
        label=_("What you object to"),
        required=False,
        error_messages={"invalid_choice": _("This film is not on the list. Choose one that is.")},
    )
    ground = forms.ChoiceField(
        label=_("Ground"),
        choices=Objection.Ground,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what the objection is about."),
            "invalid_choice": _("Choose what the objection is about."),
        },
    )
    text = TextField(
        label=_("In your words"),
        max_length=TEXT_MAX,
        help_text=_(
            "What is wrong, and how you know: works, dates, addresses. The organisers alone read it."
        ),
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": _("Say what you object to, and how you know.")},
    )
    files = FilesField()
    name = LineField(
        label=_("Your name"),
        max_length=NAME_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Give your name: objections without one are not taken up.")},
    )
    email = forms.EmailField(
        label=_("Your mail address"),
        max_length=254,
        help_text=_(
            "We send you a link. Your objection counts once you confirm it there, and it leads to the answer."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Give a mail address: your objection counts once you confirm it there."),
            "invalid": _("This is no mail address. It looks like name@example.org."),
        },
    )
    contact = LineField(
        label=_("Another way to reach you"),
        required=False,
        max_length=CONTACT_MAX,
        help_text=_("A phone number, for example."),
    )
    topic = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(
        self, *args: Any, notice: PublicNotice, user: User | None, rules: ObjectionRules, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["film"].choices = [("", _("The list as a whole")), *_films(notice.rows)]
        self.fields["film"].wanted = True  # the empty choice says something: the list as a whole
        name = self.fields["name"]
        name.required = not rules.anonymous
        name.help_text = (
            _("Only the organisers read it. Without a name we can ask you less, and weigh less.")
            if rules.anonymous
            else _(
                "Your real name. Only the organisers read it: it is published nowhere, and the makers do not learn it."
            )
        )
        if user:
            name.initial = user.name
            del self.fields["email"], self.fields["topic"]
        else:
            del self.fields["files"]

    @property
    def is_from_a_program(self) -> bool:
        return bool(self.cleaned_data.get("topic"))


def _films(rows: Iterable[dict[str, Any]]) -> list[tuple[str, str]]:
    found: dict[str, str] = {}
    for row in rows:
        found.setdefault(row["film"], f"{say(row['award'])} · {row['title']}")
    return list(found.items())


class AnswerForm(forms.Form):
    """The objector answers a question, or adds something."""

    text = TextField(
        label=_("Your answer"),
        max_length=TEXT_MAX,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Write your answer first.")},
    )
    files = FilesField()


class NoteForm(forms.Form):
    """Stands beside other forms on its page: ids of its own."""

    text = TextField(
        label=_("Note for colleagues"),
        max_length=TEXT_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write the note first.")},
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, auto_id="note_%s", **options)


class QuestionForm(forms.Form):
    """Stands beside other forms on its page: ids of its own."""

    text = TextField(
        label=_("Question to the objector"),
        max_length=TEXT_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write the question first.")},
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, auto_id="question_%s", **options)


class DecisionForm(forms.Form):
    """Upheld or dismissed, and why: for the objector, and for everybody. To the whole list: what follows."""

    upheld = forms.ChoiceField(
        label=_("Decision"),
        choices=[("yes", _("Upheld: the award is to be withdrawn")), ("no", _("Not upheld"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether the objection is upheld.")},
    )
    follows = forms.ChoiceField(
        label=_("What follows if it is upheld"),
        required=False,
        choices=Objection.Follows.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "If the list goes back, the notice is taken down with the public sentence below, whoever was told of an "
            "award is told so at once, and the list is confirmed and put on notice anew, with new dates."
        ),
    )
    decision = TextField(
        label=_("Reasons"),
        max_length=TEXT_MAX,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Give the reasons: the person who objected reads them.")},
    )
    public = BilingualField(
        label=_("For the public"),
        long=True,
        max_length=PUBLIC_MAX,
        help_text=_(
            "In both languages: what was examined and found, in a sentence or two. It stands on the notice and with "
            "the laureates. Never the objector’s name or words."
        ),
        error_messages={"required": _("Write in both languages what everybody may read of the decision.")},
    )

    def __init__(self, *args: Any, objection: Objection, **options: Any) -> None:
        super().__init__(*args, **options)
        reads = _now("Chinese") if objection.language.startswith("zh") else _now("English")
        self.fields["decision"].help_text = _now(
            "The person who objected reads them as they stand here. She reads: %(language)s."
        ) % {"language": reads}
        if objection.film:
            del self.fields["follows"]
        else:
            self.fields["follows"].wanted = True
            self.fields["upheld"].choices = [("yes", _("Upheld")), ("no", _("Not upheld"))]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "follows" in self.fields and data.get("upheld") == "yes" and not data.get("follows"):
            self.add_error("follows", _now("Say what follows for the list."))
        public = data.get("public")
        if public and not {"en", "zh"} <= set(public):
            self.add_error("public", _now("Write in both languages what everybody may read of the decision."))
        return data


class DatesField(TextField):
    """Days, one a line, as 2027-10-01; gives them in order."""

    widget = forms.Textarea(attrs={"rows": 6, "spellcheck": "false"})

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) else "\n".join(day.isoformat() for day in value or ())

    def to_python(self, value: Any) -> tuple[date, ...]:
        found = set()
        for word in re.split(r"[\s,，、;；]+", super().to_python(value).strip()):
            if not word:
                continue
            try:
                day = parse_date(word)
            except ValueError:
                day = None
            if day is None:
                raise forms.ValidationError(
                    _("“%(word)s” is no day. Write days like 2027-10-01, one a line."),
                    params={"word": word[:40]},
                )
            found.add(day)
        if len(found) > MOST_DATES:
            raise forms.ValidationError(
                _("At most %(count)d days: leave out those that have passed."), params={"count": MOST_DATES}
            )
        return tuple(sorted(found))

    def validate(self, value: Any) -> None:
        """Any number of days, or none."""


class ObjectionRulesForm(forms.Form):
    """In how many working days objections are decided, which days are worked on, whether a name is needed."""

    days = forms.IntegerField(
        label=_("Working days to decide in"),
        min_value=DAYS[0],
        max_value=DAYS[1],
        help_text=_("The day on which an objection arrives does not count."),
    )
    holidays = DatesField(
        label=_("Holidays"),
        required=False,
        max_length=20_000,
        help_text=_("Days from Monday to Friday that are not worked on, like 2027-10-01, one a line."),
    )
    workdays = DatesField(
        label=_("Weekend days that are worked on"),
        required=False,
        max_length=20_000,
        help_text=_("Days moved to a weekend around a holiday, like 2027-10-09, one a line."),
    )
    anonymous = forms.BooleanField(label=_("Objections without a name are taken up too"), required=False)

    def __init__(self, *args: Any, edition: Edition, **options: Any) -> None:
        rules = read_objections(edition.objections)
        initial = {name: getattr(rules, name) for name in ("days", "holidays", "workdays", "anonymous")}
        super().__init__(*args, initial=initial, **options)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if both := sorted(set(data.get("holidays", ())) & set(data.get("workdays", ()))):
            self.add_error(
                "workdays",
                _now("%(day)s is a holiday and a working day at once. Leave it in one of the two.")
                % {"day": both[0].isoformat()},
            )
        return data

    @property
    def rules(self) -> ObjectionRules:
        return ObjectionRules(**self.cleaned_data)
