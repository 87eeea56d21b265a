"""Accounts. What somebody may do is a role in an edition (festival.edition.Membership), not a flag here."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
NOWHERE = ".invalid"
"""How addresses end that nobody has (RFC 2606): those of rehearsals, and of accounts that are deleted."""
GONE = "@deleted.invalid"
"""How the address of a deleted account ends: no mail ever goes there (RFC 2606), and nobody can confirm one."""


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        """An account; the address is kept in lower case, so that one person has one account."""
        if not email or "@" not in email:
            raise ValueError("An account needs an e-mail address.")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        """For `manage.py createsuperuser`: an operator of the site, who may make editions."""
        return self.create_user(email, password, is_operator=True, **fields)

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email=(email or "").lower())


class User(AbstractBaseUser):
    """A person with an account, known by e-mail address."""

    email = models.EmailField(_("E-mail address"), max_length=254, unique=True)
    name = models.CharField(_("Name"), max_length=120, blank=True)
    language = models.CharField(_("Language of messages"), max_length=10, choices=LANGUAGES, default="en")
    is_active = models.BooleanField(default=True)
    is_operator = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="people_address_lower_case")
        ]

    def __str__(self) -> str:
        return gettext("Deleted account") if self.is_gone else self.name or self.email

    @property
    def is_gone(self) -> bool:
        """Whether the account was deleted: what is left of it is a number."""
        return self.email.endswith(GONE)

    def get_full_name(self) -> str:
        return str(self)

    @property
    def is_staff(self) -> bool:
        return self.is_operator

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Django's own permissions are not used: nobody has any."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False


# Django finds an app's models here.
from festival.people.token_models import UploadToken  # noqa: E402, F401
