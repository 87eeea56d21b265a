"""The upload protocol: real bytes through the real addresses."""

import base64
import hashlib
import os
import random
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings

from festival.kit import clock
from festival.people.actor import actor_of
from festival.people.models import User
from festival.post.models import Notice
from submissions import actions as entries
from submissions.intake import actions
from submissions.intake.bucket_parts import BucketParts
from submissions.intake.limits import part_size_for
from submissions.intake.local_parts import LocalParts, _signer
from submissions.intake.parts import SIGNED_SECONDS
from submissions.models import Entry, Event, FilmVersion, Inspection, Upload
from tests import factories
from tests.submissions.uploading import Uploader

PART = 65_536
driver = LocalParts()


@pytest.fixture
def bytes_of_film() -> bytes:
    return random.Random(1).randbytes(5 * PART + 1234)


@pytest.fixture
def uploader(draft: Entry, bytes_of_film: bytes) -> Uploader:
    return Uploader.of(draft, bytes_of_film)


def joined(upload: Upload) -> bytes:
    return b"".join(driver.blocks(upload))


def test_a_film_arrives_when_its_parts_are_one(uploader: Uploader, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bucket may take minutes for it: who could not submit before the deadline then has the grace."""
    session = uploader.create().json()
    uploader.put_all(session)
    upload, at = Upload.objects.get(), timezone.now()
    ticks = (at + timedelta(minutes=minute) for minute in (10, 14))
    monkeypatch.setattr(clock, "now", lambda: next(ticks))
    version = actions.complete_upload(upload=upload, by=actor_of(upload.user), at=at)
    assert version.created_at == at + timedelta(minutes=4)


def test_whole_way_out_of_order(uploader: Uploader, draft: Entry, bytes_of_film: bytes) -> None:
    response = uploader.create()
    session = response.json()
    assert response.status_code == 201
    assert (session["part_size"], session["part_count"], session["parts"]) == (PART, 6, [])
    urls = uploader.sign(session)
    kept = {}
    for number in (6, 2, 5, 1, 4, 3):
        kept[number] = uploader.put(urls[number], uploader.piece(session, number)).json()
    listed = uploader.client.get(f"/uploads/{session['id']}/").json()["parts"]
    assert listed == [kept[number] for number in (1, 2, 3, 4, 5, 6)]
    assert joined(Upload.objects.get()) == bytes_of_film

    answer = uploader.complete(session)
    assert answer.json() == {"version": 1, "page": f"/entries/{draft.code}/"}
    version = FilmVersion.objects.get()
    assert (version.entry, version.number, version.filename, version.size) == (
        draft,
        1,
        "film.mp4",
        len(bytes_of_film),
    )
    assert Inspection.objects.get().version == version
    assert Event.objects.get(kind="film_arrived").values == {"version": 1, "filename": "film.mp4"}
    assert Notice.objects.get(kind="film_arrived").values["filename"] == "film.mp4"


def test_complete_is_idempotent(uploader: Uploader) -> None:
    session = uploader.create().json()
    uploader.put_all(session)
    assert uploader.complete(session).json() == uploader.complete(session).json()
    assert (FilmVersion.objects.count(), Inspection.objects.count()) == (1, 1)
    assert Notice.objects.filter(kind="film_arrived").count() == 1


def test_same_file_continues_and_another_file_begins_anew(uploader: Uploader) -> None:
    session = uploader.create().json()
    uploader.put_all(session, [1, 3])
    again = uploader.create().json()
    assert again["id"] == session["id"]
    assert [part["number"] for part in again["parts"]] == [1, 3]
    assert uploader.create(fingerprint="another").json()["id"] != session["id"]
    assert uploader.create(size=len(uploader.data) - 1).json()["id"] != session["id"]


def test_missing_parts_are_named_and_nothing_is_made(uploader: Uploader) -> None:
    session = uploader.create().json()
    uploader.put_all(session, [1, 2, 4, 6])
    answer = uploader.complete(session)
    assert (answer.status_code, answer.json()["error"], answer.json()["missing"]) == (
        409,
        "missing_parts",
        [3, 5],
    )
    assert FilmVersion.objects.count() == 0
    uploader.put_all(session, [3, 5])
    assert uploader.complete(session).status_code == 200


def test_part_sent_twice_is_one_part_and_the_later_counts(uploader: Uploader, bytes_of_film: bytes) -> None:
    session = uploader.create().json()
    url = uploader.sign(session)[1]
    assert uploader.put(url, b"x" * PART).status_code == 200
    for _again in range(2):
        assert uploader.put(url, uploader.piece(session, 1)).status_code == 200
    assert len(driver.list(Upload.objects.get())) == 1
    uploader.put_all(session, [2, 3, 4, 5, 6])
    assert joined(Upload.objects.get()) == bytes_of_film


@pytest.mark.parametrize("length", [1, PART - 1, PART + 1, 3 * PART])
def test_wrong_length_keeps_nothing(uploader: Uploader, length: int) -> None:
    session = uploader.create().json()
    answer = uploader.put(uploader.sign(session)[1], b"x" * length)
    assert (answer.status_code, answer.json()["error"]) == (400, "wrong_length")
    assert driver.list(Upload.objects.get()) == []


def test_length_must_be_announced(uploader: Uploader) -> None:
    session = uploader.create().json()
    answer = uploader.put(uploader.sign(session)[1], b"")
    assert (answer.status_code, answer.json()["error"]) == (411, "length_required")


def test_last_part_is_shorter(uploader: Uploader) -> None:
    session = uploader.create().json()
    url = uploader.sign(session)[6]
    assert uploader.put(url, b"x" * PART).json()["error"] == "wrong_length"
    assert uploader.put(url, b"x" * 1234).json()["size"] == 1234


def test_cut_off_part_leaves_nothing(uploader: Uploader) -> None:
    session = uploader.create().json()
    upload = Upload.objects.get()

    class Broken:
        rest = 1000

        def read(self, size: int) -> bytes:
            give, self.rest = min(size, self.rest), max(0, self.rest - size)
            return b"x" * give

    with pytest.raises(actions.Refused) as refused:
        actions.keep_part(upload=upload, number=1, length=PART, source=Broken(), at=timezone.now())
    assert refused.value.code == "cut_off"
    assert [path.name for path in driver.folder(upload.pk).iterdir()] == []
    assert session["parts"] == []


def test_forged_moved_and_expired_addresses(uploader: Uploader, monkeypatch: pytest.MonkeyPatch) -> None:
    session = uploader.create().json()
    urls = uploader.sign(session)
    piece = uploader.piece(session, 1)
    forged = urls[1][:-1] + ("A" if urls[1][-1] != "A" else "B")
    moved = urls[2].replace("/parts/2/", "/parts/1/")
    bare = urls[1].partition("?")[0]
    for url in (forged, moved, bare, f"{bare}?signature=", f"{bare}?signature=:::"):
        answer = uploader.put(url, piece)
        assert (answer.status_code, answer.json()["error"]) == (403, "bad_address"), url
    unknown = urls[1].replace(session["id"], str(uuid.uuid4()))
    assert uploader.put(unknown, piece).json() == answer.json()
    beyond = urls[1].replace("/parts/1/", "/parts/7/")
    assert uploader.put(beyond, piece).json()["error"] == "no_such_part"

    import django.core.signing

    now = django.core.signing.time.time()
    monkeypatch.setattr(django.core.signing.time, "time", lambda: now + SIGNED_SECONDS + 1)
    assert uploader.put(urls[1], piece).json()["error"] == "address_expired"
    assert driver.list(Upload.objects.get()) == []
    assert _signer.salt == "submissions.intake.part"


def test_somebody_elses_entry_and_upload(uploader: Uploader, draft: Entry) -> None:
    session = uploader.create().json()
    url = uploader.sign(session)[1]
    rival = Uploader.of(draft, uploader.data, user=factories.make_user())
    assert rival.create().status_code == 404
    assert rival.put(url.partition("?")[0], uploader.piece(session, 1)).status_code == 403
    assert rival.client.get(f"/uploads/{session['id']}/").status_code == 404
    for step in ("sign", "complete", "abort"):
        assert rival.post(session[step], {}).status_code == 404
    stranger = Client().post("/uploads/", {}, content_type="application/json")
    assert (stranger.status_code, stranger.json()["error"]) == (403, "logged_out")


def test_the_address_of_a_part_is_its_permission(uploader: Uploader) -> None:
    """As in a bucket: whoever has it may send exactly this part, while it is good and the account is open."""
    session = uploader.create().json()
    urls = uploader.sign(session)
    piece = uploader.piece(session, 1)
    uploader.client.logout()
    with CaptureQueriesContext(connection) as asked:
        assert uploader.put(urls[1], piece).status_code == 200
    assert len(asked) == 1
    User.objects.filter(pk=uploader.entry.entrant_id).update(is_active=False)
    assert uploader.put(urls[2], uploader.piece(session, 2)).json()["error"] == "bad_address"


def test_cross_site_requests_are_refused(uploader: Uploader) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(uploader.entry.entrant)
    assert client.post("/uploads/", {}, content_type="application/json").status_code == 403


@pytest.mark.parametrize(
    ("size", "status", "code"),
    [(0, 400, "empty"), (-1, 400, "bad_size"), ("12", 400, "bad_size"), (None, 400, "bad_size"),
     (True, 400, "bad_size"), (20_000_001, 413, "too_large"), (10**18, 413, "too_large")],
)  # fmt: skip
def test_refused_before_the_first_byte(uploader: Uploader, size: object, status: int, code: str) -> None:
    answer = uploader.create(size=size)
    assert (answer.status_code, answer.json()["error"]) == (status, code)
    assert answer.json()["text"]
    assert Upload.objects.count() == 0


def test_no_room_on_disk(uploader: Uploader, settings: Settings) -> None:
    settings.UPLOAD_RESERVE_BYTES = 10**18
    answer = uploader.create()
    assert (answer.status_code, answer.json()["error"]) == (507, "disk_full")


def test_too_many_open_uploads(uploader: Uploader, settings: Settings) -> None:
    settings.UPLOADS_PER_ACCOUNT = 2
    sessions = [uploader.create(fingerprint=str(number)).json() for number in range(2)]
    assert uploader.create(fingerprint="2").json()["error"] == "too_many_uploads"
    assert uploader.create(fingerprint="0").status_code == 201  # continuing is no new upload
    assert uploader.post(sessions[1]["abort"], {}).json() == {"state": "aborted"}
    assert uploader.create(fingerprint="2").status_code == 201


def test_bytes_on_the_way_are_limited(uploader: Uploader, settings: Settings) -> None:
    size = len(uploader.data)
    settings.UPLOAD_BYTES_PER_ACCOUNT = 2 * size
    first = uploader.create(fingerprint="1").json()
    assert uploader.create(fingerprint="2").status_code == 201
    answer = uploader.create(fingerprint="3")
    assert (answer.status_code, answer.json()["error"]) == (429, "too_much_unfinished")
    assert uploader.create(fingerprint="1").status_code == 201  # continuing adds nothing
    uploader.put_all(first)
    uploader.complete(first)
    assert uploader.create(fingerprint="3").status_code == 201
    settings.UPLOAD_BYTES_PER_ACCOUNT = 1
    rival = factories.make_draft(uploader.entry.edition)
    assert (
        Uploader.of(rival, uploader.data).create().status_code == 201
    )  # one film is always taken, of any size


def test_ten_thousand_open_uploads_cannot_be(draft: Entry, settings: Settings) -> None:
    """However many are asked for, those of one account stay few, and asking costs the same."""
    settings.UPLOADS_PER_ACCOUNT = 3
    by, now = actor_of(draft.entrant), timezone.now()

    def ask(number: int) -> str:
        try:
            actions.create_upload(entry=draft, filename="f", size=10, fingerprint=str(number), by=by, at=now)
        except actions.Refused as error:
            return error.code
        return "begun"

    def queries(number: int) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert ask(number) == "too_many_uploads"
        return len(asked)

    assert [ask(number) for number in range(5)] == ["begun"] * 3 + ["too_many_uploads"] * 2
    few = queries(10_001)
    Upload.objects.bulk_create(
        Upload(
            entry=draft, user=draft.entrant, filename="f", size=10, part_size=10, fingerprint=f"old {number}",
            state=state, created_at=now, expires_at=now + timedelta(days=1),
        )
        for number in range(5000)
        for state in ("aborted", "expired")
    )  # fmt: skip
    assert queries(10_002) == few
    assert [ask(number) for number in range(20, 120)] == ["too_many_uploads"] * 100
    assert Upload.objects.filter(state="open").count() == 3


def test_deadline_and_grace(draft: Entry, bytes_of_film: bytes) -> None:
    by = actor_of(draft.entrant)
    call = draft.edition.phases.get()
    before, after = call.ends_at - timedelta(minutes=1), call.ends_at + timedelta(minutes=1)

    def create(at: object, fingerprint: str = "a") -> Upload:
        return actions.create_upload(
            entry=draft,
            filename="f.mp4",
            size=10,
            fingerprint=fingerprint,
            by=by,
            at=at,  # type: ignore[arg-type]
        )

    upload = create(before)
    assert upload.expires_at == call.ends_at + timedelta(minutes=60)
    with pytest.raises(actions.Refused) as refused:
        create(after, "b")
    assert refused.value.code == "call_closed"
    # begun in time, it may be continued and arrives within the hour; test_deadline.py says who may still submit
    assert create(after) == upload
    upload.refresh_from_db()
    import io

    actions.keep_part(upload=upload, number=1, length=10, source=io.BytesIO(b"0123456789"), at=after)
    assert actions.complete_upload(upload=upload, by=by, at=after).number == 1


def test_nothing_after_expiry(uploader: Uploader) -> None:
    session = uploader.create().json()
    url = uploader.sign(session)[1]
    upload = Upload.objects.get()
    Upload.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert uploader.put(url, uploader.piece(session, 1)).json()["error"] == "upload_over"
    assert uploader.complete(session).json()["error"] == "upload_over"
    fresh = uploader.create()
    assert fresh.status_code == 201
    assert fresh.json()["id"] != session["id"]
    upload.refresh_from_db()
    assert upload.state == Upload.State.EXPIRED


def test_expiry_and_abort_free_the_disk(
    uploader: Uploader, django_capture_on_commit_callbacks: object
) -> None:
    kept, expired, aborted = (uploader.create(fingerprint=str(number)).json() for number in range(3))
    for session in (kept, expired, aborted):
        uploader.put_all(session, [1])
    Upload.objects.filter(pk=expired["id"]).update(expires_at=timezone.now())
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        assert actions.expire_uploads(at=timezone.now()) == 1
        assert uploader.post(aborted["abort"], {}).status_code == 200
        assert uploader.post(aborted["abort"], {}).status_code == 200
    folders = [path.name for path in Path(settings.SPOOL).iterdir()]
    assert folders == [Upload.objects.get(pk=kept["id"]).pk.hex]
    assert uploader.put(uploader.sign(kept)[2], uploader.piece(kept, 2)).status_code == 200


def test_an_announced_md5_is_held_against_the_part(uploader: Uploader) -> None:
    session = uploader.create().json()
    url, piece = uploader.sign(session)[1], uploader.piece(session, 1)
    good = base64.b64encode(hashlib.md5(piece, usedforsecurity=False).digest()).decode()
    for wrong in ("1B2M2Y8AsgTpgAmY7PhCfg==", "nonsense", "é", "AAAA"):
        answer = uploader.put(url, piece, headers={"Content-MD5": wrong})
        assert (answer.status_code, answer.json()["error"]) == (400, "wrong_checksum"), wrong
    assert [path.name for path in driver.folder(Upload.objects.get().pk).iterdir()] == []
    assert uploader.put(url, piece, headers={"Content-MD5": good}).status_code == 200


def test_of_two_files_for_one_part_the_later_counts(uploader: Uploader) -> None:
    """As a crash between the new name and the old file's end leaves them."""
    session = uploader.create().json()
    uploader.put_all(session, [1])
    upload = Upload.objects.get()
    folder = driver.folder(upload.pk)
    newer, older = folder / f"00001.{'a' * 32}", folder / f"00001.{'b' * 32}"
    for path, moment in ((newer, 2_000_000_000), (older, 1_000_000_000)):
        path.write_bytes(b"x" * PART)
        os.utime(path, (moment, moment))
    assert [part.etag for part in driver.list(upload)] == ["a" * 32]


def test_names_of_every_kind_go_the_whole_way(draft: Entry) -> None:
    for name in (
        "🎬.mov",
        "فيلم.mp4",
        "../..\\etc/passwd",
        "\u202egnp.vom",
        "长" * 400 + ".mov",
        " ",
        "con.mp4",
    ):
        uploader = Uploader.of(draft, b"x" * (PART + 1), name=name)
        assert uploader.send().json()["page"] == f"/entries/{draft.code}/"
        shown = FilmVersion.objects.first().filename
        assert 0 < len(shown) <= 255
        assert not set(shown) & {"/", "\\", "\u202e"}


def test_sweep_removes_what_nobody_needs(uploader: Uploader) -> None:
    session = uploader.create().json()
    uploader.put_all(session)
    orphan = Path(settings.SPOOL) / ("0" * 32)
    orphan.mkdir()
    later = timezone.now() + timedelta(hours=1)
    assert actions.sweep_parts(at=timezone.now()) == 0  # too young: it may just be beginning
    assert actions.sweep_parts(at=later) == 1
    uploader.complete(session)
    assert actions.sweep_parts(at=later) == 0  # completed, but the original is not stored yet
    assert [path.name for path in Path(settings.SPOOL).iterdir()] == [Upload.objects.get().pk.hex]


def test_only_a_draft_or_a_fix_window_takes_a_film(uploader: Uploader, draft: Entry) -> None:
    Entry.objects.update(state="submitted", submitted_at=timezone.now())
    assert uploader.create().json()["error"] == "not_awaited"
    Entry.objects.update(state="fixing", fix_until=timezone.now() - timedelta(seconds=1))
    assert uploader.create().json()["error"] == "fix_window_over"
    Entry.objects.update(fix_until=timezone.now() + timedelta(days=1))
    assert uploader.create().status_code == 201


def test_withdrawn_while_uploading(uploader: Uploader, draft: Entry) -> None:
    session = uploader.create().json()
    uploader.put_all(session)
    entries.withdraw(entry=draft, by=actor_of(draft.entrant), at=timezone.now())
    assert uploader.complete(session).json()["error"] == "not_awaited"
    assert FilmVersion.objects.count() == 0


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\films\\雪 🌨️.mov", "雪 🌨️.mov"),
        ("", "film"),
        ("///", "film"),
        ("a\x00b\nc.mp4", "ab c.mp4"),
        ("gpj\u202e4pm.exe", "gpj4pm.exe"),
        ("x" * 400 + ".mp4", "x" * 251 + ".mp4"),
    ],
)
def test_names_are_shown_never_used(uploader: Uploader, given: str, shown: str) -> None:
    session = uploader.create(filename=given, fingerprint=given).json()
    assert session["filename"] == shown
    uploader.put_all(session, [1])
    names = {path.name for path in Path(settings.SPOOL).rglob("*")}
    etag = driver.list(Upload.objects.get())[0].etag
    assert names == {Upload.objects.get().pk.hex, f"00001.{etag}"}


