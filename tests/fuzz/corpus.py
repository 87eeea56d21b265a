"""The small real films that are mutated: every container that is let in, with the codecs that come in it."""

import os
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

RATE = 24
FRAMES = 10
SOUND = 48000

FILMS = {  # name: picture codec, its form, size, options, sound codec
    "h264.mp4": ("libx264", "yuv420p", (96, 64), {"preset": "ultrafast", "threads": "1"}, "aac"),
    "frames.mp4": ("libx264", "yuv420p", (64, 64), {"preset": "fast", "bf": "2", "threads": "1"}, "aac"),
    "hevc.mp4": ("libx265", "yuv420p10le", (64, 64), {"preset": "ultrafast", "x265-params": "log-level=none:pools=none:frame-threads=1"}, "aac"),  # noqa: E501
    "prores.mov": ("prores_ks", "yuv422p10le", (64, 64), {"profile": "0", "threads": "1"}, "pcm_s16le"),
    "vp9.mkv": ("libvpx-vp9", "yuv420p", (64, 64), {"deadline": "realtime", "cpu-used": "8"}, "libopus"),
    "h264.mkv": ("libx264", "yuv420p", (64, 64), {"preset": "ultrafast", "threads": "1"}, "flac"),
    "av1.webm": ("libsvtav1", "yuv420p", (64, 64), {"preset": "12", "svtav1-params": "lp=1"}, "libopus"),
    "h264.ts": ("libx264", "yuv420p", (64, 64), {"preset": "ultrafast", "threads": "1"}, "aac"),
    "mpeg2.ts": ("mpeg2video", "yuv420p", (64, 64), {"threads": "1"}, "mp2"),
    "mjpeg.avi": ("mjpeg", "yuvj420p", (64, 64), {"threads": "1"}, "pcm_s16le"),
    "mpeg4.avi": ("mpeg4", "yuv420p", (64, 64), {"threads": "1"}, "libmp3lame"),
    "mpeg2.mxf": ("mpeg2video", "yuv420p", (64, 64), {"threads": "1"}, "pcm_s16le"),
}  # fmt: skip
CONTAINER_OPTIONS = {
    "frames.mp4": {"movflags": "frag_keyframe+empty_moov"},
    "h264.mp4": {"movflags": "+faststart"},
}


def make_corpus(folder: Path) -> list[Path]:
    """Write the films into `folder`; what is there is kept. The same bytes on every run with the same libraries."""
    folder.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("SVT_LOG", "1")  # errors alone
    for name in FILMS:
        if not (folder / name).exists():
            _make(folder / f"part-{name}", name)
            (folder / f"part-{name}").rename(folder / name)
    return [folder / name for name in FILMS]


def _make(path: Path, name: str) -> None:
    picture, form, (width, height), options, sound = FILMS[name]
    container = {"fflags": "+bitexact", **CONTAINER_OPTIONS.get(name, {})}
    with av.open(str(path), "w", format=_format(name), options=container) as film:
        video = film.add_stream(picture, rate=RATE, options=options)
        video.width, video.height, video.pix_fmt = width, height, form
        audio = film.add_stream(sound, rate=SOUND, layout="stereo" if sound != "pcm_s16le" else "mono")
        film.metadata.update({"title": "Seed", "comment": "of a fuzzing corpus"})
        down, across = np.mgrid[0:height, 0:width]
        for number in range(FRAMES):
            red = (across * 3 + number * 9) % 256
            picture_now = np.stack([red, down * 2 % 256, (red + down) % 256], axis=2).astype(np.uint8)
            frame = av.VideoFrame.from_ndarray(picture_now, "rgb24").reformat(format=form)
            frame.pts, frame.time_base = number, Fraction(1, RATE)
            film.mux(video.encode(frame))
        film.mux(video.encode())
        wave = np.sin(np.arange(SOUND * FRAMES // RATE) * 2 * np.pi * 440 / SOUND) * 8000
        samples = np.repeat(wave.astype(np.int16)[None, :], audio.codec_context.layout.nb_channels, axis=1)
        tone = av.AudioFrame.from_ndarray(samples, "s16", audio.codec_context.layout.name)
        tone.sample_rate, tone.pts = SOUND, 0
        film.mux(audio.encode(tone))
        film.mux(audio.encode())


def _format(name: str) -> str:
    return {"mkv": "matroska", "ts": "mpegts"}.get(name.rsplit(".", 1)[1], name.rsplit(".", 1)[1])
