"""What an edition accepts as a film, as data.

One TOML text says it; the server's checks, the published rules page and the browser's pre-flight all read the
frozen dataclasses made from it here. Knows no Django. The words stand in `rulebook_words`.

Every table may say `severity = "block"` (also "fix" or "note") for all of its rules, or name them one by one:
`severity = { container = "note", file_size = "block" }`.
"""

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Literal, cast

from festival.edition.rulebook_words import Fault, Sentence, fault_text, rule_sentences

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

# What the inspector can open at all; a rulebook that promises more could not be kept.
LARGEST_PICTURE = (4096, 2304)
HIGHEST_FRAME_RATE = 120
MOST_FRAMES = 60_000
LONGEST_FILM = MOST_FRAMES / 24
# Shorter events are not measured, so a tighter limit could not be judged.
SHORTEST_EVENT: Mapping[str, float] = MappingProxyType({"black": 0.1, "freeze": 0.5, "silence": 0.5})

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
    """Size in bytes, and the containers accepted (empty: any that can be read)."""

    max_bytes: int | None = None
    containers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VideoLimits:
    """The picture. Sizes are as shown: pixel aspect and rotation applied.

    `landscape` and `portrait` list exact sizes; when either is given, a film must have one of them. The four
    bounds are meant for a landscape picture and are turned with a portrait one. Empty: nothing asked.
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


@dataclass(frozen=True, slots=True)
class AudioLimits:
    """The sound: integrated loudness in LUFS and true peak in dBTP (EBU R 128), channel counts accepted."""

    required: bool = False
    channels: tuple[int, ...] = ()
    loudness_min: float | None = None
    loudness_max: float | None = None
    true_peak_max: float | None = None


@dataclass(frozen=True, slots=True)
class EventLimits:
    """The longest event accepted, seconds; `edge_seconds` instead where it touches the start or the end."""

    max_seconds: float | None = None
    edge_seconds: float | None = None


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
    severities: Mapping[str, Severity] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def from_toml(cls, text: str) -> "Rulebook":
        """Read a rulebook; raises RulebookError naming every fault with its line."""
        return _Reader(text).rulebook()

    def severity(self, rule: str) -> Severity:
        """How much breaking `rule` weighs. KeyError for a rule that does not exist."""
        return self.severities.get(rule, RULES[rule][1])

    @property
    def max_bytes(self) -> int | None:
        """The largest file accepted, for the upload to refuse early."""
        return self.file.max_bytes

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
    }
)
_SIZE_UNITS = {"": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "kib": 2**10, "mib": 2**20, "gib": 2**30}
_COMMON_RATES = {
    "23.976": Fraction(24000, 1001), "23.98": Fraction(24000, 1001), "29.97": Fraction(30000, 1001),
    "47.952": Fraction(48000, 1001), "59.94": Fraction(60000, 1001), "119.88": Fraction(120000, 1001),
}  # fmt: skip


def parse_frame_rate(value: object) -> Fraction | None:
    """A frame rate as a fraction: 24, 23.976, "24000/1001"; None when it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return _COMMON_RATES.get(str(value)) or Fraction(str(value))
    except (ValueError, ZeroDivisionError):
        return None


