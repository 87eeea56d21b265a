"""Cuts: which films of a round go on."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from judging.round_models import Round
from judging.standing_models import Standing
from submissions.models import Entry


class Cut(models.Model):
    """The line drawn in a closed round's standing, by a rule, and what the chair moved over it by hand.

    Drawing it anew sets the old one aside and keeps it. Frozen when a round that takes it opens. What a standing was
    computed from and by which method stays with the cut as digest and name.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="cuts")
    standing = models.ForeignKey(Standing, models.PROTECT, related_name="cuts")
    kind = models.CharField(max_length=12, choices=Round.Cut)
    value = models.DecimalField(max_digits=8, decimal_places=3, null=True)
    decided_by = models.CharField(max_length=10, choices=Round.Decides)  # which of the two standings
    method = models.CharField(max_length=40)
    method_version = models.PositiveSmallIntegerField()
    standing_digest = models.CharField(max_length=64)  # of the standing's result
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    set_aside_at = models.DateTimeField(null=True, blank=True)
    frozen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round"], condition=Q(set_aside_at__isnull=True), name="cut_one_in_force"
            ),
            models.CheckConstraint(
                condition=Q(set_aside_at__isnull=True) | Q(frozen_at__isnull=True),
                name="cut_frozen_stays_in_force",
            ),
            models.CheckConstraint(condition=~Q(kind=""), name="cut_has_rule"),
        ]

    def __str__(self) -> str:
        return f"cut of {self.round_id}"


class CutRow(models.Model):
    """A film that the cut names: it goes on, unless the chair took it out.

    `tie`: it shares its place with others across the line; they are kept together until the chair decides, or the tie
    rule is applied. `between` is of the tie rule: what decided between the film and its neighbour (`before` or
    `after` names it by code). `why` and who and when are of the chair's own moves, and of wild cards: films that the
    organiser, or a partner through him, sends on past the gate, as many as the round has.
    """

    class Reason(models.TextChoices):
        BY_RULE = "by_rule", _("By the rule")
        TIE = "tie", _("Tied at the line")
        TIE_WON = "tie_won", _("By the tie rule")
        TIE_LOST = "tie_lost", _("Below by the tie rule")
        ADDED = "added_by_chair", _("Added by the chair")
        REMOVED = "removed_by_chair", _("Taken out by the chair")
        WILD_CARD = "wild_card", _("By a wild card")

    BY_HAND = (Reason.ADDED, Reason.REMOVED, Reason.WILD_CARD)
    OUT = (Reason.REMOVED, Reason.TIE_LOST)  # named by the cut, but not going on

    cut = models.ForeignKey(Cut, models.CASCADE, related_name="rows")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="cut_rows")
    reason = models.CharField(max_length=16, choices=Reason)
    rank = models.PositiveIntegerField(null=True, blank=True)  # as the rule saw it
    tie_place = models.PositiveIntegerField(null=True, blank=True)  # among the tied, as the tie rule put them
    between = models.JSONField(default=dict, blank=True)
    why = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = [
            models.F("rank").asc(nulls_last=True),
            models.F("tie_place").asc(nulls_last=True),
            "entry__code",
        ]
        constraints = [
            models.UniqueConstraint(fields=["cut", "entry"], name="cut_row_once"),
            models.CheckConstraint(
                condition=Q(
                    reason__in=("by_rule", "tie", "tie_won", "tie_lost"),
                    why="",
                    by__isnull=True,
                    at__isnull=True,
                )
                | (
                    Q(
                        reason__in=("added_by_chair", "removed_by_chair", "wild_card"),
                        by__isnull=False,
                        at__isnull=False,
                    )
                    & ~Q(why="")
                ),
                name="cut_row_by_hand_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(reason__in=("tie_won", "tie_lost")) | Q(tie_place__gte=1),
                name="cut_row_settled_has_place",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cut_id}:{self.entry_id}"

    @property
    def goes_on(self) -> bool:
        return self.reason not in self.OUT


class TieBreak(models.Model):
    """The tie rule as it was applied to the films tied across a cut's line; settling `inputs` again gives the same.

    `open_step`: what could have been done before, by the rule: another look, or the jury's ballot. Going past it needs
    a reason (`why`).
    """

    class Step(models.TextChoices):
        NONE = "", _("Nothing was left to be done before")
        LOOK = "look", _("Another look could still be given")
        BALLOT = "ballot", _("A ballot of the jury follows")

    cut = models.OneToOneField(Cut, models.PROTECT, related_name="tie_break")
    method = models.CharField(max_length=40)
    method_version = models.PositiveSmallIntegerField()
    inputs = (
        models.JSONField()
    )  # each judge's totals and marks of the tied films, criterion, what is last, seed
    inputs_digest = models.CharField(max_length=64)
    result_digest = models.CharField(max_length=64)
    places = models.PositiveIntegerField()  # that were left for the tied films
    open_step = models.CharField(max_length=6, choices=Step, default=Step.NONE, blank=True)
    why = models.TextField(blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(open_step="") | ~Q(why=""), name="tie_break_has_reason"),
        ]

    def __str__(self) -> str:
        return f"ties of {self.cut_id}"
