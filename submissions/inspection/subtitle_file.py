"""One subtitle file beside a film, parsed in the limited child: the operation "subtitles".

The WebVTT made of it is written into the folder as FILE. What depends on the film's length is left open: the file may
come before the film, and the film may be replaced; `SideFile.for_film` adds it, whichever film that is.
"""

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from submissions.inspection.facts import SubtitleFacts, SubtitleIssue
from submissions.inspection.subtitle_checks import BEYOND, MOST_TIMES, check_cues
from submissions.inspection.subtitles import MOST_BYTES, SubtitleError, read_subtitles, to_webvtt

FILE = "subtitles.vtt"
VERSION = 1
"""Of the WebVTT that is made; a change of its form needs another."""

LATEST = 500  # cues whose times are kept, so that those beyond a film's end can be counted


@dataclass(frozen=True, slots=True)
class SideFile:
    """The facts of a side file without a film, and the times (start, end) of the cues that end last, the last first."""

    facts: SubtitleFacts
    latest: tuple[tuple[float, float], ...] = ()

    def for_film(self, seconds: float) -> SubtitleFacts:
        """The facts beside a film of this length."""
        late = [times for times in self.latest if times[1] > seconds + BEYOND]
        if not late:
            return self.facts
        places = tuple(sorted(late)[:MOST_TIMES])
        beyond = SubtitleIssue("beyond", len(late), late[0][1], round(seconds, 2), places)
        return replace(self.facts, issues=(*self.facts.issues, beyond))


def side_file(data: bytes, language: str) -> tuple[SideFile, str]:
    """What a file in a declared language holds, and its WebVTT; raises SubtitleError."""
    read = read_subtitles(data)
    facts = check_cues(
        read.cues,
        form=read.form,
        place="beside",
        encoding=read.encoding,
        language=language,
        malformed=read.malformed,
    )
    standing = [(round(cue.start, 3), round(cue.end, 3)) for cue in read.cues if cue.end > cue.start]
    latest = sorted(standing, key=lambda times: times[1], reverse=True)[:LATEST]
    return SideFile(facts, tuple(latest)), to_webvtt(read.cues)


def run(request: dict[str, Any], folder: Path, _tell: object, _header: object) -> dict[str, Any]:
    """{"path", "language"} → {"file": SideFile} or {"refused": code of a SubtitleError}."""
    with open(request["path"], "rb") as file:
        data = file.read(MOST_BYTES + 1)
    try:
        found, webvtt = side_file(data, str(request.get("language", "")))
    except SubtitleError as error:
        return {"refused": error.code}
    (folder / FILE).write_text(webvtt, encoding="utf-8")
    return {"file": asdict(found)}
