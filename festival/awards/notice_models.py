"""The public notice of an award list, and objections to it. Part of `festival.awards.models`."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from festival.edition.models import Edition
from festival.kit.fields import bilingual
from festival.people.models import LANGUAGES


class PublicNotice(models.Model):
    """The list as it stands on public notice: printed, and amended in the open. There is no row before it is public.

    `rows`: [{"slot", "award": {en, zh}, "tier", "place", "share", "film", "title", "title_en", "makers"}]; `changes`:
    [{"at", "version", "slot", "award", "place", "from", "to", "reason": {en, zh}}], films as {"code", "title", …}.
    Taken down (an objection to the list as a whole was upheld), it shows the reason alone; another one is given later.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="notices_of_awards")
    version = models.PositiveSmallIntegerField()  # of the award list
    rows = models.JSONField(default=list)
    changes = models.JSONField(default=list)
    past = models.JSONField(default=list)  # [{"version", "until", "rows"}]: what was printed before
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    taken_down_at = models.DateTimeField(null=True, blank=True)
    taken_down_reason = bilingual()

    class Meta:
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition"],
                condition=Q(taken_down_at__isnull=True),
                name="public_notice_one_an_edition",
            ),
            models.CheckConstraint(
                condition=Q(taken_down_at__isnull=True)
                | (Q(closed_at__isnull=True) & ~Q(taken_down_reason={})),
                name="public_notice_taken_down_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=models.F("starts_at")), name="public_notice_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return f"notice of {self.edition_id}"


class Objection(models.Model):
    """What somebody holds against the list, or a film on it. The organisers decide, with reasons.

    `code` is how the objector and the desk call it. It comes from an account, or from a mail address that is confirmed
    by the link in our letter: until then it is only `sent`, and nobody but the objector knows of it. `contact` is
    another way to reach her. `public` is what everybody reads of the decision: the organisers' words, never hers.
    The makers of the film never learn who objected.
    """

    class Ground(models.TextChoices):
        AUTHORSHIP = "authorship", _("Somebody else made it, or it copies another work")
        AI = "ai", _("The AI statement is not true")
        RULES = "rules", _("It breaks a rule of the contest")
        CONFLICT = "conflict", _("A judge is too near to it")
        OTHER = "other", _("Something else")

    class State(models.TextChoices):
        SENT = "sent", _("The address is not confirmed yet")
        RECEIVED = "received", _("Received")
        REVIEW = "review", _("In review")
        UPHELD = "upheld", _("Upheld")
        DISMISSED = "dismissed", _("Not upheld")

    class Follows(models.TextChoices):
        AGAIN = "again", _("The list goes back to the jury and is put on public notice anew")
        STANDS = "stands", _("The list stands: what was wrong has been put right")

    notice = models.ForeignKey(PublicNotice, models.PROTECT, related_name="objections")
    code = models.CharField(max_length=12, unique=True)
    film = models.CharField(max_length=12, blank=True)  # entry code; empty: the list as a whole
    title = models.CharField(max_length=200, blank=True)
    ground = models.CharField(max_length=12, choices=Ground)
    text = models.TextField()
    name = models.CharField(max_length=120, blank=True)  # for the organisers alone
    contact = models.CharField(max_length=200, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="objections"
    )
    email = models.EmailField(max_length=254, blank=True)  # of somebody without an account
    language = models.CharField(max_length=10, choices=LANGUAGES, default="en")
    token_hash = models.CharField(max_length=64, blank=True)  # SHA-256 of the secret in her link
    holder = models.CharField(max_length=64, blank=True)  # keyed hash of her mailbox
    network = models.CharField(max_length=64, blank=True)  # keyed hash of the network it came from
    sent_at = models.DateTimeField(default=timezone.now)
    received_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)  # the first moment that is too late
    state = models.CharField(max_length=10, choices=State, default=State.RECEIVED)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decision = models.TextField(blank=True)  # the reasons, as the objector reads them
    public = bilingual()
    follows = models.CharField(max_length=6, choices=Follows, blank=True)  # of one to the whole list

    class Meta:
        ordering = ["due_at", "pk"]
        indexes = [
            models.Index(fields=["network", "sent_at"], name="objection_by_network"),
            models.Index(fields=["holder", "sent_at"], name="objection_by_mailbox"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["token_hash"], condition=~Q(token_hash=""), name="objection_one_link"
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False) | ~Q(email=""), name="objection_can_be_answered"
            ),
            models.CheckConstraint(
                condition=Q(state="sent", received_at__isnull=True, due_at__isnull=True, user__isnull=True)
                | (~Q(state="sent") & Q(received_at__isnull=False, due_at__isnull=False)),
                name="objection_received_once_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["sent", "received", "review"], decided_at__isnull=True, decision="")
                | (Q(state__in=["upheld", "dismissed"], decided_at__isnull=False) & ~Q(decision="")),
                name="objection_decided_with_reasons",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.RECEIVED, self.State.REVIEW)

    @property
    def who(self) -> str:
        """The name that was given, else that of the account; empty for somebody without either."""
        return self.name or (str(self.user) if self.user else "")


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


class ObjectionLetter(models.Model):
    """A letter to an objector without an account. It goes out at least once, under the same Message-ID (`uid`).

    A worker that takes it moves `due_at` on: when the worker dies, or the mail server is away, it is tried again then.
    """

    class Problem(models.TextChoices):
        NONE = "", _("None")
        REFUSED = "refused", _("The mail server does not take mail for this address.")
        GAVE_UP = "gave_up", _("The mail server could not be reached.")

    objection = models.ForeignKey(Objection, models.CASCADE, related_name="letters")
    kind = models.CharField(max_length=40)  # a key of festival.post.kinds
    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    due_at = models.DateTimeField()  # not before
    mailed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=8, choices=Problem, blank=True, default=Problem.NONE)

    class Meta:
        ordering = ["due_at", "pk"]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(mailed_at__isnull=True, problem=""),
                name="objection_letter_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.objection_id} {self.kind}"


class ObjectionStep(models.Model):
    """What happened to an objection: who did what, words to and from the objector, notes for colleagues. Never changed.

    A step of the objector herself has nobody in `by` when she has no account.
    """

    objection = models.ForeignKey(Objection, models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=10)  # received, note, question, answer, upheld, dismissed
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.objection_id} {self.kind}"
