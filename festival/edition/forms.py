"""Forms of the edition's own pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from festival.people.roles import Role


class MemberForm(forms.Form):
    """Somebody with an account, and what they may do here."""

    email = forms.EmailField(
        label=_("E-mail address"), help_text=_("Of an account on this site: people create their own.")
    )
    role = forms.ChoiceField(label=_("Role"), choices=(), initial=Role.JUDGE)

    def __init__(self, *args: Any, roles: list[Role], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["role"].choices = [(role.value, role.label) for role in roles]
