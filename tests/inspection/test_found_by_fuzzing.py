"""What the fuzzer found, each as a film made on purpose, and mended since."""

import av
import numpy as np
import pytest

from submissions.inspection.runner import ChildError, copy_film
from tests.inspection import traps
from tests.inspection.test_traps import inspect


def test_an_element_that_ends_beyond_every_disk(tmp_path):
    """No file system can be asked for such a place."""
    path = tmp_path / "film.mkv"
    path.write_bytes(b"\x1a\x45\xdf\xa3\x01\xff\xff\xff\xff\xff\xff\xfd" + bytes(2000))
    assert inspect(path, tmp_path).problem.code == "damaged"


def test_pictures_that_last_for_ages(tmp_path):
    """A rate that is rounded to nothing must not be divided by."""
    path = traps.changed(traps.plain_film(tmp_path / "film.mp4"), b"stts", (0x7FFFFFF0).to_bytes(4), 16)
    traps.changed(path, b"mdhd", (1).to_bytes(4), 16)
    report = inspect(path, tmp_path)
    assert report.problem is None
    assert report.video.frame_rate == 0.001


def test_a_decoder_that_refuses_to_start(tmp_path):
    """Its name cannot be asked for any more; asking ended the process."""
    path = traps.plain_film(tmp_path / "film.mp4", "libx265")
    traps.changed(path, b"hvcC", b"\xff" * 60, 26)
    report = inspect(path, tmp_path)
    assert (report.problem.code, report.problem.values) == ("no_frames", {"codec": "hevc"})


def test_colours_that_no_converter_knows(tmp_path):
    """ProRes says in every frame which matrix its colours need; the number is made up."""
    path = traps.plain_film(tmp_path / "film.mov", "prores_ks", form="yuv422p10le")
    data = bytearray(path.read_bytes())
    at = data.find(b"icpf")
    while at >= 0:
        data[at + 18 : at + 21] = bytes([18, 18, 18])
        at = data.find(b"icpf", at + 4)
    path.write_bytes(data)
    report = inspect(path, tmp_path)
    assert report.problem is None
    assert {still.about for still in report.stills} >= {"sheet"}
    assert copy_film(path, tmp_path / "copy.mp4").frames == 12


def test_sound_of_a_hundred_samples_a_second(tmp_path):
    """Too few for any hum; a minute of it."""
    path = tmp_path / "film.mkv"
    with av.open(str(path), "w") as film:
        video = film.add_stream("libx264", rate=24, options={"preset": "ultrafast"})
        video.width, video.height, video.pix_fmt = 64, 64, "yuv420p"
        sound = film.add_stream("pcm_s16le", rate=100, layout="mono")
        noise = np.random.default_rng(3).integers(-9000, 9000, (1, 6000)).astype(np.int16)
        tone = av.AudioFrame.from_ndarray(noise, "s16", "mono")
        tone.sample_rate, tone.pts = 100, 0
        film.mux(sound.encode(tone))
        for _ in range(12):
            film.mux(video.encode(av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), "rgb24")))
        film.mux(video.encode())
    report = inspect(path, tmp_path)
    assert report.problem is None
    assert report.audio.sample_rate == 100


def test_sound_that_leaps_by_half_a_day_is_not_repacked(tmp_path):
    """The new file does not take such packets; an encoded copy would have to be twelve hours long."""
    path = tmp_path / "film.mp4"
    with av.open(str(path), "w", options={"movflags": "frag_every_frame+empty_moov"}) as film:
        video = film.add_stream("libx264", rate=24, options={"preset": "ultrafast", "bf": "0"})
        video.width, video.height, video.pix_fmt = 64, 64, "yuv420p"
        sound = film.add_stream("aac", rate=48000, layout="stereo")
        for number in range(24):
            tone = av.AudioFrame.from_ndarray(np.zeros((2, 1024), np.float32), "fltp", "stereo")
            tone.sample_rate, tone.pts = 48000, number * 1024
            film.mux(sound.encode(tone))
            film.mux(video.encode(av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), "rgb24")))
        film.mux(sound.encode())
        film.mux(video.encode())
    data = bytearray(path.read_bytes())
    at = data.find(b"tfhd")
    while at >= 0:
        time = data.index(b"tfdt", at) + 8
        start = int.from_bytes(data[time : time + 8])
        if data[at + 8 : at + 12] == (2).to_bytes(4) and start > 12 * 1024:
            data[time : time + 8] = (start + (1 << 31)).to_bytes(8)
        at = data.find(b"tfhd", at + 4)
    path.write_bytes(data)
    with pytest.raises(ChildError) as caught:
        copy_film(path, tmp_path / "copy.mp4")
    assert caught.value.problem.code == "damaged"
    assert not (tmp_path / "copy.mp4").exists()
