"""The desk's form for a guest film."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from festival.kit.fields import BilingualField
from festival.kit.incoming import LineField
from festival.kit.names import CountriesField, LanguagesField


class GuestFilmForm(forms.Form):
    """What the catalogue shows of a film that was never an entry."""

    title = LineField(label=_("Title"), max_length=200, help_text=_("As it stands on the screen."))
    title_en = LineField(label=_("English title"), max_length=200, required=False)
    director = LineField(label=_("Direction"), max_length=200, required=False)
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
        director, seconds = data.pop("director"), data.pop("length")
        return {
            **data,
            "seconds": seconds,
            "credits": [{"role": "director", "name": director}] if director else [],
        }
