"""What can be judged before the upload: the few facts that a browser reads from a film's head and tail.

The same rules judge them as later the whole film; what the browser could not read breaks none. It may only be more
lenient than the full inspection, never stricter.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from festival.edition.rulebook import Rulebook
from submissions.inspection.facts import Structure
from submissions.inspection.header import Header, NotAFilmError, check_header, sniff
from submissions.inspection.limits import DEFAULT_LIMITS
from submissions.inspection.report import AudioFacts, FileFacts, Finding, Measurements, Problem, VideoFacts
from submissions.inspection.rules import MISSING_SECONDS, MISSING_SHARE, WEIGHT, judge

HEAD_BYTES = 4096
"""How much of the file's beginning tells its type."""

CERTAIN = 2
"""How many times more than the rules allow must be missing, as it is only estimated here."""

LOOSE_SECONDS = 0.25
"""How far a declared length may lie from the one that is measured."""

MOST = 2.0**53


@dataclass(frozen=True, slots=True)
class Seen:
    """What a browser read. None: it could not, or the file does not say.

    `promised` is how many bytes the container speaks of, `lacking` about what share of the picture lies beyond the
    file's end; `indexed` is False when a whole MP4 has no index. Streams,
    frames, duration and the largest declared picture are those of `header.read_header`; `width` × `height` is the
    picture as shown. `video` and `sound` say whether there is such a track at all.
    """

    size: int
    head: bytes
    promised: float | None = None
    lacking: float | None = None
    indexed: bool | None = None
    fast_start: bool | None = None
    streams: int | None = None
    frames: int | None = None
    duration: float | None = None
    largest: tuple[int, int] | None = None
    video: bool | None = None
    video_codec: str = ""
    width: int | None = None
    height: int | None = None
    pixel_aspect: str = ""
    frame_rate: float | None = None
    constant: bool | None = None
    video_duration: float | None = None
    sound: bool | None = None
    sound_codec: str = ""
    channels: int | None = None
    sample_rate: int | None = None

    @property
    def complete(self) -> bool:
        """Whether the file has all the bytes that it speaks of, as far as is known."""
        return self.promised is None or self.promised <= self.size

    @property
    def seconds(self) -> float | None:
        """How long the film says it is."""
        return self.video_duration or self.duration


@dataclass(frozen=True, slots=True)
class Preview:
    """The judgement. `container` is told by content; None with a problem that leaves none."""

    verdict: Literal["pass", "note", "fix", "block", "unreadable"]
    container: str | None = None
    problem: Problem | None = None
    findings: tuple[Finding, ...] = ()


def read_seen(size: int, head: bytes, said: Mapping[str, Any]) -> Seen:
    """What a browser sent, made safe: a value of the wrong kind or beyond all measure counts as not read."""
    video, sound = said.get("video"), said.get("sound")
    picture: Mapping[str, Any] = video if isinstance(video, dict) else {}
    heard: Mapping[str, Any] = sound if isinstance(sound, dict) else {}
    wide, high = _whole(said.get("width"), 65535), _whole(said.get("height"), 65535)
    shown = _whole(picture.get("width"), 65535), _whole(picture.get("height"), 65535)
    return Seen(
        size=size,
        head=head[:HEAD_BYTES],
        promised=_number(said.get("promised")),
        lacking=_number(said.get("lacking"), 1),
        indexed=_truth(said.get("indexed")),
        fast_start=_truth(said.get("fast_start")),
        streams=_whole(said.get("streams")),
        frames=_whole(said.get("frames")),
        duration=_number(said.get("duration")),
        largest=(wide, high) if wide and high else None,
        video=_there(video),
        video_codec=_name(picture.get("codec")),
        width=shown[0] if all(shown) else None,
        height=shown[1] if all(shown) else None,
        pixel_aspect=_ratio(picture.get("pixel_aspect")),
        frame_rate=_number(picture.get("frame_rate"), 100_000),
        constant=_truth(picture.get("constant")),
        video_duration=_number(picture.get("duration")),
        sound=_there(sound),
        sound_codec=_name(heard.get("codec")),
        channels=_whole(heard.get("channels"), 255),
        sample_rate=_whole(heard.get("sample_rate"), 10_000_000),
    )


