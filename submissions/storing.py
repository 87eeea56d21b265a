"""Putting films and what is made of them into the storage, and getting them out as local files."""

import hashlib
import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage, storages

from submissions import bucket
from submissions.inspection.limits import COPY_VERSION

BLOCK = 1 << 20
WORK_PREFIX = "work-"


def media() -> Any:
    """The storage of films: a folder or a bucket."""
    return storages["default"]


def is_local() -> bool:
    return isinstance(media(), FileSystemStorage)


class _Movable(File):
    """A finished local file that the storage may move instead of copying."""

    def temporary_file_path(self) -> str:
        return str(self.name)


def sniff_extension(head: bytes) -> str:
    """The ending for an original, told by its first bytes and never by the name it came with; "bin" if unknown."""
    if head[4:8] in (b"ftyp", b"moov", b"wide", b"mdat", b"free"):
        return "mov" if head[8:12] == b"qt  " or head[4:8] != b"ftyp" else "mp4"
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return "webm" if b"webm" in head[:64] else "mkv"
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        return "avi"
    if head[:4] == b"\x06\x0e\x2b\x34":
        return "mxf"
    if len(head) > 376 and head[0] == head[188] == head[376] == 0x47:
        return "ts"
    return "bin"


@contextmanager
def work_folder() -> Iterator[Path]:
    """A private folder on the spool's disk, removed at the end (and by the reaper after a crash)."""
    Path(settings.SPOOL).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(
        prefix=WORK_PREFIX, dir=settings.SPOOL, ignore_cleanup_errors=True
    ) as folder:
        yield Path(folder)


def sweep_work(*, older_than: float) -> int:
    """Remove what a crash left behind and nothing was written to since `older_than` (seconds since 1970).

    That is work folders, and files of forms that were being received.
    """
    count = 0
    for file in Path(settings.FILE_UPLOAD_TEMP_DIR or settings.SPOOL).glob("*.upload*"):
        with suppress(FileNotFoundError):
            if file.stat().st_mtime < older_than:
                file.unlink()
                count += 1
    for folder in Path(settings.SPOOL).glob(f"{WORK_PREFIX}*"):
        try:
            newest = max(path.stat().st_mtime for path in [folder, *folder.rglob("*")])
        except FileNotFoundError:
            continue
        if newest < older_than:
            shutil.rmtree(folder, ignore_errors=True)
            count += 1
    return count


def join(blocks: Iterator[bytes], target: Path, step: Callable[[int], None]) -> tuple[str, bytes]:
    """Write `blocks` to `target`, synced; gives SHA-256 in hex and the first bytes. `step` hears the bytes so far."""
    sha256, head, done = hashlib.sha256(), b"", 0
    with open(target, "wb") as file:
        for block in blocks:
            if len(head) < 4096:
                head += block[: 4096 - len(head)]
            sha256.update(block)
            file.write(block)
            done += len(block)
            step(done)
        file.flush()
        os.fsync(file.fileno())
    return sha256.hexdigest(), head


def store_original(
    path: Path, sha256: str, extension: str, step: Callable[[int], None], *, staged: str = ""
) -> str:
    """Put an original under its SHA-256; gives its key. A file that is there already is compared, never replaced.

    `staged` is the key under which the same bytes lie in the bucket already: they are copied there, not sent again.
    """
    key = f"originals/{sha256[:2]}/{sha256[2:4]}/{sha256}.{extension}"
    if media().exists(key) and _sha256_of(key, step) == sha256:
        return key
    if staged:
        bucket.copy_within(staged, key, step)
        return key
    with open(path, "rb") as file:
        stored = str(media().save(key, _Movable(file, name=str(path))))
    if is_local():
        _sync(Path(media().path(stored)))
    return stored


def _sha256_of(key: str, step: Callable[[int], None]) -> str:
    sha256, done = hashlib.sha256(), 0
    for block in _blocks_of(key):
        sha256.update(block)
        done += len(block)
        step(done)
    return sha256.hexdigest()


def _blocks_of(key: str) -> Iterator[bytes]:
    if is_local():
        with media().open(key) as file:
            while block := file.read(BLOCK):
                yield block
    else:  # the bucket's own stream: opened through the storage, the whole film would be held in memory
        yield from bucket.blocks_of(key, BLOCK)


def blocks_of(key: str) -> Iterator[bytes]:
    """A stored file, block by block, wherever it is."""
    return _blocks_of(key)


def assert_kept(key: str) -> None:
    """Raises FileNotFoundError for an original that was removed just when the same bytes were stored anew.

    Asked once its row stands, inside the transaction: from then on nobody removes it. The work is done again.
    """
    if not media().exists(key):
        raise FileNotFoundError(key)


def remove(key: str) -> None:
    """Delete what is stored under this key, or under the prefix of several. Doing it twice is doing it once."""
    if key.rpartition("/")[2].count("."):
        media().delete(key)
        return
    with suppress(FileNotFoundError):
        folders, files = media().listdir(key)
        for name in files:
            if name:
                media().delete(f"{key}/{name}")
        for name in folders:
            remove(f"{key}/{name}")
    if is_local():
        with suppress(FileNotFoundError, OSError):
            media().delete(key)  # the folder itself


def store_made(path: Path, key: str) -> str:
    """Put something that was made here (a still, a copy); gives its key. `path` is moved where that is possible."""
    with open(path, "rb") as file:
        return str(media().save(key, _Movable(file, name=str(path))))


def replace_made(path: Path, key: str) -> str:
    """The same where something may stand already, from an attempt before: it gives way."""
    media().delete(key)
    return store_made(path, key)


def copy_key(sha256: str, ending: str = ".mp4") -> str:
    """Where the judges' copy of an original stands."""
    return f"copies/{sha256}-{COPY_VERSION}{ending}"


@contextmanager
def as_local_file(key: str, folder: Path, step: Callable[[int], None]) -> Iterator[Path]:
    """The stored file as a path: itself where the storage is a folder, else a copy in `folder`."""
    if is_local():
        yield Path(media().path(key))
        return
    target = folder / f"{uuid.uuid4().hex}.{key.rpartition('.')[2]}"
    done = 0
    with open(target, "wb") as file:
        for block in _blocks_of(key):
            file.write(block)
            done += len(block)
            step(done)
    yield target
    target.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    """Make the file's name durable, not only its bytes."""
    for folder in (path.parent, path.parent.parent):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
