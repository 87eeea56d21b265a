"""Mentors of teams, their sessions and what was agreed to be done. Part of `submissions.cohorts.models`."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Mentor(models.Model):
    """Somebody who accompanies a team: sees its place, its deliveries and notes, and no other team's."""

    place = models.ForeignKey("cohorts.Place", models.CASCADE, related_name="mentors")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="mentored_places")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["added_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["place", "user"], name="mentor_once")]

    def __str__(self) -> str:
        return f"{self.place_id} {self.user_id}"


class Session(models.Model):
    """A talk with a team: when, how long, what was said. `inner` is for organisers and mentors alone."""

    place = models.ForeignKey("cohorts.Place", models.PROTECT, related_name="sessions")
    held_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    notes = models.TextField(blank=True)  # the team reads them
    inner = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-held_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(notes="", inner=""), name="session_says_something")
        ]

    def __str__(self) -> str:
        return f"{self.place_id} {self.held_at:%Y-%m-%d}"


class ActionItem(models.Model):
    """Something that a team or its mentor has promised to do."""

    place = models.ForeignKey("cohorts.Place", models.PROTECT, related_name="action_items")
    session = models.ForeignKey(Session, models.SET_NULL, null=True, blank=True, related_name="action_items")
    text = models.CharField(max_length=400)
    of_team = models.BooleanField(default=True)  # else the mentor's or the organisers'
    due_on = models.DateField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["done_at", "due_on", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="action_item_has_text")]

    def __str__(self) -> str:
        return f"{self.place_id} {self.text[:20]}"
