"""Vendored front-end files are, byte for byte, what was taken from their packages."""

import json

from tools.vendor import LOCK, PACKAGES, ROOT, digest


def test_files_match_the_lock() -> None:
    lock = json.loads(LOCK.read_text())
    written = {path: sha for entry in lock.values() for path, sha in entry["files"].items()}
    found = {path: digest((ROOT / path).read_bytes(), "sha384") for path in written}
    assert found == written


def test_lock_holds_exactly_the_wanted_packages() -> None:
    lock = json.loads(LOCK.read_text())
    assert {name: len(entry["files"]) for name, entry in lock.items()} == {
        f"{package.name}@{package.version}": len(package.files) for package in PACKAGES
    }


def test_no_file_without_a_hash() -> None:
    lock = json.loads(LOCK.read_text())
    written = {path for entry in lock.values() for path in entry["files"]}
    folders = (ROOT / "static" / "vendor", ROOT / "tests" / "vendor")
    present = {
        path.relative_to(ROOT).as_posix()
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file()
    }
    assert present - {LOCK.relative_to(ROOT).as_posix()} == written
