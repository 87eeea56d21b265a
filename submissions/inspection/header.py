"""A film's own declaration, read in a few lines before any decoder sees it.

Opening a film with FFmpeg already decodes some of it; a picture of 16,000 × 8,000 then takes seconds and gigabytes
before its size can be asked. So type, size and length are read here first, with bounds on every loop.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from festival.edition.rulebook_bounds import HIGHEST_FRAME_RATE, fits_inspector
from submissions.inspection.limits import MOST_STREAMS

MOST_BOXES = 20_000
DEEPEST = 8
LARGEST_TABLE = 64 << 20
MOST_RUNS = 500_000


class NotAFilmError(Exception):
    """The content cannot be inspected; `code` is a problem's code, `values` what its words need."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code, self.values = code, values


@dataclass(slots=True)
class Header:
    """What a container says of itself: largest declared picture, seconds, frames. None where it does not say."""

    container: str
    bytes: int
    width: int | None = None
    height: int | None = None
    duration: float | None = None
    frames: int | None = None
    streams: int = 0
    complete: bool = True
    pictures: bool = False

    def widen(self, width: int, height: int) -> None:
        """Remember the largest of all declared pictures."""
        if width * height > (self.width or 0) * (self.height or 0):
            self.width, self.height = width, height


def read_header(path: Path) -> Header:
    """Read the declaration of a film; raises NotAFilmError for what is none, OSError when it cannot be read."""
    with path.open("rb") as stream:
        size = path.stat().st_size
        if size == 0:
            raise NotAFilmError("empty")
        start = stream.read(4096)
        container = sniff(start)
        header = Header(container, size)
        try:
            if container in ("mp4", "mov"):
                _read_mp4(stream, header)
            elif container in ("mkv", "webm"):
                _read_matroska(stream, header)
            elif container == "avi":
                _read_avi(stream, header)
        except (struct.error, ValueError, IndexError, OverflowError) as error:
            raise NotAFilmError("damaged") from error
    return header


def check_header(header: Header, most_frames: int) -> None:
    """Refuse a film whose own declaration is beyond what may be decoded; raises NotAFilmError."""
    if header.width and header.height and not fits_inspector(header.width, header.height):
        raise NotAFilmError("picture_too_large", width=header.width, height=header.height)
    if header.streams > MOST_STREAMS:
        raise NotAFilmError("too_many_streams", streams=header.streams, most=MOST_STREAMS)
    if header.frames:
        if header.frames > most_frames:
            raise NotAFilmError("too_many_frames", most=most_frames)
        if (
            header.duration
            and header.frames > 24
            and header.frames / header.duration > HIGHEST_FRAME_RATE * 1.02
        ):
            rate = round(header.frames / header.duration)
            raise NotAFilmError("frame_rate_too_high", rate=rate, most=HIGHEST_FRAME_RATE)


