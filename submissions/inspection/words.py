"""Findings and problems in words: what is wrong, why it matters, how to mend it. The texts stand in `texts`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from festival.edition.rulebook_words import (
    LANGUAGES,
    any_of,
    bytes_text,
    channels_text,
    duration_text,
    format_name,
    number_text,
    rate_number,
    set_chinese,
    share_text,
    size_text,
)
from submissions.inspection.media_words import media_limit, media_measured
from submissions.inspection.report import Finding
from submissions.inspection.texts import FINDINGS, FOUND_INSTEAD, PHRASES, PROBLEMS, Texts
from submissions.inspection.texts_media import MEDIA_FINDINGS

MOST_TIMES = 3


@dataclass(frozen=True, slots=True)
class Words:
    """A headline without a full stop, what is wrong and why it matters, and how to mend it."""

    title: str
    detail: str
    cure: str


def describe(finding: Finding, language: str) -> Words:
    """A finding in "en" or "zh". A rule of another engine's version gets its bare id."""
    code = words_code(finding)
    if code not in FINDINGS:
        return Words(finding.rule, f"{finding.rule}: {finding.measured} ({finding.limit})", "")
    values = {
        "measured": _measured(code, finding.measured, language),
        "limit": _limit(code, finding.limit, language),
        "times": times_text(finding.times, language),
    }
    return _words(FINDINGS[code], language, values)


def describe_problem(code: str, values: Mapping[str, Any], language: str) -> Words:
    """Why a film could not be inspected, in "en" or "zh"; of values that make no sense, that the decoder broke down."""
    try:
        return _problem(code, values, language)
    except (ValueError, TypeError, OverflowError):
        return _problem("crashed", {}, language)


def _problem(code: str, values: Mapping[str, Any], language: str) -> Words:
    said = {name: _plain(value, language) for name, value in values.items()}
    found = FOUND_INSTEAD.get(str(values.get("found")), FOUND_INSTEAD["unknown"])
    said["found"] = found[_index(language)]
    if "seconds" in values:
        said["seconds"] = duration_text(float(values["seconds"]), language)
    if code == "picture_too_large" and {"width", "height"} <= values.keys():
        said["size"] = size_text(int(values["width"]), int(values["height"]))
    if "codec" in values:
        said["codec"] = format_name(str(values["codec"]))
    return _words(PROBLEMS.get(code, PROBLEMS["crashed"]), language, said)


def words_code(finding: Finding) -> str:
    """The key of a finding's texts: the rule, told apart by direction where one rule can break in two."""
    if finding.rule == "loudness" and isinstance(finding.limit, Sequence) and len(finding.limit) == 2:
        low = finding.limit[0]
        return "loudness_low" if low is not None and finding.measured < low else "loudness_high"
    if finding.rule == "audio_required" and finding.measured == "silent":
        return "audio_silent"
    if finding.rule == "truncated" and isinstance(finding.limit, Mapping):
        return "truncated_file"
    if finding.rule == "bit_rate":
        low = finding.limit[0]
        return "bit_rate_low" if low is not None and finding.measured < low else "bit_rate_high"
    if finding.rule == "colour" and not finding.measured:
        return "colour_untagged"
    if finding.rule == "aigc_label":
        return f"aigc_{finding.measured['grade']}"
    if finding.rule == "interlaced" and finding.measured == "telecine":
        return "telecine"
    if finding.rule == "sound_length":
        return "sound_short" if finding.measured < finding.limit else "sound_long"
    return finding.rule


def timecode(seconds: float) -> str:
    """A place in the film as a player shows it, with tenths: 1:02.5."""
    tenths = round(seconds * 10)
    return f"{tenths // 600}:{tenths // 10 % 60:02}.{tenths % 10}"


def stretch_text(start: float, end: float) -> str:
    """A stretch of the film: 0:05.0–0:09.0; a single moment is one place."""
    return timecode(start) if start == end else f"{timecode(start)}–{timecode(end)}"


