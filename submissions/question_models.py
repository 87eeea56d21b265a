"""What an organiser asks beyond the common fields, and what was answered. Part of `submissions.models`."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from festival.edition.models import Edition, Track
from festival.kit.fields import bilingual


class Question(models.Model):
    """A question of an edition's own. Its words are its newest `Wording`; one that was answered is retired, not lost.

    `tracks` empty: asked in all of them.
    """

    class Kind(models.TextChoices):
        LINE = "line", _("A line of text")
        TEXT = "text", _("A longer text")
        NUMBER = "number", _("A number")
        DATE = "date", _("A date")
        YES_NO = "yes_no", _("Yes or no")
        CHOICE = "choice", _("One of several choices")
        CHOICES = "choices", _("Several choices")
        URL = "url", _("A web address")
        FILE = "file", _("A file")

    class Asked(models.TextChoices):
        """When: before the entry is submitted, or once it is in the competition."""

        ENTRY = "entry", _("In the entry form")
        ADMITTED = "admitted", _("After the film was admitted")

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="questions")
    kind = models.CharField(max_length=8, choices=Kind)
    asked = models.CharField(max_length=8, choices=Asked, default=Asked.ENTRY)
    required = models.BooleanField(default=False)
    for_judges = models.BooleanField(default=False)  # who reads a project reads the answer too
    tracks = models.ManyToManyField(Track, related_name="+", blank=True)
    due_at = models.DateTimeField(null=True, blank=True)  # until when it can be answered after admission
    position = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "line",
                        "text",
                        "number",
                        "date",
                        "yes_no",
                        "choice",
                        "choices",
                        "url",
                        "file",
                    ]
                ),
                name="question_known_kind",
            ),
            models.CheckConstraint(
                condition=Q(due_at__isnull=True) | Q(asked="admitted"), name="question_due_after_admission"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.kind} {self.pk}"

    @property
    def wording(self) -> "Wording":
        """Its words now; asks nothing where the wordings were fetched with it."""
        return max(self.wordings.all(), key=lambda one: one.number)

    def is_for(self, track_id: int) -> bool:
        """Whether entries of this track are asked; asks nothing where the tracks were fetched with it."""
        only = [track.pk for track in self.tracks.all()]
        return not only or track_id in only


class Wording(models.Model):
    """A question in its words at a time. Once somebody has submitted an answer to it, it is never changed.

    `options`: [{"key", "en", "zh"}] of a choice. `limits`: {"least", "most"}, letters of a text, a number, ISO dates,
    how many choices, megabytes of a file; `endings` of a file.
    """

    question = models.ForeignKey(Question, models.CASCADE, related_name="wordings")
    number = models.PositiveSmallIntegerField()
    text = bilingual()
    help = bilingual()
    options = models.JSONField(default=list, blank=True)
    limits = models.JSONField(default=dict, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["question", "number"], name="wording_number")]

    def __str__(self) -> str:
        return f"{self.question_id} v{self.number}"


class Answer(models.Model):
    """What an entry answers, and to which words. `value` is text, number, date (ISO), true/false, key or keys."""

    entry = models.ForeignKey("submissions.Entry", models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="answers")
    wording = models.ForeignKey(Wording, models.PROTECT, related_name="answers")
    value = models.JSONField()

    class Meta:
        ordering = ["question__position", "pk"]
        constraints = [models.UniqueConstraint(fields=["entry", "question"], name="answer_once")]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.question_id}"
