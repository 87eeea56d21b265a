"""Sums of money and their currencies, as they are typed at the desk."""

import re
import unicodedata
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from festival.edition.currencies import is_currency

# Groups of three, all parted by the same sign: "12,50" is no 1250, and nobody is promised a hundred times too much.
_GROUPED = re.compile(r"[+-]?\d{1,3}([ ,'’])\d{3}(?:\1\d{3})*(?:\.\d*)?")


class AmountInput(forms.TextInput):
    """Not of the type "number": browsers throw away what is none before anybody could say what is wrong with it."""


class AmountField(forms.DecimalField):
    """A sum as people write it: with marks between thousands, with the digits of a Chinese keyboard."""

    widget = AmountInput
    default_error_messages = {
        "invalid": gettext_lazy("This is not an amount. Write it in digits, such as 100,000 or 1250.50.")
    }

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        digits = {} if self.min_value is None else {"inputmode": "decimal"}  # that keyboard has no minus
        return super().widget_attrs(widget) | digits

    def to_python(self, value: Any) -> Decimal | None:
        if isinstance(value, str):
            value = unicodedata.normalize("NFKC", value).strip().replace("−", "-")
            if found := _GROUPED.fullmatch(value):
                value = value.replace(found[1], "")
        return super().to_python(value)


def currency_of_text(text: str) -> str:
    """The currency that was typed, in capitals. A ValidationError where there is none."""
    code = unicodedata.normalize("NFKC", text).strip().upper()
    if not is_currency(code):
        said = _("There is no currency “%(typed)s”. Write its three letters, such as CNY or USD.")
        raise ValidationError(said, params={"typed": text})
    return code