def test_part_size_grows_with_very_large_films(settings: Settings) -> None:
    settings.UPLOAD_PART_BYTES = 0
    mib, disk, bucket = 1 << 20, LocalParts(), BucketParts()
    assert part_size_for(1, disk) == part_size_for(20 * 10**9, bucket) == 16 * mib
    for size in (151 * 10**9, 10**12):
        assert -(-size // part_size_for(size, bucket)) <= 9000
    settings.UPLOAD_PART_BYTES = 65_536
    assert (part_size_for(10**6, disk), part_size_for(10**6, bucket)) == (65_536, 5 * mib)
    assert part_size_for(10 * 9000 * mib, disk) == 10 * mib


def test_plain_form_goes_the_same_way(
    uploader: Uploader, draft: Entry, tmp_path: Path, bytes_of_film: bytes
) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(bytes_of_film)
    with path.open("rb") as file:
        response = uploader.client.post("/uploads/form/", {"entry": draft.code, "film": file})
    assert (response.status_code, response.headers["Location"]) == (302, f"/entries/{draft.code}/")
    assert FilmVersion.objects.get().size == len(bytes_of_film)
    assert joined(Upload.objects.get()) == bytes_of_film


def test_plain_form_refuses_in_words(uploader: Uploader, draft: Entry, tmp_path: Path) -> None:
    assert uploader.client.post("/uploads/form/", {"entry": draft.code}).status_code == 400
    empty = tmp_path / "empty.mp4"
    empty.touch()
    with empty.open("rb") as file:
        response = uploader.client.post("/uploads/form/", {"entry": draft.code, "film": file})
    assert response.status_code == 400
    assert FilmVersion.objects.count() == 0


def test_signing_a_thousand_parts_gives_a_hundred(uploader: Uploader, settings: Settings) -> None:
    settings.UPLOAD_PART_BYTES = 256
    session = uploader.create().json()
    assert session["part_count"] > 1000
    assert list(uploader.sign(session, 500)) == list(range(500, 600))
    for first, last in ((0, 3), (5, 4), (1, 10**9), ("1", 2), (1.0, 2)):
        assert (
            uploader.post(session["sign"], {"first": first, "last": last}).json()["error"] == "no_such_part"
        )


def test_memory_stays_flat(draft: Entry, settings: Settings) -> None:
    """One part of 64 MB is kept with less than 8 MB of new memory."""
    import tracemalloc

    settings.UPLOAD_PART_BYTES = 64_000_000
    upload = Upload(entry=draft, user=draft.entrant, size=64_000_000, part_size=64_000_000)
    driver.start(upload)

    class Endless:
        def read(self, size: int) -> bytes:
            return bytes(size)

    tracemalloc.start()
    try:
        driver.put(upload, 1, Endless())
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()
