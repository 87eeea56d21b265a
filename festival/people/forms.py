"""Forms of the account pages."""

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from festival.kit.incoming import LineField
from festival.people.models import LANGUAGES, User


class SignupForm(forms.Form):
    """What we ask beside address and password when an account is made."""

    name = LineField(
        label=_("Your name"),
        max_length=120,
        help_text=_("As it should stand in the credits and on letters to you."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ("name", "email", "password1", "password2")

    def signup(self, request: HttpRequest, user: User) -> None:
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])


class AccountForm(forms.Form):
    """What somebody may change about themselves on our own page."""

    name = LineField(
        label=_("Your name"),
        max_length=120,
        help_text=_("As it should stand in the credits and on letters to you."),
        error_messages={"required": _("Tell us your name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=LANGUAGES,
        help_text=_("Of these pages, and of the letters we write to you."),
        widget=forms.RadioSelect,
    )


class TokenForm(forms.Form):
    """A new upload token."""

    name = LineField(
        label=_("Name of the token"),
        max_length=80,
        help_text=_("So that you know it again: the computer or the program that will use it."),
        error_messages={"required": _("Give the token a name.")},
    )
