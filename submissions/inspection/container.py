"""A container opened by hand: its build, edit lists, labels and attached papers, with bounds on every loop.

Reads what a demuxer hides or drops: the order of boxes, where a label stands, XMP and content credentials. What is
damaged ends the walk; what was gathered until then is handed over.
"""

import os
import struct
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from submissions.inspection.facts import Edit
from submissions.inspection.header import LARGEST_TABLE, MOST_BOXES, boxes, ebml_number, elements

MOST_PARTS = 24
MOST_EDITS = 16
MOST_LABELS = 200
LONGEST_LABEL = 64 << 10
LARGEST_XMP = 1 << 20

_XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_C2PA_UUID = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")


@dataclass(frozen=True, slots=True)
class Label:
    """A text that a container carries: where it stands, its key as written, its value."""

    place: str
    key: str
    value: str


@dataclass(slots=True)
class Inside:
    """What was found. `edits` are the edit lists of the tracks in their order; `c2pa` tells of a manifest."""

    brand: str = ""
    parts: list[str] = field(default_factory=list)
    fast_start: bool | None = None
    fragmented: bool = False
    edits: list[tuple[Edit, ...]] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    xmp: bytes = b""
    c2pa: bool = False

    def label(self, place: str, key: str, value: bytes | memoryview) -> None:
        """Keep a text, if there is still room for one."""
        if len(self.labels) < MOST_LABELS:
            text = bytes(value[:LONGEST_LABEL]).decode("utf-8", "replace").strip("\0 \r\n")
            self.labels.append(Label(place, key[:200], text))


def look_inside(path: Path, container: str) -> Inside:
    """Walk through a file of the kind that `header.sniff` named. Raises OSError only."""
    found = Inside()
    readers = {
        "mp4": _read_mp4, "mov": _read_mp4, "mkv": _read_matroska, "webm": _read_matroska, "avi": _read_avi,
        "flv": _read_flv,
    }  # fmt: skip
    with path.open("rb") as stream:
        try:
            if container in readers:
                readers[container](stream, os.fstat(stream.fileno()).st_size, found)
        except (struct.error, ValueError, IndexError, OverflowError):
            pass
    found.parts = _joined(found.parts)
    return found


def _joined(parts: list[str]) -> list[str]:
    """Runs of the same part, or of the same pair, as one."""
    said: list[tuple[str, int]] = []
    at = 0
    while at < len(parts):
        width = 2 if parts[at : at + 2] == parts[at + 2 : at + 4] and len(set(parts[at : at + 2])) == 2 else 1
        unit, times = parts[at : at + width], 0
        while parts[at : at + width] == unit:
            times, at = times + 1, at + width
        said.append(("+".join(unit), times))
    return [unit if times == 1 else f"{unit}×{times}" for unit, times in said[:MOST_PARTS]]


def _text(kind: bytes) -> str:
    return kind.decode("latin-1").replace("\xa9", "©").strip("\0 ")


# MP4 and MOV


def _read_mp4(stream: BinaryIO, size: int, found: Inside) -> None:
    index = pictures = None
    for kind, at, length in _top_boxes(stream, size):
        found.parts.append(kind.decode("latin-1") if kind.isalnum() or kind.strip().isalnum() else "?")
        if kind == b"ftyp":
            stream.seek(at)
            found.brand = _text(stream.read(min(4, length)))
        elif kind == b"moov" and index is None and length <= LARGEST_TABLE:
            index = at
            stream.seek(at)
            with suppress(struct.error, ValueError, IndexError):
                _read_moov(memoryview(stream.read(length)), found)
        elif kind in (b"mdat", b"moof"):
            pictures = at if pictures is None else pictures
            found.fragmented = found.fragmented or kind == b"moof"
        elif kind == b"uuid" and length > 16:
            stream.seek(at)
            name = stream.read(16)
            if name == _XMP_UUID and not found.xmp:
                found.xmp = stream.read(min(length - 16, LARGEST_XMP))
            found.c2pa = found.c2pa or name == _C2PA_UUID
    if index is not None and pictures is not None:
        found.fast_start = index < pictures


