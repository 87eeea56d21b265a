"""Uploads straight to a real S3 bucket: presigned parts, the bucket's list as the truth, and every way it can end."""

import hashlib
import random
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from festival.people.actor import actor_of
from submissions import bucket as store
from submissions import inspect_job
from submissions.intake import actions
from submissions.intake.bucket_parts import BucketParts
from submissions.models import Asset, Entry, FilmVersion, Inspection, Upload
from tests.submissions.uploading import Uploader, put_to_bucket

pytestmark = pytest.mark.s3
MIB = 1 << 20
PART = 5 * MIB
REFUSED = (403, 0)  # or broken off in the middle of a body that it will not have
driver = BucketParts()


@pytest.fixture
def data() -> bytes:
    return random.Random(2).randbytes(2 * PART + 1234)


@pytest.fixture
def uploader(draft: Entry, data: bytes, bucket: str) -> Uploader:
    return Uploader.of(draft, data)


def kept() -> list[tuple[bool, str]]:
    """What lies under uploads/ in the bucket: whether it is a whole object, and of which upload."""
    return sorted((not each.multipart, each.upload_id.hex) for each in driver.kept())


def whole() -> bytes:
    return b"".join(driver.blocks(Upload.objects.get()))


def test_whole_way_out_of_order_and_twice(uploader: Uploader, data: bytes, draft: Entry) -> None:
    session = uploader.create().json()
    assert (session["part_size"], session["part_count"], session["parts"]) == (PART, 3, [])
    urls = uploader.sign(session)
    for number in (3, 1, 2, 1):
        answer = uploader.put(urls[number], uploader.piece(session, number))
        digest = hashlib.md5(uploader.piece(session, number), usedforsecurity=False).hexdigest()
        assert (answer.status_code, answer.headers["ETag"]) == (200, f'"{digest}"')
    listed = uploader.client.get(f"/uploads/{session['id']}/").json()["parts"]
    assert [(part["number"], part["size"]) for part in listed] == [(1, PART), (2, PART), (3, 1234)]
    first, again = uploader.complete(session), uploader.complete(session)
    assert first.json() == again.json() == {"version": 1, "page": f"/entries/{draft.code}/"}
    assert FilmVersion.objects.count() == 1
    assert whole() == data


def test_resumed_from_the_buckets_list(uploader: Uploader) -> None:
    session = uploader.create().json()
    uploader.put_all(session, [2])
    again = uploader.create().json()
    assert again["id"] == session["id"]
    assert [part["number"] for part in again["parts"]] == [2]
    answer = uploader.complete(session)
    assert (answer.status_code, answer.json()["missing"]) == (409, [1, 3])


@pytest.mark.parametrize("length", [0, 1, PART - 1, PART + 1])
def test_another_length_than_signed_is_refused(uploader: Uploader, length: int) -> None:
    session = uploader.create().json()
    assert uploader.put(uploader.sign(session)[1], b"x" * length).status_code in REFUSED
    assert driver.list(Upload.objects.get()) == []


def test_forged_moved_expired_and_late_addresses(uploader: Uploader, monkeypatch: pytest.MonkeyPatch) -> None:
    session = uploader.create().json()
    urls, piece = uploader.sign(session), uploader.piece(session, 1)
    forged = urls[1][:-1] + ("0" if urls[1][-1] != "0" else "1")
    for url in (forged, urls[2].replace("partNumber=2", "partNumber=1"), urls[1].partition("?")[0]):
        assert uploader.put(url, piece).status_code in REFUSED, url
    monkeypatch.setattr("submissions.intake.bucket_parts.SIGNED_SECONDS", 1)
    short = uploader.sign(session)[1]
    time.sleep(2.1)
    assert uploader.put(short, piece).status_code in REFUSED
    assert driver.list(Upload.objects.get()) == []
    uploader.post(session["abort"], {})
    driver.abort(Upload.objects.get().pk)  # on commit, which a test never reaches
    gone = uploader.put(urls[1], piece)
    assert (gone.status_code, b"NoSuchUpload" in gone.content) == (404, True)
    assert kept() == []


