"""The parts of an upload, and what every place that keeps them can do."""

import uuid
from collections.abc import Buffer, Iterator
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from submissions.models import Upload

SIGNED_SECONDS = 900  # how long the address of a part is good; the client asks again when it is over
BLOCK = 1 << 18  # bytes at once: as much as stays in a core's own cache


@dataclass(frozen=True, slots=True)
class Part:
    """A part that has arrived whole. Numbers start at 1; `etag` is its keeper's name of these very bytes."""

    number: int
    size: int
    etag: str


@dataclass(frozen=True, slots=True)
class Kept:
    """Something that is kept for an upload, and when it was last written to (seconds since 1970).

    `multipart` is the bucket's own name of a multipart upload; empty for a folder, and for a whole object.
    """

    upload_id: uuid.UUID
    written: float
    multipart: str = ""


class Source(Protocol):
    """What a part is read from: an HTTP request, a file. At most `size` bytes at once; none at the end."""

    def read(self, size: int, /) -> Buffer: ...


@runtime_checkable
class Poured(Source, Protocol):
    """A source that can give its bytes to a file without their passing through this process."""

    def pour(self, file: int, size: int, /) -> int:
        """At most `size` bytes into the file of this number; gives how many, 0 at the end. OSError is the file's."""


class CutOff(Exception):
    """Fewer bytes came than were announced. Nothing of the part was kept."""


class Damaged(Exception):
    """The bytes that came have another MD5 than was announced. Nothing of the part was kept."""


class Closed(Exception):
    """The upload's place is gone: it was completed, cancelled or has expired meanwhile."""


class Driver(Protocol):
    """Room for the parts of uploads. It knows files and addresses, no rule of the contest."""

    least_part: int  # bytes; a smaller part is only taken as the last one

    def has_room(self, size: int) -> bool:
        """Whether a film of so many bytes has room here, as far as that can be known."""

    def start(self, upload: Upload) -> str:
        """Make room; doing it twice is doing it once. Gives what `Upload.multipart` is to hold from now on."""

    def sign(self, upload: Upload, number: int) -> str:
        """A short-lived address to which exactly this part, of exactly its length, can be PUT."""

    def put(self, upload: Upload, number: int, source: Source, md5: str = "") -> Part:
        """Keep one part, whole or not at all; `md5` in hex is held against it when given.

        Raises CutOff, Damaged, Closed, or OSError when the disk is full.
        """

    def list(self, upload: Upload) -> list[Part]:
        """The parts that are there, by number."""

    def complete(self, upload: Upload) -> None:
        """Make one film of the parts, all of which are there; doing it twice is doing it once. Raises Closed."""

    def blocks(self, upload: Upload) -> Iterator[bytes]:
        """The whole film in order, block by block. Raises FileNotFoundError when a part is missing."""

    def staged(self, upload: Upload) -> str:
        """The key under which the completed film lies in the storage already; empty when it does not."""

    def abort(self, upload_id: uuid.UUID) -> None:
        """Remove everything; doing it twice is doing it once."""

    def kept(self) -> Iterator[Kept]:
        """Everything that is kept here for any upload."""

    def remove(self, kept: Kept) -> None:
        """Remove one of these; doing it twice is doing it once."""


def part_length(upload: Upload, number: int) -> int:
    """How many bytes part `number` has: all are equal, only the last is shorter."""
    if not 1 <= number <= upload.part_count:
        raise ValueError(f"part {number} of {upload.part_count}")
    return min(upload.part_size, upload.size - (number - 1) * upload.part_size)
