"""The copy of one's own data: everything of hers, nothing of others; made once a day, kept a week, fetched by her."""

import hashlib
import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.files.storage import storages
from django.test import Client
from django.utils import timezone

from festival.kit.errors import Refused
from festival.people.actor import actor_of
from festival.post.models import Mailing, Notice
from personal import export_actions, export_job, files
from personal.models import DataExport
from personal.table import HOLDINGS
from submissions.credit_people import Person
from submissions.event_log import log_event
from submissions.links import media_url
from submissions.models import Attachment
from tests.factories import make_credits, make_entry, make_offer, make_user
from tests.personal.lives import ADDRESS, AT, NAME, SECOND, Life

NOW = timezone.now()


def make_copy(life: Life) -> tuple[DataExport, zipfile.ZipFile]:
    DataExport.objects.filter(user=life.user).delete()
    row = export_actions.ask(by=life.actor, at=NOW)
    export_job.run(row.pk)
    row.refresh_from_db()
    assert row.state == "ready"
    with storages["default"].open(row.key) as file:
        return row, zipfile.ZipFile(io.BytesIO(file.read()))


def rows(archive: zipfile.ZipFile, name: str) -> list[dict[str, Any]]:
    return list(json.loads(archive.read(f"data/{name}.json")))


def everything_in(archive: zipfile.ZipFile) -> bytes:
    return b"\n".join(archive.read(name) for name in archive.namelist())


def test_every_table_of_the_decisions_is_in_it_and_has_rows(life: Life) -> None:
    _row, archive = make_copy(life)
    wanted = {"deeds"}
    for holding in HOLDINGS:
        wanted |= {holding.key} if holding.columns else set()
        for way in holding.ways:
            if way.columns:
                wanted.add(way.name or (f"{holding.key}_given" if holding.columns else holding.key))
    found = {Path(name).stem for name in archive.namelist() if name.startswith("data/")}
    assert found == wanted
    empty = {name for name in wanted if not rows(archive, name)}
    assert empty == {"erasures"}


def test_what_she_wrote_is_in_it_in_plain_keys(life: Life) -> None:
    _row, archive = make_copy(life)
    assert archive.testzip() is None
    account = rows(archive, "account")
    assert [(one["email"], one["name"], one["language"]) for one in account] == [(ADDRESS, NAME, "zh-hans")]
    entry = next(one for one in rows(archive, "entries") if one["code"] == "REFUSE1")
    assert (entry["edition"], entry["track"], entry["title"]) == ("over", "open", "Film refused")
    assert entry["synopsis"] == {"en": f"refused by {NAME}"}
    assert "decision" not in entry
    assert len(rows(archive, "entries")) == 6
    answers = {one["entry"]: one["value"] for one in rows(archive, "answers")}
    assert answers["LOST111"] == f"Write to {ADDRESS}"
    looks = rows(archive, "looks")
    assert [(one["entry"], one["comment"]) for one in looks] == [("THEIRS1", f"I am {NAME}.")]
    assert sorted(float(one["value"]) for one in rows(archive, "scores")) == [7.0, 7.0]
    words = [one for one in rows(archive, "notices") if one["kind"] == "film_passed"]
    assert words[0]["subject"] and words[0]["body"]
    assert {one["table"] for one in rows(archive, "deeds")} >= {"log", "consents", "uploads"}


def test_nothing_of_others_is_in_it(life: Life) -> None:
    """Addresses of others stand in it only where she typed them herself: co-authors, offers."""
    _row, archive = make_copy(life)
    data = everything_in(archive)
    for who in ("rival", "judge", "owner"):
        assert life.others[who].email.encode() not in data, who
    assert b"nobody-lost111@elsewhere.example" in data
    assert f"{NAME} again".encode() not in data  # the jury's comment on her film
    assert b"is a copy" in data  # the reason that she was told
    assert b"Asked by" not in data  # a waiver's reason stays at the desk
    assert SECOND.encode() in data


def test_somebody_elses_copy_has_nothing_of_hers(life: Life) -> None:
    row = export_actions.ask(by=actor_of(life.others["judge"]), at=NOW)
    export_job.run(row.pk)
    row.refresh_from_db()
    with storages["default"].open(row.key) as file:
        data = everything_in(zipfile.ZipFile(io.BytesIO(file.read())))
    assert ADDRESS.encode() not in data
    assert b"REFUSE1" not in data


def test_small_files_are_inside_as_they_came_and_films_are_listed(life: Life) -> None:
    _row, archive = make_copy(life)
    listing = json.loads(archive.read("files.json"))
    inside = [one for one in listing if one["in_this_archive"]]
    assert (
        len(inside) == 28
    )  # six entries with still, portrait, document, subtitles; four delivered something
    for one in inside:
        assert hashlib.sha256(archive.read(one["in_this_archive"])).hexdigest() == one["sha256"]
    films = [one for one in listing if not one["in_this_archive"]]
    assert {one["kind"] for one in films} == {"film"}
    assert len(films) == 6


def test_names_of_files_lead_nowhere(life: Life) -> None:
    Attachment.objects.filter(entry__code="LOST111").update(filename="../../etc/\x07passwd\\..\\x")
    _row, archive = make_copy(life)
    names = [name for name in archive.namelist() if name.startswith("files/LOST111/still")]
    assert len(names) == 1
    assert ".." not in names[0].split("/") and "\\" not in names[0] and "\x07" not in names[0]


