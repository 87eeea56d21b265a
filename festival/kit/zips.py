"""A zip that is sent while it is made."""

import io
from typing import Any


class Sink(io.RawIOBase):
    """Takes what zipfile writes, to be handed on piece by piece. It cannot go back, so sizes follow each file."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, data: Any) -> int:
        """Keep it until it is taken."""
        self.pieces.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        """What was written since the last time."""
        data, self.pieces = b"".join(self.pieces), []
        return data
