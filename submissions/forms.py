"""Forms of the entrant. A draft may be incomplete: only what cannot be right is refused here.

What an entry needs before it can be submitted is said by `completeness.gaps`.
"""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from festival.edition.calendar import calendar_of
from festival.edition.models import Edition
from festival.edition.track_words import only_projects
from festival.kit.fields import reword
from festival.kit.incoming import LineField, TextField
from festival.kit.words import say, short_language
from submissions.codes import codes_of
from submissions.completeness import form_of
from submissions.enter_view import choosable
from submissions.fields import BY_NAME, PROJECT_HELP, asked_fields
from submissions.inspection.subtitle_words import NAMES, language_label, refusal_text
from submissions.models import Entry, Question
from submissions.question_forms import as_given, as_stored, asked_field
from submissions.statement_forms import lines_form
from submissions.statement_view import rulebook_of, uses_of


class TrackField(forms.ModelChoiceField):
    """One of the edition's tracks, those with the ids `among`, by its name in the reader's language."""

    def __init__(self, edition: Edition, among: Collection[int], **options: Any) -> None:
        super().__init__(edition.tracks.filter(pk__in=among), label=_("Track"), **options)

    def label_from_instance(self, track: Any) -> str:
        return say(track.name)


class CodeField(LineField):
    """A code that an organiser handed out."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            label=pgettext_lazy("invitation", "Code"),
            max_length=40,
            help_text=_("Twelve letters and digits, as the organiser sent them to you."),
            error_messages={"required": _("Type the code that the organiser sent you.")},
            **options,
        )
        self.widget.attrs |= {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}


class CodeForm(forms.Form):
    """A code for a draft that was begun without it."""

    code = CodeField()


class BeginForm(forms.Form):
    """The first step: a title and a track make a draft."""

    title = LineField(
        label=_("Title of the film"),
        max_length=200,
        help_text=_("In its own language, as it stands in the film. You can change it until you submit."),
        error_messages={"required": _("Give the film a title.")},
    )

    def __init__(
        self, edition: Edition, *args: Any, among: Collection[int], code: str, **options: Any
    ) -> None:
        """`among`: the ids of the tracks that are offered. `code`: "" not asked, "optional" or "required"."""
        super().__init__(*args, **options)
        projects = only_projects(edition)
        if projects:
            reword(self, title=(_("Title of the project"), _("You can change it until you submit.")))
            self.fields["title"].error_messages["required"] = _("Give the project a title.")
        self.fields["track"] = TrackField(
            edition,
            among,
            empty_label=None,
            error_messages={
                "required": _("Choose a track."),
                "invalid_choice": _("This track takes no projects now. Choose another one.")
                if projects
                else _("This track takes no films now. Choose another one."),
            },
        )
        if code:
            self.fields["code"] = CodeField(required=code == "required")


class EntryForm(forms.Form):
    """Everything that is asked about the film. `seen` is the draft's time stamp when the page was made.

    `lines` are the lines of the AI statement; data without them leaves them as they are.
    """

    title = LineField(
        label=_("Title of the film"),
        max_length=200,
        required=False,
        help_text=_("In its own language, as it stands in the film."),
    )
    ai_statement = TextField(
        label=_("How it was made, in words"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "What the lines above do not say: how the film came about, and what a person did. The jury and the "
            "public may read lines and words."
        ),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, entry: Entry, *args: Any, at: datetime, **options: Any) -> None:
        options.setdefault("initial", initial_of(entry))
        super().__init__(*args, **options)
        self.lines = lines_form(
            self.data if self.is_bound else None,
            uses_of(entry),
            rulebook_of(entry.edition).tools,
            project=entry.is_project,
        )
        self.is_project = entry.is_project
        rules = form_of(entry.edition)
        calendar = calendar_of(entry.edition_id, at)
        track = TrackField(
            entry.edition,
            choosable(entry, calendar, codes_of(entry)),
            empty_label=None,
            error_messages={
                "required": _("Choose a track."),
                "invalid_choice": _("This track takes no projects now. Choose another one.")
                if self.is_project
                else _("This track takes no films now. Choose another one."),
            },
        )
        asked = {common.name: common.field(at) for common in asked_fields(rules)}
        if self.is_project:
            told = _(
                "What the lines above do not say: how the project came about, and what people do themselves. The jury "
                "and the public may read lines and words."
            )
            reword(
                self,
                title=(_("Title of the project"), ""),
                ai_statement=(_("How it is made, in words"), told),
            )
            for name, said in PROJECT_HELP.items():
                if name in asked:
                    asked[name].help_text = said
        own = dict(self.fields)
        self.questions = {f"q{row.pk}": row for row in _questions_of(entry)}
        more = {
            name: _question_field(row, of_project=entry.is_project) for name, row in self.questions.items()
        }
        self.fields = {"track": track, "title": own.pop("title"), **asked, **more, **own}
        for name, field in self.fields.items():  # may be empty in a draft, but is not called optional
            question = self.questions.get(name)
            always = name in ("title", "ai_statement")
            field.wanted = question.required if question else always or rules.asked(name) == "required"

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The common fields as the page shows them: a heading, and what stands under it."""
        first = _("The project") if self.is_project else _("The film")
        headings = {"film": first, "facts": _("Who, where, when"), "shown": _("Before this contest")}
        fields: dict[str, list[forms.BoundField]] = {"film": [self["track"], self["title"]]}
        for name in self.fields:
            if name in BY_NAME:
                fields.setdefault(BY_NAME[name].group, []).append(self[name])
        if self.questions:
            fields["questions"] = [self[name] for name in self.questions]
            headings["questions"] = (
                _("More about this project") if self.is_project else _("More about this film")
            )
        return [(str(heading), fields[key]) for key, heading in headings.items() if key in fields]

    def clean(self) -> dict[str, Any]:
        """With `uses`, the statement's lines; None where the data has none. Their faults are the whole form's."""
        given = super().clean() or self.cleaned_data
        given["uses"] = None
        if self.lines.is_bound:
            if self.lines.is_valid():
                given["uses"] = self.lines.uses
            else:
                for sentence in self.lines.sentences():
                    self.add_error(None, sentence)
        given["answers"] = {
            question.pk: as_stored(question, given.pop(name))
            for name, question in self.questions.items()
            if name in given
        }
        return given

    def clean_seen(self) -> datetime | None:
        """When the draft that the page showed was saved; None where a page does not say (then nothing is compared)."""
        try:
            seen = parse_datetime(self.cleaned_data["seen"])
            return seen.astimezone(UTC) if seen and seen.tzinfo else None
        except (ValueError, OverflowError):
            return None


