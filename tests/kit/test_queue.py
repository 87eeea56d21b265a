"""The queue is a hint: what the web does must not depend on the broker being there."""

import logging
from pathlib import Path

import pytest
from celery import Celery
from celery.beat import PersistentScheduler, Service
from django.conf import settings

from festival.celery import app as celery
from festival.kit.queue import enqueue


@pytest.mark.django_db
def test_a_broker_that_is_down_is_logged_and_not_raised(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, django_capture_on_commit_callbacks
) -> None:
    app = Celery("lonely", broker=f"redis+socket://{tmp_path}/nothing.sock", set_as_current=False)
    app.conf.update(task_always_eager=False, task_publish_retry=False, broker_connection_timeout=1)

    @app.task(name="lonely.task")
    def task() -> None: ...

    with caplog.at_level(logging.WARNING), django_capture_on_commit_callbacks(execute=True) as callbacks:
        enqueue(task)
    assert len(callbacks) == 1
    assert "lonely.task waits for the reaper" in caplog.text


def test_the_clock_keeps_no_file_that_could_break_under_it() -> None:
    clock = Service(celery, scheduler_cls=celery.conf.beat_scheduler).get_scheduler(lazy=True)
    clock.setup_schedule()
    assert not isinstance(clock, PersistentScheduler)
    assert clock.schedule["reap"].schedule.run_every.total_seconds() == settings.REAP_SECONDS


@pytest.mark.django_db
def test_nothing_is_sent_before_the_transaction_has_committed(django_capture_on_commit_callbacks) -> None:
    app = Celery("eager", set_as_current=False)
    app.conf.task_always_eager = True
    ran = []

    @app.task(name="eager.task")
    def task(number: int) -> None:
        ran.append(number)

    with django_capture_on_commit_callbacks(execute=True):
        enqueue(task, 7)
        assert ran == []
    assert ran == [7]
