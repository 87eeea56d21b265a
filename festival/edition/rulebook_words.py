"""The rulebook in words: the published rules, and what is wrong with a rulebook text. English and Chinese.

Also the units that film people read (durations, sizes, frame rates), for everybody who writes about films.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from festival.edition.rulebook_words_ai import AI_RULES, ai_sentences
from festival.edition.rulebook_words_media import MEDIA_RULES, media_sentences

if TYPE_CHECKING:
    from festival.edition.rulebook import EventLimits, Rulebook

LANGUAGES = ("en", "zh")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One published rule: its id, its severity, its words."""

    rule: str
    severity: str
    text: str

    @property
    def about_ai(self) -> bool:
        """Whether it is about the AI statement and not about the film."""
        return self.rule in AI_RULES


# Units


def duration_text(seconds: float, language: str) -> str:
    """A length of time as one says it: "1 minute 30 seconds", "1 分 30 秒". Fractions only below a minute."""
    if seconds < 60:
        digits = 2 if seconds < 1 else 1
        if round(seconds, digits) < 60:
            number = number_text(seconds, digits)
            return f"{number} 秒" if language == "zh" else f"{number} second{'' if number == '1' else 's'}"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if language == "zh":
        minute = "分钟" if not rest else "分"
        parts = [
            f"{hours} 小时" if hours else "",
            f"{minutes} {minute}" if minutes else "",
            f"{rest} 秒" if rest else "",
        ]
    else:
        parts = [_counted(hours, "hour"), _counted(minutes, "minute"), _counted(rest, "second")]
    return " ".join(part for part in parts if part)


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}" if count else ""


def number_text(number: float, digits: int) -> str:
    """A number with at most `digits` decimals and a true minus sign: −14, 2.5."""
    text = f"{number:.{digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text.replace("-", "−")


def bytes_text(count: int) -> str:
    """A file size, the same in both languages: "4 GB", "500 MiB" when it was meant so."""
    step, units = (
        (1024, ("bytes", "KiB", "MiB", "GiB", "TiB"))
        if count % 2**20 == 0 and count
        else (1000, ("bytes", "kB", "MB", "GB", "TB"))
    )
    size, unit = float(count), 0
    while size >= step and unit < len(units) - 1:
        size, unit = size / step, unit + 1
    return f"{number_text(size, 2 if size < 10 else 1)} {units[unit]}"


def rate_number(rate: Fraction | float) -> str:
    """A frame rate as it is called: 23.976, 24, 29.97."""
    digits = 3 if abs(float(rate) - 24000 / 1001) < 0.0005 or abs(float(rate) - 48000 / 1001) < 0.0005 else 2
    return number_text(float(rate), digits)


def size_text(width: int, height: int) -> str:
    """A picture size: 1920 × 1080."""
    return f"{width} × {height}"


def set_chinese(text: str) -> str:
    """Chinese with one space between Han characters and Latin letters or figures, and none beside its signs."""
    text = re.sub(rf" *({_FULL}) *", r"\1", text)
    return re.sub(rf"({_HAN})(?={_LATIN})|({_LATIN})(?={_HAN})", r"\1\2 ", text)


_HAN = r"[\u3400-\u9fff]"
_FULL = r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]"
_LATIN = r"[A-Za-z0-9\u2212%]"


def share_text(share: float) -> str:
    """A share in per cent, whole from ten on: 30%, 2.5%."""
    return f"{number_text(share * 100, 0 if share >= 0.0995 else 1)}%"


def any_of(items: Iterable[str], language: str) -> str:
    """A choice: "A, B or C", "A、B 或 C"."""
    listed = list(items)
    if len(listed) < 2:
        return "".join(listed)
    return (
        ("、" if language == "zh" else ", ").join(listed[:-1])
        + (" 或 " if language == "zh" else " or ")
        + listed[-1]
    )


