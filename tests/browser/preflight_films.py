"""Real films of every build that a browser is to recognise before the upload, and files made to keep it busy."""

import os
import struct
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from submissions.inspection.synthetic import cut_in_half, make_film

SMALL: dict[str, Any] = {"seconds": 2, "width": 320, "height": 180}


def repacked(
    source: Path,
    target: Path,
    *,
    options: dict[str, str] | None = None,
    turn: int = 0,
    keep: Callable[[int], bool] = lambda number: True,
) -> Path:
    """The same packets in another container: turned, or without the pictures that `keep` leaves out."""
    with av.open(str(source)) as film, av.open(str(target), "w", options=options or {}) as copy:
        streams = {stream.index: copy.add_stream_from_template(stream) for stream in film.streams}
        if turn:
            streams[0].set_display_rotation(turn)
        for number, packet in enumerate(film.demux()):
            if packet.dts is not None and (packet.stream.index or keep(number)):
                packet.stream = streams[packet.stream.index]
                copy.mux(packet)
    return target


def noise(
    path: Path, *, size: tuple[int, int], aspect: Fraction | None = None, times: Any = range(48)
) -> Path:
    """A mute film of noise, with pixels of a shape, whose frames stand at `times` in 24ths of a second."""
    with av.open(str(path), "w") as film:
        stream = film.add_stream("libx264", rate=24, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.time_base = stream.codec_context.time_base = Fraction(1, 240)
        if aspect:
            stream.codec_context.sample_aspect_ratio = aspect
        picture = np.random.default_rng(1).integers(0, 255, (size[1], size[0], 3), dtype=np.uint8)
        for time in times:
            frame = av.VideoFrame.from_ndarray(picture, "rgb24").reformat(format="yuv420p")
            frame.pts, frame.time_base = round(time * 10), Fraction(1, 240)
            film.mux(stream.encode(frame))
        film.mux(stream.encode(None))
    return path


def make_films(folder: Path) -> list[Path]:
    """One film of each build, the broken ones among them."""
    os.environ.setdefault("SVT_LOG", "1")  # errors alone
    plain = {
        "plain.mp4": {},
        "long.mp4": {"seconds": 9},
        "mute.mp4": {"audio": False},
        "mono.mp4": {"layout": "mono", "fps": Fraction(30000, 1001)},
        "surround.mov": {"layout": "5.1", "fps": 25},
        "portrait.mp4": {"width": 180, "height": 320, "fps": 60},
        "slow.mp4": {"fps": 15},
        "film-rate.mkv": {"fps": Fraction(24000, 1001), "seconds": 3},
        "slow.mkv": {"fps": 15},
        "h264.mkv": {"audio_codec": "flac"},
        "bytes.mkv": {"audio_codec": "pcm_s16le"},
        "vp9.webm": {"codec": "libvpx-vp9", "audio_codec": "libopus",
                     "video_options": {"deadline": "realtime", "cpu-used": "8"}},
        "vp9.mp4": {"codec": "libvpx-vp9", "audio_codec": "libopus",
                    "video_options": {"deadline": "realtime", "cpu-used": "8"}},
        "av1.mp4": {"codec": "libsvtav1", "video_options": {"preset": "12"}},
        "av1.mkv": {"codec": "libsvtav1", "video_options": {"preset": "12"}, "audio": False},
        "hevc.mp4": {"codec": "libx265"},
        "hevc.mkv": {"codec": "libx265", "audio_codec": "ac3"},
        "prores.mov": {"codec": "prores_ks", "pix_fmt": "yuv422p10le", "audio_codec": "pcm_s16le"},
        "mpeg4.mp4": {"codec": "mpeg4", "audio_codec": "libmp3lame"},
        "mpeg4.avi": {"codec": "mpeg4", "audio_codec": "libmp3lame"},
        "h264.ts": {},
    }  # fmt: skip
    for name, options in plain.items():
        make_film(folder / name, **{**SMALL, **options})
    made = [folder / name for name in plain]
    source, long = folder / "plain.mp4", folder / "long.mp4"
    fast, pieces = {"movflags": "faststart"}, {"movflags": "frag_keyframe+empty_moov"}
    made += [
        repacked(source, folder / "fast.mp4", options=fast),
        repacked(long, folder / "pieces.mp4", options=pieces),
        repacked(
            long, folder / "pieces-and-index.mp4", options={"movflags": "frag_keyframe+dash+delay_moov"}
        ),
        repacked(source, folder / "turned.mp4", turn=90),
        repacked(source, folder / "upside-down.mov", turn=180),
        repacked(source, folder / "gaps.mp4", keep=lambda number: number % 11 != 10),
        repacked(long, folder / "long-clock.mkv"),
        noise(folder / "wide-pixels.mp4", size=(352, 288), aspect=Fraction(16, 11)),
        noise(folder / "tall-pixels.mkv", size=(352, 288), aspect=Fraction(8, 9)),
        noise(folder / "one-frame.mp4", size=(64, 64), times=[0]),
        noise(folder / "uneven.mp4", size=(64, 64), times=[n + n // 5 * 3 for n in range(48)]),
        noise(folder / "uneven.mkv", size=(64, 64), times=[n + n // 5 * 3 for n in range(48)]),
        cut_in_half(source, folder / "half.mp4"),
        cut_in_half(folder / "fast.mp4", folder / "half-fast.mp4"),
        cut_in_half(folder / "h264.mkv", folder / "half.mkv"),
        cut_in_half(folder / "pieces.mp4", folder / "half-pieces.mp4"),
    ]
    return made


def box(kind: bytes, content: bytes = b"", size: int | None = None) -> bytes:
    return struct.pack(">I4s", 8 + len(content) if size is None else size, kind) + content


def nested(depth: int, kind: bytes) -> bytes:
    content = b""
    for _level in range(depth):
        content = box(kind, content)
    return content


FTYP = box(b"ftyp", b"isom\0\0\2\0isomavc1")
HOSTILE = {
    "huge": FTYP + struct.pack(">I4sQ", 1, b"moov", 2**63) + bytes(64),
    "beyond": FTYP + box(b"mdat", bytes(64), 2**32 - 1),
    "none": FTYP + box(b"moov", box(b"trak", size=0) + bytes(900)),
    "tiny": FTYP + box(b"moov", box(b"trak", bytes(64), 3)),
    "deep": FTYP + box(b"moov", nested(4000, b"trak")),
    "deeper": FTYP + box(b"moov", box(b"trak", nested(4000, b"mdia"))),
    "crowd": FTYP + box(b"moov", box(b"trak") * 200_000),
    "flat": FTYP + box(b"free") * 400_000,
    "lengths": FTYP + box(b"moov", box(b"trak", box(b"mdia", box(b"minf", box(b"stbl", box(
        b"stts", struct.pack(">IIII", 0, 10**9, 10**9, 1) + bytes(8 << 20))))))),
    "pieces": FTYP + box(b"moov", box(b"trak")) + box(b"moof", box(b"traf", box(b"trun", bytes(100)))) * 60_000,
    "elements": b"\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff" + b"\xec\x80" * 500_000,
    "element": b"\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff\x16\x54\xae\x6b\x01"
    + b"\xff" * 6 + b"\xfe" + bytes(4 << 20),
    "zeros": bytes(1 << 20),
    "nothing": b"",
}  # fmt: skip
