"""Judges: what they can judge and when, and what they must not."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from festival.edition.models import Edition, Track
from submissions.models import Entry


class JudgeProfile(models.Model):
    """What a judge says about herself for an edition. No tracks or forms: all of them.

    `minutes_per_day` is None until she has said it; days on which it is otherwise are `JudgeDay`.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="judge_profiles")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="judge_profiles")
    languages = models.CharField(max_length=800, blank=True)  # festival.kit.names: "zh, en"
    tracks = models.ManyToManyField(Track, related_name="judge_profiles", blank=True)
    forms = models.JSONField(default=list, blank=True)  # of Entry.Genre
    minutes_per_day = models.PositiveSmallIntegerField(null=True, blank=True)
    sitting_minutes = models.PositiveSmallIntegerField(null=True, blank=True)  # at a stretch, before a break
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "user"], name="judge_profile_once"),
            models.CheckConstraint(
                condition=Q(minutes_per_day__isnull=True) | Q(minutes_per_day__lte=1440),
                name="judge_profile_day_has_24_hours",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id}:{self.user_id}"


class JudgeDay(models.Model):
    """A day on which a judge has more or less time than usual; 0 is none. On the edition's calendar."""

    profile = models.ForeignKey(JudgeProfile, models.CASCADE, related_name="days")
    day = models.DateField()
    minutes = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(fields=["profile", "day"], name="judge_day_once"),
            models.CheckConstraint(condition=Q(minutes__lte=1440), name="judge_day_has_24_hours"),
        ]

    def __str__(self) -> str:
        return f"{self.profile_id} {self.day}"


class Conflict(models.Model):
    """Why a judge must not judge some films: she is too near to them.

    With an `entry` it is about that film; without one about every film in which `party` is found. What was detected
    bars the judge while it is open, and until somebody has dismissed it. A line with an entry goes before one
    without: so a single film of a common surname can be judged otherwise than the rest. `party_key` is `party` as it is
    compared (judging.logic.names).
    """

    class Source(models.TextChoices):
        DECLARED = "declared", _("Declared")
        DETECTED = "detected", _("Detected")
        RECUSED = "recused", _("Stood aside")

    class Kind(models.TextChoices):
        PERSON = "person", _("Person")
        COMPANY = "company", _("Company")
        SCHOOL = "school", _("School")
        TEAM = "team", _("Team")
        FILM = "film", _("Film")
        SURNAME = "surname", _("Same surname")
        DOMAIN = "domain", _("Same e-mail domain")

    class State(models.TextChoices):
        OPEN = "open", _("To be confirmed")
        CONFIRMED = "confirmed", _("Confirmed")
        DISMISSED = "dismissed", _("Dismissed")

    NAMED = (Kind.PERSON, Kind.COMPANY, Kind.SCHOOL, Kind.TEAM)

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="conflicts")
    judge = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="conflicts")
    source = models.CharField(max_length=8, choices=Source)
    kind = models.CharField(max_length=8, choices=Kind)
    entry = models.ForeignKey(Entry, models.PROTECT, null=True, blank=True, related_name="conflicts")
    party = models.CharField(max_length=200, blank=True)
    party_key = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["judge__name", "judge_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "judge", "kind", "party_key"],
                condition=Q(entry__isnull=True),
                name="conflict_party_once",
            ),
            models.UniqueConstraint(
                fields=["edition", "judge", "kind", "party_key", "entry"],
                condition=Q(entry__isnull=False),
                name="conflict_film_once",
            ),
            models.CheckConstraint(
                condition=Q(entry__isnull=False) | ~Q(party_key=""), name="conflict_is_about_something"
            ),
            models.CheckConstraint(
                condition=Q(source="detected", kind__in=("surname", "domain"))
                | (Q(source__in=("declared", "recused")) & ~Q(kind__in=("surname", "domain"))),
                name="conflict_source_fits_kind",
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True)
                | Q(state="confirmed")
                | (Q(state="dismissed", decided_at__isnull=False) & ~Q(reason="")),
                name="conflict_dismissed_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.judge_id} {self.kind} {self.party_key or self.entry_id}"
