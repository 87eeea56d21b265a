"""What file and packets tell without decoding: tracks, tags, durations, pace, keyframes, bit rate, colour, errors."""

import math
import struct
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

from av.sidedata.sidedata import Type
from av.stream import Disposition

from submissions.inspection.container import Inside
from submissions.inspection.facts import (
    Colour,
    Curve,
    Durations,
    Groups,
    Hdr,
    Pace,
    Structure,
    Track,
)
from submissions.inspection.report import AudioFacts, FileFacts, VideoFacts

MOST_TRACKS = 32
MOST_TAGS, LONGEST_TAG = 40, 200
MOST_ERROR_TIMES = 50
MOST_POINTS = 3600
MOST_STEPS = 12
LONGEST_CLOCK = 200_000  # seconds; a packet that claims to be later is not counted


class PacketLog:
    """Sees every packet of one track go by. `zero` is the film's first moment on the track's clock, seconds."""

    def __init__(self, zero: float) -> None:
        self.error_times: list[float] = []
        self.bytes = 0
        self._zero = zero
        self._tick: tuple[int, int] | None = None
        self._per_second: defaultdict[int, int] = defaultdict(int)
        self._keys: list[float] = []
        self._last = 0.0

    def see(self, packet: Any) -> None:
        """Take note of one packet as the demuxer hands it out."""
        self.bytes += packet.size
        moment = packet.pts if packet.pts is not None else packet.dts
        if moment is not None:
            if self._tick is None and packet.time_base:  # a fraction is dear to multiply, and always the same
                self._tick = packet.time_base.numerator, packet.time_base.denominator
            if self._tick:
                self._last = moment * self._tick[0] / self._tick[1] - self._zero
        if 0 <= self._last < LONGEST_CLOCK:
            self._per_second[int(self._last)] += packet.size
        if packet.is_keyframe and packet.size:
            self._keys.append(self._last)

    def error(self) -> None:
        """The packet seen last could not be decoded."""
        if len(self.error_times) < MOST_ERROR_TIMES:
            self.error_times.append(round(max(0.0, self._last), 3))

    def bit_rates(self, seconds: float) -> Curve | None:
        """Kilobits a second over the film, one value a second, for long films one for several."""
        length = min(math.ceil(seconds - 0.01), LONGEST_CLOCK)
        if length < 1 or not self._per_second:
            return None
        every = -(-length // MOST_POINTS)
        values = [0.0] * -(-length // every)
        for second, size in self._per_second.items():
            values[min(second, length - 1) // every] += size
        spans = [min(every, seconds - n * every) for n in range(len(values))]
        return Curve(
            float(every), tuple(float(round(size * 8 / 1000 / span)) for size, span in zip(values, spans))
        )

    def groups(self, end: float) -> Groups | None:
        """The groups of pictures from keyframe to keyframe; None for a film that names no keyframe."""
        starts = sorted(set(self._keys))
        if not starts:
            return None
        longest, at = max((after - before, before) for before, after in pairwise([*starts, end]))
        mean = (end - starts[0]) / len(starts)
        return Groups(len(starts), round(mean, 3), round(longest, 3), round(max(0.0, at), 3))


def structure_of(inside: Inside) -> Structure:
    """The build of the file for the report."""
    return Structure(inside.brand, tuple(inside.parts), inside.fast_start, inside.fragmented)


def tracks_of(film: Any, inside: Inside) -> tuple[Track, ...]:
    """All tracks, in the file's order."""
    found = []
    for stream in list(film.streams)[:MOST_TRACKS]:
        context = stream.codec_context
        marks = stream.disposition
        sound = stream.type == "audio" and context is not None
        index = stream.index
        found.append(
            Track(
                kind=stream.type or "unknown",
                codec=codec_name(context),
                language=clean(stream.metadata.get("language", ""), 20).replace("und", ""),
                title=clean(stream.metadata.get("title", ""), LONGEST_TAG),
                default=bool(marks & Disposition.default),
                forced=bool(marks & Disposition.forced),
                cover=bool(marks & Disposition.attached_pic),
                duration=declared_length(stream),
                channels=context.layout.nb_channels if sound else 0,
                layout=context.layout.name if sound else "",
                edits=inside.edits[index] if index < len(inside.edits) else (),
            )
        )
    return tuple(found)


def codec_name(context: Any) -> str:
    """The codec's own name, whichever decoder reads it (mp3, not mp3float); empty if unknown or not started.

    A decoder that refused a film's parameters has no codec any more, and asking PyAV for its name ends the process.
    """
    if context is None or not context.is_decoder:
        return ""
    return str(context.codec.canonical_name)


def declared_length(stream: Any) -> float | None:
    """Seconds that the container promises for one track."""
    if stream.duration and stream.time_base:
        return round(float(stream.duration * stream.time_base), 3)
    parts = str(stream.metadata.get("DURATION", "")).split(":")
    try:
        hours, minutes, seconds = map(float, parts)
    except ValueError:
        return None
    return (
        round(hours * 3600 + minutes * 60 + seconds, 3) if math.isfinite(hours + minutes + seconds) else None
    )


def durations_of(container: float | None, video: float | None, audio: float | None) -> Durations:
    """The declared lengths and how far they lie apart."""
    said = [length for length in (container, video, audio) if length]
    spread = max(said) - min(said) if said else 0.0
    return Durations(container and round(container, 3), video, audio, round(spread, 3))


def tags_of(film: Any) -> dict[str, str]:
    """The film's tags, each shortened, without XMP (which is read elsewhere) and control characters."""
    said = [(key, value) for key, value in film.metadata.items() if key.lower() != "xmp"]
    return {clean(key, 60): clean(value, LONGEST_TAG) for key, value in said[:MOST_TAGS]}


def timecode_of(film: Any) -> str:
    """The start time code, from wherever the container keeps it."""
    for holder in (film, *list(film.streams)[:MOST_TRACKS]):
        if said := holder.metadata.get("timecode"):
            return clean(said, 20)
    return ""


def clean(text: object, longest: int) -> str:
    """A text from a film, fit to be stored and shown: printable, at most `longest` characters."""
    said = "".join(char if char.isprintable() else " " for char in str(text)[: longest * 2])
    said = " ".join(said.encode("utf-8", "replace").decode().split())
    return said if len(said) <= longest else said[: longest - 1] + "…"


def pace_of(times: Sequence[float]) -> Pace:
    """How long the frames stand, in milliseconds with one decimal."""
    steps = Counter(round((after - before) * 1000, 1) for before, after in pairwise(times))
    return Pace(tuple(steps.most_common(MOST_STEPS)), len(steps))


_PRIMARIES = {1: "bt709", 4: "bt470m", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 8: "film", 9: "bt2020",
              10: "smpte428", 11: "smpte431", 12: "smpte432", 22: "ebu3213"}  # fmt: skip
_TRANSFERS = {1: "bt709", 4: "gamma22", 5: "gamma28", 6: "smpte170m", 7: "smpte240m", 8: "linear",
              11: "iec61966-2-4", 12: "bt1361e", 13: "iec61966-2-1", 14: "bt2020-10", 15: "bt2020-12",
              16: "smpte2084", 17: "smpte428", 18: "arib-std-b67"}  # fmt: skip
_MATRICES = {0: "gbr", 1: "bt709", 4: "fcc", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 8: "ycgco",
             9: "bt2020nc", 10: "bt2020c", 14: "ictcp"}  # fmt: skip
_RANGES = {1: "tv", 2: "pc"}


def colour_of(frame: Any, context: Any) -> Colour:
    """What a decoded frame says about its colours; where it says nothing, what the container says."""

    def name(part: str, names: Mapping[int, str]) -> str:
        return names.get(int(getattr(frame, part)), "") or names.get(int(getattr(context, part)), "")

    full = "pc" if frame.format.name.startswith("yuvj") else ""
    matrix = "" if not frame.format.is_rgb and int(frame.colorspace) == 0 else name("colorspace", _MATRICES)
    return Colour(
        name("color_primaries", _PRIMARIES),
        name("color_trc", _TRANSFERS),
        matrix,
        full or name("color_range", _RANGES),
    )


_LIGHT = (Type.MASTERING_DISPLAY_METADATA, Type.CONTENT_LIGHT_LEVEL, Type.DOVI_METADATA)


def hdr_of(frame: Any, transfer: str, tag: str) -> Hdr | None:
    """High dynamic range by the transfer curve or the codec's tag; luminance where frames carry it."""
    marks = {kind: bytes(frame.side_data[kind]) for kind in _LIGHT if kind in frame.side_data}
    if tag in ("dvh1", "dvhe", "dva1", "dvav", "dav1") or Type.DOVI_METADATA in marks:
        kind = "dolby_vision"
    elif transfer in ("smpte2084", "arib-std-b67"):
        kind = "pq" if transfer == "smpte2084" else "hlg"
    else:
        return None
    low = high = most = average = None
    mastering, light = (
        marks.get(Type.MASTERING_DISPLAY_METADATA, b""),
        marks.get(Type.CONTENT_LIGHT_LEVEL, b""),
    )
    if len(mastering) >= 88:
        values = struct.unpack_from("=22i", mastering)
        if values[21] and values[17] and values[19]:
            low, high = round(values[16] / values[17], 4), round(values[18] / values[19], 2)
    if len(light) >= 8:
        most, average = struct.unpack_from("=2I", light)
    return Hdr(kind, high, low, most, average)  # type: ignore[arg-type]


def chroma_of(form: Any) -> str:
    """The chroma subsampling as film people write it; empty for grey and RGB."""
    if form.is_rgb or len(form.components) < 3:
        return ""
    wide, high = form.chroma_width(64), form.chroma_height(64)
    return {
        (32, 32): "4:2:0",
        (32, 64): "4:2:2",
        (64, 64): "4:4:4",
        (16, 64): "4:1:1",
        (64, 32): "4:4:0",
    }.get((wide, high), "")


def ratio_text(value: Fraction | float | None) -> str:
    """An aspect as two small numbers: "16:9"; 1:1 where nothing is said."""
    ratio = Fraction(value or 1).limit_denominator(1000)
    return f"{ratio.numerator}:{ratio.denominator}" if ratio > 0 else "1:1"


class Papers:
    """What a film tells besides its frames, gathered while its packets go by and laid into the report's facts."""

    def __init__(self, film: Any, video: Any, audio: Any | None, inside: Inside, zero: float) -> None:
        self.film, self.inside = film, inside
        self._video, self._audio = video, audio
        self._logs = {stream.index: PacketLog(zero) for stream in (video, audio) if stream is not None}
        self._depth, self._chroma, self._colour = 0, "", Colour()
        self._hdr: Hdr | None = None

    def see(self, packet: Any) -> None:
        """Take note of a packet of the chosen tracks."""
        if log := self._logs.get(packet.stream_index):
            log.see(packet)

    def error(self, stream: Any) -> None:
        """The last packet of this track could not be decoded."""
        if log := self._logs.get(stream.index):
            log.error()

    def first(self, frame: Any) -> None:
        """Take note of depth and colour, which the first decoded frame tells."""
        self._depth, self._chroma = frame.format.components[0].bits, chroma_of(frame.format)
        self._colour = colour_of(frame, self._video.codec_context)
        self._hdr = hdr_of(frame, self._colour.transfer, str(self._video.codec_context.codec_tag))

    def file(self, facts: FileFacts) -> FileFacts:
        """The file's facts with its build, tracks, tags and declared lengths."""
        lengths = [
            declared_length(stream) if stream is not None else None for stream in (self._video, self._audio)
        ]
        return replace(
            facts,
            structure=structure_of(self.inside),
            tracks=tracks_of(self.film, self.inside),
            durations=durations_of(facts.duration, *lengths),
            timecode=timecode_of(self.film),
            tags=tags_of(self.film),
        )

    def picture(self, facts: VideoFacts, times: Sequence[float], frames: int | None) -> VideoFacts:
        """The picture's facts with pace, keyframes, bit rate, colour; `frames` as the container declares them."""
        log, stream = self._logs[self._video.index], self._video
        end = times[0] + facts.duration
        return replace(
            facts,
            error_times=tuple(log.error_times),
            start=round(times[0], 3),
            declared_frames=stream.frames or frames,
            pixel_aspect=ratio_text(stream.sample_aspect_ratio),
            display_aspect=display_aspect(facts.width, facts.height),
            bit_depth=self._depth,
            chroma=self._chroma,
            colour=self._colour,
            hdr=self._hdr,
            groups=log.groups(end),
            pace=pace_of(times),
            bit_rate=round(log.bytes * 8 / facts.duration) if facts.duration > 0 else 0,
            bit_rates=log.bit_rates(end),
        )

    def sound(self, facts: AudioFacts) -> AudioFacts:
        """The sound's facts with bit rate, declared length and the places of errors."""
        assert self._audio is not None
        log = self._logs[self._audio.index]
        return replace(
            facts,
            error_times=tuple(log.error_times),
            bit_rate=round(log.bytes * 8 / facts.duration) if facts.duration > 0 else 0,
            declared_duration=declared_length(self._audio),
        )


def display_aspect(width: int, height: int) -> str:
    """The shape as shown: "16:9" and its like when within one per cent of one, else "2.39:1"."""
    shown = width / height
    named = min(_SHAPES, key=lambda pair: abs(pair[0] / pair[1] / shown - 1))
    if abs(named[0] / named[1] / shown - 1) <= 0.005:
        return f"{named[0]}:{named[1]}"
    return f"{shown:.2f}:1"


_SHAPES = ((16, 9), (9, 16), (4, 3), (3, 4), (1, 1), (4, 5), (5, 4), (21, 9), (2, 1), (3, 2), (2, 3))
