"""The form of prizes: the pool with its currency, and what each award gives."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from festival.awards.models import AwardSlot
from festival.awards.prize_actions import Prize, currency_of, money_of
from festival.edition.blueprint_awards import PoolPlan
from festival.edition.models import Edition
from festival.edition.money_forms import AmountField, currency_of_text
from festival.kit.fields import BilingualField
from festival.kit.incoming import LineField
from judging import award_rules

MOST = Decimal(10) ** 10


@dataclass(frozen=True, slots=True)
class SlotRow:
    """A slot with its fields. `besides`: parts of its prize that are not changed here, in words."""

    slot: AwardSlot
    fields: list[BoundField]
    besides: str


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

    def clean_currency(self) -> str:
        text = str(self.cleaned_data["currency"])
        return currency_of_text(text) if text else ""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        amounts = [data.get("pool"), *(data.get(f"money_{slot.pk}") for slot in self.slots)]
        if any(amounts) and "currency" in data and not data["currency"]:
            self.add_error("currency", _now("Say in which currency the amounts are."))
        return data

    @property
    def prizes(self) -> dict[str, Prize]:
        given = self.cleaned_data
        return {
            slot.slug: Prize(
                given[f"words_{slot.pk}"], given[f"money_{slot.pk}"], given.get(f"each_{slot.pk}", True)
            )
            for slot in self.slots
        }

    @property
    def head(self) -> list[BoundField]:
        return [self["pool"], self["currency"]]

    @property
    def rows(self) -> list[SlotRow]:
        return [
            SlotRow(
                slot,
                [
                    self[name]
                    for kind in ("money", "each", "words")
                    if (name := f"{kind}_{slot.pk}") in self.fields
                ],
                award_rules.parts_text(slot, but=money_of(slot, self.was)),
            )
            for slot in self.slots
        ]
