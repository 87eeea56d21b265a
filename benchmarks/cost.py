"""What an inspection costs, as a share of what decoding the same film costs.

Each row is one film. CPU of a whole inspection in its child, start-up and pictures for people included, is divided by
the CPU of a bare decode loop of picture and sound of the same file with the same threads; the two take turns, and the
row shows the median of the quotients. Films have grain and bit rates as festivals get them: without grain a decoder
has little to do, and everything else looks dear.
"""

import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from statistics import median
from typing import Any

import av

from submissions.inspection.confined import run_limited
from submissions.inspection.limits import DEFAULT_LIMITS
from submissions.inspection.report import Cost
from submissions.inspection.synthetic import make_film

STILL_AFTER = {"black": 2.0, "freeze": 3.0, "silence": 3.0, "flash": 0.0}
GRAIN = "alls=6:allf=t"
HOURS_FOR, MINUTES = 10_000, 3
LONG = 5  # times a film is repeated to see whether memory grows with length

SECONDS = 12.0  # of the synthetic film that all are encoded from, or of its beginning


@dataclass(frozen=True, slots=True)
class Kind:
    """One film of the table: its container, how its picture is encoded, and how often it is repeated."""

    name: str
    ending: str
    codec: str
    options: dict[str, str]
    seconds: float = SECONDS
    times: int = 5
    size: tuple[int, int] = (1920, 1080)
    form: str = "yuv420p"
    sound: str = "aac"


KINDS = (
    Kind("H.264 1080p", "mp4", "libx264", {"preset": "fast", "b": "9M", "maxrate": "14M", "bufsize": "18M"}, times=15),
    Kind("HEVC 10 bit 4K", "mp4", "libx265", {"preset": "veryfast", "b": "21M"}, 4, 4, (3840, 2160), "yuv420p10le"),
    Kind("VP9 1080p", "webm", "libvpx-vp9", {"deadline": "realtime", "cpu-used": "8", "b": "8M"},
         sound="libopus"),
    Kind("AV1 1080p", "mp4", "libsvtav1", {"preset": "10", "b": "6M"}),
    Kind("ProRes 1080p", "mov", "prores_ks", {}, 6, 4, form="yuv422p10le"),
)  # fmt: skip


def bare_loop(path: str) -> None:
    """Decode picture and sound and look at nothing; prints the CPU seconds of this process."""
    with av.open(path) as film:
        streams: list[Any] = [film.streams.video[0], *film.streams.audio[:1]]
        streams[0].thread_type, streams[0].codec_context.thread_count = "AUTO", 2
        for packet in film.demux(*streams):
            for _ in packet.decode():
                pass
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(used.ru_utime + used.ru_stime)


def make_source(folder: Path) -> Path:
    """The synthetic film that all are encoded from."""
    return make_film(
        folder / "source.mp4", look="rain", title="Night Train", width=1920, height=1080, seconds=SECONDS,
        video_options={"preset": "ultrafast", "crf": "12"},
    ).path  # fmt: skip


def make(kind: Kind, source: Path, folder: Path) -> Path:
    """A film of this kind: the source, scaled, with grain that changes on every frame, encoded and repeated."""
    path = folder / f"film.{kind.ending}"
    with av.open(str(source)) as film, av.open(str(path), "w") as made:
        picture = made.add_stream(kind.codec, rate=24, options=kind.options)
        picture.width, picture.height, picture.pix_fmt = *kind.size, kind.form
        sound = made.add_stream(kind.sound, rate=48000, layout="stereo")
        graph = av.filter.Graph()
        graph.link_nodes(
            graph.add_buffer(template=film.streams.video[0]),
            graph.add("scale", f"{kind.size[0]}:{kind.size[1]}"),
            graph.add("noise", GRAIN),
            graph.add("format", kind.form),
            graph.add("buffersink"),
        ).configure()
        count = 0
        for frame in film.decode(video=0, audio=0):
            if frame.time is not None and frame.time >= kind.seconds:
                continue
            if isinstance(frame, av.AudioFrame):
                made.mux(sound.encode(frame))
                continue
            graph.push(frame)
            grainy = graph.vpull()
            grainy.pts, grainy.time_base, grainy.pict_type = count, Fraction(1, 24), 0
            count += 1
            made.mux(picture.encode(grainy))
        made.mux(picture.encode(None))
        made.mux(sound.encode(None))
    return lengthened(path, kind.times)


