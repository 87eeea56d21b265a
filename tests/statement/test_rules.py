"""An AI statement judged by a rulebook, without film or database."""

from itertools import product
from string import Formatter

import pytest

from festival.edition.rulebook import RULES, Rulebook, sentences
from festival.edition.tools import STAGES, catalogue
from submissions.statement.facts import Use, share_of, tools_of
from submissions.statement.lines import lines_of
from submissions.statement.rules import DIFFERENCE, STATEMENT_RULES, judge_statement
from submissions.statement.texts import FINDINGS, KINDS, PLACES, REMARKS, TITLES
from submissions.statement.words import describe_statement, statement_title, words_code


def judged(rules: str, *uses: Use) -> list[tuple[str, object, object]]:
    found = judge_statement(uses, Rulebook.from_toml(f"[ai]\n{rules}"))
    return [(finding.rule, finding.measured, finding.limit) for finding in found]


KLING = Use("video", "kling", share=70)
NO_MUSIC = Use("music", no_ai=True)
SOMETHING = Use("image", other="Brushwork 2", share=100)


def test_nothing_is_asked_where_no_rule_is():
    assert judge_statement((), Rulebook()) == ()
    assert judged("required = false", KLING) == []


@pytest.mark.parametrize(
    ("uses", "expected"),
    [
        ((), [("ai_statement", 0, None)]),
        ((Use("video"),), [("ai_statement", 0, None)]),  # half a line
        ((KLING,), []),
        ((NO_MUSIC,), []),  # that nothing was used is an answer
    ],
)
def test_the_statement_is_required(uses, expected):
    assert judged("required = true", *uses) == expected


def test_of_an_empty_statement_only_that_is_said():
    assert judged("required = true\nmin_tools = 3") == [("ai_statement", 0, None)]
    assert judged("min_tools = 3") == [("ai_min_tools", 0, 3)]


def test_different_tools_are_counted_once_each():
    kling_again = Use("image", "kling")
    written = Use("video", other="BRUSHWORK  2")
    assert judged("min_tools = 2", KLING, kling_again, NO_MUSIC) == [("ai_min_tools", 1, 2)]
    assert judged("min_tools = 2", KLING, SOMETHING, written) == []
    assert judged("min_tools = 3", KLING, SOMETHING, written) == [("ai_min_tools", 2, 3)]
    assert tools_of((KLING, SOMETHING, written, kling_again)) == ("kling", "Brushwork 2")


def test_ai_in_each_of_the_stages():
    rules = 'required_stages = ["image", "video", "music"]'
    assert judged(rules, KLING, NO_MUSIC) == [("ai_stages", ["image", "music"], ["image", "video", "music"])]
    assert judged(rules, KLING, SOMETHING, Use("music", "suno")) == []


def test_of_some_stages_one_is_enough():
    rules = 'required_stages = [["script", "image"], "video", ["edit", "sound"]]'
    limit = [("script", "image"), "video", ("edit", "sound")]
    assert judged(rules, KLING) == [("ai_stages", [("script", "image"), ("edit", "sound")], limit)]
    assert judged(rules, KLING, SOMETHING, Use("edit", "capcut")) == []
    assert judged(rules, KLING, SOMETHING, Use("edit", no_ai=True)) == [
        ("ai_stages", [("edit", "sound")], limit)
    ]


def test_stages_where_no_ai_is_allowed():
    rules = 'forbidden_stages = ["music", "video"]'
    assert judged(rules, NO_MUSIC, Use("edit", "capcut")) == []
    assert judged(rules, KLING, NO_MUSIC) == [("ai_stages_forbidden", ["video"], ["music", "video"])]


def test_shares_add_within_a_stage_and_do_not_between_stages():
    assert share_of((KLING, Use("video", "vidu", share=20), Use("image", "flux", share=80))) == (90, False)
    assert share_of((KLING, Use("video", "vidu", share=60))) == (100, False)
    assert share_of((KLING, Use("video", "vidu"))) == (70, True)
    assert share_of((Use("music", "suno", share=90),)) == (0, False)
    assert share_of(()) == (0, False)


def test_the_share_made_with_ai():
    assert judged("min_share = 71", KLING) == [("ai_share", 70, 71)]
    assert judged("min_share = 70", KLING) == []
    assert judged("min_share = 71", KLING, Use("video", "vidu")) == [("ai_share", None, 71)]
    assert judged("min_share = 70", KLING, Use("video", "vidu")) == []  # enough without what is unsaid


def test_the_sponsors_tools():
    rules = 'sponsor_tools = ["kling"]\nmin_sponsor_share = 70'
    assert judged(rules, KLING) == []
    assert judged(rules, Use("video", "kling", share=69)) == [("ai_sponsor", 69, [["kling"], 70])]
    assert judged(rules, Use("video", "kling")) == [("ai_sponsor", None, [["kling"], 70])]
    assert judged(rules, Use("video", "vidu", share=100)) == [("ai_sponsor", "unnamed", [["kling"], 70])]
    # Of a tool that makes pictures only those count.
    assert judged(rules, Use("voice", "kling", share=90)) == [("ai_sponsor", 0, [["kling"], 70])]
    assert judged('sponsor_tools = ["suno"]\nmin_sponsor_share = 70', Use("music", "suno", share=90)) == []
    assert judged('sponsor_tools = ["kling", "suno"]', Use("music", "suno")) == []
    assert judged('sponsor_tools = ["kling"]', NO_MUSIC) == [("ai_sponsor", "unnamed", [["kling"], None])]