_NAMES = {
    "mp4": "MP4", "mov": "MOV", "mkv": "MKV", "webm": "WebM", "ts": "MPEG-TS", "avi": "AVI", "mxf": "MXF",
    "h264": "H.264", "hevc": "H.265 (HEVC)", "av1": "AV1", "vp9": "VP9", "vp8": "VP8", "prores": "ProRes",
    "dnxhd": "DNxHD/DNxHR", "mpeg4": "MPEG-4 Part 2", "mpeg2video": "MPEG-2", "mjpeg": "Motion JPEG",
    "ffv1": "FFV1", "vvc": "H.266 (VVC)", "aac": "AAC", "ac3": "AC-3", "alac": "ALAC", "dts": "DTS", "eac3": "E-AC-3",
    "flac": "FLAC", "mp2": "MP2", "mp3": "MP3", "opus": "Opus", "truehd": "TrueHD", "vorbis": "Vorbis",
    "pcm_s16le": "PCM (16 bit)", "pcm_s16be": "PCM (16 bit)", "pcm_s24le": "PCM (24 bit)",
    "pcm_s24be": "PCM (24 bit)", "pcm_s32le": "PCM (32 bit)", "pcm_f32le": "PCM (32 bit)",
}  # fmt: skip
_LAYOUTS = {
    1: ("mono", "单声道"),
    2: ("stereo", "立体声"),
    6: ("5.1 surround", "5.1 环绕声"),
    8: ("7.1 surround", "7.1 环绕声"),
}


def format_name(code: str) -> str:
    """A container or codec as film people call it; the code itself when it has no better name."""
    return _NAMES.get(code, code)


def channels_text(count: int, language: str) -> str:
    """A number of sound channels by its layout's name."""
    if count in _LAYOUTS:
        return _LAYOUTS[count][language == "zh"]
    return f"{count} 声道" if language == "zh" else f"{count} channels"


# The published rules