def lengthened(path: Path, times: int) -> Path:
    """The same packets one after the other several times: a long film without encoding one."""
    target = path.with_name(f"{path.stem}-{times}{path.suffix}")
    with av.open(str(path)) as film, av.open(str(target), "w") as made:
        streams = {each.index: made.add_stream_from_template(each, opaque=True) for each in film.streams}
        seconds = Fraction(film.duration or 0, av.time_base)
        last = dict.fromkeys(streams, -(1 << 62))
        for turn in range(times):
            film.seek(0)
            for packet in film.demux():
                if packet.dts is None or packet.pts is None:
                    continue
                shift = round(turn * seconds / packet.time_base)
                packet.pts, packet.dts = packet.pts + shift, packet.dts + shift
                if packet.dts <= last[packet.stream_index]:
                    continue  # sound may run a little past the picture
                last[packet.stream_index] = packet.dts
                packet.stream = streams[packet.stream_index]
                made.mux(packet)
    return target


def spent(operation: str, path: Path, **request: Any) -> Cost:
    """The cost of one of the child's operations on a film."""
    limits = DEFAULT_LIMITS.with_copy() if operation == "copy" or request.get("copy") else DEFAULT_LIMITS
    body = {"still_after": STILL_AFTER, "frames": DEFAULT_LIMITS.frames, **request}
    with tempfile.TemporaryDirectory() as folder:
        return run_limited(operation, path, folder, body, limits=limits)[1]


def row(kind: Kind, source: Path, runs: int) -> Iterator[str]:
    """The cells of one film."""
    with tempfile.TemporaryDirectory() as folder:
        path = make(kind, source, Path(folder))
        seconds = kind.seconds * kind.times
        bits = path.stat().st_size * 8 / seconds / 1e6
        bare, whole, copied, first = [], [], [], []
        memory = 0
        for _ in range(runs):
            command = [sys.executable, "-m", "benchmarks.inspection", "--bare", str(path)]
            loop = float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
            cost = spent("inspect", path)
            bare.append(loop)
            whole.append(cost.cpu / loop)
            memory = max(memory, cost.memory)
            first.append(spent("glance", path).cpu / loop)
        loop = median(bare)
        for _ in range(max(1, runs // 3)):
            copied.append(spent("inspect", path, copy=True).cpu / loop)
        apart = median(whole) + spent("copy", path).cpu / loop
        long = spent("inspect", lengthened(path, LONG)).memory
        per_second = loop / seconds
        core_hours = HOURS_FOR * MINUTES * 60 * per_second / 3600
        yield f"{kind.name}, {bits:.0f} Mbit/s"
        yield f"{per_second:.3f}"
        yield f"{median(whole):.3f}"
        yield f"{median(first):.3f}"
        yield f"{median(copied):.2f}"
        yield f"{apart:.2f}"
        yield f"{memory / 2**20:.0f}"
        yield f"{long / 2**20:.0f}"
        yield f"{60 / MINUTES / (per_second * median(whole)):.0f}"
        yield f"{core_hours * median(whole):.0f}"
        yield f"{core_hours * median(copied):.0f}"


def table(everything: bool, runs: int) -> list[str]:
    """The table, a row at a time on standard error as well."""
    lines = [
        (
            "| film | bare loop, CPU s a film second | inspection ÷ bare loop | first look ÷ bare loop "
            "| inspection with judges' copy ÷ bare loop | the two apart ÷ bare loop | peak MB | of a film five times "
            "as long | films of 3 minutes a core-hour | core-hours for 10,000 | with copies |"
        ),
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    with tempfile.TemporaryDirectory() as folder:
        source = make_source(Path(folder))
        for kind in KINDS if everything else KINDS[:1]:
            lines.append(f"| {' | '.join(row(kind, source, runs))} |")
            print(lines[-1], file=sys.stderr, flush=True)
    return lines
