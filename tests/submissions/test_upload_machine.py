"""The upload protocol under any order of steps, repetitions and deaths: on disk, and on a real S3 server."""

from collections.abc import Iterator

import pytest
from hypothesis import settings as search
from hypothesis.stateful import run_state_machine_as_test
from pytest_django.fixtures import Settings

from tests.submissions.upload_machine import Bucket, Disk, Place, UploadMachine

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def no_queue() -> Iterator[None]:
    """The queue is lost: films wait for the reaper, and none is inspected beside these steps."""
    from festival.celery import app

    before = {name: app.conf[name] for name in ("task_always_eager", "task_publish_retry")}
    app.conf.update(task_always_eager=False, task_publish_retry=False)
    yield
    app.conf.update(before)


def run(place: Place, examples: int, steps: int) -> None:
    options = search(max_examples=examples, stateful_step_count=steps, deadline=None)
    run_state_machine_as_test(lambda: UploadMachine(place), settings=options)


def test_on_disk(media: object, settings: Settings, no_queue: None) -> None:
    settings.UPLOAD_PART_BYTES = Disk.part
    run(Disk(), examples=50, steps=20)


@pytest.mark.s3
def test_in_a_bucket(bucket: str, no_queue: None) -> None:
    run(Bucket(), examples=6, steps=12)