_RULES: Mapping[str, tuple[str, str]] = {
    "duration": (
        "The film runs between {min} and {max}, titles and credits included.",
        "影片时长须在 {min}至 {max}之间，含片头与片尾字幕。",
    ),
    "duration_min": (
        "The film runs at least {min}, titles and credits included.",
        "影片时长不得少于 {min}，含片头与片尾字幕。",
    ),
    "duration_max": (
        "The film runs at most {max}, titles and credits included.",
        "影片时长不得超过 {max}，含片头与片尾字幕。",
    ),
    "file_size": ("The file is no larger than {limit}.", "文件大小不得超过 {limit}。"),
    "container": ("The file is {limit}.", "文件封装格式须为 {limit}。"),
    "video_codec": ("The picture is encoded as {limit}.", "视频编码须为 {limit}。"),
    "resolution": ("The picture measures {limit}.", "画面尺寸须为 {limit}。"),
    "resolution_bounds": (
        "The picture is {limit}; for a portrait film, width and height change places.",
        "画面须{limit}；竖屏影片宽高互换。",
    ),
    "aspect": ("The picture has the aspect ratio {limit}.", "画幅比例须为 {limit}。"),
    "frame_rate": ("The film runs at {limit} frames per second.", "帧率须为每秒 {limit} 帧。"),
    "constant_frame_rate": (
        "The frame rate is constant from the first frame to the last.",
        "全片须为恒定帧率，不得使用可变帧率。",
    ),
    "audio_required": ("The film has a soundtrack that can be heard.", "影片须有可听见的声音。"),
    "audio_channels": ("The soundtrack is {limit}.", "声音须为{limit}。"),
    "loudness": (
        "The integrated loudness lies between {min} and {max} LUFS (EBU R 128).",
        "整合响度须在 {min} 至 {max} LUFS 之间（按 EBU R 128 测量）。",
    ),
    "loudness_min": (
        "The integrated loudness is at least {min} LUFS (EBU R 128).",
        "整合响度不得低于 {min} LUFS（按 EBU R 128 测量）。",
    ),
    "loudness_max": (
        "The integrated loudness is at most {max} LUFS (EBU R 128).",
        "整合响度不得高于 {max} LUFS（按 EBU R 128 测量）。",
    ),
    "true_peak": ("The true peak stays at or below {limit} dBTP.", "真峰值不得高于 {limit} dBTP。"),
    "black": (
        "The picture is never black for longer than {limit}{edge}.",
        "连续黑场不得超过 {limit}{edge}。",
    ),
    "freeze": (
        "The picture never stands still for longer than {limit}{edge}.",
        "画面连续静止不得超过 {limit}{edge}。",
    ),
    "silence": (
        "The sound is never silent for longer than {limit}{edge}.",
        "声音连续静默不得超过 {limit}{edge}。",
    ),
    "flash": (
        "Nothing flashes more than three times a second over a quarter of the picture (ITU-R BT.1702).",
        "画面四分之一以上的区域每秒闪烁不得超过三次（依据 ITU-R BT.1702）。",
    ),
    "red_flash": (
        "Nothing flashes in saturated red more than three times a second (ITU-R BT.1702).",
        "饱和红色每秒闪烁不得超过三次（依据 ITU-R BT.1702）。",
    ),
    "flash_extended": (
        "Slower flashing, two or three times a second, does not go on for longer than four seconds.",
        "每秒两三次的较慢闪烁不得持续超过四秒。",
    ),
    "windowbox": (
        "The picture does not stand in black bars on all four sides.",
        "画面四周不得同时有黑边。",
    ),
    "changing_bars": ("Black bars stay the same throughout the film.", "黑边须全片一致，不得中途变化。"),
    "repeated_frames": (
        "Frames are not repeated to reach the frame rate.",
        "不得靠重复帧凑足帧率。",
    ),
    "interlaced": (
        "The picture is progressive, without traces of fields.",
        "画面须为逐行扫描，不得有隔行痕迹。",
    ),
    "levels": (
        "Brightness and colour stay within the video range (EBU R 103).",
        "亮度与色度须在视频电平范围之内（EBU R 103）。",
    ),
    "flicker": ("The brightness does not flicker.", "画面亮度不得闪烁不定。"),
    "upscaled": (
        "The picture has the detail of its size; it was not merely enlarged.",
        "画面细节须与尺寸相符，不得由小尺寸画面直接放大而成。",
    ),
    "blocky": ("No compression blocks are seen.", "画面不得有明显的压缩块。"),
    "blurred": ("The picture is not soft throughout.", "画面不得通篇模糊。"),
    "corner_mark": ("No tool's mark stands in a corner.", "画面角落不得有生成工具的水印或标志。"),
    "slideshow": (
        "At most {limit} of the film are stills, standing or only panned and zoomed.",
        "静止或仅作推拉摇移的静态画面不得超过全片的 {limit}。",
    ),
    "opening_label": (
        "The opening carries a label that says the film was made with AI.",
        "片头须有文字标识，说明影片由人工智能生成或参与制作。",
    ),
    **MEDIA_RULES,
    **AI_RULES,
}
_PHRASES: Mapping[str, tuple[str, str]] = {
    "landscape": ("{sizes} pixels (landscape)", "{sizes} 像素（横屏）"),
    "portrait": ("{sizes} pixels (portrait)", "{sizes} 像素（竖屏）"),
    "min_both": ("at least {width} × {height} pixels", "不小于 {width} × {height} 像素"),
    "min_width": ("at least {width} pixels wide", "宽不小于 {width} 像素"),
    "min_height": ("at least {height} pixels high", "高不小于 {height} 像素"),
    "max_both": ("at most {width} × {height} pixels", "不大于 {width} × {height} 像素"),
    "max_width": ("at most {width} pixels wide", "宽不大于 {width} 像素"),
    "max_height": ("at most {height} pixels high", "高不大于 {height} 像素"),
    "or": (", or ", "，或"),
    "and": (" and ", "，且"),
    "edge": (" ({edge} at the very start or end)", "（片头、片尾处不得超过 {edge}）"),
}


def say(table: Mapping[str, tuple[str, str]], code: str, language: str, **values: str) -> str:
    """The sentence of a code from a table of pairs, English and Chinese. ValueError for another language."""
    if language not in LANGUAGES:
        raise ValueError(f"No words in {language!r}; there are {', '.join(LANGUAGES)}")
    text = table[code][LANGUAGES.index(language)].format(**values)
    return set_chinese(text) if language == "zh" else text


