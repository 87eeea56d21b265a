"""Frozen results of rounds."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from judging.round_models import Round
from submissions.models import Entry


class Standing(models.Model):
    """A round's result, frozen when it closed; computing it again from `inputs` gives the same bytes.

    `method` is the published rule. Beside it stands the adjusted standing, where there were scores: its method, the
    `cut` its chances are of, and `figures`: variances, how dependable the panel is, and each judge's figures.
    One is in force (`round.standing`); those before it were superseded when the round was reopened for further looks.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="standings")
    number = models.PositiveSmallIntegerField(default=1)  # of the round's standings, the first 1
    superseded_at = models.DateTimeField(null=True, blank=True)
    method = models.CharField(max_length=40)
    method_version = models.PositiveSmallIntegerField()
    inputs = models.JSONField()  # criteria with weights, looks with scores, as they were at closing
    inputs_digest = models.CharField(max_length=64)
    result_digest = models.CharField(max_length=64)
    decides = models.CharField(max_length=8, choices=Round.Decides, default=Round.Decides.OFFICIAL)
    cut = models.PositiveIntegerField(null=True, blank=True)
    adjusted_method = models.CharField(max_length=40, blank=True)
    adjusted_version = models.PositiveSmallIntegerField(null=True, blank=True)
    adjusted_digest = models.CharField(max_length=64, blank=True)
    figures = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["round", "number"]
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="standing_number"),
            models.UniqueConstraint(
                fields=["round"], condition=Q(superseded_at__isnull=True), name="standing_one_in_force"
            ),
        ]

    def __str__(self) -> str:
        return f"standing of {self.round_id}"


class StandingRow(models.Model):
    """A film's line in a standing. Rank is shared by films with the same exact mean; null when never scored.

    value, value_sd: the film's adjusted score and its standard deviation; rank_low, rank_high: where its rank lies
    with nine chances in ten; p_cut: its chance of being truly among those that pass.
    """

    standing = models.ForeignKey(Standing, models.CASCADE, related_name="rows")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+")
    rank = models.PositiveIntegerField(null=True, blank=True)
    mean = models.DecimalField(max_digits=12, decimal_places=6, null=True, blank=True)
    looks = models.PositiveSmallIntegerField()
    spread = models.DecimalField(
        max_digits=12, decimal_places=6, null=True, blank=True
    )  # sample SD of the looks' totals
    # The adjusted standing; null where nobody scored anything.
    adjusted_rank = models.PositiveIntegerField(null=True, blank=True)
    value = models.DecimalField(max_digits=16, decimal_places=6, null=True, blank=True)
    value_sd = models.DecimalField(max_digits=16, decimal_places=6, null=True, blank=True)
    p_cut = models.DecimalField(max_digits=7, decimal_places=6, null=True, blank=True)
    rank_low = models.PositiveIntegerField(null=True, blank=True)
    rank_high = models.PositiveIntegerField(null=True, blank=True)
    own_rank = models.PositiveIntegerField(null=True, blank=True)
    own_value = models.DecimalField(max_digits=16, decimal_places=6, null=True, blank=True)
    flips = models.BooleanField(
        default=False
    )  # on the other side of the cut where judges have scales of their own

    class Meta:
        ordering = [F("rank").asc(nulls_last=True), "entry__code"]
        indexes = [
            models.Index(fields=["standing", "rank"], name="standing_rank"),
            models.Index(fields=["standing", "adjusted_rank"], name="standing_adjusted_rank"),
        ]
        constraints = [models.UniqueConstraint(fields=["standing", "entry"], name="standing_row_once")]

    def __str__(self) -> str:
        return f"{self.rank} {self.entry_id}"
