"""What the worker runs for letters: load by id, call the delivery or an action, nothing more. Safe to run twice."""

import time

from celery import shared_task

from festival.kit.queue import enqueue
from festival.post import delivery, mailing_actions

WORK_SECONDS = 20  # then others have a turn on the queue


@shared_task
def send_notice(notice_id: int) -> None:
    """Mail one notice."""
    delivery.deliver(only=notice_id)


@shared_task
def send_waiting() -> None:
    """Mail what is due, chunk by chunk; after a while the rest goes on the queue again."""
    end = time.monotonic() + WORK_SECONDS
    while delivery.deliver():
        if time.monotonic() > end:
            enqueue(send_waiting)
            return


@shared_task
def gather_recipients(mailing_id: int) -> None:
    """Find everybody a letter to many goes to."""
    mailing_actions.gather(pk=mailing_id)
