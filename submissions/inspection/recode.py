"""Encodes the judges' copy while the film is decoded: even frame rate, upright, square pixels, at most 720p."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import av.error
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc

from festival.edition.rulebook_bounds import fits_inspector
from submissions.inspection.album import shown_size
from submissions.inspection.file_facts import codec_name
from submissions.inspection.header import NotAFilmError
from submissions.inspection.report import CopyInfo
from submissions.inspection.resound import Resound
from submissions.inspection.survey import Survey, Watch, packets_of

LONG_SIDE, SHORT_SIDE = 1280, 720
KEYFRAME_SECONDS = 2
LONGEST_GAP = 120.0
"""Seconds in which no new picture comes; a longer gap is a broken clock, not a film."""
CLOCK = 90_000


def fitted_size(width: int, height: int) -> tuple[int, int]:
    """The largest even size of this shape within 1280 × 720 (720 × 1280 upright), never larger than it is."""
    long, short = max(width, height), min(width, height)
    scale = min(1.0, LONG_SIDE / long, SHORT_SIDE / short)
    return max(2, round(width * scale / 2) * 2), max(2, round(height * scale / 2) * 2)


def new_file(part: Path) -> Any:
    return av.open(str(part), "w", format="mp4", options={"movflags": "+faststart", "fflags": "+bitexact"})


class Encoding:
    """Decodes the film once and writes the copy on the way."""

    def __init__(
        self, film: Any, video: Any, audio: Any, survey: Survey, part: Path, watch: Watch, most_frames: int
    ) -> None:
        self.film, self.video, self.audio, self.survey = film, video, audio, survey
        self.part, self.watch, self.most_frames = part, watch, most_frames
        video.thread_type, video.codec_context.thread_count = "AUTO", 2
        self.rate = survey.rate
        self.graph: av.filter.Graph | None = None
        self.form: tuple[Any, ...] | None = None
        self.size: tuple[int, int] | None = None
        self.held: av.VideoFrame | None = None
        self.held_at = self.next = self.errors = self.pictures = 0
        self.last = -survey.step
        self.end = 0.0
        self.copy: Any = None
        self.picture: Any = None
        self.resound: Resound | None = None

    def run(self) -> CopyInfo:
        chosen = [stream for stream in (self.video, self.audio) if stream]
        with new_file(self.part) as self.copy:
            self.picture = self.copy.add_stream("libx264", rate=self.rate, options=self._options())
            if self.audio:
                self.resound = Resound(self.copy, self.survey.zero, LONGEST_GAP)
            early: list[av.AudioFrame] = []
            for packet in packets_of(self.film, chosen):
                for frame in self._decode(packet):
                    if isinstance(frame, av.VideoFrame):
                        self._show(frame)
                    elif self.resound and isinstance(frame, av.AudioFrame):
                        # The file's head is written with the first sound; the picture's size must be known by then.
                        early.append(frame)
                if self.size is not None and self.resound:
                    for frame in early:
                        self.resound.hear(frame)
                    early.clear()
            self._finish()
        assert self.size is not None
        return CopyInfo(
            method="encoded",
            width=self.size[0],
            height=self.size[1],
            frame_rate=round(float(self.rate), 5),
            frames=self.next,
            duration=round(float(self.next / self.rate), 3),
            audio=bool(self.resound and self.resound.samples),
            bytes=self.part.stat().st_size,
            errors=self.errors + (self.resound.errors if self.resound else 0),
        )

    def _options(self) -> dict[str, str]:
        group = str(max(1, int(self.rate * KEYFRAME_SECONDS)))
        return {
            "preset": "veryfast", "crf": "23", "profile": "high", "g": group, "keyint_min": group,
            "maxrate": "6M", "bufsize": "12M", "sc_threshold": "40",
        }  # fmt: skip

    def _decode(self, packet: Any) -> list[Any]:
        try:
            frames: list[Any] = packet.decode()
        except MemoryError:
            raise
        except av.error.EOFError:
            return []
        except (av.error.FFmpegError, ValueError):
            self.errors += 1
            return []
        return frames

    def _show(self, frame: av.VideoFrame) -> None:
        """Takes in one decoded picture."""
        if not fits_inspector(frame.width, frame.height):
            raise NotAFilmError("picture_too_large", width=frame.width, height=frame.height)
        self.pictures += 1
        if self.pictures > self.most_frames:
            raise NotAFilmError("too_many_frames", most=self.most_frames)
        after = self.last + self.survey.step
        moment = after if frame.pts is None or frame.time is None else float(frame.time) - self.survey.zero
        if moment <= self.last and self.pictures > 1:
            moment = after
        if moment - max(self.last, 0.0) > LONGEST_GAP:
            raise NotAFilmError("damaged")
        lasts = float(frame.duration * frame.time_base) if frame.duration and frame.time_base else 0.0
        self.last, self.end = moment, moment + min(max(lasts, self.survey.step), 10.0)
        form = (frame.width, frame.height, frame.format.name, frame.rotation, frame.interlaced_frame)
        if form != self.form:
            self._drain()
            self.graph, self.form = self._chain(frame), form
        assert self.graph is not None
        frame.pts, frame.time_base = round(moment * CLOCK), Fraction(1, CLOCK)
        self.graph.push(frame)
        self._pull()

    def _chain(self, frame: av.VideoFrame) -> av.filter.Graph:
        """Deinterlaced, upright, square pixels, scaled to fit, BT.709, 8 bit."""
        aspect = float(self.video.sample_aspect_ratio or 1)
        width, height = fitted_size(*shown_size(frame.width, frame.height, aspect, frame.rotation))
        if self.size is None:
            self.size = (width, height)
            self._open_picture(*self.size)
        else:
            scale = min(self.size[0] / width, self.size[1] / height)
            width, height = (max(2, round(side * scale / 2) * 2) for side in (width, height))
        upright = frame.rotation % 180 == 0
        across, down = (width, height) if upright else (height, width)
        steps = [("bwdif", "mode=send_frame:deint=interlaced")] if frame.interlaced_frame else []
        matrix = {1: "bt709", 5: "bt601", 6: "bt601", 9: "bt2020", 10: "bt2020"}.get(int(frame.colorspace))
        full = frame.color_range == ColorRange.JPEG or frame.format.name.startswith("yuvj")
        colours = matrix or ("bt709" if frame.height >= 720 else "bt601")
        levels = "full" if full else "limited"
        size = f"{across}:{down}:flags=bicubic"
        to_bt709 = f"in_color_matrix={colours}:in_range={levels}:out_color_matrix=bt709:out_range=limited"
        steps.append(("scale", f"{size}:{to_bt709}"))
        # rotation counts against the clock
        steps += {
            90: [("transpose", "cclock")],
            -90: [("transpose", "clock")],
            180: [("hflip", ""), ("vflip", "")],
            -180: [("hflip", ""), ("vflip", "")],
        }.get(frame.rotation, [])
        steps.append(("format", "yuv420p"))
        if (width, height) != self.size:
            steps.append(("pad", f"{self.size[0]}:{self.size[1]}:(ow-iw)/2:(oh-ih)/2"))
        steps.append(("setsar", "1"))
        graph = av.filter.Graph()
        graph.link_nodes(
            graph.add_buffer(
                width=frame.width,
                height=frame.height,
                format=frame.format.name,
                time_base=Fraction(1, CLOCK),
            ),
            *(graph.add(name, options or None) for name, options in steps),
            graph.add("buffersink"),
        ).configure()
        return graph

    def _open_picture(self, width: int, height: int) -> None:
        stream = self.picture
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        context = stream.codec_context
        context.thread_count = 2
        context.color_primaries, context.color_trc = ColorPrimaries.BT709, ColorTrc.BT709
        context.colorspace, context.color_range = Colorspace.ITU709, ColorRange.MPEG

    def _pull(self) -> None:
        assert self.graph is not None
        while True:
            try:
                frame = self.graph.vpull()
            except (av.error.BlockingIOError, av.error.EOFError):
                return
            self._place(frame)

    def _drain(self) -> None:
        if self.graph is not None:
            self.graph.push(None)
            self._pull()

    def _place(self, frame: av.VideoFrame) -> None:
        """Puts a picture on the even grid of frames: the one before it is shown until its turn comes."""
        at = max(self.next, round((frame.pts or 0) * self.rate / CLOCK))
        self._emit_until(at)
        self.held, self.held_at = frame, at

    def _emit_until(self, bound: int) -> None:
        """Encodes the held picture for all places before `bound`."""
        while self.held is not None and self.next < bound:
            if self.next >= self.most_frames * 2:
                raise NotAFilmError("too_many_frames", most=self.most_frames)
            self.watch.look(float(self.next / self.rate) / self.survey.duration)
            self.held.pts, self.held.time_base = self.next, 1 / self.rate
            self.held.pict_type = 0
            self.copy.mux(self.picture.encode(self.held))
            self.next += 1

    def _finish(self) -> None:
        self._drain()
        if self.held is None:
            raise NotAFilmError("no_frames", codec=codec_name(self.video.codec_context))
        self._emit_until(max(self.held_at + 1, self.next + 1, round(self.end * self.rate)))
        self.copy.mux(self.picture.encode(None))
        if self.resound:
            self.resound.finish()
