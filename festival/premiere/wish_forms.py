"""Rows of a programmer's wishes: where a film has to be, and times in which a hall has to stay free."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from festival.catalogue.models import Film
from festival.edition.models import Edition
from festival.kit.clock import SkippedTime, in_zone, moment_of
from festival.kit.long_select import LongSelect
from festival.kit.moments import MomentField
from festival.kit.words import say
from festival.premiere import queries
from festival.premiere.forms import DayField, time_field
from festival.premiere.programme.document import DAY_STARTS
from festival.premiere.timetable.problem import FIRST, LAST

MOST_ROWS = 30
SPARE = 2  # empty rows at the end
GRID = 5  # minutes: the solver's screenings begin at multiples of it
PLACES = [
    ("", gettext_lazy("anywhere in its programme")),
    (FIRST, gettext_lazy("opens its programme")),
    (LAST, gettext_lazy("closes its programme")),
]
Choices = Sequence[tuple[str, Any]]


class FilmWishForm(forms.Form):
    """Where a film has to be: at the beginning or end of its programme, on a day, in a hall, beside another film."""

    film = forms.ChoiceField(label=gettext_lazy("Film"), required=False, widget=LongSelect)
    place = forms.ChoiceField(label=gettext_lazy("In the running order"), choices=PLACES, required=False)
    beside = forms.ChoiceField(label=gettext_lazy("In one programme with"), required=False, widget=LongSelect)
    hall = forms.ChoiceField(label=gettext_lazy("Hall"), required=False)
    day = DayField(label=gettext_lazy("Day"), required=False)
    time = time_field(gettext_lazy("Begins at"))

    def __init__(
        self, *args: Any, zone: str, film_choices: Choices, hall_choices: Choices, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.zone = zone
        self.fields["film"].choices = [("", _("Choose a film")), *film_choices]
        self.fields["beside"].choices = [("", _("any film")), *film_choices]
        self.fields["hall"].choices = [("", _("any hall")), *hall_choices]
        self.fields["time"].required = False
        for field in self.fields.values():  # an empty row is no wish: nothing of it need be called optional
            field.wanted = True

    def clean(self) -> dict[str, Any]:
        """A film, and something that is wished of it; a time has a day and is one at which screenings begin."""
        given = super().clean() or self.cleaned_data
        said = any(given.get(name) for name in ("place", "beside", "hall", "day"))
        at = given.get("time")
        if self.errors:
            return given
        if not given["film"] and (said or at is not None):
            self.add_error("film", _("Choose the film that this is about."))
        elif given["film"] and not said and at is None:
            self.add_error("place", _("Say what is wished of this film, or remove the line."))
        elif given["film"] and given["film"] == given["beside"]:
            self.add_error("beside", _("Choose another film."))
        elif at is not None and not given["day"]:
            self.add_error("day", _("Say on which day, too."))
        elif at is not None and at.minute % GRID:
            self.add_error("time", _("The solver begins screenings at full five minutes: 19:00, 19:05 …"))
        elif at is not None:
            try:
                moment_of(self._wall(), self.zone)
            except SkippedTime:
                text = _("On this day the clocks are put forward and skip this time. Choose another.")
                self.add_error("time", text)
        return given

    def _wall(self) -> datetime:
        """Day and time; a time in the night belongs to the day before."""
        at = self.cleaned_data["time"]
        wall = datetime.combine(self.cleaned_data["day"], at)
        return wall + timedelta(days=1) if at.hour < DAY_STARTS else wall

    @property
    def wish(self) -> dict[str, str] | None:
        """As it is kept; None for an empty row. `starts`: a local time; `day` and `time` as they were typed."""
        given = self.cleaned_data
        if not given.get("film"):
            return None
        found = {name: given[name] for name in ("film", "place", "beside", "hall")}
        found["day"] = given["day"].isoformat() if given["day"] else ""
        found["time"] = f"{given['time']:%H:%M}" if given["time"] is not None else ""
        found["starts"] = self._wall().isoformat(timespec="minutes") if given["time"] is not None else ""
        return found


class FreeTimeForm(forms.Form):
    """A time in which nothing is put into a hall, or into any."""

    hall = forms.ChoiceField(label=gettext_lazy("Hall"), required=False)

    def __init__(self, *args: Any, zone: str, hall_choices: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.zone = zone
        self.fields["hall"].choices = [("", _("all halls")), *hall_choices]
        for name, label in (("starts", _("Free from")), ("ends", _("Free until"))):
            self.fields[name] = MomentField(zone=zone, label=label, required=False)
            self.fields[name].help_text = ""
        for field in self.fields.values():
            field.wanted = True

    def clean(self) -> dict[str, Any]:
        """Both ends of the time, in their order."""
        given = super().clean() or self.cleaned_data
        starts, ends = given.get("starts"), given.get("ends")
        if self.errors:
            return given
        if starts is None and (ends is not None or given["hall"]):
            self.add_error("starts", _("Say from when it has to stay free, or remove the line."))
        elif starts is not None and ends is None:
            self.add_error("ends", _("Say until when it has to stay free."))
        elif starts is not None and ends is not None and ends <= starts:
            self.add_error("ends", _("This is not after the beginning."))
        return given

    @property
    def wish(self) -> dict[str, str] | None:
        """As it is kept, in local times; None for an empty row."""
        given = self.cleaned_data
        if given.get("starts") is None:
            return None
        texts = {name: in_zone(given[name], self.zone).replace(tzinfo=None) for name in ("starts", "ends")}
        return {
            "hall": given["hall"],
            **{name: wall.isoformat(timespec="minutes") for name, wall in texts.items()},
        }


class WishFormSet(forms.BaseFormSet):
    """Rows, of which the empty ones count for nothing."""

    @property
    def wishes(self) -> list[dict[str, str]]:
        """The rows that say something, in their order."""
        return [wish for form in self.forms if (wish := form.wish)]

    def sentences(self) -> Iterator[str]:
        """Every fault with the number of its row."""
        yield from (str(error) for error in self.non_form_errors())
        for number, form in enumerate(self.forms, 1):
            for errors in form.errors.values():
                for error in errors:
                    yield _("Line %(number)s: %(error)s") % {"number": number, "error": error}


def _formset(form: type[forms.Form]) -> Any:
    return forms.formset_factory(
        form, formset=WishFormSet, extra=0, max_num=MOST_ROWS, absolute_max=MOST_ROWS + 1, validate_max=True
    )


FilmWishes, FreeTimes = _formset(FilmWishForm), _formset(FreeTimeForm)


def rows_of(
    kind: Any, prefix: str, data: Mapping[str, Any] | None, kept: Sequence[Any], **options: Any
) -> WishFormSet:
    """The rows, bound where the data has any; else those that were kept, with empty ones to write into."""
    if data is not None and f"{prefix}-TOTAL_FORMS" in data:
        found: WishFormSet = kind(data, prefix=prefix, form_kwargs=options)
        return found
    rows: WishFormSet = kind(initial=[dict(row) for row in kept], prefix=prefix, form_kwargs=options)
    rows.extra = max(0, min(SPARE, MOST_ROWS - len(kept)))
    return rows


def with_row(data: QueryDict, prefix: str) -> QueryDict:
    """The same with another row, for a browser without a script. What cannot be read stays as it was sent."""
    found = data.copy()
    name = f"{prefix}-TOTAL_FORMS"
    count = found.get(name, "")
    if count.isascii() and count.isdecimal() and len(count) < 4:
        found[name] = str(int(count) + 1)
    return found


def choices_of(edition: Edition) -> tuple[Choices, Choices]:
    """Films and halls to choose from. Two queries."""
    films = Film.objects.filter(edition=edition).only("code", "title", "title_en").order_by("title", "pk")
    halls = queries.halls_of(edition).filter(online=False).order_by("venue_id", "pk")
    return (
        [(film.code, film.heading) for film in films],
        [(str(hall.pk), f"{say(hall.venue.name)} · {say(hall.name)}") for hall in halls],
    )