class _UnfitError(Exception):
    """A value cannot be used; args: code of the reason, values for its words."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code, self.values = code, values


class _Reader:
    """Turns TOML text into a Rulebook and gathers every fault on the way."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.faults: list[Fault] = []
        self.lines = _lines_of_keys(text)

    def rulebook(self) -> Rulebook:
        try:
            data = tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            at = re.search(r"line (\d+)", str(error))
            last = self.text.count("\n") + 1
            raise RulebookError(
                [Fault(int(at[1]) if at else last, "", "syntax", {"reason": str(error)})]
            ) from error

        version = data.pop("version", "1")
        if not isinstance(version, str | int) or isinstance(version, bool) or not str(version).strip():
            self.fault("version", "not_text")
        tables: dict[str, Any] = {}
        severities: dict[str, Severity] = {}
        for name, value in data.items():
            if name not in TABLES:
                self.fault(name, "unknown_table", known=sorted(TABLES))
            elif not isinstance(value, dict):
                self.fault(name, "not_a_table")
            else:
                self.read_severity(name, value, severities)
                tables[name] = self.read_table(name, value)
        if self.faults:
            raise RulebookError(sorted(self.faults, key=lambda fault: fault.line))
        return Rulebook(version=str(version), severities=MappingProxyType(severities), **tables)

    def fault(self, key: str, code: str, **values: object) -> None:
        # A dotted key that was never written as such (an inline table) is found by its parent.
        parts = key.split(".")
        line = next(
            (
                self.lines[".".join(parts[:n])]
                for n in range(len(parts), 0, -1)
                if ".".join(parts[:n]) in self.lines
            ),
            1,
        )
        self.faults.append(Fault(line, key, code, values))

    def read_severity(self, table: str, values: dict[str, Any], into: dict[str, Severity]) -> None:
        said = values.pop("severity", None)
        rules = [rule for rule, (home, _) in RULES.items() if home == table]
        if said is None:
            return
        if isinstance(said, dict):
            for rule, severity in said.items():
                if rule not in rules:
                    self.fault(f"{table}.severity.{rule}", "unknown_rule", known=rules)
                elif severity not in SEVERITIES:
                    self.fault(f"{table}.severity.{rule}", "not_a_severity", value=severity)
                else:
                    into[rule] = cast(Severity, severity)
        elif said in SEVERITIES:
            into.update(dict.fromkeys(rules, cast(Severity, said)))
        else:
            self.fault(f"{table}.severity", "not_a_severity", value=said)

    def read_table(self, table: str, values: dict[str, Any]) -> object:
        kind = TABLES[table]
        known = tuple(kind.__dataclass_fields__)  # type: ignore[attr-defined]
        read: dict[str, Any] = {}
        for key, value in values.items():
            if key not in known:
                self.fault(f"{table}.{key}", "unknown_key", known=[*known, "severity"])
                continue
            try:
                read[key] = _read_value(table, key, value)
            except _UnfitError as unfit:
                self.fault(f"{table}.{key}", unfit.code, **unfit.values)
        for low, high in _PAIRS.get(table, ()):
            if low in read and high in read and read[low] > read[high]:
                self.fault(f"{table}.{low}", "crossed", low=read[low], high=read[high], other=high)
        return kind(**read)


_PAIRS = {
    "duration": (("min", "max"),),
    "video": (("min_width", "max_width"), ("min_height", "max_height")),
    "audio": (("loudness_min", "loudness_max"),),
}


def _read_value(table: str, key: str, value: Any) -> object:
    """The value of one key in its proper type; raises _UnfitError."""
    match table, key:
        case "duration", _:
            return _number(value, 0.04, LONGEST_FILM)
        case "file", "max_bytes":
            return _bytes(value)
        case "file", "containers":
            return _choices(value, CONTAINERS)
        case "video", "codecs":
            return _choices(value, VIDEO_CODECS)
        case "video", "landscape" | "portrait":
            return tuple(_size(item, upright=key == "portrait") for item in _list(value))
        case "video", "min_width" | "max_width" | "min_height" | "max_height":
            return int(
                _number(
                    value, 16, LARGEST_PICTURE[0] if key.endswith("width") else LARGEST_PICTURE[1], whole=True
                )
            )
        case "video", "aspects":
            return tuple(_aspect(item) for item in _list(value))
        case "video", "frame_rates":
            return tuple(_rate(item) for item in _list(value))
        case "video", "constant":
            return _yes_or_no(value)
        case "audio", "required":
            return _yes_or_no(value)
        case "audio", "channels":
            return tuple(int(_number(item, 1, 16, whole=True)) for item in _list(value))
        case "audio", "true_peak_max":
            return _number(value, -40, 6)
        case "audio", _:
            return _number(value, -69, 0)
        case _:
            return _number(value, SHORTEST_EVENT[table], LONGEST_FILM)


def _number(value: object, low: float, high: float, *, whole: bool = False) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or (whole and value != int(value)):
        raise _UnfitError("not_a_whole_number" if whole else "not_a_number")
    if not low <= value <= high:
        raise _UnfitError("out_of_range", value=value, low=low, high=high)
    return float(value)


def _yes_or_no(value: object) -> bool:
    if not isinstance(value, bool):
        raise _UnfitError("not_a_yes_or_no")
    return value


def _list(value: object) -> list[Any]:
    if not isinstance(value, list) or not value:
        raise _UnfitError("not_a_list")
    return value


