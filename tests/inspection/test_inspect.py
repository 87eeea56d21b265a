"""The inspector on real films: what it finds, when, and that a clean film passes."""

import subprocess
import sys
from pathlib import Path

import av
import pytest

from festival.edition.rulebook import Rulebook
from submissions.inspection.report import Report
from submissions.inspection.runner import inspect_film, rejudge
from submissions.inspection.synthetic import Black, Freeze, Loud, Silence, make_film

RULES = Rulebook.from_toml("""
[duration]
min = 2
max = 60
[file]
containers = ["mp4", "mov", "mkv", "webm"]
[video]
codecs = ["h264", "vp9"]
min_width = 320
min_height = 180
frame_rates = [24, 25, 29.97]
constant = true
[audio]
required = true
loudness_min = -24
loudness_max = -14
true_peak_max = 0
[black]
max_seconds = 0.5
[freeze]
max_seconds = 0.75
[silence]
max_seconds = 0.75
""")
SMALL = {"width": 320, "height": 180, "seconds": 4.0}
FRAME = 1 / 24


def by_rule(report: Report) -> dict[str, object]:
    return {finding.rule: finding for finding in report.findings}


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    folder = tmp_path_factory.mktemp("clean")
    planted = make_film(folder / "film.mp4", **SMALL)
    return planted, inspect_film(planted.path, RULES, folder / "out"), folder / "out"


@pytest.fixture(scope="module")
def faulty(tmp_path_factory):
    folder = tmp_path_factory.mktemp("faulty")
    faults = [Black(1.0, 2.0), Freeze(3.0, 4.25), Silence(2.25, 3.5)]
    planted = make_film(folder / "film.mp4", faults=faults, width=320, height=180, seconds=6)
    return planted, inspect_film(planted.path, RULES, folder / "out"), folder / "out"


def test_a_clean_film_passes(clean):
    _, report, _ = clean
    assert (report.verdict, report.findings, report.problem) == ("pass", (), None)


def test_the_facts_are_the_films(clean):
    planted, report, _ = clean
    video, audio, file = report.video, report.audio, report.file
    assert (video.codec, video.width, video.height, video.frames) == ("h264", 320, 180, planted.frames)
    assert (video.frame_rate, video.constant, video.errors) == (24.0, True, 0)
    assert video.duration == pytest.approx(planted.seconds, abs=0.001)
    assert (audio.codec, audio.channels, audio.sample_rate) == ("aac", 2, 48000)
    assert audio.integrated_lufs == pytest.approx(planted.lufs, abs=1.0)
    assert (file.container, file.complete, file.bytes) == ("mp4", True, planted.path.stat().st_size)
    assert report.rulebook == RULES.digest
    assert report.cost.cpu > 0
    assert report.cost.memory < 400 << 20


def test_the_contact_sheet_is_a_picture_and_nothing_else_is_left(clean):
    from PIL import Image

    _, report, folder = clean
    posters = [still.file for still in report.stills if still.about == "poster"]
    assert [still.about for still in report.stills] == ["sheet", *["poster"] * len(posters), "barcode"]
    assert posters == [f"poster-{n + 1}.jpg" for n in range(len(posters))] != []
    assert sorted(path.name for path in folder.iterdir()) == [
        "barcode.jpg",
        *posters,
        "prints.bin",
        "sheet.jpg",
        "sprite.jpg",
        "sprite.vtt",
    ]
    with Image.open(folder / "sheet.jpg") as sheet:
        assert sheet.size == (6 * 320, 4 * 180)


@pytest.mark.parametrize("kind", ["black", "freeze", "silence"])
def test_an_event_is_found_with_its_times(faulty, kind):
    planted, report, folder = faulty
    truth = {"black": Black, "freeze": Freeze, "silence": Silence}[kind]
    [fault] = planted.of(truth)
    finding = by_rule(report)[kind]
    assert len(finding.times) == 1
    assert finding.times[0] == pytest.approx((fault.start, fault.end), abs=2 * FRAME)
    assert finding.measured == pytest.approx(fault.end - fault.start, abs=2 * FRAME)
    [still] = finding.stills
    assert (folder / still).stat().st_size > 500


def test_only_what_was_planted_is_found(faulty):
    _, report, _ = faulty
    assert set(by_rule(report)) == {"black", "freeze", "silence"}
    assert report.verdict == "note"


def test_stored_measurements_are_judged_anew_without_the_film(faulty):
    _, report, _ = faulty
    stored = Report.from_json(report.to_json())
    assert stored == report
    assert rejudge(stored, RULES) == report
    stricter = rejudge(stored, Rulebook.from_toml('[black]\nmax_seconds = 0.5\nseverity = "block"\n'))
    assert (stricter.verdict, [f.rule for f in stricter.findings]) == ("block", ["black"])
    assert rejudge(stored, Rulebook.from_toml("")).verdict == "pass"


def test_too_loud(tmp_path):
    film = make_film(tmp_path / "film.mp4", faults=[Loud(-7)], **SMALL)
    report = inspect_film(film.path, RULES, tmp_path / "out")
    loud = by_rule(report)["loudness"]
    assert loud.measured == pytest.approx(-7, abs=1)
    assert loud.limit == [-24, -14]


