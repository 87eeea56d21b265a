"""Venues, halls, screenings and what runs in them."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from festival.catalogue.models import Film
from festival.edition.models import Edition
from festival.kit.fields import bilingual


class Venue(models.Model):
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="venues")
    name = bilingual()
    address = bilingual()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.name)


class Hall(models.Model):
    venue = models.ForeignKey(Venue, models.CASCADE, related_name="halls")
    name = bilingual()
    seats = models.PositiveIntegerField()
    turnaround_minutes = models.PositiveSmallIntegerField(default=20)  # between two screenings

    class Meta:
        ordering = ["venue_id", "pk"]

    def __str__(self) -> str:
        return str(self.name)


class Screening(models.Model):
    """One programme in one hall at one time.

    `ends_at` is start plus running order, `busy_until` adds the hall's turnaround; both are kept by
    `actions`. The database refuses two screenings of a hall whose [starts_at, busy_until) overlap: an exclusion
    constraint on PostgreSQL, a trigger on SQLite (migration 0002).
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="screenings")
    hall = models.ForeignKey(Hall, models.PROTECT, related_name="screenings")
    code = models.CharField(max_length=12, unique=True)  # in the calendar's UID: stays when the time changes
    title = bilingual()
    note = bilingual()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    busy_until = models.DateTimeField()
    released_at = models.DateTimeField(null=True, blank=True)  # empty: only the team sees it
    sequence = models.PositiveIntegerField(default=0)  # iCalendar SEQUENCE: grows with every released change
    updated_at = models.DateTimeField(default=timezone.now)  # iCalendar DTSTAMP: of the last change

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    ends_at__gte=F("starts_at"), busy_until__gt=F("starts_at"), busy_until__gte=F("ends_at")
                ),
                name="screening_times_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Item(models.Model):
    """A line of the running order: a film, or what stands between films."""

    class Kind(models.TextChoices):
        FILM = "film", _("Film")
        INTRO = "intro", _("Introduction")
        LABEL = "label", _("Label slide")
        TALK = "talk", _("Jury talk")
        QA = "qa", _("Q&A")
        BREAK = "break", _("Break")

    screening = models.ForeignKey(Screening, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.FILM)
    film = models.ForeignKey(Film, models.PROTECT, null=True, blank=True, related_name="showings")
    title = bilingual()
    seconds = models.PositiveIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["screening", "position"], name="item_position_once"),
            models.CheckConstraint(
                condition=Q(kind="film", film__isnull=False) | (~Q(kind="film") & Q(film__isnull=True)),
                name="item_film_only_when_film",
            ),
            models.CheckConstraint(condition=Q(seconds__gt=0), name="item_has_length"),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.kind}"
