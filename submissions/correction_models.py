"""Corrections of submitted entries, and what was changed by them. Part of `submissions.models`."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Correction(models.Model):
    """A request to change named fields of a submitted entry, and what the organisers decided.

    `asked` and `granted` are names of `correction_fields`. One that an organiser opened by themselves has nothing
    `asked`. A granted one is open until `until`; afterwards it is over, whether or not the row says so already.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("Waiting for an answer")
        GRANTED = "granted", _("Open for correction")
        REFUSED = "refused", _("Not granted")
        DONE = "done", _("Corrected")
        OVER = "over", _("Closed")

    OPEN = (State.ASKED, State.GRANTED)

    entry = models.ForeignKey("submissions.Entry", models.PROTECT, related_name="corrections")
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    asked = models.JSONField(default=list)
    message = models.TextField(blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    granted = models.JSONField(default=list)
    until = models.DateTimeField(null=True, blank=True)  # the first moment that is too late
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)  # of the decision; the entrant reads it
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )  # nobody: its time ran out, or its entry left the contest
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        indexes = [
            models.Index(fields=["until"], condition=Q(state="granted"), name="correction_running"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["entry"], condition=Q(state__in=("asked", "granted")), name="correction_one_open"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("asked", "granted", "refused", "done", "over")),
                name="correction_known_state",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=("granted", "refused", "done"),
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                )
                | Q(state="asked", decided_by__isnull=True, decided_at__isnull=True)
                | Q(state="over", decided_by__isnull=False, decided_at__isnull=False)
                | Q(state="over", decided_by__isnull=True, decided_at__isnull=True),
                name="correction_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("granted", "done"), until__isnull=False)
                | Q(state__in=("asked", "refused"), until__isnull=True)
                | Q(state="over", decided_at__isnull=False, until__isnull=False)
                | Q(state="over", decided_at__isnull=True, until__isnull=True),
                name="correction_granted_until",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("done", "over"), closed_at__isnull=False)
                | Q(state__in=("asked", "granted", "refused"), closed_at__isnull=True),
                name="correction_closed_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="asked") | ~Q(message=""), name="correction_asked_has_message"
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reason=""), name="correction_refused_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.state}"


class CorrectionChange(models.Model):
    """One field as it was before a save and after it. `event` says who and when; never changed, never deleted.

    The values are those of `correction_values`: whole in themselves, so that they can be read when the question,
    the file or the person is gone. Null: there was no answer.
    """

    correction = models.ForeignKey(Correction, models.PROTECT, related_name="changes")
    event = models.ForeignKey("submissions.Event", models.PROTECT, related_name="changes")
    field = models.CharField(max_length=30)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["event", "field"], name="correction_change_once"),
            models.CheckConstraint(condition=~Q(field=""), name="correction_change_names_field"),
        ]

    def __str__(self) -> str:
        return f"{self.correction_id} {self.field}"
