"""Real short films, made on the spot: moving pictures in several looks, music, and faults where one wants them.

They fill the demonstration, stand in the tests, and (with faults) measure the inspector's detectors.
`python -m submissions.inspection.synthetic FOLDER [--all]` writes the demonstration's films.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.stream import AudioStream
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc
from av.video.stream import VideoStream
from numpy.typing import NDArray
from PIL import Image as Pictures

from .scenery.camera import CANVAS, shoot
from .scenery.demo import DEMO_FILMS, DemoFilm
from .scenery.faults import (
    Black,
    Cadence,
    Clipped,
    DeadChannel,
    Enlarged,
    FalseStereo,
    Fault,
    Flash,
    Flicker,
    Freeze,
    Hum,
    Interlace,
    Letterbox,
    Logo,
    Loud,
    OneSided,
    OutOfPhase,
    Peak,
    Pillarbox,
    Range,
    Silence,
    Slides,
    SoundLength,
)
from .scenery.lettering import draw_title, shadow
from .scenery.looks import LOOKS, make_shot
from .scenery.noises import dead_channels, sound_seconds, spoiled
from .scenery.plants import repeats
from .scenery.score import RATE, compose, level

__all__ = [
    "DEMO_FILMS", "LOOKS", "Black", "Cadence", "Clipped", "DeadChannel", "DemoFilm", "Enlarged", "FalseStereo",
    "Fault", "Flash", "Flicker", "Freeze", "Hum", "Interlace", "Letterbox", "Logo", "Loud", "OneSided", "OutOfPhase",
    "Peak", "Pillarbox", "Planted", "Range", "Silence", "Slides", "SoundLength", "cut_in_half", "empty", "make_film",
    "poster", "text_named_mp4", "write_demo_film",
]  # fmt: skip

TIMELESS = (
    Loud, FalseStereo, OutOfPhase, OneSided, DeadChannel, Hum, Peak, SoundLength, Pillarbox, Enlarged, Logo,
)  # fmt: skip
"""Faults without a beginning and an end that would have to lie on frames."""

LOUDNESS = -20.0
SHOT_SECONDS = 2.6


@dataclass(frozen=True, slots=True)
class Planted:
    """What a film is and what was put into it: the truth against which a report is read.

    `faults` hold the times as they came out on frame and sample bounds; `cuts` are the seconds at which a new
    shot begins and is seen (none inside black, a standing picture or a slide).
    """

    path: Path
    look: str
    seed: int
    seconds: float
    frames: int
    width: int
    height: int
    fps: Fraction
    cuts: tuple[float, ...]
    faults: tuple[Fault, ...]
    lufs: float | None

    def of[F: Fault](self, kind: type[F]) -> tuple[F, ...]:
        """The planted faults of one kind."""
        return tuple(fault for fault in self.faults if isinstance(fault, kind))


def make_film(
    path: Path | str,
    *,
    seconds: float = 6.0,
    width: int = 1280,
    height: int = 720,
    fps: Fraction | float = 24,
    seed: int = 1,
    look: str = "mountains",
    faults: Sequence[Fault] = (),
    title: str = "",
    subtitle: str = "",
    codec: str = "libx264",
    pix_fmt: str = "yuv420p",
    video_options: dict[str, str] | None = None,
    audio: bool = True,
    audio_codec: str = "aac",
    layout: str = "stereo",
    lufs: float = LOUDNESS,
    metadata: dict[str, str] | None = None,
) -> Planted:
    """Makes a film of `seconds` and says what is in it. The container follows the file's ending.

    The title stands in the first two seconds, in Chinese where a font for it is found, else the subtitle takes its
    place. `lufs` is the loudness of the mix before any Loud fault; `layout` may be mono, stereo or 5.1.
    Raises ValueError for a size, rate, look or fault that cannot be.
    """
    rate = Fraction(fps).limit_denominator(1001)
    frames = round(seconds * rate)
    if frames < 1 or width < 16 or height < 16:
        raise ValueError("A film needs at least one frame of 16 × 16 pixels.")
    if pix_fmt.startswith("yuv420") and (width % 2 or height % 2):
        raise ValueError(f"{pix_fmt} has no odd sizes: {width} × {height}.")
    length = frames / rate
    planted = tuple(_snapped(fault, rate, float(length)) for fault in faults)
    starts = _shot_starts(frames, rate, seed)
    loud = next((fault.lufs for fault in planted if isinstance(fault, Loud)), None)

    # Without this MP4 and MOV keep only the tags they have a place for, and an AI label is none of them.
    keep = {"movflags": "use_metadata_tags"} if metadata and Path(path).suffix in (".mp4", ".mov") else {}
    with av.open(str(path), "w", container_options=keep) as film:
        film.metadata.update(metadata or {})
        options = {"preset": "superfast", "crf": "22"} if codec.startswith("libx26") else {}
        if codec == "libx265":
            options["x265-params"] = "log-level=error"
        picture = film.add_stream(codec, rate=rate, options=options | (video_options or {}))
        assert isinstance(picture, VideoStream)
        picture.width, picture.height, picture.pix_fmt = width, height, pix_fmt
        context = picture.codec_context
        context.color_primaries, context.color_trc = ColorPrimaries.BT709, ColorTrc.BT709
        context.colorspace, context.color_range = Colorspace.ITU709, ColorRange.MPEG
        context.thread_count = 2
        sound: AudioStream | None = None
        mix = np.zeros((2, 0), np.float32)
        if audio:
            stream = film.add_stream(audio_codec, rate=RATE, layout=layout)
            assert isinstance(stream, AudioStream)
            sound = stream
            if audio_codec == "aac":
                sound.bit_rate = 192_000
            mix = _mix(look, seed, sound_seconds(float(length), planted), lufs, loud, planted)
            dead = dead_channels(planted)
        pictures = shoot(look, seed, frames, rate, width, height, starts, planted, (title, subtitle))
        spoken = 0
        for number, frame in enumerate(pictures):
            frame.pts, frame.time_base = number, 1 / rate
            if pix_fmt != frame.format.name:
                frame = frame.reformat(format=pix_fmt)
                frame.pts, frame.time_base = number, 1 / rate
            film.mux(picture.encode(frame))
            if sound is not None:
                due = mix.shape[1] if number == frames - 1 else round((number + 1) * RATE / rate)
                if due - spoken >= RATE // 4 or number == frames - 1:
                    _speak(film, sound, mix[:, spoken:due], spoken, layout, dead)
                    spoken = due
        film.mux(picture.encode(None))
        if sound is not None:
            film.mux(sound.encode(None))
    return Planted(
        path=Path(path), look=look, seed=seed, seconds=float(length), frames=frames, width=width, height=height,
        fps=rate, cuts=_seen_cuts(starts, rate, planted), faults=planted,
        lufs=None if not audio else loud if loud is not None else lufs,
    )  # fmt: skip


def write_demo_film(film: DemoFilm, folder: Path | str) -> Planted:
    """Writes one film of the demonstration as `folder/slug.mp4`; a broken one is cut in half afterwards."""
    path = Path(folder) / f"{film.slug}.mp4"
    planted = make_film(
        path, seconds=film.seconds, width=film.width, height=film.height, fps=film.fps, seed=film.seed, look=film.look,
        faults=film.faults, title=film.title_zh, subtitle=film.title_en, metadata=film.metadata,
    )  # fmt: skip
    if film.broken:
        whole = path.with_suffix(".whole.mp4")
        path.rename(whole)
        cut_in_half(whole, path)
        whole.unlink()
    return planted


def poster(
    path: Path | str,
    *,
    seed: int,
    look: str,
    title: str = "",
    subtitle: str = "",
    size: tuple[int, int] = (800, 1200),
) -> Path:
    """Draws a poster in the film's look as a JPEG; `size` is (width, height)."""
    width, height = size
    scale = min(1.0, (1.6 * CANVAS / (width * height)) ** 0.5)
    shot = make_shot(
        look, seed=seed, shot=0, width=max(16, round(width * scale)), height=max(16, round(height * scale))
    )
    for second in (0.0, 1.4):  # Some looks grow: a stroke is written, a seal set.
        drawn = shot.frame(second + 1.0)
    small = Pictures.fromarray((np.clip(drawn, 0, 1) * 255).astype(np.uint8))
    sheet = np.asarray(small.resize(size, Pictures.Resampling.BICUBIC), np.float32)
    sheet = sheet + np.random.default_rng(seed).normal(0, 2.5, (height, width, 1)).astype(np.float32)
    mask = draw_title((title, subtitle), width=width, height=height)
    if mask is not None:
        under = shadow(mask)[..., None]
        light = float((sheet * under).sum() / (3 * under.sum())) < 140
        sheet = sheet + (0.5 if light else 0.75) * under * ((10 if light else 235) - sheet)
        sheet += mask[..., None] * ((244 if light else 28) - sheet)
    Pictures.fromarray(np.clip(sheet, 0, 255).astype(np.uint8)).save(path, "JPEG", quality=88)
    return Path(path)


