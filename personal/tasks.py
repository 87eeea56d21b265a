"""What the worker runs: load by id, call the job, nothing more. Safe to run twice."""

from celery import shared_task
from django.utils import timezone

from personal import erase_actions, export_actions, export_job


@shared_task
def export(export_id: int) -> None:
    """Make one copy of an account's data."""
    export_job.run(export_id)


@shared_task
def erase(erasure_id: int) -> None:
    """Tell of one deletion, or carry it out."""
    erase_actions.work(erasure_id)


@shared_task
def reap() -> None:
    """Find what dead workers, a lost broker and time left behind. Run by the beat."""
    now = timezone.now()
    export_actions.expire(at=now)
    export_actions.remind(at=now)
    erase_actions.remind(at=now)
