"""What the worker runs for cohorts: load by id, call the job, nothing more. Safe to run twice."""

from celery import shared_task
from django.utils import timezone

from submissions.cohorts import item_reminders, letters, place_actions, reminders


@shared_task
def send_offer(place_id: int) -> None:
    """Mail the letter that offers a place."""
    letters.send(place_id, at=timezone.now())


@shared_task
def tend_places() -> None:
    """Places not answered in time, letters that nobody sent, milestones and tasks that are near."""
    place_actions.lapse(at=timezone.now())
    letters.send_lost(at=timezone.now())
    reminders.remind(at=timezone.now())
    item_reminders.remind(at=timezone.now())
