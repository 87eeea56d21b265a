"""Forms of places and guests: venues, halls, hours, ways, and who is there when."""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from festival.catalogue import queries as catalogue
from festival.catalogue.models import FileFormat
from festival.edition.models import Edition
from festival.kit.fields import BilingualField
from festival.kit.moments import MomentField
from festival.kit.words import say, zone_city
from festival.premiere.forms import DayField, time_field
from festival.premiere.hall_actions import HALL_FIELDS
from festival.premiere.models import Hall, Travel, Venue

FRAME_RATES = ("23.976", "24", "25", "29.97", "30", "48", "50", "59.94", "60")
ASPECTS = ("1.33", "1.66", "1.78", "1.85", "2.00", "2.39")
HALL_GROUPS = (
    (_("The hall"), ("name", "seats", "turnaround_minutes", "online")),
    (_("What it can play"), ("formats", "frame_rates", "aspects", "sound")),
    (_("Access"), ("wheelchair_places", "hearing_loop", "access_note")),
)


class VenueForm(forms.Form):
    """A house with its address."""

    name = BilingualField(label=_("Venue"), max_length=120)
    address = BilingualField(label=_("Address"), required=False, max_length=200)


def _several(label: Any, values: Sequence[str], help_text: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        required=False,
        choices=[(value, value) for value in values],
        widget=forms.CheckboxSelectMultiple,
        help_text=help_text,
    )


class HallForm(forms.Form):
    """A hall with what it can play."""

    name = BilingualField(label=_("Hall"), max_length=120)
    seats = forms.IntegerField(
        label=_("Seats"),
        min_value=1,
        max_value=100_000,
        help_text=_("Online: how many may watch at once."),
    )
    turnaround_minutes = forms.IntegerField(
        label=_("Turnaround, minutes"),
        min_value=0,
        max_value=240,
        initial=20,
        help_text=_(
            "Between the end of a screening and the beginning of the next: people leave, the hall is cleaned."
        ),
    )
    online = forms.BooleanField(label=_("Online: nobody has to come"), required=False)
    formats = forms.MultipleChoiceField(
        label=_("Formats"),
        required=False,
        choices=[choice for choice in FileFormat.choices if choice[0] != FileFormat.OTHER],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing chosen means: not known; no film is held to be unplayable then."),
    )
    frame_rates = _several(_("Frame rates"), FRAME_RATES, _("Frames a second, as the projector takes them."))
    aspects = _several(
        _("Aspect ratios"),
        ASPECTS,
        _(
            "That it shows: width to height. A flat screen (1.85) shows 16:9 (1.78) with narrow black at the sides."
        ),
    )
    sound = forms.ChoiceField(
        label=_("Sound"), required=False, choices=[("", _("Not known")), *Hall.Sound.choices]
    )
    wheelchair_places = forms.IntegerField(
        label=_("Wheelchair places"), min_value=0, max_value=1000, initial=0
    )
    hearing_loop = forms.BooleanField(label=_("Hearing loop"), required=False)
    access_note = BilingualField(
        label=_("Note on access"), required=False, max_length=200, help_text=_("The way in, lifts, toilets.")
    )

    def __init__(self, *args: Any, hall: Hall | None = None, **options: Any) -> None:
        if hall:
            options["initial"] = {name: getattr(hall, name) for name in HALL_FIELDS}
        super().__init__(*args, **options)
        for name in ("frame_rates", "aspects"):  # a blueprint may name others
            known = [value for value, _label in self.fields[name].choices]
            more = [value for value in getattr(hall, name, ()) if value not in known]
            values = sorted((*known, *more), key=float)
            self.fields[name].choices = [(value, value) for value in values]

    @property
    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The fields as the page shows them, under headings."""
        return [(title, [self[name] for name in names]) for title, names in HALL_GROUPS]


class HoursForm(forms.Form):
    """Opening hours of one day or of several."""

    first_day = DayField(label=_("From day"))
    last_day = DayField(label=_("Until day"), required=False, help_text=_("Left empty: for this one day."))
    opens = time_field(_("Opens at"))
    closes = time_field(_("Closes at"))

    def __init__(self, *args: Any, edition: Edition, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["closes"].help_text = _(
            "On the clocks of %(zone)s. A time before the opening is one of the next morning."
        ) % {"zone": zone_city(edition.time_zone)}

    @property
    def values(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        data["last_day"] = data["last_day"] or data["first_day"]
        return data


class TravelForm(forms.Form):
    """Minutes between each two venues."""

    def __init__(self, *args: Any, venues: Sequence[Venue], ways: Sequence[Travel], **options: Any) -> None:
        super().__init__(*args, **options)
        known = {(way.first_id, way.second_id): way.minutes for way in ways}
        self.pairs = {}
        for one, other in combinations(sorted(venues, key=lambda venue: venue.pk), 2):
            name = f"way-{one.pk}-{other.pk}"
            self.pairs[name] = (one.pk, other.pk)
            self.fields[name] = forms.IntegerField(
                label=f"{say(one.name)} – {say(other.name)}",
                required=False,
                min_value=0,
                max_value=1440,
                initial=known.get((one.pk, other.pk)),
            )

    @property
    def minutes(self) -> dict[tuple[int, int], int | None]:
        """What the action takes."""
        return {pair: self.cleaned_data[name] for name, pair in self.pairs.items()}


class GuestForm(forms.Form):
    """A guest's name: nothing else is asked."""

    name = BilingualField(
        label=_("Name"), max_length=120, help_text=_("Seen by the team only. Enter nothing but the name.")
    )


class GuestFilmForm(forms.Form):
    """A film with which the guest comes."""

    film = forms.ModelChoiceField(None, label=_("Film"), empty_label=_("Choose a film"))
    needed = forms.BooleanField(label=_("Its Q&A needs this guest"), required=False)

    def __init__(self, *args: Any, edition: Edition, **options: Any) -> None:
        super().__init__(*args, **options)
        film = self.fields["film"]
        film.queryset = catalogue.to_choose(edition)
        film.label_from_instance = lambda row: row.picker_label


class GuestTimeForm(forms.Form):
    """From when to when a guest is there."""

    def __init__(self, *args: Any, edition: Edition, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["starts_at"] = MomentField(zone=edition.time_zone, label=_("There from"))
        self.fields["ends_at"] = MomentField(zone=edition.time_zone, label=_("There until"))
