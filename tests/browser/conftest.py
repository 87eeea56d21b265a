"""Pictures of what a journey sees."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shots() -> Path | None:
    """FIRSTLIGHT_SHOTS=folder keeps a picture of every page a journey comes to."""
    folder = os.environ.get("FIRSTLIGHT_SHOTS")
    if not folder:
        return None
    Path(folder).mkdir(parents=True, exist_ok=True)
    return Path(folder)
