"""A wrong setting stops the start, and the last line says which and what to write instead."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def start(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {key: value for key, value in os.environ.items() if key in ("PATH", "HOME", "LANG")}
    code = "import django; django.setup()"
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={
            **clean,
            "DJANGO_SETTINGS_MODULE": "festival.settings",
            "FIRSTLIGHT_VAR": str(tmp_path),
            **environment,
        },
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SITE_URL", "contest.example", "SITE_URL must look like https://contest.example"),
        ("SECRET_KEY", "short", "SECRET_KEY is too short"),
        ("STORAGE", "ftp://films", "STORAGE must start with file:// or s3://"),
        ("DATABASE_URL", "mysql://host/name", "DATABASE_URL must start with sqlite:/// or postgres://"),
        ("DEFAULT_LANGUAGE", "tlh", "DEFAULT_LANGUAGE must be en or zh-hans"),
        ("SITE_URL", "https://contest.example:99999", "SITE_URL must look like https://contest.example"),
        ("STORAGE", "s3://", "STORAGE must start with file:// or s3://"),
        ("STORAGE", "file://films", "STORAGE must start with file:// or s3://"),
        ("DATABASE_URL", "garbage", "DATABASE_URL must start with sqlite:/// or postgres://"),
        ("BROKER_URL", "localhost:6379", "BROKER_URL must start with one of redis"),
        ("EMAIL_URL", "localhost", "EMAIL_URL must look like smtp+tls://"),
        ("UPLOADS_PER_ACCOUNT", "many", "UPLOADS_PER_ACCOUNT must be a whole number, 1 or more, not 'many'"),
        ("UPLOAD_PART_BYTES", "-1", "UPLOAD_PART_BYTES must be a whole number, 0 or more, not '-1'"),
        ("LEASE_SECONDS", "nan", "LEASE_SECONDS must be a number of seconds"),
        ("C2PA_TRUST", "/nowhere/trust.pem", "C2PA_TRUST: /nowhere/trust.pem cannot be read"),
        ("C2PA_TRUST", str(ROOT / "LICENSE"), "holds no certificate in PEM form"),
        ("C2PA_TRUST", str(ROOT / "tests" / "damaged.pem"), "damaged.pem is damaged"),
        ("DEBUG", "perhaps", "DEBUG must be 1 or 0, not 'perhaps'"),
        ("SHOW_FROM", "elsewhere", "SHOW_FROM must be site or bucket, not 'elsewhere'"),
        ("SPOOL", "/proc/spool", "SPOOL: the folder /proc/spool cannot be written to"),
        ("FIRSTLIGHT_VAR", "/etc/passwd", "FIRSTLIGHT_VAR: the folder /etc/passwd cannot be written to"),
    ],
)
def test_wrong_values_are_named(tmp_path: Path, name: str, value: str, sentence: str) -> None:
    done = start(tmp_path, **{name: value})
    assert done.returncode != 0
    assert sentence in done.stderr.strip().splitlines()[-1]


def test_it_starts_without_any(tmp_path: Path) -> None:
    done = start(tmp_path)
    assert done.returncode == 0, done.stderr
    secret = tmp_path / "secret"
    assert len(secret.read_text()) >= 32
    assert secret.stat().st_mode & 0o777 == 0o600
