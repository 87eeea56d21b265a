"""Encodes the judges' copy from decoded frames: even frame rate, upright, square pixels, at most 720p."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import av.error
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc

from festival.edition.rulebook_bounds import fits_inspector
from submissions.inspection.album import shown_size
from submissions.inspection.header import NotAFilmError
from submissions.inspection.report import CopyInfo
from submissions.inspection.resound import Resound
from submissions.inspection.survey import Survey, Watch

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
    """Writes the copy from decoded frames, which somebody else decodes: `show` pictures, `hear` sound, then `finish`.

    `aspect` is that of the pixels, `sound` whether there is a track. Frames are changed: their times are the copy's
    afterwards. Raises NotAFilmError for a film that cannot be copied; `close` gives up, and is harmless at the end.
    """

    def __init__(
        self, part: Path, survey: Survey, *, aspect: float, sound: bool, watch: Watch, most_frames: int
    ) -> None:
        self.part, self.survey, self.watch, self.most_frames = part, survey, watch, most_frames
        self.aspect = aspect
        self.rate = survey.rate
        self.graph: av.filter.Graph | None = None
        self.form: tuple[Any, ...] | None = None
        self.size: tuple[int, int] | None = None
        self.held: av.VideoFrame | None = None
        self.held_at = self.next = self.pictures = 0
        self.last = -survey.step
        self.end = 0.0
        self.copy = new_file(part)
        self.picture: Any = self.copy.add_stream("libx264", rate=self.rate, options=self._options())
        self.resound = Resound(self.copy, survey.zero, LONGEST_GAP) if sound else None
        self._early: list[av.AudioFrame] = []

    def hear(self, frame: av.AudioFrame) -> None:
        """Takes in decoded sound. The file's head is written with the first; the picture's size must be known then."""
        if self.resound is None:
            return
        if self.size is None:
            self._early.append(frame)
            if sum(each.samples for each in self._early) > LONGEST_GAP * frame.sample_rate:
                raise NotAFilmError("damaged")
            return
        self._hear_early()
        self.resound.hear(frame)

    def _hear_early(self) -> None:
        early, self._early = self._early, []
        for frame in early:
            assert self.resound is not None
            self.resound.hear(frame)

    def finish(self, *, codec: str, errors: int) -> CopyInfo:
        """Writes what is held and the index; `codec` and `errors` are the decoder's name and what it could not read."""
        self._drain()
        if self.held is None:
            raise NotAFilmError("no_frames", codec=codec)
        self._emit_until(max(self.held_at + 1, self.next + 1, round(self.end * self.rate)))
        self.copy.mux(self.picture.encode(None))
        if self.resound:
            self._hear_early()
            self.resound.finish()
        self.close()
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
            errors=errors + (self.resound.errors if self.resound else 0),
        )

    def close(self) -> None:
        """Closes the file, whatever state it is in."""
        self.copy.close()

    def _options(self) -> dict[str, str]:
        group = str(max(1, int(self.rate * KEYFRAME_SECONDS)))
        return {
            "preset": "veryfast", "crf": "23", "profile": "high", "g": group, "keyint_min": group,
            "maxrate": "6M", "bufsize": "12M", "sc_threshold": "40",
        }  # fmt: skip

    def show(self, frame: av.VideoFrame) -> None:
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
        width, height = fitted_size(*shown_size(frame.width, frame.height, self.aspect, frame.rotation))
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