def times_text(times: Sequence[Sequence[float]], language: str) -> str:
    """Where in the film: the first three stretches and how many more there are."""
    stretches = [stretch_text(start, end) for start, end in times]
    text = _phrase("joint", language).join(stretches[:MOST_TIMES])
    if len(stretches) > MOST_TIMES:
        more = _phrase("more", language)
        text += more.format(count=len(stretches) - MOST_TIMES)
    return text


def _measured(code: str, value: Any, language: str) -> str:
    if code in MEDIA_FINDINGS:
        return media_measured(code, value, language)
    match code:
        case "resolution" | "windowbox":
            return size_text(*value)
        case "levels" | "slideshow":
            return share_text(float(value))
        case "flash_extended" | "flicker":
            return duration_text(float(value), language)
        case "repeated_frames":
            return rate_number(float(value))
        case "corner_mark":
            return _phrase("joint", language).join(_phrase(place, language) for place in value)
        case "interlaced" | "telecine":
            return ""
        case "duration_min" | "duration_max" | "truncated" | "sound_short" | "sound_long":
            return duration_text(float(value), language)
        case "black" | "freeze" | "silence":
            return duration_text(float(value), language)
        case "file_size":
            return bytes_text(int(value))
        case "truncated_file":
            return bytes_text(int(value["bytes"]))
        case "container" | "video_codec":
            return format_name(str(value))
        case "frame_rate" | "constant_frame_rate":
            return rate_number(float(value))
        case "audio_channels":
            return channels_text(int(value), language)
        case "aspect":
            return f"{number_text(float(value), 2)}:1"
        case "loudness_low" if value <= -70:
            return "−70"
        case _:
            return number_text(value, 1) if isinstance(value, int | float) else str(value or "")


def _limit(code: str, value: Any, language: str) -> str:
    if code in MEDIA_FINDINGS:
        return media_limit(code, value, language)
    match code:
        case "duration_min" | "duration_max" | "truncated" | "sound_short" | "sound_long":
            return duration_text(float(value), language)
        case "black" | "freeze" | "silence":
            return duration_text(float(value), language)
        case "file_size":
            return bytes_text(int(value))
        case "truncated_file":
            return bytes_text(int(value["bytes"]))
        case "container" | "video_codec":
            return any_of(map(format_name, value), language)
        case "resolution":
            return _sizes(value, language)
        case "aspect":
            return any_of(map(str, value), language)
        case "levels" | "slideshow":
            return share_text(float(value))
        case "repeated_frames":
            return rate_number(float(value))
        case "frame_rate":
            return any_of((rate_number(float(rate)) for rate in value), language)
        case "audio_channels":
            return any_of((channels_text(int(count), language) for count in value), language)
        case "loudness_low":
            return number_text(float(value[0]), 1)
        case "loudness_high":
            return number_text(float(value[1]), 1)
        case _:
            return number_text(float(value), 1) if isinstance(value, int | float) else ""


def _sizes(limit: Mapping[str, Any], language: str) -> str:
    parts = []
    if limit.get("sizes"):
        parts.append(any_of((size_text(*size) for size in limit["sizes"]), language))
    for which in ("min", "max"):
        width, height = limit.get(f"{which}_width"), limit.get(f"{which}_height")
        if width or height:
            size = size_text(width, height) if width and height else str(width or height)
            shape = "size" if width and height else "width" if width else "height"
            parts.append(_phrase(f"{which}_{shape}", language).format(size=size))
    return _phrase("joint", language).join(parts)


def _plain(value: Any, language: str) -> str:
    return number_text(value, 2) if isinstance(value, int | float) else str(value)[:200]


def _words(texts: Texts, language: str, values: Mapping[str, str]) -> Words:
    said = [text.format_map(_Lenient(values)) for text in texts[_index(language)]]
    if language == "zh":
        said = [set_chinese(text) for text in said]
    return Words(*said)


class _Lenient(dict[str, str]):
    """A stored problem of an older engine may lack a value; a report must be readable all the same."""

    def __missing__(self, key: str) -> str:
        return "?"


def _phrase(name: str, language: str) -> str:
    return PHRASES[name][_index(language)]


def _index(language: str) -> int:
    if language not in LANGUAGES:
        raise ValueError(f"No words in {language!r}; there are {', '.join(LANGUAGES)}")
    return LANGUAGES.index(language)
