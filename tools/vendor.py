"""Bring front-end files into the tree: `python -m tools.vendor`. For maintenance; the site runs without Node.

Each package is packed by npm, its tarball compared with the registry's sha512, the named files and the
licence taken out, and their sha384 written into static/vendor/vendor.lock.json, which tests/test_vendor.py
compares with the files again.
"""

import base64
import hashlib
import io
import json
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "static" / "vendor" / "vendor.lock.json"


@dataclass(frozen=True)
class Package:
    """One npm package: which files are taken, where to, and under which licence they stay."""

    name: str
    version: str
    licence: str
    folder: str
    files: tuple[str, ...]


PACKAGES = (
    Package("htmx.org", "4.0.1", "0BSD", "static/vendor/htmx", ("dist/htmx.min.js", "LICENSE")),
    Package("sortablejs", "1.15.7", "MIT", "static/vendor/sortable", ("Sortable.min.js", "LICENSE")),
    # SHA-256 of files larger than memory, a piece at a time: the browser's own wants the whole file at once.
    Package(
        "@noble/hashes",
        "2.4.0",
        "MIT",
        "static/vendor/noble-hashes",
        ("sha2.js", "_md.js", "_u64.js", "utils.js", "LICENSE"),
    ),
    # Used by tests alone and never served; MPL-2.0 asks that the file stays under its own licence.
    Package("axe-core", "4.14.1", "MPL-2.0", "tests/vendor/axe", ("axe.min.js", "LICENSE")),
)


def digest(data: bytes, algorithm: str) -> str:
    """Subresource-integrity form: "sha384-…" in base64."""
    return f"{algorithm}-{base64.b64encode(hashlib.new(algorithm, data).digest()).decode()}"


def fetch(package: Package) -> tuple[str, dict[str, bytes]]:
    """The package's integrity and its wanted files by path. SystemExit when another tarball came than promised."""
    spec = f"{package.name}@{package.version}"
    promised = _npm("view", spec, "dist.integrity", "--json")
    with tempfile.TemporaryDirectory() as folder:
        _npm("pack", spec, "--silent", "--pack-destination", folder)
        [path] = Path(folder).glob("*.tgz")
        data = path.read_bytes()
    found = digest(data, "sha512")
    if found != json.loads(promised):
        raise SystemExit(f"{spec}: the tarball is {found}, but the registry promised {promised.strip()}.")
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        files = {}
        for name in package.files:
            member = tar.extractfile(f"package/{name}")
            if member is None:
                raise SystemExit(f"{spec}: {name} is not a file.")
            files[name] = member.read()
    return found, files


def vendor() -> None:
    """Write every wanted file and the lock file."""
    lock = {}
    for package in PACKAGES:
        integrity, files = fetch(package)
        hashes = {}
        for name, data in files.items():
            path = ROOT / package.folder / PurePosixPath(name).name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            hashes[path.relative_to(ROOT).as_posix()] = digest(data, "sha384")
        lock[f"{package.name}@{package.version}"] = {
            "licence": package.licence,
            "integrity": integrity,
            "files": hashes,
        }
        print(f"{package.name} {package.version}: {len(hashes)} files")
    LOCK.write_text(json.dumps(lock, indent=2) + "\n")


def _npm(*words: str) -> str:
    return subprocess.run(["npm", *words], check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    vendor()
