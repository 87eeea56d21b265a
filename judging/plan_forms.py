"""Forms of an edition's plan: the days of its phases, and what it says of itself."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import EmailValidator
from django.utils.translation import gettext_lazy as _

from festival.edition.blueprint import is_address
from festival.edition.date_actions import days_of
from festival.edition.models import Edition, Phase
from festival.edition.track_words import takes_projects
from festival.kit.fields import BilingualField, reword


class DatesForm(forms.Form):
    """First and last day of every phase. Once the call has opened its own days are not asked."""

    def __init__(self, *args: Any, phases: list[Phase], zone: str, opened: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.phases, self.zone, self.opened = phases, zone, opened
        for phase in phases:
            if not self._stays(phase):
                first, last = days_of(phase, zone)
                self.fields[f"first_{phase.pk}"] = day_field(_("First day"), first)
                self.fields[f"last_{phase.pk}"] = day_field(_("Last day"), last)

    def _stays(self, phase: Phase) -> bool:
        return self.opened and phase.kind == Phase.Kind.CALL

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Each phase with its two fields, or none where its days stay."""
        return [
            {
                "phase": phase,
                "fields": []
                if self._stays(phase)
                else [self[f"{key}_{phase.pk}"] for key in ("first", "last")],
            }
            for phase in self.phases
        ]

    @property
    def days(self) -> dict[int, tuple[date, date]]:
        """As typed, by phase."""
        given = self.cleaned_data
        return {
            phase.pk: (given[f"first_{phase.pk}"], given[f"last_{phase.pk}"])
            for phase in self.phases
            if not self._stays(phase)
        }

    @property
    def kept(self) -> list[tuple[str, str]]:
        """As typed, to be sent again."""
        return [(name, day.isoformat()) for name, day in self.cleaned_data.items()]


def day_field(label: Any, day: date | None = None) -> forms.DateField:
    """A day of the calendar, to be chosen."""
    widget = forms.DateInput(
        attrs={"type": "date", "min": "2000-01-01", "max": "2200-12-31"}, format="%Y-%m-%d"
    )
    field = forms.DateField(label=label, widget=widget, input_formats=["%Y-%m-%d"], initial=day)
    field.validators.append(_in_calendar)
    return field


def _in_calendar(day: date) -> None:
    if not 2000 <= day.year <= 2200:  # a code of its own: the field would say "invalid" in its own words
        raise forms.ValidationError(_("Choose a day of the years 2000 to 2200."), code="year")


class TextsForm(forms.Form):
    """Name, one line, description: in both languages; and where questions go."""

    name = BilingualField(label=_("Name of the contest"), max_length=200)
    tagline = BilingualField(label=_("In one line"), max_length=300, required=False)
    about = BilingualField(label=_("What it is about"), max_length=5000, long=True, required=False)
    contact = forms.EmailField(
        label=_("E-mail address for questions"), required=False, max_length=254,
        help_text=_("It stands at the foot of the contest’s pages and letters, and answers to letters go there."),
    )  # fmt: skip

    def __init__(self, *args: Any, edition: Edition, **options: Any) -> None:
        initial = {key: getattr(edition, key) for key in ("name", "tagline", "about", "contact")}
        super().__init__(*args, initial=initial, **options)

    def clean_contact(self) -> str:
        address: str = self.cleaned_data["contact"]
        if address and not is_address(address):  # as a blueprint takes it
            raise forms.ValidationError(EmailValidator.message, code="invalid")
        return address


class TermsForm(forms.Form):
    """What holds for the whole contest."""

    blind = forms.BooleanField(
        label=_("Judges see neither names nor credits before they have scored a film"), required=False,
        help_text=_("A round may say otherwise on its own page. Rounds that have opened keep what they hide."),
    )  # fmt: skip
    fix_days = forms.IntegerField(
        label=_("Days to mend a film"), min_value=0, max_value=365,
        help_text=_("So long an entrant has after the inspection asked for a mended film. 0: none."),
    )  # fmt: skip
    four_eyes = forms.BooleanField(
        label=_("Two people decide over the award list"), required=False,
        help_text=_("Whoever proposed the list does not confirm it."),
    )  # fmt: skip

    def __init__(self, *args: Any, edition: Edition, **options: Any) -> None:
        initial = {key: getattr(edition, key) for key in ("blind", "fix_days", "four_eyes")}
        super().__init__(*args, initial=initial, **options)
        if takes_projects(edition):
            reword(self, blind=_("Judges see neither names nor credits before they have scored an entry"))
