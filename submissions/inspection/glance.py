"""The first look: packets and a few keyframes, within seconds, so that an entrant soon knows what is surely wrong.

All packets are read, for length, pace and bit rate; some sixty keyframes are decoded, each by itself, for the size, the
colours and a contact sheet. Sound is not decoded. What needs every frame is left to the full inspection:
`rules.judge_glance` keeps only the findings that the full report will hold as well.
"""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import av
import av.error

from festival.edition.rulebook_bounds import fits_inspector
from submissions.inspection.album import Album, shown_size
from submissions.inspection.container import look_inside
from submissions.inspection.file_facts import Papers, codec_name
from submissions.inspection.header import Header, NotAFilmError
from submissions.inspection.limits import CODEC_OPTIONS
from submissions.inspection.measure import SLOWEST, check_header, choose_streams, open_film, pace
from submissions.inspection.report import (
    AudioFacts,
    FileFacts,
    Measurements,
    Still,
    VideoFacts,
)
from submissions.inspection.sample import leave_out_unknown_colours

PICTURES = 60
FEWEST_SECONDS = 1.0  # between two of them


def glance(
    path: Path,
    folder: Path,
    tell: Callable[[str, float | None], None],
    *,
    most_frames: int,
    header: Header,
    sha256: str = "",
) -> tuple[Measurements, list[Still]]:
    """Read a film's packets and decode a few keyframes. The contact sheet goes into `folder`.

    Raises NotAFilmError for a film that cannot or must not be decoded.
    """
    check_header(header, most_frames)
    tell("open", None)
    inside = look_inside(path, header.container)
    with open_film(path) as film:
        video, audio = choose_streams(film)
        if not fits_inspector(video.width or 1, video.height or 1):
            raise NotAFilmError("picture_too_large", width=video.width, height=video.height)
        look = _Look(film, video, audio, header, folder, Papers(film, video, audio, inside, _zero(film)))
        return look.run(tell, most_frames, sha256)


def _zero(film: av.container.InputContainer) -> float:
    return (film.start_time or 0) / av.time_base


