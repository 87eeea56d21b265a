"""What was measured and what was asked, in words, for findings about build, sound, origin and subtitles."""

from collections.abc import Mapping
from typing import Any

from festival.edition.rulebook_words import (
    LANGUAGES,
    any_of,
    duration_text,
    format_name,
    number_text,
)
from festival.edition.rulebook_words_media import colour_name, language_name
from submissions.inspection.subtitle_words import language_label, language_tag
from submissions.inspection.texts_media import MEDIA_PHRASES


def media_measured(code: str, value: Any, language: str) -> str:
    """The measured value of a finding of `texts_media`, in "en" or "zh"."""
    match code:
        case "bit_rate_low" | "bit_rate_high":
            return number_text(float(value), 2)
        case "colour":
            return colour_name(str(value))
        case "hdr":
            return _phrase(str(value), language)
        case "keyframes":
            return duration_text(float(value), language)
        case "audio_codec":
            return format_name(str(value))
        case "sample_rate":
            return number_text(float(value) / 1000, 2)
        case "one_sided":
            return number_text(abs(float(value)), 0)
        case "out_of_phase":
            return number_text(float(value), 2)
        case "silent_channel":
            return _joined(map(str, value), language)
        case "hum":
            hertz, level = number_text(float(value[0]), 0), number_text(float(value[1]), 0)
            return _phrase("hum_of", language).format(hertz=hertz, level=level)
        case "aigc_readable" | "aigc_broken":
            return _phrase(str(value["reason"]), language).format(field=value.get("field", ""))
        case "subtitles_language":
            return _joined((language_name(str(each), language) for each in value), language)
        case "subtitles_form":
            return _track(value, language)
        case _:
            return number_text(value, 1) if isinstance(value, int | float) else str(value or "")


def media_limit(code: str, value: Any, language: str) -> str:
    """What was asked for, in "en" or "zh"."""
    match code:
        case "bit_rate_low":
            return number_text(float(value[0]), 2)
        case "bit_rate_high":
            return number_text(float(value[1]), 2)
        case "colour" | "colour_untagged":
            return any_of(map(colour_name, value), language)
        case "keyframes":
            return duration_text(float(value), language)
        case "audio_codec":
            return any_of(map(format_name, value), language)
        case "sample_rate":
            return any_of((number_text(rate / 1000, 2) for rate in value), language)
        case "subtitles_language":
            return _joined((language_name(str(each), language) for each in value), language)
        case "bit_depth" | "chroma":
            return any_of(map(str, value), language)
        case _:
            return number_text(float(value), 1) if isinstance(value, int | float) else ""


def _track(value: Mapping[str, Any], language: str) -> str:
    """One subtitle track or file and what is wrong with it: "track 1: 3 overlapping, 2 without text."."""
    said = []
    for code, count, measured, limit in value["issues"]:
        words = _phrase(f"issue_{code}", language)
        shown = number_text(float(measured), 1) if measured is not None else ""
        most = number_text(float(limit), 1) if limit is not None else ""
        said.append(words.format(count=count, value=shown, limit=most))
    where = "side_file" if value.get("place") == "beside" else "track"
    return _phrase(where, language).format(
        number=value["track"],
        language=language_label(language_tag(str(value.get("language", ""))), language),
        issues=_joined(said, language, "; ", "；"),
    )


def _joined(items: Any, language: str, english: str = ", ", chinese: str = "、") -> str:
    return (chinese if language == "zh" else english).join(items)


def _phrase(name: str, language: str) -> str:
    """A phrase; the code itself for one of another engine's version."""
    return MEDIA_PHRASES[name][LANGUAGES.index(language)] if name in MEDIA_PHRASES else name
