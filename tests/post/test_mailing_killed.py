"""A real worker killed in the middle of a letter to many: everybody has exactly one message, by its Message-ID."""

import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from festival.post import mailing_actions
from festival.post.models import Mailing, Notice
from tests.factories import make_edition, make_entry, make_user
from tests.post.mailserver import MailServer
from tests.post.making import make_mailing, make_organiser, start
from tests.waiting import eventually
from tools.process import Process
from tools.services import Valkey

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]

QUICK = {"LEASE_SECONDS": "1", "REAP_SECONDS": "0.5"}
LETTERS = 160


@pytest.fixture
def own_queue(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A queue on which nobody put anything: the worker's reaper must find the work in the database."""
    with Valkey(tmp_path / "queue") as queue:
        yield {"BROKER_URL": queue.url}


@pytest.mark.parametrize(
    "when", ["between two letters", "after a letter was taken, before it was written down"]
)
def test_a_worker_killed_in_the_middle(
    start_worker: Callable[..., Process],
    server: MailServer,
    own_queue: dict[str, str],
    settings: Settings,
    when: str,
) -> None:
    settings.REAP_SECONDS = float(QUICK["REAP_SECONDS"])
    edition = make_edition()
    by = make_organiser(edition)
    entrant = make_user()
    for _number in range(LETTERS):
        make_entry(edition, state="eligible", entrant=entrant if _number % 10 == 0 else None)
    mailing = make_mailing(edition, by)
    mailing_actions.make_ready(mailing=mailing, by=by, at=timezone.now())
    mailing_actions.gather(pk=mailing.pk)
    start(mailing, by)
    places = {**own_queue, **QUICK, "EMAIL_URL": f"smtp://127.0.0.1:{server.port}"}
    workers: list[Process] = []

    def kill_at_once(_message: EmailMessage) -> str:
        """The server keeps the message, but its sender dies before it hears so."""
        if len(server.messages) == LETTERS // 3:
            os.kill(workers[0].pid, signal.SIGKILL)
            eventually(lambda: not workers[0].alive)
        return "250 OK"

    if when.startswith("after"):
        server.says = kill_at_once
    workers.append(start_worker(beat=True, **places))
    if when.startswith("between"):
        eventually(lambda: len(server.messages) > LETTERS // 3, seconds=60, every=0.005)
        os.kill(workers[0].pid, signal.SIGKILL)
    eventually(lambda: not workers[0].alive, seconds=60)
    assert Notice.objects.filter(state="sent").count() < LETTERS
    workers.append(start_worker(beat=True, **places))
    eventually(lambda: Mailing.objects.get().state == "done", seconds=90)
    got = Counter(server.got())
    expected = {
        (letter.user.email, f"<{letter.uid.hex}@localhost>")
        for letter in Notice.objects.filter(mailing=mailing).select_related("user")
    }
    assert set(got) == expected and len(expected) == LETTERS
    assert sum(got.values()) - LETTERS <= 1  # doubled: at most the one letter in its hands
    assert set(Notice.objects.values_list("state", flat=True)) == {"sent"}