def test_too_short_too_small_and_without_sound(tmp_path):
    film = make_film(tmp_path / "film.mp4", seconds=1, width=160, height=120, audio=False)
    report = inspect_film(film.path, RULES, tmp_path / "out")
    found = by_rule(report)
    assert set(found) == {"duration_min", "resolution", "audio_required"}
    assert (found["duration_min"].measured, found["duration_min"].limit) == (1.0, 2.0)
    assert found["resolution"].measured == [160, 120]
    assert report.audio is None
    assert report.verdict == "block"


def test_too_long_and_wrong_rate(tmp_path):
    film = make_film(tmp_path / "film.mov", seconds=3, width=320, height=180, fps=30)
    rules = Rulebook.from_toml(
        '[duration]\nmax = 2\n[video]\nframe_rates = [24, 29.97]\n[file]\ncontainers = ["mp4"]\n'
    )
    found = by_rule(inspect_film(film.path, rules, tmp_path / "out"))
    assert set(found) == {"duration_max", "frame_rate", "container"}
    assert found["frame_rate"].measured == 30.0
    assert found["container"].measured == "mov"


def test_a_silent_track_is_a_missing_one(tmp_path):
    film = make_film(tmp_path / "film.mp4", faults=[Silence(0, 4)], **SMALL)
    report = inspect_film(film.path, RULES, tmp_path / "out")
    assert [(f.rule, f.measured) for f in report.findings] == [("audio_required", "silent")]
    assert report.events[0].kind == "silence"


@pytest.mark.parametrize(
    ("name", "options", "container", "codec", "sound"),
    [
        ("film.mkv", {"fps": 29.97, "audio_codec": "flac"}, "mkv", "h264", "flac"),
        ("film.webm", {"codec": "libvpx-vp9", "audio_codec": "libopus"}, "webm", "vp9", "opus"),
        ("film.ts", {"fps": 25, "audio_codec": "ac3"}, "ts", "h264", "ac3"),
        ("film.mov", {"codec": "prores_ks", "pix_fmt": "yuv422p10le"}, "mov", "prores", "aac"),
        ("film.avi", {"codec": "mpeg4", "audio_codec": "libmp3lame"}, "avi", "mpeg4", "mp3"),
    ],
)
def test_other_containers_and_codecs(tmp_path, name, options, container, codec, sound):
    faults = [Black(1.0, 2.0), Silence(1.0, 2.0)]
    film = make_film(tmp_path / name, faults=faults, width=320, height=180, seconds=3, **options)
    report = inspect_film(film.path, RULES, tmp_path / "out")
    assert (report.file.container, report.video.codec, report.audio.codec) == (container, codec, sound)
    assert report.video.frames == film.frames
    assert report.video.frame_rate == pytest.approx(float(film.fps), abs=0.001)
    frame = 1 / float(film.fps)
    assert {e.kind: (e.start, e.end) for e in report.events} == {
        "black": pytest.approx((1, 2), abs=2 * frame),
        "silence": pytest.approx((1, 2), abs=2 * frame),
    }


def test_a_turned_film_is_judged_as_it_is_shown(tmp_path):
    upright = make_film(tmp_path / "film.mp4", **SMALL).path
    with av.open(str(upright)) as source, av.open(str(tmp_path / "turned.mp4"), "w") as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        stream.set_display_rotation(90)
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                target.mux(packet)
    report = inspect_film(tmp_path / "turned.mp4", Rulebook.from_toml(""), tmp_path / "out")
    assert (report.video.width, report.video.height) == (180, 320)
    assert (report.video.coded_width, report.video.coded_height) == (320, 180)


def test_the_command_prints_reports_and_tells_the_worst_by_its_status(tmp_path, faulty):
    planted, _, _ = faulty
    rulebook = tmp_path / "rules.toml"

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "submissions.inspection", *arguments],
            capture_output=True, text=True, cwd=Path(__file__).parents[2],
        )  # fmt: skip

    rulebook.write_text('[black]\nmax_seconds = 0.5\nseverity = "note"\n')
    noted = run(
        str(planted.path), "--rulebook", str(rulebook), "--language", "zh", "--stills", str(tmp_path / "s")
    )
    assert noted.returncode == 0, noted.stderr
    assert "黑场过长" in noted.stdout
    assert (tmp_path / "s" / "sheet.jpg").exists()

    rulebook.write_text("[duration]\nmax = 3\n")
    blocked = run(str(planted.path), "--rulebook", str(rulebook), "--json")
    assert blocked.returncode == 1
    [line] = blocked.stdout.splitlines()
    report = Report.from_json(line)
    assert (report.verdict, report.findings[0].rule) == ("block", "duration_max")

    (tmp_path / "empty.mp4").touch()
    assert run(str(tmp_path / "empty.mp4"), str(planted.path)).returncode == 2
    rulebook.write_text("[duration]\nmaxx = 3\n")
    refused = run(str(planted.path), "--rulebook", str(rulebook))
    assert (refused.returncode, refused.stderr[:7]) == (2, "Line 2:")
