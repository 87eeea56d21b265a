"""Forms of the timetable's desk."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from festival.catalogue import queries as catalogue
from festival.edition.models import Edition
from festival.kit.clock import in_zone
from festival.kit.fields import BilingualField
from festival.kit.words import say, zone_city
from festival.premiere import queries
from festival.premiere.models import Hall, Item, Screening

YEARS = {"first": 1900, "last": 2200}


class ScreeningForm(forms.Form):
    """Hall, start on the wall clock of the edition's zone, title and note in both languages."""

    title = BilingualField(label=_("Title"), max_length=120)
    hall = forms.ModelChoiceField(Hall.objects.none(), label=_("Hall"), empty_label=None)
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    time = forms.TimeField(
        label=_("Begins at"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    note = BilingualField(
        label=_("Note in the programme"),
        required=False,
        long=True,
        help_text=_("Shown in the programme: hosts, guests, languages, how to get a seat."),
    )

    def __init__(
        self, *args: Any, edition: Edition, screening: Screening | None = None, **options: Any
    ) -> None:
        if screening:
            local = in_zone(screening.starts_at, edition.time_zone)
            options.setdefault(
                "initial",
                {
                    "title": screening.title,
                    "hall": screening.hall_id,
                    "day": local.date(),
                    "time": local.time(),
                    "note": screening.note,
                },
            )
        super().__init__(*args, **options)
        self.zone = edition.time_zone
        hall = self.fields["hall"]
        hall.queryset = queries.halls_of(edition)
        hall.label_from_instance = lambda row: f"{say(row.venue.name)} · {say(row.name)}"
        self.fields["time"].help_text = _("On the clocks of %(zone)s.") % {
            "zone": zone_city(edition.time_zone)
        }

    def clean_day(self) -> date:
        """A day of a calendar that people use: far outside it, time zones have no times."""
        day: date = self.cleaned_data["day"]
        if not YEARS["first"] <= day.year <= YEARS["last"]:
            raise forms.ValidationError(_("Choose a day between the years %(first)d and %(last)d.") % YEARS)
        return day

    def clean(self) -> dict[str, Any]:
        """Adds `starts_at`. A time that the clocks skip is refused; of one that comes twice, the first is meant."""
        data = super().clean()
        if data.get("day") and data.get("time") is not None:
            wall = datetime.combine(data["day"], data["time"])
            moment = wall.replace(tzinfo=ZoneInfo(self.zone)).astimezone(ZoneInfo("UTC"))
            if in_zone(moment, self.zone).replace(tzinfo=None) != wall:
                self.add_error(
                    "time", _("On this day the clocks are put forward and skip this time. Choose another.")
                )
            data["starts_at"] = moment
        return data

    @property
    def values(self) -> dict[str, Any]:
        """What the actions take."""
        return {name: self.cleaned_data[name] for name in ("title", "hall", "starts_at", "note")}


class FilmItemForm(forms.Form):
    """A film for the end of the running order."""

    film = forms.ModelChoiceField(None, label=_("Film"), empty_label=_("Choose a film"))

    def __init__(self, *args: Any, edition: Edition, **options: Any) -> None:
        super().__init__(*args, **options)
        film = self.fields["film"]
        film.queryset = catalogue.for_desk(edition)
        film.label_from_instance = lambda row: row.picker_label


class OtherItemForm(forms.Form):
    """What stands between films, with its minutes."""

    kind = forms.ChoiceField(
        label=_("What"), choices=[choice for choice in Item.Kind.choices if choice[0] != Item.Kind.FILM]
    )
    minutes = forms.DecimalField(
        label=_("Minutes"),
        min_value=Decimal("0.5"),
        max_value=240,
        decimal_places=1,
        initial=5,
        widget=forms.NumberInput(attrs={"step": "0.5"}),
    )
    title = BilingualField(label=_("What it is called"), required=False, max_length=120)

    @property
    def seconds(self) -> int:
        return int(self.cleaned_data["minutes"] * 60)


class HallForm(forms.Form):
    """A hall with its venue."""

    venue_name = BilingualField(label=_("Venue"), max_length=120)
    address = BilingualField(label=_("Address"), required=False, max_length=200)
    name = BilingualField(label=_("Hall"), max_length=120)
    seats = forms.IntegerField(label=_("Seats"), min_value=1, max_value=100_000)
    turnaround_minutes = forms.IntegerField(
        label=_("Turnaround, minutes"),
        min_value=0,
        max_value=240,
        initial=20,
        help_text=_(
            "Between the end of a screening and the beginning of the next: people leave, the hall is cleaned."
        ),
    )
