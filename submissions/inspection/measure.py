"""One decode of a film, from the first packet to the last, and everything measured on the way. Runs in the child."""

import time as clock
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any, Protocol, SupportsFloat

import av
import av.error
from av.stream import Disposition

from festival.edition.rulebook_bounds import HIGHEST_FRAME_RATE, fits_inspector
from submissions.inspection.album import Album, shown_size
from submissions.inspection.container import Inside, look_inside
from submissions.inspection.file_facts import Papers, codec_name
from submissions.inspection.fingerprint import Printer
from submissions.inspection.header import Header, NotAFilmError, read_header
from submissions.inspection.header import check_header as check_header
from submissions.inspection.limits import CODEC_OPTIONS, OPEN_OPTIONS
from submissions.inspection.picture import Picture
from submissions.inspection.provenance import read_provenance
from submissions.inspection.report import (
    AudioFacts,
    Event,
    FileFacts,
    Measurements,
    Sprite,
    Still,
    VideoFacts,
)
from submissions.inspection.sample import leave_out_unknown_colours
from submissions.inspection.sound import Sound
from submissions.inspection.subtitle_tracks import SubtitleTracks

SLOWEST = 0.001
"""Pictures a second of a film whose times are nonsense: a rate is divided by."""

Tell = Callable[[str, float | None], None]

SHORTEST = {"black": 0.1, "freeze": 0.5}
_COMMON_RATES = [Fraction(n, d) for d in (1001, 1) for n in (
    (24000, 30000, 48000, 60000, 120000) if d == 1001 else (8, 10, 12, 15, 16, 18, 20, 24, 25, 30, 48, 50, 60, 100, 120)
)]  # fmt: skip


class Witness(Protocol):
    """Somebody else who sees every decoded frame, after it was measured, and may change its times."""

    def show(self, frame: av.VideoFrame) -> None: ...

    def hear(self, frame: av.AudioFrame) -> None: ...


def open_film(path: Path) -> av.container.InputContainer:
    """Open a film for reading with every guard on; raises NotAFilmError."""
    try:
        return av.open(str(path), container_options=OPEN_OPTIONS, options=CODEC_OPTIONS)
    except MemoryError:
        raise
    except (av.error.FFmpegError, ValueError, UnicodeError) as error:
        raise NotAFilmError("damaged") from error


def choose_streams(film: av.container.InputContainer) -> tuple[av.VideoStream, av.AudioStream | None]:
    """The picture (not a cover image) and the sound that a player would take; raises NotAFilmError without picture."""
    pictures = [
        stream
        for stream in film.streams.video
        if stream.codec_context is not None and not stream.disposition & Disposition.attached_pic
    ]
    if not pictures:
        raise NotAFilmError("no_video" if not film.streams.video else "unknown_codec")
    sounds = [stream for stream in film.streams.audio if stream.codec_context is not None]
    by_default = sorted(sounds, key=lambda stream: not stream.disposition & Disposition.default)
    return pictures[0], by_default[0] if by_default else None


def measure(
    path: Path,
    folder: Path,
    tell: Tell,
    *,
    still_after: dict[str, float],
    most_frames: int,
    header: Header | None = None,
    sha256: str = "",
    trust: str = "",
    beside: Witness | None = None,
) -> tuple[Measurements, list[Still], Sprite | None]:
    """Decode a film once. Stills of events that outlast `still_after` (kind: seconds) go into `folder`.

    `beside` sees the frames as well. Raises NotAFilmError for a film that cannot or must not be decoded.
    """
    header = header or read_header(path)
    check_header(header, most_frames)
    tell("open", None)
    inside = look_inside(path, header.container)
    provenance = read_provenance(path, header.container, inside, trust)
    with open_film(path) as film:
        video, audio = choose_streams(film)
        if not fits_inspector(video.width or 1, video.height or 1):
            raise NotAFilmError("picture_too_large", width=video.width, height=video.height)
        once = _Pass(film, video, audio, header, inside, folder, tell, still_after, most_frames, beside)
        measurements, stills, sprite = once.run()
    file = replace(measurements.file, sha256=sha256)
    return replace(measurements, file=file, provenance=provenance), stills, sprite


