"""What is wrong with a rulebook text, in words: each fault with its line. Knows no Django."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from festival.edition.rulebook_words import number_text, say
from festival.edition.rulebook_words_ai import AI_FAULTS


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a rulebook text: line (from 1), dotted key, code of the reason, values for its words."""

    line: int
    key: str
    code: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return fault_text(self, "en")


_FAULTS: Mapping[str, tuple[str, str]] = {
    "syntax": ("This is not TOML: {reason}.", "不是合法的 TOML：{reason}。"),
    "not_text": ("“{key}” must be a text or a number.", "“{key}”须为文本或数字。"),
    "unknown_table": (
        "There is no table “{key}” in a rulebook; there are {known}.",
        "规则书中没有“{key}”这一节；可用的有：{known}。",
    ),
    "not_a_table": (
        "“{key}” must be a table: write [{key}] on a line of its own.",
        "“{key}”须为一节：请单独一行写 [{key}]。",
    ),
    "unknown_key": (
        "There is no “{key}”; this table knows {known}.",
        "没有“{key}”这一项；本节可用的有：{known}。",
    ),
    "unknown_rule": (
        "“{key}” names no rule of this table; its rules are {known}.",
        "“{key}”不是本节的规则；本节的规则有：{known}。",
    ),
    "not_a_severity": ("“{key}” must be block, fix or note.", "“{key}”只能是 block、fix 或 note。"),
    "crossed": (
        "No film can meet this: “{key}” is {low}, but “{other}” is {high}.",
        "没有影片能同时满足：“{key}”为 {low}，而“{other}”为 {high}。",
    ),
    "out_of_range": (
        "“{key}” is {value}, which cannot be kept or measured; use a number from {low} to {high}.",
        "“{key}”为 {value}，无法做到或无法测量；请填 {low} 至 {high} 之间的数。",
    ),
    "not_a_number": ("“{key}” must be a number.", "“{key}”须为数字。"),
    "not_a_whole_number": ("“{key}” must be a whole number.", "“{key}”须为整数。"),
    "not_a_yes_or_no": ("“{key}” must be true or false.", "“{key}”只能是 true 或 false。"),
    "not_a_list": ("“{key}” must be a list with at least one value.", "“{key}”须为列表，且至少有一个值。"),
    "unknown_choice": (
        "“{key}” contains {value}, which is not known here; known are {known}.",
        "“{key}”中的 {value} 无法识别；可用的有：{known}。",
    ),
    "not_a_file_size": (
        '“{key}” must be a number of bytes or a size such as "4 GB".',
        '“{key}”须为字节数，或如 "4 GB" 的大小。',
    ),
    "not_a_size": (
        '“{key}” contains {value}; write sizes as "1920x1080".',
        '“{key}”中的 {value} 有误；请写成 "1920x1080"。',
    ),
    "not_portrait": (
        "“{key}” contains {value}, which is not higher than wide.",
        "“{key}”中的 {value} 不是竖屏尺寸（高应大于宽）。",
    ),
    "not_landscape": (
        "“{key}” contains {value}, which is higher than wide; it belongs in “portrait”.",
        "“{key}”中的 {value} 高大于宽，应写入 portrait。",
    ),
    "picture_too_large": (
        "“{key}” contains {value}; films larger than {width} × {height} cannot be inspected.",
        "“{key}”中的 {value} 过大；超过 {width} × {height} 的影片无法检测。",
    ),
    "not_an_aspect": (
        '“{key}” contains {value}; write aspect ratios as "16:9" or "1.85:1".',
        '“{key}”中的 {value} 有误；画幅比例请写成 "16:9" 或 "1.85:1"。',
    ),
    "not_a_language": (
        '“{key}” contains {value}; write languages as codes of two or three letters, such as "zh".',
        '“{key}”中的 {value} 有误；语言请写成两到三个字母的代码，如 "zh"。',
    ),
    "not_a_frame_rate": (
        "“{key}” contains {value}, which is no frame rate.",
        "“{key}”中的 {value} 不是帧率。",
    ),
    "needs_subtitles": (
        "“{key}” says when subtitles are asked for, but neither “required” nor “languages” asks for any.",
        "“{key}”写明了何时须有字幕，但 required 与 languages 均未要求字幕。",
    ),
    **AI_FAULTS,
}


def fault_text(fault: Fault, language: str) -> str:
    """One fault as a sentence with its line."""
    values = {name: _plain(value) for name, value in fault.values.items()}
    text = say(_FAULTS, fault.code, language, key=fault.key, **values)
    return f"第 {fault.line} 行：{text}" if language == "zh" else f"Line {fault.line}: {text}"


def _plain(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, float):
        return number_text(value, 3)
    if isinstance(value, str):
        return value.rstrip(".")[:200]
    return str(value)[:200]
