"""What the upload panel shows."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from festival.edition.rulebook import Rulebook
from submissions.bucket import Unreachable
from submissions.intake.drivers import driver_of
from submissions.models import Entry, Upload


@dataclass(frozen=True, slots=True)
class Unfinished:
    """An upload that can be continued, and how much of it is here (bytes); None while the bucket does not tell."""

    upload: Upload
    received: int | None

    @property
    def percent(self) -> int | None:
        return None if self.received is None else self.received * 100 // self.upload.size


@dataclass(frozen=True, slots=True)
class Panel:
    """For templates/entrant/_upload.html."""

    entry: Entry
    max_bytes: int | None
    containers: tuple[str, ...]
    unfinished: list[Unfinished]

    @property
    def container_names(self) -> str:
        """The containers accepted, as people call them."""
        return ", ".join(name.upper() for name in self.containers)


def has_unfinished(entry: Entry, at: datetime) -> bool:
    """Whether an upload waits to be continued; one that began in time may be, for a while after the deadline."""
    return entry.uploads.filter(purpose="", state=Upload.State.OPEN, expires_at__gt=at).exists()


def upload_panel(entry: Entry, at: datetime, kind: str = "") -> Panel:
    """One query; `entry` comes with its edition. `kind`: of another file than the film (`attachment_kinds.KINDS`)."""
    rulebook = Rulebook.from_toml(entry.edition.rulebook)
    meant = Q(purpose=kind) | Q(purpose__startswith=f"{kind}/") if kind else Q(purpose="")
    uploads = entry.uploads.filter(meant, state=Upload.State.OPEN, expires_at__gt=at).order_by("-created_at")
    unfinished = [Unfinished(upload, _received(upload)) for upload in uploads]
    return Panel(entry, rulebook.max_bytes, rulebook.file.containers, unfinished)


def _received(upload: Upload) -> int | None:
    try:
        return sum(part.size for part in driver_of(upload).list(upload))
    except Unreachable:
        return None
