"""The rulebook: TOML to data, faults with their lines, words in both languages."""

from fractions import Fraction

import pytest

from festival.edition.rulebook import RULES, TABLES, Rulebook, RulebookError, sentences
from festival.edition.rulebook_default import DEFAULT, DEFAULT_TOML
from festival.edition.rulebook_faults import _FAULTS
from festival.edition.rulebook_words import (
    _PHRASES,
    _RULES,
    bytes_text,
    duration_text,
    rate_number,
    set_chinese,
)

EVERYTHING = """
version = "2026-1"

[duration]
min = 60
max = 600

[file]
max_bytes = "2 GB"
containers = ["mp4", "mov"]
fast_start = true

[video]
codecs = ["h264"]
min_bit_rate = 5
max_bit_rate = 100
bit_depths = [8, 10]
chroma = ["4:2:0", "4:2:2"]
square_pixels = true
colours = ["bt709"]
sdr = true
max_keyframe_seconds = 5
landscape = ["1920x1080"]
portrait = ["1080x1920"]
min_width = 1280
max_height = 2160
aspects = ["16:9", "9:16"]
frame_rates = [23.976, 25, "30000/1001"]
constant = true

[audio]
required = true
channels = [2, 6]
loudness_min = -24
loudness_max = -14
true_peak_max = -1.5
codecs = ["aac", "pcm_s24le"]
sample_rates = [48000]
loudness_range_max = 18
free_of = ["clipping", "false_stereo", "out_of_phase", "one_sided", "silent_channel", "hum"]

[black]
max_seconds = 2
edge_seconds = 4

[freeze]
max_seconds = 2

[silence]
max_seconds = 3

[flash]
safe = true

[image]
free_of = ["windowbox", "changing_bars", "repeated_frames", "interlaced", "levels", "flicker", "upscaled",
           "blocky", "blurred", "corner_mark"]
max_still = 0.25
opening_label = true

[provenance]
aigc_label = true
credentials = true
untampered = true

[subtitles]
required = true
languages = ["zh", "en"]
check = true

[ai]
required = true
min_tools = 3
required_stages = ["image", "video", ["voice", "music"]]
forbidden_stages = ["script"]
min_share = 90
sponsor_tools = ["kling"]
min_sponsor_share = 70
allowed_tools = ["kling", "jimeng", "elevenlabs", "lantern"]
forbidden_tools = ["sora"]

[ai.tools.lantern]
name = "Lantern"
zh = "灯影"
makes = ["music"]
aliases = ["lantern labs"]
"""


def errors(text: str) -> list[tuple[int, str, str]]:
    with pytest.raises(RulebookError) as caught:
        Rulebook.from_toml(text)
    return [(fault.line, fault.key, fault.code) for fault in caught.value.errors]


def test_values_arrive_in_their_types():
    rulebook = Rulebook.from_toml(EVERYTHING)
    assert rulebook.version == "2026-1"
    assert rulebook.duration.max == 600
    assert rulebook.max_bytes == 2_000_000_000
    assert rulebook.video.portrait == ((1080, 1920),)
    assert rulebook.video.frame_rates == (Fraction(24000, 1001), Fraction(25), Fraction(30000, 1001))
    assert rulebook.black.edge_seconds == 4


def test_an_empty_rulebook_asks_nothing():
    rulebook = Rulebook.from_toml("")
    assert rulebook.max_bytes is None
    assert sentences(rulebook, "en") == []


def test_severity_for_a_table_or_for_one_rule():
    rulebook = Rulebook.from_toml(
        '[duration]\nseverity = "note"\n[file]\nseverity = { container = "block" }\n'
    )
    assert rulebook.severity("duration_min") == "note"
    assert rulebook.severity("duration_max") == "note"
    assert rulebook.severity("container") == "block"
    assert rulebook.severity("file_size") == RULES["file_size"][1]


