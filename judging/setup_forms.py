"""Forms of making an edition: the files of a blueprint, what the edition is called, and the figures to plan with."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from festival.edition.blueprint import RESERVED_SLUGS, Blueprint
from festival.edition.models import Edition
from festival.edition.rulebook import Rulebook
from festival.kit.fields import BilingualField
from festival.kit.incoming import LineField
from festival.kit.names import SuggestingInput
from festival.kit.words import say
from judging.logic.forecast import (
    ONLY_JUDGES_TELL,
    Expected,
    entries_expected,
    going_on_expected,
    usual_length,
)

LONGEST = 200_000  # bytes of a file; the largest blueprint that comes along has some 10,000
MOST_ENTRIES = 1_000_000
MOST_JUDGES = 10_000
EXAMPLE = 1000  # entries to draw a blueprint with of which nothing is known yet


def too_large() -> str:
    """What is said of a file beyond LONGEST."""
    text = _("This file is too large: at most %(count)s characters are taken.")
    return text % {"count": f"{LONGEST:,}"}


class TextFile(forms.FileField):
    """A small file of UTF-8 text; gives the text."""

    def clean(self, data: Any, initial: Any = None) -> str:
        file: UploadedFile | None = super().clean(data, initial)
        if file is None:
            return ""
        if (file.size or 0) > LONGEST:
            raise ValidationError(too_large(), code="too_large")
        try:
            return file.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise ValidationError(_("This file is not UTF-8 text."), code="encoding") from None


class BlueprintForm(forms.Form):
    """A blueprint of one's own, with its rulebook."""

    plan = TextFile(label=gettext_lazy("Blueprint (TOML)"))
    rulebook = TextFile(
        label=gettext_lazy("Rulebook (TOML)"), required=False,
        help_text=gettext_lazy("Without one the blueprint must name a rulebook that comes with the software."),
    )  # fmt: skip


def zones() -> list[str]:
    """The time zones by name."""
    return sorted(zone for zone in available_timezones() if "/" in zone or zone == "UTC")


def first_day(plan: Blueprint) -> date:
    """A day to begin with: in four weeks or so, a Monday where the deadline then falls on a working day, else the next
    day after it that begins and ends the call on one.
    """
    monday = timezone.localdate() + timedelta(days=28)
    monday += timedelta(days=-monday.weekday() % 7)
    call = next(phase for phase in plan.phases if phase.kind == "call")
    days = [monday + timedelta(days=after) for after in range(5)]
    return next((day for day in days if (day + timedelta(days=call.ends_day)).weekday() < 5), monday)


