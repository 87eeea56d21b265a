"""Rounds, looks, scores, standings and verdicts."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from festival.awards.models import AwardSlot
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

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="rounds")
    slug = models.SlugField(max_length=40)
    name = bilingual()
    position = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=8, choices=State, default=State.PLANNED)
    looks_per_film = models.PositiveSmallIntegerField(default=2)
    scale_min = models.DecimalField(max_digits=5, decimal_places=2, default=Decimal(1))
    scale_max = models.DecimalField(max_digits=5, decimal_places=2, default=Decimal(10))
    scale_step = models.DecimalField(max_digits=4, decimal_places=2, default=Decimal("0.5"))
    films = models.ManyToManyField(Entry, related_name="rounds")
    takes_all = models.BooleanField(default=True)  # every admitted film, late ones too; else those chosen
    seed = models.PositiveBigIntegerField(default=0)  # of the allocation, drawn when the round opens
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "slug"], name="round_slug"),
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


class Allocation(models.Model):
    """One drawing of looks; allocating `inputs` again gives the same result."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="allocations")
    method = models.CharField(max_length=40)
    method_version = models.PositiveSmallIntegerField()
    inputs = models.JSONField()  # films that missed looks, barred judges, loads, seed
    inputs_digest = models.CharField(max_length=64)
    result_digest = models.CharField(max_length=64)
    unserved = models.JSONField(default=list)  # films that still miss looks, and why
    looks_made = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["made_at", "pk"]

    def __str__(self) -> str:
        return f"allocation {self.pk} of {self.round_id}"


class Look(models.Model):
    """One judge seeing one film in one round."""

    class State(models.TextChoices):
        PENDING = "pending", _("To be seen")
        SCORED = "scored", _("Scored")
        RECUSED = "recused", _("Recused")

    round = models.ForeignKey(Round, models.PROTECT, related_name="looks")
    judge = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="looks")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="looks")
    state = models.CharField(max_length=8, choices=State, default=State.PENDING)
    position = models.PositiveIntegerField()  # in the judge's queue; drawn by lot
    comment = models.TextField(blank=True)  # to the jury
    reason = models.TextField(blank=True)  # of a recusal
    seconds = models.PositiveIntegerField(default=0)  # running time of the film when the look was given
    watched_seconds = models.PositiveIntegerField(default=0)  # really played, as the console counted
    watched_declared = models.BooleanField(default=False)  # said by the judge, where no script could count
    revision = models.PositiveIntegerField(
        default=0
    )  # grows with every save: two tabs cannot overwrite each other
    saved_at = models.DateTimeField(null=True, blank=True)
    scored_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        indexes = [models.Index(fields=["judge", "round", "state", "position"], name="look_queue")]
        constraints = [
            models.UniqueConstraint(fields=["round", "judge", "entry"], name="look_once"),
            models.CheckConstraint(
                condition=~Q(state="scored") | Q(scored_at__isnull=False), name="look_scored_has_time"
            ),
            models.CheckConstraint(
                condition=~Q(state="recused") | ~Q(reason=""), name="look_recused_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.judge_id}:{self.entry_id}"


class Score(models.Model):
    """What a judge gave for one criterion."""

    look = models.ForeignKey(Look, models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="scores")
    value = models.DecimalField(max_digits=5, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["look", "criterion"], name="score_once"),
            models.CheckConstraint(condition=Q(value__gte=0), name="score_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.look_id}:{self.criterion_id}={self.value}"


class Standing(models.Model):
    """A round's result, frozen when it closed; computing it again from `inputs` gives the same bytes."""

    round = models.OneToOneField(Round, models.PROTECT, related_name="standing")
    method = models.CharField(max_length=40)
    method_version = models.PositiveSmallIntegerField()
    inputs = models.JSONField()  # criteria with weights, looks with scores, as they were at closing
    inputs_digest = models.CharField(max_length=64)
    result_digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"standing of {self.round_id}"


class StandingRow(models.Model):
    """A film's line in a standing. Rank is shared by films with the same exact mean; null when never scored."""

    standing = models.ForeignKey(Standing, models.CASCADE, related_name="rows")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+")
    rank = models.PositiveIntegerField(null=True, blank=True)
    mean = models.DecimalField(max_digits=12, decimal_places=6, null=True, blank=True)
    looks = models.PositiveSmallIntegerField()
    spread = models.DecimalField(
        max_digits=12, decimal_places=6, null=True, blank=True
    )  # sample SD of the looks' totals

    class Meta:
        ordering = [F("rank").asc(nulls_last=True), "entry__code"]
        constraints = [models.UniqueConstraint(fields=["standing", "entry"], name="standing_row_once")]

    def __str__(self) -> str:
        return f"{self.rank} {self.entry_id}"


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
