"""Feedback to entrants: the chair's decisions over comments, what each film was given, and how letters go out."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from festival.edition.models import Edition
from judging.look_models import Look
from judging.round_models import Round
from submissions.models import Entry


class FeedbackChange(models.Model):
    """What entrants are given was changed after judging had begun. `before` and `after` as the form's table has it."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="feedback_changes")
    before = models.JSONField()
    after = models.JSONField()
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="feedback_change_has_reason")]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.at:%Y-%m-%d}"


class FeedbackLetter(models.Model):
    """What the makers of a film were given, as it was when the letter went out. Once for a film, and never changed.

    `band`: per cent, 0 beyond the widest of `bands`, null where nothing is said; `films` of the round were ranked.
    """

    entry = models.OneToOneField(Entry, models.PROTECT, related_name="feedback_letter")
    round = models.ForeignKey(Round, models.PROTECT, null=True, related_name="+")  # the last it was ranked in
    films = models.PositiveIntegerField(default=0)
    band = models.PositiveSmallIntegerField(null=True)
    bands = models.JSONField(default=list)
    report = models.BooleanField(default=False)
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"feedback of {self.entry_id}"


class CommentDecision(models.Model):
    """The chair's word on what a judge wrote to the entrant of a film.

    It holds for the look as it was (`revision`). `text` is what is released; the original stays with the look.
    `letter` and `position` (drawn by lot) say that it was given to the entrant.
    """

    class Choice(models.TextChoices):
        RELEASED = "released", pgettext_lazy("comment", "Released")
        EDITED = "edited", _("Released with words struck out")
        HELD = "held", _("Held back")

    look = models.OneToOneField(Look, models.PROTECT, related_name="feedback_decision")
    choice = models.CharField(max_length=8, choices=Choice)
    text = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    revision = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    letter = models.ForeignKey(FeedbackLetter, models.PROTECT, null=True, blank=True, related_name="comments")
    position = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(choice__in=("released", "edited", "held")), name="comment_decision_known_choice"
            ),
            models.CheckConstraint(
                condition=~Q(choice="held") | Q(text=""), name="comment_held_gives_no_text"
            ),
            models.CheckConstraint(
                condition=Q(letter__isnull=True, position__isnull=True)
                | (Q(letter__isnull=False, position__isnull=False) & ~Q(choice="held")),
                name="comment_given_was_released",
            ),
            models.UniqueConstraint(fields=["letter", "position"], name="comment_position_once"),
        ]

    def __str__(self) -> str:
        return f"{self.look_id} {self.choice}"


class FeedbackSending(models.Model):
    """A run that writes the letters; one at a time. `pulse_at`: the last sign of life of whoever writes."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="feedback_sendings")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    pulse_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    films = models.PositiveIntegerField()  # that were due when it began
    written = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition"], condition=Q(ended_at__isnull=True), name="feedback_sending_one_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.started_at:%Y-%m-%d %H:%M}"
