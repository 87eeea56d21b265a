"""The planted corpus: films with known faults of the picture, in several strengths, looks, rates, sizes and codecs."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from benchmarks.cases import CODECS, Case
from submissions.inspection.scenery.damage import redrawn
from submissions.inspection.synthetic import (
    LOOKS,
    Black,
    Cadence,
    Enlarged,
    Fault,
    Flash,
    Flicker,
    Freeze,
    Interlace,
    Letterbox,
    Logo,
    Pillarbox,
    Range,
    Slides,
)

SMALL = {"width": 320, "height": 180, "seconds": 6.0}
MIDDLE = {"width": 640, "height": 360, "seconds": 6.0}
NATIVE = {"width": 512, "height": 288, "seconds": 3.0}
SIZES = ((320, 180), (180, 320), (480, 360), (360, 360))
LARGE = {"width": 1280, "height": 720, "seconds": 2.0}
PLACES = ("top_left", "top_right", "bottom_left", "bottom_right")


def pictures() -> Iterator[Case]:
    """Every case, the clean controls first. Codecs take turns where a case names none."""
    turn = count()

    def case(
        rule: str,
        *faults: Fault,
        also: set[str] | None = None,
        timed: bool = True,
        slack: float | None = None,
        after: Callable[[Path, Path], Path] | None = None,
        **options: Any,
    ) -> Case:
        name, codec = ("film.mp4", {}) if "codec" in options else CODECS[next(turn) % len(CODECS)]
        chosen = SMALL | {"audio": False} | codec | options
        return Case(
            frozenset({rule} - {""}), faults, chosen, frozenset(also or ()), timed, slack, name, after
        )

    looks = list(LOOKS)
    for look in looks:
        for seed in (1, 2, 3):
            yield case("", look=look, seed=seed, fps=(24, 25, 30)[seed - 1], seconds=8.0)
        yield case("", look=look, seed=5, codec="libx265", **(MIDDLE | {"seconds": 4.0}))
        yield case("", look=look, seed=7, **NATIVE)
    for n, (start, end) in enumerate(
        ((1.0, 2.0), (0.0, 1.5), (3.0, 6.0), (0.5, 4.5), (2.0, 2.75), (4.9, 6.0))
    ):
        for number, fps in ((n, 23.976), (n + 2, 25), (n + 4, 60)):
            size = SIZES[number % len(SIZES)]
            standing = {"fps": fps, "width": size[0], "height": size[1], "look": looks[number % 7]}
            yield case("black", Black(start, end), also={"slideshow"}, **standing)
            yield case(
                "freeze",
                Freeze(max(0.8, start), max(end, start + 1.8) if start < 1 else max(end, start + 1)),
                also={"slideshow"},
                **standing,
            )
    for n, (width, height) in enumerate(((1920, 1080), (1080, 1920), (2048, 858), (1440, 1080))):
        # looks are drawn small: at these sizes they are enlarged indeed
        large: dict[str, Any] = {
            "also": {"upscaled", "slideshow"},
            "width": width,
            "height": height,
            "seconds": 3.0,
            "look": looks[n + 3],
            "codec": "libx264",
        }
        yield case("", **large)
        yield case("black", Black(1.0, 2.0), **large)
        yield case("freeze", Freeze(0.5, 1.75), **large)
        yield case("flash", Flash(0.5, 2.5, 5), **large)
        yield case("letterbox", Letterbox(width / height * 1.3), **large)
    for n, (rate, fps) in enumerate(((4, 24), (5, 25), (6, 30), (8, 24), (10, 30), (12, 60))):
        for look in (looks[n], looks[(n + 3) % 7]):
            yield case("flash", Flash(1.5, 4.0, rate), look=look, fps=fps)
            yield case("flash", Flash(2.0, 4.0, rate, area=0.3), look=look, fps=fps, codec="libx265")
        yield case(
            "red_flash", Flash(1.5, 4.0, min(rate, 8), red=True), look=looks[n], fps=fps, also={"flash"}
        )
    for n, (rate, area) in enumerate(((2, 1.0), (3, 1.0), (10, 0.2), (8, 0.15))):
        # allowed: three a second and no longer than four seconds, or a small part of the picture
        yield case("", Flash(1.0, 2.5, rate, area), look=looks[n], fps=24)
    for n, rate in enumerate((2.0, 2.5, 3.0)):
        yield case("flash_extended", Flash(0.5, 7.5, rate), look=looks[n], seconds=8.0, timed=False)
    for n, aspect in enumerate((1.85, 2.0, 2.39, 2.76)):
        yield case("letterbox", Letterbox(aspect), look=looks[n], **MIDDLE)
        yield case(
            "changing_bars", Letterbox(aspect, 3.0, None), look=looks[n + 2], also={"letterbox"}, **MIDDLE
        )
    for n, aspect in enumerate((4 / 3, 1.0, 9 / 16)):
        yield case("pillarbox", Pillarbox(aspect), look=looks[n])
        yield case("windowbox", Pillarbox(aspect), Letterbox(2.2), look=looks[n + 3])
    for n, (rate, fps) in enumerate(
        ((8, 24), (12, 24), (16, 24), (15, 30), (12, 25), (10, 30), (24, 60), (25, 50))
    ):
        for look in (looks[n % 7], looks[(n + 4) % 7]):
            yield case("repeated_frames", Cadence(rate, 1.0, 5.0), look=look, fps=fps)
    for n, (rate, fps) in enumerate(((25, 30), (24, 30), (20, 24), (24, 25))):
        yield case(
            "repeated_frames", Cadence(rate, 0.0, 8.0), look=looks[n], fps=fps, seconds=8.0, timed=False
        )
    for n, fps in enumerate((25, 29.97, 50)):
        yield case("interlaced", Interlace(0.0, 6.0), look="rain", fps=fps, seed=n + 1, slack=0.1, **MIDDLE)
        yield case("interlaced", Interlace(2.0, 5.0), look="rain", fps=fps, seed=n + 7, timed=False, **MIDDLE)
        yield case(
            "telecine",
            Interlace(0.0, 6.0, pulldown=True),
            look="rain",
            fps=29.97,
            seed=n + 4,
            timed=False,
            **MIDDLE,
        )
    for n, look in enumerate(looks):
        yield case("levels", Range(1.0 + n % 3, 4.5), look=look, timed=False)
        yield case("flicker", Flicker(1.0, 4.5, 5 + n, 4), look=look, fps=(24, 25, 30)[n % 3])
        yield case("flicker", Flicker(2.0, 5.0, 8, 4), look=look, seed=2)
        yield case(
            "slideshow", Slides(0.5, 5.5, (0.0, 0.03, 0.06)[n % 3]), look=look, also={"freeze"}, timed=False
        )
        yield case("upscaled", Enlarged(3), look=look, timed=False, also={"blurred"}, **NATIVE)
        soft = partial(redrawn, chain=f"gblur=sigma={3 if n % 2 else 8}", crf="20")
        coarse = partial(redrawn, codec="mpeg4", qmin="31", qmax="31")
        size = NATIVE if n % 2 else LARGE
        yield case(
            "blurred",
            look=look,
            timed=False,
            after=soft,
            also={"upscaled", "blocky"},
            codec="libx264",
            **size,
        )
        yield case(
            "blocky", look=look, timed=False, after=coarse, also={"upscaled"}, codec="libx264", **NATIVE
        )
        yield case("corner_mark", Logo(PLACES[n % 4], (0.4, 0.6, 0.9)[n % 3]), look=look, timed=False,
                    also={"opening_text"}, **(MIDDLE | {"seconds": 12.0}))  # fmt: skip
        yield case(
            "opening_text", look=look, title="Night Train", subtitle="made with AI", timed=False, **MIDDLE
        )
