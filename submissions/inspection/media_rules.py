"""Judges a film's build, the faults of its sound, its origin and its subtitles, as far as a rulebook asks."""

from collections.abc import Iterable
from typing import Any

from festival.edition.rulebook import Rulebook
from submissions.inspection.facts import Provenance, SubtitleFacts
from submissions.inspection.report import AudioFacts, Finding, Measurements
from submissions.inspection.subtitle_checks import fits_language, fits_writing

CLIPPINGS_A_MINUTE = 10
OUT_OF_PHASE = -0.3
ONE_SIDED_DB = 20.0
SILENT_DBFS = -60.0

Times = tuple[tuple[float, float], ...]


def judge_media(film: Measurements, rulebook: Rulebook) -> list[Finding]:
    """The broken rules. What an older engine did not measure breaks none."""
    found = [*_build(film, rulebook), *_pictures(film, rulebook)]
    if film.audio:
        found += _sound(film.audio, film, rulebook)
    if film.provenance:
        found += _origin(film.provenance, rulebook)
        found += _subtitles(film.subtitles, rulebook)
    return found


def _build(film: Measurements, rulebook: Rulebook) -> Iterable[Finding]:
    if rulebook.file.fast_start and film.file.structure.fast_start is False:
        yield Finding("fast_start", rulebook.severity("fast_start"))


def _pictures(film: Measurements, rulebook: Rulebook) -> Iterable[Finding]:
    asked, video = rulebook.video, film.video

    def broken(rule: str, measured: Any, limit: Any = None, times: Times = ()) -> Finding:
        return Finding(rule, rulebook.severity(rule), measured, limit, times)

    low, high = asked.min_bit_rate, asked.max_bit_rate
    rate = video.bit_rate / 1e6
    if rate and ((low is not None and rate < low) or (high is not None and rate > high)):
        yield broken("bit_rate", round(rate, 2), [low, high])
    if asked.bit_depths and video.bit_depth and video.bit_depth not in asked.bit_depths:
        yield broken("bit_depth", video.bit_depth, list(asked.bit_depths))
    if asked.chroma and video.chroma and video.chroma not in asked.chroma:
        yield broken("chroma", video.chroma, list(asked.chroma))
    if asked.square_pixels and video.pixel_aspect != "1:1":
        yield broken("square_pixels", video.pixel_aspect)
    if asked.colours and video.bit_depth and video.colour.primaries not in asked.colours:
        yield broken("colour", video.colour.primaries, list(asked.colours))
    if asked.sdr and video.hdr:
        yield broken("hdr", video.hdr.kind)
    longest = asked.max_keyframe_seconds
    if longest is not None and video.groups and video.groups.longest > longest + 1 / video.frame_rate:
        at = video.groups.longest_at
        yield broken("keyframes", video.groups.longest, longest, ((at, at + video.groups.longest),))


def _sound(audio: AudioFacts, film: Measurements, rulebook: Rulebook) -> Iterable[Finding]:
    asked = rulebook.audio

    def broken(rule: str, measured: Any = None, limit: Any = None, times: Times = ()) -> Finding:
        return Finding(rule, rulebook.severity(rule), measured, limit, times)

    if asked.codecs and audio.codec not in asked.codecs:
        yield broken("audio_codec", audio.codec, list(asked.codecs))
    if asked.sample_rates and audio.sample_rate not in asked.sample_rates:
        yield broken("sample_rate", audio.sample_rate, list(asked.sample_rates))
    most = asked.loudness_range_max
    if most is not None and audio.loudness_range is not None and audio.loudness_range > most:
        yield broken("loudness_range", audio.loudness_range, most)
    heard = audio.true_peak_dbtp is not None and audio.true_peak_dbtp > SILENT_DBFS
    if not heard:
        return  # a silent soundtrack is told as such
    times = tuple((event.start, event.end) for event in film.events if event.kind == "clipping")
    quiet = [
        channel.name
        for channel in audio.channel_levels
        if channel.name != "LFE" and (channel.peak is None or channel.peak < SILENT_DBFS)
    ]
    balance, phase = audio.balance, audio.phase
    faults = {
        "clipping": (audio.clippings, times)
        if audio.clippings > CLIPPINGS_A_MINUTE * max(audio.duration / 60, 1 / 6)
        else None,
        "false_stereo": (None, ()) if audio.mono_as_stereo else None,
        "out_of_phase": (phase, ()) if phase is not None and phase < OUT_OF_PHASE else None,
        "one_sided": (balance, ()) if balance is not None and abs(balance) > ONE_SIDED_DB else None,
        "silent_channel": (quiet, ()) if quiet and len(audio.channel_levels) > 2 else None,
        "hum": ([audio.hum.hertz, audio.hum.level], ()) if audio.hum else None,
    }
    for rule in asked.free_of:
        fault = faults[rule]
        if fault is not None:
            yield broken(rule, fault[0], None, fault[1])


def _origin(origin: Provenance, rulebook: Rulebook) -> Iterable[Finding]:
    asked, label, credentials = rulebook.provenance, origin.aigc, origin.c2pa
    if asked.aigc_label and label.grade != "conformant":
        measured = {"grade": label.grade, "reason": label.reason, "field": label.field}
        yield Finding("aigc_label", rulebook.severity("aigc_label"), measured)
    if asked.credentials and credentials.state in ("absent", "remote", "unread"):
        yield Finding("c2pa", rulebook.severity("c2pa"), credentials.state)
    if asked.untampered and credentials.state == "tampered":
        yield Finding("c2pa_tampered", rulebook.severity("c2pa_tampered"), credentials.reason)


def _subtitles(tracks: tuple[SubtitleFacts, ...], rulebook: Rulebook) -> Iterable[Finding]:
    asked = rulebook.subtitles
    missing = [code for code in asked.languages if not any(_speaks(track, code) for track in tracks)]
    if asked.when != "always":
        if missing or (asked.required and not tracks):
            yield Finding(
                "subtitles_spoken", rulebook.severity("subtitles_spoken"), missing, list(asked.languages)
            )
    elif asked.required and not tracks:
        yield Finding("subtitles_required", rulebook.severity("subtitles_required"))
    elif missing:
        yield Finding(
            "subtitles_language", rulebook.severity("subtitles_language"), missing, list(asked.languages)
        )
    if asked.check:
        for number, track in enumerate(tracks, 1):
            if track.issues:
                measured = {
                    "track": number,
                    "place": track.place,
                    "language": track.language or track.guessed,
                    "issues": [
                        [issue.code, issue.count, issue.measured, issue.limit] for issue in track.issues
                    ],
                }
                times = sorted({time for issue in track.issues for time in issue.times})
                yield Finding(
                    "subtitles_form", rulebook.severity("subtitles_form"), measured, None, tuple(times)
                )


def _speaks(track: SubtitleFacts, code: str) -> bool:
    """Whether a track is in this language: by what it declares, else by what it looks like."""
    if track.language:
        return fits_language(track.language, code)
    return not track.guessed or fits_writing(code, track.guessed)