def sniff(start: bytes) -> str:
    """The container by its first bytes, whatever the file is called; NotAFilmError names what it is instead."""
    kind = start[4:8]
    if kind == b"ftyp":
        brand = start[8:12]
        if brand in (b"avif", b"avis", b"heic", b"heix", b"mif1", b"msf1"):
            raise NotAFilmError("not_a_film", found="image")
        if brand[:3] in (b"M4A", b"M4B"):
            raise NotAFilmError("not_a_film", found="sound")
        return "mov" if brand == b"qt  " else "mp4"
    if kind in (b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"):
        return "mov"
    if start.startswith(b"\x1a\x45\xdf\xa3"):
        return "webm" if b"webm" in start[:64] else "mkv"
    if start.startswith(b"RIFF") and start[8:12] == b"AVI ":
        return "avi"
    if b"\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x02\x01\x01\x02" in start:
        return "mxf"
    for packet, offset in ((188, 0), (192, 4)):
        if len(start) > packet * 3 and all(start[offset + packet * n] == 0x47 for n in range(4)):
            return "ts"
    raise NotAFilmError("not_a_film", found=_what_else(start))


def _what_else(start: bytes) -> str:
    magics = {
        "image": (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"8BPS"),
        "archive": (b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ"),
        "document": (b"%PDF", b"\xd0\xcf\x11\xe0", b"{\\rtf"),
        "sound": (b"ID3", b"fLaC", b"OggS", b"\xff\xfb", b"\xff\xf3", b"\xff\xf1"),
        "program": (b"MZ", b"\x7fELF", b"#!"),
    }
    for name, known in magics.items():
        if start.startswith(known):
            return name
    if start.startswith(b"RIFF"):
        return {b"WAVE": "sound", b"WEBP": "image"}.get(start[8:12], "unknown")
    if start.startswith((b"FLV", b"\x30\x26\xb2\x75", b"\0\0\x01\xba")):
        return "other_film"
    if not start.strip(b"\0"):
        return "zeros"
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text[:7] == b"#EXTM3U" or text[:8] == b"ffconcat":
        return "playlist"
    control = sum(byte < 32 and byte not in (9, 10, 12, 13) for byte in start)
    return "text" if control == 0 else "unknown"


# MP4 and MOV: boxes of size, kind, content


def boxes(data: memoryview, count: list[int]) -> Iterator[tuple[bytes, memoryview]]:
    """The boxes in `data`: kind and content. `count` bounds them over the whole file; ValueError when damaged."""
    at = 0
    while at + 8 <= len(data):
        count[0] += 1
        if count[0] > MOST_BOXES:
            raise ValueError("too many boxes")
        size, kind, head = *struct.unpack_from(">I4s", data, at), 8
        if size == 1:
            size, head = struct.unpack_from(">Q", data, at + 8)[0], 16
        elif size == 0:
            size = len(data) - at
        if size < head:
            raise ValueError("a box smaller than its own head")
        yield kind, data[at + head : at + size]
        at += size


def _read_mp4(stream: BinaryIO, header: Header) -> None:
    at, table = 0, None
    for _ in range(MOST_BOXES):
        if at + 8 > header.bytes:
            break
        stream.seek(at)
        head = stream.read(16)
        if len(head) < 8:
            break
        size, kind, skip = *struct.unpack_from(">I4s", head), 8
        if size == 1:
            size, skip = struct.unpack_from(">Q", head, 8)[0], 16
        elif size == 0:
            size = header.bytes - at
        if size < skip:
            raise ValueError("a box smaller than its own head")
        if at + size > header.bytes:
            header.complete = False
        if kind == b"moov":
            if size > LARGEST_TABLE:
                raise ValueError("a table of contents beyond all measure")
            stream.seek(at + skip)
            table = stream.read(size - skip)
        at += size
    if table is None:
        raise NotAFilmError("no_index")
    _read_moov(memoryview(table), header, [0], 0)


def _read_moov(data: memoryview, header: Header, count: list[int], depth: int) -> None:
    if depth > DEEPEST:
        raise ValueError("boxes nested too deep")
    for kind, body in boxes(data, count):
        match kind:
            case b"trak":
                track = Header(header.container, header.bytes)
                _read_moov(body, track, count, depth + 1)
                header.streams += 1
                header.widen(track.width or 0, track.height or 0)
                if track.pictures and track.frames:
                    header.frames = max(header.frames or 0, track.frames)
            case b"mdia" | b"minf" | b"stbl":
                _read_moov(body, header, count, depth + 1)
            case b"mvhd":
                scale, length = (
                    struct.unpack_from(">IQ", body, 20) if body[0] else struct.unpack_from(">II", body, 12)
                )
                header.duration = length / scale if scale and length else None
            case b"tkhd":
                width, height = struct.unpack_from(">II", body, 88 if body[0] else 76)
                header.widen(width >> 16, height >> 16)
            case b"stsd":
                _read_descriptions(body, header, count)
            case b"stts":
                runs = min(struct.unpack_from(">I", body, 4)[0], (len(body) - 8) // 8, MOST_RUNS)
                header.frames = sum(struct.unpack_from(f">{runs * 2}I", body, 8)[::2])


_PICTURES = (
    b"avc1", b"avc3", b"hvc1", b"hev1", b"dvh1", b"dvhe", b"av01", b"vp08", b"vp09", b"mp4v", b"mjpa", b"mjpb", b"jpeg",
    b"apch", b"apcn", b"apcs", b"apco", b"ap4h", b"ap4x", b"AVdn", b"AVdh", b"vvc1", b"vvi1", b"s263", b"raw ", b"png ",
)  # fmt: skip


def _read_descriptions(body: memoryview, header: Header, count: list[int]) -> None:
    for kind, entry in boxes(body[8:], count):
        if kind in _PICTURES and len(entry) >= 28:
            header.pictures = True
            header.widen(*struct.unpack_from(">HH", entry, 24))


# Matroska and WebM: EBML elements of id, size, content

_SEGMENT, _INFO, _TRACKS, _ENTRY, _VIDEO = 0x18538067, 0x1549A966, 0x1654AE6B, 0xAE, 0xE0
_CLUSTER, _SCALE, _DURATION, _WIDTH, _HEIGHT = 0x1F43B675, 0x2AD7B1, 0x4489, 0xB0, 0xBA


def ebml_number(data: bytes | memoryview, at: int, *, keep_marker: bool) -> tuple[int, int]:
    """An EBML number at `at`: its value and where the next byte is. -1 for "unknown size"."""
    if at >= len(data) or data[at] == 0:
        raise ValueError("no EBML number")
    length = 9 - data[at].bit_length()
    value = int.from_bytes(data[at : at + length], "big")
    if at + length > len(data):
        raise ValueError("an EBML number cut off")
    if keep_marker:
        return value, at + length
    ones = (1 << 7 * length) - 1
    return (-1 if value & ones == ones else value & ones), at + length


def _read_matroska(stream: BinaryIO, header: Header) -> None:
    stream.seek(0)
    at, inside = 0, False
    for _ in range(MOST_BOXES):
        if at + 2 > header.bytes:
            return
        stream.seek(at)
        head = stream.read(12)
        element, used = ebml_number(head, 0, keep_marker=True)
        size, used = ebml_number(head, used, keep_marker=False)
        body = at + used
        if size >= 0 and body + size > header.bytes:
            header.complete = False
        if element == _SEGMENT and not inside:
            inside, at = True, body
            continue
        if element == _CLUSTER or size < 0:
            return  # what describes the film stands before its first pictures
        if element in (_INFO, _TRACKS):
            if size > LARGEST_TABLE:
                raise ValueError("a description beyond all measure")
            data = stream.read(0) if size == 0 else _read_at(stream, body, size)
            _read_info(data, header) if element == _INFO else _read_tracks(data, header)
        at = body + size


def _read_at(stream: BinaryIO, at: int, size: int) -> bytes:
    stream.seek(at)
    return stream.read(size)


def elements(data: bytes | memoryview) -> Iterator[tuple[int, memoryview]]:
    """The EBML elements in `data`: id and content. ValueError when damaged."""
    view, at = memoryview(data), 0
    for _ in range(MOST_BOXES):
        if at >= len(view):
            return
        element, at = ebml_number(view, at, keep_marker=True)
        size, at = ebml_number(view, at, keep_marker=False)
        size = len(view) - at if size < 0 else size
        yield element, view[at : at + size]
        at += size


def _read_info(data: bytes, header: Header) -> None:
    scale, length = 1_000_000, 0.0
    for element, body in elements(data):
        if element == _SCALE:
            scale = int.from_bytes(body, "big")
        elif element == _DURATION and len(body) in (4, 8):
            length = struct.unpack(">f" if len(body) == 4 else ">d", body)[0]
    seconds = length * scale / 1e9
    header.duration = seconds if 0 < seconds < 1e9 else None


def _read_tracks(data: bytes, header: Header) -> None:
    for element, entry in elements(data):
        if element != _ENTRY:
            continue
        header.streams += 1
        for part, video in elements(entry):
            if part == _VIDEO:
                size = {name: int.from_bytes(value, "big") for name, value in elements(video)}
                header.widen(size.get(_WIDTH, 0), size.get(_HEIGHT, 0))


# AVI: chunks of kind, size, content; little endian

LARGEST_AVI_HEAD = 1 << 20


def _read_avi(stream: BinaryIO, header: Header) -> None:
    """The list of heads at the file's start: one for the whole (avih), and a pair for each track (strh, strf)."""
    stream.seek(4)
    (length,) = struct.unpack("<I", stream.read(4))
    header.complete = length in (0, 0xFFFFFFFF) or header.bytes >= length + 8  # live recordings leave it open
    stream.seek(12)
    kind, size = struct.unpack("<4sI", stream.read(8))
    if kind != b"LIST" or size > LARGEST_AVI_HEAD:
        raise ValueError("an AVI without its list of heads")
    heads = stream.read(size)
    if heads[4:8] == b"avih":
        step, frames = struct.unpack_from("<I", heads, 12)[0], struct.unpack_from("<I", heads, 28)[0]
        header.duration = frames * step / 1e6 or None
        header.widen(*struct.unpack_from("<II", heads, 44))
    header.streams = heads.count(b"strh")
    at = heads.find(b"vids")
    while 0 <= at < len(heads) and (at := heads.find(b"strf", at)) >= 0:
        width, height = struct.unpack_from("<ii", heads, at + 12)
        header.widen(width, abs(height))  # a negative height stands for a picture that begins at the top
        at = heads.find(b"vids", at)
