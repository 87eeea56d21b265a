"""Upload tokens: what a program holds instead of a password. Good for uploads alone, for a month, until revoked."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class UploadToken(models.Model):
    """A token of one account. Its secret is shown once and never kept: `digest` is its SHA-256 in hex.

    `password_mark` is of the password it was made under: who changes the password ends all tokens.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="upload_tokens")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    password_mark = models.CharField(max_length=128)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="upload_token_has_time")
        ]

    def __str__(self) -> str:
        return self.name
