"""What a browser read, judged: never more than is known, never stricter than the inspection of the whole film."""

import pytest

from festival.edition.rulebook import Rulebook
from submissions.inspection.preflight import HEAD_BYTES, judge_seen, read_seen
from submissions.inspection.report import Finding, Problem

MP4 = b"\0\0\0\x18ftypisom\0\0\2\0isomiso2"
RULES = Rulebook.from_toml(
    """
[duration]
min = 30
max = 60
[file]
max_bytes = 1000
containers = ["mov"]
fast_start = true
severity = { container = "note" }
[video]
codecs = ["prores"]
min_width = 1280
frame_rates = [24]
constant = true
[audio]
required = true
channels = [2]
loudness_max = -14
[black]
max_seconds = 1
[subtitles]
required = true
"""
)
WHOLE = {
    "promised": 500,
    "indexed": True,
    "fast_start": True,
    "streams": 2,
    "width": 1920,
    "height": 1080,
    "frames": 1080,
    "duration": 45.0,
    "video": {"codec": "prores", "width": 1920, "height": 1080, "pixel_aspect": [1, 1], "frame_rate": 24,
              "constant": True, "duration": 45.0},
    "sound": {"codec": "aac", "channels": 2, "sample_rate": 48000},
}  # fmt: skip


def judged(size=500, head=b"\0\0\0\x14ftypqt  \0\0\2\0qt  ", **changes):
    return judge_seen(read_seen(size, head, {**WHOLE, **changes}), RULES)


def rules(preview):
    return [finding.rule for finding in preview.findings]


def test_a_film_that_fits_has_nothing_to_say_about_it():
    preview = judged()
    assert (preview.verdict, preview.container, preview.problem, preview.findings) == (
        "pass",
        "mov",
        None,
        (),
    )


def test_what_was_not_read_breaks_no_rule():
    assert judge_seen(read_seen(500, MP4, {}), RULES).findings == (
        Finding("container", "note", "mp4", ["mov"]),
    )


@pytest.mark.parametrize(
    "changes, found",
    [
        ({"size": 2000}, ["file_size"]),
        ({"head": MP4}, ["container"]),
        ({"fast_start": False}, ["fast_start"]),
        ({"sound": "none"}, ["audio_required"]),
        ({"sound": None}, []),
        ({"sound": {"channels": 1}}, ["audio_channels"]),
        ({"video": WHOLE["video"] | {"duration": 29.5}}, ["duration_min"]),
        ({"video": WHOLE["video"] | {"duration": 29.8}}, []),  # measuring could find a frame more
        ({"video": WHOLE["video"] | {"duration": 61}}, ["duration_max"]),
        (
            {"video": WHOLE["video"] | {"duration": None}, "duration": 61.0},
            [],
        ),  # the sound may be what is so long
        ({"video": WHOLE["video"] | {"duration": None}, "duration": 29.0}, ["duration_min"]),
        ({"video": WHOLE["video"] | {"codec": "h264"}}, ["video_codec"]),
        ({"video": WHOLE["video"] | {"width": 640, "height": 360}}, ["resolution"]),
        ({"video": WHOLE["video"] | {"frame_rate": 15}}, ["frame_rate"]),
        ({"video": WHOLE["video"] | {"frame_rate": 15, "constant": None}}, []),  # declared, not counted
        ({"video": WHOLE["video"] | {"frame_rate": 21.7, "constant": False}}, ["constant_frame_rate"]),
    ],
)
def test_each_fact_is_judged_by_its_own_rule(changes, found):
    assert rules(judged(**changes)) == found


def test_a_file_that_lacks_bytes_is_cut_off_and_its_length_is_not_judged():
    short = WHOLE["video"] | {"duration": 10.0}
    preview = judged(promised=1000, lacking=0.5, video=short)
    assert preview.findings == (Finding("truncated", "block", {"bytes": 500}, {"bytes": 1000}),)
    assert judged(promised=1000, lacking=0.01).verdict == "fix"  # half a second in doubt
    assert judged(promised=510).findings == (Finding("truncated", "fix", {"bytes": 500}, {"bytes": 510}),)


@pytest.mark.parametrize(
    "changes, problem",
    [
        ({"size": 0, "head": b""}, Problem("empty")),
        ({"head": b"A letter, not a film.\n" * 9}, Problem("not_a_film", {"found": "text"})),
        ({"indexed": False}, Problem("no_index")),
        ({"width": 8192, "height": 4320}, Problem("picture_too_large", {"width": 8192, "height": 4320})),
        ({"streams": 40}, Problem("too_many_streams", {"streams": 40, "most": 32})),
        ({"frames": 70_000}, Problem("too_many_frames", {"most": 60_000})),
        ({"frames": 45 * 240}, Problem("frame_rate_too_high", {"rate": 240, "most": 120})),
        ({"video": "none"}, Problem("no_video")),
    ],
)
def test_what_the_inspection_could_not_read_is_said_at_once(changes, problem):
    preview = judged(**changes)
    assert (preview.verdict, preview.problem, preview.findings) == ("unreadable", problem, ())


@pytest.mark.parametrize(
    "value", [None, True, -1, 0, 1e400, float("nan"), 2.0**60, "24", [], {}, ["1", 1], [1, 0], "none " * 9]
)
def test_values_of_the_wrong_kind_count_as_not_read(value):
    names = ["promised", "fast_start", "streams", "width", "height", "frames", "duration", "video", "sound"]
    said = {name: value for name in names if value is not True or name != "fast_start"}
    assert judge_seen(read_seen(500, MP4, said), RULES).problem is None
    assert rules(judge_seen(read_seen(500, MP4, said), RULES)) == ["container"]
    inner = {"codec": value, "width": value, "height": value, "pixel_aspect": value, "frame_rate": value,
             "constant": value if value is not True else None, "duration": value, "channels": value,
             "sample_rate": value}  # fmt: skip
    seen = read_seen(500, MP4, {"video": inner, "sound": inner})
    if not isinstance(value, str):
        assert rules(judge_seen(seen, RULES)) == ["container"]


def test_no_more_than_the_head_is_kept():
    assert read_seen(500, MP4 * 999, {}).head == (MP4 * 999)[:HEAD_BYTES]
