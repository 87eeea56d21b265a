"""Databases made by copying: complete, with what only migrations bring, and as empty as a migrated one."""

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection

from tools import databases
from tools.process import Failed

CLASHES = {"screening_no_clash_INSERT", "screening_no_clash_UPDATE"}
BROUGHT = {ContentType, Permission}
"""What Django itself writes after migrating, and after emptying a database between two tests."""


def assert_untouched() -> None:
    """Nothing is left to migrate, and no row stands in any table but Django's own lists of models and rights."""
    call_command("migrate", check_unapplied=True, verbosity=0)
    assert {model for model in apps.get_models() if model._base_manager.exists()} == BROUGHT
    rights = sum(
        len(model._meta.default_permissions) + len(model._meta.permissions) for model in apps.get_models()
    )
    assert ContentType.objects.count() == len(apps.get_models())
    assert Permission.objects.count() == rights


@pytest.mark.django_db
def test_a_copied_database_is_migrated_and_holds_no_rows() -> None:
    assert_untouched()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", [1, 2])  # the second finds what emptying after the first has left
def test_so_it_is_after_it_was_emptied(time: int) -> None:
    assert_untouched()


@pytest.mark.django_db
def test_what_migrations_write_in_sql_is_in_it() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            assert {name for (name,) in cursor.fetchall()} == CLASHES
        else:
            cursor.execute("SELECT count(*) FROM pg_constraint WHERE contype = 'x'")
            assert cursor.fetchone()[0] > 0


@pytest.fixture
def own_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A run of its own whose migrations make one small table; gives the databases that were migrated."""
    monkeypatch.setenv(databases.VARIABLE, str(tmp_path / "run"))
    migrated = []

    def migrate(url: str) -> None:
        migrated.append(url)
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as line, line:
            line.execute("PRAGMA journal_mode=WAL")
            line.execute("CREATE TABLE made (id)")

    monkeypatch.setattr(databases, "_migrate", migrate)
    return migrated


def tables(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as line:
        return [name for (name,) in line.execute("SELECT name FROM sqlite_master")]


def test_those_who_need_one_at_the_same_time_get_one_each_of_one_migration(
    tmp_path: Path, own_run: list[str]
) -> None:
    targets = [tmp_path / f"worker{number}" / "test.sqlite3" for number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(databases.copy_sqlite, targets))
    assert [tables(target) for target in targets] == [["made"]] * 4
    assert len(own_run) == 1


def test_one_that_was_stopped_midway_does_not_count(tmp_path: Path, own_run: list[str]) -> None:
    (tmp_path / "run").mkdir()
    for name in ("building.sqlite3", "building.sqlite3-wal", "building.sqlite3-shm"):
        (tmp_path / "run" / name).write_bytes(b"half")
    databases.copy_sqlite(tmp_path / "test.sqlite3")
    assert tables(tmp_path / "test.sqlite3") == ["made"]


def test_a_migration_that_fails_leaves_nothing_to_copy(
    tmp_path: Path, own_run: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(url: str) -> None:
        raise Failed("no such column")

    with monkeypatch.context() as patch, pytest.raises(Failed, match="no such column"):
        patch.setattr(databases, "_migrate", broken)
        databases.copy_sqlite(tmp_path / "test.sqlite3")
    assert not (tmp_path / "test.sqlite3").exists()
    databases.copy_sqlite(tmp_path / "test.sqlite3")
    assert tables(tmp_path / "test.sqlite3") == ["made"]


HOLDER = """
import os
from pathlib import Path
from tools.databases import _locked
with _locked(Path(os.environ["FIRSTLIGHT_MIGRATED"]) / "migrated.sqlite3.lock"):
    os._exit(9)
"""


def test_a_lock_ends_with_its_process(tmp_path: Path, own_run: list[str]) -> None:
    (tmp_path / "run").mkdir()
    ended = subprocess.run([sys.executable, "-c", HOLDER], cwd=databases.ROOT, check=False)
    assert ended.returncode == 9
    databases.copy_sqlite(tmp_path / "test.sqlite3")
    assert tables(tmp_path / "test.sqlite3") == ["made"]
