"""The judge of build, sound, origin and subtitles: measurements and a rulebook in, findings out."""

from dataclasses import replace

import pytest

from festival.edition.rulebook import Rulebook
from festival.edition.rulebook_default import DEFAULT
from submissions.inspection.facts import (
    Aigc,
    C2pa,
    Channel,
    Colour,
    Groups,
    Hdr,
    Hum,
    Provenance,
    Structure,
    SubtitleFacts,
    SubtitleIssue,
)
from submissions.inspection.report import AudioFacts, Event, FileFacts, Measurements, VideoFacts
from submissions.inspection.rules import judge

FILM = Measurements(
    FileFacts(bytes=1000, container="mp4", duration=60.0, streams=2, structure=Structure(fast_start=True)),
    VideoFacts(
        codec="h264", width=1920, height=1080, frame_rate=24.0, frames=1440, duration=60.0, bit_depth=8,
        chroma="4:2:0", colour=Colour("bt709", "bt709", "bt709", "tv"), groups=Groups(30, 2.0, 2.0, 0.0),
        bit_rate=12_000_000,
    ),
    AudioFacts(
        "aac", 2, 48000, 60.0, integrated_lufs=-18.0, loudness_range=5.0, true_peak_dbtp=-2.0, phase=0.6, balance=0.4,
        channel_levels=(Channel("FL", -3.0, -20.0), Channel("FR", -3.0, -20.0)),
    ),
    provenance=Provenance(),
)  # fmt: skip
SUBTITLES = SubtitleFacts("srt", language="zho", guessed="zh-Hans", cues=20)


def with_video(**changes):
    return replace(FILM, video=replace(FILM.video, **changes))


def with_audio(**changes):
    return replace(FILM, audio=replace(FILM.audio, **changes))


def with_file(**changes):
    return replace(FILM, file=replace(FILM.file, **changes))


def from_where(**changes):
    return replace(FILM, provenance=Provenance(**changes))


def subtitled(*tracks):
    return replace(FILM, subtitles=tracks)


FREE = '[audio]\nfree_of = ["clipping", "false_stereo", "out_of_phase", "one_sided", "silent_channel", "hum"]'
LABEL = "[provenance]\naigc_label = true"
TAMPERED = "[provenance]\nuntampered = true"
CREDENTIALS = "[provenance]\ncredentials = true"
SURROUND = tuple(Channel(name, -6.0, -20.0) for name in ("FL", "FR", "FC", "LFE", "BL", "BR"))


