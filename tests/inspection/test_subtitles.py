"""Subtitle files and tracks: encodings, forms, every kind of fault, and the WebVTT that is made of them."""

import time
from contextlib import suppress

import pytest

from festival.edition.rulebook import Rulebook
from submissions.inspection.runner import inspect_film
from submissions.inspection.subtitle_checks import Cue, check_cues, guess_language, script_of, width_of
from submissions.inspection.subtitles import (
    SubtitleError,
    inspect_subtitles,
    read_subtitles,
    to_webvtt,
)
from submissions.inspection.synthetic import make_film
from tests.inspection.subtitled import with_track

SRT = "1\n00:00:01,000 --> 00:00:03,000\n<i>Hello</i>\n\n2\n00:00:04,000 --> 00:00:06,500\nTwo\nlines\n"
SIMPLIFIED = "我们从这里开始，影片里的声音还没有结束。\n说话的时间不对，请让观众听见这个问题。"
TRADITIONAL = "我們從這裡開始，影片裡的聲音還沒有結束。\n說話的時間不對，請讓觀眾聽見這個問題。"


def issues(*cues, **options):
    said = check_cues([Cue(*cue) for cue in cues], form=options.pop("form", "srt"), place="beside", **options)
    return {issue.code: issue for issue in said.issues}


# Forms


def test_srt():
    read = read_subtitles(SRT.encode())
    assert (read.form, read.encoding, read.malformed) == ("srt", "utf-8", 0)
    assert read.cues == (Cue(1.0, 3.0, "Hello"), Cue(4.0, 6.5, "Two\nlines"))


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_any_line_end(newline):
    assert len(read_subtitles(SRT.replace("\n", newline).encode()).cues) == 2


def test_srt_as_people_write_it():
    text = "00:01.5-->00:02\nno number, no hours\n3\n0:00:03.20 --> 0:00:04.000 X1:40\nno empty line\n\n5\n"
    text += "00:00:0x,0 --> ?\nbad\n"
    read = read_subtitles(text.encode())
    assert read.cues == (Cue(1.5, 2.0, "no number, no hours"), Cue(3.2, 4.0, "no empty line"))
    assert read.malformed == 1


def test_vtt():
    text = (
        "WEBVTT - title\n\nSTYLE\n::cue { color: red }\n\nNOTE\nsecret --remark\n\nintro\n"
        "00:01.000 --> 00:02.000 align:left\n<v Anna>You &amp; <c.red>me</c>\n\n01:00:00.000 --> 01:00:01.000\nlate\n"
    )
    read = read_subtitles(text.encode())
    assert read.form == "vtt"
    assert read.cues == (Cue(1.0, 2.0, "You & me"), Cue(3600.0, 3601.0, "late"))


def test_ass():
    text = (
        "[Script Info]\nTitle: x\n\n[V4+ Styles]\nFormat: Name\n\n[Events]\n"
        "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
        "Comment: 0,0:00:00.00,0:00:09.00,D,,0,0,0,,not shown\n"
        "Dialogue: 0,0:00:01.00,0:00:02.50,D,,0,0,0,,{\\an8\\b1}One, two\\Nthree\\h4\n"
        "Dialogue: 0,0:00:01.00,0:00:02.50,D,,0,0,0,,{\\p1}m 0 0 l 10 10\n"
        "Dialogue: 0,oops,0:00:02.50,D,,0,0,0,,x\n"
    )
    read = read_subtitles(text.encode())
    assert (read.form, read.malformed) == ("ass", 1)
    assert read.cues == (Cue(1.0, 2.5, "One, two\nthree 4"), Cue(1.0, 2.5, ""))


# Encodings


@pytest.mark.parametrize(
    ("text", "encoding", "expected"),
    [
        (SIMPLIFIED, "utf-8", "utf-8"),
        (SIMPLIFIED, "utf-8-sig", "utf-8"),
        (SIMPLIFIED, "utf-16", "utf-16-le"),
        (SIMPLIFIED, "gb18030", "gb18030"),
        (TRADITIONAL, "big5", "big5"),
        (TRADITIONAL, "gb18030", "gb18030"),
        ("Un été à la mer, là où le vent déjà se lève, et où je t’espère", "cp1252", "cp1252"),
        ("plain", "ascii", "utf-8"),
    ],
)
def test_encodings(text, encoding, expected):
    data = f"1\n00:00:01,000 --> 00:00:09,000\n{text}\n".encode(encoding)
    read = read_subtitles(data)
    assert (read.encoding, read.cues[0].text) == (expected, text)


