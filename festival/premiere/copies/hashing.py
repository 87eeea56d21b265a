"""SHA-256 of files of any size, and lists of such sums as `sha256sum` writes and reads them."""

import hashlib
import re
from collections.abc import Callable, Iterable
from pathlib import Path

CHUNK = 8 * 1024 * 1024
LINE = re.compile(r"([0-9A-Fa-f]{64}) [ *](.+)")
Watcher = Callable[[int, int], None]  # bytes read, and of how many


class NoSums(ValueError):
    """A sentence that says what is wrong with a list of sums."""


def sha256_of(path: Path, watch: Watcher | None = None) -> str:
    """The digest in small letters. `watch` hears after every 8 MiB. OSError where the file cannot be read."""
    total, done = path.stat().st_size, 0
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            done += len(chunk)
            if watch:
                watch(done, total)
    return digest.hexdigest()


def sums_text(rows: Iterable[tuple[str, str]]) -> str:
    """Digests and names as a list that `sha256sum --check` takes. Names are those of files, without folders."""
    return "".join(f"{digest} *{Path(name).name}\n" for digest, name in rows)


def read_sums(text: str) -> dict[str, str]:
    """Digests by the name of the file. NoSums for a line that is none, or a name that has two."""
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        match = LINE.fullmatch(line.rstrip())
        if match is None:
            raise NoSums(f"line {number}: this is not a sum and a file's name.")
        digest, name = match[1].lower(), Path(match[2]).name
        if found.setdefault(name, digest) != digest:
            raise NoSums(f"line {number}: {name} is there twice with different sums.")
    return found
