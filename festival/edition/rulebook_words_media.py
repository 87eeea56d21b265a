"""The published rules about a film's build, sound faults, origin and subtitles; see `rulebook_words`."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from festival.edition.rulebook import Rulebook

MEDIA_RULES: Mapping[str, tuple[str, str]] = {
    "fast_start": (
        "The file can be played while it loads: its index stands at the front (“fast start”).",
        "文件须可边加载边播放，即索引位于文件开头（fast start）。",
    ),
    "bit_rate": (
        "The picture takes between {min} and {max} Mbit/s on average.",
        "视频平均码率须在 {min} 至 {max} Mbit/s 之间。",
    ),
    "bit_rate_min": (
        "The picture takes at least {min} Mbit/s on average.",
        "视频平均码率不得低于 {min} Mbit/s。",
    ),
    "bit_rate_max": (
        "The picture takes at most {max} Mbit/s on average.",
        "视频平均码率不得高于 {max} Mbit/s。",
    ),
    "bit_depth": ("The picture has {limit} bits per channel.", "视频位深须为 {limit} 位。"),
    "chroma": ("The picture's chroma is {limit}.", "色度采样须为 {limit}。"),
    "square_pixels": ("The pixels are square.", "像素须为方形（像素宽高比 1:1）。"),
    "colour": ("The picture is tagged as {limit}.", "视频须标记色彩空间为 {limit}。"),
    "hdr": ("The picture is in standard dynamic range (SDR).", "画面须为标准动态范围（SDR）。"),
    "keyframes": ("A keyframe comes at least every {limit}.", "关键帧间隔不得超过 {limit}。"),
    "audio_codec": ("The sound is encoded as {limit}.", "音频编码须为 {limit}。"),
    "sample_rate": ("The sound is sampled at {limit} kHz.", "音频采样率须为 {limit} kHz。"),
    "loudness_range": (
        "The loudness range is at most {limit} LU (EBU Tech 3342).",
        "响度范围不得超过 {limit} LU（按 EBU Tech 3342 测量）。",
    ),
    "clipping": ("The sound is not clipped.", "声音不得有削波。"),
    "false_stereo": (
        "A stereo track is stereo, not one channel twice.",
        "立体声音轨须为真立体声，不得由同一声道复制而成。",
    ),
    "out_of_phase": ("Left and right are in phase.", "左右声道相位须一致，不得反相。"),
    "one_sided": ("The sound comes from both sides.", "声音不得只出现在一侧声道。"),
    "silent_channel": ("Every channel of the layout carries sound.", "各声道均须有声音。"),
    "hum": ("There is no mains hum.", "声音中不得有交流电哼声。"),
    "aigc_label": (
        "The file carries the implicit AI label of GB 45438-2025 (metadata key AIGC).",
        "文件元数据中须带有 GB 45438-2025 规定的隐式标识（AIGC 字段）。",
    ),
    "c2pa": (
        "The file carries content credentials (C2PA).",
        "文件须带有内容凭证（C2PA）。",
    ),
    "c2pa_tampered": (
        "Content credentials, where there are any, fit the file.",
        "文件若带有内容凭证（C2PA），须与文件内容相符。",
    ),
    "subtitles_required": ("The film has subtitles.", "影片须有字幕。"),
    "subtitles_language": ("There are subtitles in {limit}.", "须有{limit}字幕。"),
    "subtitles_spoken": (
        "A film in which somebody speaks has subtitles.",
        "影片中如有对白或旁白，须有字幕。",
    ),
    "subtitles_spoken_in": (
        "A film in which somebody speaks has subtitles in {limit}.",
        "影片中如有对白或旁白，须有{limit}字幕。",
    ),
    "subtitles_foreign": (
        "A film in a language that not everybody here understands has subtitles.",
        "影片使用外语的，须有字幕。",
    ),
    "subtitles_foreign_in": (
        "A film in which another language is spoken has subtitles in {limit}.",
        "影片对白为其他语言的，须有{limit}字幕。",
    ),
    "subtitles_form": (
        "Subtitles are in UTF-8, in time with the film, and can be read at their pace.",
        "字幕须为 UTF-8 编码，时间与影片吻合，停留时间足以读完。",
    ),
}

COLOURS = {"bt709": "BT.709", "bt2020": "BT.2020", "smpte170m": "BT.601 (NTSC)", "bt470bg": "BT.601 (PAL)"}
_LANGUAGES: Mapping[str, tuple[str, str]] = {
    "zh": ("Chinese", "中文"), "en": ("English", "英文"), "ja": ("Japanese", "日文"), "ko": ("Korean", "韩文"),
    "fr": ("French", "法文"), "de": ("German", "德文"), "es": ("Spanish", "西班牙文"), "ru": ("Russian", "俄文"),
    "ar": ("Arabic", "阿拉伯文"), "th": ("Thai", "泰文"), "pt": ("Portuguese", "葡萄牙文"),
    "it": ("Italian", "意大利文"),
}  # fmt: skip


def colour_name(code: str) -> str:
    """Colour primaries as film people call them."""
    return COLOURS.get(code, code)


def language_name(code: str, language: str) -> str:
    """A language by its code, in "en" or "zh"; the code where there is no name."""
    return _LANGUAGES[code][language == "zh"] if code in _LANGUAGES else code


def media_sentences(rulebook: "Rulebook", language: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    """What the rulebook asks of these: (rule, key of its words, values)."""
    from festival.edition.rulebook_words import any_of, duration_text, format_name, number_text

    def one_of(items: Iterable[object]) -> str:
        return any_of(map(str, items), language)

    video, audio = rulebook.video, rulebook.audio
    if rulebook.file.fast_start:
        yield "fast_start", "fast_start", {}
    rates = {
        name: number_text(rate, 2)
        for name, rate in (("min", video.min_bit_rate), ("max", video.max_bit_rate))
        if rate is not None
    }
    if rates:
        yield "bit_rate", "bit_rate" if len(rates) == 2 else f"bit_rate_{next(iter(rates))}", rates
    if video.bit_depths:
        yield "bit_depth", "bit_depth", {"limit": one_of(video.bit_depths)}
    if video.chroma:
        yield "chroma", "chroma", {"limit": one_of(video.chroma)}
    if video.square_pixels:
        yield "square_pixels", "square_pixels", {}
    if video.colours:
        yield "colour", "colour", {"limit": one_of(map(colour_name, video.colours))}
    if video.sdr:
        yield "hdr", "hdr", {}
    if video.max_keyframe_seconds is not None:
        yield "keyframes", "keyframes", {"limit": duration_text(video.max_keyframe_seconds, language)}
    if audio.codecs:
        yield "audio_codec", "audio_codec", {"limit": one_of(map(format_name, audio.codecs))}
    if audio.sample_rates:
        kilohertz = [number_text(rate / 1000, 2) for rate in audio.sample_rates]
        yield "sample_rate", "sample_rate", {"limit": one_of(kilohertz)}
    if audio.loudness_range_max is not None:
        yield "loudness_range", "loudness_range", {"limit": number_text(audio.loudness_range_max, 1)}
    for fault in audio.free_of:
        yield fault, fault, {}
    origin, words = rulebook.provenance, rulebook.subtitles
    if origin.aigc_label:
        yield "aigc_label", "aigc_label", {}
    if origin.credentials:
        yield "c2pa", "c2pa", {}
    if origin.untampered:
        yield "c2pa_tampered", "c2pa_tampered", {}
    joint = "和" if language == "zh" else " and "
    names = {"limit": joint.join(language_name(code, language) for code in words.languages)}
    if words.when != "always":
        key = f"subtitles_{words.when}"
        yield "subtitles_spoken", f"{key}_in" if words.languages else key, names if words.languages else {}
    else:
        if words.required:
            yield "subtitles_required", "subtitles_required", {}
        if words.languages:
            yield "subtitles_language", "subtitles_language", names
    if words.check:
        yield "subtitles_form", "subtitles_form", {}
