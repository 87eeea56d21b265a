"""What we told people: notices in the site, sent by mail too."""

from django.conf import settings
from django.db import models

from festival.edition.models import Edition


class Notice(models.Model):
    """One message to one account: a code with values; the words are rendered in the reader's language.

    `mailed_at` is set by compare-and-set before sending, so that a restarted worker never sends twice.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=40)
    values = models.JSONField(default=dict)
    path = models.CharField(max_length=200)  # the page it speaks of
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["user", "-created_at"], name="notice_of_user")]

    def __str__(self) -> str:
        return f"{self.kind} → {self.user_id}"
