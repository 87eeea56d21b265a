"""Clipping, channels, phase, hum and the loudness curve, each on a sound made so on purpose."""

import math

import av
import av.filter
import numpy as np
import pytest

from festival.edition.rulebook import Rulebook
from submissions.inspection.runner import inspect_film
from submissions.inspection.soundcheck import SoundCheck
from submissions.inspection.synthetic import make_film
from tests.inspection.sounding import film_of

RATE = 48000


def sine(hz, seconds, level=0.25, rate=RATE):
    return level * np.sin(2 * np.pi * hz * np.arange(round(seconds * rate)) / rate)


def noise(seconds, level=0.1, seed=1):
    return np.random.default_rng(seed).normal(0, level, round(seconds * RATE))


def checked(*channels, names=("FL", "FR"), rate=RATE, chunk=4800) -> SoundCheck:
    check = SoundCheck(names, rate)
    sound = np.stack(channels)
    for at in range(0, sound.shape[1], chunk):
        block = sound[:, at : at + chunk]
        check.hear(block, block.mean(0), at / rate)
    return check


@pytest.mark.parametrize("chunk", [4800, 997, 2])
def test_runs_at_full_scale_are_counted_once_wherever_the_stretches_end(chunk):
    left, right = noise(0.5), noise(0.5, seed=2)
    for start, length in ((1000, 3), (2000, 2), (4795, 10), (9000, 1), (20000, 300)):
        left[start : start + length] = 1.0
    right[9000:9004] = -1.0
    check = checked(left, right, chunk=chunk)
    assert check.clippings == 4
    [stretch] = check.events
    assert (stretch.kind, stretch.start, stretch.end) == (
        "clipping", pytest.approx(1000 / RATE, abs=0.002), pytest.approx(20300 / RATE, abs=0.002),
    )  # fmt: skip


def test_clipping_far_apart_is_told_apart():
    sound = noise(3)
    sound[2000:2010] = sound[120_000:120_010] = 1.0
    assert [round(event.start, 2) for event in checked(sound, sound).events] == [0.04, 2.5]


def test_loud_is_not_clipped():
    assert checked(sine(440, 1, 0.99), sine(440, 1, 0.99)).clippings == 0


def test_the_same_on_both_sides():
    assert checked(noise(1), noise(1)).mono_as_stereo()
    nearly = noise(1) + noise(1, 0.1 * 10 ** (-40 / 20), seed=3)
    assert checked(noise(1), noise(1) + noise(1, 0.1 * 10 ** (-50 / 20), seed=3)).mono_as_stereo()
    assert not checked(noise(1), nearly).mono_as_stereo()
    assert not checked(noise(1), noise(1, seed=2)).mono_as_stereo()
    assert not checked(noise(1), names=("FC",)).mono_as_stereo()
    assert not checked(np.zeros(4800), np.zeros(4800)).mono_as_stereo()


def test_phase():
    left = noise(1)
    assert checked(left, -left).phase() == -1.0
    assert checked(left, left).phase() == 1.0
    assert abs(checked(left, noise(1, seed=2)).phase()) < 0.02
    assert checked(left, np.zeros_like(left)).phase() is None
    assert checked(left, names=("FC",)).phase() is None


def test_balance():
    left = noise(1)
    assert checked(left, left / 10).balance() == pytest.approx(20.0, abs=0.1)
    assert checked(left * 0, left).balance() == -99.0
    assert checked(left * 0, left * 0).balance() is None


def test_levels_of_every_channel():
    levels = checked(sine(440, 1, 0.5), np.zeros(RATE)).channel_levels()
    assert (levels[0].name, levels[0].peak, levels[0].mean) == ("FL", -6.0, -9.0)
    assert (levels[1].peak, levels[1].mean) == (None, None)


