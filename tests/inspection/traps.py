"""Hostile films, made byte by byte from small honest ones. Each lies about its size, its length or its kind."""

import struct
import zlib
from pathlib import Path

import av
import numpy as np

HUGE = (16384, 8192)


class Bits:
    """Writes the bits of an H.264 or HEVC parameter set."""

    def __init__(self) -> None:
        self.text = ""

    def u(self, value: int, width: int) -> "Bits":
        self.text += f"{value:0{width}b}"
        return self

    def ue(self, *values: int) -> "Bits":
        """Exp-Golomb codes."""
        for value in values:
            code = f"{value + 1:b}"
            self.text += "0" * (len(code) - 1) + code
        return self

    def bytes(self) -> bytes:
        """With the stop bit, and with the bytes between that keep start codes out."""
        text = self.text + "1"
        text += "0" * (-len(text) % 8)
        plain = int(text, 2).to_bytes(len(text) // 8)
        escaped = bytearray()
        for byte in plain:
            if byte <= 3 and escaped[-2:] == b"\0\0":
                escaped.append(3)
            escaped.append(byte)
        return bytes(escaped)


def h264_sps(old: bytes, width: int, height: int) -> bytes:
    """This sequence parameter set (baseline, without escaped bytes in its first half) for another size."""
    text = "".join(f"{byte:08b}" for byte in old[1:])
    at = 24

    def ue() -> int:
        nonlocal at
        zeros = text.index("1", at) - at
        value = int(text[at + zeros : at + 2 * zeros + 1], 2) - 1
        at += 2 * zeros + 1
        return value

    values = [ue() for _ in range(3)]  # id, frame numbers, order type
    values += [ue()] if values[2] == 0 else []
    values.append(ue())  # references
    gaps = int(text[at])
    bits = Bits()
    bits.text = text[:24]
    bits.ue(*values).u(gaps, 1).ue(width // 16 - 1, height // 16 - 1).u(1, 1).u(1, 1).u(0, 1).u(0, 1)
    return b"\x67" + bits.bytes()


def plain_film(
    path: Path,
    codec: str = "libx264",
    size: tuple[int, int] = (320, 176),
    frames: int = 12,
    form: str = "yuv420p",
) -> Path:
    """A short honest film of moving noise, without sound."""
    options = {
        "libx264": {"preset": "ultrafast", "profile": "baseline"},
        "libx265": {"preset": "ultrafast", "x265-params": "log-level=none"},
        "libvpx-vp9": {"deadline": "realtime", "cpu-used": "8"},
        "libsvtav1": {"preset": "12", "svtav1-params": "fast-decode=1"},
    }
    noise = np.random.default_rng(7)
    with av.open(str(path), "w") as film:
        stream = film.add_stream(codec, rate=24, options=options.get(codec, {}))
        stream.width, stream.height, stream.pix_fmt = *size, form
        for _ in range(frames):
            picture = noise.integers(0, 255, (size[1], size[0], 3), dtype=np.uint8)
            film.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "rgb24")))
        film.mux(stream.encode())
    return path


def with_giant_sps(path: Path, size: tuple[int, int] = HUGE) -> Path:
    """The decoder's own parameters say another size; the container's fields stay honest."""
    data = path.read_bytes()
    at = data.index(b"\x67\x42\xc0")
    end = at + 8
    while data[end : end + 3] not in (b"\0\0\0", b"\0\0\1") and data[end] != 0x68:
        end += 1
    if data[at - 2 : at] != b"\0\1":  # a length stands before it
        end = at + int.from_bytes(data[at - 2 : at])
    new = h264_sps(data[at:end], *size)
    assert len(new) <= end - at, (len(new), end - at)
    old = data[at:end]
    path.write_bytes(data.replace(old, new + bytes(len(old) - len(new))))
    return path


def with_giant_container(path: Path, size: tuple[int, int] = HUGE) -> Path:
    """The container's own fields say another size: MP4 and MOV, Matroska and WebM, AVI."""
    data, (width, height) = bytearray(path.read_bytes()), size
    if data[4:8] == b"ftyp":
        at = data.index(b"tkhd") + 4 + 76
        data[at : at + 8] = struct.pack(">HHHH", min(width, 65535), 0, min(height, 65535), 0)
        at = data.index(b"stsd") + 12 + 4 + 28
        data[at : at + 4] = struct.pack(">HH", width, height)
    elif data[:4] == b"RIFF":
        at = data.index(b"avih") + 8 + 32
        data[at : at + 8] = struct.pack("<II", width, height)
        at = data.index(b"strf") + 8 + 4
        data[at : at + 8] = struct.pack("<II", width, height)
    else:
        for mark, value in (
            (b"\xb0\x82", width),
            (b"\xba\x82", height),
        ):  # two bytes each: sides of 256 and more
            at = data.index(mark) + 2
            data[at : at + 2] = value.to_bytes(2)
    path.write_bytes(data)
    return path


def many_tracks(path: Path, tracks: int) -> Path:
    """A picture and this many sound tracks; the first has a tenth of a second of sound, the others nothing."""
    with av.open(str(path), "w") as film:
        video = film.add_stream("libx264", rate=24, options={"preset": "ultrafast"})
        video.width, video.height, video.pix_fmt = 64, 64, "yuv420p"
        sounds = [film.add_stream("pcm_s16le", rate=8000, layout="mono") for _ in range(tracks)]
        for _ in range(12):
            film.mux(video.encode(av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), "rgb24")))
        film.mux(video.encode())
        sound = av.AudioFrame.from_ndarray(np.zeros((1, 800), np.int16), "s16", "mono")
        sound.sample_rate, sound.pts = 8000, 0
        film.mux(sounds[0].encode(sound))
    return path


def changed(path: Path, old: bytes, new: bytes, at: int = 0) -> Path:
    """The file with one place overwritten: what stands `at` bytes after the first `old`."""
    data = bytearray(path.read_bytes())
    place = data.index(old) + at
    data[place : place + len(new)] = new
    path.write_bytes(data)
    return path


def nested_boxes(path: Path, depth: int, kinds: tuple[bytes, ...] = (b"moov",)) -> Path:
    """An MP4 whose index holds an index that holds an index …"""
    body = b""
    for level in range(depth, -1, -1):
        kind = kinds[0] if level == 0 else kinds[min(level, len(kinds) - 1)]
        body = struct.pack(">I4s", len(body) + 8, kind) + body
    path.write_bytes(b"\0\0\0\x14ftypisom\0\0\2\0isom" + body)
    return path


def large_png(side: int) -> bytes:
    """A black picture of side × side grey pixels in a few kilobytes."""
    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(bytes(side + 1)) for _ in range(side)) + packer.flush()

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def large_jpeg(side: int) -> bytes:
    """The head of a JPEG of side × side pixels, and as good as nothing behind it."""
    from io import BytesIO

    from PIL import Image

    small = BytesIO()
    Image.new("L", (64, 64)).save(small, "JPEG")
    data = bytearray(small.getvalue())
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = struct.pack(">HH", side, side)
    return bytes(data)
