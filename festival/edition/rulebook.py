"""What an edition accepts as a film, as data.

One TOML text says it; the server's checks, the published rules page and the browser's pre-flight all read the
frozen dataclasses made from it here. Knows no Django. The words stand in `rulebook_words`.

Every table may say `severity = "block"` (also "fix" or "note") for all of its rules, or name them one by one:
`severity = { container = "note", file_size = "block" }`.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from types import MappingProxyType
from typing import Literal

from festival.edition.rulebook_faults import Fault, fault_text
from festival.edition.rulebook_words import Sentence, rule_sentences
from festival.edition.tools import Catalogue, Tool, catalogue

Severity = Literal["block", "fix", "note"]
SEVERITIES: tuple[Severity, ...] = ("block", "fix", "note")

CONTAINERS = ("mp4", "mov", "mkv", "webm", "ts", "avi", "mxf")
VIDEO_CODECS = (
    "h264",
    "hevc",
    "av1",
    "vp9",
    "vp8",
    "prores",
    "dnxhd",
    "mpeg4",
    "mpeg2video",
    "mjpeg",
    "ffv1",
    "vvc",
)

# Shorter events are not measured, so a tighter limit could not be judged.
SHORTEST_EVENT: Mapping[str, float] = MappingProxyType({"black": 0.1, "freeze": 0.5, "silence": 0.5})

AUDIO_CODECS = (
    "aac", "ac3", "alac", "dts", "eac3", "flac", "mp2", "mp3", "opus", "pcm_f32le", "pcm_s16be", "pcm_s16le",
    "pcm_s24be", "pcm_s24le", "pcm_s32le", "truehd", "vorbis",
)  # fmt: skip
CHROMA = ("4:2:0", "4:2:2", "4:4:4")
SUBTITLES_WHEN = ("always", "spoken", "foreign")
COLOURS = ("bt709", "bt2020", "smpte170m", "bt470bg")
# What a sound may be asked to be free of; each is a rule of that name.
SOUND_FAULTS = ("clipping", "false_stereo", "out_of_phase", "one_sided", "silent_channel", "hum")

# What a picture may be asked to be free of; each is a rule of that name.
IMAGE_FAULTS = (
    "windowbox",
    "changing_bars",
    "repeated_frames",
    "interlaced",
    "levels",
    "flicker",
    "upscaled",
    "blocky",
    "blurred",
    "corner_mark",
)

# rule: (table, its severity when the rulebook names none)
RULES: Mapping[str, tuple[str, Severity]] = MappingProxyType(
    {
        "duration_min": ("duration", "block"),
        "duration_max": ("duration", "block"),
        "file_size": ("file", "block"),
        "container": ("file", "fix"),
        "video_codec": ("video", "fix"),
        "resolution": ("video", "fix"),
        "aspect": ("video", "fix"),
        "frame_rate": ("video", "fix"),
        "constant_frame_rate": ("video", "note"),
        "audio_required": ("audio", "block"),
        "audio_channels": ("audio", "fix"),
        "loudness": ("audio", "note"),
        "true_peak": ("audio", "note"),
        "black": ("black", "note"),
        "freeze": ("freeze", "note"),
        "silence": ("silence", "note"),
        "flash": ("flash", "fix"),
        "red_flash": ("flash", "fix"),
        "flash_extended": ("flash", "fix"),
        **dict.fromkeys(IMAGE_FAULTS, ("image", "note")),
        "slideshow": ("image", "note"),
        "opening_label": ("image", "note"),
        "fast_start": ("file", "note"),
        "bit_rate": ("video", "note"),
        "bit_depth": ("video", "fix"),
        "chroma": ("video", "fix"),
        "square_pixels": ("video", "note"),
        "colour": ("video", "note"),
        "hdr": ("video", "fix"),
        "keyframes": ("video", "note"),
        "audio_codec": ("audio", "fix"),
        "sample_rate": ("audio", "note"),
        "loudness_range": ("audio", "note"),
        **dict.fromkeys(SOUND_FAULTS, ("audio", "note")),
        "aigc_label": ("provenance", "note"),
        "c2pa": ("provenance", "note"),
        "c2pa_tampered": ("provenance", "fix"),
        "subtitles_required": ("subtitles", "fix"),
        "subtitles_language": ("subtitles", "fix"),
        "subtitles_form": ("subtitles", "note"),
        "subtitles_spoken": ("subtitles", "note"),
        "ai_statement": ("ai", "block"),
        "ai_min_tools": ("ai", "block"),
        "ai_stages": ("ai", "block"),
        "ai_stages_forbidden": ("ai", "block"),
        "ai_share": ("ai", "block"),
        "ai_sponsor": ("ai", "block"),
        "ai_allowed": ("ai", "block"),
        "ai_forbidden": ("ai", "block"),
    }
)


class RulebookError(ValueError):
    """The TOML text is no rulebook. `errors` holds every fault found, each with its line."""

    def __init__(self, errors: list[Fault]) -> None:
        self.errors = errors
        super().__init__("\n".join(self.sentences("en")))

    def sentences(self, language: str) -> list[str]:
        """One sentence per fault, in "en" or "zh"."""
        return [fault_text(fault, language) for fault in self.errors]


@dataclass(frozen=True, slots=True)
class DurationLimits:
    """Length of the film, seconds."""

    min: float | None = None
    max: float | None = None


@dataclass(frozen=True, slots=True)
class FileLimits:
    """Size in bytes, the containers accepted (empty: any that can be read), and whether the index stands in front."""

    max_bytes: int | None = None
    containers: tuple[str, ...] = ()
    fast_start: bool = False


@dataclass(frozen=True, slots=True)
class VideoLimits:
    """The picture. Sizes are as shown: pixel aspect and rotation applied.

    `landscape` and `portrait` list exact sizes; when either is given, a film must have one of them. The four
    bounds are meant for a landscape picture and are turned with a portrait one. Empty: nothing asked. Bit rates are
    means in Mbit/s; `colours` are the declared primaries; `sdr` asks for standard dynamic range.
    """

    codecs: tuple[str, ...] = ()
    landscape: tuple[tuple[int, int], ...] = ()
    portrait: tuple[tuple[int, int], ...] = ()
    min_width: int | None = None
    max_width: int | None = None
    min_height: int | None = None
    max_height: int | None = None
    aspects: tuple[str, ...] = ()
    frame_rates: tuple[Fraction, ...] = ()
    constant: bool = False
    min_bit_rate: float | None = None
    max_bit_rate: float | None = None
    bit_depths: tuple[int, ...] = ()
    chroma: tuple[str, ...] = ()
    square_pixels: bool = False
    colours: tuple[str, ...] = ()
    sdr: bool = False
    max_keyframe_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class AudioLimits:
    """The sound: integrated loudness in LUFS and true peak in dBTP (EBU R 128), channel counts accepted.

    The loudness range is in LU; `free_of` names the faults that must not be there.
    """

    required: bool = False
    channels: tuple[int, ...] = ()
    loudness_min: float | None = None
    loudness_max: float | None = None
    true_peak_max: float | None = None
    codecs: tuple[str, ...] = ()
    sample_rates: tuple[int, ...] = ()
    loudness_range_max: float | None = None
    free_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EventLimits:
    """The longest event accepted, seconds; `edge_seconds` instead where it touches the start or the end."""

    max_seconds: float | None = None
    edge_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class FlashLimits:
    """Whether the film must keep within ITU-R BT.1702 (and WCAG 2.3.1): nothing that could cause a seizure."""

    safe: bool = False


@dataclass(frozen=True, slots=True)
class ImageLimits:
    """What the picture must be free of, the largest share of stills, and lettering asked for at the opening."""

    free_of: tuple[str, ...] = ()
    max_still: float | None = None
    opening_label: bool = False


@dataclass(frozen=True, slots=True)
class ProvenanceLimits:
    """The AI label of GB 45438-2025, content credentials (C2PA), and whether those that are there must fit."""

    aigc_label: bool = False
    credentials: bool = False
    untampered: bool = False


@dataclass(frozen=True, slots=True)
class SubtitleLimits:
    """Whether subtitles must be there, in which languages (codes such as zh, en), and whether their form is judged.

    `when`: of every film, of one in which somebody speaks ("spoken"), or speaks another language ("foreign"). What is
    spoken cannot be measured, so the last two have a rule of their own, which is a note unless said otherwise.
    """

    required: bool = False
    languages: tuple[str, ...] = ()
    check: bool = False
    when: str = "always"


@dataclass(frozen=True, slots=True)
class AiLimits:
    """What the entrant's AI statement must say. It is judged by `submissions.statement`, the film by none of this.

    Tools are named by their slugs; shares are in per cent of the film's pictures. `tools` are the edition's own,
    beside those that the software knows. Of the stages in a tuple within `required_stages` one is enough.
    """

    required: bool = False
    min_tools: int | None = None
    required_stages: tuple[str | tuple[str, ...], ...] = ()
    forbidden_stages: tuple[str, ...] = ()
    min_share: int | None = None
    sponsor_tools: tuple[str, ...] = ()
    min_sponsor_share: int | None = None
    allowed_tools: tuple[str, ...] = ()
    forbidden_tools: tuple[str, ...] = ()
    tools: tuple[Tool, ...] = ()


@dataclass(frozen=True, slots=True)
class Rulebook:
    """What an edition accepts. Make it with `Rulebook.from_toml`."""

    version: str = "1"
    duration: DurationLimits = DurationLimits()
    file: FileLimits = FileLimits()
    video: VideoLimits = VideoLimits()
    audio: AudioLimits = AudioLimits()
    black: EventLimits = EventLimits()
    freeze: EventLimits = EventLimits()
    silence: EventLimits = EventLimits()
    flash: FlashLimits = FlashLimits()
    image: ImageLimits = ImageLimits()
    provenance: ProvenanceLimits = ProvenanceLimits()
    subtitles: SubtitleLimits = SubtitleLimits()
    ai: AiLimits = AiLimits()
    severities: Mapping[str, Severity] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def from_toml(cls, text: str) -> "Rulebook":
        """Read a rulebook; raises RulebookError naming every fault with its line."""
        from festival.edition.rulebook_toml import read_rulebook  # reads into the classes of this module

        return read_rulebook(text)

    def severity(self, rule: str) -> Severity:
        """How much breaking `rule` weighs. KeyError for a rule that does not exist."""
        return self.severities.get(rule, RULES[rule][1])

    @property
    def max_bytes(self) -> int | None:
        """The largest file accepted, for the upload to refuse early."""
        return self.file.max_bytes

    @property
    def tools(self) -> Catalogue:
        """The AI tools that an entrant of this edition can name."""
        return catalogue(self.ai.tools)

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of what is asked, the same however the text is laid out or commented."""
        parts = {name: asdict(getattr(self, name)) for name in TABLES}
        parts["severities"] = {rule: self.severity(rule) for rule in RULES}
        form = json.dumps(
            {"version": self.version, **parts}, sort_keys=True, separators=(",", ":"), default=str
        )
        return hashlib.sha256(form.encode()).hexdigest()


def sentences(rulebook: Rulebook, language: str) -> list[Sentence]:
    """The published rules in "en" or "zh", made from the same data that the checks use."""
    return rule_sentences(rulebook, language)


TABLES: Mapping[str, type] = MappingProxyType(
    {
        "duration": DurationLimits,
        "file": FileLimits,
        "video": VideoLimits,
        "audio": AudioLimits,
        "black": EventLimits,
        "freeze": EventLimits,
        "silence": EventLimits,
        "flash": FlashLimits,
        "image": ImageLimits,
        "provenance": ProvenanceLimits,
        "subtitles": SubtitleLimits,
        "ai": AiLimits,
    }
)
