"""What a worker says when it is ready."""

import logging

from celery.signals import worker_ready

from submissions import tasks
from submissions.inspection import guards


def test_the_fence_is_tried_at_the_workers_start(caplog):
    caplog.set_level(logging.INFO, logger="submissions.inspection.guards")
    answers = dict(worker_ready.send(sender=None))
    assert answers[tasks.say_what_the_fence_lacks] is None
    trial = guards.try_fence()
    said = [record.getMessage() for record in caplog.records if record.name == guards.log.name]
    assert len(said) == max(1, len(trial.open) + len(trial.missing))
