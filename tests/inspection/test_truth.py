"""A handful of the planted corpus: what must be found is found, in time, and nothing else. The whole of it is
`python -m benchmarks.inspection --truth`."""

from functools import partial

import pytest

from benchmarks.cases import Case
from benchmarks.planted_sound import TINY
from benchmarks.truth import try_case
from submissions.inspection.scenery.damage import cut_short, flip_bytes, remux, uneven
from submissions.inspection.synthetic import (
    Clipped,
    DeadChannel,
    FalseStereo,
    Hum,
    OneSided,
    OutOfPhase,
    Peak,
    Silence,
    SoundLength,
)

FAST = {"movflags": "faststart"}
SMALL = {"width": 320, "height": 180, "seconds": 4.0, "video_options": {"g": "24"}}


def sound(rule, *faults, name="film.mp4", levels=(None, None), slack=0.05, also=(), **options):
    rules, rightly = frozenset({rule} - {""}), frozenset(also)
    return "sound", Case(rules, faults, TINY | options, rightly, slack=slack, name=name, levels=levels)


def file(rule, after=None, name="film.mp4", also=(), **options):
    rightly = frozenset({"fast_start", *also})
    return "file", Case(
        frozenset({rule} - {""}), (), SMALL | options, rightly, timed=False, name=name, after=after
    )


def cut(source, target, share):
    return cut_short(remux(source, source.with_name("fast.mp4"), options=FAST), target, share)


@pytest.mark.parametrize(
    "task",
    [
        sound(""),
        sound("", FalseStereo(40.0)),
        sound("", OneSided(14.0)),
        sound("silence", Silence(2.0, 2.75)),
        sound("clipping", Clipped(2.0, 4.0, 8.0), name="film.mov", audio_codec="pcm_s16le", slack=0.15,
              also=["loudness", "true_peak"]),
        sound("false_stereo", FalseStereo(), look="ocean"),
        sound("out_of_phase", OutOfPhase(1.0)),
        sound("one_sided", OneSided(-30.0)),
        sound("silent_channel", DeadChannel(2), layout="5.1"),
        sound("hum", Hum(60, -38.0, (1, 2)), seconds=10.0, lufs=-24.0),
        sound("sound_length", SoundLength(-1.3)),
        sound("true_peak", Peak(1.5), name="film.mov", audio_codec="pcm_s24le", levels=(None, 1.5),
              also=["loudness"]),
        sound("loudness", name="film.mkv", audio_codec="flac", lufs=-30.0, levels=(-30.0, None)),
        file(""),
        file("truncated", partial(cut, share=0.6),
             also=["decode_errors", "sound_length", "constant_frame_rate"]),
        file("truncated", partial(cut_short, share=0.9), name="film.avi", codec="mpeg4",
             also=["decode_errors", "sound_length", "constant_frame_rate"]),
        file("decode_errors", partial(flip_bytes, packets=8), name="film.mkv", codec="mpeg4"),
        file("constant_frame_rate", partial(remux, retime=uneven(1 / 24, 10, 0.5))),
        file("", partial(remux, retime=uneven(1 / 24, 1, 0.1))),
    ],
    ids=lambda task: str(task[1])[:60],
)  # fmt: skip
def test_what_is_planted_is_found_and_nothing_else(task):
    outcome = try_case(task)
    assert (outcome.timely, outcome.false, outcome.told) == (set(task[1].rules), {}, [])
