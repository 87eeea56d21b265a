"""The first look says early, and cheaply, what the full report says as well."""

import pytest

from festival.edition.rulebook import Rulebook
from submissions.inspection.rules import SURE
from submissions.inspection.runner import glance_at_film, inspect_film
from submissions.inspection.synthetic import Black, cut_in_half, make_film, text_named_mp4

STRICT = Rulebook.from_toml("""
[duration]
max = 2
[file]
max_bytes = 1000
containers = ["avi"]
fast_start = true
[video]
codecs = ["vvc"]
landscape = ["1920x1080"]
aspects = ["1:1"]
frame_rates = [60]
constant = true
min_bit_rate = 900
bit_depths = [12]
chroma = ["4:4:4"]
colours = ["bt2020"]
max_keyframe_seconds = 0.1
[audio]
required = true
channels = [1]
codecs = ["flac"]
sample_rates = [96000]
loudness_min = -5
[black]
max_seconds = 0.2
""")
FILMS = [
    ("film.mp4", {}),
    ("film.mkv", {"codec": "libx265", "fps": 29.97, "layout": "5.1"}),
    ("film.mov", {"codec": "prores_ks", "pix_fmt": "yuv422p10le", "fps": 25, "audio": False}),
    ("film.webm", {"codec": "libvpx-vp9", "audio_codec": "libopus", "width": 180, "height": 320}),
    ("film.avi", {"codec": "mpeg4", "audio_codec": "libmp3lame"}),
    ("film.ts", {}),
]


@pytest.mark.parametrize(("name", "options"), FILMS)
def test_it_finds_what_the_report_finds(tmp_path, name, options):
    options = {"seconds": 5, "width": 320, "height": 180, **options}
    film = make_film(tmp_path / name, faults=[Black(1.0, 2.0)], **options)
    first = glance_at_film(film.path, STRICT, tmp_path / "first", sha256="ab")
    whole = inspect_film(film.path, STRICT, tmp_path / "whole", sha256="ab")
    assert (first.problem, first.depth, whole.depth) == (None, "keyframes", "whole")
    assert first.findings == tuple(each for each in whole.findings if each.rule in SURE)
    assert len(first.findings) >= 7
    assert (first.file, first.video) == (whole.file, whole.video)
    if whole.audio:
        told = ("codec", "channels", "sample_rate", "layout", "declared_duration")
        assert {name: getattr(first.audio, name) for name in told} == {
            name: getattr(whole.audio, name) for name in told
        }
    else:
        assert first.audio is None
    assert [(still.file, still.about) for still in first.stills] == [("sheet.jpg", "sheet")]
    assert [path.name for path in (tmp_path / "first").iterdir()] == ["sheet.jpg"]


def test_silence_takes_ears(tmp_path):
    """A track is there; whether anything can be heard is not known yet."""
    film = make_film(tmp_path / "film.mp4", seconds=2, width=320, height=180)
    first = glance_at_film(film.path, Rulebook.from_toml("[audio]\nrequired = true\n"), tmp_path / "out")
    assert (first.verdict, first.findings) == ("pass", ())


def test_a_cut_film_is_told_at_once(tmp_path):
    film = make_film(tmp_path / "film.mkv", seconds=6, width=320, height=180)
    half = cut_in_half(film.path, tmp_path / "half.mkv")
    first = glance_at_film(half, Rulebook(), tmp_path / "out")
    assert [finding.rule for finding in first.findings] == ["truncated"]


def test_what_is_no_film_is_unreadable(tmp_path):
    first = glance_at_film(text_named_mp4(tmp_path / "text.mp4"), Rulebook(), tmp_path / "out")
    assert (first.verdict, first.problem.code, first.depth) == ("unreadable", "not_a_film", "keyframes")
    assert list((tmp_path / "out").iterdir()) == []


def test_it_costs_a_fraction(tmp_path):
    """A keyframe every ten seconds, as encoders set them by themselves: little is decoded."""
    film = make_film(tmp_path / "film.mp4", seconds=12, width=1280, height=720, video_options={"g": "250"})
    first = glance_at_film(film.path, Rulebook(), tmp_path / "first")
    whole = inspect_film(film.path, Rulebook(), tmp_path / "whole")
    assert first.cost.cpu < whole.cost.cpu / 3
