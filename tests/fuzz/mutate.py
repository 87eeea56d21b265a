"""Mutations of films. Everything comes from one random generator: the same seed and number give the same bytes."""

import random
import struct
from collections.abc import Callable, Sequence

INTERESTING = (0, 1, 2, 7, 8, 15, 16, 127, 128, 255, 256, 32767, 32768, 65535, 65536, (1 << 24) - 1, (1 << 31) - 1,
               1 << 31, (1 << 32) - 1, 1 << 32, (1 << 63) - 1, 1 << 63, (1 << 64) - 1)  # fmt: skip
LARGEST = 1 << 20

Span = tuple[int, int, int]
"""A part of a container: where it begins, where its content begins, where it ends."""


def mutant(films: Sequence[bytes], seed: int, number: int) -> tuple[bytes, str]:
    """Case `number` of a run with `seed`: its bytes, and what was done to which film."""
    chance = random.Random(f"{seed}:{number}")
    which = chance.randrange(len(films))
    data, done = bytearray(films[which]), [str(which)]
    for _ in range(chance.choice((1, 1, 1, 2, 3, 5))):
        change = chance.choice(CHANGES)
        other = films[chance.randrange(len(films))]
        change(data, chance, other)
        del data[LARGEST:]
        done.append(change.__name__)
    return bytes(data), " ".join(done)


# Blind changes


def _place(data: bytearray, chance: random.Random) -> int:
    """Anywhere; half the time among the first or last two kilobytes, where containers keep their tables."""
    if not data:
        return 0
    where = chance.random()
    if where < 0.35:
        return chance.randrange(min(len(data), 2048))
    if where < 0.6:
        return len(data) - 1 - chance.randrange(min(len(data), 2048))
    return chance.randrange(len(data))


def flip_bits(data: bytearray, chance: random.Random, _other: bytes) -> None:
    for _ in range(chance.choice((1, 1, 2, 8, 64))):
        if data:
            data[_place(data, chance)] ^= 1 << chance.randrange(8)


def set_number(data: bytearray, chance: random.Random, _other: bytes) -> None:
    width = chance.choice((1, 2, 4, 4, 8))
    value = chance.choice(INTERESTING) & ((1 << 8 * width) - 1)
    at = _place(data, chance)
    data[at : at + width] = value.to_bytes(width, chance.choice(("big", "little")))


def delete_chunk(data: bytearray, chance: random.Random, _other: bytes) -> None:
    at = _place(data, chance)
    del data[at : at + chance.choice((1, 4, 8, 100, 1000, 10_000))]


def repeat_chunk(data: bytearray, chance: random.Random, _other: bytes) -> None:
    at, length = _place(data, chance), chance.choice((1, 4, 8, 100, 1000))
    data[at:at] = data[at : at + length] * chance.choice((1, 1, 2, 50))


def swap_chunks(data: bytearray, chance: random.Random, _other: bytes) -> None:
    length = chance.choice((1, 4, 8, 100, 188, 1000))
    one, two = _place(data, chance), _place(data, chance)
    if abs(one - two) >= length and max(one, two) + length <= len(data):
        data[one : one + length], data[two : two + length] = (
            data[two : two + length],
            data[one : one + length],
        )


def blank_chunk(data: bytearray, chance: random.Random, _other: bytes) -> None:
    at, length = _place(data, chance), chance.choice((4, 100, 2000))
    data[at : at + length] = bytes([chance.choice((0, 255, 0x47))]) * len(data[at : at + length])


def truncate(data: bytearray, chance: random.Random, _other: bytes) -> None:
    del data[_place(data, chance) :]


def append(data: bytearray, chance: random.Random, other: bytes) -> None:
    data += chance.choice((bytes(1000), chance.randbytes(500), other))


def splice(data: bytearray, chance: random.Random, other: bytes) -> None:
    """The beginning of one film and the end of another."""
    data[_place(data, chance) :] = other[chance.randrange(len(other)) :]


# Changes that know the container