class _Pass:
    """The state of one decode."""

    def __init__(
        self,
        film: av.container.InputContainer,
        video: av.VideoStream,
        audio: av.AudioStream | None,
        header: Header,
        inside: Inside,
        folder: Path,
        tell: Tell,
        still_after: dict[str, float],
        most_frames: int,
        beside: Witness | None,
    ) -> None:
        self.film, self.video, self.audio, self.header = film, video, audio, header
        self.beside = beside
        self.folder, self.tell, self.still_after, self.most_frames = folder, tell, still_after, most_frames
        self.codec = codec_name(video.codec_context)  # one that fails to start has no name any more
        video.thread_type, video.codec_context.thread_count = "AUTO", 2
        video.codec_context.options = CODEC_OPTIONS  # a film that grows on the way is stopped by its decoder
        self.zero = (film.start_time or 0) / av.time_base
        self.declared = (
            film.duration / av.time_base if film.duration and film.duration > 0 else header.duration
        )
        self.guess = float(video.average_rate or 0) or 25.0
        if not 1 <= self.guess <= HIGHEST_FRAME_RATE:
            self.guess = 25.0
        self.picture = Picture(self.inside, SHORTEST)
        self.subtitles = SubtitleTracks(film, self.zero)
        self.papers = Papers(film, video, audio, inside, self.zero)
        self.prints = Printer()
        self.sound = Sound(audio, self.zero, self.prints.hear) if audio else None
        self.album: Album | None = None
        self.times: list[float] = []
        self.size: tuple[int, int] | None = None
        self.rotation = 0
        self.form = ""
        self.size_changes = self.errors = 0
        self.frame: av.VideoFrame | None = None
        self.shown: set[tuple[str, float]] = set()
        self.told = 0.0

    def run(self) -> tuple[Measurements, list[Still], Sprite | None]:
        chosen: list[Any] = [self.video] + ([self.audio] if self.audio else [])
        packets = self.film.demux(*chosen, *self.subtitles.streams)
        while True:
            try:
                packet = next(packets, None)
            except MemoryError:
                raise
            except av.error.FFmpegError:
                self.errors += 1
                for stream in chosen:
                    self.take(stream, None)
                break
            if packet is None:
                break
            if self.subtitles.see(packet):
                continue
            self.papers.see(packet)
            self.take(packet.stream, packet)
        return self.result()

    def take(self, stream: Any, packet: Any) -> None:
        """Decode one packet (None: what the decoder still holds) and look at what comes out."""
        try:
            frames = packet.decode() if packet is not None else stream.decode(None)
        except MemoryError:
            raise
        except av.error.EOFError:
            return
        except (av.error.FFmpegError, ValueError):
            self.papers.error(stream)
            if stream is self.video:
                self.errors += 1
            elif self.sound:
                self.sound.errors += 1
            return
        for frame in frames:
            if isinstance(frame, av.VideoFrame):
                self.look(frame)
            elif self.sound and isinstance(frame, av.AudioFrame):
                self.hear(frame)

    def hear(self, frame: av.AudioFrame) -> None:
        assert self.sound is not None
        try:
            self.sound.hear(frame)
        except MemoryError:
            raise
        except (av.error.FFmpegError, ValueError):
            self.sound.errors += 1
        if self.beside:
            self.beside.hear(frame)

    def look(self, frame: av.VideoFrame) -> None:
        if not fits_inspector(frame.width, frame.height):
            raise NotAFilmError("picture_too_large", width=frame.width, height=frame.height)
        if len(self.times) >= self.most_frames:
            raise NotAFilmError("too_many_frames", most=self.most_frames)
        time = self.moment(frame)
        size = (frame.width, frame.height)
        if self.size is None or self.album is None:
            aspect = float(self.video.sample_aspect_ratio or 1)
            self.size, self.rotation, self.form = size, frame.rotation, frame.format.name
            self.papers.first(frame)
            self.album = Album(self.folder, aspect, self.rotation, self.declared)
        elif size != self.size:
            self.size_changes += 1
            self.size = size
        leave_out_unknown_colours(frame)
        if frame.is_corrupt:  # decoded, but the decoder had to guess parts of it
            self.errors += 1
            self.papers.error(self.video)
        self.times.append(time)
        if len(self.times) == 480 and time > self.times[0]:
            rate = (len(self.times) - 1) / (time - self.times[0])
            if rate > HIGHEST_FRAME_RATE * 1.02:
                raise NotAFilmError("frame_rate_too_high", rate=round(rate), most=HIGHEST_FRAME_RATE)
        self.frame = frame
        self.picture.look(frame, time)
        self.prints.look(frame, time)
        if self.sound and self.sound.silent_since is not None:
            self.inside("silence", self.sound.silent_since, time)
        self.album.look(frame, time, self.picture.luma)
        if self.beside:
            self.beside.show(frame)
        if clock.monotonic() - self.told > 0.3:
            self.told = clock.monotonic()
            self.tell("measure", min(1.0, time / self.declared) if self.declared else None)

    def moment(self, frame: av.VideoFrame) -> float:
        """The frame's time; where the film has none or goes back, one frame after the last."""
        after = self.times[-1] + 1 / self.guess if self.times else 0.0
        if frame.pts is None or frame.time is None:
            return after
        time = float(frame.time) - self.zero
        return time if not self.times or time > self.times[-1] else after

    def inside(self, kind: str, since: float, time: float) -> None:
        """Take a still once an event has lasted too long."""
        limit = self.still_after.get(kind)
        if limit is None or time - since < limit or (kind, since) in self.shown:
            return
        self.shown.add((kind, since))
        if self.album and self.frame:
            self.album.still(self.frame, kind, time)

    def result(self) -> tuple[Measurements, list[Still], Sprite | None]:
        if not self.times or self.album is None or self.size is None:
            raise NotAFilmError("no_frames", codec=self.codec)
        rate, step, constant = pace(self.times, [self.video.average_rate, self.video.guessed_rate])
        rate = max(rate, SLOWEST)
        end = self.times[-1] + step
        events = self.picture.finish(end, self.rotation)
        facts: AudioFacts | None = None
        silences: list[Event] = []
        if self.sound:
            facts, silences = self.sound.finish()
        aspect = float(self.video.sample_aspect_ratio or 1)
        width, height = shown_size(*self.size, aspect, self.rotation)
        base, length = self.video.time_base, self.video.duration
        context = self.video.codec_context
        file = FileFacts(
            bytes=self.header.bytes,
            container=self.header.container,
            duration=round(self.declared, 3) if self.declared else None,
            streams=len(self.film.streams),
            complete=self.header.complete,
        )
        measurements = Measurements(
            self.papers.file(file),
            VideoFacts(
                codec=self.codec,
                width=width,
                height=height,
                frame_rate=round(rate, 5),
                frames=len(self.times),
                duration=round(end - self.times[0], 3),
                constant=constant,
                coded_width=self.size[0],
                coded_height=self.size[1],
                rotation=self.rotation,
                pixel_format=self.form,
                profile=str(context.profile or ""),
                declared_duration=round(float(length * base), 3) if length and base else None,
                errors=self.errors,
                size_changes=self.size_changes,
            ),
            facts and self.papers.sound(facts),
            tuple(sorted([*events, *silences], key=lambda event: (event.start, event.kind))),
            picture=self.picture.facts,
            shots=self.picture.shots,
            prints=self.prints.write(self.folder),
        )
        picture = self.papers.picture(measurements.video, self.times, self.header.frames)
        subtitles = self.subtitles.facts(end, self.folder)
        return replace(measurements, video=picture, subtitles=subtitles), *self.album.finish(end)


