"""What was changed on the table, by whom: for undo, redo, and whoever works at it at the same time."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from festival.edition.models import Edition
from festival.people.models import User


class Change(models.Model):
    """One change of one screening. `before`, `after`: the screening as `snapshots.row_of` has it, with its
    `rehearsals`; null: not there.

    A change that was undone keeps its row with the moment; the newest row's number says how new a table is.
    """

    class Kind(models.TextChoices):
        MADE = "made", _("made")
        MOVED = "moved", _("moved")
        CHANGED = "changed", _("changed")
        FILMS = "films", _("running order")
        CANCELLED = "cancelled", _("cancelled")
        DELETED = "deleted", _("deleted")
        WHOLE = "whole", _("another timetable put on the table")
        UNDONE = "undone", _("undone")
        REDONE = "redone", _("done again")

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="table_changes")
    kind = models.CharField(max_length=10, choices=Kind)
    code = models.CharField(max_length=12, blank=True)  # of the screening
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["edition", "-id"], name="table_change_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"
