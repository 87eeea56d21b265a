"""The public notice of an award list, and objections to it. Part of `festival.awards.models`."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from festival.edition.models import Edition


class PublicNotice(models.Model):
    """The list as it stands on public notice: printed, and amended in the open. There is no row before it is public.

    `rows`: [{"slot", "award": {en, zh}, "tier", "place", "share", "film", "title", "title_en", "makers"}]; `changes`:
    [{"at", "version", "slot", "award", "place", "from", "to", "reason": {en, zh}}], films as {"code", "title", …}.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="notices_of_awards")
    version = models.PositiveSmallIntegerField()  # of the award list
    rows = models.JSONField(default=list)
    changes = models.JSONField(default=list)
    past = models.JSONField(default=list)  # [{"version", "until", "rows"}]: what was printed before
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["edition"], name="public_notice_one_an_edition"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=models.F("starts_at")), name="public_notice_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return f"notice of {self.edition_id}"


class Objection(models.Model):
    """What somebody holds against the list, or a film on it. The organisers decide, with reasons.

    `code` is how the objector and the desk call it. It comes from an account with a confirmed address, so that the
    answer arrives; `contact` is another way to reach her. The makers of the film never learn who objected.
    """

    class Ground(models.TextChoices):
        AUTHORSHIP = "authorship", _("Somebody else made it, or it copies another work")
        AI = "ai", _("The AI statement is not true")
        RULES = "rules", _("It breaks a rule of the contest")
        CONFLICT = "conflict", _("A judge is too near to it")
        OTHER = "other", _("Something else")

    class State(models.TextChoices):
        RECEIVED = "received", _("Received")
        REVIEW = "review", _("In review")
        UPHELD = "upheld", _("Upheld")
        DISMISSED = "dismissed", _("Not upheld")

    notice = models.ForeignKey(PublicNotice, models.PROTECT, related_name="objections")
    code = models.CharField(max_length=12, unique=True)
    film = models.CharField(max_length=12, blank=True)  # entry code; empty: the list as a whole
    title = models.CharField(max_length=200, blank=True)
    ground = models.CharField(max_length=12, choices=Ground)
    text = models.TextField()
    contact = models.CharField(max_length=200, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="objections")
    network = models.CharField(max_length=64, blank=True)  # keyed hash of the network it came from
    received_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.RECEIVED)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decision = models.TextField(blank=True)  # the reasons, as the objector reads them

    class Meta:
        ordering = ["due_at", "pk"]
        indexes = [models.Index(fields=["network", "received_at"], name="objection_by_network")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["received", "review"], decided_at__isnull=True, decision="")
                | (Q(state__in=["upheld", "dismissed"], decided_at__isnull=False) & ~Q(decision="")),
                name="objection_decided_with_reasons",
            )
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.RECEIVED, self.State.REVIEW)


class Evidence(models.Model):
    """A file that came with an objection: kept as it came under a random key, never opened here."""

    objection = models.ForeignKey(Objection, models.CASCADE, related_name="evidence")
    key = models.CharField(max_length=80, unique=True)
    filename = models.CharField(max_length=120)
    size = models.PositiveIntegerField()
    kind = models.CharField(max_length=40)  # media type, told from its first bytes

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.filename


class ObjectionStep(models.Model):
    """What happened to an objection: who did what, and notes for colleagues. Never changed."""

    objection = models.ForeignKey(Objection, models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=10)  # received, review, note, upheld, dismissed
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.objection_id} {self.kind}"
