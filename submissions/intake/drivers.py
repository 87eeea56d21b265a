"""Where the parts of an upload are kept until the film is whole.

A driver knows files and URLs, no rule of the contest. `LocalParts` keeps the parts on this machine's disk; a driver
for an S3-compatible bucket has the same five methods and lets the browser put parts there directly.
"""

import fcntl
import hashlib
import os
import re
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.urls import reverse

from submissions.models import Upload

SIGNED_SECONDS = 900  # how long the address of a part is good; the browser asks again when it is over
BLOCK = 1 << 20
PART_NAME = re.compile(r"^(\d{5})\.([0-9a-f]{32})$")
_signer = TimestampSigner(salt="submissions.intake.part")


@dataclass(frozen=True, slots=True)
class Part:
    """A part that has arrived whole. Numbers start at 1; `etag` is its MD5 in hex, as in S3."""

    number: int
    size: int
    etag: str


class Source(Protocol):
    """What a part is read from: an HTTP request, a file."""

    def read(self, size: int, /) -> bytes: ...


class CutOff(Exception):
    """Fewer bytes came than were announced. Nothing of the part was kept."""


class Closed(Exception):
    """The upload's place on disk is gone: it was completed, cancelled or has expired meanwhile."""


class Driver(Protocol):
    """Room for the parts of uploads."""

    def start(self, upload: Upload) -> None:
        """Make room; doing it twice is doing it once."""

    def sign(self, upload: Upload, number: int) -> str:
        """A short-lived address to which exactly this part, of exactly its length, can be PUT."""

    def put(self, upload: Upload, number: int, source: Source) -> Part:
        """Keep one part, whole or not at all. Raises CutOff, Closed, or OSError when the disk is full."""

    def list(self, upload: Upload) -> list[Part]:
        """The parts that are there, by number."""

    def blocks(self, upload: Upload) -> Iterator[bytes]:
        """The whole film in order, block by block. Raises FileNotFoundError when a part is missing."""

    def abort(self, upload_id: uuid.UUID) -> None:
        """Remove everything; doing it twice is doing it once."""


def part_length(upload: Upload, number: int) -> int:
    """How many bytes part `number` has: all are equal, only the last is shorter."""
    if not 1 <= number <= upload.part_count:
        raise ValueError(f"part {number} of {upload.part_count}")
    return min(upload.part_size, upload.size - (number - 1) * upload.part_size)


class LocalParts:
    """Parts as files in SPOOL/<upload id>/, named by number and MD5.

    A part is written under a temporary name, synced, then renamed: what is listed is on disk, whole. Nothing that a
    client sent is ever part of a path.
    """

    def folder(self, upload_id: uuid.UUID) -> Path:
        return Path(settings.SPOOL) / upload_id.hex

    def start(self, upload: Upload) -> None:
        self.folder(upload.pk).mkdir(parents=True, exist_ok=True)

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

    def put(self, upload: Upload, number: int, source: Source) -> Part:
        folder, length = self.folder(upload.pk), part_length(upload, number)
        temporary = folder / f".{number:05}-{uuid.uuid4().hex}"
        md5, received = hashlib.md5(usedforsecurity=False), 0
        try:
            with open(temporary, "xb") as file:
                while received < length:
                    block = source.read(min(BLOCK, length - received))
                    if not block:
                        raise CutOff
                    received += len(block)
                    md5.update(block)
                    file.write(block)
                file.flush()
                os.fsync(file.fileno())
            part = Part(number, length, md5.hexdigest())
            with _alone(folder):
                self._keep(folder, temporary, part)
        except FileNotFoundError:
            raise Closed from None
        finally:
            temporary.unlink(missing_ok=True)
        return part

    def _keep(self, folder: Path, temporary: Path, part: Part) -> None:
        name = f"{part.number:05}.{part.etag}"
        temporary.rename(folder / name)
        for other in folder.glob(f"{part.number:05}.*"):
            if other.name != name:
                other.unlink()
        _sync(folder)

    def list(self, upload: Upload) -> list[Part]:
        parts = []
        with suppress(FileNotFoundError), os.scandir(self.folder(upload.pk)) as files:
            for file in files:
                named = PART_NAME.match(file.name)
                if named:
                    parts.append(Part(int(named[1]), file.stat().st_size, named[2]))
        return sorted(parts, key=lambda part: part.number)

    def blocks(self, upload: Upload) -> Iterator[bytes]:
        folder = self.folder(upload.pk)
        parts = {part.number: part for part in self.list(upload)}
        for number in range(1, upload.part_count + 1):
            part = parts.get(number)
            if part is None or part.size != part_length(upload, number):
                raise FileNotFoundError(f"part {number} of {upload.part_count} of upload {upload.pk}")
            with open(folder / f"{number:05}.{part.etag}", "rb") as file:
                while block := file.read(BLOCK):
                    yield block

    def abort(self, upload_id: uuid.UUID) -> None:
        shutil.rmtree(self.folder(upload_id), ignore_errors=True)

    def kept(self) -> Iterator[tuple[uuid.UUID, float]]:
        """Every upload with a folder here, and when that was last written to (seconds since 1970)."""
        with suppress(FileNotFoundError), os.scandir(settings.SPOOL) as folders:
            for folder in folders:
                with suppress(ValueError, FileNotFoundError):
                    yield uuid.UUID(hex=folder.name), folder.stat().st_mtime


def _ticket(upload: Upload, number: int) -> str:
    return f"{upload.pk.hex}.{number}.{part_length(upload, number)}.{upload.user_id}"


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One renaming at a time, so that two tabs sending the same part cannot remove each other's."""
    with open(folder / ".lock", "wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


driver = LocalParts()
