"""Subtitle files beside a film: read in the limited child, put beside the film's report, and judged with it."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from festival.edition.rulebook import Rulebook
from submissions.inspection.confined import ChildError, run_limited
from submissions.inspection.limits import Limits
from submissions.inspection.report import Problem, Report, read
from submissions.inspection.runner import rejudge
from submissions.inspection.subtitle_file import FILE, SideFile
from submissions.inspection.subtitles import MOST_BYTES, SubtitleError

LIMITS = Limits(
    memory_bytes=1 << 30, cpu_base=20, wall_seconds=60, silent_seconds=30, file_bytes=4 * MOST_BYTES
)


def read_side_file(path: Path | str, language: str, out_dir: Path | str, limits: Limits = LIMITS) -> SideFile:
    """Parse a subtitle file in the child; the WebVTT made of it is FILE in `out_dir`, plain text alone.

    Raises SubtitleError when it is no subtitle file that can be used, ChildError when the child came to grief.
    """
    if Path(path).stat().st_size > MOST_BYTES:
        raise SubtitleError("too_large")
    result, cost = run_limited("subtitles", path, out_dir, {"language": language}, limits=limits)
    if "refused" in result:
        raise SubtitleError(str(result["refused"]))
    try:
        found = read(SideFile, result.get("file"))
    except ValueError as error:
        raise ChildError(Problem("crashed"), cost, str(error)) from error
    if not (Path(out_dir) / FILE).is_file():
        raise ChildError(Problem("crashed"), cost, "no WebVTT was written")
    return found


def with_side_files(report: Report, files: Iterable[SideFile], rulebook: Rulebook) -> Report:
    """The same report with these files beside the film, in place of those that were, judged without touching the film.

    An unreadable film stays as it is.
    """
    if report.video is None:
        return rejudge(report, rulebook)
    inside = [facts for facts in report.subtitles if facts.place == "inside"]
    beside = [file.for_film(report.video.duration) for file in files]
    return rejudge(replace(report, subtitles=(*inside, *beside)), rulebook)
