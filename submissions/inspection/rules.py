"""Judges measurements by a rulebook: pure, repeatable, without the film."""

from collections.abc import Iterable
from typing import Any, Literal

from festival.edition.rulebook import EventLimits, Rulebook
from submissions.inspection.media_rules import judge_media
from submissions.inspection.picture_rules import judge_picture
from submissions.inspection.report import Event, Finding, Measurements, Still, Verdict, VideoFacts

Severity = Literal["block", "fix", "note"]
WEIGHT = {"pass": 0, "note": 1, "fix": 2, "block": 3, "unreadable": 4}

# Generous by what two programs disagree about when they time the same film.
SLACK_SECONDS = 0.1
EDGE_SECONDS = 0.1
ASPECT_SLACK = 0.01
RATE_SLACK = 0.0005
# A film ends early when this much of what its header declares is missing.
MISSING_SHARE, MISSING_SECONDS = 0.005, 0.25
ERRORS_BLOCK, ERRORS_FIX = 0.01, 0.001
SOUND_DIFFERENCE = 1.0

SURE = frozenset(
    (
        "truncated", "duration_min", "duration_max", "file_size", "container", "fast_start", "video_codec",
        "resolution", "aspect", "frame_rate", "constant_frame_rate", "bit_rate", "bit_depth", "chroma",
        "square_pixels", "colour", "hdr", "keyframes", "audio_required", "audio_channels", "audio_codec",
        "sample_rate",
    )
)  # fmt: skip
"""The rules that packets and keyframes decide; `audio_required` only of a film without a track: silence takes ears."""


def judge(
    measurements: Measurements, rulebook: Rulebook, stills: Iterable[Still] = ()
) -> tuple[Verdict, tuple[Finding, ...]]:
    """The verdict and every broken rule, gravest first. The integrity of the file is judged by no rulebook."""
    found = [
        *_integrity(measurements),
        *_file(measurements, rulebook),
        *_picture(measurements.video, rulebook),
        *_sound(measurements, rulebook),
    ]
    pictures = list(stills)
    for kind in ("black", "freeze", "silence"):
        found += _events(kind, measurements, rulebook, pictures)
    found += judge_picture(measurements, rulebook, pictures)
    found += judge_media(measurements, rulebook)
    if any(finding.rule == "truncated" for finding in found):
        found = [finding for finding in found if finding.rule != "duration_min"]
    found.sort(key=lambda finding: -WEIGHT[finding.severity])
    return (found[0].severity if found else "pass"), tuple(found)


def judge_glance(
    measurements: Measurements, rulebook: Rulebook, stills: Iterable[Still] = ()
) -> tuple[Verdict, tuple[Finding, ...]]:
    """What is certain already, gravest first."""
    _, found = judge(measurements, rulebook, stills)
    sure = tuple(
        finding
        for finding in found
        if finding.rule in SURE and not (finding.rule == "audio_required" and measurements.audio)
    )
    return (sure[0].severity if sure else "pass"), sure


def _integrity(film: Measurements) -> list[Finding]:
    video, found = film.video, []
    sound = film.audio.duration if film.audio else 0.0
    declared = max(
        (film.file.duration or 0.0, max(video.duration, sound)),
        (video.declared_duration or 0.0, video.duration),
        key=lambda pair: pair[0] - pair[1],
    )
    if declared[0] - declared[1] > max(MISSING_SECONDS, MISSING_SHARE * declared[0]):
        found.append(Finding("truncated", "block", round(declared[1], 2), round(declared[0], 2)))
    elif not film.file.complete:
        found.append(Finding("truncated", "fix", round(declared[1], 2), round(declared[0], 2)))
    errors = video.errors + (film.audio.errors if film.audio else 0)
    if errors:
        share = video.errors / (video.frames + video.errors)
        severity: Severity = "block" if share > ERRORS_BLOCK else "fix" if share > ERRORS_FIX else "note"
        found.append(Finding("decode_errors", severity, errors, 0))
    if video.size_changes:
        found.append(Finding("size_change", "fix", video.size_changes, 0))
    if film.audio and abs(sound - video.duration) > SOUND_DIFFERENCE:
        found.append(Finding("sound_length", "note", sound, video.duration))
    return found


def _file(film: Measurements, rulebook: Rulebook) -> list[Finding]:
    found = []
    seconds = film.video.duration
    low, high = rulebook.duration.min, rulebook.duration.max
    if low is not None and seconds < low - SLACK_SECONDS:
        found.append(Finding("duration_min", rulebook.severity("duration_min"), seconds, low))
    if high is not None and seconds > high + SLACK_SECONDS:
        found.append(Finding("duration_max", rulebook.severity("duration_max"), seconds, high))
    if rulebook.max_bytes is not None and film.file.bytes > rulebook.max_bytes:
        found.append(
            Finding("file_size", rulebook.severity("file_size"), film.file.bytes, rulebook.max_bytes)
        )
    accepted = rulebook.file.containers
    if accepted and film.file.container not in accepted:
        found.append(
            Finding("container", rulebook.severity("container"), film.file.container, list(accepted))
        )
    return found