def test_allowed_and_forbidden_tools():
    assert judged('allowed_tools = ["kling"]', KLING, SOMETHING) == [
        ("ai_allowed", ["Brushwork 2"], ["kling"])
    ]
    assert judged('allowed_tools = ["kling"]', KLING, NO_MUSIC) == []
    assert judged('forbidden_tools = ["kling"]', KLING) == [("ai_forbidden", ["kling"], ["kling"])]


def test_severity_comes_from_the_rulebook_and_the_gravest_first():
    rules = (
        'min_tools = 2\nrequired_stages = ["music"]\nseverity = { ai_min_tools = "note", ai_stages = "fix" }'
    )
    found = judge_statement((KLING,), Rulebook.from_toml(f"[ai]\n{rules}"))
    assert [(finding.rule, finding.severity) for finding in found] == [
        ("ai_stages", "fix"),
        ("ai_min_tools", "note"),
    ]
    assert {RULES[rule] for rule in STATEMENT_RULES} == {("ai", "block")}


def test_more_shares_never_break_a_rule_that_was_kept():
    """For every small statement: one more line with the sponsor's tool never lowers what was reached."""
    rules = Rulebook.from_toml(
        '[ai]\nsponsor_tools = ["kling"]\nmin_sponsor_share = 50\nmin_share = 50\nmin_tools = 1'
    )
    lines = [
        Use(stage, tool, share=share)
        for stage, tool, share in product(("image", "video"), ("kling", "vidu"), (None, 10, 60))
    ]
    for first, second in product(lines, lines):
        before = {finding.rule for finding in judge_statement((first, second), rules)}
        after = {finding.rule for finding in judge_statement((first, second, KLING), rules)}
        assert after <= before, (first, second)


# In words


EVERY = {
    "ai_statement": ("required = true", ()),
    "ai_min_tools": ("min_tools = 2", (KLING,)),
    "ai_stages": ('required_stages = ["image", "music"]', (KLING,)),
    "ai_stages_forbidden": ('forbidden_stages = ["music", "video"]', (KLING,)),
    "ai_share": ("min_share = 90", (KLING,)),
    "ai_share_unsaid": ("min_share = 90", (Use("video", "kling"),)),
    "ai_sponsor": ('sponsor_tools = ["vidu"]', (KLING,)),
    "ai_sponsor_share": ('sponsor_tools = ["kling"]\nmin_sponsor_share = 90', (KLING,)),
    "ai_sponsor_unsaid": ('sponsor_tools = ["kling"]\nmin_sponsor_share = 90', (Use("video", "kling"),)),
    "ai_allowed": ('allowed_tools = ["vidu", "suno"]', (KLING, SOMETHING)),
    "ai_forbidden": ('forbidden_tools = ["kling"]', (KLING,)),
}


@pytest.mark.parametrize("code", FINDINGS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_finding_can_be_said(code, language):
    rules, uses = EVERY[code]
    [finding] = judge_statement(uses, Rulebook.from_toml(f"[ai]\n{rules}"))
    assert words_code(finding) == code
    said = describe_statement(finding, catalogue(), language)
    for text in (said.title, said.detail, said.cure):
        assert text and not any(part in text for part in ("{", "}", "None", "  ", "kling", "vidu"))


def test_what_a_finding_says():
    rules, uses = EVERY["ai_sponsor_share"]
    [finding] = judge_statement(uses, Rulebook.from_toml(f"[ai]\n{rules}"))
    english, chinese = (describe_statement(finding, catalogue(), language) for language in ("en", "zh"))
    assert english.title == "Too little of the film is made with Kling"
    assert english.detail == "By the statement 70%; the rules ask for 90%."
    assert (chinese.title, chinese.detail) == (
        "使用可灵制作的占比不足",
        "按说明占 70%；章程要求 90%。",
    )


def test_stages_of_which_one_is_enough_are_said_with_a_stroke():
    rules = Rulebook.from_toml('[ai]\nrequired_stages = [["script", "image"], "music"]')
    [finding] = judge_statement((KLING,), rules)
    english, chinese = (describe_statement(finding, catalogue(), language) for language in ("en", "zh"))
    assert english.title == "No AI tool is named for script/images and music"
    assert chinese.title == "剧本/图像和音乐环节未列出 AI 工具"
    assert [rule.text for rule in sentences(rules, "en")] == [
        "AI is used for script/images and music; of stages with a stroke between them, one is enough."
    ]
    assert [rule.text for rule in sentences(rules, "zh")] == [
        "以下环节须使用 AI：剧本/图像和音乐；以“/”分隔的环节，任一即可。"
    ]


def test_texts_have_the_same_places_in_both_languages():
    def places(texts):
        return [{name for _, name, _, _ in Formatter().parse(text) if name} for text in texts]

    for code, (english, chinese) in {**FINDINGS, **REMARKS}.items():
        assert places(english) == places(chinese), code
    for table in (TITLES, PLACES, KINDS):
        for english, chinese in table.values():
            assert english and chinese
    assert set(TITLES) == {*STATEMENT_RULES, DIFFERENCE}
    assert (statement_title("black", "en"), statement_title("ai_share", "zh")) == (None, "AI 制作的占比不足")


def test_lines_stand_in_the_order_of_the_work_with_both_names():
    lines = lines_of((Use("music", no_ai=True), SOMETHING, KLING, Use("", "gone")), catalogue())
    assert [line["stage"] for line in lines] == ["image", "video", "music", ""]
    assert [line["tool"] for line in lines] == [
        {"en": "Brushwork 2", "zh": "Brushwork 2"},
        {"en": "Kling", "zh": "可灵"},
        {"en": "", "zh": ""},
        {"en": "gone", "zh": "gone"},
    ]
    assert set(STAGES) >= {line["stage"] for line in lines if line["stage"]}
