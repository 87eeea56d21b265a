"""Copies that may be published, and what their entrants let the world see. Part of `submissions.models`."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class PublishedCopy(models.Model):
    """A file made from an original (`asset`) to be published: the same film with the propagator's part in its label.

    Made by a worker, in the limited child, once for an original and a propagator; another of either makes it again.
    `facts` are those of `published_job`. The row stays ours while `lease_until` is renewed.
    """

    class Purpose(models.TextChoices):
        HANDOFF = "handoff", _("For the hand-off pack")
        FILM = "film", _("The film, for its public page")
        TRAILER = "trailer", _("The trailer, for the public page")

    class State(models.TextChoices):
        WAITING = "waiting", _("Being made")
        READY = "ready", _("Ready")
        REFUSED = "refused", _("Cannot be made")

    entry = models.ForeignKey("submissions.Entry", models.PROTECT, related_name="published_copies")
    asset = models.ForeignKey("submissions.Asset", models.PROTECT, related_name="published_copies")
    purpose = models.CharField(max_length=8, choices=Purpose)
    propagator = models.CharField(max_length=200)  # name or code of who publishes, as it goes into the label
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    progress = models.PositiveSmallIntegerField(default=0)  # per cent
    problem = models.CharField(max_length=40, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    key = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    hinted_at = models.DateTimeField()  # when it was last put on the queue
    lease_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["entry_id", "purpose"]
        indexes = [
            models.Index(fields=["hinted_at"], condition=Q(state="waiting"), name="published_waiting"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["entry", "purpose"], name="published_once_per_purpose"),
            models.CheckConstraint(
                condition=Q(purpose__in=["handoff", "film", "trailer"]), name="published_known_purpose"
            ),
            models.CheckConstraint(
                condition=~Q(state="ready") | (~Q(key="") & ~Q(sha256="")), name="published_ready_is_kept"
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(problem=""), name="published_refused_has_problem"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.purpose}"


class OnlineShowing(models.Model):
    """What an entrant lets everybody watch on the film's public page; without a row, nothing. Kept when taken back.

    The one without `until` counts. `version` is that of the sentence that was agreed to (`showing_words`).
    """

    class What(models.TextChoices):
        TRAILER = "trailer", _("The trailer")
        FILM = "film", _("The whole film")

    entry = models.ForeignKey("submissions.Entry", models.PROTECT, related_name="online_showings")
    what = models.CharField(max_length=8, choices=What)
    version = models.PositiveSmallIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry"], condition=Q(until__isnull=True), name="online_showing_one_counts"
            ),
            models.CheckConstraint(
                condition=Q(what__in=["trailer", "film"]), name="online_showing_known_what"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("at")),
                name="online_showing_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.what}"
