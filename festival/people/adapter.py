"""How allauth treats our accounts."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils import translation

from festival.people.models import LANGUAGES, User


class AccountAdapter(DefaultAccountAdapter):
    def save_user(self, request: HttpRequest, user: User, form: object, commit: bool = True) -> User:
        """A new account speaks the language it was made in."""
        user = super().save_user(request, user, form, commit=False)
        user.email = user.email.lower()
        language = translation.get_language() or "en"
        user.language = language if language in dict(LANGUAGES) else "en"
        if commit:
            user.save()
        return user