def _top_boxes(stream: BinaryIO, size: int) -> Iterator[tuple[bytes, int, int]]:
    """The file's own boxes: kind, where the content begins, its length as far as the file has it."""
    at = 0
    for _ in range(MOST_BOXES):
        if at + 8 > size:
            return
        stream.seek(at)
        head = stream.read(16)
        length, kind, skip = *struct.unpack_from(">I4s", head), 8
        if length == 1:
            length, skip = struct.unpack_from(">Q", head, 8)[0], 16
        elif length == 0:
            length = size - at
        if length < skip:
            return
        yield kind, at + skip, min(length, size - at) - skip
        at += length


def _read_moov(data: memoryview, found: Inside) -> None:
    count, scale = [0], 1000
    for kind, body in boxes(data, count):
        if kind == b"mvhd":
            scale = struct.unpack_from(">I", body, 20 if body[0] else 12)[0] or 1000
        elif kind == b"trak":
            found.edits.append(_read_edits(body, scale, count))
        elif kind == b"meta":
            _read_meta(body, found, count)
        elif kind == b"udta":
            _read_user_data(body, found, count)


def _read_edits(track: memoryview, scale: int, count: list[int]) -> tuple[Edit, ...]:
    """The edit list of a track; times in the film's `scale` and in the media's own."""
    table, own = None, 0
    for kind, body in boxes(track, count):
        if kind == b"edts":
            table = next((inner for name, inner in boxes(body, count) if name == b"elst"), None)
        elif kind == b"mdia":
            own = next(
                (
                    struct.unpack_from(">I", inner, 20 if inner[0] else 12)[0]
                    for name, inner in boxes(body, count)
                    if name == b"mdhd"
                ),
                0,
            )
    if table is None or not own:
        return ()
    form = ">QqhH" if table[0] else ">IihH"
    step = struct.calcsize(form)
    rows = min(struct.unpack_from(">I", table, 4)[0], MOST_EDITS, (len(table) - 8) // step)
    edits = []
    for row in range(rows):
        seconds, start, whole, part = struct.unpack_from(form, table, 8 + row * step)
        shown_from = None if start < 0 else round(start / own, 4)
        edits.append(Edit(round(seconds / scale, 4), shown_from, whole + part / 65536))
    return tuple(edits)


def _read_user_data(data: memoryview, found: Inside, count: list[int]) -> None:
    for kind, body in boxes(data, count):
        if kind == b"meta":
            _read_meta(body, found, count)
        elif kind == b"XMP_" and not found.xmp:
            found.xmp = bytes(body[:LARGEST_XMP])
        elif kind[:1] == b"\xa9" and len(body) >= 4:
            found.label("udta", _text(kind), body[4 : 4 + struct.unpack_from(">H", body)[0]])


def _read_meta(data: memoryview, found: Inside, count: list[int]) -> None:
    """Keys and values. In MP4 four bytes of version come first, in QuickTime they do not."""
    handler, keys, values = b"", [], None
    for kind, body in boxes(data if bytes(data[4:8]) == b"hdlr" else data[4:], count):
        if kind == b"hdlr":
            handler = bytes(body[8:12])
        elif kind == b"keys":
            keys = [bytes(name) for _, name in boxes(body[8:], count)]
        elif kind == b"ilst":
            values = body
    if values is None:
        return
    for kind, body in boxes(values, count):
        number = int.from_bytes(kind, "big")
        key, text = _text(kind), None
        if handler == b"mdta":
            key = keys[number - 1].decode("utf-8", "replace") if 0 < number <= len(keys) else ""
        for name, inner in boxes(body, count):
            if name == b"data" and len(inner) >= 8:
                text = inner[8:]
            elif name == b"name" and kind == b"----":
                key = bytes(inner[4:204]).decode("utf-8", "replace")
        if text is not None and key:
            found.label("mdta" if handler == b"mdta" else "itunes", key, text)


# Matroska and WebM

_SEGMENT, _TAGS, _TAG, _SIMPLE, _NAME, _STRING = 0x18538067, 0x1254C367, 0x7373, 0x67C8, 0x45A3, 0x4487
_ELEMENTS = {
    0x1A45DFA3: "EBML", 0x114D9B74: "SeekHead", 0x1549A966: "Info", 0x1654AE6B: "Tracks", 0x1F43B675: "Cluster",
    0x1C53BB6B: "Cues", 0x1941A469: "Attachments", 0x1043A770: "Chapters", _TAGS: "Tags", 0xEC: "Void",
}  # fmt: skip


def _read_matroska(stream: BinaryIO, size: int, found: Inside) -> None:
    at, inside = 0, False
    for _ in range(MOST_BOXES):
        if at + 2 > size:
            return
        stream.seek(at)
        head = stream.read(12)
        element, used = ebml_number(head, 0, keep_marker=True)
        length, used = ebml_number(head, used, keep_marker=False)
        body = at + used
        if element == _SEGMENT and not inside:
            inside, at = True, body
            continue
        found.parts.append(_ELEMENTS.get(element, "?"))
        if length < 0:
            return
        if element == _TAGS and length <= LARGEST_TABLE:
            stream.seek(body)
            for kind, tag in elements(stream.read(length)):
                if kind == _TAG:
                    _read_tag(tag, found, 0)
        at = body + length


def _read_tag(tag: memoryview, found: Inside, depth: int) -> None:
    for kind, simple in elements(tag):
        if kind != _SIMPLE or depth > 4:
            continue
        name, text = b"", None
        for part, body in elements(simple):
            if part == _NAME:
                name = bytes(body[:200])
            elif part == _STRING:
                text = body
        if text is not None:
            found.label("tag", name.decode("utf-8", "replace").strip("\0"), text)
        _read_tag(simple, found, depth + 1)


# AVI


def _read_avi(stream: BinaryIO, size: int, found: Inside) -> None:
    at, end = 12, size
    for _ in range(MOST_BOXES):
        stream.seek(at)
        head = stream.read(12)
        if at + 8 > end or len(head) < 8:
            return
        kind, length = struct.unpack_from("<4sI", head)
        listed = head[8:12] if kind in (b"LIST", b"RIFF") else b""
        found.parts.append(_text(listed or kind))
        if kind == b"RIFF":  # an AVI of more than one gigabyte goes on in another of these
            at += 12
            continue
        if listed == b"INFO" and length <= LARGEST_TABLE:
            stream.seek(at + 12)
            data, spot = stream.read(length - 4), 0
            while spot + 8 <= len(data):
                name, long = struct.unpack_from("<4sI", data, spot)
                found.label("info", _text(name), data[spot + 8 : spot + 8 + long])
                spot += 8 + long + long % 2
        elif kind == b"_PMX":
            found.xmp = _read_part(stream, at + 8, min(length, LARGEST_XMP))
        elif kind == b"C2PA":
            found.c2pa = True
        at += 8 + length + length % 2


def _read_part(stream: BinaryIO, at: int, length: int) -> bytes:
    stream.seek(at)
    return stream.read(length)


# FLV: the first script tag


def _read_flv(stream: BinaryIO, size: int, found: Inside) -> None:
    at = int.from_bytes(_read_part(stream, 5, 4), "big") + 4
    for _ in range(8):
        head = _read_part(stream, at, 11)
        if len(head) < 11:
            return
        length = int.from_bytes(head[1:4], "big")
        if head[0] & 0x1F == 18:
            _read_script(_read_part(stream, at + 11, length), found)
            return
        at += 11 + length + 4


def _read_script(data: bytes, found: Inside) -> None:
    """AMF0: a name, then an array of named values; only numbers, truths and texts are read over."""
    at = 3 + struct.unpack_from(">H", data, 1)[0]
    at += 5 if data[at] == 8 else 1
    for _ in range(500):
        length = struct.unpack_from(">H", data, at)[0]
        key = data[at + 2 : at + 2 + length]
        at += 2 + length
        kind, at = data[at], at + 1
        if kind == 0:
            at += 8
        elif kind == 1:
            at += 1
        elif kind in (2, 12):
            head = 2 if kind == 2 else 4
            length = int.from_bytes(data[at : at + head], "big")
            found.label("script", key.decode("utf-8", "replace"), data[at + head : at + head + length])
            at += head + length
        else:
            return
