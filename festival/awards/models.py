"""Award slots, and the laureates as announced. Who decides, and what, is not here: it is the jury's room."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from festival.catalogue.models import Film
from festival.edition.models import Edition, Track
from festival.kit.fields import bilingual


class AwardSlot(models.Model):
    """A prize with its number of places: "Second prize, three of them"."""

    class Tier(models.TextChoices):
        GRAND = "grand", _("Grand prize")
        FIRST = "first", _("First prize")
        SECOND = "second", _("Second prize")
        THIRD = "third", _("Third prize")
        EXCELLENCE = "excellence", _("Award of excellence")
        SPECIAL = "special", _("Special award")

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="award_slots")
    slug = models.SlugField(max_length=40)
    name = bilingual()
    tier = models.CharField(max_length=12, choices=Tier)
    track = models.ForeignKey(Track, models.PROTECT, null=True, blank=True, related_name="award_slots")
    places = models.PositiveSmallIntegerField(default=1)
    prize = bilingual()
    position = models.PositiveSmallIntegerField(default=0)  # order of precedence: the first is filled first

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "slug"], name="award_slot_slug"),
            models.CheckConstraint(condition=Q(places__gt=0), name="award_slot_has_places"),
        ]

    def __str__(self) -> str:
        return self.slug


class Laureate(models.Model):
    """A film that holds an award. A row exists only once it has been announced."""

    slot = models.ForeignKey(AwardSlot, models.PROTECT, related_name="laureates")
    film = models.ForeignKey(Film, models.PROTECT, related_name="laurels")
    place = models.PositiveSmallIntegerField()
    citation = bilingual()
    announced_at = models.DateTimeField()

    class Meta:
        ordering = ["slot__position", "place"]
        constraints = [
            models.UniqueConstraint(fields=["slot", "place"], name="laureate_place_once"),
            models.UniqueConstraint(fields=["slot", "film"], name="laureate_film_once_per_slot"),
        ]

    def __str__(self) -> str:
        return f"{self.slot_id}:{self.film_id}"
