"""What the worker runs for invitations: load by id, call the job, nothing more. Safe to run twice."""

from celery import shared_task
from django.utils import timezone

from festival.team import letters


@shared_task
def send_invitation(invitation_id: int) -> None:
    """Mail one invitation, or the reminder of it."""
    letters.send(invitation_id, at=timezone.now())


@shared_task
def remind() -> None:
    """Reminders before the day of the answer, and letters that nobody sent. Run by the beat."""
    letters.remind_invited(at=timezone.now())
    letters.send_lost(at=timezone.now())
