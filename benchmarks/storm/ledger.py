"""What was said between the crowd and the server, one line for each request. The verdict is held against it."""

import json
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any


@dataclass(frozen=True, slots=True)
class Line:
    """One request. `status` 0: no answer came, and `code` says how it broke off.

    `sent` and `heard` are seconds since 1970.
    """

    who: int
    what: str  # page, create, sign, part, list, complete, abort, submit; or gave_up, broken
    sent: float
    heard: float
    status: int
    code: str = ""
    upload: str = ""
    number: int = 0  # of the part, or of the version
    size: int = 0
    etag: str = ""
    again: int = 0  # how often it had been tried before
    store: bool = False  # it went to the bucket, not to the site
    said: str = ""

    @property
    def good(self) -> bool:
        return 200 <= self.status < 400

    @property
    def took(self) -> float:
        return self.heard - self.sent


class Ledger:
    """Written line by line, so that others can read along while it grows."""

    def __init__(self, file: IO[str]) -> None:
        self.file = file

    def add(self, who: int, what: str, sent: float, status: int, **more: Any) -> None:
        line = Line(who, what, sent, time.time(), status, **more)
        self.file.write(json.dumps(asdict(line)) + "\n")
        self.file.flush()

    def broken(self, who: int, said: str, upload: str = "") -> None:
        """Something that must not be."""
        self.add(who, "broken", time.time(), 0, said=said, upload=upload)


def read(path: Path) -> Iterator[Line]:
    with open(path) as file:
        for text in file:
            if text.endswith("\n"):  # the last one may be half written
                yield Line(**json.loads(text))
