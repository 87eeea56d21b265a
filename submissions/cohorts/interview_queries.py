"""Reads of interviews."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from festival.edition.models import Edition
from festival.people.actor import Actor
from festival.people.models import User
from submissions.cohorts.models import Cohort, Interview, Place


def span(starts_at: datetime, ends_at: datetime, minutes: int, gap: int) -> list[tuple[datetime, datetime]]:
    """Begin and end of every slot of `minutes` that ends by `ends_at`, `gap` minutes apart; in order."""
    length, step = timedelta(minutes=minutes), timedelta(minutes=minutes + gap)
    found = []
    while starts_at + length <= ends_at:
        found.append((starts_at, starts_at + length))
        starts_at += step
    return found


def interviewers_for(edition: Edition) -> QuerySet[User]:
    """Who can lead interviews: the edition's team, its judges included, and the mentors of its teams."""
    return (
        User.objects.filter(
            Q(memberships__edition=edition)
            | Q(pk__in=Place.objects.filter(cohort__edition=edition).values("mentors__user"))
        )
        .distinct()
        .order_by("name", "email")
    )


def slots_of(cohort: Cohort) -> QuerySet[Interview]:
    """Every slot with its team and interviewers, in time."""
    rows = Interview.objects.filter(cohort=cohort).select_related("place__entry")
    return rows.prefetch_related("interviewers")


def free_slots(cohort: Cohort, at: datetime) -> QuerySet[Interview]:
    """What a team can still choose."""
    return slots_of(cohort).filter(place=None, starts_at__gt=at)


def led_by(actor: Actor) -> QuerySet[Interview]:
    """The booked interviews that somebody leads, in time."""
    rows = Interview.objects.filter(interviewers=actor.id, place__isnull=False)
    return rows.select_related("cohort__edition", "place__entry").prefetch_related("interviewers")
