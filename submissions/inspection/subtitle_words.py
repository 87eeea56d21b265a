"""The languages of subtitles by name, and why a subtitle file cannot be used, in both languages."""

# ruff: noqa: E501  sentences are easier to read whole

import re
from collections.abc import Mapping

from festival.edition.rulebook_words import LANGUAGES
from submissions.inspection.subtitle_checks import two_letters

NAMES: Mapping[str, tuple[str, str]] = {
    "zh-Hans": ("Chinese, simplified", "中文（简体）"),
    "zh-Hant": ("Chinese, traditional", "中文（繁体）"),
    "en": ("English", "英文"),
    "ar": ("Arabic", "阿拉伯文"),
    "cs": ("Czech", "捷克文"),
    "da": ("Danish", "丹麦文"),
    "nl": ("Dutch", "荷兰文"),
    "fi": ("Finnish", "芬兰文"),
    "fr": ("French", "法文"),
    "de": ("German", "德文"),
    "el": ("Greek", "希腊文"),
    "he": ("Hebrew", "希伯来文"),
    "hi": ("Hindi", "印地文"),
    "hu": ("Hungarian", "匈牙利文"),
    "id": ("Indonesian", "印度尼西亚文"),
    "it": ("Italian", "意大利文"),
    "ja": ("Japanese", "日文"),
    "ko": ("Korean", "韩文"),
    "ms": ("Malay", "马来文"),
    "no": ("Norwegian", "挪威文"),
    "fa": ("Persian", "波斯文"),
    "pl": ("Polish", "波兰文"),
    "pt": ("Portuguese", "葡萄牙文"),
    "ro": ("Romanian", "罗马尼亚文"),
    "ru": ("Russian", "俄文"),
    "es": ("Spanish", "西班牙文"),
    "sv": ("Swedish", "瑞典文"),
    "th": ("Thai", "泰文"),
    "tr": ("Turkish", "土耳其文"),
    "uk": ("Ukrainian", "乌克兰文"),
    "vi": ("Vietnamese", "越南文"),
}
_CHINESE = ("Chinese", "中文")
_UNNAMED = ("Language not named", "未标明语言")

REFUSALS: Mapping[str, tuple[str, str]] = {
    "too_large": (
        "The file is larger than 1 MB, which no subtitles are. Add the subtitle file itself: SRT, WebVTT or ASS, without fonts or pictures in it.",
        "文件超过 1 MB，不可能只是字幕。请上传 SRT、WebVTT 或 ASS 字幕文件本身，不要内嵌字体或图片。",
    ),
    "too_many": (
        "The file has more than 5,000 subtitles, far more than a film of this kind can have. Export the subtitles of this film alone.",
        "文件中的字幕超过 5000 条，远多于一部短片所需。请只导出这部影片的字幕。",
    ),
    "not_text": (
        "This is no text file, or its encoding cannot be told. Save the subtitles as SRT in UTF-8 and add them again.",
        "这不是文本文件，或无法识别其编码。请将字幕另存为 UTF-8 编码的 SRT 文件后重新上传。",
    ),
    "not_subtitles": (
        "There are no subtitles with times in this file. Export them as SRT, WebVTT or ASS and add them again.",
        "文件中没有带时间码的字幕。请导出为 SRT、WebVTT 或 ASS 格式后重新上传。",
    ),
    "empty": (
        "The file is empty. Export the subtitles once more and add them again.",
        "文件是空的。请重新导出字幕并再次上传。",
    ),
    "crashed": (
        "The file could not be read, although it was tried several times. Save the subtitles as SRT in UTF-8 and add them again.",
        "文件多次尝试后仍无法读取。请将字幕另存为 UTF-8 编码的 SRT 文件后重新上传。",
    ),
}


def refusal_text(code: str, language: str) -> str:
    """Why a subtitle file cannot be used and what to do, in "en" or "zh"."""
    return REFUSALS.get(code, REFUSALS["crashed"])[LANGUAGES.index(language)]


def language_tag(declared: str, guessed: str = "") -> str:
    """The BCP 47 tag of a language declared in any of the usual ways ("chi", "zho", "zh-CN", "eng"); empty for none.

    Without a declaration the writing decides, where only one language is written so; and it tells the two ways of
    writing Chinese apart.
    """
    parts = [
        part for part in re.split(r"[-_]", declared.strip().lower()) if re.fullmatch(r"[a-z0-9]{2,8}", part)
    ]
    first = two_letters(parts[0]) if parts else ""
    if not first:
        first = guessed.split("-")[0] if guessed != "latin" else ""
    if first != "zh":
        return first
    if {"hans", "cn", "sg"} & set(parts):
        return "zh-Hans"
    if {"hant", "tw", "hk", "mo"} & set(parts):
        return "zh-Hant"
    return guessed if guessed.startswith("zh-") else "zh"


def language_label(tag: str, language: str) -> str:
    """A language by its tag, in "en" or "zh"; the tag itself where it has no name here."""
    place = LANGUAGES.index(language)
    if not tag:
        return _UNNAMED[place]
    return _CHINESE[place] if tag == "zh" else NAMES[tag][place] if tag in NAMES else tag
