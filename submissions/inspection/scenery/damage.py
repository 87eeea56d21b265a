"""Does to finished files what uploads, disks and careless tools do: cut short, garbled, retimed, rewrapped."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from submissions.inspection.limits import CODEC_OPTIONS, OPEN_OPTIONS

FINE_CLOCK = Fraction(1, 90_000)


def cut_short(source: Path, target: Path, share: float) -> Path:
    """Only the first `share` of the bytes."""
    data = source.read_bytes()
    target.write_bytes(data[: round(len(data) * share)])
    return target


def flip_bytes(source: Path, target: Path, *, packets: int, seed: int = 1) -> Path:
    """Garbles the middle of so many packets of the picture, at places drawn by `seed`."""
    data = bytearray(source.read_bytes())
    with av.open(str(source), container_options=OPEN_OPTIONS, options=CODEC_OPTIONS) as film:
        places = [
            (each.pos, each.size) for each in film.demux(film.streams.video[0]) if each.size > 64 and each.pos
        ]
    rng = np.random.default_rng(seed)
    for index in rng.choice(len(places), packets, replace=False).tolist():
        start, size = places[index]
        assert start is not None
        data[start + size // 4 : start + size // 2] = rng.integers(
            0, 256, size // 2 - size // 4, np.uint8
        ).tobytes()
    target.write_bytes(bytes(data))
    return target


def remux(
    source: Path,
    target: Path,
    retime: Callable[[float], float] = lambda second: second,
    options: dict[str, str] | None = None,
    pixel_aspect: Fraction | None = None,
) -> Path:
    """The same packets in another file; `retime` moves the picture's, in seconds, and must rise."""
    with (
        av.open(str(source), container_options=OPEN_OPTIONS, options=CODEC_OPTIONS) as film,
        av.open(str(target), "w", options=options or {}) as copy,
    ):
        streams: dict[int, Any] = {}
        for stream in film.streams:
            streams[stream.index] = copy.add_stream_from_template(stream, opaque=True)
        picture = streams[film.streams.video[0].index]
        picture.time_base = FINE_CLOCK
        if pixel_aspect:
            picture.codec_context.sample_aspect_ratio = pixel_aspect
        for packet in film.demux():
            if packet.dts is None or packet.pts is None:
                continue
            if packet.stream.type == "video":
                base = packet.time_base
                packet.pts, packet.dts = (
                    round(retime(float(moment * base)) / FINE_CLOCK) for moment in (packet.pts, packet.dts)
                )
                packet.time_base = FINE_CLOCK
            packet.stream = streams[packet.stream_index]
            copy.mux(packet)
    return target


def uneven(step: float, every: int, share: float) -> Callable[[float], float]:
    """Each `every`-th frame of `step` seconds stands longer by `share` of a step, as phones and screen grabbers do."""

    def retime(second: float) -> float:
        return second + max(0, int(second / step + 0.5)) // every * share * step

    return retime


def redrawn(
    source: Path, target: Path, *, chain: str = "null", codec: str = "libx264", **options: str
) -> Path:
    """The picture sent through one of FFmpeg's filters ("gblur=sigma=3") and encoded again, without the sound."""
    with (
        av.open(str(source), container_options=OPEN_OPTIONS, options=CODEC_OPTIONS) as film,
        av.open(str(target), "w") as copy,
    ):
        old = film.streams.video[0]
        new: Any = copy.add_stream(codec, rate=old.average_rate, options=options)
        new.width, new.height, new.pix_fmt = old.width, old.height, "yuv420p"
        graph = av.filter.Graph()
        name, _, words = chain.partition("=")
        graph.link_nodes(
            graph.add_buffer(template=old), graph.add(name, words), graph.add("format", "yuv420p"),
            graph.add("buffersink"),
        ).configure()  # fmt: skip
        for frame in film.decode(old):
            graph.push(frame)
            drawn = graph.vpull()
            drawn.pict_type = 0
            copy.mux(new.encode(drawn))
        copy.mux(new.encode(None))
    return target
