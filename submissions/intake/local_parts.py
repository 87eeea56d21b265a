"""Parts of uploads on this machine's disk."""

import fcntl
import hashlib
import os
import re
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

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
    Source,
    part_length,
)
from submissions.models import Upload

PART_NAME = re.compile(r"^(\d{5})\.([0-9a-f]{32})$")
_signer = TimestampSigner(salt="submissions.intake.part")


class LocalParts:
    """Parts as files in SPOOL/<upload id>/, named by number and MD5.

    A part is written under a temporary name, synced, then renamed: what is listed is on disk, whole. Nothing that a
    client sent is ever part of a path.
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
        folder, length = self.folder(upload.pk), part_length(upload, number)
        temporary = folder / f".{number:05}-{uuid.uuid4().hex}"
        digest, received = hashlib.md5(usedforsecurity=False), 0
        try:
            with open(temporary, "xb") as file:
                while received < length:
                    block = source.read(min(BLOCK, length - received))
                    if not block:
                        raise CutOff
                    received += len(block)
                    digest.update(block)
                    file.write(block)
                part = Part(number, length, digest.hexdigest())
                if md5 and part.etag != md5:
                    raise Damaged
                file.flush()
                os.fsync(file.fileno())
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

    def staged(self, upload: Upload) -> str:
        return ""

    def kept(self) -> Iterator[Kept]:
        with suppress(FileNotFoundError), os.scandir(settings.SPOOL) as folders:
            for folder in folders:
                with suppress(ValueError, FileNotFoundError):
                    yield Kept(uuid.UUID(hex=folder.name), folder.stat().st_mtime)

    def remove(self, kept: Kept) -> None:
        self.abort(kept.upload_id)


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