def test_digest_follows_the_meaning_not_the_layout():
    plain = Rulebook.from_toml("[duration]\nmax = 60\n[audio]\nrequired = true\n")
    assert (
        Rulebook.from_toml("# words\n[audio]\nrequired=true\n[duration]\nmax = 60.0\n").digest == plain.digest
    )
    assert Rulebook.from_toml("[duration]\nmax = 61\n[audio]\nrequired = true\n").digest != plain.digest
    said = Rulebook.from_toml('[duration]\nmax = 60\nseverity = "fix"\n[audio]\nrequired = true\n')
    assert said.digest != plain.digest
    assert len(plain.digest) == 64


def test_every_fault_is_named_with_its_line():
    text = """version = "1"
[duration]
min = 60
max = 30
[picture]
width = 3
[video]
codecs = ["h264", "betamax"]
landscape = ["16000x8000"]
portrait = ["1920x1080"]
colour = "nice"
frame_rates = [0]
severity = { resolution = "hard" }
[file]
max_bytes = "big"
[black]
max_seconds = 0
[audio]
required = "yes"
"""
    assert errors(text) == [
        (3, "duration.min", "crossed"),
        (5, "picture", "unknown_table"),
        (8, "video.codecs", "unknown_choice"),
        (9, "video.landscape", "picture_too_large"),
        (10, "video.portrait", "not_portrait"),
        (11, "video.colour", "unknown_key"),
        (12, "video.frame_rates", "out_of_range"),
        (13, "video.severity.resolution", "not_a_severity"),
        (15, "file.max_bytes", "not_a_file_size"),
        (17, "black.max_seconds", "out_of_range"),
        (19, "audio.required", "not_a_yes_or_no"),
    ]


def test_lines_are_found_in_dotted_keys_and_inline_tables():
    assert errors("\n\nvideo.shine = 3\n") == [(3, "video.shine", "unknown_key")]
    assert errors("\nduration = { wat = 2 }\n") == [(2, "duration.wat", "unknown_key")]


def test_a_film_longer_than_can_be_inspected_is_not_promised():
    assert errors("[duration]\nmax = 7200\n") == [(2, "duration.max", "out_of_range")]


def test_broken_toml_tells_the_line():
    assert errors("[duration]\nmin = \n") == [(2, "", "syntax")]


@pytest.mark.parametrize("value", ["nan", "inf", "-1", "true", '"long"', "[]", "1e400"])
def test_no_number_slips_through(value):
    assert errors(f"[duration]\nmin = {value}\n")[0][:2] == (2, "duration.min")


def test_faults_speak_both_languages():
    with pytest.raises(RulebookError) as caught:
        Rulebook.from_toml("[duration]\nmaxx = 3\n")
    assert caught.value.sentences("en") == [
        "Line 2: There is no “duration.maxx”; this table knows min, max, severity."
    ]
    assert caught.value.sentences("zh")[0].startswith("第 2 行：没有“duration.maxx”这一项")


def test_published_rules_in_english():
    texts = {(s.rule, s.severity): s.text for s in sentences(Rulebook.from_toml(EVERYTHING), "en")}
    assert texts["duration_max", "block"] == (
        "The film runs between 1 minute and 10 minutes, titles and credits included."
    )
    assert texts["file_size", "block"] == "The file is no larger than 2 GB."
    assert texts["frame_rate", "fix"] == "The film runs at 23.976, 25 or 29.97 frames per second."
    assert texts["audio_channels", "fix"] == "The soundtrack is stereo or 5.1 surround."
    assert texts["loudness", "note"] == "The integrated loudness lies between −24 and −14 LUFS (EBU R 128)."
    assert texts["black", "note"] == (
        "The picture is never black for longer than 2 seconds (4 seconds at the very start or end)."
    )


def test_published_rules_in_chinese():
    texts = {s.rule: s.text for s in sentences(Rulebook.from_toml(EVERYTHING), "zh")}
    assert texts["duration_max"] == "影片时长须在 1 分钟至 10 分钟之间，含片头与片尾字幕。"
    assert texts["container"] == "文件封装格式须为 MP4 或 MOV。"
    assert texts["audio_channels"] == "声音须为立体声或 5.1 环绕声。"


