"""Forms of the timetable's desk."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from festival.catalogue import queries as catalogue
from festival.edition.models import Edition
from festival.kit.clock import SkippedTime, in_zone, moment_of
from festival.kit.fields import BilingualField
from festival.kit.names import CountriesField, LanguagesField
from festival.kit.words import say, zone_city
from festival.premiere import queries
from festival.premiere.models import Hall, Item, Screening

YEARS = {"first": 1900, "last": 2200}
SCREENING_GROUPS = (
    (_("When and where"), ("title", "hall", "day", "time")),
    (_("For the audience"), ("premiere", "host", "min_age", "spoken", "subtitles", "ticket_note", "note")),
    (_("Online"), ("regions", "doors_minutes", "late_minutes")),
)
NAMES = tuple(
    name for _title, names in SCREENING_GROUPS for name in names if name not in ("hall", "day", "time")
)


class DayField(forms.DateField):
    """A day of a calendar that people use: far outside it, time zones have no times."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, **options)

    def clean(self, value: Any) -> date | None:
        day: date | None = super().clean(value)
        if day and not YEARS["first"] <= day.year <= YEARS["last"]:
            raise forms.ValidationError(_("Choose a day between the years %(first)d and %(last)d.") % YEARS)
        return day


def time_field(label: Any) -> forms.TimeField:
    return forms.TimeField(label=label, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))


class WallClockForm(forms.Form):
    """A day and a time on the wall clock of the edition's zone, which make `starts_at`."""

    day = DayField(label=_("Day"))
    time = time_field(_("Begins at"))

    def __init__(
        self, *args: Any, edition: Edition, starts_at: datetime | None = None, **options: Any
    ) -> None:
        if starts_at:
            local = in_zone(starts_at, edition.time_zone)
            options["initial"] = {"day": local.date(), "time": local.time(), **options.get("initial", {})}
        super().__init__(*args, **options)
        self.zone = edition.time_zone
        self.fields["time"].help_text = _("On the clocks of %(zone)s.") % {"zone": zone_city(self.zone)}

    def clean(self) -> dict[str, Any]:
        """Adds `starts_at`. A time that the clocks skip is refused; of one that comes twice, the first is meant."""
        data = super().clean() or self.cleaned_data
        if data.get("day") and data.get("time") is not None:
            try:
                data["starts_at"] = moment_of(datetime.combine(data["day"], data["time"]), self.zone)
            except SkippedTime:
                text = _("On this day the clocks are put forward and skip this time. Choose another.")
                self.add_error("time", text)
        return data


class HallAndTimeForm(WallClockForm):
    """Which hall, from when."""

    hall = forms.ModelChoiceField(Hall.objects.none(), label=_("Hall"), empty_label=None)
    field_order = ("hall", "day", "time")

    def __init__(self, *args: Any, edition: Edition, **options: Any) -> None:
        super().__init__(*args, edition=edition, **options)
        hall = self.fields["hall"]
        hall.queryset = queries.halls_of(edition)
        hall.label_from_instance = lambda row: f"{say(row.venue.name)} · {say(row.name)}"

    @property
    def values(self) -> dict[str, Any]:
        """What the actions take."""
        return {name: self.cleaned_data[name] for name in ("hall", "starts_at")}


class ScreeningForm(HallAndTimeForm):
    """Hall, start, and what is said of the screening."""

    title = BilingualField(label=_("Title"), max_length=120)
    premiere = forms.ChoiceField(
        label=_("Premiere status"),
        required=False,
        choices=[("", _("No premiere")), *Screening.Premiere.choices],
    )
    host = BilingualField(
        label=_("Host"), required=False, max_length=120, help_text=_("Printed in the programme.")
    )
    min_age = forms.IntegerField(
        label=_("From what age"),
        required=False,
        min_value=0,
        max_value=21,
        help_text=_("In years; 0 is for everybody. Left empty: as the films are rated."),
    )
    spoken = LanguagesField(
        silent=True, required=False, label=_("Spoken"), help_text=_("Left empty: as the films say.")
    )
    subtitles = LanguagesField(label=_("Subtitles"), required=False)
    ticket_note = BilingualField(
        label=_("How to get a seat"),
        required=False,
        max_length=300,
        help_text=_("Price, box office, registration."),
    )
    note = BilingualField(label=_("Note in the programme"), required=False, long=True)
    regions = CountriesField(
        label=_("Where it may be watched"),
        required=False,
        help_text=_("Countries and regions. Left empty: everywhere."),
    )
    doors_minutes = forms.IntegerField(
        label=_("Doors open, minutes before"), min_value=0, max_value=1440, initial=30
    )
    late_minutes = forms.IntegerField(
        label=_("Doors close, minutes after the start"), min_value=0, max_value=1440, initial=15
    )
    field_order = tuple(name for _title, names in SCREENING_GROUPS for name in names)

    def __init__(
        self, *args: Any, edition: Edition, screening: Screening | None = None, **options: Any
    ) -> None:
        if screening:
            options["initial"] = {
                name: getattr(screening, name)
                for name in ("title", *SCREENING_GROUPS[1][1], *SCREENING_GROUPS[2][1])
            }
            options["initial"]["hall"] = screening.hall_id
            options["starts_at"] = screening.starts_at
        super().__init__(*args, edition=edition, **options)
        if screening:
            seen = forms.IntegerField(required=False, widget=forms.HiddenInput, initial=screening.revision)
            self.fields["seen"] = seen
        if not queries.halls_of(edition).filter(online=True).exists():
            for name in SCREENING_GROUPS[2][1]:
                del self.fields[name]

    @property
    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The fields as the page shows them, under headings."""
        groups = [
            (title, [self[name] for name in names if name in self.fields])
            for title, names in SCREENING_GROUPS
        ]
        return [(title, fields) for title, fields in groups if fields]

    @property
    def values(self) -> dict[str, Any]:
        return super().values | {name: self.cleaned_data[name] for name in NAMES if name in self.fields}


class RehearsalForm(WallClockForm):
    """A technical rehearsal: when, and for how long."""

    minutes = forms.IntegerField(label=_("Minutes"), min_value=5, max_value=480, initial=30)

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("starts_at", "minutes")}


class CancelForm(forms.Form):
    """Why a screening does not take place."""

    reason = BilingualField(
        label=_("Why it does not take place"),
        max_length=300,
        help_text=_("A sentence for the audience: it stands in the programme."),
    )


class FilmItemForm(forms.Form):
    """A film for the end of the running order."""

    film = forms.ModelChoiceField(None, label=_("Film"), empty_label=_("Choose a film"))

    def __init__(self, *args: Any, edition: Edition, **options: Any) -> None:
        super().__init__(*args, **options)
        film = self.fields["film"]
        film.queryset = catalogue.to_choose(edition)
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
