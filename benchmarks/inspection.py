"""What an inspection costs and what it finds.

python -m benchmarks.inspection            cost of H.264 1080p, and precision and recall over the planted corpus
python -m benchmarks.inspection --all      cost also of HEVC 10 bit 4K, VP9, AV1 and ProRes
python -m benchmarks.inspection --cost     only the cost
python -m benchmarks.inspection --truth    only the corpus; with --only picture, sound or file a part of it
python -m benchmarks.inspection --beside   the same films seen by FFmpeg's own filters
python -m benchmarks.inspection --fetch DIR, then --real DIR: real films
"""

import argparse
import sys
from pathlib import Path

from benchmarks.beside import beside
from benchmarks.cost import bare_loop, table
from benchmarks.real import fetch, real
from benchmarks.truth import CORPORA, truth

RUNS = 5


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.inspection", description="Cost and truth.")
    parser.add_argument("--all", action="store_true", help="every codec")
    parser.add_argument("--cost", action="store_true", help="only the cost")
    parser.add_argument("--truth", action="store_true", help="only the planted corpus")
    parser.add_argument("--only", choices=CORPORA, help="one part of the corpus")
    parser.add_argument("--fetch", metavar="DIR", type=Path, help="put real films into a folder, for --real")
    parser.add_argument("--real", metavar="DIR", type=Path, help="only real films, those in a folder")
    parser.add_argument("--beside", action="store_true", help="only the comparison with FFmpeg's own filters")
    parser.add_argument("--jobs", type=int, default=2, help="films of the corpus tried at a time")
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--bare", metavar="FILM", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.bare:
        bare_loop(asked.bare)
        return 0
    if asked.fetch:
        fetch(asked.fetch)
        return 0
    if asked.real or asked.beside:
        print(*(real(asked.real) if asked.real else beside()), sep="\n")
        return 0
    if not asked.truth:
        print(*table(asked.all, asked.runs), sep="\n")
    if not asked.cost:
        print(*truth(asked.only, asked.jobs), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
