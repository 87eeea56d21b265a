"""Every finding and problem has words in both languages, with the same places to fill."""

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

from festival.edition.rulebook import RULES
from submissions.inspection import words
from submissions.inspection.report import Finding
from submissions.inspection.texts import FINDINGS, FOUND_INSTEAD, PHRASES, PROBLEMS
from submissions.inspection.words import describe, describe_problem, times_text, words_code

FOLDER = Path(words.__file__).parent

EXAMPLES = {
    "truncated": Finding("truncated", "block", 12.4, 30.0),
    "truncated_file": Finding("truncated", "block", {"bytes": 60_000_000}, {"bytes": 120_000_000}),
    "decode_errors": Finding("decode_errors", "fix", 3, 0),
    "size_change": Finding("size_change", "fix", 1, 0),
    "sound_short": Finding("sound_length", "note", 10.0, 12.5),
    "sound_long": Finding("sound_length", "note", 14.0, 12.5),
    "duration_min": Finding("duration_min", "block", 12.4, 60.0),
    "duration_max": Finding("duration_max", "block", 125.0, 60.0),
    "file_size": Finding("file_size", "block", 5_000_000_000, 4_000_000_000),
    "container": Finding("container", "fix", "avi", ["mp4", "mov"]),
    "video_codec": Finding("video_codec", "fix", "mpeg4", ["h264"]),
    "resolution": Finding(
        "resolution", "fix", [640, 360], {"sizes": [[1920, 1080], [1080, 1920]], "min_width": 1280}
    ),
    "aspect": Finding("aspect", "fix", 1.333, ["16:9", "1.85:1"]),
    "frame_rate": Finding("frame_rate", "fix", 12.0, [23.97602, 24.0, 25.0]),
    "constant_frame_rate": Finding("constant_frame_rate", "note", 29.87, None),
    "audio_required": Finding("audio_required", "block"),
    "audio_silent": Finding("audio_required", "block", "silent"),
    "audio_channels": Finding("audio_channels", "fix", 4, [1, 2, 6]),
    "loudness_low": Finding("loudness", "fix", -41.3, [-30, -9]),
    "loudness_high": Finding("loudness", "fix", -7.0, [None, -9]),
    "true_peak": Finding("true_peak", "note", 0.7, -1),
    "black": Finding("black", "note", 4.0, 2.0, ((12.0, 16.0),)),
    "freeze": Finding("freeze", "note", 4.0, 2.0, ((12.0, 16.0), (20.0, 22.5))),
    "flash": Finding("flash", "fix", 5.0, 3, ((12.0, 14.0),)),
    "red_flash": Finding("red_flash", "fix", 4.5, 3, ((12.0, 14.0),)),
    "flash_extended": Finding("flash_extended", "fix", 6.5, None, ((12.0, 18.5),)),
    "windowbox": Finding("windowbox", "note", [1440, 800]),
    "changing_bars": Finding("changing_bars", "note", 2, 0, ((3.0, 3.0), (9.0, 9.0))),
    "repeated_frames": Finding("repeated_frames", "note", 8.0, 24.0, ((0.0, 9.0),)),
    "interlaced": Finding("interlaced", "note", "interlaced", None, ((0.0, 9.0),)),
    "telecine": Finding("interlaced", "note", "telecine", None, ((0.0, 9.0),)),
    "levels": Finding("levels", "note", 0.33, 0.01),
    "flicker": Finding("flicker", "note", 3.5, None, ((0.0, 3.5),)),
    "upscaled": Finding("upscaled", "note", 21.3, 16.0),
    "blocky": Finding("blocky", "note", 1.8, 1.5),
    "blurred": Finding("blurred", "note", 0.35, 0.2),
    "corner_mark": Finding("corner_mark", "note", ["bottom_right", "top_left"]),
    "slideshow": Finding("slideshow", "note", 0.62, 0.3),
    "opening_label": Finding("opening_label", "note"),
    "fast_start": Finding("fast_start", "note"),
    "bit_rate_low": Finding("bit_rate", "note", 1.2, [5.0, None]),
    "bit_rate_high": Finding("bit_rate", "note", 812.5, [None, 100.0]),
    "bit_depth": Finding("bit_depth", "fix", 12, [8, 10]),
    "chroma": Finding("chroma", "fix", "4:4:4", ["4:2:0", "4:2:2"]),
    "square_pixels": Finding("square_pixels", "note", "16:15"),
    "colour_untagged": Finding("colour", "note", "", ["bt709"]),
    "colour": Finding("colour", "note", "bt2020", ["bt709"]),
    "hdr": Finding("hdr", "fix", "dolby_vision"),
    "keyframes": Finding("keyframes", "note", 12.5, 5.0, ((3.0, 15.5),)),
    "audio_codec": Finding("audio_codec", "fix", "mp3", ["aac", "pcm_s24le"]),
    "sample_rate": Finding("sample_rate", "note", 44100, [48000, 96000]),
    "loudness_range": Finding("loudness_range", "note", 24.6, 20.0),
    "clipping": Finding("clipping", "note", 312, None, ((3.0, 5.5),)),
    "false_stereo": Finding("false_stereo", "note"),
    "out_of_phase": Finding("out_of_phase", "note", -0.97),
    "one_sided": Finding("one_sided", "note", -34.2),
    "silent_channel": Finding("silent_channel", "note", ["FC", "BL"]),
    "hum": Finding("hum", "note", [50, -52.3]),
    "aigc_absent": Finding("aigc_label", "note", {"grade": "absent", "reason": "", "field": ""}),
    "aigc_readable": Finding(
        "aigc_label", "note", {"grade": "readable", "reason": "missing_field", "field": "ProduceID"}
    ),
    "aigc_broken": Finding("aigc_label", "note", {"grade": "broken", "reason": "not_json", "field": ""}),
    "c2pa": Finding("c2pa", "note", "absent"),
    "c2pa_tampered": Finding("c2pa_tampered", "fix", "assertion.bmffHash.mismatch"),
    "subtitles_required": Finding("subtitles_required", "fix"),
    "subtitles_language": Finding("subtitles_language", "fix", ["en"], ["zh", "en"]),
    "subtitles_spoken": Finding("subtitles_spoken", "note", ["en"], ["en"]),
    "subtitles_form": Finding(
        "subtitles_form",
        "note",
        {"track": 1, "language": "zh", "issues": [["fast", 3, 14.2, 9], ["overlap", 1, None, None]]},
        None,
        ((3.0, 4.0),),
    ),
    "silence": Finding("silence", "note", 4.0, 2.0, tuple((n * 10.0, n * 10 + 4.0) for n in range(5))),
}


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("code", [*FINDINGS, *PROBLEMS])
def test_both_languages_fill_the_same_places(code):
    english, chinese = FINDINGS.get(code) or PROBLEMS[code]
    for one, other in zip(english, chinese):
        assert places(one) == places(other)
        assert one.strip() and other.strip()
        assert re.search(r"[\u4e00-\u9fff]", other)
        assert not re.search(r"[\u4e00-\u9fff]", one)