class SetupForm(forms.Form):
    """What the new edition is called, where it stands, and when its call opens."""

    name = BilingualField(label=gettext_lazy("Name of the contest"), max_length=200)
    slug = LineField(
        label=gettext_lazy("Web address"), max_length=40,
        help_text=gettext_lazy(
            "Letters, digits and hyphens, as in first-light-2027: it stands in every link and stays."
        ),
    )  # fmt: skip
    opens = forms.DateField(
        label=gettext_lazy("First day of the call"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )
    time_zone = LineField(
        label=gettext_lazy("Time zone"), max_length=40, widget=SuggestingInput(zones),
        help_text=gettext_lazy("Deadlines and showings are said on these clocks: Asia/Shanghai, Europe/Berlin, UTC."),
    )  # fmt: skip

    def __init__(self, *args: Any, plan: Blueprint, **options: Any) -> None:
        initial = {"name": plan.name, "time_zone": plan.time_zone, "opens": first_day(plan)}
        super().__init__(*args, **{"initial": initial, **options})

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"].lower()
        if not slug.replace("-", "").replace("_", "").isalnum() or not slug.isascii():
            raise ValidationError(_("Use letters, digits and hyphens only."), code="invalid")
        if slug in RESERVED_SLUGS:
            raise ValidationError(
                _("This is an address of the site itself. Choose another."), code="reserved"
            )
        if Edition.objects.filter(slug=slug).exists():
            text = _("There is already an edition at this address. Choose another.")
            raise ValidationError(text, code="taken")
        return slug

    def clean_opens(self) -> Any:
        opens = self.cleaned_data["opens"]
        if not 2000 <= opens.year <= 2200:
            raise ValidationError(_("Choose a day of the years 2000 to 2200."), code="year")
        return opens

    def clean_time_zone(self) -> str:
        zone: str = self.cleaned_data["time_zone"]
        if zone not in available_timezones():
            text = _("There is no time zone of this name. Write it like Asia/Shanghai.")
            raise ValidationError(text, code="zone")
        return zone


class FiguresForm(forms.Form):
    """What is expected: entries, their length, and for each round its judges and, where only they can tell, how many
    films go on."""

    def __init__(self, *args: Any, plan: Blueprint, known: Expected | None = None, **options: Any) -> None:
        options.setdefault("initial", usual_figures(plan, known))
        super().__init__(*args, **options)
        kinds = {track.enters for track in plan.tracks}
        if "film" in kinds:
            self.fields["films"] = _whole(_("Films you expect"), 0, MOST_ENTRIES)
            self.fields["film_minutes"] = forms.FloatField(
                label=_("Length of a film, minutes"), min_value=0.01, max_value=600,
                help_text=_("The mean of the films that are in.") if known and known.film_seconds
                else _("On the mean."), widget=forms.NumberInput(attrs={"step": "any"}),
            )  # fmt: skip
        if "project" in kinds:
            self.fields["projects"] = _whole(_("Projects you expect"), 0, MOST_ENTRIES)
        for round in plan.rounds:
            name = {"round": say(round.name)}
            self.fields[f"judges_{round.slug}"] = _whole(_("Judges in “%(round)s”") % name, 0, MOST_JUDGES)
            if round.cut is not None and round.cut.kind in ONLY_JUDGES_TELL:
                self.fields[f"goes_on_{round.slug}"] = _whole(
                    _("Films that go on from “%(round)s”") % name, 0, MOST_ENTRIES, required=False,
                    help_text=_("Only the judges can tell. Left empty, all are counted."),
                )  # fmt: skip
        self.plan, self.known = plan, known

    @property
    def expected(self) -> Expected:
        """The figures as typed; where nothing was, the usual ones."""
        given: Mapping[str, Any] = self.cleaned_data if self.is_bound and self.is_valid() else self.initial
        return Expected(
            films=given.get("films") or 0,
            film_seconds=round(60 * (given.get("film_minutes") or 0)),
            projects=given.get("projects") or 0,
            judges={row.slug: given.get(f"judges_{row.slug}") or 0 for row in self.plan.rounds},
            goes_on={
                row.slug: told
                for row in self.plan.rounds
                if (told := given.get(f"goes_on_{row.slug}")) is not None
            }
            | dict(self.known.goes_on if self.known else {}),
            intakes=self.known.intakes if self.known else {},
        )


def _whole(label: str, least: int, most: int, **options: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=least, max_value=most, **options)


def most_entries(plan: Blueprint) -> int:
    """How many entries the plan has room for: by its tracks' limits, or the places of those who are invited; 0 where
    there is no limit."""
    invited = {cohort.track: cohort.places for cohort in plan.cohorts if cohort.track}
    most = [
        track.most_entries or (invited.get(track.slug, 0) if track.invitation_only else 0)
        for track in plan.tracks
    ]
    return sum(most) if all(most) else 0


def usual_figures(plan: Blueprint, known: Expected | None = None) -> dict[str, Any]:
    """Figures to begin with: what is known; else as many entries as the plan expects, or EXAMPLE, of the length in the
    middle of what the rulebook takes, and as many judges as the plan says, or as few as each round can do with. What
    goes on where only the judges can tell is what the next round expects."""
    kinds = {track.enters for track in plan.tracks}
    example = entries_expected(plan.rounds) or min(EXAMPLE, most_entries(plan) or EXAMPLE)
    example = 0 if known and known.entries else example
    figures: dict[str, Any] = {
        "films": (known.films if known else 0) or (example if "film" in kinds else 0),
        "projects": (known.projects if known else 0) or (example if kinds == {"project"} else 0),
        "film_minutes": round(known.film_seconds / 60, 2)
        if known and known.film_seconds
        else round(usual_length(Rulebook.from_toml(plan.rulebook)) / 60, 1),
    }
    for row in plan.rounds:
        least = {"panel": 3 * len(row.panels), "ballot": max(row.quorum, 5)}.get(row.gate, row.looks)
        there = known.judges.get(row.slug, 0) if known else 0
        figures[f"judges_{row.slug}"] = there or row.judges or (0 if known else least)
        going_on = going_on_expected(plan.rounds, row.slug)
        if going_on and row.cut is not None and row.cut.kind in ONLY_JUDGES_TELL:
            figures[f"goes_on_{row.slug}"] = going_on
    return figures
