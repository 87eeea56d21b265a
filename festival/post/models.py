"""What we told people: notices in the site that go out by mail too, the words of an edition's own, letters to many."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from festival.edition.models import Edition, Track
from festival.kit.fields import bilingual


class Template(models.Model):
    """An edition's own words for a kind of letter. Never changed: a new text is a new row with the next number.

    `own` is false where the edition went back to the words that come with the site; subject and body are empty then.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="templates")
    kind = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    own = models.BooleanField(default=True)
    subject = bilingual()
    body = bilingual()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["edition", "kind", "number"], name="template_number")]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.kind} {self.number}"


class Mailing(models.Model):
    """A letter to many: written, its recipients frozen as notices, read, sent.

    The text is fixed from the moment the recipients are gathered. `about` says which part of somebody's entry the
    letter concerns; without it the letter is news, and those who do not want news are not written to.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Being written")
        GATHERING = "gathering", _("Recipients are gathered")
        READY = "ready", _("Ready to be sent")
        SENDING = "sending", _("Being sent")
        PAUSED = "paused", _("Paused")
        DONE = "done", _("Sent")

    class Topic(models.TextChoices):
        ENTRY = "entry", _("About the entry itself")
        NEWS = "news", _("News of the contest")

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="mailings")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    audience = models.CharField(max_length=40)  # a key of festival.post.audiences.AUDIENCES
    track = models.ForeignKey(Track, models.RESTRICT, null=True, blank=True, related_name="+")
    topic = models.CharField(max_length=5, choices=Topic)
    about = bilingual()
    subject = bilingual()
    body = bilingual()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    gathered_at = models.DateTimeField(null=True, blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-written_at", "-pk"]
        indexes = [models.Index(fields=["edition", "-written_at"], name="mailing_of_edition")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "gathering", "ready", "sending", "paused", "done"]),
                name="mailing_known_state",
            ),
            models.CheckConstraint(
                condition=Q(topic="news") | (Q(topic="entry") & ~Q(about={})), name="mailing_says_what_about"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "gathering", "ready"], started_at__isnull=True)
                | Q(
                    state__in=["sending", "paused", "done"],
                    started_at__isnull=False,
                    started_by__isnull=False,
                ),
                name="mailing_sent_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state="done", ended_at__isnull=False)
                | (~Q(state="done") & Q(ended_at__isnull=True)),
                name="mailing_done_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.pk} {self.state}"


class Notice(models.Model):
    """One message to one account: a code with values; the words are rendered in the reader's language.

    `template` is the edition's own text it was written with, null the site's: what was mailed is what stands on the
    page, however often the text is changed afterwards. Its mail goes out at least once: a worker claims the row by
    `lease_token` until `lease_until`, and writes `mailed_at` when the mail server has taken the letter. One that
    dies between the two has the letter sent again, with the same Message-ID (`uid`), by which mail systems know it.
    """

    class State(models.TextChoices):
        HELD = "held", _("Not sent yet")
        STRUCK = "struck", _("Struck out")
        WAITING = "waiting", _("Waiting to be sent")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Could not be delivered")
        MUTED = "muted", _("Not mailed: wants no news")

    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=40)
    values = models.JSONField(default=dict)
    path = models.CharField(max_length=200)  # the page it speaks of
    template = models.ForeignKey(Template, models.RESTRICT, null=True, blank=True, related_name="+")
    mailing = models.ForeignKey(Mailing, models.CASCADE, null=True, blank=True, related_name="letters")
    about = models.CharField(
        max_length=40, blank=True
    )  # of a mailing: the entry's code, or "" for the person
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    due_at = models.DateTimeField(default=timezone.now)  # not before
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)
    address = models.CharField(max_length=254, blank=True)  # where it was last sent to
    language = models.CharField(max_length=10, blank=True)  # in which it was mailed
    error = models.TextField(blank=True)  # what the mail server said, as it said it

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["user", "-created_at"], name="notice_of_user"),
            models.Index(fields=["edition", "-created_at"], name="notice_of_edition"),
            models.Index(fields=["edition", "kind", "-created_at"], name="notice_of_kind"),
            models.Index(fields=["mailing", "due_at"], condition=Q(state="waiting"), name="notice_waiting"),
            models.Index(fields=["mailing", "state"], name="notice_counts"),
            models.Index(fields=["lease_until"], condition=Q(state="sending"), name="notice_sending"),
            models.Index(
                fields=["edition", "-created_at"], condition=Q(state="failed"), name="notice_failed"
            ),
            models.Index(fields=["mailed_at"], condition=Q(mailed_at__isnull=False), name="notice_mailed"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["held", "struck", "waiting", "sending", "sent", "failed", "muted"]),
                name="notice_known_state",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["held", "struck"]) | Q(mailing__isnull=False),
                name="notice_held_in_mailing",
            ),
            models.CheckConstraint(
                condition=Q(state="sending", lease_token__isnull=False, lease_until__isnull=False)
                | (~Q(state="sending") & Q(lease_token__isnull=True, lease_until__isnull=True)),
                name="notice_sending_has_lease",
            ),
            models.CheckConstraint(
                condition=Q(state="sent", mailed_at__isnull=False) | (~Q(state="sent") & Q(mailed_at__isnull=True)),
                name="notice_sent_has_time",
            ),
            models.CheckConstraint(condition=~Q(state="failed") | ~Q(error=""), name="notice_failed_has_error"),
            models.UniqueConstraint(
                fields=["mailing", "user", "about"], condition=Q(mailing__isnull=False), name="notice_once_in_mailing"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} → {self.user_id}"


class NewsRefusal(models.Model):
    """Somebody wants no news of an edition, or of none at all. Letters about their entries come nevertheless."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="news_refusals")
    edition = models.ForeignKey(Edition, models.CASCADE, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "edition"], condition=Q(edition__isnull=False), name="news_refusal_of_edition"
            ),
            models.UniqueConstraint(
                fields=["user"], condition=Q(edition__isnull=True), name="news_refusal_of_all"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.edition_id or 'all'}"


class Reminder(models.Model):
    """A reminder before a deadline was written: so many days before it, once."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="+")
    deadline = models.DateTimeField()
    days = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "deadline", "days"], name="reminder_once"),
            models.CheckConstraint(condition=Q(at__lt=F("deadline")), name="reminder_before_deadline"),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.days}"
