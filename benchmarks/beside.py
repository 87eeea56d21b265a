"""The same films seen by FFmpeg's own filters: black, standing pictures under grain, cuts of doubled frames, flashes.

python -m benchmarks.inspection --beside
"""

import re
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import imageio_ffmpeg

from benchmarks.truth import look_at
from submissions.inspection.synthetic import LOOKS, Black, Cadence, Flash, Freeze, make_film

NEAR = 0.06  # seconds
SIZE = {"width": 640, "height": 360, "seconds": 8.0, "audio": False}


def filtered(path: Path, chain: str, pattern: str) -> list[tuple[float, ...]]:
    """What a chain of FFmpeg's filters prints about a film: the numbers of each match."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-hide_banner", "-i", str(path), "-vf", chain,
               "-f", "null", "-"]  # fmt: skip
    said = subprocess.run(command, capture_output=True, text=True, check=True)
    return [
        tuple(map(float, each if isinstance(each, tuple) else (each,)))
        for each in re.findall(pattern, said.stderr + said.stdout)
    ]


def matched(told: Sequence[float], true: Sequence[float]) -> str:
    """How many of the true times were told, and how many told are none of them."""
    seen = sum(any(abs(each - time) <= NEAR for each in told) for time in true)
    wrong = sum(not any(abs(each - time) <= NEAR for time in true) for each in told)
    return f"{seen} of {len(true)}, {wrong} false"


def beside() -> list[str]:
    """The table: what is in the films, what FFmpeg says, what we say."""
    black: list[list[float]] = [[], [], []]
    freeze: list[list[float]] = [[], [], []]
    cuts: list[list[float]] = [[], [], []]
    flashes: list[list[float]] = [[], [], []]
    for number, look in enumerate(LOOKS):
        shift = number * 100.0  # the films laid one after the other

        with tempfile.TemporaryDirectory(prefix="beside-") as name:
            folder = Path(name)
            options = SIZE | {"look": look, "seed": number + 1}
            path = make_film(folder / "film.mp4", faults=[Black(2.0, 3.5)], **options).path
            chain = "blackdetect=d=0.1:pix_th=0.10:picture_black_ratio_th=0.98"
            black[0] += [shift + 2.0, shift + 3.5]
            for start, end in filtered(path, chain, r"black_start:([\d.]+) black_end:([\d.]+)"):
                black[1] += [shift + start, shift + end]
            black[2] += [
                shift + t for e in look_at(path, folder).events if e.kind == "black" for t in (e.start, e.end)
            ]

            path = make_film(folder / "film.mp4", faults=[Freeze(2.0, 5.0)], **options).path
            grainy = path.with_name("grainy.mp4")  # grain that moves over a picture that stands
            command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(path), "-vf", "noise=alls=2:allf=t",
                       "-c:v", "libx264", "-preset", "superfast", "-crf", "20", str(grainy)]  # fmt: skip
            subprocess.run(command, check=True)
            freeze[0].append(shift + 2.0)
            found = filtered(grainy, "freezedetect=n=-60dB:d=1", r"freeze_start: ([\d.]+)")
            freeze[1] += [shift + start for (start,) in found]
            told = look_at(grainy, folder).events
            freeze[2] += [shift + e.start for e in told if e.kind == "freeze" and e.seconds > 1]

            made = make_film(folder / "film.mp4", faults=[Cadence(8, 0.0, 8.0)], **options)
            cuts[0] += [shift + cut for cut in made.cuts]
            cuts[1] += [shift + t for (t,) in filtered(made.path, "scdet=t=10", r"lavfi.scd.time: ([\d.]+)")]
            seen = look_at(made.path, folder).shots
            cuts[2] += [shift + cut for cut in (seen.cuts if seen else ())]

            for faults in ((), (Flash(3.0, 5.0, 6.0),)):
                path = make_film(folder / "film.mp4", faults=faults, **options).path
                alarms = filtered(path, "photosensitivity,metadata=print:file=-",
                                  r"pts_time:([\d.]+)\nlavfi.photosensitivity.badness=([\d.]+)")  # fmt: skip
                times = [time for time, badness in alarms if badness >= 1]
                starts = [t for t, before in zip(times, [-9.0, *times]) if t - before > 0.1]
                shift += 50.0
                flashes[0] += [shift + 3.0] if faults else []
                flashes[1] += [shift + (3.0 if faults and 3 <= t <= 5.2 else t) for t in starts]
                flashes[2] += [shift + e.start for e in look_at(path, folder).events if e.kind == "flash"]
    rows = [
        ("black, both ends", "blackdetect", black),
        ("standing pictures under moving grain", "freezedetect −60 dB", freeze),
        ("cuts, 8 pictures a second in 24", "scdet 10", cuts),
        ("flashes, half of the films with", "photosensitivity", flashes),
    ]
    lines = ["| what | FFmpeg's filter | its answer | ours |", "|---|---|---|---|"]
    return lines + [
        f"| {what} | {name} | {matched(theirs, true)} | {matched(ours, true)} |"
        for what, name, (true, theirs, ours) in rows
    ]
