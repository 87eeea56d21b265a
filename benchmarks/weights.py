"""What a second of film weighs for a contest: CPU of its inspection with a judges' copy, and bytes kept.

python -m benchmarks.weights

Films of several kinds, with grain and bit rates as festivals get them, are made here and inspected as a worker does,
each once short and once three times as long: the difference is what further seconds cost, so that neither start-up nor
what is done once for each film counts. MIX says how many of each kind a contest is taken to have: an assumption.
"""

import hashlib
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.cost import Kind, lengthened, make, make_source
from festival.edition.rulebook import Rulebook
from submissions.inspection.runner import inspect_film

LONGER = 3
RATE = {"preset": "fast", "b": "9M", "maxrate": "14M", "bufsize": "18M"}
MIX = (
    (0.60, Kind("H.264 1080p", "mp4", "libx264", RATE, seconds=8)),
    (0.25, Kind("H.264 1080 × 1920, vertical", "mp4", "libx264", RATE, seconds=8, size=(1080, 1920))),
    (0.10, Kind("HEVC 10 bit 4K", "mp4", "libx265", {"preset": "veryfast", "b": "21M"}, 3,
                size=(3840, 2160), form="yuv420p10le")),
    (0.05, Kind("ProRes 1080p", "mov", "prores_ks", {}, 4, form="yuv422p10le")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seen:
    """An inspected film: its length, CPU seconds, and bytes of film and copy."""

    seconds: float
    cpu: float
    original: int
    copy: int


def inspected(path: Path) -> Seen:
    """Inspect a film as a worker does, with a copy for the judges."""
    with tempfile.TemporaryDirectory(prefix="weights-") as scratch:
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        report = inspect_film(path, Rulebook(), scratch, sha256=sha256, copy=True)
    if report.video is None or report.video.duration is None:
        raise SystemExit(f"{path.name} could not be inspected: {report.verdict}")
    cpu = float(report.as_dict()["cost"]["cpu"])
    copy = report.copy.bytes if report.copy else 0
    return Seen(float(report.video.duration), cpu, path.stat().st_size, copy)


def main() -> int:
    """Print the table and what the mix weighs."""
    cpu = original = copy = 0.0
    print("| film | share | CPU seconds | bytes as it came | bytes of the copy |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="weights-") as name:
        folder = Path(name)
        source = make_source(folder)
        for share, kind in MIX:
            short = make(
                Kind(**{each: getattr(kind, each) for each in kind.__slots__} | {"times": 1}), source, folder
            )
            once, thrice = inspected(short), inspected(lengthened(short, LONGER))
            more = thrice.seconds - once.seconds
            row = ((thrice.cpu - once.cpu) / more, (thrice.original - once.original) / more,
                   (thrice.copy - once.copy) / more)  # fmt: skip
            print(f"| {kind.name} | {share:.0%} | {row[0]:.2f} | {row[1]:,.0f} | {row[2]:,.0f} |", flush=True)
            cpu, original, copy = cpu + share * row[0], original + share * row[1], copy + share * row[2]
    print(f"| the mix | | {cpu:.2f} | {original:,.0f} | {copy:,.0f} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
