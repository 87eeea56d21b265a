"""Films and a draft that waits for one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import storages
from django.test.utils import override_settings

from festival.environment import storage
from submissions.inspection.synthetic import make_film
from submissions.models import Entry
from tests import factories
from tools.services import CephRGW


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real film of three seconds with picture and sound, small enough to be inspected in a moment."""
    path = tmp_path_factory.mktemp("films") / "film.mp4"
    make_film(path, seconds=3, width=640, height=360, seed=7)
    return path


@pytest.fixture
def media(tmp_path: Path) -> Iterator[Path]:
    """A spool and a storage of this test's own; parts of 64 kB, so that a small film has many."""
    backend = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(tmp_path / "media")},
    }
    changed = {
        "STORAGES": {
            "default": backend,
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        },
        "SPOOL": tmp_path / "spool",
        "UPLOAD_PART_BYTES": 65_536,
        "UPLOAD_RESERVE_BYTES": 0,
    }
    with override_settings(**changed):
        assert storages["default"].location == str(tmp_path / "media")
        yield tmp_path


@pytest.fixture
def draft(db: None, media: Path) -> Entry:
    """A complete draft in an open call, lacking only its film."""
    edition = factories.make_edition(rulebook='[file]\nmax_bytes = "20 MB"\n')
    factories.make_call(edition)
    return factories.make_entry(
        edition,
        state="draft",
        title="Snow on Mars",
        synopsis={"en": "Snow falls on Mars."},
        ai_statement="Pictures by a generator, cut by a person.",
    )


@pytest.fixture
def bucket(s3_server: CephRGW, media: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A new bucket on a real S3 server as this test's storage; gives its name."""
    name = f"firstlight-{media.name.replace('_', '-').lower()}"[:60].rstrip("-")
    given = s3_server.environment(name)
    for variable, value in given.items():
        monkeypatch.setenv(variable, value)
    backend, _origins = storage("STORAGE", given["STORAGE"])
    with override_settings(STORAGES={**settings.STORAGES, "default": backend}):
        storages["default"].connection.create_bucket(Bucket=name)
        yield name


@pytest.fixture
def no_queue() -> Iterator[None]:
    """The queue is lost: films wait for the reaper, and none is inspected beside these steps."""
    from festival.celery import app

    before = {name: app.conf[name] for name in ("task_always_eager", "task_publish_retry")}
    app.conf.update(task_always_eager=False, task_publish_retry=False)
    yield
    app.conf.update(before)
