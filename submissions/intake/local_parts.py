"""Parts of uploads on this machine's disk."""

import errno
import fcntl
import hashlib
import os
import re
import shutil
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.urls import reverse

from submissions.intake.parts import (
    BLOCK,
    SIGNED_SECONDS,
    Closed,
    CutOff,
    Damaged,
    Kept,
    Part,
    Poured,
    Source,
    part_length,
)
from submissions.models import Upload

PART_NAME = re.compile(r"^(\d{5})\.([0-9a-f]{32})$")
AHEAD = 2 << 20  # bytes after which the disk is set to work, so that little is left for it to do at the end
_signer = TimestampSigner(salt="submissions.intake.part")


class LocalParts:
    """Parts as files in SPOOL/<upload id>/, each named by its number and a name of its own.

    A part is written under a temporary name, synced, then renamed: what is listed is on disk, whole. Nothing that a
    client sent is ever part of a path. Bytes are not hashed here unless the client announced an MD5: that would cost
    more than all the rest, and the worker hashes the film.
    """

    def folder(self, upload_id: uuid.UUID) -> Path:
        return Path(settings.SPOOL) / upload_id.hex

    least_part = 1

    def has_room(self, size: int) -> bool:
        spool = Path(settings.SPOOL)
        spool.mkdir(parents=True, exist_ok=True)
        # The parts and the joined film stand side by side for a moment.
        return shutil.disk_usage(spool).free >= 2 * size + settings.UPLOAD_RESERVE_BYTES

    def start(self, upload: Upload) -> str:
        folder = self.folder(upload.pk)
        if not folder.exists():
            folder.mkdir(parents=True, exist_ok=True)
            _sync(folder.parent)
        return ""

    def sign(self, upload: Upload, number: int) -> str:
        signature = _signer.sign(_ticket(upload, number)).rsplit(":", 2)
        address = reverse("submissions:upload_part", kwargs={"upload": upload.pk, "number": number})
        return f"{address}?signature={signature[1]}:{signature[2]}"

    def is_signed(self, upload: Upload, number: int, signature: str) -> bool:
        """Whether `signature` allows this part now. Raises SignatureExpired when it did once."""
        try:
            _signer.unsign(f"{_ticket(upload, number)}:{signature}", max_age=SIGNED_SECONDS)
        except SignatureExpired:
            raise
        except BadSignature:
            return False
        return True

    def put(self, upload: Upload, number: int, source: Source, md5: str = "") -> Part:
        folder, part = self.folder(upload.pk), Part(number, part_length(upload, number), uuid.uuid4().hex)
        temporary = folder / f".{number:05}-{part.etag}"
        try:
            with open(temporary, "xb", buffering=0) as file:
                _reserve(file.fileno(), part.size)
                _write(source, file, part.size, md5)
                os.fsync(file.fileno())
            _keep(folder, temporary, part)
        except FileNotFoundError:
            raise Closed from None
        finally:
            temporary.unlink(missing_ok=True)
        return part

    def list(self, upload: Upload) -> list[Part]:
        """A part that was sent twice, and whose first copy a crash left behind, counts as it came last."""
        parts: dict[int, tuple[int, Part]] = {}
        with suppress(FileNotFoundError), os.scandir(self.folder(upload.pk)) as files:
            for file in files:
                if named := PART_NAME.match(file.name):
                    with suppress(FileNotFoundError):  # replaced while we look
                        seen, number = file.stat(), int(named[1])
                        if number not in parts or parts[number][0] < seen.st_mtime_ns:
                            parts[number] = seen.st_mtime_ns, Part(number, seen.st_size, named[2])
        return [parts[number][1] for number in sorted(parts)]

    def complete(self, upload: Upload) -> None:
        """Nothing is to be done: the worker joins the parts."""

    def blocks(self, upload: Upload) -> Iterator[bytes]:
        parts = {part.number: part for part in self.list(upload)}
        for number in range(1, upload.part_count + 1):
            with self._opened(upload, number, parts) as file:
                while block := file.read(BLOCK):
                    yield block

    def _opened(self, upload: Upload, number: int, parts: dict[int, Part]) -> IO[bytes]:
        """A part's file; looked for once more when another window has just replaced it."""
        for again in (False, True):
            if again:
                parts.update({part.number: part for part in self.list(upload)})
            part = parts.get(number)
            if part and part.size == part_length(upload, number):
                with suppress(FileNotFoundError):
                    return open(self.folder(upload.pk) / _name(part), "rb")
        raise FileNotFoundError(f"part {number} of {upload.part_count} of upload {upload.pk}")

    def abort(self, upload_id: uuid.UUID) -> None:
        shutil.rmtree(self.folder(upload_id), ignore_errors=True)

    def staged(self, upload: Upload) -> str:
        return ""

    def kept(self) -> Iterator[Kept]:
        with suppress(FileNotFoundError), os.scandir(settings.SPOOL) as folders:
            for folder in folders:
                with suppress(ValueError, FileNotFoundError):
                    yield Kept(uuid.UUID(hex=folder.name), folder.stat().st_mtime)

    def remove(self, kept: Kept) -> None:
        self.abort(kept.upload_id)


def _reserve(handle: int, length: int) -> None:
    """Have the disk set aside room in one piece: the kernel then writes at a fraction of the cost.

    A full disk is noticed here. A file system that cannot do it is written to without.
    """
    try:
        os.posix_fallocate(handle, 0, length)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise


def _write(source: Source, file: IO[bytes], length: int, md5: str) -> None:
    """Exactly `length` bytes of `source` into `file`. Raises CutOff, Damaged."""
    digest = hashlib.md5(usedforsecurity=False) if md5 else None
    poured = source if digest is None and isinstance(source, Poured) else None
    received = begun = 0
    while received < length:
        if poured:
            came = poured.pour(file.fileno(), length - received)
        else:
            block = memoryview(source.read(min(BLOCK, length - received)))
            came = len(block)
            if digest:
                digest.update(block)
            while block:
                block = block[file.write(block) :]
        if not came:
            raise CutOff
        received += came
        if received - begun >= AHEAD:
            os.posix_fadvise(file.fileno(), begun, received - begun, os.POSIX_FADV_DONTNEED)
            begun = received
    if digest and digest.hexdigest() != md5:
        raise Damaged


def _name(part: Part) -> str:
    return f"{part.number:05}.{part.etag}"


def _ticket(upload: Upload, number: int) -> str:
    return f"{upload.pk.hex}.{number}.{part_length(upload, number)}.{upload.user_id}"


def _keep(folder: Path, temporary: Path, part: Part) -> None:
    """Give a part its name, in place of one that came before.

    One at a time, so that two windows sending the same part cannot remove each other's. What waits for the disk does so
    after its turn: parts of one film come several at once.
    """
    name, prefix = _name(part), f"{part.number:05}."
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        temporary.rename(folder / name)
        before = [other for other in os.listdir(handle) if other.startswith(prefix) and other != name]
        if before:
            os.fsync(handle)
        for other in before:
            os.unlink(other, dir_fd=handle)
        fcntl.flock(handle, fcntl.LOCK_UN)
        os.fsync(handle)
    finally:
        os.close(handle)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