@pytest.mark.parametrize("base", [50, 60])
@pytest.mark.parametrize("rate", [44100, 48000])
@pytest.mark.parametrize("lines", [(1,), (2, 3)])
def test_hum_under_speech_is_found(base, rate, lines):
    seconds = 13
    speech = np.random.default_rng(5).normal(0, 0.05, rate * seconds)
    speech *= np.repeat(np.random.default_rng(6).random(seconds * 4) > 0.4, rate // 4)[: len(speech)]
    hum = sum(sine(base * line, seconds, 0.004, rate)[: len(speech)] for line in lines)
    found = checked(speech + hum, speech + hum, rate=rate).hum()
    assert (found.hertz, found.share >= 0.8) == (base, True)
    assert found.level == pytest.approx(
        20 * math.log10(0.004 / math.sqrt(2)) + 10 * math.log10(len(lines)), abs=1.5
    )


@pytest.mark.parametrize(
    "sound",
    [
        noise(13),
        np.zeros(13 * RATE),
        sine(49, 13),
        sine(61.7, 13),
        sine(950, 13),
        sine(110, 13),
        sine(55, 13),
    ],
)
def test_what_is_no_hum(sound):
    assert checked(sound + noise(13, 1e-5), sound + noise(13, 1e-5)).hum() is None


def test_a_bass_note_that_comes_and_goes_is_music():
    notes = np.concatenate([sine(hz, 2) for hz in (50, 65, 73, 50, 98, 65, 82)])
    assert checked(notes, notes).hum() is None


def test_music_does_not_hum(tmp_path):
    film = make_film(tmp_path / "film.mp4", seconds=9, width=64, height=64)
    audio = inspect_film(film.path, Rulebook(), tmp_path / "out").audio
    assert (audio.hum, audio.clippings, audio.mono_as_stereo) == (None, 0, False)


def test_all_of_it_in_the_report(tmp_path):
    left = np.concatenate([sine(997, 2, 0.1), sine(997, 1, 2.0), sine(997, 1.5, 0.02)])
    report = inspect_film(film_of(tmp_path / "film.mov", left, -left / 20), Rulebook(), tmp_path / "out")
    audio = report.audio
    assert audio.layout == "stereo"
    assert audio.phase < -0.95
    assert 20 < audio.balance < 26
    assert audio.clippings == pytest.approx(2 * 997, abs=3)
    [stretch] = [event for event in report.events if event.kind == "clipping"]
    assert (stretch.start, stretch.end) == (pytest.approx(2.0, abs=0.01), pytest.approx(3.0, abs=0.01))
    assert len(audio.loudness_curve.values) == 5
    assert audio.loudness_curve.values[2] == max(audio.loudness_curve.values) == audio.momentary_max
    assert audio.bit_rate == 48000 * 16 * 2


@pytest.mark.parametrize("layout", ["mono", "stereo", "5.1"])
def test_momentary_and_short_term_are_ffmpegs(tmp_path, layout):
    """The filter alone, in a graph of its own, over the same film."""
    sound = np.concatenate([sine(500, 4, 0.05), noise(2, 0.2), sine(997, 3, 0.3)])
    path = film_of(tmp_path / "film.mov", *[sound] * len(av.AudioLayout(layout).channels), layout=layout)
    graph, said = None, {"M": -70.0, "S": -70.0}
    with av.open(str(path)) as film:
        for frame in [*film.decode(audio=0), None]:
            if graph is None:
                graph = av.filter.Graph()
                source = graph.add_abuffer(template=film.streams.audio[0])
                graph.link_nodes(
                    source, graph.add("ebur128", "metadata=1"), graph.add("abuffersink")
                ).configure()
            graph.push(frame)
            while True:
                try:
                    out = graph.pull().metadata
                except (av.error.BlockingIOError, av.error.EOFError):
                    break
                said = {name: max(said[name], float(out[f"lavfi.r128.{name}"])) for name in said}
    audio = inspect_film(path, Rulebook(), tmp_path / "out").audio
    assert audio.momentary_max == pytest.approx(said["M"], abs=0.1)
    assert audio.short_term_max == pytest.approx(said["S"], abs=0.1)
    assert len(audio.channel_levels) == audio.channels


def test_sound_that_begins_late(tmp_path):
    source = make_film(tmp_path / "film.mp4", seconds=3, width=64, height=64).path
    with av.open(str(source)) as film, av.open(str(tmp_path / "late.mkv"), "w") as late:
        streams = {stream.index: late.add_stream_from_template(stream) for stream in film.streams}
        for packet in film.demux():
            if packet.dts is None or (packet.stream.type == "audio" and packet.pts * packet.time_base < 1):
                continue
            packet.stream = streams[packet.stream.index]
            late.mux(packet)
    audio = inspect_film(tmp_path / "late.mkv", Rulebook(), tmp_path / "out").audio
    assert audio.start == pytest.approx(1.0, abs=0.03)
    assert audio.duration == pytest.approx(2.0, abs=0.05)
