"""What teams are promised and given: money, traffic, credits. Part of `submissions.cohorts.models`."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SupportLine(models.Model):
    """A line of a team's ledger; lines are added, never changed. What is open is the promised less the given.

    A correction is a line of its own with a negative amount and its reason in `note`. A grant's tranche is promised
    by a line that names its milestone, written when the delivery was accepted: one for each milestone. A promise
    without an amount has no limit: as much traffic or as many credits as the team needs.
    """

    class Kind(models.TextChoices):
        CASH = "cash", _("Money")
        TRAFFIC = "traffic", _("Traffic")
        CREDITS = "credits", _("Credits for tools")

    class Side(models.TextChoices):
        PROMISED = "promised", _("Promised")
        GIVEN = "given", pgettext_lazy("support", "Given")

    place = models.ForeignKey("cohorts.Place", models.PROTECT, related_name="support")
    kind = models.CharField(max_length=8, choices=Kind)
    side = models.CharField(max_length=8, choices=Side)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)  # None: unlimited
    unit = models.CharField(max_length=20)  # "CNY", "impressions", "credits"
    milestone = models.ForeignKey(
        "cohorts.Milestone", models.PROTECT, null=True, blank=True, related_name="support"
    )
    reference = models.CharField(max_length=120, blank=True)  # the transfer's number, a contract
    note = models.TextField(blank=True)
    on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["on", "at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["place", "milestone"],
                condition=Q(side="promised", milestone__isnull=False, amount__gt=0),
                name="support_tranche_once",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=("cash", "traffic", "credits"), side__in=("promised", "given")),
                name="support_known_kind",
            ),
            models.CheckConstraint(
                condition=(
                    Q(amount__lt=0)
                    | Q(amount__gt=0)
                    | Q(amount__isnull=True, side="promised", kind__in=("traffic", "credits"))
                )
                & ~Q(unit=""),
                name="support_is_something",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0) | Q(amount__isnull=True) | ~Q(note=""),
                name="support_taken_back_is_said",
            ),
        ]

    def __str__(self) -> str:
        amount = "unlimited" if self.amount is None else self.amount
        return f"{self.place_id} {self.side} {amount} {self.unit}"
