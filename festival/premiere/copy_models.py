"""Copies of films as a cinema plays them, and whether they were whole on the day."""

from django.db import models
from django.db.models import Q

from festival.catalogue.models import FileFormat, Film
from festival.people.models import User


class Copy(models.Model):
    """A copy of a film: a file, or a DCP folder. It arrives, somebody watches it, and approves it.

    `sha256` is the sum of `file_name`; of a DCP that of its packing list, which has the sums of all other files.
    `original`: the file that the entrant sent in, which lies here; of any other the site knows the sum alone. What is
    empty of the picture and the sound is not known.
    """

    film = models.ForeignKey(Film, models.CASCADE, related_name="copies")
    name = models.CharField(max_length=200)  # as the cinema calls it: "LAMP_SHR_F_ZH-EN_51_2K_V2"
    file_format = models.CharField(max_length=8, choices=FileFormat)
    file_name = models.CharField(max_length=255, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(null=True, blank=True)  # bytes
    width = models.PositiveIntegerField(null=True, blank=True)  # pixels, as shown
    height = models.PositiveIntegerField(null=True, blank=True)
    frame_rate = models.DecimalField(max_digits=6, decimal_places=3, null=True, blank=True)  # a second
    channels = models.PositiveSmallIntegerField(null=True, blank=True)  # of sound
    note = models.CharField(max_length=400, blank=True)  # "English subtitles burnt in; the key comes by mail"
    original = models.BooleanField(default=False)
    arrived_at = models.DateTimeField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["film_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["film", "sha256"], condition=~Q(sha256=""), name="copy_once_per_film"
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True) | (Q(arrived_at__isnull=False) & ~Q(sha256="")),
                name="copy_approved_has_a_sum",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CopyCheck(models.Model):
    """Somebody had a file read for a screening: which sum it had, and whether that is the copy's."""

    copy = models.ForeignKey(Copy, models.CASCADE, related_name="checks")
    screening = models.ForeignKey("premiere.Screening", models.CASCADE, related_name="copy_checks")
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    sha256 = models.CharField(max_length=64)
    whole = models.BooleanField()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.copy_id} {self.at}: {self.whole}"
