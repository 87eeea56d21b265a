"""Films in a real S3 bucket: original, stills and copy go there, and a signed link plays with seeking."""

import hashlib
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from django.core.files.storage import storages

from festival.people.actor import actor_of
from submissions import inspect_job
from submissions.links import media_url
from submissions.models import Asset, Entry, Inspection
from tests import factories
from tests.submissions.uploading import Uploader

pytestmark = pytest.mark.s3


def get(url: str, asked: str = "") -> tuple[int, dict[str, str], bytes]:
    request = urllib.request.Request(url, headers={"Range": asked} if asked else {})
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.status, dict(response.headers), response.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, dict(error.headers), error.read()


def test_whole_way_through_a_bucket(draft: Entry, film: Path, bucket: str) -> None:
    assert Uploader.of(draft, film, name="雪.mp4").send().status_code == 200
    inspect_job.run(Inspection.objects.get().pk)
    inspection = Inspection.objects.get()
    assert (inspection.state, inspection.verdict, inspection.error) == ("done", "pass", "")
    data = film.read_bytes()
    asset = Asset.objects.get()
    assert asset.sha256 == hashlib.sha256(data).hexdigest()
    actor = actor_of(draft.entrant)

    status, headers, body = get(media_url(actor, asset.key, name="雪.mp4", download=True))
    assert (status, body) == (200, data)
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["Content-Disposition"] == "attachment; filename=\"_.mp4\"; filename*=UTF-8''%E9%9B%AA.mp4"

    copy = media_url(actor, inspection.copy_key)
    whole = get(copy)
    assert (whole[0], whole[1]["Content-Type"]) == (200, "video/mp4")
    for asked, expected in (("bytes=100-199", whole[2][100:200]), ("bytes=-50", whole[2][-50:])):
        status, headers, body = get(copy, asked)
        assert (status, body) == (206, expected)
        assert headers["Content-Range"].endswith(f"/{len(whole[2])}")
    assert get(copy, "bytes=999999999-")[0] == 416

    status, headers, body = get(media_url(actor, f"{inspection.folder}/sheet.jpg"))
    assert (status, headers["Content-Type"], body[:2]) == (200, "image/jpeg", b"\xff\xd8")

    assert get(copy.partition("?")[0])[0] == 403  # without its signature
    assert get(copy.replace("copies/", "originals/"))[0] == 403  # for another file


def test_same_film_twice_is_one_object(draft: Entry, film: Path, bucket: str) -> None:
    for entry in (draft, factories.make_entry(draft.edition, state="draft")):
        assert Uploader.of(entry, film).send().status_code == 200
        inspect_job.run(Inspection.objects.latest("pk").pk)
    assert {row.state for row in Inspection.objects.all()} == {"done"}
    keys = [item.key for item in storages["default"].bucket.objects.all()]
    assert len([key for key in keys if key.startswith("originals/")]) == 1
    assert len([key for key in keys if key.startswith("copies/")]) == 1
