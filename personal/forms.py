"""The form that confirms the deletion of an account."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from festival.kit.incoming import LineField
from personal.fates import Plan


class DeleteForm(forms.Form):
    """The account's own address typed in, and what becomes of films that are still in the running."""

    withdraw = forms.BooleanField(
        label=_("Withdraw my films that are still in a running contest"),
        required=False,
        help_text=_(
            "They leave the competition on the day on which the account is deleted, for good. To take one out at "
            "once, withdraw it on its own page."
        ),
    )
    address = LineField(
        label=_("Type the e-mail address of this account"),
        max_length=254,
        error_messages={"required": _("Type the e-mail address of this account.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "email", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, address: str, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own, self.plan = address, plan
        if not plan.can_withdraw:
            del self.fields["withdraw"]

    def clean_address(self) -> str:
        typed = self.cleaned_data["address"].strip().lower()
        if typed != self.own:
            raise forms.ValidationError(
                _("This is not the address of this account, which is %(address)s."),
                params={"address": self.own},
            )
        return typed

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "withdraw" in self.fields and not data.get("withdraw"):
            self.add_error(
                "withdraw",
                _("Agree to withdraw them, or wait with the deletion until you were told the results."),
            )
        return data
