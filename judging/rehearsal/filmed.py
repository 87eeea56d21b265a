"""Real films of a rehearsal: small ones with planted faults, made in a moment, and their inspection."""

import hashlib
import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from festival.edition.rulebook import Rulebook
from submissions.inspection.runner import inspect_film
from submissions.inspection.scenery.damage import cut_short
from submissions.inspection.synthetic import Black, Fault, Flash, Freeze, Loud, Silence, make_film

TRUTH = "planted.json"
UNREADABLE = "unreadable"  # the end of the file is missing, and with it the index
SMALL = {"width": 320, "height": 180, "seconds": 8.0, "fps": 24}
KINDS: tuple[tuple[str, tuple[Fault, ...]], ...] = (
    ("", ()),
    ("", ()),
    ("", ()),
    ("black", (Black(3.0, 6.5),)),
    ("freeze", (Freeze(2.0, 5.5),)),
    ("silence", (Silence(2.0, 6.0),)),
    ("loudness", (Loud(-7.0),)),
    ("flash", (Flash(3.0, 4.5),)),
    (UNREADABLE, ()),
)
RULES = """\
version = "1"
[audio]
loudness_min = -30
loudness_max = -9
severity = { loudness = "fix" }
[black]
max_seconds = 2
severity = "fix"
[freeze]
max_seconds = 2
severity = "fix"
[silence]
max_seconds = 2
severity = "fix"
[flash]
safe = true
severity = "fix"
"""
"""For the planted films, smaller and shorter than a contest takes: what is planted is to be mended."""

MOST = 40
ENDINGS = frozenset((".mp4", ".mov", ".mkv", ".webm", ".avi", ".ts"))


@dataclass(frozen=True, slots=True)
class Filmed:
    """`reports` with the bytes of each; `planted` and `found`: faults; `false`: rules that no fault stands behind."""

    reports: list[tuple[dict[str, Any], int]]
    weighs: bool = True  # whether contests are made of such films: the planted ones are tiny
    planted: int = 0
    found: int = 0
    false: int = 0

    @property
    def row(self) -> dict[str, int]:
        return {
            "films": len(self.reports),
            "planted": self.planted,
            "found": self.found,
            "false": self.false,
        }


def plant(folder: Path, kinds: Sequence[tuple[str, tuple[Fault, ...]]] = KINDS) -> None:
    """Make a film of each kind, and write down what is in which."""
    folder.mkdir(parents=True, exist_ok=True)
    truth = {}
    for number, (rule, faults) in enumerate(kinds, 1):
        path = folder / f"{rule or 'clean'}-{number}.mp4"
        if rule == UNREADABLE:
            whole = folder / "whole.mp4"
            make_film(whole, seed=number, **SMALL)
            cut_short(whole, path, 0.6)
            whole.unlink()
        else:
            make_film(path, seed=number, faults=faults, **SMALL)
        truth[path.name] = rule
    (folder / TRUTH).write_text(json.dumps(truth, indent=1) + "\n")


def inspect_all(folder: Path, rulebook: Rulebook, said: Callable[[str], None] = lambda _name: None) -> Filmed:
    """Inspect the films of a folder as a worker does, judges' copies included; an empty one is planted first.

    Films that were planted are judged by RULES, others by `rulebook`. Raises ValueError for a folder without films.
    """
    if not folder.exists() or not any(folder.iterdir()):
        plant(folder)
    truth: dict[str, str] = json.loads((folder / TRUTH).read_text()) if (folder / TRUTH).exists() else {}
    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in ENDINGS)[:MOST]
    if not paths:
        raise ValueError(f"There are no films in {folder}.")
    small = Rulebook.from_toml(RULES)
    reports, found, false = [], 0, 0
    for path in paths:
        said(path.name)
        with tempfile.TemporaryDirectory(prefix="rehearsal-") as scratch:
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            report = inspect_film(
                path, small if path.name in truth else rulebook, scratch, sha256=digest, copy=True
            )
        kept = report.copy.bytes if report.copy else 0
        reports.append((report.as_dict(), path.stat().st_size + kept))
        if path.name in truth:
            broken = {each.rule for each in report.findings if each.severity in ("fix", "block")}
            broken |= {UNREADABLE} & {report.verdict}
            found += truth[path.name] in broken
            false += len(broken - {truth[path.name]})
    return Filmed(reports, not truth, sum(map(bool, truth.values())), found, false)


def usable(films: Sequence[tuple[dict[str, Any], int]]) -> list[dict[str, Any]]:
    """The reports that synthetic films can be given: of those that could be read."""
    return [report for report, _bytes in films if report["verdict"] in ("pass", "note", "fix", "block")]
