"""The forms of an award and of a rule over awards: what a blueprint says of them, but for prizes."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from festival.awards.models import AwardRule, AwardSlot
from festival.edition.blueprint_awards import PER
from festival.edition.blueprint_reader import RANGES
from festival.edition.models import Edition
from festival.kit.fields import BilingualField
from festival.kit.words import say
from judging.condition_forms import ConditionFields, attribute_choices, read_values, shown, value_field

SPARE = 2  # empty conditions behind those there are
MOST_PLACES = 10_000


class AwardForm(forms.Form):
    """One award. `given` has the keys of a blueprint's [[awards]]."""

    def __init__(
        self, *args: Any, edition: Edition, slots: Sequence[AwardSlot], slot: AwardSlot | None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.edition, self.slot = edition, slot
        others = [one for one in slots if slot is None or one.pk != slot.pk]
        now = slot or AwardSlot(edition=edition, tier=AwardSlot.Tier.BEST)
        before = next((one for one in reversed(slots) if slot is None or one.position < slot.position), None)
        least, most = RANGES["places"]
        self.fields |= {
            "name": BilingualField(label=_("What it is called"), max_length=120, initial=now.name),
            "places": forms.IntegerField(
                label=_("Places"), min_value=least, max_value=most, initial=now.places,
                help_text=_("How many laureates it has."),
            ),
            "tier": forms.ChoiceField(
                label=_("Tier"), choices=AwardSlot.Tier.choices, initial=now.tier,
                help_text=_("Where it stands on the laureates’ page."),
            ),
            "track": forms.ChoiceField(
                label=_("Track"), required=False, initial=now.track.slug if now.track else "",
                choices=[("", _("All tracks")), *((one.slug, say(one.name)) for one in edition.tracks.all())],
            ),
            "after": forms.ChoiceField(
                label=_("Filled after"), required=False, initial=before.slug if before else "",
                choices=[("", _("It is the first")), *((one.slug, say(one.name)) for one in others)],
                help_text=_("Awards are filled one after the other: a film that has one is passed over by the next."),
            ),
            "decided_by": forms.ChoiceField(
                label=_("Who decides"), choices=AwardSlot.DecidedBy.choices, widget=forms.RadioSelect,
                initial=now.decided_by,
            ),
            "source": forms.ChoiceField(
                label=_("Round"), required=False, initial=now.source,
                choices=[("", _("The last round")), *((one.slug, say(one.name)) for one in edition.rounds.all())],
                help_text=_("Whose standing fills it, where a standing decides."),
            ),
            "may_be_vacant": forms.BooleanField(
                label=_("May stay vacant"), required=False, initial=now.may_be_vacant,
                help_text=_("Else every place must be filled, and a list that cannot is not proposed."),
            ),
            "ex_aequo": forms.BooleanField(
                label=_("Films exactly as good share a place"), required=False, initial=now.ex_aequo
            ),
            "least_score": forms.DecimalField(
                label=_("Lowest score"), required=False, min_value=0, max_digits=9, decimal_places=4,
                initial=None if now.least_score is None else f"{now.least_score.normalize():f}",
                help_text=_("No film scored below gets it."),
            ),
            "last_rank": forms.IntegerField(
                label=_("Last rank"), required=False, min_value=1, max_value=1_000_000, initial=now.last_rank,
                help_text=_("No film behind this rank gets it."),
            ),
            "sponsor": BilingualField(label=_("Given by"), required=False, max_length=200, initial=now.sponsor),
        }  # fmt: skip
        if others:
            self.fields["combines_with"] = forms.MultipleChoiceField(
                label=_("May be held together with"), required=False, widget=forms.CheckboxSelectMultiple,
                choices=[(one.slug, say(one.name)) for one in others], initial=now.combines,
                help_text=_("Else a film that has one of these is passed over here."),
            )  # fmt: skip
        for chosen in ("track", "after", "source"):
            self.fields[chosen].wanted = True  # an empty choice says something too
        if edition.prize_pool:
            self.fields["follows"] = forms.BooleanField(
                label=_("Let the prize pool follow"), required=False,
                help_text=_("It becomes what the prizes come to, every place counted."),
            )  # fmt: skip
        asked = [*now.require, *({} for _spare in range(SPARE))]
        self.conditions = [
            ConditionFields(self, f"require_{number}", edition, one) for number, one in enumerate(asked)
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        found = [one.clean() for one in self.conditions]
        given["require"] = [one for one in found if one]
        return given

    @property
    def given(self) -> dict[str, Any]:
        data = self.cleaned_data
        keys = (
            "name", "places", "tier", "track", "decided_by", "source", "may_be_vacant", "ex_aequo", "least_score",
            "last_rank", "sponsor", "require",
        )  # fmt: skip
        return {key: data[key] for key in keys} | {"combines_with": data.get("combines_with", [])}

    def _of(self, *names: str) -> list[forms.BoundField]:
        return [self[name] for name in names if name in self.fields]

    @property
    def head(self) -> list[forms.BoundField]:
        return self._of("name", "places", "follows")

    @property
    def place(self) -> list[forms.BoundField]:
        return self._of("tier", "track", "after")

    @property
    def decision(self) -> list[forms.BoundField]:
        return self._of("decided_by", "source", "may_be_vacant", "ex_aequo")

    @property
    def asks(self) -> list[forms.BoundField]:
        return self._of("least_score", "last_rank")

    @property
    def besides(self) -> list[forms.BoundField]:
        return self._of("combines_with", "sponsor")


class RuleForm(forms.Form):
    """One rule over awards, of one kind. `given` has the keys of a blueprint's [[award_rules]]."""

    def __init__(
        self, *args: Any, edition: Edition, slots: Sequence[AwardSlot], kind: str, rule: AwardRule | None,
        **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **options)
        self.edition, self.kind = edition, kind
        data, chosen = (rule.data, rule.slots) if rule else ({}, [])
        self.fields["name"] = BilingualField(
            label=_("What it is called"), required=False, max_length=120, initial=rule.name if rule else {},
            help_text=_("It is named where a film is passed over because of it."),
        )  # fmt: skip
        self.condition = None
        if kind == AwardRule.Kind.LIMIT:
            labels = {
                "entrant": _("Each entrant"),
                "team": _("Each team, co-authors counted"),
                "film": _("Each film"),
            }
            self.fields["per"] = forms.ChoiceField(
                label=_("For whom"), choices=[(key, labels[key]) for key in PER], initial=data.get("per"),
                widget=forms.RadioSelect,
            )  # fmt: skip
            self.fields["most"] = _awards(_("Awards at most"), data.get("most"), required=True)
        elif kind == AwardRule.Kind.QUOTA:
            attribute, value = data.get("attribute", ""), data.get("value", [])
            self.fields["attribute"] = forms.ChoiceField(
                label=_("For films with"), initial=attribute,
                choices=attribute_choices(edition, {attribute: 1} if attribute else None),
            )  # fmt: skip
            self.fields["value"] = value_field(edition, _("Several with commas between them."))
            self.fields["value"].wanted = True
            values = value if isinstance(value, list) else [value]
            self.fields["value"].initial = shown(attribute, values, edition) if attribute else ""
            self.fields["least"] = _awards(_("Awards at least"), data.get("least") or None)
            self.fields["most"] = _awards(_("Awards at most"), data.get("most"))
        else:
            self.condition = ConditionFields(self, "asks", edition, data)
            self.fields["asks_attribute"].required = True
        if kind != AwardRule.Kind.ELIGIBLE and slots:
            self.fields["slots"] = forms.MultipleChoiceField(
                label=_("Counted over"), required=False, widget=forms.CheckboxSelectMultiple, initial=chosen,
                choices=[(one.slug, say(one.name)) for one in slots], help_text=_("None chosen: over all awards."),
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.condition:
            given["condition"] = self.condition.clean() or {}
        elif "value" in self.fields and given.get("attribute"):
            try:
                values = read_values(given["attribute"], given.get("value", ""), self.edition)
            except ValueError as error:
                self.add_error("value", str(error))
            else:
                given["value"] = values[0] if len(values) == 1 else values
        return given

    @property
    def given(self) -> dict[str, Any]:
        data = self.cleaned_data
        row = {
            key: data[key] for key in ("name", "per", "most", "least", "attribute", "value") if key in data
        }
        return {
            "kind": self.kind,
            "slots": data.get("slots", []),
            **{key: value for key, value in row.items() if value is not None},
            **data.get("condition", {}),
        }


def _awards(label: str, initial: int | None, *, required: bool = False) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=0, max_value=MOST_PLACES, required=required, initial=initial
    )
