"""What a programmer wishes of a proposed timetable."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from festival.edition.form_rules import GRIDS, read_form
from festival.edition.models import Edition, Phase
from festival.kit.clock import in_zone
from festival.kit.words import moment_text, say
from festival.premiere.forms import DayField, time_field
from festival.premiere.models import Proposal, Screening
from festival.premiere.wish_forms import FilmWishes, FreeTimes, choices_of, rows_of

GROUPS = (
    (_("What it may touch"), ("mode", "stay")),
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


@dataclass(frozen=True, slots=True)
class Pinned:
    """What was ticked elsewhere to stay: `codes`; `shown` were ticked before, and may be no longer."""

    codes: Iterable[str]
    shown: Iterable[str] = ()

    def added_to(self, before: Iterable[str]) -> list[str]:
        """Together with what stayed the last time."""
        return [*dict.fromkeys((*(one for one in before if one not in set(self.shown)), *self.codes))]


class ProposalForm(forms.Form):
    """Wishes: limits that the solver keeps, and the length it aims at."""

    mode = forms.ChoiceField(label=_("The table"), choices=Proposal.Mode.choices, widget=forms.RadioSelect)
    stay = forms.MultipleChoiceField(
        label=_("These stay exactly as they are"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "A second showing stays with its first, and the first with it. What the public knows stays anyway."
        ),
    )
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

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, edition: Edition, pinned: Pinned | None = None
    ) -> None:
        initial: dict[str, Any] = {
            "mode": Proposal.Mode.REST,
            **asdict(read_form(edition.form).programme),
            **_when(edition),
        }
        last = Proposal.objects.filter(edition=edition).first()
        if last:
            initial |= last.wishes | {"mode": last.mode}
        initial |= {name: initial[name] or None for name in ("most_films", "late_age")}
        if pinned:
            initial["stay"] = pinned.added_to(initial.get("stay", ()))
            if pinned.codes and initial["mode"] == Proposal.Mode.REST:
                initial["mode"] = Proposal.Mode.MEND
        super().__init__(data, initial=initial)
        self.fields["late_from"].required = False
        if movable := _movable(edition):
            self.fields["stay"].choices = movable
        else:
            del self.fields["stay"]
        films, halls = choices_of(edition)
        known_films, known_halls = {code for code, _said in films}, {"", *(pk for pk, _said in halls)}
        kept = [
            row
            for row in initial.get("films", ())
            if row["film"] in known_films
            and {row["beside"]} <= {"", *known_films}
            and row["hall"] in known_halls
        ]
        free = [row for row in initial.get("free", ()) if row["hall"] in known_halls]
        zone = edition.time_zone
        self.film_rows = rows_of(
            FilmWishes, "films", data, kept, zone=zone, film_choices=films, hall_choices=halls
        )
        self.free_rows = rows_of(FreeTimes, "free", data, free, zone=zone, hall_choices=halls)

    def clean(self) -> dict[str, Any]:
        """The length aimed at lies between the limits."""
        data = super().clean() or self.cleaned_data
        least, target, most = (data.get(name) for name in ("least", "target", "most"))
        if least and target and most and not least <= target <= most:
            self.add_error("target", _("The minutes aimed at lie between the least and the most."))
        first, last = data.get("prime_from"), data.get("prime_until")
        if first and last and last < first:
            self.add_error("prime_until", _("This is earlier than the time before it."))
        self._clean_rows(data.get("first_day"), data.get("days"))
        return data

    def _clean_rows(self, first: date | None, days: int | None) -> None:
        """What is wrong in the rows stands in the summary too; a film's day is one of the days."""
        rows = [rows for rows in (self.film_rows, self.free_rows) if rows.is_bound]
        valid = [one.is_valid() for one in rows]
        for form in self.film_rows.forms if all(valid) and self.film_rows.is_bound else ():
            day = form.cleaned_data.get("day")
            if day and first and days and not first <= day < first + timedelta(days=days):
                form.add_error("day", _("This is none of the days that are asked for."))
        for one in rows:
            for sentence in one.sentences():
                self.add_error(None, sentence)

    @property
    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The fields as the page shows them, under headings."""
        return [(title, [self[name] for name in names if name in self.fields]) for title, names in GROUPS]

    @property
    def wishes(self) -> dict[str, Any]:
        """As they are kept: plain values."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "mode"}
        data["first_day"] = data["first_day"].isoformat()
        data["late_from"] = f"{data['late_from']:%H:%M}" if data["late_from"] else "21:00"
        data["films"] = self.film_rows.wishes if self.film_rows.is_bound else []
        data["free"] = self.free_rows.wishes if self.free_rows.is_bound else []
        for name in ("prime_from", "prime_until"):
            data[name] = f"{data[name]:%H:%M}"
        return data


def _movable(edition: Edition) -> list[tuple[str, str]]:
    """What is on the table and could be moved: not cancelled, and not known to the public."""
    rows = Screening.objects.filter(edition=edition, cancelled_at=None, released_at=None, hall__online=False)
    return [
        (
            row.code,
            f"{moment_text(row.starts_at, edition.time_zone)} · {say(row.hall.name)} · {say(row.title)}",
        )
        for row in rows.select_related("hall").order_by("starts_at", "pk")
    ]


def _when(edition: Edition) -> dict[str, Any]:
    """The days of the premieres, as the calendar has them."""
    phase = Phase.objects.filter(edition=edition, kind=Phase.Kind.PREMIERE).order_by("starts_at").first()
    if phase is None:
        return {"first_day": in_zone(timezone.now(), edition.time_zone).date(), "days": 3}
    first = in_zone(phase.starts_at, edition.time_zone).date()
    last = in_zone(phase.ends_at - timedelta(minutes=1), edition.time_zone).date()
    return {"first_day": first, "days": min((last - first).days + 1, 31)}
