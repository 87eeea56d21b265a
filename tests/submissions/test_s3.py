"""Films in a real S3 bucket: original, stills and copy go there, and links of the site play with seeking."""

import hashlib
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import django.core.signing
import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import Client
from django.test.utils import override_settings
from django.utils import timezone

from festival.catalogue.registry import showcase_of
from festival.kit.ranges import BLOCK, PIECE
from festival.people.actor import actor_of
from festival.people.models import User
from submissions import inspect_job, showing_actions
from submissions.bucket import blocks_of
from submissions.inspection import synthetic
from submissions.links import media_url
from submissions.models import Asset, Entry, Inspection, PublishedCopy
from submissions.showing_words import VERSION
from submissions.views.media import HANDED_SECONDS
from tests import factories
from tests.shows import make_film
from tests.submissions.uploading import Uploader

pytestmark = pytest.mark.s3


def get(url: str, asked: str = "") -> tuple[int, dict[str, str], bytes]:
    """From the bucket itself, as a browser that was sent on does."""
    request = urllib.request.Request(url, headers={"Range": asked} if asked else {})
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.status, dict(response.headers), response.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, dict(error.headers), error.read()


def show(client: Client, url: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """From the site."""
    response = client.get(url, headers=headers)
    body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    return response.status_code, dict(response.headers), body


def sent_on(client: Client, url: str) -> str:
    """The bucket's address that the site sends a browser on to."""
    response = client.get(url)
    assert response.status_code == 302
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    return response.headers["Location"]


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


COPY = "copies/long.mp4"
BYTES = bytes(range(251)) * 10_000  # longer than two answers to a player


@pytest.fixture
def judge(db: None, bucket: str) -> User:
    storages["default"].save(COPY, ContentFile(BYTES))
    return factories.make_user()


def test_a_copy_in_a_bucket_plays_with_seeking_for_its_own_account_alone(judge: User) -> None:
    client, url = client_of(judge), media_url(actor_of(judge), COPY)
    assert url.startswith("/media/")
    etag = ""
    for asked, first, end in (
        ("bytes=0-", 0, PIECE),  # a player's first question: a piece, and it asks on
        (f"bytes={PIECE}-", PIECE, 2 * PIECE),
        ("bytes=2500000-", 2_500_000, len(BYTES)),
        ("bytes=100-199", 100, 200),
        ("bytes=-50", len(BYTES) - 50, len(BYTES)),
    ):
        status, headers, body = show(client, url, Range=asked)
        assert (status, body) == (206, BYTES[first:end])
        assert headers["Content-Range"] == f"bytes {first}-{end - 1}/{len(BYTES)}"
        assert headers["Content-Length"] == str(end - first)
        assert headers["Content-Type"] == "video/mp4"
        assert headers["Cache-Control"] == "private, max-age=3600"
        etag = headers["ETag"]
    assert show(client, url)[::2] == (200, BYTES)
    assert show(client, url, Range="bytes=7-8", **{"If-Range": etag})[::2] == (206, BYTES[7:9])
    assert show(client, url, Range="bytes=7-8", **{"If-Range": '"another"'})[::2] == (200, BYTES)
    status, headers, body = show(client, url, Range="bytes=999999999-")
    assert (status, headers["Content-Range"], body) == (416, f"bytes */{len(BYTES)}", b"")
    head = client.head(url)
    assert (head.status_code, head.headers["Content-Length"], head.content) == (200, str(len(BYTES)), b"")

    assert show(client_of(factories.make_user()), url)[0] == 403
    client.logout()
    assert show(client, url, Range="bytes=0-9")[0] == 403
    assert show(client_of(judge), media_url(actor_of(judge), "copies/none.mp4"))[0] == 404


def test_a_link_into_a_bucket_ends(judge: User, monkeypatch: pytest.MonkeyPatch) -> None:
    url = media_url(actor_of(judge), COPY)
    now = django.core.signing.time.time()
    monkeypatch.setattr(django.core.signing.time, "time", lambda: now + settings.LINK_SECONDS + 1)
    assert show(client_of(judge), url)[0] == 410


def test_a_viewer_who_leaves_gives_the_buckets_connection_up(judge: User) -> None:
    """More viewers than the client has connections, each gone after the first block."""
    for _viewer in range(20):
        stream = blocks_of(COPY, BLOCK)
        assert next(stream) == BYTES[:BLOCK]
        stream.close()  # type: ignore[attr-defined]
    assert b"".join(blocks_of(COPY, BLOCK, first=5, last=9)) == BYTES[5:10]


def test_where_the_bucket_shows_films_each_request_is_still_held_against_the_account(judge: User) -> None:
    url = media_url(actor_of(judge), COPY)
    with override_settings(SHOW_FROM="bucket"):
        address = sent_on(client_of(judge), url)
        assert int(parse_qs(urlsplit(address).query)["X-Amz-Expires"][0]) == HANDED_SECONDS
        status, headers, body = get(address, "bytes=100-199")
        assert (status, headers["Content-Type"], body) == (206, "video/mp4", BYTES[100:200])
        assert get(address.partition("?")[0])[0] == 403  # without its signature
        assert get(address.replace("copies/", "originals/"))[0] == 403  # for another file
        assert show(client_of(factories.make_user()), url)[0] == 403
        assert show(Client(), url)[0] == 403


def test_whole_way_through_a_bucket(draft: Entry, film: Path, bucket: str) -> None:
    assert Uploader.of(draft, film, name="雪.mp4").send().status_code == 200
    inspect_job.run(Inspection.objects.get().pk)
    inspection = Inspection.objects.get()
    assert (inspection.state, inspection.verdict, inspection.error) == ("done", "pass", "")
    data = film.read_bytes()
    asset = Asset.objects.get()
    assert asset.sha256 == hashlib.sha256(data).hexdigest()
    actor = actor_of(draft.entrant)

    client = client_of(draft.entrant)
    original = media_url(actor, asset.key, name="雪.mp4", download=True)
    assert show(client_of(factories.make_user()), original)[0] == 403
    status, headers, body = get(sent_on(client, original))
    assert (status, body) == (200, data)
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["Content-Disposition"] == "attachment; filename=\"_.mp4\"; filename*=UTF-8''%E9%9B%AA.mp4"

    copy = media_url(actor, inspection.copy_key)
    status, headers, whole = show(client, copy)
    assert (status, headers["Content-Type"], int(headers["Content-Length"])) == (200, "video/mp4", len(whole))
    assert show(client, copy, Range="bytes=100-199")[::2] == (206, whole[100:200])

    status, headers, body = show(client, media_url(actor, f"{inspection.folder}/sheet.jpg"))
    assert (status, headers["Content-Type"], body[:2]) == (200, "image/jpeg", b"\xff\xd8")


def test_same_film_twice_is_one_object(draft: Entry, film: Path, bucket: str) -> None:
    for entry in (draft, factories.make_entry(draft.edition, state="draft")):
        assert Uploader.of(entry, film).send().status_code == 200
        inspect_job.run(Inspection.objects.latest("pk").pk)
    assert {row.state for row in Inspection.objects.all()} == {"done"}
    keys = [item.key for item in storages["default"].bucket.objects.all()]
    assert len([key for key in keys if key.startswith("originals/")]) == 1
    assert len([key for key in keys if key.startswith("copies/")]) == 1


def test_what_may_be_watched_is_made_in_a_bucket_plays_from_it_and_goes_from_it(
    db: None, bucket: str, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    made = synthetic.make_film(tmp_path / "film.mp4", seconds=2, width=320, height=180).path.read_bytes()
    entry = factories.make_entry(factories.make_edition("spring"), code="LAMP222", ai_statement="Generated.")
    inspection = factories.make_inspection(
        entry, copy_key=storages["default"].save("copies/lamp.mp4", ContentFile(made))
    )
    inspection.version.asset = Asset.objects.create(
        sha256=hashlib.sha256(made).hexdigest(), size=len(made), created_at=timezone.now(),
        key=storages["default"].save("originals/lamp.mp4", ContentFile(made)),
    )  # fmt: skip
    inspection.version.save()
    film = make_film(entry.edition, source=entry.code, code="LAMPLIT", published_at=timezone.now())
    by = actor_of(entry.entrant)
    with django_capture_on_commit_callbacks(execute=True):
        showing_actions.choose(entry=entry, what="film", seen=VERSION, by=by, at=timezone.now())
    copy = PublishedCopy.objects.get()
    assert (copy.state, copy.problem) == ("ready", "")
    video = showcase_of(actor_of(None), film).video
    status, _headers, body = show(Client(), video)
    assert (status, hashlib.sha256(body).hexdigest()) == (200, copy.sha256)
    with django_capture_on_commit_callbacks(execute=True):
        showing_actions.choose(entry=entry, what="", seen=0, by=by, at=timezone.now())
    assert show(Client(), video)[0] == 404
    assert not storages["default"].exists(copy.key)
