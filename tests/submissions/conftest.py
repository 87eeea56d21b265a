"""Films and a draft that waits for one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.test.utils import override_settings

from submissions.inspection.synthetic import make_film
from submissions.models import Entry
from tests import factories


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
