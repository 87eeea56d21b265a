"""What the upload panel shows."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, Q

from festival.edition.calendar import calendars_of
from festival.edition.rulebook import Rulebook
from festival.people.actor import Actor
from submissions.bucket import Unreachable
from submissions.deadline import window_of
from submissions.intake.drivers import driver_of
from submissions.lifecycle import State
from submissions.models import Entry, FilmVersion, Upload


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


@dataclass(frozen=True, slots=True)
class Awaited:
    """An entry for which a film is awaited: until when, how large it may be, and what has come."""

    entry: Entry
    until: datetime
    max_bytes: int | None
    films: list[FilmVersion]
    unfinished: list[Upload]


def awaiting(actor: Actor, at: datetime) -> list[Awaited]:
    """An account's own entries for which an upload may begin or go on now. Four queries, however many there are."""
    begun = Upload.objects.filter(purpose="", state=Upload.State.OPEN, expires_at__gt=at)
    mine = Entry.objects.filter(entrant_id=actor.id, state__in=(State.DRAFT, State.FIXING))
    mine = mine.select_related("edition", "track").order_by("-created_at")
    entries = list(mine.prefetch_related("versions__upload", Prefetch("uploads", begun, to_attr="begun")))
    calendars = calendars_of({entry.edition_id for entry in entries}, at)
    rows = []
    for entry in entries:
        window = window_of(entry, calendars[entry.edition_id])
        if window is not None and (entry.begun or window.is_open(at)):
            limit = Rulebook.from_toml(entry.edition.rulebook).max_bytes
            rows.append(Awaited(entry, window.end, limit, list(entry.versions.all()), entry.begun))
    return rows
