"""Reads of subtitle files beside a film."""

from submissions.inspection.report import read
from submissions.inspection.subtitle_file import SideFile
from submissions.models import SubtitleFile


def files_beside(entry_id: int) -> list[SideFile]:
    """What the readable files of an entry hold, by language: what the film is judged with. One query."""
    rows = SubtitleFile.objects.filter(entry=entry_id, state=SubtitleFile.State.READ).order_by("language")
    return [read(SideFile, facts) for facts in rows.values_list("facts", flat=True)]
