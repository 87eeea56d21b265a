"""Published copies asked for at the same moment: each is made once, and nobody gets an error."""

import threading

import pytest
from django.db import connection, transaction
from django.utils import timezone

from submissions import published_actions
from submissions.models import Asset, PublishedCopy
from tests.factories import make_edition, make_entry
from tests.racing import together

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_who_asks_while_another_asks_finds_what_is_there() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("two writers at once need PostgreSQL: ./dev test --lane postgres")
    edition, now = make_edition(), timezone.now()
    entries = [make_entry(edition) for _one in range(2)]
    asset = Asset.objects.create(sha256="a" * 64, size=10, key="originals/a.mp4", created_at=now)
    wanted = {entry.pk: asset.pk for entry in entries}

    def ask() -> int:
        return published_actions.ask(purpose="handoff", wanted=wanted, edition=edition, at=now)

    counts: list[int] = []
    second = threading.Thread(target=lambda: counts.extend(together(ask)))
    with transaction.atomic():
        assert ask() == 2
        second.start()
        second.join(timeout=1)
        assert second.is_alive()  # it waits for the first
    second.join()
    assert counts == [0]
    assert PublishedCopy.objects.count() == 2