def rule_sentences(rulebook: "Rulebook", language: str) -> list[Sentence]:
    """The published rules, in the order a film-maker meets them."""
    said: list[Sentence] = []

    def add(rule: str, words: str | None = None, **values: str) -> None:
        said.append(Sentence(rule, rulebook.severity(rule), say(_RULES, words or rule, language, **values)))

    low, high = rulebook.duration.min, rulebook.duration.max
    if (
        low is not None
        and high is not None
        and rulebook.severity("duration_min") == rulebook.severity("duration_max")
    ):
        add("duration_max", "duration", min=duration_text(low, language), max=duration_text(high, language))
    else:
        if low is not None:
            add("duration_min", min=duration_text(low, language))
        if high is not None:
            add("duration_max", max=duration_text(high, language))
    if rulebook.file.max_bytes is not None:
        add("file_size", limit=bytes_text(rulebook.file.max_bytes))
    if rulebook.file.containers:
        add("container", limit=any_of(map(format_name, rulebook.file.containers), language))

    video = rulebook.video
    if video.codecs:
        add("video_codec", limit=any_of(map(format_name, video.codecs), language))
    if sizes := picture_sizes(rulebook, language):
        add("resolution", limit=sizes)
    if bounds := picture_bounds(rulebook, language):
        add("resolution", "resolution_bounds", limit=bounds)
    if video.aspects:
        add("aspect", limit=any_of(video.aspects, language))
    if video.frame_rates:
        add("frame_rate", limit=any_of(map(rate_number, video.frame_rates), language))
    if video.constant:
        add("constant_frame_rate")

    audio = rulebook.audio
    if audio.required:
        add("audio_required")
    if audio.channels:
        add("audio_channels", limit=any_of((channels_text(n, language) for n in audio.channels), language))
    levels = {
        name: number_text(value, 1)
        for name, value in (("min", audio.loudness_min), ("max", audio.loudness_max))
        if value is not None
    }
    if levels:
        add("loudness", "loudness" if len(levels) == 2 else f"loudness_{next(iter(levels))}", **levels)
    if audio.true_peak_max is not None:
        add("true_peak", limit=number_text(audio.true_peak_max, 1))

    for rule in ("black", "freeze", "silence"):
        limits: EventLimits = getattr(rulebook, rule)
        if limits.max_seconds is not None:
            edge = limits.edge_seconds
            aside = edge is not None and edge != limits.max_seconds
            add(
                rule,
                limit=duration_text(limits.max_seconds, language),
                edge=say(_PHRASES, "edge", language, edge=duration_text(edge or 0, language))
                if aside
                else "",
            )
    if rulebook.flash.safe:
        for rule in ("flash", "red_flash", "flash_extended"):
            add(rule)
    image = rulebook.image
    for fault in image.free_of:
        add(fault)
    if image.max_still is not None:
        add("slideshow", limit=share_text(image.max_still))
    if image.opening_label:
        add("opening_label")
    for rule, words, values in (*media_sentences(rulebook, language), *ai_sentences(rulebook, language)):
        add(rule, words, **values)
    return said


def picture_sizes(rulebook: "Rulebook", language: str) -> str:
    """The exact picture sizes a rulebook lists, as the end of a sentence; empty when it lists none."""
    groups = [
        say(_PHRASES, name, language, sizes=any_of((size_text(*size) for size in sizes), language))
        for name, sizes in (("landscape", rulebook.video.landscape), ("portrait", rulebook.video.portrait))
        if sizes
    ]
    return say(_PHRASES, "or", language).join(groups)


def picture_bounds(rulebook: "Rulebook", language: str) -> str:
    """The smallest and largest picture a rulebook accepts, as the end of a sentence; empty for none."""
    video = rulebook.video
    said = []
    for name, width, height in (
        ("min", video.min_width, video.min_height),
        ("max", video.max_width, video.max_height),
    ):
        if width or height:
            which = "both" if width and height else "width" if width else "height"
            said.append(say(_PHRASES, f"{name}_{which}", language, width=str(width), height=str(height)))
    return say(_PHRASES, "and", language).join(said)
