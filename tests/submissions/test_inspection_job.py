"""The job on real films: stored, inspected, copied; and what happens when workers die."""

import hashlib
import json
import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import storages
from django.utils import timezone
from pytest_django.fixtures import Settings

from festival.people.actor import actor_of
from festival.people.roles import Role
from festival.post.models import Notice
from submissions import actions as entries
from submissions import inspect_actions, inspect_job, storing, tasks
from submissions.inspect_actions import ATTEMPTS, LeaseLost
from submissions.inspection.report import Problem, Report
from submissions.inspection.synthetic import cut_in_half, make_film, text_named_mp4
from submissions.models import Asset, Entry, Event, FilmVersion, Inspection, StatementFinding
from submissions.statement.facts import Use
from tests import factories
from tests.inspection.signing import sign
from tests.submissions.uploading import Uploader

Capture = Callable[..., object]


def arrive(entry: Entry, film: Path | bytes, name: str = "film.mp4") -> Inspection:
    """Upload a film; the inspection waits."""
    answer = Uploader.of(entry, film, name=name).send()
    assert answer.status_code == 200, answer.content
    return Inspection.objects.order_by("-pk")[0]


def inspected(entry: Entry, film: Path | bytes) -> Inspection:
    inspection = arrive(entry, film)
    inspect_job.run(inspection.pk)
    inspection.refresh_from_db()
    return inspection


def test_a_film_whose_label_says_otherwise_than_the_statement_is_noted(draft: Entry, tmp_path: Path) -> None:
    label = {"Label": "1", "ContentProducer": "可灵AI", "ProduceID": "a1"}
    label |= dict.fromkeys(("ReservedCode1", "ContentPropagator", "PropagateID", "ReservedCode2"), "")
    path = tmp_path / "labelled.mp4"
    make_film(path, seconds=3, width=640, height=360, seed=7, metadata={"AIGC": json.dumps(label)})
    factories.make_uses(draft, Use("video", "vidu"))
    assert not StatementFinding.objects.exists()
    assert inspected(draft, path).verdict == "pass"
    assert [row.rule for row in StatementFinding.objects.all()] == ["statement_differs"]
    factories.make_uses(draft, Use("video", "kling"))  # corrected, without another inspection
    assert not StatementFinding.objects.exists()


def test_credentials_are_held_against_the_authorities_of_the_site(
    draft: Entry, film: Path, tmp_path: Path, settings: Settings
) -> None:
    authority = sign(film, tmp_path / "signed.mp4")
    assert inspected(draft, tmp_path / "signed.mp4").report["provenance"]["c2pa"]["state"] == "valid"
    settings.C2PA_TRUST = authority
    Entry.objects.update(state="submitted", submitted_at=timezone.now())
    draft.refresh_from_db()
    technician = factories.make_member(draft.edition, Role.TECHNICIAN)
    again = inspect_actions.reinspect(entry=draft, by=technician, at=timezone.now())
    inspect_job.run(again.pk)
    again.refresh_from_db()
    assert again.report["provenance"]["c2pa"]["state"] == "trusted"


def test_real_film_is_stored_inspected_and_copied(draft: Entry, film: Path) -> None:
    inspection = inspected(draft, film)
    assert inspection.error == ""
    assert (inspection.state, inspection.verdict) == ("done", "pass")
    assert (inspection.lease_token, inspection.lease_until, inspection.attempts) == (None, None, 1)
    sha256 = hashlib.sha256(film.read_bytes()).hexdigest()
    asset = Asset.objects.get()
    assert (asset.sha256, asset.size) == (sha256, film.stat().st_size)
    assert asset.key == f"originals/{sha256[:2]}/{sha256[2:4]}/{sha256}.mp4"
    media = storages["default"]
    assert Path(media.path(asset.key)).read_bytes() == film.read_bytes()
    assert inspection.copy_key == f"copies/{sha256}-1.mp4"
    assert media.size(inspection.copy_key) > 1000
    assert media.exists(f"{inspection.folder}/sheet.jpg")
    assert 2.9 < inspection.report["video"]["duration"] < 3.1
    assert inspection.report["file"]["sha256"] == sha256
    assert inspection.rulebook_digest == inspection.report["rulebook"] != ""
    assert list(Path(settings.SPOOL).iterdir()) == []  # the parts and the work folder are gone
    assert Event.objects.get(kind="inspected").values == {"version": 1, "verdict": "pass"}
    assert Notice.objects.filter(kind="film_passed").count() == 1


