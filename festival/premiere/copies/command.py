"""`python -m festival.premiere check`: whether what lies on the drive is what was approved."""

import sys
from collections.abc import Sequence
from pathlib import Path

from festival.premiere.copies import dcp
from festival.premiere.copies.hashing import NoSums, read_sums, sha256_of


def run(copies: Sequence[Path], sums: Path | None) -> int:
    """A line for each copy. 0 when all are whole; 1 when one is not, or nothing says so; 2 for a list that is none."""
    known: dict[str, str] = {}
    if sums:
        try:
            known = read_sums(sums.read_text(encoding="utf-8-sig"))
        except (OSError, UnicodeDecodeError, NoSums) as error:
            print(f"{sums}: {error}", file=sys.stderr)
            return 2
    return max([_folder(path, known) if path.is_dir() else _file(path, known) for path in copies])


def _file(path: Path, known: dict[str, str]) -> int:
    try:
        digest = sha256_of(path, _tell)
    except OSError as error:
        print(f"{path}: {error.strerror or error}.", file=sys.stderr)
        return 1
    expected = known.get(path.name)
    if expected is None:
        print(f"{digest} *{path.name}")
        if known:
            print(f"{path.name}: the list does not name this file.", file=sys.stderr)
        return int(bool(known))
    if digest == expected:
        print(f"{path.name}: whole, the approved copy.")
        return 0
    print(f"{path.name}: this is NOT the approved copy. Its sum is {digest}, and should be {expected}.")
    return 1


def _folder(path: Path, known: dict[str, str]) -> int:
    """The packing list says what the package is: its sum is that of the copy."""
    faults = dcp.check(path, _tell)
    lists = dcp.packing_lists(path) if not faults else []
    if known and lists and not any(known.get(one.name) == sha256_of(one) for one in lists):
        print(
            f"{path.name}: this is NOT the approved copy: its packing list is not the one on the list of sums."
        )
        return 1
    approved = ", the approved copy" if known and lists else ""
    for fault in faults:
        print(f"{path.name}: {dcp.sentence(fault)}")
    said = dcp.judged(path) if not faults else []
    for line in said or ():
        print(f"{path.name}: {line}")
    if not faults:
        checker = "" if said is not None else " ClairMeta is not installed: nothing more was looked at."
        print(f"{path.name}: every file is there and whole{approved}.{checker}")
    return int(bool(faults) or any(line.startswith("ERROR") for line in said or ()))


def _tell(done: int, total: int) -> None:
    if sys.stderr.isatty():
        end = "\n" if done >= total else ""
        print(f"\r{done * 100 // max(total, 1):3d} %", end=end, file=sys.stderr)
