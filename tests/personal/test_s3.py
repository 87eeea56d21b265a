"""The same in a real bucket: the copy comes from there, and what must go is gone from there."""

import io
import urllib.request
import zipfile
from datetime import timedelta

import pytest
from django.core.files.storage import storages
from django.test import Client
from django.utils import timezone

from personal import erase_actions, export_actions, export_job
from personal.models import DataExport
from submissions.links import media_url
from tests.personal.lives import make_life
from tests.submissions.conftest import bucket as bucket
from tests.submissions.conftest import media as media

pytestmark = pytest.mark.s3


def test_a_copy_and_a_deletion_in_a_bucket(db: None, bucket: str) -> None:
    life = make_life()
    DataExport.objects.all().delete()
    row = export_actions.ask(by=life.actor, at=timezone.now())
    export_job.run(row.pk)
    row.refresh_from_db()
    url = media_url(life.actor, row.key, name="firstlight-data.zip", download=True)
    client = Client()
    client.force_login(life.user)
    on = client.get(url).headers["Location"]
    with urllib.request.urlopen(on, timeout=30) as response:
        archive = zipfile.ZipFile(io.BytesIO(response.read()))
    assert archive.testzip() is None
    assert len([name for name in archive.namelist() if name.startswith("files/")]) == 28

    erasure = erase_actions.ask(user=life.user, withdraw=False, at=timezone.now(), grace=timedelta(0))
    erase_actions.work(erasure.pk)
    erasure.refresh_from_db()
    assert erasure.state == "done"
    stored = sorted(item.key.partition("/")[0] for item in storages["default"].bucket.objects.all())
    # of the laureate: film and its copy, the inspection's still, a still with its variant, subtitles and their WebVTT
    kept = ["copies", "inspections", "originals", "originals", "originals", "pictures", "subtitles"]
    assert [folder for folder in stored if folder not in ("catalogue", "exports")] == kept
