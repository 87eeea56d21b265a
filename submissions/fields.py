"""The common fields of an entry: what they are called, how they are asked for and how they are read.

Which of them an edition asks for is said by its form (`festival.edition.form_rules`); title and track are always asked.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from festival.edition.form_rules import FIELDS, FormRules
from festival.kit.fields import BilingualField
from festival.kit.incoming import LineField, TextField
from festival.kit.names import CountriesField, LanguagesField, country_names, country_text, language_text
from festival.kit.words import clock_time, say, short_language
from submissions.models import Entry

FIRST_FILM_YEAR = 1888  # Roundhay Garden Scene
LONGEST_FILM = 24 * 3600  # seconds


class RunningTimeField(forms.CharField):
    """Minutes and seconds, or hours before them; gives seconds."""

    widget = forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off"})

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=12, **options)

    def prepare_value(self, value: Any) -> Any:
        return clock_time(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value).strip()
        if not text:
            return None
        found = re.fullmatch(r"(?:(\d{1,2})[:：])?(\d{1,3})[:：](\d{1,2})", text)
        hours, minutes, seconds = (int(part or 0) for part in found.groups()) if found else (0, 0, 60)
        total = hours * 3600 + minutes * 60 + seconds
        if seconds > 59 or not 0 < total <= LONGEST_FILM:
            raise forms.ValidationError(
                _("Write the running time as minutes and seconds, such as 14:30."), code="running_time"
            )
        return total


@dataclass(frozen=True, slots=True)
class Common:
    """One common field. `missing` is what is said where the edition requires it and it is empty."""

    name: str
    label: str | Promise
    missing: str | Promise
    field: Callable[[datetime], forms.Field]
    said: Callable[[Entry], str]
    group: str = "facts"  # film, facts or shown: where the form asks it

    def is_empty(self, entry: Entry) -> bool:
        value = getattr(entry, self.name)
        return not any(value.values()) if isinstance(value, dict) else not str(value or "").strip()


def _year(at: datetime) -> forms.Field:
    latest = at.year + 1
    wrong = _("Write the year in four figures, such as 2026.")
    return forms.IntegerField(
        label=_("Year of completion"),
        min_value=FIRST_FILM_YEAR,
        max_value=latest,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "invalid": wrong,
            "min_value": wrong,
            "max_value": _("The year lies too far ahead."),
        },
    )


def _choice(label: str | Promise, choices: Any, help_text: str | Promise = "") -> forms.Field:
    return forms.ChoiceField(
        label=label, required=False, choices=[("", "–"), *choices], help_text=help_text or ""
    )


def _year_said(entry: Entry) -> str:
    return str(entry.year or "")


COMMON = (
    Common(
        "title_en",
        _("English title"),
        _("Give the film an English title."),
        lambda at: LineField(
            label=_("English title"),
            max_length=200,
            required=False,
            help_text=_(
                "For the international programme. Where the title is English, write it here as well."
            ),
        ),
        lambda entry: entry.title_en,
        "film",
    ),
    Common(
        "synopsis",
        _("Synopsis"),
        _("Write a synopsis in at least one language."),
        lambda at: BilingualField(
            label=_("Synopsis"),
            long=True,
            required=False,
            help_text=_(
                "Two or three sentences, as they may stand in the programme. One language is enough."
            ),
        ),
        lambda entry: say(entry.synopsis),
        "film",
    ),
    Common(
        "director",
        _("Direction"),
        _("Say who directed the film."),
        lambda at: LineField(
            label=_("Direction"),
            max_length=200,
            required=False,
            help_text=_("Several people: separate the names with commas."),
        ),
        lambda entry: entry.director,
    ),
    Common(
        "country",
        _("Country or region"),
        _("Say which country or region the film comes from."),
        lambda at: CountriesField(
            label=_("Country or region"),
            required=False,
            help_text=_("Of production. Several: separate them with commas."),
        ),
        lambda entry: country_text(entry.country),
    ),
    Common(
        "language",
        _("Spoken language"),
        _("Say which language is spoken in the film, or that there is no dialogue."),
        lambda at: LanguagesField(
            silent=True,
            label=_("Spoken language"),
            required=False,
            help_text=_("Several: separate them with commas. “No dialogue” for a film without words."),
        ),
        lambda entry: language_text(entry.language),
    ),
    Common(
        "subtitle_languages",
        _("Subtitles"),
        _("Say in which languages the film has subtitles, or “none”."),
        lambda at: LanguagesField(
            label=_("Subtitles"),
            required=False,
            help_text=_("The languages that can be read in the picture or as a track, separated by commas."),
        ),
        lambda entry: language_text(entry.subtitle_languages),
    ),
    Common("year", _("Year of completion"), _("Say in which year the film was finished."), _year, _year_said),
    Common(
        "running_time",
        _("Running time"),
        _("Say how long the film is."),
        lambda at: RunningTimeField(
            label=_("Running time"),
            required=False,
            help_text=_(
                "Minutes and seconds with credits, such as 4:30. The inspection measures it as well."
            ),
        ),
        lambda entry: clock_time(entry.running_time) if entry.running_time else "",
    ),
    Common(
        "genre",
        _("Form"),
        _("Say what form of film it is."),
        lambda at: _choice(_("Form"), Entry.Genre.choices),
        lambda entry: str(entry.get_genre_display()) if entry.genre else "",
    ),
    Common(
        "premiere",
        _("Premiere status"),
        _("Say where the film has been shown so far."),
        lambda at: _choice(
            _("Premiere status"), Entry.Premiere.choices, _("Where it would stand if we showed it now.")
        ),
        lambda entry: str(entry.get_premiere_display()) if entry.premiere else "",
        "shown",
    ),
    Common(
        "showings",
        _("Shown and awarded before"),
        _("List where the film was shown before, or write “none”."),
        lambda at: TextField(
            label=_("Shown and awarded before"),
            max_length=3000,
            required=False,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text=_("One line each: festival or platform, place, year, award."),
        ),
        lambda entry: entry.showings,
        "shown",
    ),
    Common(
        "residence",
        _("Country or region of residence"),
        _("Say in which country or region you live."),
        lambda at: _choice(
            _("Country or region of residence"),
            sorted(country_names(short_language()).items(), key=lambda pair: pair[1]),
            _("Where you live, not where the film was made. The jury does not read it."),
        ),
        lambda entry: country_text(entry.residence),
    ),
)
# What is said of a field otherwise where there is no film yet.
PROJECT_HELP = {"language": _("Several: separate them with commas. “No dialogue” if nothing will be said.")}
BY_NAME = {common.name: common for common in COMMON}
assert tuple(BY_NAME) == FIELDS


def asked_fields(rules: FormRules) -> list[Common]:
    """The common fields that the edition asks for."""
    return [common for common in COMMON if rules.asked(common.name) != "hidden"]


def facts_of(entry: Entry, rules: FormRules) -> list[tuple[str, str]]:
    """Label and value of every short fact that was said, for the pages that show an entry.

    What the edition requires and is empty is a dash; a field it no longer asks for is shown while it has a value.
    """
    return [
        (str(common.label), common.said(entry) or "–")
        for common in COMMON
        if common.group != "film" and (rules.asked(common.name) == "required" or not common.is_empty(entry))
    ]
