"""Flashes beside IRIS, the reference of Electronic Arts: the same verdict on clips of the kind it is tested with."""

import contextlib
import io
from fractions import Fraction

import av
import numpy as np
import pytest
from iris_pse_detection import Configuration, VideoAnalyser

from submissions.inspection.picture import Picture

RATE, HIGH, WIDE = 30, 72, 128


def square(hertz, second):
    """1 in the first half of every wave, 0 in the second."""
    return float((second * hertz + 1e-9) % 1 < 0.5)


def ramp(hertz, second):
    """From 0 to 1 and back."""
    return 1 - abs(2 * ((second * hertz) % 1) - 1)


def grey(level):
    return np.full((HIGH, WIDE, 3), round(level), np.uint8)


def part(share, level, other=40):
    picture = grey(other)
    picture[: round(HIGH * share)] = round(level)
    return picture


def red(level, blue=0):
    return np.broadcast_to(np.array([round(level), 0, round(blue)], np.uint8), (HIGH, WIDE, 3)).copy()


def stripes(second, between=lambda lit: 0):
    """White bars that come and go five times a second; `between` says what is in the gaps."""
    lit = square(5, second)
    rows = np.where(np.arange(HIGH) // 6 % 2, 255 * lit, between(lit))
    return np.broadcast_to(rows[:, None, None].astype(np.uint8), (HIGH, WIDE, 3)).copy()


def now_and_then(second):
    """Two and a half flashes a second for one second in two."""
    return grey(230 * square(2.5, second)) if second % 2 < 1 else grey(0)


CLIPS = {
    "1 Hz": (lambda t: grey(255 * square(1, t)), 6, False),
    "2 Hz, short": (lambda t: grey(255 * square(2, t)), 3, False),
    "2 Hz, 7 s": (lambda t: grey(255 * square(2, t)), 7, True),
    "3 Hz, 2 s": (lambda t: grey(255 * square(3, t)), 2, False),
    "3 Hz, 6 s": (lambda t: grey(255 * square(3, t)), 6, True),
    "5 Hz, 1 s": (lambda t: grey(255 * square(5, t)), 1, True),
    "10 Hz": (lambda t: grey(255 * square(10, t)), 2, True),
    "grey on grey, a tenth apart": (lambda t: grey(60 + 120 * square(5, t)), 3, True),
    "grey on grey, too near": (lambda t: grey(60 + 40 * square(5, t)), 3, False),
    "bright on bright": (lambda t: grey(235 + 20 * square(5, t)), 3, False),
    "a fifth of the picture": (lambda t: part(0.2, 255 * square(5, t)), 3, False),
    "a third of the picture": (lambda t: part(0.34, 255 * square(5, t)), 3, True),
    "red": (lambda t: red(255 * square(5, t)), 3, True),
    "red, 2 Hz": (lambda t: red(255 * square(2, t)), 3, False),
    "red ramp": (lambda t: red(255 * ramp(4, t)), 3, True),
    "red and blue": (lambda t: red(255 * square(5, t), 255 * (1 - square(5, t))), 3, True),
    "grey ramp, 5 Hz": (lambda t: grey(255 * ramp(5, t)), 3, True),
    "grey ramp, 1 Hz": (lambda t: grey(255 * ramp(1, t)), 6, False),
    "stripes": (stripes, 3, True),
    "extended, long": (lambda t: grey(255 * square(2.5, t)), 12, True),
    "extended, now and then": (now_and_then, 10, False),
    "extended, then a pause": (lambda t: grey(255 * square(2.5, t)) if t % 4 < 2.5 else grey(0), 12, False),
    "one flash": (lambda t: grey(255 if 1 <= t < 1.1 else 0), 3, False),
    "a fade": (lambda t: grey(min(255, 60 * t)), 4, False),
}


def film_of(path, draw, seconds):
    with av.open(str(path), "w") as film:
        stream = film.add_stream("libx264", rate=RATE, options={"preset": "ultrafast", "crf": "8"})
        stream.width, stream.height, stream.pix_fmt = WIDE, HIGH, "yuv420p"
        for number in range(round(seconds * RATE)):
            frame = av.VideoFrame.from_ndarray(draw(number / RATE), "rgb24")
            frame = frame.reformat(format="yuv420p", dst_colorspace="ITU601", dst_color_range="MPEG")
            frame.pts, frame.time_base = number, Fraction(1, RATE)
            film.mux(stream.encode(frame))
        film.mux(stream.encode(None))
    return path


def iris_says(path, folder) -> bool:
    """Whether IRIS fails the clip."""
    analyser = VideoAnalyser(Configuration(results_path=f"{folder}/iris/"))
    with contextlib.redirect_stdout(io.StringIO()):
        result = analyser.analyse_video(str(path))
    return bool(
        result.total_luminance_incidents.total_failed_frames + result.total_red_incidents.total_failed_frames
    )


def we_say(path) -> bool:
    """Whether the clip has a stretch that fails by our count."""
    picture = Picture(lambda *_: None, {"black": 0.1, "freeze": 0.5})
    with av.open(str(path)) as film:
        for frame in film.decode(video=0):
            picture.look(frame, float(frame.time))
            end = float(frame.time) + 1 / RATE
    kinds = {event.kind for event in picture.finish(end)}
    return bool(kinds & {"flash", "red_flash", "flash_extended"})


@pytest.mark.parametrize("name", CLIPS)
def test_the_same_verdict(tmp_path, name):
    draw, seconds, fails = CLIPS[name]
    path = film_of(tmp_path / "clip.mp4", draw, seconds)
    assert (iris_says(path, tmp_path), we_say(path)) == (fails, fails)


def test_stripes_that_change_places(tmp_path):
    """IRIS sees that the mean stays; by the letter of BT.1702, half of the picture flashes at any time."""
    path = film_of(tmp_path / "clip.mp4", lambda t: stripes(t, lambda lit: 255 * (1 - lit)), 3)
    assert (iris_says(path, tmp_path), we_say(path)) == (False, True)
