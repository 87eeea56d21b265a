"""What people do to a film before they send it in again: re-encoded, cropped, mirrored, with bars, marks, subtitles."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from submissions.inspection.fingerprint import Printer, Prints

Picture = NDArray[np.uint8]
RATE = 48_000


@dataclass(frozen=True, slots=True)
class Remake:
    """One way to alter a film. `picture` gets and gives RGB; `speed` plays picture and sound faster, with its pitch."""

    name: str
    picture: Callable[[Picture], Picture] = lambda picture: picture
    height: int | None = None
    crf: int = 24
    speed: float = 1.0


def remake(source: Path, target: Path, how: Remake, *, start: float = 0.0, end: float | None = None) -> Path:
    """Write `source` altered as `target`; only what lies from `start` to `end`, in seconds, if given."""
    with av.open(str(target), "w") as film:
        rate = Fraction(0)
        stream = None
        for picture, rate in _pictures(source, start, end):
            shown = how.picture(picture)
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(shown), "rgb24")
            if stream is None:
                high = how.height or shown.shape[0]
                wide = round(shown.shape[1] * high / shown.shape[0] / 2) * 2
                spoken = film.add_stream("aac", rate=RATE, layout="stereo")
                spoken.bit_rate = 64_000
                options = {"preset": "superfast", "crf": str(how.crf)}
                stream = film.add_stream("libx264", rate=rate, options=options)
                stream.width, stream.height, stream.pix_fmt = wide, high // 2 * 2, "yuv420p"
                number, shown_until = 0, 0.0
            shown_until += 1 / how.speed
            while number < shown_until - 1e-9:
                same = frame.reformat(stream.width, stream.height, "yuv420p")
                same.pts, same.time_base = number, 1 / rate
                film.mux(stream.encode(same))
                number += 1
        assert stream is not None
        film.mux(stream.encode(None))
        sound = _sound(source, start, end)
        if sound.shape[1]:
            places = np.arange(0, sound.shape[1] - 1, how.speed)
            sound = np.stack([np.interp(places, np.arange(sound.shape[1]), channel) for channel in sound])
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound, np.float32), "fltp", "stereo")
            frame.sample_rate, frame.pts, frame.time_base = RATE, 0, Fraction(1, RATE)
            film.mux(spoken.encode(frame))
        film.mux(spoken.encode(None))
    return target


def _pictures(source: Path, start: float, end: float | None) -> Iterator[tuple[Picture, Fraction]]:
    with av.open(str(source)) as film:
        rate = Fraction(film.streams.video[0].average_rate or 24)
        for frame in film.decode(video=0):
            if (
                frame.time is not None
                and frame.time >= start - 1e-6
                and (end is None or frame.time < end - 1e-6)
            ):
                yield frame.to_ndarray(format="rgb24"), rate


def _sound(source: Path, start: float, end: float | None) -> NDArray[np.float32]:
    with av.open(str(source)) as film:
        if not film.streams.audio:
            return np.zeros((2, 0), np.float32)
        turn = av.AudioResampler("fltp", "stereo", RATE)
        parts = [each.to_ndarray() for frame in film.decode(audio=0) for each in turn.resample(frame)]
    sound = np.concatenate(parts, axis=1)
    return sound[:, round(start * RATE) : None if end is None else round(end * RATE)]


def take_prints(path: Path) -> Prints:
    """The fingerprints of a film, without the rest of an inspection."""
    printer = Printer()
    with av.open(str(path)) as film:
        for frame in film.decode(*film.streams.video[:1], *film.streams.audio[:1]):
            if isinstance(frame, av.VideoFrame):
                printer.look(frame, float(frame.time or 0))
            elif isinstance(frame, av.AudioFrame):
                printer.hear(np.asarray(frame.to_ndarray()).mean(0), frame.sample_rate, frame.time or 0.0)
    return printer.finish()


def join(parts: list[Path], target: Path) -> Path:
    """One film after the other, as one; sizes and rates must be the same."""
    with av.open(str(target), "w") as film:
        rate = next(_pictures(parts[0], 0, None))[1]
        with av.open(str(parts[0])) as first:
            wide, high = first.streams.video[0].width, first.streams.video[0].height
        stream = film.add_stream("libx264", rate=rate, options={"preset": "superfast", "crf": "22"})
        stream.width, stream.height, stream.pix_fmt = wide, high, "yuv420p"
        spoken = film.add_stream("aac", rate=RATE, layout="stereo")
        number = 0
        for part in parts:
            for picture, _ in _pictures(part, 0, None):
                frame = av.VideoFrame.from_ndarray(picture, "rgb24").reformat(format="yuv420p")
                frame.pts, frame.time_base = number, 1 / rate
                film.mux(stream.encode(frame))
                number += 1
        film.mux(stream.encode(None))
        sound = np.concatenate([_sound(part, 0, None) for part in parts], axis=1)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound), "fltp", "stereo")
        frame.sample_rate, frame.pts, frame.time_base = RATE, 0, Fraction(1, RATE)
        film.mux(spoken.encode(frame))
        film.mux(spoken.encode(None))
    return target


def _grey(picture: Picture) -> Picture:
    return np.repeat(picture.mean(axis=2, keepdims=True).astype(np.uint8), 3, axis=2)


def _bright(picture: Picture) -> Picture:
    return (255 * (picture / 255) ** 0.7).astype(np.uint8)


def _letterboxed(picture: Picture) -> Picture:
    bar = picture.shape[0] // 6
    return np.pad(picture, ((bar, bar), (0, 0), (0, 0)))


def _cropped(share: float) -> Callable[[Picture], Picture]:
    def crop(picture: Picture) -> Picture:
        high, wide = (round(side * share) for side in picture.shape[:2])
        return picture[high : picture.shape[0] - high, wide : picture.shape[1] - wide]

    return crop


def _mirrored(picture: Picture) -> Picture:
    return picture[:, ::-1]


def _with_logo(picture: Picture) -> Picture:
    drawn = Image.fromarray(picture)
    high, wide = picture.shape[:2]
    pen = ImageDraw.Draw(drawn)
    box = (round(wide * 0.82), round(high * 0.06), round(wide * 0.96), round(high * 0.16))
    pen.rectangle(box, fill=(240, 240, 240))
    pen.ellipse((box[0] + 2, box[1] + 2, box[0] + box[3] - box[1] - 2, box[3] - 2), fill=(200, 30, 30))
    return np.asarray(drawn)


def _with_tool_mark(picture: Picture) -> Picture:
    base = Image.fromarray(picture).convert("RGBA")
    over = Image.new("RGBA", base.size, (0, 0, 0, 0))
    high, wide = picture.shape[:2]
    font = ImageFont.load_default(round(high * 0.045))
    ImageDraw.Draw(over).text(
        (round(wide * 0.85), round(high * 0.9)), "DreamTool AI", (255, 255, 255, 150), font
    )
    return np.asarray(Image.alpha_composite(base, over).convert("RGB"))


def _with_subtitles(picture: Picture) -> Picture:
    shown = picture.copy()
    high, wide = picture.shape[:2]
    area = shown[round(high * 0.84) : round(high * 0.95), round(wide * 0.15) : round(wide * 0.85)]
    area //= 3
    area[area.shape[0] // 4 : -area.shape[0] // 4, :: max(2, wide // 100)] = 230
    return shown


REMAKES = (
    Remake("re-encoded small, crf 35", height=480, crf=35),
    Remake("grey", _grey),
    Remake("brighter (gamma 0.7)", _bright),
    Remake("letterboxed", _letterboxed),
    Remake("mirrored", _mirrored),
    Remake("a tool's name in a corner", _with_tool_mark),
    Remake("a white plate in a corner", _with_logo),
    Remake("subtitles burned in", _with_subtitles),
    Remake("cropped by 5 % a side", _cropped(0.05)),
    Remake("cropped by 10 % a side", _cropped(0.10)),
    Remake("10 % faster", speed=1.1),
    Remake("10 % slower", speed=0.9),
)