def test_more_than_fits_is_listed(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_ALL", 60)
    _row, archive = make_copy(life)
    listing = json.loads(archive.read("files.json"))
    assert 0 < sum(one["size"] for one in listing if one["in_this_archive"]) <= 60


def test_once_a_day(life: Life) -> None:
    make_copy(life)
    with pytest.raises(Refused) as soon:
        export_actions.ask(by=life.actor, at=NOW + timedelta(hours=23))
    assert (soon.value.status, soon.value.code) == (429, "too_soon")
    row = export_actions.ask(by=life.actor, at=NOW + timedelta(hours=25))
    with pytest.raises(Refused) as running:
        export_actions.ask(by=life.actor, at=NOW + timedelta(hours=50))
    assert running.value.code == "running"
    assert row.state == "waiting"


def test_a_letter_says_that_it_is_ready_once(life: Life, mailoutbox: list) -> None:
    mailoutbox.clear()
    row, _archive = make_copy(life)
    export_job.run(row.pk)
    assert [mail.to for mail in mailoutbox] == [[ADDRESS]]
    assert "/account/data/" in mailoutbox[0].body


def test_after_a_week_it_is_gone(life: Life) -> None:
    row, _archive = make_copy(life)
    assert export_actions.expire(at=row.expires_at - timedelta(seconds=1)) == 0
    assert export_actions.expire(at=row.expires_at) == 1
    assert not storages["default"].exists(row.key)
    assert not DataExport.objects.filter(pk=row.pk).exists()


def test_only_its_owner_fetches_it(life: Life) -> None:
    row, _archive = make_copy(life)
    url = media_url(life.actor, row.key, name="firstlight-data.zip", download=True)
    assert life.client is not None
    fetched = life.client.get(url)
    assert fetched.status_code == 200
    assert len(b"".join(fetched.streaming_content)) == row.size
    other = Client()
    other.force_login(life.others["rival"])
    assert other.get(url).status_code == 403
    assert Client().get(url).status_code == 403


def test_a_worker_that_died_is_followed_by_another(life: Life) -> None:
    died = timezone.now() - timedelta(hours=2)
    DataExport.objects.filter(user=life.user).delete()
    row = export_actions.ask(by=life.actor, at=died)
    lease = export_actions.claim(pk=row.pk, at=died)
    assert lease is not None
    assert export_actions.claim(pk=row.pk, at=died) is None
    later = died + timedelta(hours=1)
    assert export_actions.remind(at=later) == 1
    export_job.run(row.pk)
    row.refresh_from_db()
    assert row.state == "ready"
    with pytest.raises(export_actions.LeaseLost):
        export_actions.renew(lease=lease, at=later, progress=5)
    assert not export_actions.record_ready(lease=lease, key="exports/late.zip", size=1, at=later)


def test_given_up_after_three_attempts(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_given: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(export_job, "write_archive", broken)
    DataExport.objects.filter(user=life.user).delete()
    row = export_actions.ask(by=life.actor, at=NOW)
    for state in ("waiting", "waiting", "failed", "failed"):
        export_job.run(row.pk)
        row.refresh_from_db()
        assert row.state == state
    assert export_actions.ask(by=life.actor, at=NOW).pk != row.pk  # a failure costs no day


def test_queries_do_not_grow_with_rows(
    life: Life, django_assert_max_num_queries: Any, tmp_path: Path
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from festival.post.models import Notice

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            export_job.write_archive(life.user, tmp_path / "copy.zip", lambda percent: None)
        return len(queries)

    first = count()
    for number in range(3):
        Notice.objects.create(
            user=life.user, edition=life.edition, kind="film_passed", path="/", created_at=AT,
            values={"title": f"Film {number}", "code": "LOST111"},
        )  # fmt: skip
    assert count() == first


def test_a_copy_of_somebody_with_nothing_is_whole_too(db: None, media: Path) -> None:
    user = make_user("Nobody", email="nobody@elsewhere.example")
    row = export_actions.ask(by=actor_of(user), at=NOW)
    export_job.run(row.pk)
    row.refresh_from_db()
    assert row.state == "ready"


def test_an_address_that_was_never_confirmed_opens_nothing(life: Life) -> None:
    address = "innocent@elsewhere.example"
    EmailAddress.objects.create(user=life.user, email=address, verified=False)
    theirs = make_entry(life.edition, state="draft", title="Innocent", code="INNOC11")
    make_credits(theirs, Person(name="Innocent", roles=("sound",), email=address))
    make_offer(theirs, address)
    _row, archive = make_copy(life)
    assert b"INNOC11" not in everything_in(archive)


def test_letters_that_are_not_out_are_not_in_it(life: Life) -> None:
    mailing = Mailing.objects.get()
    Mailing.objects.filter(pk=mailing.pk).update(subject={"en": "Embargo", "zh": "尚不可说"})
    _row, archive = make_copy(life)
    assert "尚不可说" in everything_in(archive).decode(errors="replace")
    Notice.objects.filter(mailing=mailing, state="sent").update(state="held", mailed_at=None)
    _row, archive = make_copy(life)
    assert "尚不可说" not in everything_in(archive).decode(errors="replace")
    assert "film_passed" in {row["kind"] for row in rows(archive, "notices")}


def test_what_stays_at_the_desk_is_not_in_it(life: Life) -> None:
    entry, by = life.entries["lost"], actor_of(life.others["owner"])
    log_event(entry=entry, kind="admit", by=by, at=AT, reason="Between us.")
    log_event(entry=entry, kind="ask_fix", by=by, at=AT, reason="Too quiet.")
    log_event(entry=entry, kind="code_used", by=by, at=AT, label="Friends of the house")
    _row, archive = make_copy(life)
    said = everything_in(archive)
    assert b"Too quiet." in said
    assert b"Between us." not in said
    assert b"Friends of the house" not in said
