"""What the worker runs for the awards: load by id, call the job, nothing more. Safe to run twice."""

from celery import shared_task

from festival.awards import audience_letters


@shared_task
def send_audience_code(code_id: int, number: int) -> None:
    """Mail the code for an audience's vote."""
    audience_letters.send(code_id, number)
