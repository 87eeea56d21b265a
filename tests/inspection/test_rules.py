"""The judge: measurements and a rulebook in, findings out, nothing else needed."""

from dataclasses import replace

import pytest

from festival.edition.rulebook import Rulebook
from submissions.inspection.measure import pace
from submissions.inspection.report import AudioFacts, Event, FileFacts, Measurements, Report, VideoFacts
from submissions.inspection.rules import judge

FILM = Measurements(
    FileFacts(bytes=1000, container="mp4", duration=60.0, streams=2),
    VideoFacts(codec="h264", width=1920, height=1080, frame_rate=24.0, frames=1440, duration=60.0),
    AudioFacts("aac", 2, 48000, 60.0, integrated_lufs=-18.0, loudness_range=5.0, true_peak_dbtp=-2.0),
)


def rules(film: Measurements, toml: str = "") -> list[str]:
    return [finding.rule for finding in judge(film, Rulebook.from_toml(toml))[1]]


def with_video(**changes) -> Measurements:
    return replace(FILM, video=replace(FILM.video, **changes))


def with_audio(**changes) -> Measurements:
    return replace(FILM, audio=replace(FILM.audio, **changes))


def test_nothing_asked_nothing_found():
    assert judge(FILM, Rulebook()) == ("pass", ())


@pytest.mark.parametrize(
    ("film", "toml", "expected"),
    [
        (FILM, "[duration]\nmin = 60\nmax = 60", []),
        (with_video(duration=59.95), "[duration]\nmin = 60", []),
        (with_video(duration=59.8), "[duration]\nmin = 60", ["duration_min"]),
        (with_video(duration=60.2), "[duration]\nmax = 60", ["duration_max"]),
        (FILM, "[file]\nmax_bytes = 1000", []),
        (replace(FILM, file=replace(FILM.file, bytes=1001)), "[file]\nmax_bytes = 1000", ["file_size"]),
        (FILM, '[file]\ncontainers = ["mov"]', ["container"]),
        (FILM, '[video]\ncodecs = ["av1"]', ["video_codec"]),
        (FILM, '[video]\nlandscape = ["1920x1080"]', []),
        (FILM, '[video]\nlandscape = ["3840x2160"]', ["resolution"]),
        (with_video(width=1080, height=1920), '[video]\nlandscape = ["1920x1080"]', ["resolution"]),
        (with_video(width=1080, height=1920), '[video]\nportrait = ["1080x1920"]', []),
        (with_video(width=1080, height=1920), "[video]\nmin_width = 1280\nmin_height = 720", []),
        (with_video(width=600, height=1920), "[video]\nmin_width = 1280\nmin_height = 720", ["resolution"]),
        (FILM, "[video]\nmax_width = 1280", ["resolution"]),
        (FILM, '[video]\naspects = ["16:9"]', []),
        (with_video(width=1998), '[video]\naspects = ["1.85:1"]', []),
        (FILM, '[video]\naspects = ["4:3"]', ["aspect"]),
        (with_video(frame_rate=23.97602), "[video]\nframe_rates = [23.976]", []),
        (FILM, "[video]\nframe_rates = [23.976]", ["frame_rate"]),
        (with_video(constant=False), "[video]\nconstant = true\nframe_rates = [25]", ["constant_frame_rate"]),
        (replace(FILM, audio=None), "[audio]\nrequired = true", ["audio_required"]),
        (with_audio(true_peak_dbtp=None, integrated_lufs=None), "[audio]\nrequired = true", ["audio_required"]),
        (FILM, "[audio]\nchannels = [6]", ["audio_channels"]),
        (FILM, "[audio]\nloudness_min = -18\nloudness_max = -18", []),
        (FILM, "[audio]\nloudness_min = -17", ["loudness"]),
        (FILM, "[audio]\nloudness_max = -19", ["loudness"]),
        (FILM, "[audio]\ntrue_peak_max = -2", []),
        (FILM, "[audio]\ntrue_peak_max = -3", ["true_peak"]),
        (with_video(errors=1), "", ["decode_errors"]),
        (with_video(size_changes=1), "", ["size_change"]),
        (with_audio(duration=58.0), "", ["sound_length"]),
        (replace(FILM, file=replace(FILM.file, duration=61.0)), "", ["truncated"]),
        (with_video(declared_duration=70.0, duration=30.0), "[duration]\nmin = 60", ["truncated", "sound_length"]),
    ],
)  # fmt: skip
def test_one_rule_at_a_time(film, toml, expected):
    assert rules(film, toml) == expected


def test_the_gravest_comes_first_and_makes_the_verdict():
    toml = '[video]\ncodecs = ["av1"]\n[audio]\nchannels = [6]\nseverity = "block"\n'
    toml += '[duration]\nmax = 9\nseverity = "note"'
    verdict, findings = judge(FILM, Rulebook.from_toml(toml))
    assert verdict == "block"
    assert [finding.severity for finding in findings] == ["block", "fix", "note"]


@pytest.mark.parametrize(("share", "severity"), [(1, "note"), (10, "fix"), (200, "block")])
def test_damage_weighs_by_its_share(share, severity):
    assert judge(with_video(errors=share), Rulebook())[0] == severity


def test_edges_have_a_limit_of_their_own():
    film = replace(
        FILM, events=(Event("black", 0.0, 3.0), Event("black", 20.0, 23.0), Event("black", 57.5, 60.0))
    )
    [finding] = judge(film, Rulebook.from_toml("[black]\nmax_seconds = 2\nedge_seconds = 4"))[1]
    assert finding.times == ((20.0, 23.0),)
    assert (finding.measured, finding.limit) == (3.0, 2.0)
    [finding] = judge(film, Rulebook.from_toml("[black]\nmax_seconds = 2"))[1]
    assert len(finding.times) == 3


def test_an_event_of_exactly_the_limit_is_allowed():
    film = replace(FILM, events=(Event("freeze", 20.0, 22.0),))
    assert rules(film, "[freeze]\nmax_seconds = 2") == []


def test_a_report_survives_its_json_and_refuses_another_shape():
    verdict, findings = judge(
        with_audio(duration=50.0), Rulebook.from_toml('[video]\nlandscape = ["640x480"]')
    )
    report = Report(
        verdict, findings=findings, file=FILM.file, video=FILM.video, events=(Event("black", 1.0, 2.0),)
    )
    again = Report.from_json(report.to_json())
    assert again.to_json() == report.to_json()
    assert again.measurements.video == FILM.video
    for text in ('{"verdict": "good"}', "[]", '{"verdict": "pass", "video": {"codec": 3}}', "{}"):
        with pytest.raises(ValueError):
            Report.from_json(text)


@pytest.mark.parametrize(
    ("steps", "expected", "constant"),
    [
        ([1 / 24] * 48, 24.0, True),
        ([1001 / 24000] * 240, 24000 / 1001, True),
        ([0.042, 0.041, 0.042] * 40, 24.0, True),
        ([0.033, 0.034, 0.033] * 100, 30.0, True),
        ([1 / 24] * 40 + [1 / 12] * 20, 60 / (40 / 24 + 20 / 12), False),
    ],
)
def test_the_pace_of_a_film(steps, expected, constant):
    times = [0.0]
    for step in steps:
        times.append(times[-1] + step)
    rate, _, steady = pace(times, [])
    assert (rate, steady) == (pytest.approx(expected, rel=1e-4), constant)
