"""Subtitle tracks inside the film, decoded from their packets while the film is read once."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import av.error

from submissions.inspection.facts import SubtitleFacts
from submissions.inspection.file_facts import clean, codec_name
from submissions.inspection.subtitle_checks import Cue, check_cues
from submissions.inspection.subtitles import MOST_CUES, plain_ass, to_webvtt

MOST_TRACKS = 8
LARGEST_PACKET = 64 << 10
_FORMS = {"subrip": "srt", "srt": "srt", "webvtt": "vtt", "ssa": "ass"}


class SubtitleTracks:
    """The text tracks of a film. `zero` is the film's first moment, seconds."""

    def __init__(self, film: Any, zero: float) -> None:
        self._zero = zero
        self.streams = [stream for stream in film.streams.subtitles if stream.codec_context is not None][
            :MOST_TRACKS
        ]
        self._cues: dict[int, list[Cue]] = {stream.index: [] for stream in self.streams}
        self._pictures: dict[int, int] = {}

    def see(self, packet: Any) -> bool:
        """Take a packet if it is one of a subtitle track; says whether it was."""
        cues = self._cues.get(packet.stream_index)
        if cues is None:
            return False
        stream = packet.stream
        if packet.size == 0 or packet.size > LARGEST_PACKET or packet.pts is None or len(cues) >= MOST_CUES:
            return True
        start = float(packet.pts * packet.time_base) - self._zero
        seconds = float((packet.duration or 0) * packet.time_base)
        try:
            shown = stream.decode2(packet)
        except (av.error.FFmpegError, ValueError, UnicodeError):
            return True
        said = []
        for rect in shown or ():
            if rect.type == b"bitmap":
                self._pictures[stream.index] = self._pictures.get(stream.index, 0) + 1
            elif text := _words(rect):
                said.append(text)
        if said and 0 <= start < 1e6 and seconds < 1e6:
            cues.append(Cue(round(start, 3), round(start + seconds, 3), "\n".join(said)))
        return True

    def facts(self, film_seconds: float, folder: Path) -> tuple[SubtitleFacts, ...]:
        """The facts of every track; each with cues is written into `folder` as WebVTT."""
        found = []
        for number, stream in enumerate(self.streams, 1):
            name = codec_name(stream.codec_context)
            form, cues = _FORMS.get(name, name), self._cues[stream.index]
            language = clean(stream.metadata.get("language", ""), 20).replace("und", "")
            if stream.index in self._pictures or not cues:
                pictures = self._pictures.get(stream.index, 0)
                found.append(SubtitleFacts(form, language=language, cues=pictures))
                continue
            facts = check_cues(cues, form=form, place="inside", language=language, film_seconds=film_seconds)
            file = f"subtitles-{number}.vtt"
            (folder / file).write_text(to_webvtt(cues), encoding="utf-8")
            found.append(replace(facts, file=file))
        return tuple(found)


def _words(rect: Any) -> str:
    """The text of a decoded subtitle."""
    said = rect.dialogue if hasattr(rect, "dialogue") else rect.text
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return plain_ass(text)