def cut_in_half(source: Path | str, target: Path | str) -> Path:
    """The first half of a file's bytes, as a broken upload leaves it. Unreadable where the index was at the end."""
    data = Path(source).read_bytes()
    Path(target).write_bytes(data[: len(data) // 2])
    return Path(target)


def text_named_mp4(target: Path | str) -> Path:
    """A text that only claims to be a film."""
    Path(target).write_text("This is a letter to the festival, not a film.\n" * 200, encoding="utf-8")
    return Path(target)


def empty(target: Path | str) -> Path:
    """A file without a single byte."""
    Path(target).write_bytes(b"")
    return Path(target)


def _shot_starts(frames: int, rate: Fraction, seed: int) -> list[int]:
    """The first frame of every shot: about equal lengths, none under a second."""
    shots = max(1, round(frames / rate / SHOT_SECONDS))
    lengths = np.random.default_rng([seed, 31]).uniform(0.8, 1.2, shots)
    return [0, *np.round(np.cumsum(lengths)[:-1] / lengths.sum() * frames).astype(int).tolist()]


def _snapped(fault: Fault, rate: Fraction, length: float) -> Fault:
    """The fault with its times on frame bounds, checked against the film's length."""
    if isinstance(fault, TIMELESS) or fault.end is None:
        return fault
    start, end = (float(round(time * rate) / rate) for time in (fault.start, fault.end))
    if isinstance(fault, Flash):  # the last phase is a lit one
        flashes = max(1, round((end - start) * fault.rate))
        lit_up_to = (flashes - Fraction(1, 2)) / Fraction(fault.rate).limit_denominator(1001)
        end = start + float(-(-lit_up_to * rate // 1) / rate)
    if not 0 <= start < end <= length + 1e-6:
        raise ValueError(f"{fault} does not lie within a film of {length:.2f} s.")
    return replace(fault, start=start, end=end)


def _seen_cuts(starts: list[int], rate: Fraction, faults: tuple[Fault, ...]) -> tuple[float, ...]:
    times = []
    for start in starts[1:]:
        while repeats(faults, start, rate):  # a repeated frame shows the old shot a little longer
            start += 1
        times.append(float(start / rate))
    hiding = [fault for fault in faults if isinstance(fault, Black | Freeze | Slides)]
    return tuple(t for t in times if not any(fault.start <= t <= fault.end for fault in hiding))


def _mix(
    look: str, seed: int, length: float, lufs: float, loud: float | None, faults: tuple[Fault, ...]
) -> NDArray[np.float32]:
    """The film's sound at its loudness, with what is planted into it."""
    mix = compose(look, seed=seed, seconds=length)
    return spoiled(level(mix, lufs) if loud is None else level(mix, loud, ceiling=None), faults)


def _speak(
    film: av.container.OutputContainer,
    sound: AudioStream,
    part: NDArray[np.float32],
    at: int,
    layout: str,
    dead: Sequence[int],
) -> None:
    """Encodes a stretch of the mix, spread over the layout's channels; the `dead` ones stay empty."""
    if not part.shape[1]:
        return
    if layout == "mono":
        part = part.mean(0, keepdims=True)
    elif layout == "5.1":
        left, right = part
        middle = (left + right) / 2
        part = np.stack([left, right, middle * 0.5, middle * 0.1, left * 0.4, right * 0.4])
        part[list(dead)] = 0
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(part, np.float32), "fltp", layout)
    frame.sample_rate, frame.pts, frame.time_base = RATE, at, Fraction(1, RATE)
    film.mux(sound.encode(frame))


def main(arguments: Sequence[str] | None = None) -> int:
    """Writes the demonstration's films and posters into a folder."""
    parser = argparse.ArgumentParser(
        prog="python -m submissions.inspection.synthetic", description=main.__doc__
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--all", action="store_true", help="every film and its poster, and the files that are no films"
    )
    options = parser.parse_args(arguments)
    options.folder.mkdir(parents=True, exist_ok=True)
    films = DEMO_FILMS if options.all else [film for film in DEMO_FILMS if film.clean][:3]
    for film in films:
        planted = write_demo_film(film, options.folder)
        faults = ", ".join(map(str, planted.faults)) or ("cut in half" if film.broken else "clean")
        print(f"{planted.path}  {planted.seconds:.1f} s  {planted.width}×{planted.height}  {faults}")
        if options.all:
            poster(options.folder / f"{film.slug}.jpg", seed=film.seed, look=film.look, title=film.title_zh,
                   subtitle=film.title_en)  # fmt: skip
    if options.all:
        print(text_named_mp4(options.folder / "letter.mp4"))
        print(empty(options.folder / "empty.mp4"))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
