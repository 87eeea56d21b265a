"""What an inspection costs and what it finds.

    python -m benchmarks.inspection            cost of H.264 1080p, and precision and recall over the planted corpus
    python -m benchmarks.inspection --all      cost also of HEVC 10 bit 4K, VP9, AV1 and ProRes
    python -m benchmarks.inspection --cost     only the cost
    python -m benchmarks.inspection --truth    only the corpus; with --only picture, sound or file a part of it
    python -m benchmarks.inspection --beside   the same films seen by FFmpeg's own filters
    python -m benchmarks.inspection --fetch DIR, then --real DIR: real films

Cost is the CPU of a whole inspection in its child, start-up and pictures for people included, against that of a bare
decode loop of picture and sound of the same file with the same threads, in runs that take turns.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.beside import beside
from benchmarks.real import fetch, real
from benchmarks.truth import CORPORA, truth
from submissions.inspection.limits import DEFAULT_LIMITS
from submissions.inspection.runner import run_limited
from submissions.inspection.synthetic import make_film

H264 = {"width": 1920, "height": 1080, "seconds": 20.0, "video_options": {"preset": "veryfast", "crf": "20"}}
FILMS: dict[str, tuple[str, dict[str, Any]]] = {
    "H.264 1080p": ("film.mp4", H264),
    "HEVC 10 bit 4K": ("film.mp4", {
        "width": 3840, "height": 2160, "seconds": 6.0, "codec": "libx265", "pix_fmt": "yuv420p10le",
        "video_options": {"preset": "ultrafast", "crf": "24"},
    }),
    "VP9 1080p": ("film.webm", {
        "width": 1920, "height": 1080, "seconds": 10.0, "codec": "libvpx-vp9", "audio_codec": "libopus",
        "video_options": {"deadline": "realtime", "cpu-used": "8", "b": "8M"},
    }),
    "AV1 1080p": ("film.mp4", {
        "width": 1920, "height": 1080, "seconds": 10.0, "codec": "libsvtav1",
        "video_options": {"preset": "11", "crf": "30"},
    }),
    "ProRes 1080p": ("film.mov", {
        "width": 1920, "height": 1080, "seconds": 6.0, "codec": "prores_ks", "pix_fmt": "yuv422p10le",
    }),
}  # fmt: skip
RUNS = 5


def bare_loop(path: str) -> None:
    """Decode picture and sound and look at nothing; prints the CPU seconds of this process."""
    import av

    with av.open(path) as film:
        streams: list[Any] = [film.streams.video[0], *film.streams.audio[:1]]
        streams[0].thread_type, streams[0].codec_context.thread_count = "AUTO", 2
        for packet in film.demux(*streams):
            for _ in packet.decode():
                pass
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(used.ru_utime + used.ru_stime)


def cost_of(path: Path, runs: int) -> tuple[float, float, float]:
    """Median CPU of the bare loop, median ratio of the inspection to the loop before it, and peak MB."""
    bare, ratios, memory = [], [], 0
    still = {"black": 2.0, "freeze": 3.0, "silence": 3.0, "flash": 0.0}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(runs):
            command = [sys.executable, "-m", "benchmarks.inspection", "--bare", str(path)]
            loop = float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
            request = {"still_after": still, "frames": DEFAULT_LIMITS.frames}
            _, spent = run_limited("inspect", path, folder, request)
            bare.append(loop)
            ratios.append(spent.cpu / loop)
            memory = max(memory, spent.memory)
    return median(bare), median(ratios), memory / 2**20


def costs(everything: bool, runs: int) -> list[str]:
    """The table of costs."""
    lines = [
        "| film | bare loop, CPU s per s | inspection ÷ bare loop | films of 3 minutes per core-hour | peak MB |",
        "|---|---|---|---|---|",
    ]
    with tempfile.TemporaryDirectory() as folder:
        for name, (file, options) in list(FILMS.items())[: None if everything else 1]:
            path = Path(folder) / name.replace(" ", "-")
            path.mkdir()
            planted = make_film(path / file, look="rain", title="Night Train", **options)
            loop, ratio, memory = cost_of(planted.path, runs)
            per_second = loop / planted.seconds
            hourly = 3600 / (180 * per_second * ratio)
            lines.append(f"| {name} | {per_second:.2f} | {ratio:.3f} | {hourly:.0f} | {memory:.0f} |")
            print(lines[-1], file=sys.stderr, flush=True)
    return lines


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
        print(*costs(asked.all, asked.runs), sep="\n")
    if not asked.cost:
        print(*truth(asked.only, asked.jobs), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
