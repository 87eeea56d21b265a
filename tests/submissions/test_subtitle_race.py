"""A report comes in at the very moment in which a subtitle file was read: whoever is second sees the first."""

import threading
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import close_old_connections, connection, transaction
from django.utils import timezone

from festival.edition.rulebook import Rulebook
from submissions import inspect_actions, subtitle_actions
from submissions.inspect_actions import Lease
from submissions.inspection.runner import rejudge
from submissions.inspection.subtitle_file import side_file
from submissions.models import Inspection
from tests import factories
from tests.submissions.reports import measured

RULES = '[subtitles]\nrequired = true\nseverity = "fix"\n'
HELD = 0.7  # seconds that the first transaction stays open


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("first", ["report", "file"])
def test_neither_misses_the_other(first: str) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("two writers at once need PostgreSQL: ./dev test --lane postgres")
    draft = factories.make_draft(factories.make_edition(rulebook=RULES, call_open=True))
    token, now = uuid.uuid4(), timezone.now()
    inspection = factories.make_inspection(
        draft, state="running", report={}, verdict="", lease_token=token, lease_until=now
    )
    row = factories.make_subtitles(draft, state="waiting")
    report = rejudge(replace(measured(), subtitles=()), Rulebook.from_toml(RULES))
    assert report.verdict == "fix"
    found, _webvtt = side_file("1\n00:00:01,000 --> 00:00:03,000\n我们从这里开始\n".encode(), "zh-Hans")

    doings: dict[str, Callable[[], Any]] = {
        "report": lambda: inspect_actions.record_report(
            lease=Lease(inspection.pk, token, 1), report=report, folder="x", at=now
        ),
        "file": lambda: subtitle_actions.record_read(row=row, found=found, key="subtitles/x.vtt", at=now),
    }
    done, faults = threading.Event(), []

    def run(work: Callable[[], Any]) -> None:
        try:
            work()
        except Exception as error:
            faults.append(error)
        finally:
            close_old_connections()
            connection.close()

    def held_open() -> None:
        with transaction.atomic():
            doings[first]()
            done.set()
            threading.Event().wait(HELD)

    def after() -> None:
        done.wait(10)
        doings["file" if first == "report" else "report"]()

    threads = [threading.Thread(target=run, args=(work,)) for work in (held_open, after)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    inspection = Inspection.objects.get(pk=inspection.pk)
    assert (inspection.verdict, inspection.report["findings"]) == ("pass", [])
    assert [facts["place"] for facts in inspection.report["subtitles"]] == ["beside"]
