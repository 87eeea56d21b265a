"""What the desk keeps of its own: saved filters, chosen columns, steps taken with many entries. Part of
`submissions.models`.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from festival.edition.models import Edition


class SavedFilter(models.Model):
    """Filters of the table of entries under a name: the address's query, as its filters write it.

    Its owner alone sees it, or with `shared` everybody who works at this desk.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="saved_filters")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    query = models.TextField()
    shared = models.BooleanField(default=False)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "owner", "name"], name="saved_filter_name_once"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(query=""), name="saved_filter_says_something"),
        ]

    def __str__(self) -> str:
        return self.name


class TableColumns(models.Model):
    """The columns in which somebody wants to see the table of entries, in every edition; names of `export`."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    columns = models.JSONField(default=list)
    chosen_at = models.DateTimeField()

    def __str__(self) -> str:
        return ", ".join(self.columns)


class BulkStep(models.Model):
    """One move made with many entries at once, and what is needed to take it back.

    `changed` are [entry id, state before, id of its line in the log, id of the letter]. The letters wait until
    `undo_until`; until then the step can be taken back for every entry to which nothing has happened since. `kept`
    are those of them that an undoing left as they were: [entry id, why (KEPT)].
    """

    class Move(models.TextChoices):
        ADMIT = "admit", _("Admit")
        ASK_FIX = "ask_fix", _("Ask for a mended film")
        REFUSE = "refuse", _("Do not admit")

    KEPT = ("moved_on", "letter_gone")

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="bulk_steps")
    move = models.CharField(max_length=10, choices=Move)
    query = models.TextField(blank=True)  # the filters, as the address of the table has them
    reason = models.TextField(blank=True)
    changed = models.JSONField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    undo_until = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    kept = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["edition", "-at"], name="bulk_step_of_edition")]
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="bulk_step_undone_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.move} {self.at:%Y-%m-%d %H:%M}"
