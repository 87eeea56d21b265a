"""In a test run each kind of database is migrated once; everybody else takes a copy.

To migrate an empty database takes a processor the better part of a minute, since Django renders its models anew at
nearly every step; to copy one takes a moment. The folder of this run's databases stands in FIRSTLIGHT_MIGRATED:
`./dev test` makes one for all its lanes, a plain `python -m pytest` one of its own.
"""

import fcntl
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tools.process import run

ROOT = Path(__file__).resolve().parent.parent
VARIABLE = "FIRSTLIGHT_MIGRATED"


def shared() -> bool:
    """Whether this process belongs to a run whose databases are copied."""
    return VARIABLE in os.environ


def copy_sqlite(target: Path) -> None:
    """Put a migrated SQLite file at `target`, made first if nobody has needed one in this run."""

    def build(ready: Path) -> None:
        building = ready.with_name("building.sqlite3")
        for half in ready.parent.glob(f"{building.name}*"):  # of one that was stopped midway
            half.unlink()
        _migrate(f"sqlite:///{building}")
        # Whoever closes it last writes the log back: the file alone is the database.
        with closing(sqlite3.connect(building)) as line:
            line.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        building.rename(ready)

    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(_once("migrated.sqlite3", build), target)


def migrate_template(url: str) -> None:
    """Migrate the PostgreSQL database that the tests' own are copied from, unless that was done in this run.

    One that was stopped midway is taken up where it stood. Nobody is connected to it afterwards.
    """

    def build(ready: Path) -> None:
        _migrate(url)
        ready.touch()

    _once("postgres", build)


def _once(name: str, build: Callable[[Path], None]) -> Path:
    """What stands under `name` in the run's folder; the first who asks builds it, the others wait for that."""
    folder = Path(os.environ[VARIABLE])
    folder.mkdir(parents=True, exist_ok=True)
    with _locked(folder / f"{name}.lock"):
        if not (folder / name).exists():
            build(folder / name)
    return folder / name


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """The lock ends with its process, whatever ends that."""
    with open(path, "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _migrate(url: str) -> None:
    """In a process of its own, so that nothing of it stays open; its data folder is the run's."""
    given = {"FIRSTLIGHT_TEST": "1", "FIRSTLIGHT_VAR": os.environ[VARIABLE], "DATABASE_URL": url}
    command = [sys.executable, ROOT / "manage.py", "migrate", "--skip-checks", "--verbosity=0"]
    run(command, env={**os.environ, **given}, cwd=ROOT)
