"""Films of a rehearsal as rows without files: versions, and reports as the inspector would have written them."""

import random
from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max

from submissions.models import Asset, Entry, FilmVersion, FindingRow, Inspection, Upload

FOLDER = "rehearsals/"  # where the files of rehearsals would be
BATCH = 2000
FAULTS = ("black", "loudness", "freeze", "true_peak")


def next_number(entry: Entry) -> int:
    """Of the entry's next version."""
    return (entry.versions.aggregate(last=Max("number"))["last"] or 0) + 1


def write_versions(slug: str, films: Sequence[tuple[Entry, int, str, datetime, int]]) -> list[FilmVersion]:
    """Versions of films in the rehearsal of this address: entry, number, digest of its file, when sent, seconds."""
    folder = f"{FOLDER}{slug}"
    have = dict(Asset.objects.filter(key__startswith=f"{folder}/").values_list("sha256", "pk"))
    fresh = {sha: at for _entry, _number, sha, at, _seconds in films if sha not in have}
    Asset.objects.bulk_create(
        (
            Asset(sha256=sha, size=1_500_000, key=f"{folder}/{sha}", created_at=at)
            for sha, at in fresh.items()
        ),
        batch_size=BATCH,
    )
    have = dict(Asset.objects.filter(key__startswith=f"{folder}/").values_list("sha256", "pk"))
    uploads = Upload.objects.bulk_create(
        [
            Upload(
                entry=entry,
                user_id=entry.entrant_id,
                filename="film.mp4",
                size=seconds * 1_500_000,
                part_size=8_000_000,
                fingerprint=f"film-{number}",
                state=Upload.State.COMPLETE,
                created_at=at - timedelta(minutes=10),
                expires_at=at + timedelta(days=1),
                completed_at=at,
            )
            for entry, number, _sha, at, seconds in films
        ],
        batch_size=BATCH,
    )
    return FilmVersion.objects.bulk_create(
        [
            FilmVersion(
                entry=entry,
                number=number,
                upload=upload,
                asset_id=have[sha],
                filename="film.mp4",
                size=upload.size,
                created_at=at,
            )
            for upload, (entry, number, sha, at, _seconds) in zip(uploads, films, strict=True)
        ],
        batch_size=BATCH,
    )


def report_of(
    draw: random.Random, reports: Sequence[Mapping[str, Any]], *, seconds: int, faulty: bool
) -> dict[str, Any]:
    """A film's report: that of an inspected one with another length, or the few facts that admission reads."""
    fitting = [one for one in reports if (one.get("verdict") in ("fix", "block")) == faulty]
    if fitting:
        report = deepcopy(dict(draw.choice(fitting)))
        report["video"] = dict(report.get("video") or {}, duration=float(seconds))
        return report
    rules = draw.sample(FAULTS, draw.randint(1, 2)) if faulty else []
    return {
        "verdict": "fix" if rules else "pass",
        "video": {"duration": float(seconds), "width": 1920, "height": 1080, "frame_rate": 24.0},
        "findings": [{"rule": rule, "severity": "fix", "values": {}} for rule in rules],
    }


def is_watched(report: Mapping[str, Any]) -> bool:
    """Whether a copy for the judges was made: of every film that could be read."""
    return report["verdict"] != Inspection.Verdict.UNREADABLE


def write_reports(
    reports: Sequence[tuple[FilmVersion, Mapping[str, Any], datetime, datetime]],
) -> None:
    """Finished inspections with their findings, as the worker leaves them: version, report, begun, done."""
    rows = Inspection.objects.bulk_create(
        [
            Inspection(
                version=version,
                state=Inspection.State.DONE,
                verdict=report["verdict"],
                report=report,
                queued_at=at,
                started_at=at,
                finished_at=done,
                # Judges get a film's length from the newest copy that they can watch.
                copy_key=f"{FOLDER}{version.entry_id}-{version.number}.mp4" if is_watched(report) else "",
            )
            for version, report, at, done in reports
        ],
        batch_size=BATCH,
    )
    found = []
    for row in rows:
        rules = {each["rule"]: each["severity"] for each in row.report.get("findings") or ()}
        found += [FindingRow(inspection=row, rule=rule, severity=grave) for rule, grave in rules.items()]
    FindingRow.objects.bulk_create(found, batch_size=BATCH)
