"""The judges' streaming copy: H.264 and AAC in MP4, index in front, at most 720p, a keyframe every two seconds.

A film that already plays well is only repacked; any other is encoded. Nothing that tells who made it is taken over:
no title, no author, no chapters, no language of the tracks. Times are those of the report: zero is the film's first
moment as a player shows it.

Rotation is honoured by turning the pixels; the copy itself carries none. Pixels of another shape than square are
scaled to square ones. A picture that changes its size on the way is fitted into the first one's size with bars.
"""

import os
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import av
import av.error
from av.video.reformatter import ColorRange

from festival.edition.rulebook_bounds import fits_inspector
from submissions.inspection.file_facts import codec_name
from submissions.inspection.header import Header, NotAFilmError, read_header
from submissions.inspection.limits import DEFAULT_LIMITS
from submissions.inspection.measure import check_header, choose_streams, open_film
from submissions.inspection.recode import Encoding, fitted_size, new_file
from submissions.inspection.report import CopyInfo
from submissions.inspection.survey import HIGHEST_RATE, Progress, Survey, Watch, packets_of, survey_packets

__all__ = ["CopyInfo", "fitted_size", "make_judge_copy", "plays_from_start", "run", "top_boxes"]

REPACK_KEYFRAME_SECONDS = 5.0
REPACK_BITS = 10_000_000


class CopyBeside:
    """Makes the copy of a film that somebody else decodes: a witness of its frames.

    A film that plays well is repacked at once, from its packets; any other is encoded while it is shown. Raises
    NotAFilmError at the start for what must not be decoded; later trouble with the copy stands in `trouble`, and from
    then on frames are passed over.
    """

    def __init__(self, source: Path, target: Path, watch: Watch, most_frames: int, header: Header) -> None:
        self.target = target
        self.part = target.with_name(f".{target.name}.{os.getpid()}.part")
        self.info: CopyInfo | None = None
        self.trouble: Exception | None = None
        self._encoding: Encoding | None = None
        check_header(header, most_frames)
        try:
            with open_film(source) as film:
                video, audio = choose_streams(film)
                if not fits_inspector(video.width or 1, video.height or 1):
                    raise NotAFilmError("picture_too_large", width=video.width, height=video.height)
                survey = survey_packets(film, video, most_frames, watch)
                aspect, sound = float(video.sample_aspect_ratio or 1), audio is not None
            with open_film(source) as film:
                video, audio = choose_streams(film)
                if _is_good_copy(source, film, video, audio, survey):
                    self.info = _repack(film, video, audio, survey, self.part, watch)
            if self.info is None:
                self._encoding = Encoding(
                    self.part, survey, aspect=aspect, sound=sound, watch=watch, most_frames=most_frames
                )
        except BaseException:
            self.drop()
            raise

    @property
    def wants_frames(self) -> bool:
        """Whether the copy is encoded and nothing has gone wrong with it."""
        return self._encoding is not None and self.trouble is None

    def show(self, frame: av.VideoFrame) -> None:
        """Takes in a decoded picture."""
        if self._encoding is not None and self.trouble is None:
            with self._minding():
                self._encoding.show(frame)

    def hear(self, frame: av.AudioFrame) -> None:
        """Takes in decoded sound."""
        if self._encoding is not None and self.trouble is None:
            with self._minding():
                self._encoding.hear(frame)

    def finish(self, *, codec: str, errors: int) -> CopyInfo | None:
        """Puts the whole copy in its place; None where there was trouble, and then nothing is left of it.

        It is flushed to the disk and read back before it is renamed.
        """
        if self._encoding is not None and self.trouble is None:
            with self._minding():
                self.info = self._encoding.finish(codec=codec, errors=errors)
        if self.info is not None and self.trouble is None:
            with self._minding():
                _flush(self.part)
                if not plays_from_start(self.part):
                    raise OSError("The index of the copy did not come to stand in front.")
                self.part.replace(self.target)
                _flush(self.target.parent)
                return self.info
        self.drop()
        return None

    def drop(self) -> None:
        """Leaves nothing behind of a copy that is not whole."""
        if self._encoding is not None:
            with suppress(av.error.FFmpegError, ValueError):
                self._encoding.close()
        self.part.unlink(missing_ok=True)

    @contextmanager
    def _minding(self) -> Iterator[None]:
        """What goes wrong with the copy must not end the measuring; want of memory ends both."""
        try:
            yield
        except MemoryError:
            raise
        except (NotAFilmError, av.error.FFmpegError, OSError, ValueError) as error:
            self.trouble = error
            self.drop()  # at once: the measuring may need the room


def make_judge_copy(
    source: Path | str,
    target: Path | str,
    on_progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    *,
    most_frames: int = DEFAULT_LIMITS.frames,
    header: Header | None = None,
) -> CopyInfo:
    """Make the streaming copy of a film by itself. `on_progress` gets the share done, about three times a second.

    Raises NotAFilmError for what cannot or must not be decoded, CopyCancelledError when `cancelled()` became true,
    OSError when the copy cannot be written. No half copy is left behind.
    """
    source, target = Path(source), Path(target)
    watch = Watch(on_progress or (lambda _share: None), cancelled or (lambda: False))
    copy = CopyBeside(source, target, watch, most_frames, header or read_header(source))
    codec, errors = "", 0
    try:
        if copy.wants_frames:
            codec, errors = _decode_for(copy, source)
        info = copy.finish(codec=codec, errors=errors)
    finally:
        copy.drop()
    if info is None:
        raise copy.trouble or OSError("The copy was not made.")
    watch.tell(1.0)
    return info


