"""What an entrant declared about an entry. Part of `submissions.models`."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Consent(models.Model):
    """An answer to a declaration, tied to the wording that stood on the page. Kept when it is taken back or changed.

    The one without `until` counts.
    """

    class Answer(models.TextChoices):
        AGREED = "agreed", _("Agreed")
        NOT_APPLICABLE = "none", _("Does not apply to this film")

    entry = models.ForeignKey("submissions.Entry", models.PROTECT, related_name="consents")
    declaration = models.ForeignKey("edition.Declaration", models.PROTECT, related_name="consents")
    wording = models.ForeignKey("edition.DeclarationVersion", models.PROTECT, related_name="consents")
    number = models.PositiveSmallIntegerField()  # that of the wording
    answer = models.CharField(max_length=6, choices=Answer)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)  # when another answer took its place

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "declaration"],
                condition=Q(until__isnull=True),
                name="consent_one_counts",
            ),
            models.CheckConstraint(condition=Q(answer__in=["agreed", "none"]), name="consent_known_answer"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("at")), name="consent_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.declaration_id} {self.answer}"