def test_a_damaged_part_is_refused_by_its_md5(uploader: Uploader) -> None:
    session = uploader.create().json()
    answer = put_to_bucket(
        uploader.sign(session)[1], uploader.piece(session, 1), **{"Content-MD5": "1B2M2Y8AsgTpgAmY7PhCfg=="}
    )
    assert (answer.status_code, b"BadDigest" in answer.content) == (400, True)


def test_dead_between_the_buckets_completion_and_ours(uploader: Uploader, data: bytes) -> None:
    session = uploader.create().json()
    uploader.put_all(session)
    upload = Upload.objects.get()
    driver.complete(upload)  # and then the process dies
    assert Upload.objects.get().state == Upload.State.OPEN
    listed = uploader.client.get(f"/uploads/{session['id']}/").json()["parts"]
    assert [(part["number"], part["size"]) for part in listed] == [(1, PART), (2, PART), (3, 1234)]
    assert uploader.create().json()["id"] == session["id"]
    assert uploader.complete(session).status_code == 200
    driver.complete(upload)
    assert whole() == data


def test_forgotten_by_the_bucket_begins_anew(uploader: Uploader, data: bytes) -> None:
    session = uploader.create().json()
    uploader.put_all(session, [1])
    before = Upload.objects.get()
    driver.abort(before.pk)
    assert uploader.complete(session).json()["error"] == "missing_parts"
    again = uploader.create().json()
    assert (again["id"], again["parts"]) == (session["id"], [])
    assert Upload.objects.get().multipart != before.multipart
    uploader.put_all(again)
    assert uploader.complete(again).status_code == 200
    assert whole() == data


def test_aborted_while_it_was_joined(uploader: Uploader, draft: Entry) -> None:
    session = uploader.create().json()
    uploader.put_all(session)
    upload = Upload.objects.get()
    driver.abort(upload.pk)
    with pytest.raises(actions.Refused) as refused:
        actions.complete_upload(upload=upload, by=actor_of(draft.entrant), at=timezone.now())
    assert refused.value.code == "missing_parts"
    assert kept() == []


def test_sweep_takes_what_no_row_knows(uploader: Uploader, data: bytes) -> None:
    uploader.create(fingerprint="open")
    opened = Upload.objects.get()
    stray = driver.start(
        Upload(pk=opened.pk, entry=uploader.entry, size=1, part_size=1)
    )  # died before it was kept
    assert stray != opened.multipart
    session = uploader.create().json()
    uploader.put_all(session)
    uploader.complete(session)
    waiting = Upload.objects.get(state="complete")
    unknown = Upload(entry=uploader.entry, size=1, part_size=1)
    driver.start(unknown)
    store.client().put_object(Bucket=store.name(), Key="uploads/readme.txt", Body=b"not ours")
    later = timezone.now() + timedelta(minutes=11)
    assert actions.sweep_parts(at=timezone.now()) == 0  # too young
    assert actions.sweep_parts(at=later) == 2
    assert kept() == sorted([(False, opened.pk.hex), (True, waiting.pk.hex)])
    assert driver.start(opened) == opened.multipart
    asset = Asset.objects.create(sha256="0" * 64, size=1, key="x", created_at=later)
    FilmVersion.objects.update(asset=asset)
    Upload.objects.filter(pk=opened.pk).update(state="aborted")
    assert actions.sweep_parts(at=later) == 2
    assert kept() == []


def test_a_thousand_parts_and_more_are_listed(uploader: Uploader) -> None:
    """The bucket tells a thousand at a time."""
    session = uploader.create().json()
    upload = Upload.objects.get()
    client = store.client()
    named = {"Bucket": store.name(), "Key": driver.key(upload.pk), "UploadId": upload.multipart}
    for number in range(1, 1004):
        client.upload_part(**named, PartNumber=number, Body=b"x")
    assert [part.number for part in driver.list(upload)] == list(range(1, 1004))
    assert session["parts"] == []


def test_plain_form_goes_to_the_bucket_too(
    uploader: Uploader, draft: Entry, tmp_path: Path, data: bytes
) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(data)
    with path.open("rb") as file:
        response = uploader.client.post("/uploads/form/", {"entry": draft.code, "film": file})
    assert (response.status_code, response.headers["Location"]) == (302, f"/entries/{draft.code}/")
    assert whole() == data


