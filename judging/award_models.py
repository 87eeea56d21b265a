"""Award lists and their places."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from festival.awards.models import AwardSlot
from festival.edition.models import Edition
from festival.kit.fields import bilingual
from judging.standing_models import Standing
from submissions.models import Entry


class AwardList(models.Model):
    """Who gets which award, as decided: proposed from a standing, confirmed by the chair, announced once."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        CONFIRMED = "confirmed", _("Confirmed")
        ANNOUNCED = "announced", _("Announced")

    edition = models.OneToOneField(Edition, models.PROTECT, related_name="award_list")
    standing = models.ForeignKey(Standing, models.PROTECT, related_name="award_lists")
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    announced_at = models.DateTimeField(null=True, blank=True)
    announced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(state="proposed", confirmed_at__isnull=True, announced_at__isnull=True)
                    | Q(state="confirmed", confirmed_at__isnull=False, announced_at__isnull=True)
                    | Q(state="announced", confirmed_at__isnull=False, announced_at__isnull=False)
                ),
                name="award_list_state_has_times",
            )
        ]

    def __str__(self) -> str:
        return f"awards of {self.edition_id}"


class Verdict(models.Model):
    """One place of one award slot on the list. No entry means the place stays vacant."""

    award_list = models.ForeignKey(AwardList, models.CASCADE, related_name="verdicts")
    slot = models.ForeignKey(AwardSlot, models.PROTECT, related_name="+")
    place = models.PositiveSmallIntegerField()
    entry = models.ForeignKey(Entry, models.PROTECT, null=True, blank=True, related_name="verdicts")
    citation = bilingual()
    why = models.JSONField(
        default=dict
    )  # code with values: by rank, tied at, changed by the chair with a reason

    class Meta:
        ordering = ["slot__position", "place"]
        constraints = [
            models.UniqueConstraint(fields=["award_list", "slot", "place"], name="verdict_place_once"),
            models.UniqueConstraint(
                fields=["award_list", "slot", "entry"],
                condition=Q(entry__isnull=False),
                name="verdict_entry_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slot_id}:{self.place}"
