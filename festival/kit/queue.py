"""Putting work on the queue. The database is the truth, the queue a hint: a lost hint is found by the reaper."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from celery import Task
from django.db import transaction

log = logging.getLogger(__name__)
_silent: ContextVar[bool] = ContextVar("silent", default=False)


def enqueue(task: Task, *args: Any) -> None:
    """Send `task` after the present transaction has committed; a broker that is down is logged, not raised."""
    if _silent.get():
        return

    def send() -> None:
        try:
            task.delay(*args)
        except task.OperationalError as error:
            log.warning("broker not reachable, %s waits for the reaper: %s", task.name, error)

    transaction.on_commit(send)


@contextmanager
def silence() -> Iterator[None]:
    """Within it nothing is put on the queue: for a rehearsal, of which no worker is to hear."""
    token = _silent.set(True)
    try:
        yield
    finally:
        _silent.reset(token)
