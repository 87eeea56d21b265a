"""Forms of handing an entry over."""

from django import forms
from django.utils.translation import gettext_lazy as _

from festival.kit.incoming import TextField, plain_text
from festival.people.models import LANGUAGES


class OfferForm(forms.Form):
    """To whom, and in which language we write."""

    email = forms.EmailField(
        label=_("E-mail address of the other account"),
        max_length=254,
        help_text=_("The other needs an account with this confirmed address, or makes one."),
        error_messages={"required": _("Write the e-mail address.")},
    )
    language = forms.ChoiceField(label=_("Language of the letter"), choices=LANGUAGES)


class ReassignForm(forms.Form):
    """To whom, and why."""

    email = forms.EmailField(
        label=_("E-mail address of the other account"),
        max_length=254,
        help_text=_("A confirmed address of an account that exists."),
        error_messages={"required": _("Write the e-mail address.")},
    )
    reason = TextField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Both accounts read it, and it stays in the log."),
        error_messages={"required": _("Say why: both accounts read it.")},
    )

    def clean_reason(self) -> str:
        return plain_text(self.cleaned_data["reason"]).strip()
