"""Files beside an entry's film that are no subtitles. Part of `submissions.models`."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from festival.edition.tools import STAGES
from festival.kit.fields import bilingual
from submissions.attachment_kinds import KINDS, SINGLE


class Attachment(models.Model):
    """A file as it came: its kind (`attachment_kinds.KINDS`), its hash (`asset`) and its time (`created_at`).

    Nobody but a worker opens it, in the limited child; `state` says whether it counts. Of a kind that holds one file
    a new one takes the place of the old when it has turned out usable.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Being read")
        READY = "ready", _("Ready")
        REFUSED = "refused", _("Cannot be used")

    entry = models.ForeignKey("submissions.Entry", models.PROTECT, related_name="attachments")
    kind = models.CharField(max_length=12)
    upload = models.OneToOneField(
        "submissions.Upload", models.PROTECT, null=True, blank=True, related_name="attachment"
    )
    asset = models.ForeignKey(
        "submissions.Asset", models.PROTECT, null=True, blank=True, related_name="attachments"
    )  # known when the worker has put it away
    filename = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    position = models.PositiveIntegerField(default=0)
    caption = bilingual()  # what is to be seen, for those who do not see it
    stage = models.CharField(max_length=8, blank=True)  # evidence: of which stage of the AI statement
    declaration = models.ForeignKey(
        "edition.Declaration", models.PROTECT, null=True, blank=True, related_name="documents"
    )
    wording = models.ForeignKey(
        "submissions.Wording", models.PROTECT, null=True, blank=True, related_name="files"
    )  # an answer: to which question, in which words
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    problem = models.CharField(max_length=40, blank=True)
    facts = models.JSONField(default=dict, blank=True)  # submissions.attachment_facts
    folder = models.CharField(max_length=200, blank=True)  # storage prefix of a picture's variants
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    hinted_at = models.DateTimeField()  # when it was last put on the queue
    lease_until = models.DateTimeField(null=True, blank=True)  # until when a worker has it

    class Meta:
        ordering = ["position", "pk"]
        indexes = [
            models.Index(fields=["hinted_at"], condition=Q(state="waiting"), name="attachment_waiting"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "kind"],
                condition=Q(state="ready", kind__in=SINGLE),
                name="attachment_one_counts",
            ),
            models.CheckConstraint(condition=Q(kind__in=list(KINDS)), name="attachment_known_kind"),
            models.CheckConstraint(
                condition=Q(stage="") | Q(kind="evidence", stage__in=STAGES), name="attachment_known_stage"
            ),
            models.CheckConstraint(
                condition=Q(kind="rights", declaration__isnull=False)
                | (~Q(kind="rights") & Q(declaration__isnull=True)),
                name="attachment_of_declaration",
            ),
            models.CheckConstraint(
                condition=Q(kind="answer", wording__isnull=False)
                | (~Q(kind="answer") & Q(wording__isnull=True)),
                name="attachment_of_question",
            ),
            models.CheckConstraint(
                condition=Q(upload__isnull=False) | Q(asset__isnull=False), name="attachment_has_bytes"
            ),
            models.CheckConstraint(
                condition=~Q(state="ready") | Q(asset__isnull=False), name="attachment_ready_is_kept"
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(problem=""), name="attachment_refused_has_problem"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.kind} {self.filename}"
