"""Inspected films as rows, with reports that the rules can judge."""

from dataclasses import replace
from typing import Any

from festival.edition.rulebook import Rulebook
from submissions.inspect_actions import write_finding_rows
from submissions.inspection.facts import Provenance
from submissions.inspection.report import AudioFacts, Event, FileFacts, Report, VideoFacts
from submissions.inspection.runner import rejudge
from submissions.models import Entry, Inspection
from tests import factories


def measured(*, seconds: float = 90.0, black: float = 0.0, loudness: float = -23.0) -> Report:
    """What was measured in a film without faults but those asked for; not judged yet."""
    film = Report(
        verdict="pass",
        file=FileFacts(bytes=1_000_000, container="mp4", duration=seconds, streams=2),
        video=VideoFacts("h264", 1280, 720, 24.0, round(seconds * 24), seconds),
        audio=AudioFacts("aac", 2, 48_000, seconds, loudness, 5.0, -6.0),
        provenance=Provenance(),
    )
    return replace(film, events=(Event("black", 12.0, 12.0 + black),)) if black else film


def inspected(entry: Entry, **film: Any) -> Inspection:
    """A finished inspection of such a film, judged by the edition's rulebook as it is now."""
    rulebook = Rulebook.from_toml(entry.edition.rulebook)
    report = rejudge(measured(**film), rulebook)
    inspection = factories.make_inspection(
        entry,
        report=report.as_dict(),
        verdict=report.verdict,
        engine=report.engine,
        rulebook_digest=rulebook.digest,
    )
    write_finding_rows({inspection.pk: report.findings})
    return inspection
