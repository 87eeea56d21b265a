"""The subtitles that a player offers with the judges' copy of a film: tracks of the film itself, and files beside it.

A label names the language and nothing else, so that it tells a judge nothing about who made the film.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from festival.kit.names import language_codes
from festival.kit.words import short_language
from festival.people.actor import Actor
from submissions.inspection.subtitle_words import language_label, language_tag
from submissions.links import media_url
from submissions.models import Entry, Inspection, SubtitleFile

WRITTEN = re.compile(r"subtitles-\d{1,3}\.vtt")


@dataclass(frozen=True, slots=True)
class PlayerTrack:
    """For `<track>`: its address, language (BCP 47) and label; `on`: shown unless the viewer says otherwise."""

    url: str
    tag: str
    label: str
    on: bool = False


def poster_of(actor: Actor, inspection: Inspection | None) -> str:
    """The address of the still that a player shows before it plays: the report's best; empty without one."""
    stills = inspection.report.get("stills") or [] if inspection else []
    best = next((still["file"] for still in stills if still.get("about") == "poster"), "")
    return media_url(actor, f"{inspection.folder}/{best}") if inspection and best else ""


def tracks_of(
    actor: Actor,
    *,
    folder: str,
    embedded: Iterable[Mapping[str, Any]],
    beside: Iterable[SubtitleFile],
    spoken: str,
) -> list[PlayerTrack]:
    """The tracks for this account, files beside the film first.

    `embedded` are a stored report's subtitles and `folder` that of its files; `spoken` is the film's language as its
    entrant wrote it. No query.
    """
    language = short_language()
    places = [(file.language, file.webvtt_key) for file in beside if file.webvtt_key]
    for facts in embedded:
        name = str(facts.get("file", ""))
        if facts.get("place") == "inside" and folder and WRITTEN.fullmatch(name):
            tag = language_tag(str(facts.get("language", "")), str(facts.get("guessed", "")))
            places.append((tag, f"{folder}/{name}"))
    tracks, seen = [], Counter[str]()
    for tag, key in places:
        label = language_label(tag, language)
        seen[label] += 1
        if seen[label] > 1:
            label = f"{label} {seen[label]}"
        tracks.append(PlayerTrack(media_url(actor, key, name="subtitles.vtt"), tag, label))
    on = _wanted([track.tag for track in tracks], spoken, language)
    return [replace(track, on=place == on) for place, track in enumerate(tracks)]


# By tag, and in what is written by hand where no tag is known: "Mandarin with some English", "四川话".
SPOKEN_TAGS = {"zh": {"zh", "yue", "wuu", "nan", "cmn", "hak"}, "en": {"en"}}
SPOKEN_HINTS = {
    "zh": ("chinese", "mandarin", "cantonese", "中文", "汉语", "漢語", "国语", "國語", "话", "話"),
    "en": ("english", "anglais", "englisch", "inglés", "英语", "英語", "英文"),
}


def _wanted(tags: list[str], spoken: str, language: str) -> int | None:
    """The track in the reader's language, where the film is said to speak another."""
    if not spoken.strip() or _speaks(spoken, language):
        return None
    for tag in ("zh-Hans", "zh", "zh-Hant") if language == "zh" else (language,):
        if tag in tags:
            return tags.index(tag)
    return None


def _speaks(spoken: str, language: str) -> bool:
    """Whether a language written by hand ("English, French", "普通话", "en") is, or includes, the reader's."""
    tags, hints = SPOKEN_TAGS.get(language, {language}), SPOKEN_HINTS.get(language, ())
    said = [tag.casefold() for tag in language_codes(spoken)]
    return any(tag.split("-")[0] in tags or any(hint in tag for hint in hints) for tag in said)


def tracks_beside(actor: Actor, entry: Entry, inspection: Inspection | None) -> list[PlayerTrack]:
    """The tracks with the copy that an inspection made. `entry` comes with its subtitle files. No query."""
    if inspection is None or not inspection.copy_key:
        return []
    return tracks_of(
        actor,
        folder=inspection.folder,
        embedded=inspection.report.get("subtitles") or [],
        beside=entry.subtitle_files.all(),
        spoken=entry.language,
    )


def tracks_with_copy(actor: Actor, entry_id: int) -> list[PlayerTrack]:
    """The tracks of the newest judge copy of an entry's film. Two queries."""
    rows = Inspection.objects.filter(version__entry_id=entry_id, state=Inspection.State.DONE)
    newest = rows.exclude(copy_key="").order_by("-version__number", "-pk")
    row = newest.values_list("folder", "report__subtitles", "version__entry__language").first()
    folder, embedded, said = row or ("", [], "")
    return tracks_of(
        actor,
        folder=folder,
        embedded=embedded or [],
        beside=SubtitleFile.objects.filter(entry_id=entry_id, state=SubtitleFile.State.READ),
        spoken=said,
    )
