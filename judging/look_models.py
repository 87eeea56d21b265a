"""Looks: who sees which film, and what she gave."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from judging.round_models import Criterion, Round
from submissions.models import Entry


class Allocation(models.Model):
    """One drawing of looks; allocating `inputs` again gives the same result.

    `choice`: of a batch in an adaptive round, why these films: the line, how many films stand where, and, of a second
    look, which films they are of how many. `report`: how even the judges' minutes are, how well they can be compared.
    """

    class Purpose(models.TextChoices):
        FIRST = "first", _("First looks, and those that were missing")
        NEXT = "next", _("Looks where they decide something")
        SECOND = "second", _("Second look below the line")
        FURTHER = "further", _("One more look, by the chair")

    round = models.ForeignKey(Round, models.PROTECT, related_name="allocations")
    purpose = models.CharField(max_length=8, choices=Purpose, default=Purpose.FIRST)
    choice = models.JSONField(default=dict)
    report = models.JSONField(default=dict)
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

    class Confidence(models.TextChoices):
        SURE = "sure", _("Sure")
        FAIRLY = "fairly", _("Fairly sure")
        UNSURE = "unsure", _("Unsure")

    class Stop(models.TextChoices):
        """Why a judge did not watch to the end."""

        UNFIT = "unfit", _("Not for this competition")
        FAULT = "fault", _("Technical fault")
        OFF_TOPIC = "off_topic", _("Off topic")
        OTHER = "other", _("Another reason")

    class Taken(models.TextChoices):
        """Why a look was taken from its judge."""

        REPLACED = "replaced", _("Taken off this round")
        LEFT_JURY = "left_jury", _("No longer on the jury")
        CONFLICT = "conflict", _("Conflict")

    class Answer(models.TextChoices):
        NONE = "", _("Not answered")
        PASS = "pass", _("Pass")
        FAIL = "fail", _("Fail")
        UNSURE = "unsure", _("Unsure")

    # Its indexes below begin with the round.
    round = models.ForeignKey(Round, models.PROTECT, related_name="looks", db_index=False)
    judge = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="looks")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="looks")
    state = models.CharField(max_length=8, choices=State, default=State.PENDING)
    position = models.PositiveIntegerField()  # in the judge's queue; drawn by lot
    answer = models.CharField(
        max_length=6, choices=Answer, default=Answer.NONE, blank=True
    )  # gate: pass or fail
    nominated = models.BooleanField(default=False)  # gate: nomination by panels
    comment = models.TextField(blank=True)  # to the jury
    feedback = models.TextField(blank=True)  # to the entrant
    confidence = models.CharField(max_length=6, choices=Confidence, blank=True)
    stopped = models.CharField(max_length=9, choices=Stop, blank=True)
    stop_words = models.TextField(blank=True)
    reason = models.TextField(blank=True)  # of a recusal, in the judge's own words
    taken = models.CharField(max_length=9, choices=Taken, blank=True)  # recused, but not by herself
    seconds = models.PositiveIntegerField(default=0)  # running time of the film when the look was given
    to_read = models.BooleanField(
        default=False
    )  # a project: nothing is played, `seconds` is the reading time
    played = models.JSONField(
        default=list
    )  # [start, end] in seconds: the parts of the film that were really played
    watched_seconds = models.PositiveIntegerField(default=0)  # of the film, as the parts sum up
    watched_declared = models.BooleanField(default=False)  # said by the judge, where no script could count
    revision = models.PositiveIntegerField(
        default=0
    )  # grows with every save: two tabs cannot overwrite each other
    opened_at = models.DateTimeField(null=True, blank=True)  # its console was shown first
    played_at = models.DateTimeField(null=True, blank=True)  # last report of what was played
    saved_at = models.DateTimeField(null=True, blank=True)
    scored_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        indexes = [
            models.Index(fields=["judge", "round", "state", "position"], name="look_queue"),
            models.Index(fields=["round", "-state", "entry", "seconds"], name="look_counts"),
            models.Index(fields=["round", "entry", "state"], name="look_films"),
            models.Index(F("round"), Length("feedback"), name="look_comments"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["round", "judge", "entry"], name="look_once"),
            models.CheckConstraint(
                condition=~Q(state="scored") | Q(scored_at__isnull=False), name="look_scored_has_time"
            ),
            models.CheckConstraint(
                condition=~Q(state="recused") | ~Q(reason="") | ~Q(taken=""), name="look_recused_has_reason"
            ),
            models.CheckConstraint(condition=Q(taken="") | Q(state="recused"), name="look_taken_is_recused"),
            models.CheckConstraint(
                condition=Q(answer__in=("", "pass", "fail", "unsure")), name="look_known_answer"
            ),
            models.CheckConstraint(
                condition=~Q(state="recused") | Q(answer="", nominated=False),
                name="look_recused_says_nothing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.judge_id}:{self.entry_id}"


class LookNote(models.Model):
    """A judge's note at a moment of the film. `client_id` is the console's own: what is sent twice is kept once.

    A note that was taken away stays as a row without text, so that an old send cannot bring it back.
    """

    look = models.ForeignKey(Look, models.CASCADE, related_name="notes")
    client_id = models.UUIDField()
    number = models.PositiveIntegerField(default=1)  # grows with every change: of two sends the later stands
    seconds = models.DecimalField(max_digits=8, decimal_places=1)  # into the film
    text = models.TextField(blank=True)
    for_jury = models.BooleanField(
        default=False
    )  # read by the jury once the round is closed; else by its judge alone
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["seconds", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["look", "client_id"], name="look_note_once"),
            models.CheckConstraint(condition=Q(seconds__gte=0), name="look_note_in_film"),
        ]

    def __str__(self) -> str:
        return f"{self.look_id}@{self.seconds}"


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
