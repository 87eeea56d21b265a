"""Many entries put into the catalogue together. Part of `submissions.models`."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from festival.edition.models import Edition


class CatalogueRun(models.Model):
    """An order to put entries into the catalogue, carried out by the worker film by film.

    `entries` are ids in the order of work, the first `done` of which are through: film, figures and `done` are written
    in one transaction, so that whoever takes it up goes on where the last film ended. `refused` are pairs of an entry's
    code and why (REASONS).
    """

    class State(models.TextChoices):
        RUNNING = "running", _("At work")
        DONE = "done", _("Done")

    REASONS = ("not_admitted", "no_length", "no_film", "not_allowed", "fault")

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="catalogue_runs")
    state = models.CharField(max_length=8, choices=State, default=State.RUNNING)
    query = models.TextField(blank=True)  # the filters, as the address of the table has them
    renew = models.BooleanField(default=True)  # what is there already is brought up to date
    entries = models.JSONField()
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.JSONField(default=list, blank=True)
    asked_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    heard_at = models.DateTimeField()  # when the last film was through
    taken_out = models.PositiveIntegerField(default=0)  # of the new ones, when it was taken back
    taken_out_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition"], condition=Q(state="running"), name="catalogue_run_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(state="running", ended_at__isnull=True)
                | Q(state="done", ended_at__isnull=False, done=F("total")),
                name="catalogue_run_done_is_through",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.asked_at:%Y-%m-%d %H:%M}"