@pytest.mark.parametrize(
    ("film", "toml", "expected"),
    [
        (FILM, "[file]\nfast_start = true", []),
        (with_file(structure=Structure(fast_start=False)), "[file]\nfast_start = true", ["fast_start"]),
        (with_file(structure=Structure(fast_start=None)), "[file]\nfast_start = true", []),
        (FILM, "[video]\nmin_bit_rate = 12\nmax_bit_rate = 12", []),
        (FILM, "[video]\nmin_bit_rate = 13", ["bit_rate"]),
        (FILM, "[video]\nmax_bit_rate = 11", ["bit_rate"]),
        (with_video(bit_rate=0), "[video]\nmin_bit_rate = 13", []),
        (FILM, "[video]\nbit_depths = [8, 10]", []),
        (with_video(bit_depth=12), "[video]\nbit_depths = [8, 10]", ["bit_depth"]),
        (FILM, '[video]\nchroma = ["4:2:2"]', ["chroma"]),
        (FILM, "[video]\nsquare_pixels = true", []),
        (with_video(pixel_aspect="16:15"), "[video]\nsquare_pixels = true", ["square_pixels"]),
        (FILM, '[video]\ncolours = ["bt709"]', []),
        (with_video(colour=Colour()), '[video]\ncolours = ["bt709"]', ["colour"]),
        (with_video(colour=Colour("bt2020")), '[video]\ncolours = ["bt709"]', ["colour"]),
        (FILM, "[video]\nsdr = true", []),
        (with_video(hdr=Hdr("hlg")), "[video]\nsdr = true", ["hdr"]),
        (FILM, "[video]\nmax_keyframe_seconds = 2", []),
        (FILM, "[video]\nmax_keyframe_seconds = 1", ["keyframes"]),
        (FILM, '[audio]\ncodecs = ["pcm_s16le"]', ["audio_codec"]),
        (FILM, "[audio]\nsample_rates = [44100]", ["sample_rate"]),
        (FILM, "[audio]\nloudness_range_max = 4", ["loudness_range"]),
        (FILM, FREE, []),
        (with_audio(clippings=10), FREE, []),
        (with_audio(clippings=11), FREE, ["clipping"]),
        (with_audio(clippings=2, duration=1.0), FREE, ["clipping"]),
        (with_audio(mono_as_stereo=True), FREE, ["false_stereo"]),
        (with_audio(phase=-0.31), FREE, ["out_of_phase"]),
        (with_audio(phase=-0.29), FREE, []),
        (with_audio(balance=-21.0), FREE, ["one_sided"]),
        (with_audio(hum=Hum(50, -50.0, 1.0)), FREE, ["hum"]),
        (with_audio(channel_levels=SURROUND), FREE, []),
        (with_audio(channel_levels=(*SURROUND[:3], Channel("LFE"), *SURROUND[4:])), FREE, []),
        (with_audio(channel_levels=(*SURROUND[:2], Channel("FC"), *SURROUND[3:])), FREE, ["silent_channel"]),
        (with_audio(true_peak_dbtp=None, mono_as_stereo=True), FREE, []),
        (from_where(aigc=Aigc("conformant")), LABEL, []),
        (from_where(aigc=Aigc("readable", "wrapped")), LABEL, ["aigc_label"]),
        (FILM, LABEL, ["aigc_label"]),
        (replace(FILM, provenance=None), LABEL, []),
        (from_where(c2pa=C2pa("tampered", "assertion.bmffHash.mismatch")), TAMPERED, ["c2pa_tampered"]),
        (from_where(c2pa=C2pa("valid")), TAMPERED, []),
        (FILM, CREDENTIALS, ["c2pa"]),
        (from_where(c2pa=C2pa("trusted")), CREDENTIALS, []),
        (FILM, "[subtitles]\nrequired = true", ["subtitles_required"]),
        (FILM, '[subtitles]\nrequired = true\nwhen = "spoken"', ["subtitles_spoken"]),
        (FILM, '[subtitles]\nlanguages = ["en"]\nwhen = "foreign"', ["subtitles_spoken"]),
        (subtitled(SUBTITLES), '[subtitles]\nrequired = true\nwhen = "spoken"', []),
        (subtitled(SUBTITLES), '[subtitles]\nlanguages = ["en"]\nwhen = "spoken"', ["subtitles_spoken"]),
        (subtitled(SUBTITLES), "[subtitles]\nrequired = true", []),
        (subtitled(SUBTITLES), '[subtitles]\nlanguages = ["zh"]', []),
        (subtitled(SUBTITLES), '[subtitles]\nlanguages = ["zh", "en"]', ["subtitles_language"]),
        (subtitled(replace(SUBTITLES, language="")), '[subtitles]\nlanguages = ["zh"]', []),
        (subtitled(replace(SUBTITLES, language="")), '[subtitles]\nlanguages = ["en"]', ["subtitles_language"]),
        (FILM, '[subtitles]\nrequired = true\nlanguages = ["zh"]', ["subtitles_required"]),
        (subtitled(SUBTITLES), "[subtitles]\ncheck = true", []),
        (subtitled(SUBTITLES, replace(SUBTITLES, issues=(SubtitleIssue("overlap", 2),))),
         "[subtitles]\ncheck = true", ["subtitles_form"]),
    ],
)  # fmt: skip
def test_one_rule_at_a_time(film, toml, expected):
    length = [] if abs(film.audio.duration - film.video.duration) <= 1 else ["sound_length"]
    rules = [finding.rule for finding in judge(film, Rulebook.from_toml(toml))[1]]
    assert sorted(rules) == sorted(expected + length)


def test_nothing_asked_nothing_found():
    film = replace(with_audio(clippings=999, phase=-1.0), provenance=Provenance(C2pa("tampered")))
    assert judge(film, Rulebook())[1] == ()


def test_places_and_values():
    film = replace(with_audio(clippings=40), events=(Event("clipping", 3.0, 4.5), Event("black", 1.0, 2.0)))
    [finding] = judge(film, Rulebook.from_toml(FREE))[1]
    assert (finding.measured, finding.times) == (40, ((3.0, 4.5),))
    [finding] = judge(
        with_video(groups=Groups(3, 20.0, 40.0, 8.0)), Rulebook.from_toml("[video]\nmax_keyframe_seconds = 5")
    )[1]
    assert (finding.measured, finding.limit, finding.times) == (40.0, 5.0, ((8.0, 48.0),))


def test_the_default_tells_a_tampered_film_and_passes_a_good_one():
    assert [finding.rule for finding in judge(FILM, DEFAULT)[1]] == []
    found = judge(from_where(c2pa=C2pa("tampered", "x")), DEFAULT)[1]
    assert [(finding.rule, finding.severity) for finding in found] == [("c2pa_tampered", "note")]
