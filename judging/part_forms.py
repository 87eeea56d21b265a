"""Forms of what a contest is made of: one more track, one more phase, what they are called."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from festival.edition.models import Phase, Track
from festival.kit.fields import BilingualField
from judging.plan_forms import day_field

KINDS = [choice for choice in Phase.Kind.choices if choice[0] != Phase.Kind.CALL]


class NewTrackForm(forms.Form):
    """What it is called and what it takes; its terms have a page of their own."""

    prefix = "track"
    name = BilingualField(
        label=_("What it is called"), max_length=200,
        help_text=_("Its address is made from the English name and stays."),
    )  # fmt: skip
    about = BilingualField(label=_("What the track is about"), max_length=5000, long=True, required=False)
    enters = forms.ChoiceField(
        label=_("This track takes"), choices=Track.Enters.choices, initial=Track.Enters.FILM,
        widget=forms.RadioSelect,
        help_text=_("A project is entered without a film and admitted without an inspection; judges read it."),
    )  # fmt: skip


class TrackNameForm(forms.Form):
    """What a track is called, and what is said of it."""

    name = BilingualField(label=_("What it is called"), max_length=200, help_text=_("Its address stays."))
    about = BilingualField(label=_("What the track is about"), max_length=5000, long=True, required=False)


class PhaseNameForm(forms.Form):
    """What a phase is called."""

    name = BilingualField(
        label=_("What it is called"), max_length=200, required=False,
        help_text=_("Left empty, it is called after its kind."),
    )  # fmt: skip


class NewPhaseForm(forms.Form):
    """Its kind and its days. The call is there already."""

    prefix = "phase"
    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS, initial=Phase.Kind.JURY)
    name = BilingualField(
        label=_("What it is called"), max_length=200, required=False,
        help_text=_("Left empty, it is called after its kind."),
    )  # fmt: skip
    first = day_field(_("First day"))
    last = day_field(_("Last day"))

    @property
    def given(self) -> dict[str, Any]:
        """As `add_phase` takes it."""
        days: tuple[date, date] = (self.cleaned_data["first"], self.cleaned_data["last"])
        return {"kind": self.cleaned_data["kind"], "name": self.cleaned_data["name"], "days": days}