def test_the_sentences_cover_every_rule_once_it_asks_something():
    said = {s.rule for s in sentences(Rulebook.from_toml(EVERYTHING), "zh")}
    # The least length is said with the most; the form of films that need subtitles only sometimes is another.
    assert said | {"duration_min", "subtitles_spoken"} == set(RULES)


@pytest.mark.parametrize(
    ("asked", "english", "chinese"),
    [
        (
            'required = true\nwhen = "spoken"',
            "A film in which somebody speaks has subtitles.",
            "影片中如有对白或旁白，须有字幕。",
        ),
        (
            'languages = ["zh"]\nwhen = "spoken"',
            "A film in which somebody speaks has subtitles in Chinese.",
            "影片中如有对白或旁白，须有中文字幕。",
        ),
        (
            'languages = ["en"]\nwhen = "foreign"',
            "A film in which another language is spoken has subtitles in English.",
            "影片对白为其他语言的，须有英文字幕。",
        ),
    ],
)
def test_subtitles_can_depend_on_what_is_spoken(asked, english, chinese):
    rulebook = Rulebook.from_toml(f"[subtitles]\n{asked}")
    for language, text in (("en", english), ("zh", chinese)):
        assert [(s.rule, s.severity, s.text) for s in sentences(rulebook, language)] == [
            ("subtitles_spoken", "note", text)
        ]


def test_when_subtitles_are_asked_for_needs_subtitles_that_are():
    assert errors('[subtitles]\ncheck = true\nwhen = "spoken"') == [(3, "subtitles.when", "needs_subtitles")]
    assert errors('[subtitles]\nrequired = true\nwhen = "often"') == [(3, "subtitles.when", "unknown_choice")]


def test_two_severities_make_two_sentences():
    rulebook = Rulebook.from_toml('[duration]\nmin = 1\nmax = 9\nseverity = { duration_min = "note" }\n')
    assert [(s.rule, s.severity) for s in sentences(rulebook, "en")] == [
        ("duration_min", "note"),
        ("duration_max", "block"),
    ]


def test_every_sentence_has_the_same_places_in_both_languages():
    from string import Formatter

    def places(template: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(template) if name}

    for table in (_RULES, _PHRASES, _FAULTS):
        for code, (english, chinese) in table.items():
            assert places(english) == places(chinese), code


def test_default_is_its_own_text():
    assert Rulebook.from_toml(DEFAULT_TOML).digest == DEFAULT.digest


@pytest.mark.parametrize(
    ("seconds", "english", "chinese"),
    [
        (0.04, "0.04 seconds", "0.04 秒"),
        (1, "1 second", "1 秒"),
        (2.46, "2.5 seconds", "2.5 秒"),
        (59.99, "1 minute", "1 分钟"),
        (90, "1 minute 30 seconds", "1 分 30 秒"),
        (3600, "1 hour", "1 小时"),
        (3725, "1 hour 2 minutes 5 seconds", "1 小时 2 分 5 秒"),
    ],
)
def test_durations_in_words(seconds, english, chinese):
    assert (duration_text(seconds, "en"), duration_text(seconds, "zh")) == (english, chinese)


def test_units():
    assert [bytes_text(n) for n in (999, 4_000_000_000, 500 * 2**20, 1_234_567)] == [
        "999 bytes",
        "4 GB",
        "500 MiB",
        "1.23 MB",
    ]
    assert [rate_number(rate) for rate in (23.976, Fraction(30000, 1001), 24, 12.5)] == [
        "23.976",
        "29.97",
        "24",
        "12.5",
    ]
    assert set_chinese("为 MP4、 MOV 或mkv，共3个") == "为 MP4、MOV 或 mkv，共 3 个"


def test_the_manuals_example_is_a_rulebook_with_every_key():
    from dataclasses import asdict
    from pathlib import Path

    manual = (Path(__file__).parents[2] / "docs" / "rulebook.md").read_text(encoding="utf-8")
    rulebook = Rulebook.from_toml(manual.split("```toml")[1].split("```")[0])
    empty = {
        (table, key)
        for table in TABLES
        for key, value in asdict(getattr(rulebook, table)).items()
        if not value
    }
    assert empty == {("freeze", "edge_seconds")}
