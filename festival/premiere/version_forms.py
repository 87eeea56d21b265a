"""Forms of releases and drafts."""

from django import forms
from django.utils.translation import gettext_lazy as _

from festival.kit.fields import BilingualField
from festival.kit.incoming import LineField


class ReleaseForm(forms.Form):
    """A word to the public about a new version."""

    note = BilingualField(
        label=_("What is new, in a sentence or two"),
        required=False,
        long=True,
        max_length=1000,
        help_text=_("It stands above the programme. Left empty, the changes below stand there."),
    )


class DraftForm(forms.Form):
    """A name for what lies on the table."""

    name = LineField(
        label=_("Name"), max_length=120, help_text=_("For example “Without the open-air cinema”.")
    )
