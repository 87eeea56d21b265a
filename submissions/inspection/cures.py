"""The exact ffmpeg command that mends what ffmpeg can mend in this film; nothing is run here.

One command for any number of findings: what need not change is copied. Metadata are kept, the AI label included
(MP4 and MOV drop it unless told not to). What only the editing programme can mend gives no command.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import PurePath
from typing import Any

from festival.edition.rulebook_toml import parse_frame_rate
from submissions.inspection.report import AudioFacts, Finding, Measurements, VideoFacts

LEAST_BIT_RATE = 0.5  # Mbit/s; a film squeezed below that is not worth looking at
_RATES = ("24000/1001", "24", "25", "30000/1001", "30", "48", "50", "60000/1001", "60")
_ENCODERS = {
    "h264": "libx264",
    "hevc": "libx265",
    "av1": "libsvtav1",
    "vp9": "libvpx-vp9",
    "prores": "prores_ks",
}
_SOUND_ENCODERS = {"aac": "aac", "flac": "flac", "opus": "libopus", "ac3": "ac3", "mp3": "libmp3lame"}
_MP4_CODECS = {"h264", "hevc", "av1", "vp9", "mpeg4"}
_MP4_SOUND = {"aac", "ac3", "eac3", "mp3", "alac", "opus", "flac"}
_CONTAINERS = {"mp4": ".mp4", "mov": ".mov", "mkv": ".mkv", "webm": ".webm"}
_ITU = "colour_primaries=1:transfer_characteristics=1:matrix_coefficients=1"
_TAG_FILTERS = {
    "h264": f"h264_metadata={_ITU}",
    "hevc": f"hevc_metadata={_ITU}",
    "av1": "av1_metadata=color_primaries=1:transfer_characteristics=1:matrix_coefficients=1",
    "prores": "prores_metadata=color_primaries=bt709:color_trc=bt709:colorspace=bt709",
}


@dataclass(slots=True)
class _Recipe:
    """What the command does. Filters and options are gathered; an empty stream is copied."""

    film: Measurements
    extension: str
    video_filters: list[str] = field(default_factory=list)
    video_codec: str = ""
    bitstream: str = ""
    bit_rate: float | None = None  # Mbit/s
    pixel_format: str = ""
    group_seconds: float | None = None
    tag: bool = False  # the picture is BT.709 and does not say so
    rate: str = ""
    sound_filters: list[str] = field(default_factory=list)
    gain: float = 0.0
    ceiling: float | None = None
    sound_codec: str = ""
    sound_options: list[str] = field(default_factory=list)
    length: float | None = None
    useful: bool = False

    @property
    def encodes_picture(self) -> bool:
        return bool(
            self.video_filters
            or self.video_codec
            or self.bit_rate
            or self.pixel_format
            or self.group_seconds
            or self.rate
        )


def cure_command(finding: Finding, film: Measurements, name: str) -> str:
    """The command that makes this finding go away, for a file of this name; empty where ffmpeg cannot."""
    return mend_command([finding], film, name)


def mend_command(findings: Iterable[Finding], film: Measurements, name: str) -> str:
    """One command for all findings that ffmpeg can mend; empty when there is none."""
    source = _file_name(name, film.file.container)
    own = _CONTAINERS.get(film.file.container, ".mov" if film.video.codec in ("prores", "dnxhd") else ".mp4")
    recipe = _Recipe(film, own)
    for finding in findings:
        if step := _STEPS.get(finding.rule):
            recipe.useful = bool(step(recipe, finding)) or recipe.useful
    return _write(recipe, source) if recipe.useful else ""


def _file_name(name: str, container: str) -> str:
    """The film's own name where every shell takes it between double quotes, else a plain one."""
    base = PurePath(name.replace("\\", "/")).name
    if base and not base.startswith("-") and base.isprintable() and not re.search(r'["$`!%\\\n]', base):
        return base[:200]
    return f"film{_CONTAINERS.get(container, '.' + container)}"


