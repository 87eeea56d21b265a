"""What was imported, so that an import can be run again. Part of `submissions.models`."""

from django.db import models

from festival.edition.models import Edition


class ImportedRow(models.Model):
    """A row of a manifest that has become an entry. `key` is its number in the other service, `digest` of its cells.

    `film` is the name of the file that came with it; empty while none has.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    entry = models.OneToOneField("submissions.Entry", models.CASCADE, related_name="imported")
    digest = models.CharField(max_length=64)
    film = models.CharField(max_length=500, blank=True)
    film_size = models.PositiveBigIntegerField(default=0)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "key"], name="imported_once")]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.key}"
