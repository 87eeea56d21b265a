"""What a child says is believed only as far as it can do no harm: a film may have taken it over."""

import errno
import json

import pytest

from festival.edition.rulebook import Rulebook
from submissions.inspection import child, confined, copy, one_pass, runner
from submissions.inspection.header import read_header
from submissions.inspection.synthetic import make_film
from submissions.inspection.words import describe_problem


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    return make_film(tmp_path_factory.mktemp("film") / "film.mp4", seconds=2, width=128, height=72).path


def tampered(monkeypatch, change):
    real = runner.run_limited

    def run(*args, **options):
        result, cost = real(*args, **options)
        change(result)
        return result, cost

    monkeypatch.setattr(runner, "run_limited", run)


@pytest.mark.parametrize("place", ["stills", "sprite", "cues", "subtitles"])
def test_a_file_of_the_site_cannot_be_named_as_a_picture(film, tmp_path, monkeypatch, place):
    secret = tmp_path / "secret.env"
    secret.write_text("SECRET_KEY=…")

    def change(result):
        if place == "stills":
            result["stills"][0]["file"] = str(secret)
        elif place == "sprite":
            result["sprite"]["file"] = f"../{secret.name}"
        elif place == "cues":
            result["sprite"]["cues"] = "not-there.vtt"
        else:
            track = {"source": "file", "index": 0, "form": "srt", "language": "zh", "file": str(secret)}
            result["measurements"]["subtitles"] = [track]

    tampered(monkeypatch, change)
    report = runner.inspect_film(film, Rulebook(), tmp_path / "out")
    assert (report.verdict, report.problem.code) == ("unreadable", "crashed")
    assert report.stills == ()
    assert secret.exists()


def test_a_first_look_is_held_to_the_same(film, tmp_path, monkeypatch):
    tampered(monkeypatch, lambda result: result["stills"][0].update(file="/etc/passwd"))
    assert runner.glance_at_film(film, Rulebook(), tmp_path).problem.code == "crashed"


def test_texts_that_no_database_can_hold_are_mended():
    answer = confined._Answer()
    confined._read_line(json.dumps({"result": {"a\x00": ["x\x00", "\ud800!", "🎬"]}}).encode(), answer)
    assert answer.result == {"a\ufffd": ["x\ufffd", "?!", "🎬"]}


def test_numbers_that_no_database_can_hold_are_no_answer():
    answer = confined._Answer()
    confined._read_line(b'{"result": {"seconds": NaN}}', answer)
    assert (answer.result, answer.problem.code) == (None, "crashed")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("values", [{"seconds": "soon"}, {"seconds": []}, {"width": "wide", "height": 1}])
def test_values_without_sense_are_told_as_a_failure(values, language):
    said = describe_problem("picture_too_large", values, language)
    assert said == describe_problem("crashed", {}, language)


def asked(film):
    return {"path": str(film), "frames": 1000, "copy": True}, read_header(film)


def test_trouble_at_the_end_of_the_copy_keeps_the_measurements(tmp_path, monkeypatch):
    large = make_film(tmp_path / "large.mp4", seconds=2, width=1600, height=900).path  # encoded, not repacked

    def full(_path):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(copy, "_flush", full)
    folder = tmp_path / "out"
    folder.mkdir()
    request, header = asked(large)
    result = one_pass.run(request, folder, lambda *_: None, header)
    assert result["measurements"]["video"]["frames"] == 48
    assert result["copy"] is None
    assert "No space" in result["copy_trouble"]
    assert not [each for each in folder.iterdir() if each.suffix in (".mp4", ".part")]


def test_a_full_disk_is_not_the_films_fault(film, tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(one_pass, "measure", full)
    request, _ = asked(film)
    limits = {"cpu_base": 1e6, "cpu_factor": 1, "cpu_most": 1e6}
    monkeypatch.setattr(child, "scale_cpu", lambda *_: None)
    said = child.attempt(
        child.OPERATIONS["inspect"], request | {"limits": limits}, film, tmp_path, lambda *_: None
    )
    assert said["problem"]["code"] == "disk", said


def test_the_survey_before_the_copy_gives_signs_of_life(film, tmp_path, monkeypatch):
    monkeypatch.setattr("submissions.inspection.survey.Watch.look", lambda self, share: self.tell(share))
    said = []
    request, header = asked(film)
    one_pass.run(request, tmp_path, lambda stage, share: said.append((stage, share)), header)
    assert said.count(("open", None)) > 10
