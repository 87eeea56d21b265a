"""Loaded by pytest before anything else (`-p tools.testing`): a test run never touches a real site's data.

The settings are read before any conftest.py, so the environment they read is put right here.
"""

import atexit
import os
import re
import shutil
import tempfile
from pathlib import Path


def prepare() -> None:
    """Give this process its own data folder and queue; every xdist process gets its own of both."""
    if (
        os.environ.get("FIRSTLIGHT_TEST") != "1"
    ):  # a plain `python -m pytest`; ./dev test has prepared it already
        folder = tempfile.mkdtemp(prefix="fl-test-", dir="/tmp")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        os.environ |= {
            "FIRSTLIGHT_TEST": "1",
            "FIRSTLIGHT_VAR": folder,
            "FIRSTLIGHT_MIGRATED": str(Path(folder) / "migrated"),
        }
        for name in ("STORAGE", "EMAIL_URL", "SITE_URL", "ALLOWED_HOSTS", "DEMO", "DEBUG"):
            os.environ.pop(name, None)
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if worker:
        os.environ["FIRSTLIGHT_VAR"] = str(Path(os.environ["FIRSTLIGHT_VAR"]) / worker)
        number = re.sub(r"\D", "", worker)
        os.environ["BROKER_URL"] = os.environ.get("BROKER_URL", "").replace(
            "virtual_host=0", f"virtual_host={number}"
        )
        if not os.environ["BROKER_URL"]:
            del os.environ["BROKER_URL"]


prepare()
