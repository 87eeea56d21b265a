"""Real workers on a real queue: a task waits for a worker, and outlives one that is killed."""

import os
import signal
from collections.abc import Callable

import pytest
from django.utils import timezone

from festival.kit.queue import enqueue
from festival.post.models import Notice
from festival.post.tasks import send_notice
from tests.waiting import eventually
from tests.world import World, make_world
from tools.process import Process

pytestmark = pytest.mark.worker


def notice(world: World) -> Notice:
    return Notice.objects.create(
        user=world.people["entrant"],
        edition=world.edition,
        kind="film_passed",
        path="/",
        created_at=timezone.now(),
    )


def test_work_waits_for_a_worker_and_outlives_a_killed_one(start_worker: Callable[..., Process]) -> None:
    world = make_world()

    def unsent() -> int:
        return Notice.objects.filter(mailed_at=None).count()

    Notice.objects.all().delete()
    for _number in range(3):
        enqueue(send_notice, notice(world).pk)
    assert unsent() == 3
    first = start_worker()
    eventually(lambda: unsent() == 0, seconds=60)
    os.kill(first.pid, signal.SIGKILL)
    eventually(lambda: not first.alive)
    enqueue(send_notice, notice(world).pk)
    assert unsent() == 1
    start_worker()
    eventually(lambda: unsent() == 0, seconds=60)
