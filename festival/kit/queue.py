"""Putting work on the queue. The database is the truth, the queue a hint: a lost hint is found by the reaper."""

import logging
from typing import Any

from celery import Task
from django.db import transaction

log = logging.getLogger(__name__)


def enqueue(task: Task, *args: Any) -> None:
    """Send `task` after the present transaction has committed; a broker that is down is logged, not raised."""

    def send() -> None:
        try:
            task.delay(*args)
        except task.OperationalError as error:
            log.warning("broker not reachable, %s waits for the reaper: %s", task.name, error)

    transaction.on_commit(send)
