"""Subtitle files beside a film prepared for reading."""

from collections.abc import Iterable
from dataclasses import dataclass

from festival.edition.models import Edition
from festival.edition.rulebook import Rulebook
from festival.kit.words import short_language
from festival.people.actor import Actor
from submissions.acceptance import grave_rules
from submissions.inspection.subtitle_words import language_label, refusal_text
from submissions.links import media_url
from submissions.models import Inspection, SubtitleFile, Waiver

RULES = frozenset(("subtitles_required", "subtitles_language", "subtitles_spoken", "subtitles_form"))
TONES = {
    SubtitleFile.State.WAITING: "wait",
    SubtitleFile.State.READ: "pass",
    SubtitleFile.State.REFUSED: "block",
}
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "gb18030": "GB 18030",
    "big5": "Big5",
}


@dataclass(frozen=True, slots=True)
class SubtitleRow:
    """One file in the reader's words. `problem` says why it cannot be used; `original` is a link for the desk."""

    file: SubtitleFile
    language: str
    tone: str
    problem: str = ""
    cues: int = 0
    encoding: str = ""
    original: str = ""


def subtitle_rows(files: Iterable[SubtitleFile], desk: Actor | None = None) -> list[SubtitleRow]:
    """The files of an entry; `desk` is whom links to the originals are for. They come with their assets."""
    language = short_language()
    rows = []
    for file in files:
        facts = file.facts.get("facts", {})
        encoding = str(facts.get("encoding", ""))
        rows.append(
            SubtitleRow(
                file=file,
                language=language_label(file.language, language),
                tone=TONES[SubtitleFile.State(file.state)],
                problem=refusal_text(file.problem, language) if file.problem else "",
                cues=int(facts.get("cues", 0)),
                encoding=ENCODINGS.get(encoding, encoding),
                original=media_url(desk, file.asset.key, name=file.filename, download=True) if desk else "",
            )
        )
    return rows


def asked_subtitles(edition: Edition) -> str:
    """The languages in which an edition asks for subtitles, in one line; empty where it names none."""
    language = short_language()
    names = [
        language_label(code, language) for code in Rulebook.from_toml(edition.rulebook).subtitles.languages
    ]
    return ("、" if language == "zh" else ", ").join(names)


def lacks_only_subtitles(inspection: Inspection | None, *, waivers: bool = False) -> bool:
    """Whether all that stands against a film are its subtitles, so that no other film is needed.

    `waivers`: what the technicians accept stands against nothing; one query, where that could make a difference.
    """
    grave = grave_rules(inspection.report) if inspection else set()
    if waivers and grave & RULES and grave - RULES:
        grave -= set(Waiver.objects.filter(version=inspection.version_id).values_list("rule", flat=True))
    return bool(grave) and grave <= RULES
