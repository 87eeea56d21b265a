"""The published schema is that of the report, and real reports keep it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator, ValidationError

from festival.edition.rulebook_default import DEFAULT
from submissions.inspection.report import Report
from submissions.inspection.runner import inspect_film
from submissions.inspection.schema import report_schema
from submissions.inspection.synthetic import Black, Silence, cut_in_half, make_film, text_named_mp4

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def validator():
    schema = json.loads((ROOT / "docs" / "inspection.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def test_the_published_schema_is_up_to_date():
    """After a change of the report: python -m submissions.inspection.schema > docs/inspection.schema.json"""
    published = json.loads((ROOT / "docs" / "inspection.schema.json").read_text(encoding="utf-8"))
    assert published == report_schema()


def test_real_reports_keep_it(tmp_path, validator):
    faults = [Black(1.0, 2.0), Silence(1.0, 2.0)]
    good = make_film(tmp_path / "good.mkv", seconds=4, width=160, height=90, faults=faults, layout="5.1").path
    quiet = make_film(tmp_path / "quiet.mp4", seconds=1, width=64, height=64, audio=False).path
    films = [good, quiet, cut_in_half(good, tmp_path / "half.mkv"), text_named_mp4(tmp_path / "letter.mp4")]
    reports = [inspect_film(film, DEFAULT, tmp_path / "out") for film in films]
    assert [report.verdict for report in reports] != ["unreadable"] * 4
    for report in reports:
        validator.validate(json.loads(report.to_json()))
        assert Report.from_json(report.to_json()) == report


def test_the_commands_json_keeps_it_too(tmp_path, validator):
    film = make_film(tmp_path / "film.mp4", seconds=2, width=160, height=90, fps=12, lufs=-40).path
    done = subprocess.run(
        [sys.executable, "-m", "submissions.inspection", "--json", str(film)],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    said = json.loads(done.stdout)
    validator.validate(said)
    commands = {finding["rule"]: finding["cure_command"] for finding in said["findings"]}
    assert commands["duration_min"] == ""
    assert "volume=" in commands["loudness"] and "fps=" in commands["frame_rate"]
    assert "volume=" in said["cure_command"] and "fps=" in said["cure_command"]


@pytest.mark.parametrize(
    "change",
    [
        {"verdict": "splendid"},
        {"events": [{"kind": "black", "start": "now", "end": 2.0}]},
        {"video": {"codec": "h264"}},
        {"findings": [{"rule": "black", "severity": "grave"}]},
        {"provenance": {"aigc": {"grade": "perhaps"}}},
    ],
)
def test_another_shape_is_refused(validator, change):
    validator.validate({"verdict": "pass"})
    with pytest.raises(ValidationError):
        validator.validate({"verdict": "pass"} | change)
