"""The forms of a cohort and of a milestone: what a blueprint says of them. Lines are taken away by choosing nothing."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from festival.edition.blueprint_cohorts import MOST_AMOUNT, MOST_UNIT
from festival.edition.blueprint_reader import RANGES
from festival.edition.models import Edition
from festival.edition.money_forms import AmountField, currency_of_text
from festival.kit.clock import in_zone, last_minute
from festival.kit.fields import BilingualField
from festival.kit.incoming import LineField
from festival.kit.words import say
from judging.cohort_change_words import filled_text
from judging.logic.standing import plain
from judging.plan_forms import day_field
from submissions.cohorts.models import Cohort, Deliverable, Milestone, Promise, SupportLine

SPARE = 2  # empty lines behind those there are
NAME, ABOUT = 200, 5000  # letters, in each language


def _amount(label: str, initial: Decimal | None) -> AmountField:
    return AmountField(
        label=label, required=False, min_value=Decimal("0.01"), max_value=MOST_AMOUNT - 1, decimal_places=2,
        max_digits=12, initial=None if initial is None else plain(initial),
    )  # fmt: skip


def _currency(typed: str, before: str) -> str:
    """In capitals; a ValidationError where it is none. What was written before there was a list stays as it was."""
    return typed if typed == before else currency_of_text(typed)


class PromiseFields:
    """One line of what every team is promised, in the form of a cohort."""

    def __init__(self, form: forms.Form, prefix: str, promise: Promise | None) -> None:
        self.form, self.prefix, self.there = form, prefix, promise is not None
        now = promise or Promise()
        self.money = now.unit if now.kind == SupportLine.Kind.CASH else ""
        form.fields |= {
            f"{prefix}_kind": forms.ChoiceField(
                label=pgettext("support", "Kind"), required=False, initial=now.kind,
                choices=[("", pgettext("support", "– nothing –")), *SupportLine.Kind.choices],
            ),
            f"{prefix}_amount": _amount(_("Amount"), now.amount),
            f"{prefix}_unit": LineField(
                label=_("Unit"), required=False, max_length=MOST_UNIT, initial=now.unit,
                widget=forms.TextInput(attrs={"placeholder": "CNY"}),
            ),
            f"{prefix}_unlimited": forms.BooleanField(
                label=_("Without a limit"), required=False, initial=self.there and now.amount is None
            ),
        }  # fmt: skip
        for name in ("kind", "amount", "unit"):  # needed where the line says anything
            form.fields[f"{prefix}_{name}"].wanted = True

    @property
    def fields(self) -> list[BoundField]:
        return [self.form[f"{self.prefix}_{name}"] for name in ("kind", "amount", "unit", "unlimited")]

    def clean(self) -> dict[str, Any] | None:
        """A table of [[cohorts.support]]; None for nothing."""
        kind, amount, unit, unlimited = (
            self.form.cleaned_data.get(f"{self.prefix}_{name}")
            for name in ("kind", "amount", "unit", "unlimited")
        )
        if not kind:
            if not self.there and (amount or unit or unlimited):
                self.form.add_error(
                    f"{self.prefix}_kind", _("Say what it is, or leave the whole line empty.")
                )
            return None
        if unlimited and kind == SupportLine.Kind.CASH:
            text = _("Money is promised as a sum; only traffic and credits can be without a limit.")
            self.form.add_error(f"{self.prefix}_unlimited", text)
        elif unlimited and amount:
            self.form.add_error(f"{self.prefix}_amount", _("Name an amount, or say that there is no limit."))
        elif not unlimited and not amount and f"{self.prefix}_amount" not in self.form.errors:
            text = (
                _("Say how much.")
                if kind == SupportLine.Kind.CASH
                else _("Say how much, or that there is no limit.")
            )
            self.form.add_error(f"{self.prefix}_amount", text)
        if not unit and f"{self.prefix}_unit" not in self.form.errors:
            self.form.add_error(f"{self.prefix}_unit", _("Say in which unit: CNY, impressions, credits."))
        elif unit and kind == SupportLine.Kind.CASH:
            try:
                unit = _currency(unit, self.money)
            except ValidationError as fault:
                self.form.add_error(f"{self.prefix}_unit", fault)
        return {"kind": kind, "amount": "unlimited" if unlimited else amount, "unit": unit}


def _ways(edition: Edition, source: str) -> list[tuple[str, str]]:
    """How places can be filled: into each track, by each round that has a cut, and as they are now."""
    found = [(f"track:{one.slug}", filled_text({"track": one.name})) for one in edition.tracks.all()]
    rounds = {one.slug: one.name for one in edition.rounds.all() if one.cut_kind or one.slug == source}
    if source:
        rounds.setdefault(source, {"en": source})
    return found + [(f"round:{slug}", filled_text({"round": name})) for slug, name in rounds.items()]


class CohortForm(forms.Form):
    """A cohort. `given` has the keys of a blueprint's [[cohorts]], but for its days and its milestones."""

    def __init__(self, *args: Any, edition: Edition, cohort: Cohort | None, **options: Any) -> None:
        super().__init__(*args, **options)
        now, zone = cohort or Cohort(edition=edition, places=1), edition.time_zone
        least, most = RANGES["places"]
        least_days, most_days = RANGES["answer_days"]
        initial = f"round:{now.source}" if now.source else f"track:{now.track.slug}" if now.track else None
        self.fields |= {
            "name": BilingualField(
                label=_("What it is called"), max_length=NAME, initial=now.name,
                help_text="" if cohort else _("Its address is made from the English name and stays."),
            ),
            "about": BilingualField(
                label=pgettext("cohort", "What it is about"), max_length=ABOUT, long=True, required=False,
                initial=now.about, help_text=_("Who is invited reads it beside the offer."),
            ),
            "places": forms.IntegerField(
                label=_("Places"), min_value=least, max_value=most, initial=now.places,
                help_text=_("How many teams it has at most."),
            ),
            "filled": forms.ChoiceField(
                label=_("How its places are filled"), initial=initial,
                choices=_ways(edition, now.source),
                help_text=_("Rounds are named here once they have a rule for who goes on."),
            ),
            "answer_days": forms.IntegerField(
                label=_("Days to answer"), min_value=least_days, max_value=most_days, initial=now.answer_days,
                help_text=_("So long a place that is offered is kept. Offers that are out keep their last day."),
            ),
            "offers_next": forms.BooleanField(
                label=_("A free place is offered to the next by itself"), required=False, initial=now.offers_next,
                help_text=_("Else the desk offers it."),
            ),
            "first": day_field(_("First day"), in_zone(now.starts_at, zone).date() if cohort else None),
            "last": day_field(_("Last day"), in_zone(last_minute(now.ends_at), zone).date() if cohort else None),
        }  # fmt: skip
        promises: list[Promise | None] = list(cohort.promises.all()) if cohort else []
        promises += [None] * SPARE
        self.promises = [PromiseFields(self, f"promise_{place}", one) for place, one in enumerate(promises)]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        given["support"] = [one for one in [line.clean() for line in self.promises] if one]
        return given

    @property
    def days(self) -> tuple[date, date]:
        return self.cleaned_data["first"], self.cleaned_data["last"]

    @property
    def given(self) -> dict[str, Any]:
        data = self.cleaned_data
        way, _colon, slug = data["filled"].partition(":")
        plain_keys = ("name", "about", "places", "answer_days", "offers_next", "support")
        return {key: data[key] for key in plain_keys} | {
            "track": slug if way == "track" else "",
            "source": slug if way == "round" else "",
        }

    def _of(self, *names: str) -> list[BoundField]:
        return [self[name] for name in names]

    @property
    def head(self) -> list[BoundField]:
        return self._of("name", "about")

    @property
    def place(self) -> list[BoundField]:
        return self._of("places", "filled", "answer_days", "offers_next")

    @property
    def time(self) -> list[BoundField]:
        return self._of("first", "last")


