"""What the solver was asked for, how far it is, and what it said."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from festival.edition.models import Edition
from festival.people.models import User
from festival.premiere.models import Draft


class Proposal(models.Model):
    """A timetable that the solver is asked to make. What it made becomes a draft.

    `problem` and `previous` are documents of `timetable` (docs/timetable.md), so that the same comes out again from a
    shell; `answer` is the engine's. `stop` asks it to end with the best so far.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("Being made")
        READY = "ready", _("Ready")
        NOTHING = "nothing", _("No timetable was found")
        FAILED = "failed", _("The work broke off")

    class Mode(models.TextChoices):
        REST = "rest", _("Keep all that is on the table, and find places for the films that have none")
        MEND = "mend", _("Change as little as can be of what is on the table, until everything fits")
        NEW = "new", _("Make a new timetable; only what the public knows stays")

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="proposals")
    state = models.CharField(max_length=8, choices=State, default=State.RUNNING)
    mode = models.CharField(max_length=8, choices=Mode)
    wishes = models.JSONField()
    asked_at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    problem = models.JSONField()
    previous = models.JSONField(null=True, blank=True)
    kept = models.JSONField(
        default=dict
    )  # the rows of the table that it does not touch, as a snapshot has them
    stage = models.CharField(max_length=12, blank=True)
    seconds = models.PositiveIntegerField(default=0)  # of computing, so far
    cost = models.PositiveIntegerField(null=True, blank=True)  # of the best so far
    placed = models.PositiveIntegerField(default=0)  # screenings of the best so far
    heard_at = models.DateTimeField()
    stop = models.BooleanField(default=False)
    answer = models.JSONField(null=True, blank=True)
    draft = models.ForeignKey(Draft, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition"], condition=Q(state="running"), name="proposal_one_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"proposal {self.pk} of {self.edition_id}"