def test_whole_way_through_the_queue(
    draft: Entry, film: Path, django_capture_on_commit_callbacks: Capture
) -> None:
    """Completing the upload is enough: the task runs the job (here at once), submitting then admits."""
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        Uploader.of(draft, film).send()
    assert Inspection.objects.get().state == "done"
    entries.submit(entry=draft, by=actor_of(draft.entrant), at=timezone.now())
    draft.refresh_from_db()
    assert draft.state == "eligible"


def test_submitted_before_the_inspection_is_settled_by_it(draft: Entry, film: Path) -> None:
    inspection = arrive(draft, film)
    entries.submit(entry=draft, by=actor_of(draft.entrant), at=timezone.now())
    draft.refresh_from_db()
    assert draft.state == "submitted"
    inspect_job.run(inspection.pk)
    draft.refresh_from_db()
    assert draft.state == "eligible"
    told = list(Notice.objects.order_by("pk").values_list("kind", flat=True))
    assert told == ["film_arrived", "entry_submitted", "entry_admitted"]


def test_text_named_mp4_opens_a_fix_window(draft: Entry, tmp_path: Path) -> None:
    film = text_named_mp4(tmp_path / "text.mp4")
    inspection = arrive(draft, film)
    entries.submit(entry=draft, by=actor_of(draft.entrant), at=timezone.now())
    inspect_job.run(inspection.pk)
    inspection.refresh_from_db()
    assert (inspection.state, inspection.verdict, inspection.copy_key) == ("done", "unreadable", "")
    assert Asset.objects.get().key.endswith(".bin")
    draft.refresh_from_db()
    assert draft.state == "fixing"


def test_film_cut_in_half_is_found_out(draft: Entry, film: Path, tmp_path: Path) -> None:
    half = cut_in_half(film, tmp_path / "half.mp4")
    inspection = inspected(draft, half)
    assert inspection.state == "done"
    assert inspection.verdict in ("block", "unreadable")
    assert Notice.objects.filter(kind="film_has_faults").count() == 1


