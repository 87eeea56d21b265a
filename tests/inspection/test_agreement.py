"""The report beside what another build of FFmpeg says of the same file: facts, loudness, peaks, silence."""

import re
import shutil
import subprocess

import imageio_ffmpeg
import pytest

from festival.edition.rulebook import Rulebook
from submissions.inspection.runner import inspect_film
from submissions.inspection.synthetic import Silence, make_film

FFMPEG = shutil.which("ffmpeg") or imageio_ffmpeg.get_ffmpeg_exe()


def ffmpeg_says(path, *filters: str) -> str:
    done = subprocess.run(
        [FFMPEG, "-nostdin", "-hide_banner", "-i", str(path), *filters, "-f", "null", "-"],
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stderr


def number(pattern: str, text: str) -> float:
    return float(re.findall(pattern, text)[-1])


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("film.mp4", {}),
        ("film.mkv", {"fps": 29.97, "layout": "5.1"}),
        ("film.mov", {"codec": "prores_ks", "pix_fmt": "yuv422p10le", "fps": 25, "layout": "mono"}),
        ("film.webm", {"codec": "libvpx-vp9", "audio_codec": "libopus"}),
    ],
)
def test_facts_and_levels(tmp_path, name, options):
    film = make_film(tmp_path / name, seconds=6, width=320, height=180, faults=[Silence(2.0, 3.5)], **options)
    report = inspect_film(film.path, Rulebook(), tmp_path / "out")
    file, video, audio = report.file, report.video, report.audio

    said = ffmpeg_says(film.path, "-map", "0:v", "-c", "copy")
    [picture] = re.findall(r"Stream #0:\d.*?: Video: (.*)", said.split("Output #0")[0])
    hours, minutes, seconds = re.search(r"Duration: (\d+):(\d+):([\d.]+)", said).groups()
    assert int(hours) * 3600 + int(minutes) * 60 + float(seconds) == pytest.approx(file.duration, abs=0.011)
    assert picture.startswith(video.codec)
    assert f"{video.pixel_format}(" in picture and f"{video.coded_width}x{video.coded_height}" in picture
    assert number(r"([\d.]+) fps", picture) == pytest.approx(video.frame_rate, abs=0.01)
    assert number(r"frame=\s*(\d+)", said) == video.frames
    assert f"({video.colour.range}, bt709" in picture
    size = number(r"video:\s*(\d+)KiB", said)
    assert video.bit_rate * video.duration / 8 / 1024 == pytest.approx(size, abs=1)

    levels = ffmpeg_says(film.path, "-map", "0:a", "-af", "ebur128=peak=true")
    assert audio.integrated_lufs == pytest.approx(number(r"I:\s+(-?[\d.]+) LUFS", levels), abs=0.1)
    assert audio.loudness_range == pytest.approx(number(r"LRA:\s+([\d.]+) LU", levels), abs=0.1)
    assert audio.true_peak_dbtp == pytest.approx(number(r"Peak:\s+(-?[\d.]+) dBFS", levels), abs=0.2)
    momentary = [float(value) for value in re.findall(r"M:\s*(-?[\d.]+)", levels)]
    assert audio.momentary_max == pytest.approx(max(momentary), abs=0.1)
    [silence] = [event for event in report.events if event.kind == "silence"]
    quiet = ffmpeg_says(film.path, "-map", "0:a", "-af", "silencedetect=noise=-60dB:d=0.5")
    assert silence.start == pytest.approx(number(r"silence_start: ([\d.]+)", quiet), abs=0.002)
    assert silence.end == pytest.approx(number(r"silence_end: ([\d.]+)", quiet), abs=0.002)
    statistics = ffmpeg_says(
        film.path, "-map", "0:a", "-af", "astats=measure_perchannel=Peak_level:measure_overall=none"
    )
    peaks = [float(value) for value in re.findall(r"Peak level dB: (-?[\d.]+)", statistics)]
    assert [channel.peak for channel in audio.channel_levels] == pytest.approx(peaks, abs=0.1)
