"""Rehearsals that were asked for at the desk, and what they found."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from festival.edition.models import Edition


class Rehearsal(models.Model):
    """An edition tried out with synthetic films and judges. The copy it was tried on is gone once `report` is there.

    `report` is a document in figures (judging.rehearsal.report), `problem` why it ended without one. `prices` are
    those the organiser gave; `stop`: somebody has asked the worker to end it.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        READY = "ready", _("Done")
        STOPPED = "stopped", _("Stopped")
        FAILED = "failed", _("Could not be finished")

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="rehearsals")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=7, choices=State, default=State.RUNNING)
    entries = models.PositiveIntegerField()
    judges = models.PositiveIntegerField()
    seed = models.PositiveIntegerField()
    workers = models.PositiveSmallIntegerField()  # films that are inspected at once
    prices = models.JSONField(default=dict)
    stage = models.CharField(max_length=60, blank=True)
    progress = models.PositiveSmallIntegerField(default=0)  # per cent of the whole
    stop = models.BooleanField(default=False)
    report = models.JSONField(default=dict)
    problem = models.TextField(blank=True)
    asked_at = models.DateTimeField()
    heard_at = models.DateTimeField()  # when the worker last said how far it is
    ended_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "number"], name="rehearsal_number"),
            models.UniqueConstraint(
                fields=["edition"], condition=Q(state="running"), name="rehearsal_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(state="running", ended_at__isnull=True)
                | Q(state__in=("ready", "stopped", "failed"), ended_at__isnull=False),
                name="rehearsal_ended_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"rehearsal {self.number} of {self.edition_id}"
