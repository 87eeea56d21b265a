"""The films of an import: a folder, or a prefix of a bucket. Found by the manifest's name or by the row's number."""

import os
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

BLOCK = 1 << 20
FILM_ENDINGS = frozenset(
    (".mp4", ".mov", ".m4v", ".mkv", ".webm", ".avi", ".mxf", ".ts", ".mts", ".m2ts", ".mpg", ".mpeg", ".wmv")
)


@dataclass(frozen=True, slots=True)
class FilmFile:
    """A film waiting to be brought in; `name` is its path below the folder or prefix."""

    name: str
    size: int


class Films(Protocol):
    """Where the films lie."""

    def files(self) -> Iterator[FilmFile]:
        """Every film file, in no order."""

    def blocks(self, film: FilmFile) -> Iterator[bytes]:
        """Its bytes. Raises OSError when it cannot be read."""


class Folder:
    """A folder with everything below it. Links are not followed: they may lead anywhere."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        if not self.path.is_dir():
            raise OSError(f"{path} is no folder")

    def files(self) -> Iterator[FilmFile]:
        for folder, _folders, names in os.walk(self.path):
            for name in names:
                path = Path(folder) / name
                if path.suffix.lower() in FILM_ENDINGS and not path.is_symlink():
                    yield FilmFile(path.relative_to(self.path).as_posix(), path.stat().st_size)

    def blocks(self, film: FilmFile) -> Iterator[bytes]:
        with open(self.path / film.name, "rb") as file:
            while block := file.read(BLOCK):
                yield block


class Prefix:
    """A prefix of a bucket: s3://bucket/prefix, read with `client` (boto3)."""

    def __init__(self, address: str, client: Any) -> None:
        place = urlsplit(address)
        self.bucket, self.prefix, self.client = place.netloc, place.path.lstrip("/"), client
        if not self.bucket:
            raise OSError(f"{address} names no bucket")

    def files(self) -> Iterator[FilmFile]:
        for page in self.client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket, Prefix=self.prefix
        ):
            for row in page.get("Contents", ()):
                name = row["Key"][len(self.prefix) :].lstrip("/")
                if name and os.path.splitext(name)[1].lower() in FILM_ENDINGS:
                    yield FilmFile(name, row["Size"])

    def blocks(self, film: FilmFile) -> Iterator[bytes]:
        separator = "" if not self.prefix or self.prefix.endswith("/") else "/"
        body = self.client.get_object(Bucket=self.bucket, Key=f"{self.prefix}{separator}{film.name}")["Body"]
        yield from body.iter_chunks(BLOCK)


class FilmIndex:
    """The films by name, by stem, and by the words at the beginning of their names. Made once for an import."""

    def __init__(self, films: Films) -> None:
        self._by: dict[str, list[FilmFile]] = {}
        self.count = 0
        for film in films.files():
            self.count += 1
            for name in _names(film.name):
                self._by.setdefault(name, []).append(film)

    def find(self, *wanted: str) -> list[FilmFile]:
        """The films of the first of `wanted` that has any: several mean that it cannot be told which."""
        for name in wanted:
            found = self._by.get(plain(name)) if name else None
            if found:
                return sorted(found, key=lambda film: film.name)
        return []


def plain(name: str) -> str:
    """A name as it is compared: whatever system wrote it, without regard to small and capital letters."""
    return unicodedata.normalize("NFC", name).strip().casefold()


def _names(name: str) -> set[str]:
    """Under which names a file is found: its path, its name, its stem, and the number that its name begins with."""
    whole = plain(name)
    base = whole.rpartition("/")[2]
    stem = base.rpartition(".")[0] or base
    # "1042_The Lamp.mp4" and "FF-1042 The Lamp.mp4" are found by 1042 and FF-1042; "The Lamp.mp4" is not by "the".
    first = {re.split(separators, stem, maxsplit=1)[0] for separators in (r"[\s_]+", r"[\s_.—–-]+")}
    return {whole, base, stem} | {name for name in first if any(char.isdigit() for char in name)}
