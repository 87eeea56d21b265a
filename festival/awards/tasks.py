"""What the worker runs for the awards: load by id, call the job, nothing more. Safe to run twice."""

from celery import shared_task
from django.utils import timezone

from festival.awards import audience_letters, objection_letters, objection_receiving


@shared_task
def send_objection_letter(letter_id: int) -> None:
    """Mail one letter to an objector without an account."""
    objection_letters.send(letter_id, at=timezone.now())


@shared_task
def tend_objections() -> None:
    """Letters that nobody sent, objections that nobody confirmed, and people to be forgotten. Run by the beat."""
    objection_letters.send_lost(at=timezone.now())
    objection_receiving.sweep(at=timezone.now())
    objection_receiving.forget_people(at=timezone.now())


@shared_task
def send_audience_code(code_id: int, number: int) -> None:
    """Mail the code for an audience's vote."""
    audience_letters.send(code_id, number)