class SubtitleForm(forms.Form):
    """A subtitle file and its language."""

    language = forms.ChoiceField(
        label=_("Language of the subtitles"),
        help_text=_("A new file in the same language takes the place of the old one."),
    )
    file = forms.FileField(
        label=_("Subtitle file"),
        help_text=_("SRT, WebVTT or ASS, up to 1 MB. Best in UTF-8."),
        widget=forms.ClearableFileInput(attrs={"accept": ".srt,.vtt,.ass,.ssa,text/vtt"}),
        error_messages={
            "required": _("Choose the subtitle file."),
            "invalid": _("Choose the subtitle file."),
        },
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, auto_id="subtitles-%s", **options)
        language = short_language()
        names = [(tag, language_label(tag, language)) for tag in NAMES]
        self.fields["language"].choices = [("", _("Choose a language")), *names]
        self.fields["language"].error_messages["required"] = _("Choose the language of the subtitles.")
        self.fields["file"].error_messages["empty"] = refusal_text("empty", language)


def initial_of(entry: Entry) -> dict[str, Any]:
    """The form's fields as the draft has them."""
    names = ("title", *BY_NAME, "ai_statement")
    return {name: getattr(entry, name) for name in names} | {
        "track": entry.track_id,
        "seen": entry.updated_at.isoformat(),
        **{f"q{one.question_id}": as_given(one.question, one.value) for one in entry.answers.all()},
    }


def _questions_of(entry: Entry) -> list[Question]:
    """What any track of the edition asks in the entry form; which of them this one asks is shown beside them."""
    return [
        row
        for row in entry.edition.questions.all()
        if row.asked == Question.Asked.ENTRY and row.retired_at is None and row.kind != Question.Kind.FILE
    ]


def _question_field(question: Question, *, of_project: bool) -> forms.Field:
    field = asked_field(question, of_project=of_project)
    only = list(question.tracks.all())
    if only:
        field.only_tracks = " ".join(str(track.pk) for track in only)  # the page hides it for other tracks
        names = ("、" if short_language() == "zh" else ", ").join(say(track.name) for track in only)
        note = str(_("Asked in: %(tracks)s.") % {"tracks": names})
        field.help_text = " ".join(filter(None, [str(field.help_text), note]))
    return field
