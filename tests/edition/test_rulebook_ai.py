"""The rulebook's table about the AI statement: what cannot be, with its line; what is published."""

import pytest

from festival.edition.rulebook import Rulebook, RulebookError, sentences


def faults(text):
    with pytest.raises(RulebookError) as caught:
        Rulebook.from_toml(text)
    return [(fault.line, fault.key, fault.code) for fault in caught.value.errors]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[ai]\nrequired = "yes"\n', [(2, "ai.required", "not_a_yes_or_no")]),
        ("[ai]\nmin_tools = 2.5\n", [(2, "ai.min_tools", "not_a_whole_number")]),
        ("[ai]\nmin_tools = true\n", [(2, "ai.min_tools", "not_a_whole_number")]),
        ("[ai]\nmin_tools = 0\n", [(2, "ai.min_tools", "out_of_range")]),
        ("[ai]\n\nmin_share = 101\n", [(3, "ai.min_share", "out_of_range")]),
        ("[ai]\nmin_tool = 2\n", [(2, "ai.min_tool", "unknown_key")]),
        ('[ai]\nrequired_stages = ["smell"]\n', [(2, "ai.required_stages", "unknown_choice")]),
        ("[ai]\nrequired_stages = []\n", [(2, "ai.required_stages", "not_a_list")]),
        ('[ai]\nsponsor_tools = ["klingg"]\n', [(2, "ai.sponsor_tools", "unknown_tool")]),
        ("[ai]\nallowed_tools = [[1]]\n", [(2, "ai.allowed_tools", "unknown_tool")]),
        ("[ai]\nmin_sponsor_share = 70\n", [(2, "ai.min_sponsor_share", "needs_sponsor_tools")]),
        (
            '[ai]\nallowed_tools = ["kling", "suno"]\nforbidden_tools = ["suno"]\n',
            [(3, "ai.forbidden_tools", "tool_allowed_and_forbidden")],
        ),
        (
            '[ai]\nforbidden_tools = ["kling"]\nsponsor_tools = ["kling"]\n',
            [(3, "ai.sponsor_tools", "sponsor_tools_shut_out")],
        ),
        (
            '[ai]\nmin_tools = 2\nallowed_tools = ["kling"]\n',
            [(2, "ai.min_tools", "too_few_tools_allowed")],
        ),
        (
            '[ai]\nrequired_stages = ["music"]\nallowed_tools = ["kling"]\n',
            [(2, "ai.required_stages", "no_allowed_tool_makes")],
        ),
        ('[ai]\nrequired_stages = [["video", "smell"]]\n', [(2, "ai.required_stages", "unknown_choice")]),
        ("[ai]\nrequired_stages = [[]]\n", [(2, "ai.required_stages", "not_a_list")]),
        ('[ai]\nforbidden_stages = "video"\n', [(2, "ai.forbidden_stages", "not_a_list")]),
        (
            '[ai]\nrequired_stages = [["script", "music"]]\nallowed_tools = ["kling"]\n',
            [(2, "ai.required_stages", "no_allowed_tool_makes")],
        ),
        (
            '[ai]\nrequired_stages = ["video"]\nforbidden_stages = ["video"]\n',
            [(3, "ai.forbidden_stages", "stage_asked_and_forbidden")],
        ),
        (
            '[ai]\nrequired_stages = [["image", "music"]]\nforbidden_stages = ["music", "image"]\n',
            [(3, "ai.forbidden_stages", "stage_asked_and_forbidden")],
        ),
        (
            '[ai]\nmin_share = 50\nforbidden_stages = ["video", "image"]\n',
            [(3, "ai.forbidden_stages", "stage_asked_and_forbidden")],
        ),
        (
            '[ai]\nallowed_tools = ["suno"]\nmin_share = 50\n',
            [(3, "ai.min_share", "no_allowed_tool_makes")],
        ),
        ('[ai]\nseverity = { black = "note" }\n', [(2, "ai.severity.black", "unknown_rule")]),
        ('[ai]\ntools = ["kling"]\n', [(2, "ai.tools", "not_tool_tables")]),
        (
            '[ai.tools.Lan_x]\nname = "x"\nmakes = ["video"]\n',
            [(1, "ai.tools.Lan_x", "not_a_tool_slug")],
        ),
        (
            '[ai.tools.lan]\nmakes = ["video"]\ncolour = 3\n',
            [(1, "ai.tools.lan.name", "not_a_tool_name"), (3, "ai.tools.lan.colour", "unknown_key")],
        ),
        (
            '[ai.tools.lan]\nname = "L"\nmakes = ["smell"]\naliases = ["x"]\n',
            [
                (3, "ai.tools.lan.makes", "unknown_choice"),
                (4, "ai.tools.lan.aliases", "not_tool_aliases"),
            ],
        ),
        ('[ai.tools.lan]\nname = "L"\n', [(1, "ai.tools.lan.makes", "not_a_list")]),
    ],
)
def test_what_cannot_be_is_named_with_its_line(text, expected):
    assert faults(text) == expected


def test_what_a_fault_says():
    with pytest.raises(RulebookError) as caught:
        Rulebook.from_toml('[ai]\nmin_tools = 3\nallowed_tools = ["kling"]\n')
    assert caught.value.sentences("en") == [
        "Line 2: No entry can meet this: “ai.min_tools” is 3, but only 1 tools may be used."
    ]
    assert caught.value.sentences("zh") == [
        "第 2 行：没有作品能满足：“ai.min_tools”为 3，而允许使用的工具只有 1 种。"
    ]


def test_tools_that_are_not_listed_may_be_named_where_none_are_prescribed():
    assert Rulebook.from_toml('[ai]\nmin_tools = 20\nforbidden_tools = ["kling"]\n').ai.min_tools == 20


RULES = """
[ai]
required = true
min_tools = 2
required_stages = ["image", "video"]
min_share = 100
sponsor_tools = ["kling", "jimeng"]
min_sponsor_share = 70
forbidden_tools = ["sora"]
severity = { ai_min_tools = "note" }
"""


def test_the_published_rules():
    said = sentences(Rulebook.from_toml(RULES), "en")
    assert {rule.about_ai for rule in said} == {True}
    assert [(rule.severity, rule.text) for rule in said] == [
        (
            "block",
            "The AI statement says for each stage of the work which AI tools were used, or that none were.",
        ),
        ("note", "At least 2 different AI tools are used."),
        ("block", "AI is used for images and video."),
        ("block", "Every picture of the film is made with AI."),
        ("block", "At least 70% of the film is made with Kling or Jimeng."),
        ("block", "These AI tools may not be used: Sora."),
    ]
    assert [rule.text for rule in sentences(Rulebook.from_toml(RULES), "zh")] == [
        "须填写 AI 使用说明：逐个环节写明使用了哪些 AI 工具，或说明未使用。",
        "至少使用 2 种不同的 AI 工具。",
        "以下环节须使用 AI：图像和视频。",
        "全片画面均须以 AI 制作。",
        "使用可灵或即梦制作的部分须占全片至少 70%。",
        "不得使用以下 AI 工具：Sora。",
    ]


def test_own_tools_are_part_of_the_digest():
    tool = '[ai.tools.lan]\nname = "Lan"\nmakes = ["video"]\n'
    assert Rulebook.from_toml(tool).digest == Rulebook.from_toml(tool + "# said\n").digest
    assert Rulebook.from_toml(tool).digest != Rulebook.from_toml("").digest
