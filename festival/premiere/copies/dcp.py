"""A folder with a digital cinema package: whether every file is there, whole, and as its packing list says.

SMPTE ST 429-8 (packing list) and 429-9 (asset map), and the older Interop names of the same. Nothing is played or
decrypted. Where ClairMeta is installed it judges the rest (`clairmeta check -type dcp`), as a program of its own.
"""

import base64
import binascii
import hashlib
import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree

from festival.premiere.copies.hashing import CHUNK, Watcher

MAPS = ("ASSETMAP.xml", "ASSETMAP")
LARGEST_XML = 20 * 1024 * 1024
CHECKER = "clairmeta"
MINUTES = 60  # after which the checker is stopped


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong: `code`, and the file or the number that it is about."""

    code: str
    what: str = ""


SENTENCES = {
    "no_map": "There is no ASSETMAP in this folder: it is no digital cinema package.",
    "unreadable": "{what} cannot be read as XML.",
    "outside": "The asset map names a file outside the folder: {what}.",
    "no_list": "There is no packing list in this folder.",
    "unlisted": "The packing list names {what}, which the asset map does not have.",
    "missing": "{what} is missing.",
    "size": "{what} does not have the size that the packing list says: it was not copied whole.",
    "hash": "{what} is not the file that was packed: its hash is another.",
    "no_hash": "The packing list has no hash for {what}.",
}


def sentence(fault: Fault) -> str:
    """In English, for the shell."""
    return SENTENCES[fault.code].format(what=fault.what)


def packing_lists(folder: Path) -> list[Path]:
    """Where the packing lists lie that the asset map names; [] where there is no map that can be read."""
    found = _map_of(folder)
    tree = _read(found) if found else None
    return _places(tree, folder)[2] if tree is not None else []


def _map_of(folder: Path) -> Path | None:
    return next((folder / name for name in MAPS if (folder / name).is_file()), None)


def check(folder: Path, watch: Watcher | None = None) -> list[Fault]:
    """Everything that is wrong with the package, in the order in which it is found; [] for a whole one."""
    found = _map_of(folder)
    if found is None:
        return [Fault("no_map")]
    tree = _read(found)
    if tree is None:
        return [Fault("unreadable", found.name)]
    places, faults, lists = _places(tree, folder)
    if faults:
        return faults
    if not lists:
        return [Fault("no_list")]
    work = []
    for path in lists:
        packed = _read(path) if path.is_file() else None
        if packed is None:
            faults.append(Fault("missing" if not path.is_file() else "unreadable", path.name))
            continue
        for number, digest, size in _packed(packed):
            if number not in places:
                faults.append(Fault("unlisted", number))
            else:
                work.append((places[number], digest, size))
    return faults + _files(work, watch)


def _files(work: list[tuple[Path, str, int | None]], watch: Watcher | None) -> list[Fault]:
    total = sum(path.stat().st_size for path, _digest, _size in work if path.is_file())
    done, faults = 0, []
    for path, digest, size in work:
        if not path.is_file():
            faults.append(Fault("missing", path.name))
        elif size is not None and path.stat().st_size != size:
            faults.append(Fault("size", path.name))
            done += path.stat().st_size
        elif not digest:
            faults.append(Fault("no_hash", path.name))
        else:
            read = hashlib.sha1(usedforsecurity=False)  # the packing list's own
            with path.open("rb") as file:
                while chunk := file.read(CHUNK):
                    read.update(chunk)
                    done += len(chunk)
                    if watch:
                        watch(done, total)
            if read.digest() != _bytes(digest):
                faults.append(Fault("hash", path.name))
    return faults


def _bytes(digest: str) -> bytes:
    try:
        return base64.b64decode(digest, validate=True)
    except binascii.Error:
        return b""


def _read(path: Path) -> ElementTree.Element | None:
    try:
        if path.stat().st_size > LARGEST_XML:
            return None
        return ElementTree.fromstring(path.read_bytes())  # noqa: S314 (expat stops entities that grow)
    except (OSError, ElementTree.ParseError):
        return None


def _places(tree: ElementTree.Element, folder: Path) -> tuple[dict[str, Path], list[Fault], list[Path]]:
    """Where each asset lies by its number, and which are packing lists."""
    places: dict[str, Path] = {}
    lists = []
    for asset in _all(tree, "Asset"):
        number, name = _text(asset, "Id"), _text(asset, "Path")
        way = PurePosixPath(name.removeprefix("file://"))
        if way.is_absolute() or ".." in way.parts:
            return {}, [Fault("outside", name)], []
        places[number] = folder / way
        if _first(asset, "PackingList") is not None:
            lists.append(places[number])
    return places, [], lists


def _packed(tree: ElementTree.Element) -> Iterator[tuple[str, str, int | None]]:
    for asset in _all(tree, "Asset"):
        size = _text(asset, "Size")
        yield (
            _text(asset, "Id"),
            _text(asset, "Hash"),
            int(size) if size.isdecimal() and len(size) < 19 else None,
        )


def _name(element: ElementTree.Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _all(tree: ElementTree.Element, name: str) -> Iterator[ElementTree.Element]:
    return (one for one in tree.iter() if _name(one) == name)


def _first(tree: ElementTree.Element, name: str) -> ElementTree.Element | None:
    return next(_all(tree, name), None)


def _text(tree: ElementTree.Element, name: str) -> str:
    found = _first(tree, name)
    return (found.text or "").strip() if found is not None else ""


def judged(folder: Path) -> list[str] | None:
    """What ClairMeta says against the package, a line each; None where it is not installed or gives no answer."""
    program = shutil.which(CHECKER)
    if program is None:
        return None
    try:
        done = subprocess.run(
            [program, "check", "-type", "dcp", "-format", "json", str(folder)],
            capture_output=True, text=True, timeout=60 * MINUTES, check=False,
        )  # fmt: skip
        answer = json.loads(done.stdout[done.stdout.index("{") :])
    except (subprocess.TimeoutExpired, ValueError):
        return None
    return [str(one) for one in _errors(answer)]


def _errors(answer: object) -> Iterator[str]:
    if isinstance(answer, dict):
        if answer.get("criticality") in ("ERROR", "WARNING") and answer.get("message"):
            yield f"{answer['criticality']}: {answer['message']}"
        for value in answer.values():
            yield from _errors(value)
    elif isinstance(answer, list):
        for value in answer:
            yield from _errors(value)