def test_stored_by_a_copy_inside_the_bucket(draft: Entry, film: Path, bucket: str) -> None:
    """The worker reads the staged film and sends nothing back; then the staged one goes."""
    assert Uploader.of(draft, film).send().status_code == 200
    sent: list[str] = []
    events = store.client().meta.events
    events.register("before-call.s3", lambda model, **_: sent.append(model.name), unique_id="heard")
    inspect_job.receive(Inspection.objects.get().pk)
    events.unregister("before-call.s3", unique_id="heard")
    assert "CopyObject" in sent
    assert not {"PutObject", "UploadPart"} & set(sent)
    asset = Asset.objects.get()
    assert b"".join(store.blocks_of(asset.key, MIB)) == film.read_bytes()
    assert kept() == []
    inspect_job.receive(Inspection.objects.get().pk)  # a second hand finds nothing to do
    assert Asset.objects.count() == 1


def test_very_large_films_are_copied_in_pieces(bucket: str, data: bytes) -> None:
    store.client().put_object(Bucket=store.name(), Key="uploads/a", Body=data)
    heard: list[int] = []
    store.copy_within("uploads/a", "originals/b", heard.append, at_once=PART, piece=PART)
    assert b"".join(store.blocks_of("originals/b", MIB)) == data
    assert heard == [PART, 2 * PART, len(data)]


def test_a_broken_download_is_taken_up_where_it_broke(
    bucket: str, data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.client().put_object(Bucket=store.name(), Key="uploads/a", Body=data)
    asked: list[str] = []

    def cut(parsed: dict, http_response: object, model: object, **_: object) -> None:
        body = parsed["Body"]
        asked.append(parsed.get("ContentRange", ""))
        if len(asked) < 3:
            first = body.read(MIB)
            monkeypatch.setattr(body, "iter_chunks", lambda _size: _then_broken(first))

    events = store.client().meta.events
    events.register("after-call.s3.GetObject", cut, unique_id="cut")
    try:
        assert b"".join(store.blocks_of("uploads/a", MIB)) == data
    finally:
        events.unregister("after-call.s3.GetObject", unique_id="cut")
    last = len(data) - 1
    assert asked == ["", f"bytes {MIB}-{last}/{len(data)}", f"bytes {2 * MIB}-{last}/{len(data)}"]


def _then_broken(block: bytes):
    yield block
    raise ConnectionResetError


def test_a_bucket_that_is_away_loses_nothing(
    uploader: Uploader, data: bytes, settings: Settings, draft: Entry
) -> None:
    session = uploader.create().json()
    uploader.put_all(session, [1, 2])
    here = settings.STORAGES
    options = {**here["default"]["OPTIONS"], "endpoint_url": "http://127.0.0.1:9"}
    settings.STORAGES = {**here, "default": {**here["default"], "OPTIONS": options}}
    asked = (
        uploader.create(),
        uploader.client.get(f"/uploads/{session['id']}/"),
        uploader.complete(session),
    )
    for answer in asked:
        assert (answer.status_code, answer.json()["error"]) == (503, "storage_away")
    begun = uploader.create(fingerprint="another")
    assert (begun.status_code, begun.json()["error"]) == (503, "storage_away")
    page = uploader.client.get(f"/entries/{draft.code}/")
    assert page.status_code == 200
    assert "Unfinished: film.mp4" in page.content.decode()
    settings.STORAGES = here
    assert uploader.create(fingerprint="another").status_code == 201
    again = uploader.create().json()
    assert (again["id"], len(again["parts"])) == (session["id"], 2)
    uploader.put_all(again, [3])
    assert uploader.complete(again).status_code == 200


def test_no_part_comes_to_our_own_address(uploader: Uploader) -> None:
    session = uploader.create().json()
    answer = uploader.put(f"/uploads/{session['id']}/parts/1/?signature=x", uploader.piece(session, 1))
    assert (answer.status_code, answer.json()["error"]) == (403, "bad_address")