def _write(recipe: _Recipe, source: str) -> str:
    film, video, audio = recipe.film, recipe.film.video, recipe.film.audio
    stem = PurePath(source).stem
    target = f"{stem}-mended{recipe.extension}"
    parts = ["ffmpeg", "-i", f'"{source}"', "-map 0:V:0", "-map 0:a?", "-map_metadata 0"]
    if recipe.encodes_picture:
        parts += _picture(recipe, video)
    else:
        parts.append("-c:v copy")
        if recipe.bitstream:
            parts.append(f"-bsf:v {recipe.bitstream}")
    if audio:
        parts += _sound(recipe, audio, film)
    if recipe.length is not None:
        parts.append(f"-t {recipe.length:.3f}")
    if recipe.extension in (".mp4", ".mov"):
        parts.append("-movflags +faststart+use_metadata_tags")
    return " ".join([*parts, f'"{target}"'])


def _picture(recipe: _Recipe, video: VideoFacts) -> list[str]:
    filters = [*recipe.video_filters]
    if recipe.rate:
        filters.append(f"fps={recipe.rate}")
    if recipe.tag:
        filters.append("setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709")
    codec = recipe.video_codec or (video.codec if video.codec in _ENCODERS else "h264")
    parts = [f'-vf "{",".join(filters)}"'] if filters else []
    parts.append(f"-c:v {_ENCODERS[codec]}")
    if codec in ("h264", "hevc"):
        parts.append("-preset slow")
    if codec == "prores":
        parts.append("-profile:v 3")
    elif recipe.bit_rate:
        rate = recipe.bit_rate
        parts.append(f"-b:v {rate * 1000:.0f}k -maxrate {rate * 1200:.0f}k -bufsize {rate * 2000:.0f}k")
    else:
        parts.append({"h264": "-crf 16", "hevc": "-crf 18", "av1": "-crf 24", "vp9": "-crf 20 -b:v 0"}[codec])
    form = recipe.pixel_format
    if not form:
        known = video.pixel_format.replace("yuvj", "yuv")
        form = "yuv422p10le" if codec == "prores" else known if re.match(r"yuv4\d\dp", known) else "yuv420p"
    parts.append(f"-pix_fmt {form}")
    if codec != "prores":
        rate = float(Fraction(recipe.rate)) if recipe.rate else video.frame_rate
        parts.append(f"-g {max(1, int((recipe.group_seconds or 2.0) * rate))}")
    return parts


def _sound(recipe: _Recipe, audio: AudioFacts, film: Measurements) -> list[str]:
    filters = [*recipe.sound_filters]
    if recipe.gain:
        filters.append(f"volume={recipe.gain:.2f}dB")
    if recipe.ceiling is not None:
        # Four times the rate, so that peaks between the samples are seen; a little lower for what the encoder adds.
        limit = 10 ** ((recipe.ceiling - 0.5) / 20)
        filters.append(f"aresample={audio.sample_rate * 4}")
        filters.append(f"alimiter=limit={limit:.4f}:level=false:attack=5:release=50")
        filters.append(f"aresample={audio.sample_rate}")
    fits = recipe.extension not in (".mp4",) or audio.codec in _MP4_SOUND
    if not filters and not recipe.sound_codec and not recipe.sound_options and fits:
        return ["-c:a copy"]
    codec = recipe.sound_codec or (
        audio.codec if audio.codec in _SOUND_ENCODERS or "pcm" in audio.codec else "aac"
    )
    if recipe.extension == ".mp4" and "pcm" in codec:
        codec = "aac"
    if recipe.extension == ".webm":
        codec = "opus"
    parts = [f'-af "{",".join(filters)}"'] if filters else []
    parts.append(f"-c:a {_SOUND_ENCODERS.get(codec, codec)}")
    if codec in ("aac", "opus", "mp3", "ac3"):
        parts.append("-b:a 320k" if audio.channels <= 2 else "-b:a 640k")
    rate = any(option.startswith("-ar") for option in recipe.sound_options)
    return [*parts, *([] if rate or codec == "opus" else [f"-ar {audio.sample_rate}"]), *recipe.sound_options]


# One step for each rule. A step says whether it could do anything.


def _rewrap(recipe: _Recipe, finding: Finding) -> bool:
    accepted = list(finding.limit or [])
    video, audio = recipe.film.video, recipe.film.audio
    for name in accepted:
        fits = name != "mp4" or (video.codec in _MP4_CODECS and (not audio or audio.codec in _MP4_SOUND))
        if name in _CONTAINERS and fits and name != "webm":
            recipe.extension = _CONTAINERS[name]
            return True
    if "mp4" in accepted:
        recipe.extension, recipe.video_codec = ".mp4", "" if video.codec in _MP4_CODECS else "h264"
        return True
    return False