def pace(times: list[float], declared: Sequence[SupportsFloat | None]) -> tuple[float, float, bool]:
    """Frame rate, seconds of the last frame, and whether the rate is constant, from all frames' times.

    The mean is drawn to a declared or common rate within 0.05 %: clocks that count whole milliseconds blur it.
    Constant: at most 1 % of the steps (or a single one: AVI knows no times of reordered pictures) differ from the
    median by more than a fifth (and more than 2 ms).
    """
    if len(times) < 2:
        rate = float(next((rate for rate in declared if rate), Fraction(25)))
        return rate, 1 / rate, True
    steps = [after - before for before, after in pairwise(times)]
    usual = median(steps)
    odd = sum(abs(step - usual) > max(usual / 5, 0.002) for step in steps)
    constant = odd <= max(1 if len(steps) > 24 else 0, 0.01 * len(steps))
    rate = (len(times) - 1) / (times[-1] - times[0]) if odd == 0 else 1 / usual
    if not constant:
        return (len(times) - 1) / (times[-1] - times[0]), usual, False
    near = 0.0005 if odd == 0 else 0.03  # a median of whole milliseconds: 42 for 24 frames a second
    known = [
        float(each) for each in [*declared, *_COMMON_RATES] if each and abs(float(each) / rate - 1) < near
    ]
    best = (
        min(known, key=lambda each: abs(each / rate - 1))
        if odd == 0 and known
        else known[0]
        if known
        else rate
    )
    return best, 1 / best, True
