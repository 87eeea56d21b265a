"""The form that asks why something is changed after the call has opened."""

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from festival.edition.frozen_actions import REASON_MAX
from festival.kit.fields import BilingualField

ASKED = "change_reason"
SENT = frozenset((f"{ASKED}_en", f"{ASKED}_zh"))


class ReasonForm(forms.Form):
    """Why, in one language at least. Sent again together with what was typed before."""

    change_reason = BilingualField(
        label=_("Why this is changed"),
        long=True,
        max_length=REASON_MAX,
        help_text=_("Everybody reads it beside the change. One language is enough; both are better."),
    )

    def clean_change_reason(self) -> dict[str, str]:
        reason = self.cleaned_data[ASKED]
        if not reason:  # nothing but spaces
            raise forms.ValidationError(self.fields[ASKED].error_messages["required"])
        return reason


def given_reason(request: HttpRequest) -> dict[str, str]:
    """The reason that came with what was posted; nothing where none was asked for yet."""
    form = ReasonForm(request.POST)
    return form.cleaned_data[ASKED] if form.is_valid() else {}


def was_asked(request: HttpRequest) -> bool:
    """Whether the page with the reason was seen already."""
    return not SENT.isdisjoint(request.POST)
