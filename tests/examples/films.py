"""Films of any length made in a moment: a few seconds are encoded, and their packets repeated until the film is long.

What comes out is an ordinary file that is played and measured from end to end; only the making is short.
"""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.stream import AudioStream
from av.video.stream import VideoStream

RATE = 48_000
BLOCK = 8
"""Seconds of sound that are encoded: a whole number of AAC's frames of 1,024 samples."""


def long_film(
    path: Path,
    seconds: int,
    size: tuple[int, int] = (320, 180),
    *,
    fps: int = 1,
    codec: str = "libx264",
    options: dict[str, str] | None = None,
    bit_rate: int = 0,
    pix_fmt: str = "yuv420p",
    noise: int = 0,
    sound: str = "aac",
) -> Path:
    """A film of moving bands, new ones every second, and of two tones at about −20 LUFS; `sound` "": none.

    `noise` in levels of 255 makes the picture hard to compress, towards a bit rate.
    """
    width, height = size
    shown = options or {"preset": "ultrafast", "crf": "30", "tune": "zerolatency"}
    with av.open(str(path), "w") as film:
        picture = film.add_stream(codec, rate=fps, options=shown)
        assert isinstance(picture, VideoStream)
        picture.width, picture.height, picture.pix_fmt = width, height, pix_fmt
        picture.codec_context.gop_size = max(fps, 2)
        if bit_rate:
            picture.bit_rate = bit_rate
        voice: AudioStream | None = None
        if sound:
            stream = film.add_stream(sound, rate=RATE, layout="stereo")
            assert isinstance(stream, AudioStream)
            voice = stream
            voice.bit_rate = 128_000
        loop = min(seconds, 4)
        packets = _pictures(picture, loop * fps, fps, noise)
        heard = _sounds(voice) if voice else []
        for start in range(0, seconds, BLOCK):
            for again in range(start, min(start + BLOCK, seconds), loop):
                take = min(loop, seconds - again) * fps
                _mux(film, picture, packets[:take], Fraction(again), Fraction(1, fps))
            if voice:
                share = min(BLOCK, seconds - start) * RATE // 1024
                _mux(film, voice, heard[:share], Fraction(start), Fraction(1024, RATE))
    return path


def padded(film: Path, target: Path, size: int) -> Path:
    """The same MP4 with an empty box behind it, so that it is `size` bytes; the hole takes no room on the disk."""
    data = film.read_bytes()
    with target.open("wb") as file:
        file.write(data)
        file.write((1).to_bytes(4, "big") + b"free" + (size - len(data)).to_bytes(8, "big"))
        file.truncate(size)
    return target


def _pictures(stream: VideoStream, count: int, fps: int, noise: int) -> list[bytes]:
    """The packets of `count` frames, in order, none of which depends on a later one."""
    width, height = stream.width, stream.height
    bands = np.add.outer(np.arange(height, dtype=np.int16) * 2, np.arange(width, dtype=np.int16))
    random = np.random.default_rng(7)
    packets = []
    for number in range(count):
        luma = ((bands + 37 * (number // fps) + 3 * (number % fps)) % 256) // 2 + 60
        if noise:
            luma = luma + random.integers(-noise, noise + 1, luma.shape, np.int16)
        grey = np.vstack([luma, np.full((height // 2, width), 128, np.int16)]).clip(16, 235).astype(np.uint8)
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(grey), "yuv420p").reformat(
            format=stream.pix_fmt
        )
        frame.pts, frame.time_base = number, Fraction(1, fps)
        packets += [bytes(packet) for packet in stream.encode(frame)]
    packets += [bytes(packet) for packet in stream.encode(None)]
    assert len(packets) == count
    return packets


def _sounds(stream: AudioStream) -> list[bytes]:
    """The packets of BLOCK seconds."""
    time = np.arange(BLOCK * RATE) / RATE
    swell = 0.7 + 0.3 * np.sin(2 * np.pi * time / 2)
    both = np.stack([np.sin(2 * np.pi * tone * time) for tone in (440, 660)]) * swell * 0.15
    packets = []
    for start in range(0, both.shape[1], 1024):
        part = np.ascontiguousarray(both[:, start : start + 1024], np.float32)
        frame = av.AudioFrame.from_ndarray(part, "fltp", "stereo")
        frame.sample_rate, frame.pts, frame.time_base = RATE, start, Fraction(1, RATE)
        packets += [bytes(packet) for packet in stream.encode(frame)]
    packets += [bytes(packet) for packet in stream.encode(None)]
    return packets[-(BLOCK * RATE // 1024) :]


def _mux(
    film: av.container.OutputContainer,
    stream: AudioStream | VideoStream,
    packets: Sequence[bytes],
    start: Fraction,
    step: Fraction,
) -> None:
    for number, data in enumerate(packets):
        packet = av.Packet(data)
        packet.stream = stream
        packet.time_base = Fraction(1, 48_000)
        packet.pts = packet.dts = int((start + number * step) / packet.time_base)
        packet.duration = int(step / packet.time_base)
        packet.is_keyframe = _is_key(stream, number)
        film.mux(packet)


def _is_key(stream: AudioStream | VideoStream, number: int) -> bool:
    if isinstance(stream, AudioStream) or stream.codec_context.name != "libx264":
        return True
    return number % stream.codec_context.gop_size == 0
