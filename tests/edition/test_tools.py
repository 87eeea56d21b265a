"""The catalogue of AI tools: names that lead to one tool, in people's words and in files."""

from collections import Counter

import pytest

from festival.edition.rulebook import Rulebook
from festival.edition.tools import STAGES, catalogue, joined, plain, shipped, stage_name, stage_title


def test_no_name_leads_to_two_tools():
    names = Counter(
        name
        for tool in shipped()
        for name in {plain(each) for each in (tool.slug, tool.name, tool.zh, *tool.aliases) if each}
    )
    assert [name for name, count in names.items() if count > 1] == []


def test_every_tool_makes_something_that_is_a_stage():
    assert [
        tool.slug for tool in shipped() if not tool.makes or not set(tool.makes) <= set(STAGES[:-1])
    ] == []


@pytest.mark.parametrize(
    ("text", "slugs"),
    [
        ("Kling AI 2.1", ["kling"]),
        ("由即梦AI生成", ["jimeng"]),
        ("Adobe Premiere Pro 2025.0 (Windows)", ["premiere"]),
        ("Adobe_Firefly adobe firefly 4", ["firefly"]),
        ("wan2.1-t2v", ["wan"]),
        ("hunyuanvideo", ["hunyuan"]),  # not Wan, whose name is not a word there
        ("MiniMax Speech 02", ["minimax-speech"]),  # the longer name wins
        ("Taiwan, Soranos, swan lake", []),
        ("ＫＬＩＮＧ and  Suno", ["kling", "suno"]),
        ("Lavf61.7.100", []),
    ],
)
def test_tools_within_a_text(text, slugs):
    assert [tool.slug for tool in catalogue().within(text)] == slugs


def test_a_tool_by_any_of_its_names():
    known = catalogue()
    assert {known.named(name).slug for name in ("kling", "可灵", "Kling AI", " KLINGAI ")} == {"kling"}
    assert known.named("Kling AI 2.1") is None
    assert (known.said("kling", "en"), known.said("kling", "zh")) == ("Kling", "可灵")
    assert (known.said("suno", "zh"), known.said("gone", "zh")) == ("Suno", "gone")


def test_an_edition_adds_its_own_and_may_replace_one():
    known = Rulebook.from_toml(
        '[ai.tools.lantern]\nname = "Lantern"\nzh = "灯影"\nmakes = ["video"]\naliases = ["lantern labs"]\n'
        '[ai.tools.kling]\nname = "Kling Studio"\nmakes = ["video"]\n'
    ).tools
    assert known.named("灯影") == known.within("made with Lantern Labs 2")[0] == known.by_slug["lantern"]
    assert known.by_slug["kling"].name == "Kling Studio"
    assert len(known.tools) == len(shipped()) + 1
    assert catalogue().by_slug["kling"].name == "Kling"


def test_stages_and_enumerations_in_both_languages():
    assert (stage_name("voice", "en"), stage_title("voice", "en"), stage_title("voice", "zh")) == (
        "voices",
        "Voices",
        "配音",
    )
    assert [joined(items, "en") for items in ([], ["A"], ["A", "B", "C"])] == ["", "A", "A, B and C"]
    assert joined(["甲", "乙", "丙"], "zh") == "甲、乙和丙"