def _nearest_rate(rate: float, allowed: Sequence[float] = ()) -> str:
    choices = [parse_frame_rate(round(each, 3)) or Fraction(each).limit_denominator(1001) for each in allowed]
    choices = choices or [Fraction(text) for text in _RATES]
    best = min(choices, key=lambda each: abs(float(each) / rate - 1))
    return str(best)


def _steady(recipe: _Recipe, _finding: Finding) -> bool:
    steps = recipe.film.video.pace.steps
    usual = 1000 / steps[0][0] if steps and steps[0][0] > 0 else recipe.film.video.frame_rate
    recipe.rate = _nearest_rate(usual)
    return True


def _at_rate(recipe: _Recipe, finding: Finding) -> bool:
    recipe.rate = _nearest_rate(recipe.film.video.frame_rate, [float(rate) for rate in finding.limit])
    return True


def _encode(recipe: _Recipe, finding: Finding) -> bool:
    codec = next((name for name in finding.limit if name in _ENCODERS), "")
    recipe.video_codec = codec
    if codec == "prores":
        recipe.extension = ".mov"
    if codec == "vp9" and recipe.extension == ".mov":
        recipe.extension = ".mkv"
    if recipe.extension == ".webm" and codec not in ("vp9", "av1"):
        recipe.extension = ".mkv"
    return bool(codec)


def _smaller_rate(recipe: _Recipe, finding: Finding) -> bool:
    _, high = finding.limit
    if high is None or finding.measured < high:
        return False
    recipe.bit_rate = min(recipe.bit_rate or high, high * 0.9)
    return True


def _smaller_file(recipe: _Recipe, finding: Finding) -> bool:
    film = recipe.film
    sound = max(film.audio.bit_rate / 1e6, 0.33) if film.audio else 0.0
    rate = float(finding.limit) * 8 * 0.93 / 1e6 / film.video.duration - sound
    if rate < LEAST_BIT_RATE:
        return False
    recipe.bit_rate = min(recipe.bit_rate or rate, rate)
    return True


def _form(recipe: _Recipe, finding: Finding) -> bool:
    """Bit depth or chroma: the nearest that is asked for, of those that encoders here take."""
    video = recipe.film.video
    known = re.match(r"yuv(4\d\d)p(\d\d)?", recipe.pixel_format or video.pixel_format.replace("yuvj", "yuv"))
    chroma, depth = (known[1], known[2] or "8") if known else ("420", "8")
    if finding.rule == "bit_depth":
        depth = "10" if 10 in finding.limit and video.bit_depth > 8 else "8" if 8 in finding.limit else "10"
    else:
        chroma = str(finding.limit[0]).replace(":", "")
    recipe.pixel_format = f"yuv{chroma}p{'10le' if depth == '10' else ''}"
    return True


def _square(recipe: _Recipe, _finding: Finding) -> bool:
    video = recipe.film.video
    width, height = (video.height, video.width) if video.rotation % 180 else (video.width, video.height)
    recipe.video_filters.append(f"scale={width // 2 * 2}:{height // 2 * 2}:flags=lanczos,setsar=1")
    return True


def _colour(recipe: _Recipe, finding: Finding) -> bool:
    video = recipe.film.video
    if "bt709" not in finding.limit:
        return False
    if not finding.measured:
        recipe.bitstream = _TAG_FILTERS.get(video.codec, "")
        recipe.tag = True
        if not recipe.bitstream:
            recipe.video_codec = recipe.video_codec or "h264"
        return True
    if finding.measured in ("smpte170m", "bt470bg"):
        recipe.video_filters.append("colorspace=all=bt709")
        return True
    return False


def _keyframes(recipe: _Recipe, finding: Finding) -> bool:
    recipe.group_seconds = min(2.0, float(finding.limit))
    return True


def _size(recipe: _Recipe, finding: Finding) -> bool:
    """Only downwards: enlarging the finished film adds no detail."""
    video, limit = recipe.film.video, finding.limit
    width, height = video.width, video.height
    upright = height > width
    bounds = (limit.get("max_width"), limit.get("max_height"))
    sizes = [
        (wide, high)
        for wide, high in limit.get("sizes", ())
        if wide <= width and high <= height and abs(wide / high / (width / height) - 1) < 0.01
    ]
    if sizes:
        wide, high = max(sizes)
    else:
        most_wide, most_high = (bounds[1], bounds[0]) if upright else bounds
        scale = min((most_wide or width) / width, (most_high or height) / height, 1.0)
        if scale >= 1 or limit.get("sizes"):
            return False
        wide, high = int(width * scale) // 2 * 2, int(height * scale) // 2 * 2
    recipe.video_filters.append(f"scale={wide}:{high}:flags=lanczos,setsar=1")
    return True