def judge_seen(seen: Seen, rulebook: Rulebook) -> Preview:
    """What the full inspection would find, as far as it can be known from `seen`."""
    container = None
    try:
        if not seen.size:
            raise NotAFilmError("empty")
        container = sniff(seen.head)
        if seen.indexed is False and container in ("mp4", "mov"):
            raise NotAFilmError("no_index")
        check_header(_header(seen, container), DEFAULT_LIMITS.frames)
        if seen.video is False:
            raise NotAFilmError("no_video")
    except NotAFilmError as error:
        return Preview("unreadable", container, Problem(error.code, error.values))
    known = _known(seen)
    _, judged = judge(_measurements(seen, container), rulebook)
    found = [finding for finding in judged if finding.rule in known and not _doubtful(finding)]
    if not seen.complete and seen.promised:
        missing, seconds = seen.lacking or 0.0, seen.seconds or 0.0
        sure = missing * seconds > CERTAIN * max(MISSING_SECONDS, MISSING_SHARE * seconds)
        severity: Literal["block", "fix"] = "block" if sure else "fix"
        found.append(Finding("truncated", severity, {"bytes": seen.size}, {"bytes": round(seen.promised)}))
    found.sort(key=lambda finding: -WEIGHT[finding.severity])
    return Preview(found[0].severity if found else "pass", container, None, tuple(found))


def _header(seen: Seen, container: str) -> Header:
    wide, high = seen.largest or (None, None)
    return Header(container, seen.size, wide, high, seen.duration, seen.frames, seen.streams or 0)


def _known(seen: Seen) -> set[str]:
    """The rules of which everything is known that they look at."""
    whole = seen.complete  # how much of a cut film can be played is not known here
    known = {
        "file_size": True,
        "container": True,
        "fast_start": seen.fast_start is not None,
        "duration_min": whole and seen.seconds is not None,
        "duration_max": whole and (seen.video_duration or (seen.sound is False and seen.duration)),
        "video_codec": seen.video_codec,
        "resolution": seen.width,
        "aspect": seen.width,
        "square_pixels": seen.pixel_aspect,
        "frame_rate": seen.frame_rate and seen.constant,
        "constant_frame_rate": whole and seen.frame_rate and seen.constant is False,
        "audio_required": seen.sound is False,
        "audio_codec": seen.sound_codec,
        "audio_channels": seen.channels,
        "sample_rate": seen.sample_rate,
    }
    return {rule for rule, enough in known.items() if enough}


def _doubtful(finding: Finding) -> bool:
    """Whether a length lies so near its limit that measuring could acquit it."""
    return (
        finding.rule in ("duration_min", "duration_max")
        and abs(finding.measured - finding.limit) <= LOOSE_SECONDS
    )


def _measurements(seen: Seen, container: str) -> Measurements:
    """The facts in the shape that the rules judge. What is not known gets a value, and its findings are left out."""
    seconds = seen.seconds or 1.0
    video = VideoFacts(
        codec=seen.video_codec,
        width=seen.width or 16,
        height=seen.height or 9,
        frame_rate=round(seen.frame_rate or 24.0, 5),
        frames=seen.frames or 1,
        duration=round(seconds, 3),
        constant=seen.constant is not False,
        pixel_aspect=seen.pixel_aspect or "1:1",
    )
    audio = None
    if seen.sound is not False:
        audio = AudioFacts(
            seen.sound_codec, seen.channels or 2, seen.sample_rate or 48_000, round(seconds, 3)
        )
    file = FileFacts(seen.size, container, structure=Structure(fast_start=seen.fast_start))
    return Measurements(file, video, audio)


def _number(value: object, most: float = MOST) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 < value <= most and math.isfinite(value) else None


def _whole(value: object, most: float = MOST) -> int | None:
    number = _number(value, most)
    return int(number) if number is not None and number == int(number) else None


def _truth(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _there(track: object) -> bool | None:
    return True if isinstance(track, dict) else False if track == "none" else None


def _name(value: object) -> str:
    """A codec's name as FFmpeg writes it; empty for anything else."""
    fits = isinstance(value, str) and len(value) <= 20 and value.isascii() and value.isidentifier()
    return str(value) if fits else ""


def _ratio(value: object) -> str:
    """Two whole numbers as an aspect in lowest terms: "16:15"; empty where there are none."""
    pair = [_whole(each) for each in value] if isinstance(value, list) else []
    if len(pair) != 2 or not pair[0] or not pair[1]:
        return ""
    ratio = Fraction(pair[0], pair[1]).limit_denominator(1000)
    return f"{ratio.numerator}:{ratio.denominator}" if ratio > 0 else ""
