"""What the worker runs for the jury: call the action, nothing more. Safe to run twice."""

from celery import shared_task
from django.utils import timezone

from judging import jury_actions


@shared_task
def remind() -> None:
    """Letters before the jury's phase ends. Run by the beat."""
    jury_actions.remind_judges(at=timezone.now())