def test_an_old_encoding_is_told():
    facts, webvtt = inspect_subtitles(
        f"1\n00:00:01,000 --> 00:00:07,000\n{SIMPLIFIED}\n".encode("gb18030"), language="zh-CN"
    )
    assert (facts.encoding, facts.guessed, [issue.code for issue in facts.issues]) == (
        "gb18030", "zh-Hans", ["encoding"],
    )  # fmt: skip
    assert SIMPLIFIED in webvtt


# What is refused, and how quickly


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \n\n", "empty"),
        (b"a\0b" * 100, "not_text"),
        (b"\x81\x30\xff" * 30, "not_text"),
        (b"Dear festival,\n\nno times here\n", "not_subtitles"),
        (b"WEBVTT\n\nNOTE nothing\n", "not_subtitles"),
        (b"x" * ((1 << 20) + 1), "too_large"),
        (b"00:01 --> 00:02\nx\n\n" * 5001, "too_many"),
    ],
)
def test_what_is_no_subtitle_file(data, code):
    with pytest.raises(SubtitleError) as refused:
        inspect_subtitles(data)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "data",
    [
        b"00:01 --> 00:02\n" + b"<" * 1_000_000,
        b"00:01 --> 00:02\n" + b"{\\" * 500_000,
        b"00:01 --> 00:02\n" + b"-->\n" * 250_000,
        b"-" * 500_000 + b">",
        b"[Events]\nDialogue: " + b"," * 1_000_000,
        b"00:01 --> 00:02\nx\n\n" * 5000,
        (b"00:01 --> 00:02\n" + "戰".encode() * 60 + b"\n\n") * 4900,
    ],
)
def test_hostile_files_cost_little(data):
    started = time.process_time()
    with suppress(SubtitleError):
        inspect_subtitles(data[: 1 << 20])
    assert time.process_time() - started < 15  # work that grew with the square of the size would take minutes


# Faults


def test_a_good_track_has_no_issue():
    assert (
        issues((0, 2, "Good morning."), (2, 4, "早上好，\n今天放映什么？"), film_seconds=4.0, language="")
        == {}
    )


@pytest.mark.parametrize(
    ("cues", "options", "code", "measured", "limit"),
    [
        ([(3, 5, "later"), (1, 2, "earlier")], {}, "order", None, None),
        ([(1, 3, "one two"), (2.5, 4, "three")], {}, "overlap", None, None),
        ([(3, 3, "no length")], {}, "backwards", None, None),
        ([(1, 3, "")], {}, "empty", None, None),
        ([(3, 9, "past the end")], {"film_seconds": 8.0}, "beyond", 9.0, 8.0),
        ([(1, 1.4, "quick")], {}, "short", 0.4, 0.83),
        ([(1, 12, "slow")], {}, "long", 11.0, 7.5),
        ([(0, 1, "thirty characters in a second!")], {}, "fast", 30.0, 20),
        ([(0, 1, "一秒之内说完十四个汉字太快了吧")], {}, "fast", 15.0, 9),
        ([(0, 4, "x" * 60)], {}, "wide", 60.0, 42),
        ([(0, 4, "这一行字幕实在太长了在银幕上读不完的啊字字")], {}, "wide", 21.0, 16),
        ([(0, 5, "a\nb\nc")], {}, "lines", 3.0, 2),
        ([(0, 2, "Hello there")], {"language": "zh"}, "language", None, None),
        ([(0, 3, "我們從這裡開始")], {"language": "zh-Hans"}, "language", None, None),
        ([(0, 2, "Hello")], {"malformed": 2}, "malformed", None, None),
    ],
)  # fmt: skip
def test_one_fault_at_a_time(cues, options, code, measured, limit):
    found = issues(*cues, **options)
    assert list(found) == [code]
    assert (found[code].measured, found[code].limit) == (measured, limit)


