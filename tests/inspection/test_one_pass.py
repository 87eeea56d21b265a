"""Measuring and copying in one decode gives what each gives alone."""

from dataclasses import replace
from fractions import Fraction

import av
import numpy as np
import pytest

from festival.edition.rulebook import Rulebook
from submissions.inspection import one_pass
from submissions.inspection.copy import make_judge_copy
from submissions.inspection.header import read_header
from submissions.inspection.runner import inspect_film
from submissions.inspection.synthetic import Black, cut_in_half, make_film

SMALL = {"seconds": 3, "width": 320, "height": 180}
RULES = Rulebook.from_toml("[black]\nmax_seconds = 0.5\n")


def frames(path):
    with av.open(str(path)) as film:
        return list(film.decode(video=0))


@pytest.mark.parametrize(
    ("name", "options", "method"),
    [
        ("film.mkv", {"codec": "libx265", "layout": "5.1", "fps": 29.97}, "encoded"),
        ("film.mov", {"codec": "prores_ks", "pix_fmt": "yuv422p10le", "audio": False}, "encoded"),
        ("film.mp4", {"video_options": {"preset": "superfast", "g": "48"}}, "repacked"),
    ],
)
def test_copy_and_report_are_those_made_apart(tmp_path, name, options, method):
    film = make_film(tmp_path / name, faults=[Black(1.0, 2.0)], **SMALL, **options)
    alone = make_judge_copy(film.path, tmp_path / "alone.mp4")
    plain = inspect_film(film.path, RULES, tmp_path / "plain")
    both = inspect_film(film.path, RULES, tmp_path / "both", copy=True)
    assert alone.method == method
    # An encoder with two threads and a bound on its rate gives a few bytes more or less each time.
    assert replace(both.copy, bytes=0) == replace(alone, bytes=0)
    assert both.copy.bytes == (tmp_path / "both/copy.mp4").stat().st_size
    for one, other in zip(frames(tmp_path / "both/copy.mp4"), frames(tmp_path / "alone.mp4"), strict=True):
        assert one.time == other.time
        assert np.abs(one.to_ndarray().astype(int) - other.to_ndarray()).mean() < 1
    assert plain.copy is None and not (tmp_path / "plain/copy.mp4").exists()
    assert replace(both, copy=None, cost=plain.cost) == plain
    assert {path.name for path in (tmp_path / "both").iterdir()} == {
        "copy.mp4", *(path.name for path in (tmp_path / "plain").iterdir())
    }  # fmt: skip


def test_a_damaged_film_is_measured_and_copied(tmp_path):
    film = make_film(tmp_path / "film.mkv", codec="libx265", **SMALL)
    half = cut_in_half(film.path, tmp_path / "half.mkv")
    report = inspect_film(half, RULES, tmp_path / "out", copy=True)
    assert [finding.rule for finding in report.findings][:1] == ["truncated"]
    assert report.copy.duration == pytest.approx(report.video.duration, abs=0.05)
    assert 0 < report.video.frames < film.frames


def test_a_copy_that_cannot_be_made_leaves_the_report(tmp_path, caplog):
    """The clock leaps by more than two minutes: measured as it stands, but no copy for a player."""
    with av.open(str(tmp_path / "leap.mkv"), "w") as film:
        stream = film.add_stream("mjpeg", rate=24)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuvj420p"
        for n in range(48):
            frame = av.VideoFrame.from_ndarray(np.full((64, 64, 3), 40 + n * 4, np.uint8), "rgb24")
            frame.pts, frame.time_base = n + (24 * 130 if n > 24 else 0), Fraction(1, 24)
            film.mux(stream.encode(frame))
        film.mux(stream.encode(None))
    report = inspect_film(tmp_path / "leap.mkv", Rulebook(), tmp_path / "out", copy=True)
    assert (report.problem, report.copy, report.video.frames) == (None, None, 48)
    assert not [path for path in (tmp_path / "out").iterdir() if "copy" in path.name]
    assert "No copy was made" in caplog.text


def test_a_film_that_ends_in_the_middle_of_measuring_leaves_no_copy(tmp_path):
    """More frames than allowed: told by both, and nothing is left."""
    film = make_film(tmp_path / "film.mp4", codec="libx265", **SMALL)
    folder = tmp_path / "out"
    folder.mkdir()
    request = {"path": str(film.path), "frames": 30, "copy": True}
    with pytest.raises(Exception, match="too_many_frames"):
        one_pass.run(request, folder, lambda *_: None, replace(read_header(film.path), frames=None))
    assert not [path for path in folder.iterdir() if "copy" in path.name]
