"""Forms of the entrant. A draft may be incomplete: only what cannot be right is refused here.

What an entry needs before it can be submitted is said by `completeness.gaps`.
"""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from festival.edition.models import Edition
from festival.kit.fields import BilingualField
from festival.kit.incoming import LineField
from festival.kit.words import say, short_language
from submissions.inspection.subtitle_words import NAMES, language_label, refusal_text
from submissions.models import Entry
from submissions.statement_forms import lines_form
from submissions.statement_view import rulebook_of, uses_of

FIRST_FILM_YEAR = 1888  # Roundhay Garden Scene


class TrackField(forms.ModelChoiceField):
    """One of the edition's tracks, by its name in the reader's language."""

    def __init__(self, edition: Edition, **options: Any) -> None:
        super().__init__(edition.tracks.all(), label=_("Track"), **options)

    def label_from_instance(self, track: Any) -> str:
        return say(track.name)


class BeginForm(forms.Form):
    """The first step: a title and a track make a draft."""

    title = LineField(
        label=_("Title of the film"),
        max_length=200,
        help_text=_("In its own language, as it stands in the film. You can change it until you submit."),
        error_messages={"required": _("Give the film a title.")},
    )

    def __init__(self, edition: Edition, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["track"] = TrackField(
            edition, empty_label=None, error_messages={"required": _("Choose a track.")}
        )


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
    title_en = LineField(
        label=_("English title"),
        max_length=200,
        required=False,
        help_text=_("For the international programme. Leave it empty when the title is English."),
    )
    synopsis = BilingualField(
        label=_("Synopsis"),
        long=True,
        required=False,
        help_text=_("Two or three sentences, as they may stand in the programme. One language is enough."),
    )
    director = LineField(
        label=_("Direction"),
        max_length=200,
        required=False,
        help_text=_("Several people: separate the names with commas."),
    )
    country = LineField(label=_("Country or region"), max_length=60, required=False)
    language = LineField(
        label=_("Spoken language"),
        max_length=60,
        required=False,
        help_text=_("“None” for a film without words."),
    )
    year = forms.IntegerField(
        label=_("Year of completion"),
        min_value=FIRST_FILM_YEAR,
        required=False,
        error_messages={
            "invalid": _("Write the year in four figures, such as 2026."),
            "min_value": _("Write the year in four figures, such as 2026."),
            "max_value": _("The year lies too far ahead."),
        },
    )
    ai_statement = forms.CharField(
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
            self.data if self.is_bound else None, uses_of(entry), rulebook_of(entry.edition).tools
        )
        track = TrackField(entry.edition, empty_label=None, error_messages={"required": _("Choose a track.")})
        self.fields = {"track": track, **self.fields}
        for name in ("title", "synopsis", "director", "ai_statement"):
            self.fields[name].wanted = True  # may be empty in a draft, but is not called optional
        year = self.fields["year"]
        latest = at.year + 1
        year.max_value = latest
        year.validators.append(
            forms.fields.validators.MaxValueValidator(latest, message=year.error_messages["max_value"])
        )
        year.widget.attrs |= {"min": FIRST_FILM_YEAR, "max": latest, "inputmode": "numeric"}

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
    names = ("title", "title_en", "synopsis", "director", "country", "language", "year", "ai_statement")
    return {name: getattr(entry, name) for name in names} | {
        "track": entry.track_id,
        "seen": entry.updated_at.isoformat(),
    }
