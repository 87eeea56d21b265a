"""Fairness reports that were made: kept as they are, so that what was published never changes."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from festival.edition.models import Edition


class FairnessReport(models.Model):
    """A report made by a worker from the results as they were then. Made anew it is another one, with its own number.

    `document` is the report in figures (judging.fairness.document), `digest` of its canonical form; `people` says
    which account stands behind which of its numbers. `key`: the export that it follows from, compressed, in the
    storage; `results_digest` is that of the export without the report.
    """

    class State(models.TextChoices):
        MAKING = "making", _("Being made")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Could not be made")

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="fairness_reports")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=6, choices=State, default=State.MAKING)
    progress = models.PositiveSmallIntegerField(default=0)  # per cent
    document = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True)
    results_digest = models.CharField(max_length=64, blank=True)
    people = models.JSONField(default=dict)
    key = models.CharField(max_length=120, blank=True)
    size = models.PositiveBigIntegerField(default=0)  # bytes of the compressed export
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "number"], name="fairness_report_number"),
            models.UniqueConstraint(
                fields=["edition"], condition=Q(state="making"), name="fairness_report_one_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["edition"], condition=Q(published_at__isnull=False), name="fairness_report_one_public"
            ),
            models.CheckConstraint(
                condition=(Q(state="ready", made_at__isnull=False) & ~Q(digest="") & ~Q(key=""))
                | Q(state__in=("making", "failed"), made_at__isnull=True, published_at__isnull=True),
                name="fairness_report_ready_has_all",
            ),
        ]

    def __str__(self) -> str:
        return f"fairness report {self.number} of {self.edition_id}"
