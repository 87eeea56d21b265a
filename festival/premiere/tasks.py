"""What the worker runs for the premieres: call the action, nothing more. Safe to run twice."""

from celery import shared_task
from django.utils import timezone

from festival.premiere import proposal_actions


@shared_task
def propose(pk: int) -> None:
    """A timetable that somebody asked for."""
    proposal_actions.make(pk=pk, now=timezone.now)