def test_bilingual_cues_are_read_in_one_language():
    assert issues((0, 2, "你从哪里来的呢？\nWhere is it that you come from?")) == {}
    assert issues((0, 3, "一\n二\nthree\nfour")) == {}


def test_signs_beside_speech_are_no_overlap_in_ass():
    assert issues((1, 3, "speech"), (2, 4, "sign"), (0, 1, "early"), form="ass") == {}


def test_times_are_those_of_the_fault():
    found = issues((0, 2, "ok"), *((n, n + 0.1, "quick") for n in range(3, 13)))["short"]
    assert (found.count, found.times[0], len(found.times)) == (10, (3, 3.1), 5)


# Languages


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (SIMPLIFIED, "zh-Hans"), (TRADITIONAL, "zh-Hant"), ("大人上山中", "zh"), ("これは日本語の字幕です", "ja"),
        ("이것은 자막입니다", "ko"), ("Это субтитры", "ru"), ("هذه ترجمة", "ar"), ("นี่คือคำบรรยาย", "th"),
        ("These are subtitles", "latin"), ("♪ 123 …", ""), ("", ""),
    ],
)  # fmt: skip
def test_languages_by_their_writing(text, language):
    assert guess_language([text]) == language


def test_widths():
    assert width_of("第2集AI", script_of("第2集AI")) == 3.5
    assert width_of("four", "latin") == 4


@pytest.mark.parametrize(
    ("declared", "fits"),
    [
        ("zh", True),
        ("zh-CN", True),
        ("chi", True),
        ("zh-TW", False),
        ("en", False),
        ("ja", False),
        ("tlh", True),
    ],
)
def test_declared_against_guessed(declared, fits):
    said = issues((0, 9, SIMPLIFIED), language=declared)
    assert ("language" not in said) == fits


# WebVTT


def test_only_plain_text_leaves():
    hostile = "WEBVTT\n\nSTYLE\n::cue{}\n\n00:01.000 --> 00:02.000\n"
    hostile += "&lt;script&gt;alert(1)&lt;/script&gt; --&gt; <img src=x>\u202ea\n"
    text = to_webvtt(read_subtitles(hostile.encode()).cues)
    assert text == "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n&lt;script&gt;alert(1)&lt;/script&gt; --&gt; a\n"


def test_what_is_written_is_read_back_in_order():
    cues = (Cue(4.0, 5.0, "b"), Cue(1.0, 2.5, "a\nA"), Cue(7.0, 6.0, "backwards"), Cue(8.0, 9.0, ""))
    assert read_subtitles(to_webvtt(cues).encode()).cues == (Cue(1.0, 2.5, "a\nA"), Cue(4.0, 5.0, "b"))


# Tracks inside the film


def test_a_track_in_matroska(tmp_path):
    cues = [
        ("00:00:00,500", "00:00:01,500", "<b>Bonsoir</b>"),
        ("00:00:01,400", "00:00:02,500", "Fin"),
        ("00:00:02,600", "00:00:05,000", "Trop tard"),
    ]
    path = with_track(tmp_path, "film.mkv", None, cues, language="fre")
    [track] = inspect_film(path, Rulebook(), tmp_path / "out").subtitles
    assert (track.form, track.place, track.language, track.guessed, track.cues) == (
        "srt", "inside", "fre", "latin", 3,
    )  # fmt: skip
    assert (track.start, track.end) == (0.5, 5.0)
    assert [issue.code for issue in track.issues] == ["overlap", "beyond"]
    assert track.file == "subtitles-1.vtt"
    assert (tmp_path / "out" / track.file).read_text() == (
        "WEBVTT\n\n00:00:00.500 --> 00:00:01.500\nBonsoir\n\n"
        "00:00:01.400 --> 00:00:02.500\nFin\n\n00:00:02.600 --> 00:00:05.000\nTrop tard\n"
    )


def test_a_film_without_subtitles_has_none(tmp_path):
    film = make_film(tmp_path / "film.mp4", seconds=1, width=64, height=64).path
    assert inspect_film(film, Rulebook(), tmp_path / "out").subtitles == ()
