"""The published rules about the AI statement, and what is wrong with a rulebook's table `ai`; see `rulebook_words`."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from festival.edition.tools import joined, stages_text

if TYPE_CHECKING:
    from festival.edition.rulebook import Rulebook

AI_RULES: Mapping[str, tuple[str, str]] = {
    "ai_statement": (
        "The AI statement says for each stage of the work which AI tools were used, or that none were.",
        "须填写 AI 使用说明：逐个环节写明使用了哪些 AI 工具，或说明未使用。",
    ),
    "ai_min_tools": ("At least {limit} different AI tools are used.", "至少使用 {limit} 种不同的 AI 工具。"),
    "ai_min_tools_one": ("At least one AI tool is used.", "至少使用一种 AI 工具。"),
    "ai_stages": ("AI is used for {limit}.", "以下环节须使用 AI：{limit}。"),
    "ai_stages_either": (
        "AI is used for {limit}; of stages with a stroke between them, one is enough.",
        "以下环节须使用 AI：{limit}；以“/”分隔的环节，任一即可。",
    ),
    "ai_stages_forbidden": ("No AI is used for {limit}.", "以下环节不得使用 AI：{limit}。"),
    "ai_share": (
        "At least {limit}% of the film’s pictures are made with AI.",
        "以 AI 制作的画面须占全片至少 {limit}%。",
    ),
    "ai_share_all": ("Every picture of the film is made with AI.", "全片画面均须以 AI 制作。"),
    "ai_sponsor": ("{limit} is used.", "须使用 {limit}。"),
    "ai_sponsor_share": (
        "At least {share}% of the film is made with {limit}.",
        "使用 {limit}制作的部分须占全片至少 {share}%。",
    ),
    "ai_allowed": ("Of AI tools, only {limit} may be used.", "AI 工具仅限使用 {limit}。"),
    "ai_forbidden": ("These AI tools may not be used: {limit}.", "不得使用以下 AI 工具：{limit}。"),
}

AI_FAULTS: Mapping[str, tuple[str, str]] = {
    "unknown_tool": (
        "“{key}” names {value}, which is no tool of the catalogue. Correct it, or add it as [ai.tools.{value}].",
        "“{key}”中的 {value} 不在工具目录中。请更正，或以 [ai.tools.{value}] 一节添加该工具。",
    ),
    "not_tool_tables": (
        "“{key}” must be tables, one for each tool: write [ai.tools.my-tool] on a line of its own.",
        "“{key}”须按工具分节：请单独一行写 [ai.tools.my-tool]。",
    ),
    "not_a_tool_slug": (
        "{value} cannot stand for a tool: use small letters, digits and hyphens, at most 40 in all.",
        "{value} 不能作为工具代号：请用小写字母、数字和连字符，最多 40 个字符。",
    ),
    "not_a_tool_name": (
        "“{key}” must be a text of at most {most} characters; every tool needs a “name”.",
        "“{key}”须为不超过 {most} 个字符的文本；每种工具都须写明名称（name）。",
    ),
    "not_tool_aliases": (
        "“{key}” must be a list of texts, each from 2 to {most} characters long.",
        "“{key}”须为文本列表，每项 2 至 {most} 个字符。",
    ),
    "needs_sponsor_tools": (
        "“{key}” asks for a share but “sponsor_tools” names no tool.",
        "“{key}”要求了占比，但未在 sponsor_tools 中写明工具。",
    ),
    "tool_allowed_and_forbidden": (
        "“{key}” forbids {value}, which “allowed_tools” allows.",
        "“{key}”禁止了 {value}，而 allowed_tools 允许使用。",
    ),
    "sponsor_tools_shut_out": (
        "No entry can meet this: none of the “{key}” may be used.",
        "没有作品能满足：“{key}”中的工具均不允许使用。",
    ),
    "too_few_tools_allowed": (
        "No entry can meet this: “{key}” is {value}, but only {most} tools may be used.",
        "没有作品能满足：“{key}”为 {value}，而允许使用的工具只有 {most} 种。",
    ),
    "stage_asked_and_forbidden": (
        "No entry can meet this: “{key}” forbids AI for {value}, which “{other}” asks for.",
        "没有作品能满足：“{key}”禁止在 {value} 环节使用 AI，而“{other}”要求使用。",
    ),
    "no_allowed_tool_makes": (
        "No entry can meet this: “{key}” asks for {value}, which none of the allowed tools makes.",
        "没有作品能满足：“{key}”要求 {value}，而允许使用的工具都做不到。",
    ),
}


def ai_sentences(rulebook: "Rulebook", language: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    """What the rulebook asks of the statement: (rule, key of its words, values)."""
    from festival.edition.rulebook_words import any_of

    asked, known = rulebook.ai, rulebook.tools

    def names(slugs: Iterable[str]) -> list[str]:
        return [known.said(slug, language) for slug in slugs]

    if asked.required:
        yield "ai_statement", "ai_statement", {}
    if asked.min_tools:
        words = "ai_min_tools_one" if asked.min_tools == 1 else "ai_min_tools"
        yield "ai_min_tools", words, {"limit": str(asked.min_tools)}
    if asked.required_stages:
        plain = all(isinstance(each, str) for each in asked.required_stages)
        limit = {"limit": stages_text(asked.required_stages, language)}
        yield "ai_stages", "ai_stages" if plain else "ai_stages_either", limit
    if asked.forbidden_stages:
        limit = {"limit": stages_text(asked.forbidden_stages, language)}
        yield "ai_stages_forbidden", "ai_stages_forbidden", limit
    if asked.min_share:
        words = "ai_share_all" if asked.min_share == 100 else "ai_share"
        yield "ai_share", words, {"limit": str(asked.min_share)}
    if asked.sponsor_tools:
        tools = any_of(names(asked.sponsor_tools), language)
        if asked.min_sponsor_share:
            yield "ai_sponsor", "ai_sponsor_share", {"limit": tools, "share": str(asked.min_sponsor_share)}
        else:
            yield "ai_sponsor", "ai_sponsor", {"limit": tools}
    if asked.allowed_tools:
        yield "ai_allowed", "ai_allowed", {"limit": any_of(names(asked.allowed_tools), language)}
    if asked.forbidden_tools:
        yield "ai_forbidden", "ai_forbidden", {"limit": joined(names(asked.forbidden_tools), language)}