def _picture(video: VideoFacts, rulebook: Rulebook) -> list[Finding]:
    asked, found = rulebook.video, []

    def broken(rule: str, measured: Any, limit: Any) -> None:
        found.append(Finding(rule, rulebook.severity(rule), measured, limit))

    if asked.codecs and video.codec not in asked.codecs:
        broken("video_codec", video.codec, list(asked.codecs))
    size = (video.width, video.height)
    listed = [*asked.landscape, *asked.portrait]
    if (listed and size not in listed) or not _within_bounds(video, rulebook):
        bounds = {
            name: value
            for name in ("min_width", "min_height", "max_width", "max_height")
            if (value := getattr(asked, name)) is not None
        }
        broken("resolution", list(size), {"sizes": [list(each) for each in listed], **bounds})
    if asked.aspects:
        shown = video.width / video.height
        wanted = [float(wide) / float(high) for wide, high in (aspect.split(":") for aspect in asked.aspects)]
        if all(abs(shown / each - 1) > ASPECT_SLACK for each in wanted):
            broken("aspect", round(shown, 3), list(asked.aspects))
    if asked.constant and not video.constant:
        broken("constant_frame_rate", video.frame_rate, None)
    elif asked.frame_rates and all(
        abs(video.frame_rate / rate - 1) > RATE_SLACK for rate in asked.frame_rates
    ):
        broken("frame_rate", video.frame_rate, [round(float(rate), 5) for rate in asked.frame_rates])
    return found


def _within_bounds(video: VideoFacts, rulebook: Rulebook) -> bool:
    asked = rulebook.video
    width, height = video.width, video.height
    if height > width:
        width, height = height, width
    return (asked.min_width or 0) <= width <= (asked.max_width or width) and (
        asked.min_height or 0
    ) <= height <= (asked.max_height or height)


def _sound(film: Measurements, rulebook: Rulebook) -> list[Finding]:
    asked, audio, found = rulebook.audio, film.audio, []
    if audio is None:
        return [Finding("audio_required", rulebook.severity("audio_required"))] if asked.required else []
    if asked.channels and audio.channels not in asked.channels:
        found.append(
            Finding(
                "audio_channels", rulebook.severity("audio_channels"), audio.channels, list(asked.channels)
            )
        )
    if audio.true_peak_dbtp is None or audio.true_peak_dbtp < -60:
        if asked.required:
            found.append(Finding("audio_required", rulebook.severity("audio_required"), "silent"))
        return found
    level, low, high = audio.integrated_lufs, asked.loudness_min, asked.loudness_max
    # Nothing passed the gate at −70 LUFS although something was heard: quieter than any limit.
    judged = -70.0 if level is None and film.video.duration >= SLACK_SECONDS * 4 else level
    if judged is not None and ((low is not None and judged < low) or (high is not None and judged > high)):
        found.append(Finding("loudness", rulebook.severity("loudness"), judged, [low, high]))
    peak = asked.true_peak_max
    if peak is not None and audio.true_peak_dbtp > peak:
        found.append(Finding("true_peak", rulebook.severity("true_peak"), audio.true_peak_dbtp, peak))
    return found


def _events(kind: str, film: Measurements, rulebook: Rulebook, stills: list[Still]) -> list[Finding]:
    limits: EventLimits = getattr(rulebook, kind)
    frame = 1 / film.video.frame_rate
    whole = film.audio.duration if kind == "silence" and film.audio else film.video.duration
    if kind == "silence" and _all_silent(film) and rulebook.audio.required:
        return []  # said once, as a missing soundtrack

    def limit(event: Event) -> float | None:
        at_edge = event.start <= EDGE_SECONDS or event.end >= whole - EDGE_SECONDS
        if at_edge and limits.edge_seconds is not None:
            return limits.edge_seconds
        return limits.max_seconds

    over = [
        event
        for event in film.events
        if event.kind == kind and (most := limit(event)) is not None and event.seconds > most + frame / 2
    ]
    if not over:
        return []
    longest = max(over, key=lambda event: event.seconds)
    shown = [
        still.file
        for still in stills
        if still.about == kind and any(event.start <= (still.time or 0) <= event.end for event in over)
    ]
    times = tuple((event.start, event.end) for event in over)
    measured = round(longest.seconds, 2)
    return [Finding(kind, rulebook.severity(kind), measured, limit(longest), times, tuple(shown))]


def _all_silent(film: Measurements) -> bool:
    audio = film.audio
    return audio is not None and (audio.true_peak_dbtp is None or audio.true_peak_dbtp < -60)
