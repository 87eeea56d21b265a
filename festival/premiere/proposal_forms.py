"""What a programmer wishes of a proposed timetable."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from festival.edition.form_rules import GRIDS, read_form
from festival.edition.models import Edition, Phase
from festival.kit.clock import in_zone
from festival.premiere.forms import DayField, time_field
from festival.premiere.models import Proposal, Screening

GROUPS = (
    (_("What it may touch"), ("mode",)),
    (_("When"), ("first_day", "days", "grid", "repeat")),
    (_("First showings"), ("premiere", "prime_from", "prime_until", "one_after_other")),
    (_("A programme"), ("target", "least", "most", "most_films", "same")),
    (
        _("What stands around the films"),
        (
            "intro_minutes",
            "film_intro_seconds",
            "label_seconds",
            "qa_minutes",
            "rehearsal_minutes",
            "rehearsal_day_before",
        ),
    ),
    (_("Films for grown-ups"), ("late_age", "late_from")),
    (_("The solver"), ("seconds",)),
)
SAME = [("track", _("Track")), ("mood", _("Mood")), ("language", _("Language")), ("age", _("Age rating"))]


class ProposalForm(forms.Form):
    """Wishes: limits that the solver keeps, and the length it aims at."""

    mode = forms.ChoiceField(label=_("The table"), choices=Proposal.Mode.choices, widget=forms.RadioSelect)
    first_day = DayField(label=_("First day"))
    days = forms.IntegerField(label=_("Days"), min_value=1, max_value=31)
    repeat = forms.BooleanField(
        label=_("Show every programme twice, the second time on a later day"), required=False
    )
    grid = forms.TypedChoiceField(
        label=_("Programmes begin at multiples of so many minutes"),
        coerce=int,
        choices=[(minutes, str(minutes)) for minutes in GRIDS],
    )
    premiere = forms.ChoiceField(
        label=_("They are called"),
        choices=[("none", _("nothing in particular")), *Screening.Premiere.choices],
    )
    prime_from = time_field(_("They begin best from"))
    prime_until = time_field(_("until"))
    one_after_other = forms.BooleanField(
        label=_("Not at the same time, if it can be: whoever wants to sees them all"), required=False
    )
    target = forms.IntegerField(label=_("Minutes, as near as can be"), min_value=5, max_value=600)
    least = forms.IntegerField(label=_("At least"), min_value=1, max_value=600)
    most = forms.IntegerField(label=_("At most"), min_value=5, max_value=600)
    most_films = forms.IntegerField(label=_("Films at most"), min_value=1, max_value=100, required=False)
    same = forms.MultipleChoiceField(
        label=_("The films of a programme share"),
        choices=SAME,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What is not ticked is still wished for, and no rule."),
    )
    intro_minutes = forms.IntegerField(label=_("Introduction, minutes"), min_value=0, max_value=60)
    film_intro_seconds = forms.IntegerField(
        label=_("Introduction of each film at its premiere, seconds"),
        min_value=0,
        max_value=600,
        help_text=_("By a guest who is needed at its Q&A. Films without such a guest have none."),
    )
    label_seconds = forms.IntegerField(
        label=_("Label slide before each film, seconds"), min_value=0, max_value=60
    )
    qa_minutes = forms.IntegerField(
        label=_("Q&A after a premiere, minutes"),
        min_value=0,
        max_value=120,
        help_text=_("Once guests are entered: where one of them comes with a film."),
    )
    rehearsal_minutes = forms.IntegerField(
        label=_("Technical rehearsal before a premiere, minutes"),
        min_value=0,
        max_value=480,
        help_text=_("0: none. It is in the same hall, within 24 hours before."),
    )
    rehearsal_day_before = forms.BooleanField(
        label=_("Rehearse on the day before the premiere"), required=False
    )
    late_age = forms.IntegerField(
        label=_("Rated from"), min_value=1, max_value=21, required=False, help_text=_("Left empty: no rule.")
    )
    late_from = time_field(_("begin not before"))
    seconds = forms.IntegerField(
        label=_("Seconds of computing at most"),
        min_value=1,
        max_value=300,
        required=False,
        help_text=_(
            "Left empty: 15 for up to 60 films, 45 for more. You can stop it at any time and keep the best."
        ),
    )

    def __init__(self, *args: Any, edition: Edition, **options: Any) -> None:
        initial = {
            "mode": Proposal.Mode.REST,
            **asdict(read_form(edition.form).programme),
            **_when(edition),
        }
        last = Proposal.objects.filter(edition=edition).first()
        if last:
            initial |= last.wishes | {"mode": last.mode}
        initial |= {name: initial[name] or None for name in ("most_films", "late_age")}
        super().__init__(*args, initial=initial, **options)
        self.fields["late_from"].required = False

    def clean(self) -> dict[str, Any]:
        """The length aimed at lies between the limits."""
        data = super().clean() or self.cleaned_data
        least, target, most = (data.get(name) for name in ("least", "target", "most"))
        if least and target and most and not least <= target <= most:
            self.add_error("target", _("The minutes aimed at lie between the least and the most."))
        first, last = data.get("prime_from"), data.get("prime_until")
        if first and last and last < first:
            self.add_error("prime_until", _("This is earlier than the time before it."))
        return data

    @property
    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The fields as the page shows them, under headings."""
        return [(title, [self[name] for name in names]) for title, names in GROUPS]

    @property
    def wishes(self) -> dict[str, Any]:
        """As they are kept: plain values."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "mode"}
        data["first_day"] = data["first_day"].isoformat()
        data["late_from"] = f"{data['late_from']:%H:%M}" if data["late_from"] else "21:00"
        for name in ("prime_from", "prime_until"):
            data[name] = f"{data[name]:%H:%M}"
        return data


def _when(edition: Edition) -> dict[str, Any]:
    """The days of the premieres, as the calendar has them."""
    phase = Phase.objects.filter(edition=edition, kind=Phase.Kind.PREMIERE).order_by("starts_at").first()
    if phase is None:
        return {"first_day": in_zone(timezone.now(), edition.time_zone).date(), "days": 3}
    first = in_zone(phase.starts_at, edition.time_zone).date()
    last = in_zone(phase.ends_at - timedelta(minutes=1), edition.time_zone).date()
    return {"first_day": first, "days": min((last - first).days + 1, 31)}
