"""Interview slots with the teams of a cohort. Part of `submissions.cohorts.models`."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Interview(models.Model):
    """A slot in which a team is met. A team books one free slot itself, or is given one; each team has one at most.

    `room`: a place of the camp, or "online"; `link`: the address of a call. Two slots of one room, or of one
    interviewer, do not overlap within an edition: whoever makes or moves one holds the edition's row. `changes` counts
    bookings over the whole cohort, so that a calendar knows which of two states of a team's interview is the newer.
    """

    cohort = models.ForeignKey("cohorts.Cohort", models.CASCADE, related_name="interviews")
    place = models.OneToOneField(
        "cohorts.Place", models.SET_NULL, null=True, blank=True, related_name="interview"
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    room = models.CharField(max_length=200)
    link = models.URLField(max_length=400, blank=True)
    interviewers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="interviews")
    booked_at = models.DateTimeField(null=True, blank=True)
    changes = models.PositiveIntegerField(default=0)  # SEQUENCE of the calendar file

    class Meta:
        ordering = ["starts_at", "room", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "room", "starts_at"], name="interview_slot_once"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="interview_has_length"),
            models.CheckConstraint(
                condition=Q(place__isnull=True) | Q(booked_at__isnull=False), name="interview_booked_has_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cohort_id} {self.starts_at:%Y-%m-%d %H:%M} {self.room}"
