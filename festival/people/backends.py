"""Loads the account of a session together with its roles: one query per request."""

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import F

from festival.people.models import User


class AccountBackend(AuthenticationBackend):
    def get_user(self, user_id: int) -> User | None:
        """The account with `loaded_roles`, a list of (edition id, role); None when closed or unknown."""
        rows = list(
            User.objects.filter(pk=user_id, is_active=True).annotate(
                role_edition=F("memberships__edition_id"), role_name=F("memberships__role")
            )
        )
        if not rows:
            return None
        user = rows[0]
        user.loaded_roles = [(row.role_edition, row.role_name) for row in rows]
        return user
