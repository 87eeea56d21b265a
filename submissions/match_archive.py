"""The fingerprints of all films in two flat files on this machine, so that one film is held against all in a moment.

The database is the truth: `opened` asks which fingerprints there are, fetches what is missing in sets, and begins
anew when much of what it holds is gone. The files may be deleted at any time.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from submissions.inspection.fingerprint import VERSION, Prints
from submissions.inspection.matching import Archive, archived
from submissions.models import FilmPrints

BATCH = 500
FILM = np.dtype([("id", "<i8"), ("pictures", "<i8"), ("sounds", "<i8")])  # where each film's hashes end


@dataclass(frozen=True, slots=True)
class Shelf:
    """What the files hold, in their order: ids of FilmPrints, and the hashes."""

    ids: NDArray[np.int64]
    pictures: Archive
    sounds: Archive


def opened(wanted: list[int]) -> Shelf:
    """The archive with at least the fingerprints `wanted` (ids of FilmPrints) in it.

    It stays readable while others add to it: what is written stays where it is, and new files begin beside it.
    """
    folder = Path(settings.SPOOL) / f"prints-{VERSION}"
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        films = _read(folder)
        missing = np.setdiff1d(wanted, films["id"])
        gone = len(films) - (len(set(wanted)) - len(missing))
        if gone > max(BATCH, len(films) // 2):
            for name in ("films", "pictures", "sounds"):
                (folder / name).unlink()
            films, missing = _read(folder), np.array(sorted(wanted))
        for start in range(0, len(missing), BATCH):
            films = _append(folder, films, missing[start : start + BATCH].tolist())
        return Shelf(
            films["id"],
            Archive(_mapped(folder / "pictures", films["pictures"]), films["pictures"]),
            Archive(_mapped(folder / "sounds", films["sounds"]), films["sounds"]),
        )


def _read(folder: Path) -> NDArray[np.void]:
    """Which films are in the files; a line that a crash left unfinished does not count."""
    try:
        data = (folder / "films").read_bytes()
    except FileNotFoundError:
        return np.zeros(0, FILM)
    return np.frombuffer(data[: len(data) // FILM.itemsize * FILM.itemsize], FILM)


def _append(folder: Path, films: NDArray[np.void], ids: list[int]) -> NDArray[np.void]:
    """Add films: hashes first, then the line that says that they are there."""
    rows = FilmPrints.objects.filter(pk__in=ids).order_by("pk").values_list("pk", "data")
    ends = {name: int(films[name][-1]) if len(films) else 0 for name in ("pictures", "sounds")}
    with (
        _at(folder / "pictures", ends["pictures"]) as pictures,
        _at(folder / "sounds", ends["sounds"]) as sounds,
    ):
        added = []
        for pk, data in rows:
            try:
                kept = archived(Prints.from_bytes(bytes(data)))
            except ValueError:  # of another version: the film is inspected again some day
                kept = (np.zeros(0, np.uint64), np.zeros(0, np.uint64))
            for file, name, hashes in zip((pictures, sounds), ends, kept):
                file.write(hashes.tobytes())
                ends[name] += len(hashes)
            added.append((pk, ends["pictures"], ends["sounds"]))
    films = np.concatenate([films, np.array(added, FILM)])
    with _at(folder / "films", len(films) - len(added), FILM.itemsize) as file:
        file.write(films[len(films) - len(added) :].tobytes())
    return films


@contextmanager
def _at(path: Path, count: int, size: int = 8) -> Iterator[IO[bytes]]:
    """A file opened for writing after its first `count` values; what stands behind is cut off."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(handle, "r+b") as file:
        file.truncate(count * size)
        file.seek(count * size)
        yield file


def _mapped(path: Path, ends: NDArray[np.int64]) -> NDArray[np.uint64]:
    count = int(ends[-1]) if len(ends) else 0
    return np.memmap(path, np.uint64, "r", shape=(count,)) if count else np.zeros(0, np.uint64)