def _fields(recipe: _Recipe, finding: Finding) -> bool:
    if finding.measured == "telecine":
        recipe.video_filters.insert(0, "fieldmatch,decimate")
        recipe.rate = "24000/1001"
    else:
        recipe.video_filters.insert(0, "bwdif=mode=send_frame")
    return True


def _loudness(recipe: _Recipe, finding: Finding) -> bool:
    audio = recipe.film.audio
    if audio is None or audio.integrated_lufs is None or audio.true_peak_dbtp is None:
        return False
    low, high = finding.limit
    inner = min(3.0, (high - low) / 2) if low is not None and high is not None else 3.0
    target = low + inner if low is not None and finding.measured < low else high - inner
    recipe.gain = target - audio.integrated_lufs
    if audio.true_peak_dbtp + recipe.gain > -1.0:
        recipe.ceiling = min(-1.0, recipe.ceiling if recipe.ceiling is not None else -1.0)
    return True


def _peak(recipe: _Recipe, finding: Finding) -> bool:
    wanted = float(finding.limit)
    recipe.ceiling = min(wanted, recipe.ceiling if recipe.ceiling is not None else wanted)
    return True


def _sound_codec(recipe: _Recipe, finding: Finding) -> bool:
    codec = next((name for name in finding.limit if name in _SOUND_ENCODERS or name.startswith("pcm")), "")
    if codec.startswith("pcm") and recipe.extension == ".mp4":
        recipe.extension = ".mov"
    recipe.sound_codec = codec
    return bool(codec)


def _sample_rate(recipe: _Recipe, finding: Finding) -> bool:
    rate = min(finding.limit, key=lambda each: abs(each - finding.measured))
    recipe.sound_options.append(f"-ar {rate}")
    return True


def _channels(recipe: _Recipe, finding: Finding) -> bool:
    count = 2 if 2 in finding.limit else min(finding.limit, key=lambda each: abs(each - finding.measured))
    recipe.sound_options.append(f"-ac {count}")
    return True


def _phase(recipe: _Recipe, _finding: Finding) -> bool:
    recipe.sound_filters.append("pan=stereo|c0=c0|c1=-1*c1")
    return bool(recipe.film.audio and recipe.film.audio.channels == 2)


def _middle(recipe: _Recipe, finding: Finding) -> bool:
    louder = "c0" if finding.measured > 0 else "c1"
    recipe.sound_filters.append(f"pan=stereo|c0={louder}|c1={louder}")
    return bool(recipe.film.audio and recipe.film.audio.channels == 2)


def _hum(recipe: _Recipe, finding: Finding) -> bool:
    base = finding.measured[0]
    recipe.sound_filters += [f"bandreject=f={base * n}:width_type=h:width={2 + n}" for n in (1, 2, 3, 4)]
    return True


def _sound_length(recipe: _Recipe, finding: Finding) -> bool:
    if finding.measured < finding.limit:
        recipe.sound_filters.append("apad")
    recipe.length = float(finding.limit)
    return True


def _just_write(_recipe: _Recipe, _finding: Finding) -> bool:
    return True


_STEPS: dict[str, Callable[[_Recipe, Any], bool]] = {
    "fast_start": _just_write,
    "container": _rewrap,
    "video_codec": _encode,
    "frame_rate": _at_rate,
    "constant_frame_rate": _steady,
    "bit_rate": _smaller_rate,
    "file_size": _smaller_file,
    "bit_depth": _form,
    "chroma": _form,
    "square_pixels": _square,
    "colour": _colour,
    "keyframes": _keyframes,
    "resolution": _size,
    "interlaced": _fields,
    "loudness": _loudness,
    "true_peak": _peak,
    "audio_codec": _sound_codec,
    "sample_rate": _sample_rate,
    "audio_channels": _channels,
    "out_of_phase": _phase,
    "one_sided": _middle,
    "hum": _hum,
    "sound_length": _sound_length,
}