def _decode_for(copy: CopyBeside, source: Path) -> tuple[str, int]:
    """Decodes the film for its copy alone; the decoder's name, and how many packets it could not read."""
    errors = 0
    with open_film(source) as film:
        video, audio = choose_streams(film)
        codec = codec_name(video.codec_context)  # one that fails to start has no name any more
        video.thread_type, video.codec_context.thread_count = "AUTO", 2
        for packet in packets_of(film, [stream for stream in (video, audio) if stream]):
            try:
                frames = packet.decode()
            except MemoryError:
                raise
            except av.error.EOFError:
                continue
            except (av.error.FFmpegError, ValueError):
                errors += 1
                continue
            for frame in frames:
                if isinstance(frame, av.VideoFrame):
                    copy.show(frame)
                else:
                    copy.hear(frame)
            if not copy.wants_frames:
                break
    return codec, errors


def plays_from_start(path: Path) -> bool:
    """True when an MP4's index (moov) stands before its data (mdat), so that it plays while it is still loading."""
    kinds = [kind for kind, _, _ in top_boxes(path)]
    return "moov" in kinds and "mdat" in kinds and kinds.index("moov") < kinds.index("mdat")


def top_boxes(path: Path) -> list[tuple[str, int, int]]:
    """Kind, position and size of an MP4's outermost boxes; stops at the first that makes no sense."""
    boxes: list[tuple[str, int, int]] = []
    end = path.stat().st_size
    with path.open("rb") as stream:
        at = 0
        while at + 8 <= end and len(boxes) < 1000:
            stream.seek(at)
            head = stream.read(16)
            size, kind = struct.unpack_from(">I4s", head)
            if size == 1 and len(head) == 16:
                size = struct.unpack_from(">Q", head, 8)[0]
            elif size == 0:
                size = end - at
            if size < 8:
                break
            boxes.append((kind.decode("latin-1"), at, size))
            at += size
    return boxes


def _is_good_copy(source: Path, film: Any, video: Any, audio: Any, survey: Survey) -> bool:
    """True when the film can be streamed to judges as it is."""
    context = video.codec_context
    aspect = video.sample_aspect_ratio or 1
    size = (context.width, context.height)
    good = (
        "mp4" in film.format.name
        and context.name == "h264"
        and context.profile in ("High", "Main", "Constrained Baseline", "Baseline")
        and context.pix_fmt == "yuv420p"
        and aspect in (0, 1)
        and fitted_size(*size) == size
        and survey.whole
        and survey.constant
        and survey.rate <= HIGHEST_RATE
        and bool(survey.keyframes)
        and survey.keyframes[0] <= survey.times[0] + 1e-6
        and 0 <= survey.times[0] < 0.1
        and survey.longest_group <= REPACK_KEYFRAME_SECONDS
        and survey.video_bytes * 8 / survey.duration <= REPACK_BITS
    )
    if good and audio is not None:
        sound = audio.codec_context
        good = sound.name == "aac" and sound.layout.nb_channels == 2 and sound.sample_rate in (44100, 48000)
        good = good and sound.profile in ("LC", None)
    return bool(good) and _starts_plain(source, size)


def _starts_plain(source: Path, size: tuple[int, int]) -> bool:
    """True when the first picture can be decoded, is progressive, upright and of the declared size."""
    with open_film(source) as film:
        video, _ = choose_streams(film)
        try:
            first = next(film.decode(video), None)
        except (av.error.FFmpegError, ValueError):
            return False
        return (
            first is not None
            and first.rotation == 0
            and not first.interlaced_frame
            and (first.width, first.height) == size
            and first.color_range != ColorRange.JPEG
        )


def _repack(film: Any, video: Any, audio: Any, survey: Survey, part: Path, watch: Watch) -> CopyInfo | None:
    """Moves the packets into a new file as they are; None where the new file does not take them."""
    try:
        _move_packets(film, video, audio, survey, part, watch)
    except MemoryError:
        raise
    except av.error.FFmpegError:
        return None
    return CopyInfo(
        method="repacked",
        width=video.codec_context.width,
        height=video.codec_context.height,
        frame_rate=round(float(survey.rate), 5),
        frames=len(survey.times),
        duration=round(survey.duration, 3),
        audio=audio is not None,
        bytes=part.stat().st_size,
    )


def _move_packets(film: Any, video: Any, audio: Any, survey: Survey, part: Path, watch: Watch) -> None:
    with new_file(part) as copy:
        streams = {stream.index: copy.add_stream_from_template(stream) for stream in (video, audio) if stream}
        for packet in packets_of(film, [stream for stream in (video, audio) if stream]):
            if packet.dts is None or packet.size == 0:
                continue
            shift = round(survey.zero / packet.time_base)
            packet.pts, packet.dts = packet.pts - shift, packet.dts - shift
            if packet.stream_index == video.index:
                watch.look(float(packet.pts * packet.time_base) / survey.duration)
            packet.stream = streams[packet.stream_index]
            copy.mux(packet)


def _flush(path: Path) -> None:
    """Sees to it that a file or a folder's list is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def run(
    request: dict[str, Any], folder: Path, tell: Callable[[str, float | None], None], header: Header
) -> dict[str, Any]:
    """The child's operation "copy": writes copy.mp4 into the folder and tells what it is."""
    info = make_judge_copy(
        request["path"],
        folder / "copy.mp4",
        lambda share: tell("copy", share),
        most_frames=int(request["frames"]),
        header=header,
    )
    return asdict(info)
