"""The upload protocol under any order of steps, repetitions and deaths: on disk, and on a real S3 server."""

import pytest
from hypothesis import settings as search
from hypothesis.stateful import run_state_machine_as_test
from pytest_django.fixtures import Settings

from tests.submissions.upload_machine import Bucket, Disk, Place, UploadMachine

pytestmark = pytest.mark.django_db(transaction=True)


def run(place: Place, examples: int, steps: int) -> None:
    options = search(max_examples=examples, stateful_step_count=steps, deadline=None)
    run_state_machine_as_test(lambda: UploadMachine(place), settings=options)


def test_on_disk(media: object, settings: Settings, no_queue: None) -> None:
    settings.UPLOAD_PART_BYTES = Disk.part
    run(Disk(), examples=50, steps=20)


@pytest.mark.s3
def test_in_a_bucket(bucket: str, no_queue: None) -> None:
    run(Bucket(), examples=6, steps=12)
