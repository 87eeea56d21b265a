"""The AI statements of the demonstration's films: what each was made with, by whom."""

from collections.abc import Mapping
from typing import NamedTuple

from submissions.statement.facts import Use

WORDS = {
    "en": "Every shot began as a drawing of our own. What the tools gave was chosen, cut and mixed by people.",
    "zh-hans": "每个镜头都始于自绘的分镜。工具生成的素材由人挑选、剪辑与混音。",
}


class Line(NamedTuple):
    """One line: stage, slug of the tool ("" for none, "=Name" for one that the catalogue lacks), version, share."""

    stage: str
    tool: str
    version: str = ""
    share: int | None = None
    human: str = ""


# What a person did, by key: English, Chinese.
_HUMAN: Mapping[str, tuple[str, str]] = {
    "": ("", ""),
    "drawn": ("From our own storyboard, shot by shot.", "依据自绘分镜，逐镜生成。"),
    "written": ("Written by the director.", "剧本由导演撰写。"),
    "drafted": ("First draft by the tool, rewritten by hand.", "初稿由工具生成，人工重写。"),
    "chosen": ("Some thirty takes for each shot; chosen and cut by hand.", "每镜约三十条，由人挑选剪辑。"),
    "composed": ("Composed and played by hand.", "人工作曲、演奏。"),
    "spoken": ("Spoken by an actor, whose voice was licensed for it.", "由演员配音，声音已获授权。"),
    "mixed": ("Recorded outdoors and mixed by hand.", "实地录音，人工混音。"),
    "cut": ("Cut by hand.", "人工剪辑。"),
}
_NO_SCRIPT, _NO_CUT = Line("script", "", human="written"), Line("edit", "", human="cut")

STATEMENTS: Mapping[str, tuple[Line, ...]] = {
    "the-mountain-postman": (
        _NO_SCRIPT,
        Line("image", "midjourney", "7", 60, "drawn"),
        Line("video", "kling", "2.1", 90, "chosen"),
        Line("music", "", human="composed"),
        Line("voice", "elevenlabs", "v3", 20, "spoken"),
        _NO_CUT,
    ),
    "salt-for-the-moon": (
        Line("script", "deepseek", "V3", human="drafted"),
        Line("video", "vidu", "Q1", 100, "chosen"),
        Line("music", "suno", "4.5", 80),
    ),
    "last-bus-to-neon-harbour": (
        Line("image", "seedream", "4.0", 80, "drawn"),
        Line("video", "seedance", "1.0 pro", 100, "chosen"),
        Line("sound", "", human="mixed"),
        _NO_CUT,
    ),
    "what-the-kite-saw": (
        _NO_SCRIPT,
        Line("video", "kling", "2.1", 70, "chosen"),
        Line("video", "hailuo", "02", 30),
        Line("music", "suno", "4.5", 100),
    ),
    "a-river-learns-to-write": (
        Line("image", "=Brushwork 2", "", 100, "drawn"),
        Line("video", "wan", "2.2", 100, "chosen"),
        Line("music", "", human="composed"),
    ),
    "the-cartographer-of-smoke": (
        Line("image", "flux", "1.1 pro", 50, "drawn"),
        Line("video", "runway", "Gen-4", 100, "chosen"),
        Line("sound", "elevenlabs", "", 40),
    ),
    "one-lantern-too-many": (Line("video", "sora", "2", 100, "chosen"), _NO_SCRIPT, _NO_CUT),
    "blackout-at-dawn": (
        Line("script", "chatgpt", "", human="drafted"),
        Line("video", "veo", "3", 100, "chosen"),
    ),
    "the-photographers-breath": (
        Line("image", "jimeng", "3.0", 100, "drawn"),
        Line("video", "kling", "2.1", 60, "chosen"),
        Line("music", "", human="composed"),
    ),
    "the-sea-turned-down": (
        Line("video", "hailuo", "02", 100, "chosen"),
        Line("voice", "minimax-speech", "02", 30, "spoken"),
    ),
    "drum-of-the-ninth-hill": (
        Line("video", "kling", "2.1", 100, "chosen"),
        Line("music", "suno", "4.5", 100),
    ),
    "small-theatre-of-ink": (Line("video", "luma", "Ray 2", 100, "chosen"), _NO_CUT),
    "letter-cut-short": (
        Line("script", "claude", "", human="drafted"),
        Line("video", "hunyuan", "", 100, "chosen"),
    ),
}


def uses_of_demo(slug: str, language: str) -> list[Use]:
    """The lines of a demo film's statement, as its entrant wrote them."""
    return [
        Use(
            stage=line.stage,
            tool="" if line.tool.startswith("=") else line.tool,
            other=line.tool[1:] if line.tool.startswith("=") else "",
            version=line.version,
            share=line.share,
            human=_HUMAN[line.human][language == "zh-hans"],
            no_ai=not line.tool,
        )
        for line in STATEMENTS[slug]
    ]