class DeliverableFields:
    """One thing that a milestone asks for, in its form; an address "" for a new one."""

    def __init__(
        self, form: forms.Form, prefix: str, row: Deliverable | None, *, required: bool = True
    ) -> None:
        self.form, self.prefix, self.slug = form, prefix, row.slug if row else ""
        now = row or Deliverable()
        self.title = say(now.name) if row else ""
        form.fields |= {
            f"{prefix}_kind": forms.ChoiceField(
                label=pgettext("deliverable", "Kind"), required=False, initial=now.kind,
                choices=[("", pgettext("deliverable", "– is not asked for –")), *Deliverable.Kind.choices],
            ),
            f"{prefix}_name": BilingualField(
                label=_("What it is called"), required=False, max_length=NAME, initial=now.name
            ),
            f"{prefix}_about": BilingualField(
                label=_("What it shall be"), required=False, max_length=ABOUT, initial=now.about,
                help_text=_("The team reads it where it delivers."),
            ),
            f"{prefix}_required": forms.BooleanField(
                label=_("Must be there"), required=False, initial=now.required if row else required
            ),
        }  # fmt: skip
        for name in ("kind", "name"):
            form.fields[f"{prefix}_{name}"].wanted = True

    @property
    def fields(self) -> list[BoundField]:
        return [self.form[f"{self.prefix}_{name}"] for name in ("kind", "name", "about", "required")]

    def clean(self) -> dict[str, Any] | None:
        """A table of [[cohorts.milestones.deliverables]]; None where it is not asked for."""
        kind, name, about, required = (
            self.form.cleaned_data.get(f"{self.prefix}_{part}")
            for part in ("kind", "name", "about", "required")
        )
        if not kind:
            if not self.slug and (name or about):
                text = _("Choose of which kind it is, or leave the whole part empty.")
                self.form.add_error(f"{self.prefix}_kind", text)
            return None
        if not name and f"{self.prefix}_name" not in self.form.errors:
            text = _("Write this in at least one of the two languages.")
            self.form.add_error(f"{self.prefix}_name", text)
        return {
            "slug": self.slug,
            "kind": kind,
            "name": name or {},
            "about": about or {},
            "required": required,
        }


