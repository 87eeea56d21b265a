"""What a team delivers in a rehearsal: a version of its film, a file, a text or an address; rows without files."""

import hashlib
import random
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from judging.rehearsal.contest import Contest, lengths_of
from judging.rehearsal.film_rows import FOLDER, next_number, report_of, write_reports, write_versions
from submissions.cohorts.models import Deliverable, Place
from submissions.inspection.picture_file import PictureFacts
from submissions.lifecycle import State
from submissions.models import Asset, Attachment, Entry, FilmVersion

AS_SENT = 1000
"""Number of the version that an invited team sends in at the end of the call: its cuts come before it."""

Kind = Deliverable.Kind
VARIANTS = ((320, 180), (640, 360), (1280, 720), (1600, 900))
FACTS: dict[str, dict[str, Any]] = {
    Kind.DOCUMENT: {"document": {"form": "pdf", "files": 0}},
    Kind.PICTURE: {"picture": asdict(PictureFacts("jpeg", 1600, 900, variants=VARIANTS))},
}
SIZES = {Kind.DOCUMENT: 2_000_000, Kind.PICTURE: 4_000_000}


@dataclass(frozen=True, slots=True)
class Given:
    """What `delivery_actions.collect` is given, and how long the film is."""

    values: dict[str, Any]
    seconds: float = 0.0


def of_deliverable(
    made: Contest, place: Place, deliverable: Deliverable, at: datetime, number: int, draw: random.Random
) -> Given:
    """Something of the kind that is asked for."""
    entry = place.entry
    assert entry is not None
    if deliverable.kind == Kind.FILM:
        version, seconds = _cut(made, entry, f"{deliverable.pk} {number}", at, draw)
        return Given({"version": version}, seconds)
    if deliverable.kind in FACTS:
        return Given({"attachment": _file(made, entry, deliverable, at, number)})
    if deliverable.kind == Kind.LINK:
        return Given({"text": f"https://films.invalid/{entry.code}"})
    return Given({"text": "A rehearsal."})


def _cut(
    made: Contest, entry: Entry, name: str, at: datetime, draw: random.Random
) -> tuple[FilmVersion, float]:
    """A version that could be read and has no faults; the length of a project's film is drawn with the first."""
    seconds = entry.running_time or round(draw.triangular(*lengths_of(made)))
    if not entry.running_time:
        Entry.objects.filter(pk=entry.pk).update(running_time=seconds)
    before = entry.versions.filter(number__lt=AS_SENT).order_by("-number").first()
    number = next_number(entry)
    if entry.state == State.DRAFT:
        number = (before.number if before else 0) + 1
    sha = hashlib.sha256(f"{made.edition.slug} {entry.code} cut {name}".encode()).hexdigest()
    (version,) = write_versions(made.edition.slug, [(entry, number, sha, at, seconds)])
    write_reports([(version, report_of(draw, (), seconds=seconds, faulty=False), at, at)])
    made.cuts.append((at, float(seconds)))
    return version, float(seconds)


def _file(made: Contest, entry: Entry, deliverable: Deliverable, at: datetime, number: int) -> Attachment:
    sha = hashlib.sha256(f"{made.edition.slug} {entry.code} {deliverable.pk} {number}".encode()).hexdigest()
    size = SIZES[Kind(deliverable.kind)]
    asset = Asset.objects.create(
        sha256=sha, size=size, key=f"{FOLDER}{made.edition.slug}/{sha}", created_at=at
    )
    return Attachment.objects.create(
        entry=entry,
        kind="delivery",
        asset=asset,
        filename="delivery.pdf" if deliverable.kind == Kind.DOCUMENT else "delivery.jpg",
        size=size,
        state=Attachment.State.READY,
        facts=FACTS[deliverable.kind],
        created_at=at,
        hinted_at=at,
    )