def test_failures_at_storing_are_no_attempts_at_inspecting(
    draft: Entry, film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inspection = arrive(draft, film)
    with monkeypatch.context() as patch:

        def away(*_: object) -> str:
            raise OSError("the bucket is away")

        patch.setattr(storing, "store_original", away)
        for _ in range(ATTEMPTS - 1):
            inspect_job.receive(inspection.pk)
    inspection.refresh_from_db()
    assert (inspection.state, inspection.attempts) == ("queued", ATTEMPTS - 1)
    inspect_job.receive(inspection.pk)
    inspection.refresh_from_db()
    assert (inspection.state, inspection.attempts) == ("queued", 0)


def test_a_copy_lost_between_report_and_storage_is_made_alone(
    draft: Entry, film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inspection = arrive(draft, film)
    with monkeypatch.context() as patch:

        def die(*_: object) -> str:
            raise OSError("no space left")

        patch.setattr(inspect_job, "copy", die)
        inspect_job.run(inspection.pk)
    inspection.refresh_from_db()
    assert (inspection.state, inspection.verdict, inspection.copy_key) == ("queued", "pass", "")
    inspect_job.run(inspection.pk)
    inspection.refresh_from_db()
    assert (inspection.state, inspection.attempts) == ("done", 2)
    assert storages["default"].size(inspection.copy_key) > 1000
    assert Event.objects.filter(kind="inspected").count() == 1


def test_same_film_twice_is_one_asset_and_one_copy(draft: Entry, film: Path) -> None:
    first = inspected(draft, film)
    other = factories.make_entry(draft.edition, state="draft")
    second = inspected(other, film)
    assert Asset.objects.count() == 1
    assert FilmVersion.objects.filter(asset__isnull=False).count() == 2
    assert first.copy_key == second.copy_key
    assert len(list((Path(storages["default"].location) / "copies").iterdir())) == 1


def test_a_wrong_file_under_the_right_name_is_never_taken_for_the_original(draft: Entry, film: Path) -> None:
    sha256 = hashlib.sha256(film.read_bytes()).hexdigest()
    torn = Path(storages["default"].path(f"originals/{sha256[:2]}/{sha256[2:4]}/{sha256}.mp4"))
    torn.parent.mkdir(parents=True)
    torn.write_bytes(b"half a copy")
    assert inspected(draft, film).state == "done"
    assert Path(storages["default"].path(Asset.objects.get().key)).read_bytes() == film.read_bytes()


def test_of_two_workers_one_wins(draft: Entry, film: Path) -> None:
    inspection = arrive(draft, film)
    now = timezone.now()
    leases = [inspect_actions.claim(inspection_id=inspection.pk, at=now) for _worker in range(2)]
    assert [lease is None for lease in leases] == [False, True]
    inspect_job.run(inspection.pk)  # a doubled task finds nothing to do
    inspection.refresh_from_db()
    assert (inspection.state, inspection.attempts) == ("running", 1)


def test_dead_lease_is_reaped_and_late_writes_are_refused(
    draft: Entry, film: Path, django_capture_on_commit_callbacks: Capture
) -> None:
    inspection = arrive(draft, film)
    started = timezone.now()
    dead = inspect_actions.claim(inspection_id=inspection.pk, at=started)
    assert dead is not None
    assert inspect_actions.reap_leases(at=started + timedelta(seconds=settings.LEASE_SECONDS - 1)) == 0
    inspect_actions.renew(lease=dead, at=started + timedelta(seconds=20))
    assert inspect_actions.reap_leases(at=started + timedelta(seconds=settings.LEASE_SECONDS + 1)) == 0
    assert inspect_actions.reap_leases(at=started + timedelta(seconds=settings.LEASE_SECONDS + 21)) == 1
    inspection.refresh_from_db()
    assert (inspection.state, inspection.lease_token) == ("queued", None)

    inspect_job.run(inspection.pk)
    version = FilmVersion.objects.get()
    now = timezone.now()
    late = [
        lambda: inspect_actions.renew(lease=dead, at=now, progress=50),
        lambda: inspect_actions.record_original(
            lease=dead, version=version, sha256="f" * 64, size=1, key="originals/late", at=now
        ),
        lambda: inspect_actions.record_report(lease=dead, report=Report("block"), folder="late", at=now),
        lambda: inspect_actions.finish(lease=dead, copy_key="late", at=now),
        lambda: inspect_actions.give_back(lease=dead, error="late", at=now),
    ]
    for write in late:
        with pytest.raises(LeaseLost):
            write()
    inspection.refresh_from_db()
    assert (inspection.state, inspection.verdict, inspection.attempts) == ("done", "pass", 2)
    assert Asset.objects.count() == 1
    assert Notice.objects.filter(kind="film_passed").count() == 1


def test_a_copy_goes_when_its_film_was_deleted_meanwhile(
    draft: Entry, film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inspection = arrive(draft, film)
    made: list[str] = []

    def copy_while_it_is_deleted(*args: Any) -> str:
        made.append(whole(*args))
        assert storages["default"].exists(made[0])
        Inspection.objects.all().delete()
        FilmVersion.objects.all().delete()
        Asset.objects.all().delete()
        return made[0]

    whole = inspect_job.copy
    monkeypatch.setattr(inspect_job, "copy", copy_while_it_is_deleted)
    inspect_job.run(inspection.pk)
    assert len(made) == 1
    assert not storages["default"].exists(made[0])


def test_a_film_that_arrives_is_stored_and_looked_at_then_waits(
    draft: Entry, film: Path, django_capture_on_commit_callbacks: Capture
) -> None:
    inspection = arrive(draft, film)
    queued = inspection.queued_at
    with django_capture_on_commit_callbacks(execute=False) as sent:  # type: ignore[attr-defined]
        inspect_job.receive(inspection.pk)
    inspection.refresh_from_db()
    assert (inspection.state, inspection.stage, inspection.attempts) == ("queued", "inspect", 0)
    assert (inspection.lease_token, inspection.queued_at, inspection.verdict) == (None, queued, "")
    assert len(sent) == 1  # the hint for the long queue
    assert inspection.glance["depth"] == "keyframes"
    assert inspection.glance["video"]["frames"] == 72
    assert storages["default"].exists(f"{inspection.glance_folder}/sheet.jpg")
    assert Asset.objects.count() == 1
    inspect_job.receive(inspection.pk)  # a second hint finds nothing left to do but to wait
    inspect_job.run(inspection.pk)
    inspection.refresh_from_db()
    assert (inspection.state, inspection.verdict, inspection.attempts) == ("done", "pass", 1)
    assert inspection.report["depth"] == "whole"
    assert inspection.report["copy"]["method"] in ("encoded", "repacked")
    assert storages["default"].exists(f"{inspection.folder}/sprite.vtt")


def test_a_first_look_that_fails_holds_nothing_up(
    draft: Entry, film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inspection = arrive(draft, film)
    killed = Report("unreadable", problem=Problem("killed"), depth="keyframes")
    monkeypatch.setattr(inspect_job.runner, "glance_at_film", lambda *_, **__: killed)
    inspect_job.receive(inspection.pk)
    inspection.refresh_from_db()
    assert (inspection.state, inspection.stage, inspection.glance) == ("queued", "inspect", {})


def test_what_is_put_on_which_queue(
    draft: Entry, film: Path, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Capture
) -> None:
    """A film that was not stored yet goes to the quick queue, whoever reminds of it; a stored one to the other."""
    sent: list[str] = []
    for task in (tasks.receive, tasks.inspect):
        monkeypatch.setattr(task, "delay", lambda _pk, name=task.name: sent.append(name))
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        inspection = arrive(draft, film)
        Inspection.objects.update(lease_until=None)
        inspect_actions.remind_queue(at=timezone.now())
    assert sent == ["submissions.tasks.receive"] * 2
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        inspect_job.receive(inspection.pk)
        Inspection.objects.update(lease_until=None)
        inspect_actions.remind_queue(at=timezone.now())
    assert sent[2:] == ["submissions.tasks.inspect"] * 2
    assert settings.CELERY_TASK_DEFAULT_QUEUE == "arrivals"
    long = {name for name, where in settings.CELERY_TASK_ROUTES.items() if where == {"queue": "celery"}}
    assert long == {
        "submissions.tasks.inspect",
        "submissions.tasks.match",
        "submissions.tasks.publish",
        "submissions.tasks.put_in_catalogue",
        "festival.premiere.tasks.propose",
        "judging.tasks.make_fairness_report",
        "judging.tasks.rehearse_edition",
        "personal.tasks.export",
        "personal.tasks.erase",
    }


@pytest.mark.parametrize("stage", ["store", "glance", "inspect", "copy"])
def test_killed_in_any_stage_loses_nothing(
    draft: Entry, film: Path, stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after kill -9: the stage's work is half done, nothing is given back; the next worker goes on."""

    class KilledError(BaseException):
        pass

    def die(*_: object, **__: object) -> None:
        raise KilledError

    inspection = arrive(draft, film)
    target = {"store": (storing, "join"), "glance": (inspect_job.runner, "glance_at_film"),
              "inspect": (inspect_job.runner, "inspect_film"),
              "copy": (inspect_actions, "finish")}[stage]  # fmt: skip
    with monkeypatch.context() as patch:
        patch.setattr(*target, die)
        with pytest.raises(KilledError):
            inspect_job.run(inspection.pk)
    inspection.refresh_from_db()
    assert (inspection.state, inspection.stage) == ("running", stage)
    later = timezone.now() + timedelta(seconds=settings.LEASE_SECONDS + 1)
    assert inspect_actions.reap_leases(at=later) == 1
    inspect_job.run(inspection.pk)
    inspection.refresh_from_db()
    assert (inspection.state, inspection.verdict, inspection.attempts) == ("done", "pass", 2)
    assert Event.objects.filter(kind="inspected").count() == 1
    assert Notice.objects.filter(kind="film_passed").count() == 1


def test_gives_up_after_three_attempts_and_can_be_ordered_again(draft: Entry, film: Path) -> None:
    inspection = arrive(draft, film)
    parts = list(Path(settings.SPOOL).glob("*/00001.*"))
    hidden = parts[0].with_name("hidden")
    parts[0].rename(hidden)
    for attempt in range(1, ATTEMPTS + 1):
        inspect_job.run(inspection.pk)
        inspection.refresh_from_db()
        assert (inspection.state, inspection.attempts) == (
            "queued" if attempt < ATTEMPTS else "failed",
            attempt,
        )
        assert "part 1 of" in inspection.error
    inspect_job.run(inspection.pk)
    assert Inspection.objects.get().attempts == ATTEMPTS
    assert Event.objects.filter(kind="inspection_failed").count() == 1

    hidden.rename(parts[0])
    Entry.objects.update(state="submitted", submitted_at=timezone.now())
    technician = factories.make_member(draft.edition, Role.TECHNICIAN)
    draft.refresh_from_db()
    again = inspect_actions.reinspect(entry=draft, by=technician, at=timezone.now())
    with pytest.raises(inspect_actions.Refused) as refused:
        inspect_actions.reinspect(entry=draft, by=technician, at=timezone.now())
    assert refused.value.code == "running"
    inspect_job.run(again.pk)
    draft.refresh_from_db()
    assert draft.state == "eligible"


def test_dies_with_the_worker_three_times(draft: Entry, film: Path) -> None:
    inspection = arrive(draft, film)
    at = timezone.now()
    for _death in range(ATTEMPTS):
        assert inspect_actions.claim(inspection_id=inspection.pk, at=at)
        at += timedelta(seconds=settings.LEASE_SECONDS + 1)
        inspect_actions.reap_leases(at=at)
    inspection.refresh_from_db()
    assert inspection.state == "failed"
    assert "died" in inspection.error


def test_the_machines_trouble_is_not_the_films_fault(
    draft: Entry, film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inspection = arrive(draft, film)
    with monkeypatch.context() as patch:
        killed = Report("unreadable", problem=Problem("killed"))
        patch.setattr(inspect_job.runner, "inspect_film", lambda *_, **__: killed)
        inspect_job.run(inspection.pk)
    inspection.refresh_from_db()
    assert (inspection.state, inspection.verdict) == ("queued", "")
    inspect_job.run(inspection.pk)
    inspection.refresh_from_db()
    assert (inspection.state, inspection.verdict) == ("done", "pass")


def test_waiting_rows_are_put_on_the_queue_again_ever_more_rarely(
    draft: Entry, film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inspection = arrive(draft, film)
    hints: list[int] = []
    monkeypatch.setattr(inspect_actions, "_hint", lambda pk, **_: hints.append(pk))
    start = inspection.queued_at
    seconds = inspect_actions.HINT_REAPS * settings.REAP_SECONDS
    asked = [step for step in range(0, int(16 * seconds) + 1, 5)
             if inspect_actions.remind_queue(at=start + timedelta(seconds=step))]  # fmt: skip
    assert hints == [inspection.pk] * len(asked)
    assert 3 <= len(asked) <= 5
    assert asked[0] > seconds


def test_reap_does_all_of_it(draft: Entry, film: Path) -> None:
    inspection = arrive(draft, film)
    work = Path(settings.SPOOL) / "work-old"
    work.mkdir()
    os.utime(work, (1, 1))
    tasks.reap()
    assert not work.exists()
    inspection.refresh_from_db()
    assert inspection.state == "queued"


def test_a_step_of_the_reaper_that_fails_does_not_stop_those_behind_it(
    draft: Entry, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    work = Path(settings.SPOOL) / "work-old"
    work.mkdir(parents=True)
    os.utime(work, (1, 1))

    def fail(*, at: datetime) -> None:
        raise RuntimeError("no room")

    monkeypatch.setattr(tasks.showing_actions, "settle", fail)
    tasks.reap()
    assert not work.exists()
    [record] = [one for one in caplog.records if one.name == "submissions.tasks"]
    assert record.levelname == "ERROR" and "no room" in str(record.exc_info)


def test_only_technicians_order_an_inspection(draft: Entry, film: Path) -> None:
    arrive(draft, film)
    for actor in (actor_of(draft.entrant), factories.make_member(draft.edition, Role.JUDGE)):
        with pytest.raises(inspect_actions.Refused) as refused:
            inspect_actions.reinspect(entry=draft, by=actor, at=timezone.now())
        assert refused.value.status == 403


@pytest.mark.parametrize(
    ("head", "extension"),
    [
        (b"\x00\x00\x00\x20ftypisom", "mp4"),
        (b"\x00\x00\x00\x14ftypqt  ", "mov"),
        (b"\x00\x00\x00\x08wide\x00\x00", "mov"),
        (b"\x1a\x45\xdf\xa3" + b"\x00" * 20 + b"webm", "webm"),
        (b"\x1a\x45\xdf\xa3" + b"\x00" * 20 + b"matroska", "mkv"),
        (b"RIFF\x00\x00\x00\x00AVI LIST", "avi"),
        (b"\x06\x0e\x2b\x34\x02\x05", "mxf"),
        ((b"G" + bytes(187)) * 3, "ts"),
        (b"#!/bin/sh", "bin"),
        (b"<html>", "bin"),
        (b"", "bin"),
    ],
)
def test_ending_is_told_by_the_bytes(head: bytes, extension: str) -> None:
    assert storing.sniff_extension(head) == extension
