"""Real workers, killed without warning in the middle of a deletion and of a copy: the next one comes to the end."""

import os
import signal
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db.models import Q
from django.utils import timezone

from festival.people.actor import actor_of
from personal import erase_actions, export_actions
from personal.models import DataExport, Erasure
from submissions.models import Entry
from tests.factories import make_edition, make_entry, make_user
from tests.waiting import eventually
from tools.process import Process

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]
QUICK = {"LEASE_SECONDS": "1", "REAP_SECONDS": "1"}


def kill(worker: Process) -> None:
    os.kill(worker.pid, signal.SIGKILL)
    eventually(lambda: not worker.alive)


def test_a_deletion_is_carried_on(start_worker: Callable[..., Process]) -> None:
    user, edition = make_user(email="ann@example.org"), make_edition()
    for _number in range(150):
        make_entry(edition, entrant=user, state="refused", director="Ann")
    row = erase_actions.ask(user=user, withdraw=False, at=timezone.now(), grace=timedelta(0))
    first = start_worker(beat=True, **QUICK)
    eventually(lambda: Erasure.objects.filter(~Q(counts={}), pk=row.pk).exists())
    kill(first)
    start_worker(beat=True, **QUICK)
    eventually(lambda: Erasure.objects.filter(pk=row.pk, state="done").exists(), seconds=60)
    assert set(Entry.objects.values_list("director", "title")) == {("", "")}
    row.refresh_from_db()
    assert row.counts["blanked"]["entries"] == 150  # each once


def test_a_copy_is_made_by_the_next(start_worker: Callable[..., Process]) -> None:
    user, edition = make_user(email="ann@example.org"), make_edition()
    for _number in range(300):
        make_entry(edition, entrant=user, synopsis={"en": "Long. " * 500})
    row = export_actions.ask(by=actor_of(user), at=timezone.now())
    first = start_worker(beat=True, **QUICK)
    eventually(lambda: not DataExport.objects.filter(pk=row.pk, state="waiting").exists())
    kill(first)
    start_worker(beat=True, **QUICK)
    eventually(lambda: DataExport.objects.filter(pk=row.pk, state="ready").exists(), seconds=60)
