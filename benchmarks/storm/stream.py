"""The bytes of a film of the storm: made from a number, so that nobody has to keep them to know their hash."""

import hashlib
import random
import struct
from collections.abc import Iterator
from functools import cached_property

BLOCK = 64 << 10
MARK = struct.Struct(
    ">QQ"
)  # every block begins with whose it is and which one: none can stand in for another
POOL = random.Random(0).randbytes(4 << 20)
MIX = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F)


class Film:
    """`size` bytes that follow from `seed`; behind `head`, a real film, they stand in a box that players skip."""

    def __init__(self, seed: int, size: int, head: bytes = b"") -> None:
        if head:
            filling = max(16, size - len(head))
            head += struct.pack(">I4s", filling, b"free")
            size = len(head) - 8 + filling
        self.seed, self.size, self.head = seed, size, head

    def pieces(self, start: int, length: int) -> Iterator[memoryview]:
        """These bytes in order, without copying more than the marks."""
        end = min(start + length, self.size)
        if start < len(self.head):
            yield memoryview(self.head)[start:end]
            start = len(self.head)
        while start < end:
            number, skip = divmod(start - len(self.head), BLOCK)
            mark, most = MARK.pack(self.seed, number), min(BLOCK, skip + end - start)
            if skip < len(mark):
                yield memoryview(mark)[skip:most]
                skip = len(mark)
            if skip < most:
                at = (self.seed * MIX[0] + number * MIX[1]) % (len(POOL) - BLOCK)
                yield memoryview(POOL)[at + skip : at + most]
            start = len(self.head) + number * BLOCK + most

    def md5(self, start: int, length: int) -> str:
        digest = hashlib.md5(usedforsecurity=False)
        for piece in self.pieces(start, length):
            digest.update(piece)
        return digest.hexdigest()

    @cached_property
    def sha256(self) -> str:
        digest = hashlib.sha256()
        for piece in self.pieces(0, self.size):
            digest.update(piece)
        return digest.hexdigest()