class _Look:
    """The state of one first look."""

    def __init__(
        self,
        film: av.container.InputContainer,
        video: av.VideoStream,
        audio: av.AudioStream | None,
        header: Header,
        folder: Path,
        papers: Papers,
    ) -> None:
        self.film, self.video, self.audio, self.header = film, video, audio, header
        self.folder, self.papers, self.zero = folder, papers, _zero(film)
        self.codec = codec_name(video.codec_context)
        video.codec_context.thread_type, video.codec_context.thread_count = "SLICE", 2
        video.codec_context.options = CODEC_OPTIONS
        self.declared = (
            film.duration / av.time_base if film.duration and film.duration > 0 else header.duration
        )
        self.every = max(FEWEST_SECONDS, (self.declared or 0.0) / PICTURES)
        self.next = float("-inf")
        self.times: list[float] = []
        self.heard: list[tuple[float, float]] = []  # start and end of the sound's packets: first and last
        self.album: Album | None = None
        self.first: av.VideoFrame | None = None

    def run(
        self, tell: Callable[[str, float | None], None], most_frames: int, sha256: str
    ) -> tuple[Measurements, list[Still]]:
        chosen: list[Any] = [self.video] + ([self.audio] if self.audio else [])
        packets = self.film.demux(*chosen)
        told = 0.0
        while True:
            try:
                packet = next(packets, None)
            except MemoryError:
                raise
            except av.error.FFmpegError:
                break
            if packet is None:
                break
            self.papers.see(packet)
            moment = packet.pts if packet.pts is not None else packet.dts
            if not packet.size or moment is None or packet.time_base is None or packet.is_discard:
                continue
            time = float(moment * packet.time_base) - self.zero
            if packet.stream_index != self.video.index:
                lasts = float((packet.duration or 0) * packet.time_base)
                self.heard = [*self.heard[:1], (time, time + lasts)]
                continue
            if len(self.times) >= most_frames:
                raise NotAFilmError("too_many_frames", most=most_frames)
            self.times.append(time)
            if packet.is_keyframe and time >= self.next:
                self.next = time + self.every
                self.decode(packet, time)
            if self.declared and time - told > self.declared / 50:
                told = time
                tell("glance", min(1.0, time / self.declared))
        return self.result(sha256)

    def decode(self, packet: Any, time: float) -> None:
        """Decode one keyframe for itself: the decoder is emptied, then made ready for the next."""
        try:
            frames = [*packet.decode(), *self.video.decode(None)]
            self.video.codec_context.flush_buffers()
        except MemoryError:
            raise
        except (av.error.FFmpegError, ValueError):
            return
        for frame in frames[:1]:
            self.look(frame, max(time, 0.0))

    def look(self, frame: av.VideoFrame, time: float) -> None:
        if not fits_inspector(frame.width, frame.height):
            raise NotAFilmError("picture_too_large", width=frame.width, height=frame.height)
        if self.first is None:
            self.first = frame
            self.papers.first(frame)
            aspect = float(self.video.sample_aspect_ratio or 1)
            self.album = Album(self.folder, aspect, frame.rotation, self.declared)
        elif (frame.width, frame.height) != (self.first.width, self.first.height):
            return
        leave_out_unknown_colours(frame)
        assert self.album is not None
        self.album.glance(frame, time)

    def result(self, sha256: str) -> tuple[Measurements, list[Still]]:
        if self.first is None or self.album is None or not self.times:
            raise NotAFilmError("no_frames", codec=self.codec)
        times = sorted(set(self.times))
        rate, step, constant = pace(times, [self.video.average_rate, self.video.guessed_rate])
        rate = max(rate, SLOWEST)
        end = times[-1] + step
        aspect = float(self.video.sample_aspect_ratio or 1)
        coded = (self.first.width, self.first.height)
        width, height = shown_size(*coded, aspect, self.first.rotation)
        base, length = self.video.time_base, self.video.duration
        file = FileFacts(
            bytes=self.header.bytes,
            container=self.header.container,
            duration=round(self.declared, 3) if self.declared else None,
            streams=len(self.film.streams),
            complete=self.header.complete,
            sha256=sha256,
        )
        facts = VideoFacts(
            codec=self.codec,
            width=width,
            height=height,
            frame_rate=round(rate, 5),
            frames=len(self.times),
            duration=round(end - times[0], 3),
            constant=constant,
            coded_width=coded[0],
            coded_height=coded[1],
            rotation=self.first.rotation,
            pixel_format=self.first.format.name,
            profile=str(self.video.codec_context.profile or ""),
            declared_duration=round(float(length * base), 3) if length and base else None,
        )
        picture = self.papers.picture(facts, times, self.header.frames)
        return Measurements(self.papers.file(file), picture, self.sound()), self.album.finish_glance()

    def sound(self) -> AudioFacts | None:
        """What the track says of itself; its levels are not measured."""
        if self.audio is None or not self.heard:
            return None
        context = self.audio.codec_context
        start, end = self.heard[0][0], self.heard[-1][1]
        facts = AudioFacts(
            codec=codec_name(context),
            channels=context.layout.nb_channels,
            sample_rate=context.sample_rate or 0,
            duration=round(max(0.0, end - start), 3),
            start=round(start, 3),
            layout=context.layout.name,
        )
        return self.papers.sound(facts)


def run(
    request: dict[str, Any], folder: Path, tell: Callable[[str, float | None], None], header: Header
) -> dict[str, Any]:
    """The child's operation "glance": measurements and stills as JSON values."""
    measurements, stills = glance(
        Path(request["path"]),
        folder,
        tell,
        most_frames=int(request["frames"]),
        header=header,
        sha256=str(request.get("sha256", "")),
    )
    return {"measurements": asdict(measurements), "stills": [asdict(still) for still in stills]}
