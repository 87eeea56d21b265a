"""The planted corpus: films with known faults of the sound, in several strengths, places, codecs and layouts."""

from collections.abc import Iterator
from typing import Any

from benchmarks.cases import Case
from submissions.inspection.synthetic import (
    LOOKS,
    Clipped,
    DeadChannel,
    FalseStereo,
    Fault,
    Hum,
    Loud,
    OneSided,
    OutOfPhase,
    Peak,
    Silence,
    SoundLength,
)

TINY = {"width": 96, "height": 64, "fps": 12, "seconds": 6.0}
WHOLE: tuple[tuple[str, str], ...] = (("film.mov", "pcm_s16le"), ("film.mkv", "flac"))
LOSSY = (("film.mp4", "aac"), ("film.webm", "libopus"), ("film.mkv", "ac3"), ("film.mkv", "libmp3lame"))
EVERY = WHOLE + LOSSY
GRAIN, CLIPPING_GRAIN = 0.05, 0.15  # seconds; music is at full scale only now and then


def sounds() -> Iterator[Case]:
    """Every case, the clean controls first."""
    looks = list(LOOKS)
    for n, look in enumerate(looks):
        for name, codec in EVERY:
            yield _case("", n, codec, name, look=look, seed=n + 1, seconds=10.0)
        for layout in ("mono", "5.1"):
            yield _case("", n, "aac", "film.mp4", look=look, layout=layout, seconds=9.0)
    for n, (name, codec) in enumerate(EVERY):
        look = looks[n]
        for start, end in ((0.0, 1.2), (2.0, 2.75), (4.0, 6.0)):
            yield _case("silence", n, codec, name, Silence(start, end), look=look)
        strong = 16.0 if codec in ("aac", "libmp3lame") else 8.0  # these two round off what is clipped less
        for over, start, end in ((strong, 1.0, 3.0), (strong + 4, 3.0, 3.75), (strong + 8, 4.0, 5.6)):
            also = {"loudness", "true_peak"}
            yield _case(
                "clipping",
                n,
                codec,
                name,
                Clipped(start, end, over),
                look=look,
                also=also,
                slack=CLIPPING_GRAIN,
            )
        for apart in (float("inf"), 75.0) if (name, codec) in WHOLE else (float("inf"),):
            for each in (look, looks[(n + 3) % 7]):
                if (each, codec) == ("rain", "aac"):
                    continue  # AAC makes up noise anew for each channel
                yield _case("false_stereo", n, codec, name, FalseStereo(apart), look=each)
        yield _case("", n, codec, name, FalseStereo(40.0), look=look)
        for width in (0.0, 0.5, 1.0):
            yield _case("out_of_phase", n, codec, name, OutOfPhase(width), look=looks[(n + 2) % 7])
        for decibels in (23.0, -30.0, 45.0):
            yield _case("one_sided", n, codec, name, OneSided(decibels), look=look)
        yield _case("", n, codec, name, OneSided(14.0), look=look)
        for hertz, level, lines in (
            (50, -38.0, (1,)),
            (60, -40.0, (1, 2)),
            (50, -42.0, (2, 3)),
            (60, -38.0, (1, 2, 3)),
        ):
            fault = Hum(hertz, level, lines)
            yield _case(
                "hum", n, codec, name, fault, look=looks[(n + lines[-1]) % 7], seconds=10.0, lufs=-24.0
            )
        for seconds in (-3.0, -1.3, 1.5, 3.0):
            yield _case("sound_length", n, codec, name, SoundLength(seconds), look=look)
        yield _case("", n, codec, name, SoundLength(-0.5), look=look)
    for n, channel in enumerate((0, 1, 2, 4, 5)):
        for name, codec in (
            ("film.mp4", "aac"),
            ("film.mkv", "flac"),
            ("film.mkv", "ac3"),
            ("film.mov", "pcm_s16le"),
        ):
            yield _case(
                "silent_channel", n, codec, name, DeadChannel(channel), layout="5.1", look=looks[n],
                also={"one_sided"},
            )  # fmt: skip
    yield _case(
        "", 3, "aac", "film.mp4", DeadChannel(3), layout="5.1"
    )  # nothing in the bass channel is no fault
    for n, lufs in enumerate((-7.0, -10.0, -23.0, -30.0, -36.0)):
        for name, codec in WHOLE:
            wrong = not -26 <= lufs <= -12
            kind = (Loud(lufs),) if lufs > -15 else ()
            yield _case("loudness" if wrong else "", n, codec, name, *kind, look=looks[n], lufs=lufs,
                        also={"true_peak", "clipping"}, levels=(lufs, None))  # fmt: skip
    for n, dbtp in enumerate((-6.0, -2.0, -0.5, 0.0, 1.5, 2.5)):
        for name in ("film.mov", "film.mkv"):
            yield _case("true_peak" if dbtp > -1 else "", n, "pcm_s24le", name, Peak(dbtp, 0.5 + n / 2), look=looks[n],
                        also={"loudness"}, levels=(None, dbtp))  # fmt: skip


def _case(
    rule: str,
    number: int,
    codec: str,
    name: str,
    *faults: Fault,
    also: set[str] | None = None,
    levels: tuple[float | None, float | None] = (None, None),
    slack: float = GRAIN,
    **options: Any,
) -> Case:
    video = {"codec": "libvpx-vp9", "video_options": {"deadline": "realtime", "cpu-used": "8"}}
    chosen = (
        TINY | {"audio_codec": codec, "seed": number + 1} | (video if name.endswith("webm") else {}) | options
    )
    return Case(
        frozenset({rule} - {""}), faults, chosen, frozenset(also or ()), slack=slack, name=name, levels=levels
    )
