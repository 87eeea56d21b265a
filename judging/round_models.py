"""Rounds of judging and what is scored in them."""

from decimal import Decimal
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from festival.edition.models import Edition
from festival.kit.fields import bilingual
from submissions.cohorts.models import Cohort
from submissions.models import Entry

if TYPE_CHECKING:
    from judging.standing_models import Standing


class Round(models.Model):
    """A stage of judging: its gate, its looks, and, once closed, its standing and its cut.

    Gate, scale, weights, criteria and method are frozen when it opens; what is changed afterwards all the same is a
    `RoundChange`. `after`: the round whose cut it takes; `cohort`: the cohort whose teams it takes as it opens, whoever
    they are by then; without either it takes every admitted film.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    class Gate(models.TextChoices):
        PASS_FAIL = "pass_fail", _("Screening: pass or fail")
        PANEL = "panel", _("Nomination by panels")
        SCORE = "score", _("Scores by criteria")
        BALLOT = "ballot", _("Ballot of the jury")

    class PassRule(models.TextChoices):
        ALL = "all", _("Everybody says pass")
        MAJORITY = "majority", _("More say pass than fail")
        AT_LEAST = "at_least", _("At least so many say pass")

    class Ballot(models.TextChoices):
        RANKED = "ranked", _("Ranked: first, second, third …")
        APPROVAL = "approval", _("Approval: every film one would give it to")
        POINTS = "points", _("Points for each film")

    class Official(models.TextChoices):
        """The published rule; see judging.logic.standing."""

        WEIGHTED_MEAN = "weighted_mean", _("Mean of the looks")
        TRIMMED_MEAN = "trimmed_mean", _("Mean of the looks without one highest and one lowest")
        MEDIAN = "median", _("Median of the looks")
        WEIGHTED_SUM = "weighted_sum", _("Sum of the looks")
        POINTS = "points", _("Points by each judge’s own order")

    class Decides(models.TextChoices):
        """Which of the standings decides; the others are always shown beside it."""

        OFFICIAL = "official", _("The published rule")
        ADJUSTED = "adjusted", _("The adjusted standing")
        OWN = "own", _("The standing with judges’ own scales")

    class TieLast(models.TextChoices):
        """What decides last between films tied across the line; see judging.logic.ties."""

        SHARED = "shared", _("The place is shared: all of them go on")
        LOT = "lot", _("A lot drawn from the round’s seed")

    class Cut(models.TextChoices):
        NONE = "", _("None yet")
        COUNT = "count", _("The first so many")
        SHARE = "share", _("The first so many per cent")
        SCORE = "score", _("Everything from this score")
        PROBABILITY = "probability", _("Everything this likely to be above the line (per cent)")
        PASSED = "passed", _("What has passed by the rule")
        NOMINATED = "nominated", _("What has at least so many nominations")
        BALLOT = "ballot", _("The first so many of the ballot")

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="rounds")
    slug = models.SlugField(max_length=40)
    name = bilingual()
    position = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=8, choices=State, default=State.PLANNED)
    gate = models.CharField(max_length=10, choices=Gate, default=Gate.SCORE)
    after = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="followers")
    cohort = models.ForeignKey(Cohort, models.PROTECT, null=True, blank=True, related_name="judged_in")
    # Who of the jury judges it; nobody named: everybody. On panels those who sit on them.
    jury = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="named_for_rounds", blank=True)
    looks_per_film = models.PositiveSmallIntegerField(default=2)
    scale_min = models.DecimalField(max_digits=5, decimal_places=2, default=Decimal(1))
    scale_max = models.DecimalField(max_digits=5, decimal_places=2, default=Decimal(10))
    scale_step = models.DecimalField(max_digits=4, decimal_places=2, default=Decimal("0.5"))
    allow_speed = models.BooleanField(default=False)  # judges may play faster than the film runs
    min_watch_seconds = models.PositiveIntegerField(default=0)  # to be seen before a film may be scored …
    min_watch_share = models.PositiveSmallIntegerField(default=0)  # … or this per cent, whichever is more
    official_rule = models.CharField(max_length=14, choices=Official, default=Official.WEIGHTED_MEAN)
    decides = models.CharField(max_length=10, choices=Decides, default=Decides.OFFICIAL)
    pass_rule = models.CharField(max_length=10, choices=PassRule, default=PassRule.MAJORITY)
    pass_least = models.PositiveSmallIntegerField(default=1)  # with the rule `at_least`
    most_nominations = models.PositiveSmallIntegerField(default=10)  # of each judge; a panel may have its own
    ballot = models.CharField(max_length=10, choices=Ballot, default=Ballot.RANKED)
    ballot_points = models.PositiveSmallIntegerField(default=10)  # the most a juror gives one film
    quorum = models.PositiveSmallIntegerField(default=1)  # ballots without which the round cannot close
    cut_kind = models.CharField(max_length=12, choices=Cut, default=Cut.NONE, blank=True)  # as planned
    cut_value = models.DecimalField(max_digits=8, decimal_places=3, null=True, blank=True)
    wild_cards = models.PositiveSmallIntegerField(default=0)  # films that the organiser may add past the gate
    expects = models.PositiveIntegerField(
        default=0
    )  # films that are reckoned with while none are known; 0: not said
    expects_judges = models.PositiveSmallIntegerField(
        default=0
    )  # reckoned with until some are named; 0: not said
    tie_criterion = models.SlugField(max_length=40, blank=True)  # of the round's criteria; "": none is named
    tie_last = models.CharField(max_length=6, choices=TieLast, default=TieLast.SHARED)
    blind = models.BooleanField(null=True, blank=True)  # names hidden until scored; None: as the edition says
    overhead_seconds = models.PositiveSmallIntegerField(
        default=40
    )  # a judge needs for a film beyond its length
    reading_minutes = models.PositiveSmallIntegerField(
        default=10
    )  # for a project, which has no length of its own
    # After the first looks, further ones where they decide something; see judging.adaptive_actions.
    adaptive = models.BooleanField(default=False)
    most_looks = models.PositiveSmallIntegerField(default=20)  # of one film
    looks_budget = models.PositiveIntegerField(null=True, blank=True)  # of the round, first looks included
    second_look = models.BooleanField(default=True)  # a random part of what lies below the line is seen again
    films = models.ManyToManyField(Entry, related_name="rounds")
    takes_all = models.BooleanField(default=True)  # every admitted film, late ones too; else those chosen
    seed = models.PositiveBigIntegerField(default=0)  # of the allocation, drawn when the round opens
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    reopened_at = models.DateTimeField(null=True, blank=True)  # the last time, for further looks alone

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
            models.CheckConstraint(
                condition=Q(gate__in=("pass_fail", "panel", "score", "ballot"))
                & Q(pass_rule__in=("all", "majority", "at_least"))
                & Q(ballot__in=("ranked", "approval", "points"))
                & Q(decides__in=("official", "adjusted", "own"))
                & Q(tie_last__in=("shared", "lot")),
                name="round_known_gate",
            ),
            models.CheckConstraint(
                condition=Q(pass_least__gte=1, most_nominations__gte=1, ballot_points__gte=1, quorum__gte=1),
                name="round_least_one",
            ),
            models.CheckConstraint(
                condition=Q(cut_kind__in=("", "passed"), cut_value__isnull=True)
                | Q(cut_kind__in=("count", "share", "nominated", "ballot"), cut_value__gt=0)
                | Q(cut_kind="score", cut_value__gte=0)
                | Q(cut_kind="probability", cut_value__gt=0, cut_value__lte=100),
                name="round_cut_has_value",
            ),
            models.CheckConstraint(condition=Q(min_watch_share__lte=100), name="round_watch_share"),
            models.CheckConstraint(condition=Q(reading_minutes__gte=1), name="round_reading_takes_time"),
            models.CheckConstraint(
                condition=Q(after__isnull=True) | ~Q(after=F("pk")), name="round_not_after_itself"
            ),
            models.CheckConstraint(
                condition=Q(after__isnull=True) | Q(cohort__isnull=True), name="round_takes_from_one"
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def standing(self) -> "Standing":
        """The frozen standing in force; those before it were superseded when the round was reopened. One query."""
        # Its inputs are megabytes where there were many looks: fetched by whoever computes it again.
        return self.standings.defer("inputs").get(superseded_at__isnull=True)

    @property
    def hides_names(self) -> bool:
        """Whether its judges see a film's names only once they have scored it."""
        return self.edition.blind if self.blind is None else self.blind


class Criterion(models.Model):
    """What is scored, with its weight (per cent; a round's weights sum to 100).

    `anchors` say what marks mean: [{"value": "5", "text": {"en": …, "zh": …}}], lowest first.
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="criteria")
    slug = models.SlugField(max_length=40)
    name = bilingual()
    about = bilingual()
    weight = models.DecimalField(max_digits=5, decimal_places=2)
    anchors = models.JSONField(default=list, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "slug"], name="criterion_slug"),
            models.CheckConstraint(condition=Q(weight__gt=0), name="criterion_has_weight"),
        ]

    def __str__(self) -> str:
        return self.slug


class RoundChange(models.Model):
    """Something that was changed while the round was open. Shown to its judges; never deleted.

    `what` is the name of a setting, or "criterion:slug"; `before` and `after` are values as they are stored, None
    where there was or is nothing.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="changes")
    what = models.CharField(max_length=60)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="round_change_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.what}"
