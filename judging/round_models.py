"""Rounds of judging and what is scored in them."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from festival.edition.models import Edition
from festival.kit.fields import bilingual
from submissions.models import Entry


class Round(models.Model):
    """A stage of judging: its criteria, its looks, and, once closed, its standing.

    Scale, weights and criteria are frozen when it opens.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    class Official(models.TextChoices):
        """The published rule; see judging.logic.standing."""

        WEIGHTED_MEAN = "weighted_mean", _("mean of the looks")
        TRIMMED_MEAN = "trimmed_mean", _("mean of the looks without one highest and one lowest")
        MEDIAN = "median", _("median of the looks")
        WEIGHTED_SUM = "weighted_sum", _("sum of the looks")
        POINTS = "points", _("points by each judge’s own order")

    class Decides(models.TextChoices):
        """Which of the standings decides; the others are always shown beside it."""

        OFFICIAL = "official", _("The published rule")
        ADJUSTED = "adjusted", _("The adjusted standing")
        OWN = "own", _("The standing with judges’ own scales")

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="rounds")
    slug = models.SlugField(max_length=40)
    name = bilingual()
    position = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=8, choices=State, default=State.PLANNED)
    looks_per_film = models.PositiveSmallIntegerField(default=2)
    scale_min = models.DecimalField(max_digits=5, decimal_places=2, default=Decimal(1))
    scale_max = models.DecimalField(max_digits=5, decimal_places=2, default=Decimal(10))
    scale_step = models.DecimalField(max_digits=4, decimal_places=2, default=Decimal("0.5"))
    allow_speed = models.BooleanField(default=False)  # judges may play faster than the film runs
    min_watch_seconds = models.PositiveIntegerField(default=0)  # to be seen before a film may be scored …
    min_watch_share = models.PositiveSmallIntegerField(default=0)  # … or this per cent, whichever is more
    films = models.ManyToManyField(Entry, related_name="rounds")
    takes_all = models.BooleanField(default=True)  # every admitted film, late ones too; else those chosen
    official_rule = models.CharField(
        max_length=16, default="weighted_mean"
    )  # of judging.logic.standing.METHODS
    decides = models.CharField(max_length=8, choices=Decides, default=Decides.OFFICIAL)
    seed = models.PositiveBigIntegerField(default=0)  # of the allocation, drawn when the round opens
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "slug"], name="round_slug"),
            models.CheckConstraint(condition=Q(min_watch_share__lte=100), name="round_watch_share"),
            models.CheckConstraint(
                condition=Q(scale_max__gt=F("scale_min"), scale_step__gt=0), name="round_scale"
            ),
            models.CheckConstraint(
                condition=(
                    Q(state="planned", opened_at__isnull=True, closed_at__isnull=True)
                    | Q(state="open", opened_at__isnull=False, closed_at__isnull=True)
                    | Q(state="closed", opened_at__isnull=False, closed_at__isnull=False)
                ),
                name="round_state_has_times",
            ),
        ]

    def __str__(self) -> str:
        return self.slug


class Criterion(models.Model):
    """What is scored, with its weight (per cent; a round's weights sum to 100)."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="criteria")
    slug = models.SlugField(max_length=40)
    name = bilingual()
    about = bilingual()
    weight = models.DecimalField(max_digits=5, decimal_places=2)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "slug"], name="criterion_slug"),
            models.CheckConstraint(condition=Q(weight__gt=0), name="criterion_has_weight"),
        ]

    def __str__(self) -> str:
        return self.slug
