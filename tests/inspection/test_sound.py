"""Loudness and true peak: the same as FFmpeg's own ebur128, and what the standard says of known tones."""

import math
from fractions import Fraction

import av
import av.filter
import numpy as np
import pytest

from festival.edition.rulebook import Rulebook
from submissions.inspection.runner import inspect_film


def tone(path, *, layout="stereo", dbfs=-20.0, hz=997.0, seconds=4, rate=48000, phase=0.0):
    """A film with a grey picture and a sine of `dbfs` peak on every channel."""
    with av.open(str(path), "w") as film:
        picture = film.add_stream("libx264", rate=24, options={"preset": "ultrafast"})
        picture.width, picture.height, picture.pix_fmt = 64, 64, "yuv420p"
        sound = film.add_stream("pcm_s16le", rate=rate, layout=layout)
        for n in range(seconds * 24):
            frame = av.VideoFrame.from_ndarray(np.full((64, 64, 3), 90 + n % 60, np.uint8), "rgb24")
            frame.pts, frame.time_base = n, Fraction(1, 24)
            film.mux(picture.encode(frame))
        film.mux(picture.encode(None))
        wave = 10 ** (dbfs / 20) * np.sin(2 * np.pi * hz * np.arange(rate * seconds) / rate + phase)
        channels = len(av.AudioLayout(layout).channels)
        samples = np.repeat((wave * 32767).astype(np.int16), channels)[None]
        for at in range(0, rate * seconds, 1024):
            part = np.ascontiguousarray(samples[:, at * channels : (at + 1024) * channels])
            frame = av.AudioFrame.from_ndarray(part, "s16", layout)
            frame.sample_rate, frame.pts, frame.time_base = rate, at, Fraction(1, rate)
            film.mux(sound.encode(frame))
        film.mux(sound.encode(None))
    return path


def ffmpeg_loudness(path) -> tuple[float, float]:
    """Integrated loudness and true peak (linear) by the filter alone, in a graph of its own."""
    graph, said = None, {}
    with av.open(str(path)) as film:
        for frame in film.decode(audio=0):
            if graph is None:
                graph = av.filter.Graph()
                source = graph.add_abuffer(template=film.streams.audio[0])
                graph.link_nodes(
                    source, graph.add("ebur128", "metadata=1:peak=true"), graph.add("abuffersink")
                ).configure()
            graph.push(frame)
            while True:
                try:
                    said |= graph.pull().metadata
                except (av.error.BlockingIOError, av.error.EOFError):
                    break
    return float(said["lavfi.r128.I"]), float(said["lavfi.r128.true_peak"])


@pytest.mark.parametrize("layout", ["mono", "stereo", "5.1"])
@pytest.mark.parametrize("rate", [44100, 48000])
def test_loudness_is_ffmpegs(tmp_path, layout, rate):
    film = tone(tmp_path / "tone.mov", layout=layout, rate=rate)
    audio = inspect_film(film, Rulebook(), tmp_path / "out").audio
    loudness, peak = ffmpeg_loudness(film)
    assert audio.channels == {"mono": 1, "stereo": 2, "5.1": 6}[layout]
    assert audio.integrated_lufs == pytest.approx(loudness, abs=0.02)
    assert audio.true_peak_dbtp == pytest.approx(20 * math.log10(peak), abs=0.05)


def test_a_known_tone_has_its_known_loudness(tmp_path):
    """ITU-R BS.1770: a 997 Hz sine of −20 dBFS on both channels measures −20 LUFS."""
    audio = inspect_film(tone(tmp_path / "tone.mov"), Rulebook(), tmp_path / "out").audio
    assert audio.integrated_lufs == pytest.approx(-20.0, abs=0.1)
    assert audio.true_peak_dbtp == pytest.approx(-20.0, abs=0.2)


def test_a_peak_between_the_samples_is_seen(tmp_path):
    """A quarter of the sampling rate, 45° off: every sample lies 3 dB below the true peak."""
    shifted = tone(tmp_path / "tone.mov", hz=12000.0, dbfs=-3.0, phase=math.pi / 4)
    audio = inspect_film(shifted, Rulebook(), tmp_path / "out").audio
    assert audio.true_peak_dbtp == pytest.approx(-3.0, abs=0.7)  # the samples alone say −6