def parts(data: bytearray) -> list[Span]:
    """The boxes, elements, chunks, packets or triplets of which the container consists."""
    if data[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free"):
        return list(_boxes(data, 0, len(data), 0))
    if data[:4] == b"\x1a\x45\xdf\xa3":
        return list(_elements(data, 0, len(data), 0))
    if data[:4] == b"RIFF":
        return list(_chunks(data, 0, len(data), 0))
    if data[:1] == b"\x47":
        return [(at, at + 4, at + 188) for at in range(0, len(data) - 187, 188)]
    return list(_triplets(data))


_INNER = {
    b"moov",
    b"trak",
    b"mdia",
    b"minf",
    b"stbl",
    b"udta",
    b"edts",
    b"dinf",
    b"moof",
    b"traf",
    b"mvex",
    b"stsd",
}
_INNER_ELEMENTS = {0x18538067, 0x1654AE6B, 0xAE, 0xE0, 0xE1, 0x1F43B675, 0x1549A966, 0x114D9B74, 0x4DBB, 0x1C53BB6B,
                   0xBB, 0xB7, 0x1254C367, 0x7373, 0x67C8, 0xA0}  # fmt: skip


def _boxes(data: bytearray, at: int, end: int, depth: int) -> list[Span]:
    found: list[Span] = []
    while at + 8 <= end and len(found) < 2000:
        size, kind = struct.unpack_from(">I4s", data, at)
        if not 8 <= size <= end - at:
            break
        found.append((at, at + 8, at + size))
        if kind in _INNER and depth < 8:
            found += _boxes(data, at + (16 if kind == b"stsd" else 8), at + size, depth + 1)
        at += size
    return found


def _elements(data: bytearray, at: int, end: int, depth: int) -> list[Span]:
    found: list[Span] = []
    while at + 2 <= end and len(found) < 2000 and data[at]:
        length = 9 - data[at].bit_length()
        kind, start = int.from_bytes(data[at : at + length]), at + length
        if start >= end or not data[start]:
            break
        width = 9 - data[start].bit_length()
        size = int.from_bytes(data[start : start + width]) & ((1 << 7 * width) - 1)
        body = start + width
        stop = end if size == (1 << 7 * width) - 1 else body + size
        if stop > end:
            break
        found.append((at, body, stop))
        if kind in _INNER_ELEMENTS and depth < 6:
            found += _elements(data, body, stop, depth + 1)
        at = stop
    return found


def _chunks(data: bytearray, at: int, end: int, depth: int) -> list[Span]:
    found: list[Span] = []
    while at + 8 <= end and len(found) < 2000:
        kind, size = struct.unpack_from("<4sI", data, at)
        if size > end - at - 8:
            break
        found.append((at, at + 8, at + 8 + size))
        if kind in (b"RIFF", b"LIST") and depth < 5:
            found += _chunks(data, at + 12, at + 8 + size, depth + 1)
        at += 8 + size + (size & 1)
    return found


def _triplets(data: bytearray) -> list[Span]:
    """MXF: a key of sixteen bytes, a length, a value."""
    found: list[Span] = []
    at = data.find(b"\x06\x0e\x2b\x34")
    while 0 <= at <= len(data) - 17 and len(found) < 2000:
        first = data[at + 16]
        width = 1 + (first & 0x7F) if first & 0x80 else 1
        size = int.from_bytes(data[at + 17 : at + 16 + width]) if first & 0x80 else first
        found.append((at, at + 16 + width, min(len(data), at + 16 + width + size)))
        at = at + 16 + width + size
    return found


def _part(data: bytearray, chance: random.Random) -> Span | None:
    found = parts(data) if data else []
    return chance.choice(found) if found else None


def edit_length(data: bytearray, chance: random.Random, _other: bytes) -> None:
    """The size field of a part: nothing, everything, a little more, a little less."""
    part = _part(data, chance)
    if part is None:
        return
    start, body, stop = part
    size = stop - start
    value = chance.choice((0, 1, 7, 8, size - 1, size + 1, size // 2, size * 2, len(data), *INTERESTING))
    if data[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free"):
        data[start : start + 4] = (max(0, value) & 0xFFFFFFFF).to_bytes(4)
    elif data[:4] == b"RIFF":
        data[start + 4 : start + 8] = (max(0, value) & 0xFFFFFFFF).to_bytes(4, "little")
    else:
        for at in range(max(start, body - chance.choice((1, 2, 4, 8))), body):
            data[at : at + 1] = bytes([chance.choice((0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)))])


def edit_kind(data: bytearray, chance: random.Random, _other: bytes) -> None:
    """One part gets the name of another."""
    one, two = _part(data, chance), _part(data, chance)
    if one and two:
        width = min(4, one[1] - one[0], two[1] - two[0])
        data[one[1] - width : one[1]] = data[two[1] - width : two[1]]


def delete_part(data: bytearray, chance: random.Random, _other: bytes) -> None:
    if part := _part(data, chance):
        del data[part[0] : part[2]]


def repeat_part(data: bytearray, chance: random.Random, _other: bytes) -> None:
    if part := _part(data, chance):
        whole = data[part[0] : part[2]]
        data[part[0] : part[0]] = whole * chance.choice(
            (1, 1, 3, min(100, 1 + 200_000 // max(1, len(whole))))
        )


def swap_parts(data: bytearray, chance: random.Random, _other: bytes) -> None:
    one, two = sorted([_part(data, chance) or (0, 0, 0), _part(data, chance) or (0, 0, 0)])
    if one[2] <= two[0]:
        first, second = data[one[0] : one[2]], data[two[0] : two[2]]
        data[two[0] : two[2]] = first
        data[one[0] : one[2]] = second


def borrow_part(data: bytearray, chance: random.Random, other: bytes) -> None:
    """A part of another film, which may be of another container, is put in."""
    part, strange = _part(data, chance), _part(bytearray(other), chance)
    if part and strange:
        data[part[0] : part[0]] = other[strange[0] : strange[2]]


def edit_content(data: bytearray, chance: random.Random, _other: bytes) -> None:
    """A number inside one part, near its beginning, where counts and sizes stand."""
    if part := _part(data, chance):
        width = chance.choice((1, 2, 4, 8))
        at = part[1] + chance.randrange(max(1, min(64, part[2] - part[1])))
        order = chance.choice(("big", "little"))
        data[at : at + width] = (chance.choice(INTERESTING) & ((1 << 8 * width) - 1)).to_bytes(width, order)


CHANGES: tuple[Callable[[bytearray, random.Random, bytes], None], ...] = (
    flip_bits, flip_bits, set_number, delete_chunk, repeat_chunk, swap_chunks, blank_chunk, truncate, append, splice,
    edit_length, edit_length, edit_kind, delete_part, repeat_part, swap_parts, borrow_part, edit_content, edit_content,
)  # fmt: skip
