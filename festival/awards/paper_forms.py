"""Who signs the certificates."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from festival.kit.incoming import TextField, one_line

MOST = 3


class SignersForm(forms.Form):
    signers = TextField(
        label=_("Signature lines"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One person a line: the name, a vertical bar, the function. At most three."),
    )

    def clean_signers(self) -> list[dict[str, Any]]:
        rows = []
        for line in self.cleaned_data["signers"].splitlines():
            name, _bar, role = one_line(line).partition("|")
            if name.strip():
                rows.append({"name": name.strip()[:80], "role": role.strip()[:120]})
        if len(rows) > MOST:
            raise forms.ValidationError(_now("At most three people sign a certificate."))
        return rows