class MilestoneForm(forms.Form):
    """A milestone. `given` has the keys of a blueprint's [[cohorts.milestones]], but for its day. `kept`: teams have a
    place or are offered one, so that what is added can be left out.
    """

    def __init__(
        self,
        *args: Any,
        cohort: Cohort,
        milestone: Milestone | None,
        deliverables: Sequence[Deliverable],
        kept: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        now, zone = milestone or Milestone(cohort=cohort), cohort.edition.time_zone
        self.unit_before = now.grant_unit
        due = in_zone(last_minute(now.due_at), zone).date() if milestone else None
        self.fields |= {
            "name": BilingualField(label=_("What it is called"), max_length=NAME, initial=now.name),
            "about": BilingualField(
                label=pgettext("milestone", "What it is about"), max_length=ABOUT, long=True, required=False,
                initial=now.about,
            ),
            "due": day_field(_("Last day"), due),
            "grant": _amount(_("Amount"), now.grant),
            "grant_unit": LineField(
                label=_("Currency"), required=False, max_length=MOST_UNIT, initial=now.grant_unit,
                widget=forms.TextInput(attrs={"placeholder": "CNY"}),
            ),
        }  # fmt: skip
        self.fields["due"].help_text = _("What comes after it counts as late.")
        there = [DeliverableFields(self, f"part_{one.slug}", one) for one in deliverables]
        self.deliverables = there + [
            DeliverableFields(self, f"new_{place}", None, required=not kept) for place in range(SPARE)
        ]

    def clean_grant_unit(self) -> str:
        typed = str(self.cleaned_data["grant_unit"])
        return _currency(typed, self.unit_before) if typed else ""

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        refused = "grant" in self.errors or "grant_unit" in self.errors
        if bool(given.get("grant")) != bool(given.get("grant_unit")) and not refused:
            name = "grant_unit" if given.get("grant") else "grant"
            self.add_error(name, _("A grant needs both an amount and its currency, such as CNY."))
        given["deliverables"] = [one for one in [part.clean() for part in self.deliverables] if one]
        if not given["deliverables"] and not self.errors:
            self.add_error(None, _("A milestone asks for one thing at least: else a team cannot meet it."))
        return given

    @property
    def given(self) -> dict[str, Any]:
        data = self.cleaned_data
        found = {key: data[key] for key in ("name", "about", "deliverables")}
        if data["grant"]:
            found |= {"grant": data["grant"], "grant_unit": data["grant_unit"]}
        return found

    @property
    def head(self) -> list[BoundField]:
        return [self[name] for name in ("name", "about", "due")]

    @property
    def money(self) -> list[BoundField]:
        return [self["grant"], self["grant_unit"]]
