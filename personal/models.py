"""Requests of people about their own data: a copy of it, and its deletion."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class DataExport(models.Model):
    """A copy of what the site holds about an account, made by a worker and kept for a week.

    A worker holds the row by `lease_token` until `lease_until`; when it dies the reaper queues the row again.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits for a free worker")
        RUNNING = "running", _("Being gathered")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Could not be made")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="data_exports")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    progress = models.PositiveSmallIntegerField(default=0)  # per cent
    asked_at = models.DateTimeField()
    hinted_at = models.DateTimeField()  # when it was last put on the queue
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    ready_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)  # when the letter that says so was handed over
    key = models.CharField(max_length=200, blank=True)  # in the storage
    size = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(state__in=["waiting", "running"]), name="data_export_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running", "ready", "failed"]), name="data_export_known_state"
            ),
            models.CheckConstraint(
                condition=Q(state="running", lease_token__isnull=False, lease_until__isnull=False)
                | (~Q(state="running") & Q(lease_token__isnull=True, lease_until__isnull=True)),
                name="data_export_running_has_lease",
            ),
            models.CheckConstraint(
                condition=~Q(state="ready") | (Q(ready_at__isnull=False, expires_at__isnull=False) & ~Q(key="")),
                name="data_export_ready_has_file",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.user_id} {self.state}"


class Erasure(models.Model):
    """The deletion of an account: asked for, waiting out the days in which it can be taken back, carried out.

    What remains of it names nobody: when it was asked for and done, and how many rows and files it concerned.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Can still be taken back")
        RUNNING = "running", _("Being carried out")
        DONE = "done", _("Carried out")

    class Way(models.TextChoices):
        OWN = "own", _("On the account’s own page")
        OPERATOR = "operator", _("By an operator, after a request by post")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="erasure"
    )
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    way = models.CharField(max_length=8, choices=Way)
    withdraw = models.BooleanField(default=False)  # entries that are still in a running contest
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)  # when the letter that says so was handed over
    hinted_at = models.DateTimeField()  # when it was last put on the queue
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    counts = models.JSONField(default=dict)  # {"deleted": {table: rows}, "blanked": {…}, "files": number}

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running"], user__isnull=False, done_at__isnull=True)
                | Q(state="done", user__isnull=True, done_at__isnull=False),
                name="erasure_done_names_nobody",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", started_at__isnull=True)
                | Q(state__in=["running", "done"], started_at__isnull=False),
                name="erasure_begun_has_time",
            ),
            models.CheckConstraint(condition=Q(due_at__gte=F("asked_at")), name="erasure_due_after_asked"),
            models.CheckConstraint(condition=Q(way__in=["own", "operator"]), name="erasure_known_way"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"


class Remnant(models.Model):
    """Something in the storage whose row is gone: it is removed after the transaction, however often that stops."""

    class Kind(models.TextChoices):
        ORIGINAL = "original"  # `key` is the SHA-256 of an asset: removed when nothing refers to it any more
        MADE = "made"  # a key, or the prefix of several, of what was made from an original or for the account

    erasure = models.ForeignKey(Erasure, models.CASCADE, related_name="remnants")
    kind = models.CharField(max_length=8, choices=Kind)
    key = models.CharField(max_length=200)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["erasure", "kind", "key"], name="remnant_once"),
            models.CheckConstraint(condition=Q(kind__in=["original", "made"]), name="remnant_known_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
