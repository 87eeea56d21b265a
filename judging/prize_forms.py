"""The form of prizes: the pool with its currency, and what each award gives."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from festival.awards.models import AwardSlot
from festival.awards.prize_actions import Prize, currency_of, money_of, others_of
from festival.edition.blueprint_awards import PoolPlan
from festival.edition.models import Edition
from festival.edition.money_forms import AmountField, currency_of_text
from festival.kit.fields import BilingualField
from festival.kit.incoming import LineField
from judging import award_rules

MOST = Decimal(10) ** 10
PART = ("kind", "amount", "unit", "text", "each")  # the fields of a part that is no money
KINDS = [
    ("traffic", pgettext_lazy("prize", "Traffic")),
    ("credits", pgettext_lazy("prize", "Credits")),
    ("kind", pgettext_lazy("prize", "A thing or service")),
]


@dataclass(frozen=True, slots=True)
class SlotRow:
    """A slot with its fields, and those of each part that is no money beside what it is in words, the last for one that
    comes to them. `others`: these parts together in words; `besides`: money in another currency, which stays. `faulty`:
    something is wrong with a part.
    """

    slot: AwardSlot
    fields: list[BoundField]
    parts: list[tuple[str, list[BoundField]]]
    others: str
    besides: str
    faulty: bool


def _amount(label: Any, initial: Decimal | None, help_text: Any = "") -> AmountField:
    return AmountField(
        label=label,
        required=False,
        min_value=Decimal("0.01"),
        max_value=MOST,
        decimal_places=2,
        initial=None if initial is None else _written(initial),
        help_text=help_text,
        localize=False,
    )


def _written(amount: Decimal) -> str:
    return f"{amount:f}".rstrip("0").rstrip(".") if "." in f"{amount:f}" else f"{amount:f}"


def _part_fields(name: str, slot: AwardSlot, part: Mapping[str, Any]) -> dict[str, forms.Field]:
    """Of one part of a prize that is no money; `part` {}: of one that is not there yet."""
    amount = Decimal(part["amount"]) if "amount" in part else None
    fields: dict[str, forms.Field] = {
        f"{name}_kind": forms.ChoiceField(
            label=_("Besides money"), required=False, choices=[("", _("Nothing")), *KINDS],
            initial=part.get("kind", ""),
        ),
        f"{name}_amount": _amount(_("How much traffic or credits"), amount),
        f"{name}_unit": BilingualField(
            label=_("Of what"), required=False, max_length=60, initial=part.get("unit") or {},
            help_text=_("“credits for the tool”, “views on the front page”; empty: “traffic”, “credits”."),
        ),
        f"{name}_text": BilingualField(
            label=_("The thing in words"), required=False, max_length=300, initial=part.get("text") or {}
        ),
    }  # fmt: skip
    if slot.places > 1:
        fields[f"{name}_each"] = forms.BooleanField(
            label=_("For each of its %(places)d places") % {"places": slot.places},
            required=False, initial=part.get("each", True),
        )  # fmt: skip
    if not part:
        fields[f"{name}_new"] = forms.CharField(required=False, widget=forms.HiddenInput, initial="1")
    return fields


class PrizesForm(forms.Form):
    """Amounts in one currency. Empty: no pool is named, an award gives no money."""

    pool = _amount(_("Prize pool"), None)
    currency = LineField(label=_("Currency"), max_length=3, required=False)

    def __init__(self, *args: Any, edition: Edition, slots: Iterable[AwardSlot], **options: Any) -> None:
        super().__init__(*args, **options)
        self.slots = list(slots)
        pool, self.was = PoolPlan.of(edition.prize_pool), currency_of(edition, self.slots)
        self.fields["pool"] = _amount(
            _("Prize pool"), pool.amount if pool else None,
            _("All prizes of money together, every place counted. Empty: none is named."),
        )  # fmt: skip
        self.fields["currency"] = LineField(
            label=_("Currency"), max_length=3, required=False, initial=self.was,
            help_text=_("Three letters: CNY, USD, EUR."),
        )  # fmt: skip
        for slot in self.slots:
            money = money_of(slot, self.was)
            amount = Decimal(money["amount"]) if money else None
            self.fields[f"money_{slot.pk}"] = _amount(pgettext_lazy("prize", "Money"), amount)
            if slot.places > 1:
                self.fields[f"each_{slot.pk}"] = forms.BooleanField(
                    label=_("For each of its %(places)d places") % {"places": slot.places},
                    required=False, initial=money["each"] if money else True,
                )  # fmt: skip
            self.fields[f"words_{slot.pk}"] = BilingualField(
                label=pgettext_lazy("prize", "In words"), required=False, max_length=300, initial=slot.prize
            )
            for number, part in enumerate([*others_of(slot), {}]):
                self.fields |= _part_fields(f"part_{slot.pk}_{number}", slot, part)

    def clean_currency(self) -> str:
        text = str(self.cleaned_data["currency"])
        return currency_of_text(text) if text else ""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        amounts = [data.get("pool"), *(data.get(f"money_{slot.pk}") for slot in self.slots)]
        if any(amounts) and "currency" in data and not data["currency"]:
            self.add_error("currency", _now("Say in which currency the amounts are."))
        for slot in self.slots:
            for name, _part in self._parts_of(slot):
                self._clean_part(name)
        return data

    def _parts_of(self, slot: AwardSlot) -> list[tuple[str, Mapping[str, Any]]]:
        """The parts that are no money, by the beginning of their fields' names, and the empty one."""
        return [(f"part_{slot.pk}_{number}", part) for number, part in enumerate([*others_of(slot), {}])]

    def _clean_part(self, name: str) -> None:
        given = {field: self.cleaned_data.get(f"{name}_{field}") for field in PART}
        if f"{name}_amount" in self.errors or f"{name}_text" in self.errors:
            return
        if given["kind"] in ("traffic", "credits") and given["amount"] is None:
            self.add_error(f"{name}_amount", _now("Say how much."))
        elif given["kind"] == "kind" and not given["text"]:
            self.add_error(f"{name}_text", _now("Say what it is."))
        elif (
            not given["kind"]
            and f"{name}_new" in self.data
            and any(given[field] for field in ("amount", "unit", "text"))
        ):
            self.add_error(f"{name}_kind", _now("Choose what this is, or leave the line empty."))

    def _others(self, slot: AwardSlot) -> list[Mapping[str, Any]] | None:
        """Traffic, credits and things as typed; what is as it was stays as it is written. None: nothing was asked."""
        if not any(f"{name}_kind" in self.data for name, _part in self._parts_of(slot)):
            return None
        found: list[Mapping[str, Any]] = []
        for name, old in self._parts_of(slot):
            given = {field: self.cleaned_data.get(f"{name}_{field}") for field in PART}
            each = bool(self.cleaned_data.get(f"{name}_each", old.get("each", True)))
            new: dict[str, Any] = {"kind": given["kind"], "each": each}
            if given["kind"] == "kind":
                new["text"] = given["text"]
            elif given["kind"]:
                amount = given["amount"]
                same = "amount" in old and Decimal(old["amount"]) == amount
                new |= {"amount": old["amount"] if same else f"{amount:f}", "unit": given["unit"] or {}}
            if given["kind"]:
                found.append(new)
        return found

    @property
    def prizes(self) -> dict[str, Prize]:
        given = self.cleaned_data
        return {
            slot.slug: Prize(
                given[f"words_{slot.pk}"],
                given[f"money_{slot.pk}"],
                given.get(f"each_{slot.pk}", True),
                self._others(slot),
            )
            for slot in self.slots
        }

    @property
    def head(self) -> list[BoundField]:
        return [self["pool"], self["currency"]]

    @property
    def rows(self) -> list[SlotRow]:
        return [self._row(slot) for slot in self.slots]

    def _row(self, slot: AwardSlot) -> SlotRow:
        fields = [f"{kind}_{slot.pk}" for kind in ("money", "each", "words")]
        parts = [
            (award_rules.parts_text(slot, [part] if part else []), name)
            for name, part in self._parts_of(slot)
        ]
        names = {name: [f"{name}_{field}" for field in ("new", *PART)] for _title, name in parts}
        here = money_of(slot, self.was)
        elsewhere = [part for part in slot.prizes if part["kind"] == "money" and part is not here]
        return SlotRow(
            slot,
            [self[name] for name in fields if name in self.fields],
            [
                (title, [self[field] for field in names[name] if field in self.fields])
                for title, name in parts
            ],
            award_rules.parts_text(slot, others_of(slot)),
            award_rules.parts_text(slot, elsewhere),
            faulty=any(field in self.errors for fields in names.values() for field in fields),
        )
