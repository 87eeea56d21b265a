"""The planted corpus: films whose files are cut short, garbled, uneven in time or built in a way that troubles."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.cases import CODECS, Case
from submissions.inspection.scenery.damage import cut_short, flip_bytes, remux, uneven
from submissions.inspection.synthetic import LOOKS

SMALL = {"width": 320, "height": 180, "seconds": 5.0}
FAST = {"movflags": "faststart"}
TELLING = ("libx264", "prores_ks", "mpeg4")
"""Codecs whose decoders go on after garbled bytes and say so. HEVC and VP9 decode them to wrong pictures in
silence, and AV1 loses the film."""


def files() -> Iterator[Case]:
    """Every case, the clean controls first."""
    looks = list(LOOKS)
    for n, (name, codec) in enumerate(
        (*CODECS, ("film.ts", {"codec": "libx264"}), ("film.avi", {"codec": "mpeg4"}))
    ):
        for look in (looks[n % 7], looks[(n + 3) % 7]):
            yield _case("", name, codec, look=look, seed=n + 1)
        for share in (0.3, 0.6, 0.9):
            if name == "film.ts":
                continue  # has no length that it could fall short of
            also = {"decode_errors", "sound_length", "constant_frame_rate"}
            yield _case(
                "truncated", name, codec, partial(_fast_and, share), also=also, look=looks[n % 7], seed=n + 3
            )
        if codec["codec"] in TELLING:
            for packets in (3, 8, 24):
                also = {"truncated", "constant_frame_rate", "sound_length"}
                yield _case(
                    "decode_errors",
                    name,
                    codec,
                    partial(_garbled, packets),
                    also=also,
                    look=looks[(n + 1) % 7],
                )
    for n, (name, codec) in enumerate(
        each for each in CODECS if each[0] in ("film.mp4", "film.mkv", "film.webm")
    ):
        for every, share in ((2, 0.5), (3, 1.0), (10, 0.5), (24, 3.0)):
            for fps in (24, 30):
                after, also = partial(_uneven, fps, every, share), {"sound_length"}
                yield _case("constant_frame_rate", name, codec, after, also=also, fps=fps, look=looks[n])
        for every, share in ((2, 0.01), (1, 0.1)):  # a clock that wavers or runs slow is still even
            yield _case("", name, codec, partial(_uneven, 24, every, share), look=looks[n])
    for n, look in enumerate(looks[:4]):
        codec = CODECS[n % 2][1]
        yield _case("fast_start", "film.mp4", codec, look=look)
        yield _case("", "film.mp4", codec, partial(_remuxed, FAST, None), look=look)
        aspect = (Fraction(4, 3), Fraction(64, 45), Fraction(12, 11), Fraction(8, 9))[n]
        yield _case("square_pixels", "film.mp4", codec, partial(_remuxed, FAST, aspect), look=look)
        yield _case("keyframes", "film.mp4", {"codec": "libx264", "video_options": {"g": str(80 + 40 * n)}},
                    look=look, seconds=9.0)  # fmt: skip
    for name, codec in (("film.avi", {"codec": "mpeg4"}), ("film.ts", {"codec": "libx264"})):
        yield _case("container", name, codec, _renamed)


def _case(
    rule: str,
    name: str,
    codec: dict[str, Any],
    after: Callable[[Path, Path], Path] | None = None,
    also: set[str] | None = None,
    **options: Any,
) -> Case:
    video = {"g": "24"} | codec.get("video_options", {})
    if codec["codec"] == "prores_ks":
        del video["g"]
    chosen = SMALL | codec | {"video_options": video} | options
    rightly = set(also or ())
    if not (isinstance(after, partial) and after.func is _remuxed):
        rightly |= {"fast_start"}  # films are made with their index at the end
    return Case(frozenset({rule} - {""}), (), chosen, frozenset(rightly), timed=False, name=name, after=after)


def _fast_and(share: float, source: Path, target: Path) -> Path:
    """Cut short, with the index first where the container has one, as files from a web page are built."""
    if source.suffix in (".mp4", ".mov"):
        source = remux(source, source.with_name(f"fast{source.suffix}"), options=FAST)
    return cut_short(source, target, share)


def _garbled(packets: int, source: Path, target: Path) -> Path:
    return flip_bytes(source, target, packets=packets, seed=packets)


def _uneven(fps: int, every: int, share: float, source: Path, target: Path) -> Path:
    return remux(source, target, uneven(1 / fps, every, share))


def _remuxed(options: dict[str, str], pixel_aspect: Fraction | None, source: Path, target: Path) -> Path:
    return remux(source, target, options=options, pixel_aspect=pixel_aspect)


def _renamed(source: Path, _: Path) -> Path:
    return source.rename(source.with_name("other.mp4"))
