"""The commands that findings recommend, run as they are printed: afterwards the finding is gone."""

import json
import shlex
import shutil
import subprocess
from fractions import Fraction

import av
import imageio_ffmpeg
import numpy as np
import pytest

from festival.edition.rulebook import Rulebook
from submissions.inspection.cures import cure_command, mend_command
from submissions.inspection.report import Finding
from submissions.inspection.runner import inspect_film
from submissions.inspection.synthetic import Loud, make_film
from tests.inspection.sounding import film_of

FFMPEG = shutil.which("ffmpeg") or imageio_ffmpeg.get_ffmpeg_exe()
RATE = 48000


def run(command: str, folder):
    """The command as printed, in the film's folder; the path of what it wrote."""
    arguments = shlex.split(command)
    assert arguments[0] == "ffmpeg"
    done = subprocess.run(
        [FFMPEG, "-nostdin", "-hide_banner", "-loglevel", "error", *arguments[1:]],
        cwd=folder, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, (command, done.stderr)
    return folder / arguments[-1]


def mended(path, rules: str, *expected: str):
    """Inspect, run the one command for all findings, inspect again; the second report."""
    rulebook = Rulebook.from_toml(rules)
    report = inspect_film(path, rulebook, path.parent / "out")
    assert {finding.rule for finding in report.findings} == set(expected)
    command = mend_command(report.findings, report.measurements, path.name)
    assert command, expected
    again = inspect_film(run(command, path.parent), rulebook, path.parent / "out")
    assert [finding.rule for finding in again.findings] == [], command
    assert again.video.frames / again.video.frame_rate == pytest.approx(report.video.duration, abs=0.15)
    return report, again, command


def tone(hz, seconds, level=0.2, rate=RATE):
    return level * np.sin(2 * np.pi * hz * np.arange(round(seconds * rate)) / rate)


def noise(seconds, level=0.05, seed=1):
    return np.random.default_rng(seed).normal(0, level, round(seconds * RATE))


SMALL = {"seconds": 3, "width": 128, "height": 72}


def test_fast_start_copies_and_keeps_the_label(tmp_path):
    label = json.dumps({"Label": "1"})
    source = make_film(tmp_path / "plain.mp4", **SMALL).path
    with av.open(str(source)) as film, av.open(
        str(tmp_path / "my film.mp4"), "w", options={"movflags": "use_metadata_tags"}
    ) as copy:  # fmt: skip
        copy.metadata["AIGC"] = label
        streams = {stream.index: copy.add_stream_from_template(stream) for stream in film.streams}
        for packet in film.demux():
            if packet.dts is not None:
                packet.stream = streams[packet.stream.index]
                copy.mux(packet)
    before, after, command = mended(tmp_path / "my film.mp4", "[file]\nfast_start = true", "fast_start")
    assert '-i "my film.mp4"' in command
    assert "-c:v copy" in command and "-c:a copy" in command
    assert after.provenance.aigc == before.provenance.aigc
    assert after.provenance.aigc.label == "1"


@pytest.mark.parametrize(
    ("rules", "rule", "options"),
    [
        ('[file]\ncontainers = ["mp4"]', "container", {"name": "film.mkv"}),
        ('[file]\ncontainers = ["mov"]', "container", {"name": "film.avi", "codec": "mpeg4", "audio_codec": "mp3"}),
        ('[video]\ncodecs = ["h264"]', "video_codec", {"codec": "mpeg4"}),
        ('[video]\ncodecs = ["prores"]', "video_codec", {}),
        ("[video]\nframe_rates = [24, 25]", "frame_rate", {"fps": 30}),
        ("[video]\nframe_rates = [23.976]", "frame_rate", {"fps": 30}),
        ("[video]\nmax_bit_rate = 0.2", "bit_rate", {"width": 320, "height": 180, "seconds": 6}),
        ("[file]\nmax_bytes = 250000", "file_size",
         {"width": 320, "height": 180, "seconds": 2, "video_options": {"crf": "4"}}),
        ("[video]\nbit_depths = [8]", "bit_depth", {"pix_fmt": "yuv420p10le"}),
        ("[video]\nchroma = ['4:2:0']", "chroma", {"pix_fmt": "yuv444p"}),
        ("[video]\nmax_keyframe_seconds = 1", "keyframes", {}),
        ("[video]\nmax_width = 96\nmax_height = 54", "resolution", {}),
        ('[video]\nlandscape = ["64x36"]', "resolution", {}),
        ("[audio]\nsample_rates = [44100]", "sample_rate", {}),
        ('[audio]\ncodecs = ["aac"]', "audio_codec", {"audio_codec": "ac3"}),
        ('[audio]\ncodecs = ["pcm_s24le"]', "audio_codec", {}),
        ("[audio]\nchannels = [2]", "audio_channels", {"layout": "5.1"}),
        ("[audio]\nloudness_min = -16\nloudness_max = -14", "loudness", {"lufs": -20.0}),
        ("[audio]\nloudness_min = -26\nloudness_max = -22", "loudness", {}),
        ("[audio]\ntrue_peak_max = -12", "true_peak", {}),
    ],
)  # fmt: skip
def test_one_cure_at_a_time(tmp_path, rules, rule, options):
    options = SMALL | options
    film = make_film(tmp_path / options.pop("name", "film.mp4"), **options)
    mended(film.path, rules, rule)


def test_too_quiet_with_loud_peaks_goes_through_a_limiter(tmp_path):
    quiet = noise(6, 0.01)
    quiet[RATE : RATE + 40] = 0.9
    film = film_of(tmp_path / "film.mov", quiet, quiet[::-1].copy())
    _, after, command = mended(
        film, "[audio]\nloudness_min = -20\nloudness_max = -14\ntrue_peak_max = -1", "loudness", "true_peak"
    )
    assert "alimiter" in command
    assert after.audio.true_peak_dbtp <= -1


def test_much_too_loud(tmp_path):
    film = make_film(tmp_path / "film.mp4", faults=[Loud(-7)], **SMALL)
    mended(
        film.path,
        "[audio]\nloudness_min = -24\nloudness_max = -14\ntrue_peak_max = -1",
        "loudness",
        "true_peak",
    )


def test_an_uneven_pace(tmp_path):
    with av.open(str(tmp_path / "film.mp4"), "w") as film:
        stream = film.add_stream("libx264", rate=24, options={"preset": "ultrafast"})
        stream.width = stream.height = 64
        stream.pix_fmt, stream.codec_context.time_base = "yuv420p", Fraction(1, 24)
        for n in [*range(24), *range(25, 72, 2), *range(72, 96)]:
            frame = av.VideoFrame.from_ndarray(np.full((64, 64, 3), 40 + n, np.uint8), "rgb24")
            frame.pts, frame.time_base = n, Fraction(1, 24)
            film.mux(stream.encode(frame))
        film.mux(stream.encode(None))
    mended(tmp_path / "film.mp4", "[video]\nconstant = true", "constant_frame_rate")


@pytest.mark.parametrize("codec", ["libx264", "libx265", "prores_ks", "mpeg4"])
def test_colours_that_are_not_tagged(tmp_path, codec):
    with av.open(str(tmp_path / "film.mov"), "w") as film:
        stream = film.add_stream(codec, rate=24)
        stream.width = stream.height = 64
        stream.pix_fmt = "yuv422p10le" if codec == "prores_ks" else "yuv420p"
        if codec == "libx265":
            stream.options = {"x265-params": "log-level=error"}
        for n in range(24):
            frame = av.VideoFrame.from_ndarray(np.full((64, 64, 3), 40 + n, np.uint8), "rgb24")
            frame = frame.reformat(format=stream.pix_fmt)
            frame.pts, frame.time_base = n, Fraction(1, 24)
            film.mux(stream.encode(frame))
        film.mux(stream.encode(None))
    _, _, command = mended(tmp_path / "film.mov", '[video]\ncolours = ["bt709"]', "colour")
    assert ("-c:v copy" in command) == (codec != "mpeg4")


def test_pixels_that_are_not_square(tmp_path):
    with av.open(str(tmp_path / "film.mp4"), "w") as film:
        stream = film.add_stream("libx264", rate=24)
        stream.width, stream.height, stream.pix_fmt = 72, 64, "yuv420p"
        stream.codec_context.sample_aspect_ratio = Fraction(16, 11)
        for n in range(24):
            frame = av.VideoFrame.from_ndarray(np.full((64, 72, 3), 40 + n, np.uint8), "rgb24")
            frame.pts, frame.time_base = n, Fraction(1, 24)
            film.mux(stream.encode(frame))
        film.mux(stream.encode(None))
    before, after, _ = mended(tmp_path / "film.mp4", "[video]\nsquare_pixels = true", "square_pixels")
    assert abs(before.video.width - after.video.width) <= 1


FREE = '[audio]\nfree_of = ["out_of_phase", "one_sided", "hum"]'


def test_out_of_phase(tmp_path):
    left = noise(3) + tone(300, 3)
    mended(film_of(tmp_path / "film.mov", left, -left), FREE, "out_of_phase")


def test_one_sided(tmp_path):
    mended(film_of(tmp_path / "film.mov", noise(3), noise(3, 0.0005, 2)), FREE, "one_sided")


@pytest.mark.parametrize("base", [50, 60])
def test_hum(tmp_path, base):
    sound = noise(10, 0.02)
    sound *= np.repeat(np.random.default_rng(6).random(40) > 0.4, RATE // 4)
    sound += tone(base, 10, 0.01) + tone(base * 2, 10, 0.006) + tone(base * 3, 10, 0.003)
    mended(film_of(tmp_path / "film.mov", sound, sound), FREE, "hum")


@pytest.mark.parametrize("seconds", [2.0, 5.5])
def test_sound_of_another_length(tmp_path, seconds):
    picture = film_of(tmp_path / "picture.mov", noise(4), noise(4))
    other = film_of(tmp_path / "sound.mov", noise(seconds), noise(seconds))
    with (
        av.open(str(picture)) as first,
        av.open(str(other)) as second,
        av.open(str(tmp_path / "film.mov"), "w") as film,
    ):
        sources = [(first, first.streams.video[0]), (second, second.streams.audio[0])]
        streams = [film.add_stream_from_template(source) for _, source in sources]
        for (opened, source), stream in zip(sources, streams):
            for packet in opened.demux(source):
                if packet.dts is not None:
                    packet.stream = stream
                    film.mux(packet)
    mended(tmp_path / "film.mov", "", "sound_length")


def test_several_at_once_are_one_command(tmp_path):
    film = make_film(tmp_path / "film.mkv", fps=30, lufs=-27.0, **SMALL)
    rules = """
    [file]
    containers = ["mp4"]
    fast_start = true
    [video]
    frame_rates = [24, 25]
    max_keyframe_seconds = 2
    [audio]
    loudness_min = -20
    loudness_max = -14
    true_peak_max = -1
    sample_rates = [44100]
    """
    mended(film.path, rules, "container", "frame_rate", "keyframes", "loudness", "sample_rate")


def test_what_only_the_editing_programme_can_mend_has_no_command(tmp_path):
    report = inspect_film(make_film(tmp_path / "film.mp4", **SMALL).path, Rulebook(), tmp_path / "out")
    for finding in (
        Finding("black", "note", 3.0, 2.0),
        Finding("duration_max", "block", 90.0, 60.0),
        Finding("resolution", "fix", [128, 72], {"sizes": [], "min_width": 1280}),
        Finding("bit_rate", "note", 0.3, [5.0, None]),
        Finding("hdr", "fix", "pq"),
        Finding("from_the_future", "note"),
    ):
        assert cure_command(finding, report.measurements, "film.mp4") == ""
    assert mend_command([], report.measurements, "film.mp4") == ""


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("夜航 (终版).mp4", "夜航 (终版).mp4"),
        ("../../etc/passwd", "passwd"),
        ('a" & del *.mp4', "film.mp4"),
        ("$(reboot).mp4", "film.mp4"),
        ("`id`.mp4", "film.mp4"),
        ("-y.mp4", "film.mp4"),
        ("", "film.mp4"),
    ],
)
def test_a_name_cannot_become_a_command(tmp_path, name, said):
    report = inspect_film(
        make_film(tmp_path / "f.mp4", seconds=1, width=64, height=64).path, Rulebook(), tmp_path
    )
    command = cure_command(Finding("fast_start", "note"), report.measurements, name)
    arguments = shlex.split(command)
    assert arguments[2] == said
    assert arguments[-1] == f"{said.rsplit('.', 1)[0]}-mended.mp4"
