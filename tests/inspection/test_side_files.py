"""Subtitle files beside a film, read in the real child, judged with the film, and written as WebVTT."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from festival.edition.rulebook import Rulebook
from submissions.inspection.facts import SubtitleIssue
from submissions.inspection.runner import inspect_film
from submissions.inspection.side_files import read_side_file, with_side_files
from submissions.inspection.subtitle_file import FILE, LATEST, side_file
from submissions.inspection.subtitle_words import (
    NAMES,
    REFUSALS,
    language_label,
    language_tag,
    refusal_text,
)
from submissions.inspection.subtitles import SubtitleError
from submissions.inspection.synthetic import make_film
from submissions.inspection.words import describe

ROOT = Path(__file__).parents[2]
CHINESE = (
    "1\n00:00:01,000 --> 00:00:03,000\n我们从这里开始\n\n2\n00:00:03,500 --> 00:00:06,000\n影片里的声音\n"
)
ASKED = Rulebook.from_toml('[subtitles]\nrequired = true\nlanguages = ["zh"]\ncheck = true\n')


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    return make_film(tmp_path_factory.mktemp("film") / "film.mp4", seconds=4, width=160, height=90).path


def command(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "submissions.inspection", *map(str, arguments)],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("encoding", "told"),
    [("utf-8", "utf-8"), ("gb18030", "gb18030"), ("big5", "big5"), ("utf-16", "utf-16-le")],
)
def test_the_child_reads_a_file_in_any_encoding(tmp_path, encoding, told):
    text = CHINESE if encoding != "big5" else CHINESE.replace("们从这里开", "們從這裡開").replace("声", "聲")
    path = tmp_path / "side.srt"
    path.write_bytes(text.encode(encoding))
    found = read_side_file(path, "zh", tmp_path / "out")
    assert (found.facts.form, found.facts.place, found.facts.encoding, found.facts.cues) == (
        "srt", "beside", told, 2,
    )  # fmt: skip
    assert found.latest == ((3.5, 6.0), (1.0, 3.0))
    written = (tmp_path / "out" / FILE).read_text(encoding="utf-8")
    assert written.startswith("WEBVTT\n\n00:00:01.000 --> 00:00:03.000\n我")
    assert [each.name for each in (tmp_path / "out").iterdir()] == [FILE]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)), "not_text"),
        (b"Dear festival, here are my subtitles.", "not_subtitles"),
        (b"00:01 --> 00:02\nx\n\n" * 50_000, "too_many"),
        (b"00:01 --> 00:02\nx\n\n" * 200_000, "too_large"),
    ],
)
def test_what_cannot_be_used_is_told_and_leaves_nothing(tmp_path, data, code):
    path = tmp_path / "side.srt"
    path.write_bytes(data)
    with pytest.raises(SubtitleError) as refused:
        read_side_file(path, "zh", tmp_path / "out")
    assert refused.value.code == code
    assert list((tmp_path / "out").iterdir() if (tmp_path / "out").exists() else []) == []


def test_a_file_beside_the_film_is_judged_with_it(tmp_path, film):
    report = inspect_film(film, ASKED, tmp_path)
    assert [each.rule for each in report.findings] == ["subtitles_required"]
    beside = side_file(CHINESE.encode(), "zh-Hans")[0]
    with_file = with_side_files(report, [beside], ASKED)
    assert with_file.verdict == "note"
    assert [each.place for each in with_file.subtitles] == ["beside"]
    assert [issue.code for issue in with_file.subtitles[0].issues] == ["beyond"]
    (finding,) = with_file.findings
    english, chinese = describe(finding, "en").detail, describe(finding, "zh").detail
    assert english == "What was found in the subtitle file (Chinese, simplified): 1 after the film's end."
    assert chinese == "发现以下问题：字幕文件，中文（简体）：1 条超出片尾。"
    # Put beside again it stands there once; taken away, the film is what it was.
    assert with_side_files(with_file, [beside], ASKED) == with_file
    assert with_side_files(with_file, [], ASKED) == report


def test_an_unreadable_film_stays_unreadable(tmp_path):
    letter = tmp_path / "film.mp4"
    letter.write_text("Dear festival")
    report = inspect_film(letter, ASKED, tmp_path / "out")
    assert with_side_files(report, [side_file(CHINESE.encode(), "zh")[0]], ASKED) == report


def test_cues_beyond_the_end_are_counted_for_the_film_that_is_there():
    text = "\n".join(f"{n:02}:00 --> {n:02}:05\nword\n" for n in range(50))
    beside = side_file(text.encode(), "en")[0]
    assert len(beside.facts.issues) == 0
    assert beside.for_film(3000.0) == beside.facts
    (issue,) = beside.for_film(2700.0).issues
    assert issue == SubtitleIssue(
        "beyond", 5, 2945.0, 2700.0, tuple((n * 60.0, n * 60.0 + 5) for n in range(45, 50))
    )
    many = "\n".join(f"{n // 60:02}:{n % 60:02}.0 --> {n // 60:02}:{n % 60:02}.9\nword\n" for n in range(900))
    assert len(side_file(many.encode(), "en")[0].latest) == LATEST


def test_the_command_puts_files_beside_the_film(tmp_path, film):
    rules, side = tmp_path / "rules.toml", tmp_path / "side.srt"
    rules.write_text('[subtitles]\nrequired = true\nlanguages = ["zh", "en"]\n')
    side.write_bytes(CHINESE.encode("gb18030"))
    english = tmp_path / "b.vtt"
    english.write_text("WEBVTT\n\n00:01.000 --> 00:03.000\nHello there\n")
    asked = (film, "--rulebook", rules, "--json", "--stills", tmp_path / "out")
    alone = command(*asked)
    assert alone.returncode == 1
    done = command(*asked, "--subtitles", f"{side}:zh", "--subtitles", f"{english}:en")
    assert (done.returncode, done.stderr) == (0, "")
    said = json.loads(done.stdout)
    assert [(each["language"], each["form"], each["file"]) for each in said["subtitles"]] == [
        ("zh", "srt", "subtitles-beside-1.vtt"), ("en", "vtt", "subtitles-beside-2.vtt"),
    ]  # fmt: skip
    assert "Hello there" in (tmp_path / "out" / "subtitles-beside-2.vtt").read_text()


def test_the_command_says_why_a_file_cannot_be_used(tmp_path, film):
    picture = tmp_path / "side.srt"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    done = command(film, "--subtitles", f"{picture}:zh", "--language", "zh")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"{picture}: {refusal_text('not_text', 'zh')}\n"
    assert command(film, "--subtitles", tmp_path / "none.srt").returncode == 2
    assert "name one" in command(film, film, "--subtitles", picture).stderr


@pytest.mark.parametrize(
    ("declared", "guessed", "tag"),
    [
        ("zho", "zh-Hans", "zh-Hans"),
        ("chi", "", "zh"),
        ("zh-TW", "", "zh-Hant"),
        ("zh-CN", "zh-Hant", "zh-Hans"),
        ("eng", "latin", "en"),
        ("", "ja", "ja"),
        ("", "latin", ""),
        ("", "zh-Hant", "zh-Hant"),
        ('"><x', "", ""),
        ("tlh", "latin", "tlh"),
    ],
)
def test_language_tags(declared, guessed, tag):
    assert language_tag(declared, guessed) == tag


def test_languages_and_refusals_have_both_languages():
    for english, chinese in [*NAMES.values(), *REFUSALS.values()]:
        assert english.isascii() and not chinese.isascii()
    assert [language_label(tag, "en") for tag in ("", "zh", "zh-Hant", "tlh")] == [
        "Language not named", "Chinese", "Chinese, traditional", "tlh",
    ]  # fmt: skip
