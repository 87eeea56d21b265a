"""The desk's form for a guest film."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from festival.catalogue.models import FileFormat, Film
from festival.kit.fields import BilingualField
from festival.kit.incoming import LineField
from festival.kit.names import CountriesField, LanguagesField
from festival.kit.words import clock_time

MAKERS = ("director", "writer", "producer")
FACTS = ("min_age", "file_format", "width", "height", "frame_rate", "channels")
GROUPS = (
    (_("The film"), ("title", "title_en", "length", "country", "year", "language", "min_age", "synopsis")),
    (_("Who made it"), MAKERS),
    (_("The file that will be played"), ("file_format", "width", "height", "frame_rate", "channels")),
)


class GuestFilmForm(forms.Form):
    """What the catalogue shows of a film that was never an entry."""

    title = LineField(label=_("Title"), max_length=200, help_text=_("As it stands on the screen."))
    title_en = LineField(label=_("English title"), max_length=200, required=False)
    director = LineField(
        label=_("Direction"), max_length=400, required=False, help_text=_("Several names with commas.")
    )
    writer = LineField(label=_("Screenplay"), max_length=400, required=False)
    producer = LineField(label=_("Production"), max_length=400, required=False)
    length = forms.CharField(
        label=_("Running time"),
        max_length=8,
        help_text=_("Minutes and seconds, such as 14:30."),
        error_messages={"required": _("Enter the running time: the timetable is made of it.")},
    )
    synopsis = BilingualField(label=_("Synopsis"), required=False, long=True)
    country = CountriesField(label=_("Country"), required=False)
    language = LanguagesField(silent=True, label=_("Language"), required=False)
    year = forms.IntegerField(label=_("Year"), min_value=1888, max_value=2200, required=False)

    min_age = forms.IntegerField(
        label=_("From what age"),
        min_value=0,
        max_value=21,
        required=False,
        help_text=_("In years, as it is rated; 0 is for everybody."),
    )
    file_format = forms.ChoiceField(
        label=_("Format"), required=False, choices=[("", _("Not known")), *FileFormat.choices]
    )
    width = forms.IntegerField(label=_("Width, pixels"), min_value=16, max_value=20_000, required=False)
    height = forms.IntegerField(label=_("Height, pixels"), min_value=16, max_value=20_000, required=False)
    frame_rate = forms.DecimalField(
        label=_("Frames a second"),
        min_value=1,
        max_value=240,
        decimal_places=3,
        required=False,
        widget=forms.NumberInput(attrs={"step": "any"}),
    )
    channels = forms.TypedChoiceField(
        label=_("Sound"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[
            ("", _("Not known")), (0, _("Silent")), (1, _("Mono")), (2, _("Stereo")), (6, "5.1"), (8, "7.1"),
        ],
    )  # fmt: skip

    def __init__(self, *args: Any, film: Film | None = None, **options: Any) -> None:
        if film:
            options["initial"] = _initial(film)
        super().__init__(*args, **options)

    @property
    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The fields as the page shows them, under headings."""
        return [(title, [self[name] for name in names]) for title, names in GROUPS]

    def clean_length(self) -> int:
        """The running time in seconds, from m:ss or h:mm:ss."""
        found = re.fullmatch(r"(?:(\d{1,2})[:：])?(\d{1,3})[:：](\d{2})", self.cleaned_data["length"].strip())
        hours, minutes, seconds = (int(part or 0) for part in found.groups()) if found else (0, 0, 60)
        if seconds > 59 or hours * 3600 + minutes * 60 + seconds == 0:
            raise forms.ValidationError(_("Write the running time as minutes and seconds, such as 14:30."))
        return hours * 3600 + minutes * 60 + seconds

    @property
    def values(self) -> dict[str, Any]:
        """What `write_film` takes."""
        data = dict(self.cleaned_data)
        people = [{"role": role, "name": name} for role in MAKERS for name in _names(data.pop(role))]
        seconds = data.pop("length")
        return {**data, "seconds": seconds, "credits": people}


class ComposingForm(forms.Form):
    """What a programmer says of a film, for composing an evening."""

    min_age = forms.IntegerField(
        label=_("From what age"),
        min_value=0,
        max_value=21,
        required=False,
        help_text=_("In years, as it is rated; 0 is for everybody."),
    )
    mood = LineField(
        label=_("Mood"),
        max_length=60,
        required=False,
        help_text=_("A word of your own, the same for like films."),
    )
    tempo = forms.IntegerField(
        label=_("Tempo"), min_value=0, max_value=10, required=False, help_text=_("0 is slow, 10 is fast.")
    )
    strength = forms.IntegerField(
        label=_("Strength"),
        min_value=0,
        max_value=100,
        required=False,
        help_text=_("0 to 100: how well it opens or closes an evening."),
    )

    @property
    def values(self) -> dict[str, Any]:
        """What `say_for_composing` takes."""
        return dict(self.cleaned_data)


def _names(line: str) -> list[str]:
    return [name for part in re.split(r"[,，、;；]", line) if (name := part.strip())]


def _initial(film: Film) -> dict[str, Any]:
    names = ("title", "title_en", "country", "year", "language", "synopsis", *FACTS)
    made = {
        role: ", ".join(person["name"] for person in film.credits if person.get("role") == role)
        for role in MAKERS
    }
    rate = f"{film.frame_rate.normalize():f}" if film.frame_rate is not None else ""
    return (
        {name: getattr(film, name) for name in names}
        | made
        | {"length": clock_time(film.seconds), "frame_rate": rate}
    )
