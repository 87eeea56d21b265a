"""Subtitle files: told by content, decoded, parsed into plain cues, and written anew as WebVTT.

SRT, WebVTT and ASS/SSA. Only plain text leaves this module: markup, styles and comments of a file that somebody
uploaded never reach a player. Every step is linear and bounded, so a hostile file costs milliseconds.

    facts, webvtt = inspect_subtitles(data, language="zh", film_seconds=312.4)
"""

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from submissions.inspection.facts import SubtitleFacts
from submissions.inspection.subtitle_checks import Cue, check_cues

MOST_BYTES = 1 << 20
MOST_CUES = 5000
LONGEST_TEXT = 2000  # of one cue
LAST_SECOND = 100 * 3600.0


class SubtitleError(Exception):
    """The content is no subtitle file that can be used. `code`: too_large, too_many, not_text, not_subtitles, empty."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Subtitles:
    """A parsed file. `malformed` counts timing lines that could not be read."""

    form: str
    encoding: str
    cues: tuple[Cue, ...]
    malformed: int = 0


def inspect_subtitles(
    data: bytes, *, language: str = "", film_seconds: float | None = None
) -> tuple[SubtitleFacts, str]:
    """The facts of a side file, and its text as WebVTT; raises SubtitleError. `language` is the declared one."""
    read = read_subtitles(data)
    facts = check_cues(
        read.cues,
        form=read.form,
        place="beside",
        encoding=read.encoding,
        language=language,
        film_seconds=film_seconds,
        malformed=read.malformed,
    )
    return facts, to_webvtt(read.cues)


def read_subtitles(data: bytes) -> Subtitles:
    """Decode and parse; raises SubtitleError."""
    if len(data) > MOST_BYTES:
        raise SubtitleError("too_large")
    if not data.strip(b"\0 \r\n\t\xef\xbb\xbf"):
        raise SubtitleError("empty")
    text, encoding = decode(data)
    lines = re.split(r"\r\n|\r|\n", text)
    head = next((line.strip() for line in lines if line.strip()), "")
    if head.startswith("WEBVTT"):
        form, (cues, malformed) = "vtt", _read_arrows(lines, vtt=True)
    elif re.match(r"\[script info\]|\[v4\+? styles\]|\[events\]", head, re.IGNORECASE):
        form, (cues, malformed) = "ass", _read_ass(lines)
    else:
        form, (cues, malformed) = "srt", _read_arrows(lines, vtt=False)
    if not cues:
        raise SubtitleError("not_subtitles")
    return Subtitles(form, encoding, tuple(cues), malformed)


def decode(data: bytes) -> tuple[str, str]:
    """Text and encoding, by its mark, else UTF-8, else what fits a Chinese or a western file; raises SubtitleError."""
    for mark, name in (
        (b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"),
    ):  # fmt: skip
        if data.startswith(mark):
            return _strictly(data[len(mark) :], name)
    if b"\0" in data:
        raise SubtitleError("not_text")
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    runs = re.findall(rb"[\x80-\xff]+", data)
    lonely = sum(len(run) == 1 for run in runs)
    if lonely > len(runs) / 2 and sum(map(len, runs)) < 0.15 * len(data):
        return _strictly(data, "cp1252")
    candidates: list[tuple[float, int, str, str]] = []
    for name in ("gb18030", "big5"):
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        candidates.append((_commonness(text, name), -len(candidates), text, name))
    if not candidates:
        raise SubtitleError("not_text")
    _, _, text, name = max(candidates)
    return text, name


def _strictly(data: bytes, encoding: str) -> tuple[str, str]:
    try:
        return data.decode(encoding), encoding
    except UnicodeDecodeError as error:
        raise SubtitleError("not_text") from error


def _commonness(text: str, encoding: str) -> float:
    """The share of characters from the part of the encoding where everyday characters stand."""
    lead = (0xB0, 0xD7) if encoding == "gb18030" else (0xA4, 0xC6)
    said = [char.encode(encoding, "replace") for char in text[:20_000] if char > "\x7f"]
    common = sum(
        len(code) == 2 and lead[0] <= code[0] <= lead[1] and (encoding == "big5" or code[1] >= 0xA1)
        for code in said
    )
    return common / max(1, len(said))


# SRT and WebVTT

_ARROW = re.compile(
    r"\s*(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})(?:[,.](\d{1,3}))?\s*-+>\s*(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})(?:[,.](\d{1,3}))?"
)


def _read_arrows(lines: Sequence[str], *, vtt: bool) -> tuple[list[Cue], int]:
    cues: list[Cue] = []
    malformed, skipping = 0, False
    times: tuple[float, float] | None = None
    said: list[str] = []

    def close() -> None:
        nonlocal times
        if times is not None:
            if len(cues) >= MOST_CUES:
                raise SubtitleError("too_many")
            cues.append(Cue(*times, _plain("\n".join(said), vtt=vtt)))
        times = None
        said.clear()

    for line in lines:
        if not line.strip():
            close()
            skipping = False
        elif "->" in line and (found := _ARROW.match(line[:200])):
            if times is not None and said and said[-1].strip().isdigit():
                said.pop()  # the next cue's number, where the empty line was forgotten
            close()
            times, skipping = (_seconds(found.groups()[:4]), _seconds(found.groups()[4:])), False
        elif "-->" in line:
            malformed += 1
        elif times is None and vtt and re.match(r"(NOTE|STYLE|REGION)\b", line):
            skipping = True
        elif times is not None and not skipping and sum(map(len, said)) < LONGEST_TEXT:
            said.append(line[:LONGEST_TEXT])
    close()
    return cues, malformed


def _seconds(parts: Sequence[str | None]) -> float:
    hours, minutes, seconds, rest = parts
    fraction = int((rest or "0").ljust(3, "0")[:3]) / 1000
    return min(int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0) + fraction, LAST_SECOND)


def _plain(text: str, *, vtt: bool = False) -> str:
    """Without tags, override codes and control characters; lines trimmed, empty ones gone."""
    text = re.sub(r"<[^<>\n]{0,200}>|\{\\[^{}\n]{0,200}\}", "", text[:LONGEST_TEXT])
    if vtt:
        text = html.unescape(text)
    return tidy(text)


def tidy(text: str) -> str:
    """Printable characters only, lines trimmed, empty lines gone."""
    lines = ("".join(char for char in line if char.isprintable()).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


# ASS and SSA


def _read_ass(lines: Iterable[str]) -> tuple[list[Cue], int]:
    cues: list[Cue] = []
    malformed, fields, inside = 0, ["Layer", "Start", "End"], False
    for line in lines:
        if line.startswith("["):
            inside = line.strip().lower() == "[events]"
        elif inside and line.lower().startswith("format:"):
            fields = [name.strip() for name in line[7:].split(",")][:20]
        elif inside and line.lower().startswith("dialogue:"):
            values = dict(zip(fields, line[9 : LONGEST_TEXT + 500].split(",", len(fields) - 1)))
            start, end = (_ass_seconds(values.get(name, "")) for name in ("Start", "End"))
            if start is None or end is None:
                malformed += 1
                continue
            if len(cues) >= MOST_CUES:
                raise SubtitleError("too_many")
            cues.append(Cue(start, end, plain_ass(values.get("Text", ""))))
    return cues, malformed


def _ass_seconds(text: str) -> float | None:
    found = re.fullmatch(r"\s*(\d{1,3}):(\d{1,2}):(\d{1,2})(?:[.,:](\d{1,3}))?\s*", text)
    return _seconds(found.groups()) if found else None


def plain_ass(text: str) -> str:
    """The words of an ASS event: drawings are none, override codes are not read."""
    if re.search(r"\{[^{}]{0,200}\\p[1-9]", text[:LONGEST_TEXT]):
        return ""
    text = re.sub(r"\{[^{}]{0,500}\}", "", text[:LONGEST_TEXT])
    return tidy(re.sub(r"\\[Nn]", "\n", text).replace("\\h", " "))


# WebVTT for our player


def to_webvtt(cues: Iterable[Cue]) -> str:
    """WebVTT from plain cues, in order of time; cues without text or without length are left out."""
    parts = ["WEBVTT\n"]
    for cue in sorted(cues, key=lambda cue: (cue.start, cue.end)):
        text = tidy(cue.text)
        if text and cue.end > cue.start:
            escaped = html.escape(text, quote=False)
            parts.append(f"{_stamp(cue.start)} --> {_stamp(cue.end)}\n{escaped}\n")
    return "\n".join(parts)


def _stamp(seconds: float) -> str:
    thousandths = round(seconds * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02}.{rest % 1000:03}"