def test_phrases_too():
    for english, chinese in [*PHRASES.values(), *FOUND_INSTEAD.values()]:
        assert places(english) == places(chinese)


@pytest.mark.parametrize("code", FINDINGS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_finding_can_be_said(code, language):
    finding = EXAMPLES[code]
    assert words_code(finding) == code
    said = describe(finding, language)
    for text in (said.title, said.detail, said.cure):
        assert text
        assert not re.search(r"[{}?]|None|  ", text), text


def test_every_rule_and_every_finding_of_the_judge_has_words():
    """The rules are read from the source, so that a new one without words fails here."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in FOLDER.glob("*rules.py")]
    named = {
        node.args[0].value
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") in ("Finding", "broken")
        and isinstance(node.args[0], ast.Constant)
    }
    said = {EXAMPLES[code].rule for code in FINDINGS}
    assert named <= said
    assert {rule for rule, (table, _severity) in RULES.items() if table != "ai"} <= said


def test_every_problem_that_is_raised_has_words():
    raised = set()
    for source in FOLDER.glob("*.py"):
        text = source.read_text(encoding="utf-8")
        raised |= set(re.findall(r'(?:NotAFilmError|Problem)\(\s*"([a-z_]+)"', text))
        raised |= set(re.findall(r'"code": "([a-z_]+)"', text))
    assert raised == set(PROBLEMS) - {"unknown_codec"}


@pytest.mark.parametrize("code", PROBLEMS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_problem_can_be_said(code, language):
    values = {
        "found": "playlist", "width": 6144, "height": 3456, "streams": 40, "most": 32, "rate": 240, "seconds": 90,
        "codec": "h264",
    }  # fmt: skip
    said = describe_problem(code, values, language)
    assert not re.search(r"[{}?]|None|  ", said.title + said.detail + said.cure)


def test_examples_in_both_languages():
    assert describe(EXAMPLES["resolution"], "en").detail == (
        "It measures 640 × 360 pixels; asked for: 1920 × 1080 or 1080 × 1920, at least 1280 wide. "
        "On a large screen the difference shows."
    )
    assert describe(EXAMPLES["silence"], "zh").detail == (
        "没有声音，最长 4 秒，位于 0:00.0–0:04.0、0:10.0–0:14.0、0:20.0–0:24.0 及另外 2 处；"
        "一般不超过 2 秒，否则观众会以为音响出了故障。"
    )
    assert describe(EXAMPLES["loudness_low"], "zh").detail.startswith(
        "整合响度为 −41.3 LUFS，不应低于 −30 LUFS"
    )
    assert describe_problem("not_a_film", {"found": "text"}, "en").detail == (
        "Whatever its name says, the file contains plain text."
    )


def test_times_are_listed_up_to_three():
    assert times_text([(62.46, 65.0)], "en") == "1:02.5–1:05.0"
    assert times_text([(n, n + 1) for n in range(5)], "en").endswith(" and 2 more")


def test_an_unknown_code_is_still_readable():
    assert describe(Finding("from_the_future", "note", 1, 2), "en").title == "from_the_future"
    assert describe_problem("from_the_future", {}, "en") == describe_problem("crashed", {}, "en")
    with pytest.raises(ValueError):
        describe(EXAMPLES["black"], "fr")
