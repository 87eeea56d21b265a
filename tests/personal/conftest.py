"""A life, with a storage of its own."""

from pathlib import Path

import pytest

from tests.personal.lives import Life, make_life
from tests.submissions.conftest import media as media


@pytest.fixture
def life(db: None, media: Path) -> Life:
    return make_life()