def _choices(value: object, known: tuple[str, ...]) -> tuple[str, ...]:
    for item in _list(value):
        if item not in known:
            raise _UnfitError("unknown_choice", value=item, known=list(known))
    return tuple(dict.fromkeys(cast(list[str], value)))


def _bytes(value: object) -> int:
    """A file size: a number of bytes, or a text such as "4 GB" (10⁹) or "500 MiB" (2²⁰)."""
    if isinstance(value, str):
        found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([kmg]i?b)\s*", value, re.IGNORECASE)
        if not found:
            raise _UnfitError("not_a_file_size")
        value = int(float(found[1]) * _SIZE_UNITS[found[2].lower()])
    return int(_number(value, 1000, 10**13, whole=True))


def _size(value: object, *, upright: bool) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{2,5})\s*[x×]\s*(\d{2,5})", value) if isinstance(value, str) else None
    if not found:
        raise _UnfitError("not_a_size", value=value)
    width, height = int(found[1]), int(found[2])
    if upright and height <= width:
        raise _UnfitError("not_portrait", value=value)
    if not upright and height > width:
        raise _UnfitError("not_landscape", value=value)
    if not fits_inspector(width, height):
        raise _UnfitError(
            "picture_too_large", value=value, width=LARGEST_PICTURE[0], height=LARGEST_PICTURE[1]
        )
    return width, height


def fits_inspector(width: int, height: int) -> bool:
    """Whether a picture is small enough to be decoded safely, in either orientation."""
    return max(width, height) <= LARGEST_PICTURE[0] and min(width, height) <= LARGEST_PICTURE[1]


def _aspect(value: object) -> str:
    found = re.fullmatch(r"(\d+(?:\.\d+)?):(\d+(?:\.\d+)?)", value) if isinstance(value, str) else None
    if not found or not 0.2 <= float(found[1]) / (float(found[2]) or 1e9) <= 5:
        raise _UnfitError("not_an_aspect", value=value)
    return found[0]


def _rate(value: object) -> Fraction:
    rate = parse_frame_rate(value)
    if rate is None:
        raise _UnfitError("not_a_frame_rate", value=value)
    if not 1 <= rate <= HIGHEST_FRAME_RATE:
        raise _UnfitError("out_of_range", value=value, low=1, high=HIGHEST_FRAME_RATE)
    return rate


def _lines_of_keys(text: str) -> dict[str, int]:
    """Where each table and key is written: dotted name to line number. tomllib does not tell."""
    found: dict[str, int] = {}
    table, quoted = "", ""
    for number, line in enumerate(text.splitlines(), 1):
        if quoted:
            quoted = "" if quoted in line else quoted
            continue
        quoted = next((mark for mark in ('"""', "'''") if line.count(mark) % 2), "")
        header = re.match(r"\s*\[+\s*([^\]]+?)\s*\]", line)
        key = re.match(r"""\s*([A-Za-z0-9_."'-]+(?:\s*\.\s*[A-Za-z0-9_"'-]+)*)\s*=""", line)
        if header:
            table = re.sub(r"""[\s"']""", "", header[1])
            found.setdefault(table, number)
        elif key:
            name = re.sub(r"""[\s"']""", "", key[1])
            found.setdefault(f"{table}.{name}" if table else name, number)
    return found


DEFAULT_TOML = """\
version = "1"

[duration]
min = 30
max = 900
severity = "block"

[file]
max_bytes = "4 GB"
containers = ["mp4", "mov", "mkv", "webm"]
severity = { file_size = "block", container = "fix" }

[video]
codecs = ["h264", "hevc", "av1", "vp9", "prores", "dnxhd"]
min_width = 1280
min_height = 536
frame_rates = [23.976, 24, 25, 29.97, 30, 48, 50, 59.94, 60]
constant = true
severity = { video_codec = "fix", resolution = "fix", frame_rate = "fix", constant_frame_rate = "note" }

[audio]
required = true
channels = [1, 2, 6]
loudness_min = -30
loudness_max = -9
true_peak_max = 0
severity = { audio_required = "block", audio_channels = "fix", loudness = "fix", true_peak = "note" }

[black]
max_seconds = 3
edge_seconds = 5
severity = "note"

[freeze]
max_seconds = 5
severity = "note"

[silence]
max_seconds = 5
edge_seconds = 10
severity = "note"
"""

DEFAULT = Rulebook.from_toml(DEFAULT_TOML)
