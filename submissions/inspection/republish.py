"""A copy to be published: picture, sound and subtitles packet for packet, with another label. Nothing is encoded.

The operation "republish" of the limited child. The container stays where it can carry the label and all that is in the
film (TC260-PG-20258A: MP4, MOV, Matroska, WebM); AVI, MXF and transport streams become one of these. Content
credentials bind every byte, so a copy with another label cannot keep them: they stay with the original.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import av
import av.error
from av.stream import Disposition

from submissions.inspection.aigc import KEY
from submissions.inspection.header import Header, NotAFilmError
from submissions.inspection.measure import check_header, choose_streams, open_film
from submissions.inspection.survey import Watch, packets_of

NAME = "published"
CONTAINERS = {
    "mp4": ("mp4", "mkv"), "mov": ("mov", "mkv"), "mkv": ("mkv",), "webm": ("webm", "mkv"), "ts": ("mp4", "mkv"),
    "avi": ("mkv",), "mxf": ("mov", "mkv"),
}  # fmt: skip
FORMATS = {"mp4": "mp4", "mov": "mov", "mkv": "matroska", "webm": "webm"}
TEXTS = {
    "mp4": ("mov_text",), "mov": ("mov_text",), "webm": ("webvtt",),
    "mkv": ("subrip", "ass", "webvtt", "hdmv_pgs_subtitle", "dvd_subtitle"),
}  # fmt: skip
WRITERS_OWN = ("major_brand", "minor_version", "compatible_brands", "encoder", "duration")
"""Tags that every writer sets for its own file."""


@dataclass(frozen=True, slots=True)
class Republished:
    """The new file, in the folder. `packets`: those of the picture in the film, which the file must have as well.

    `left_out` are kinds of streams that the container does not take: "data" …
    """

    file: str
    container: str
    packets: int
    bytes: int
    left_out: tuple[str, ...] = ()


def republish(
    path: Path, folder: Path, container: str, label: str, tell: Callable[[float], None]
) -> Republished:
    """Write the copy, into the first container that takes the film's streams. Empty `label`: none is written.

    Raises NotAFilmError for what cannot be repacked at all.
    """
    for kind in CONTAINERS.get(container, ()):
        target = folder / f"{NAME}.{kind}"
        try:
            return _write(path, target, kind, label, tell)
        except MemoryError:
            raise
        except (av.error.FFmpegError, ValueError) as error:
            if getattr(error, "errno", None) in (
                27,
                28,
                122,
                5,
            ):  # too large, no room: not the container's fault
                raise
            with suppress(FileNotFoundError):
                target.unlink()
    raise NotAFilmError("cannot_be_repacked", container=container)


def _write(path: Path, target: Path, kind: str, label: str, tell: Callable[[float], None]) -> Republished:
    options = {"movflags": "use_metadata_tags+faststart"} if kind in ("mp4", "mov") else {}
    packets = 0
    with (
        open_film(path) as film,
        av.open(str(target), "w", format=FORMATS[kind], options=options) as copy,
    ):
        main, _sound = choose_streams(film)
        length = (film.duration or 0) / av.time_base
        kept = [stream for stream in film.streams if _goes_along(stream, main, kind)]
        streams = {stream.index: _twin(copy, stream) for stream in kept}
        for name, value in film.metadata.items():
            if name.lower() not in WRITERS_OWN and name.upper() != KEY:
                copy.metadata[name] = value
        if label:
            copy.metadata[KEY] = label
        watch = Watch(tell, lambda: False)

        def read() -> Iterator[Any]:
            nonlocal packets
            for packet in packets_of(film, kept):
                packets += packet.size > 0 and packet.stream_index == main.index
                yield packet

        for packet in _timed(read()):
            if packet.stream_index == main.index:
                watch.look(float(packet.dts * packet.time_base) / length if length else 0.0)
            packet.stream = streams[packet.stream_index]
            copy.mux(packet)
        left = sorted({str(stream.type) for stream in film.streams if stream not in kept})
    return Republished(target.name, kind, packets, target.stat().st_size, tuple(left))


def _timed(packets: Iterator[Any]) -> Iterator[Any]:
    """Every packet with a decoding time. Matroska has none; the demuxer finds it from the third packet or so on."""
    waiting: dict[int, list[Any]] = {}
    for packet in packets:
        if packet.size == 0:
            continue
        held = waiting.setdefault(packet.stream_index, [])
        held.append(packet)
        if packet.dts is not None:
            yield from _backwards(held, packet.dts)
            held.clear()
    for held in waiting.values():
        if (
            held and held[0].pts is not None
        ):  # too short for the demuxer to find out: shown in the order they come
            yield from _backwards(held, held[-1].pts)


def _backwards(held: list[Any], last: int) -> list[Any]:
    for back, packet in enumerate(reversed(held)):
        if packet.dts is None:
            packet.dts = last - back * max(packet.duration or 0, 1)
    return held


def _goes_along(stream: Any, main: Any, kind: str) -> bool:
    if stream.type == "video":
        return bool(stream.index == main.index)
    if stream.codec_context is None or stream.disposition & Disposition.attached_pic:
        return False
    return stream.type == "audio" or (
        stream.type == "subtitle" and stream.codec_context.name in TEXTS.get(kind, ())
    )


def _twin(copy: Any, stream: Any) -> Any:
    twin = copy.add_stream_from_template(stream)
    twin.metadata.update(
        {name: value for name, value in stream.metadata.items() if name.lower() not in WRITERS_OWN}
    )
    twin.disposition = stream.disposition
    return twin


def run(
    request: dict[str, Any], folder: Path, tell: Callable[[str, float | None], None], header: Header
) -> dict[str, Any]:
    """{"path", "label", "frames"} → {"copy": Republished}, the file in the folder."""
    check_header(header, int(request["frames"]))
    made = republish(
        Path(request["path"]),
        folder,
        header.container,
        str(request["label"]),
        lambda share: tell("copy", share),
    )
    return {"copy": asdict(made)}
