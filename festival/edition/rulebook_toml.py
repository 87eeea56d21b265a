"""Reads the TOML text of a rulebook, gathering every fault with the line where it is written."""

import re
import tomllib
from fractions import Fraction
from types import MappingProxyType
from typing import Any, cast

from festival.edition.rulebook import (
    AUDIO_CODECS,
    CHROMA,
    COLOURS,
    CONTAINERS,
    IMAGE_FAULTS,
    RULES,
    SEVERITIES,
    SHORTEST_EVENT,
    SOUND_FAULTS,
    SUBTITLES_WHEN,
    TABLES,
    VIDEO_CODECS,
    Rulebook,
    RulebookError,
    Severity,
)
from festival.edition.rulebook_ai import read_ai
from festival.edition.rulebook_bounds import (
    HIGHEST_FRAME_RATE,
    LARGEST_PICTURE,
    LONGEST_FILM,
    fits_inspector,
)
from festival.edition.rulebook_faults import Fault


def read_rulebook(text: str) -> Rulebook:
    """The rulebook that a TOML text says; raises RulebookError naming every fault."""
    return _Reader(text).rulebook()


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
                tables[name] = read_ai(value, self.fault) if name == "ai" else self.read_table(name, value)
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
        if read.get("when", "always") != "always" and not (read.get("required") or read.get("languages")):
            self.fault(f"{table}.when", "needs_subtitles")
        for low, high in _PAIRS.get(table, ()):
            if low in read and high in read and read[low] > read[high]:
                self.fault(f"{table}.{low}", "crossed", low=read[low], high=read[high], other=high)
        return kind(**read)


_PAIRS = {
    "duration": (("min", "max"),),
    "video": (("min_width", "max_width"), ("min_height", "max_height"), ("min_bit_rate", "max_bit_rate")),
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
        case "video", "min_bit_rate" | "max_bit_rate":
            return _number(value, 0.01, 2000)
        case "video", "bit_depths":
            return tuple(int(_number(item, 8, 16, whole=True)) for item in _list(value))
        case "video", "chroma":
            return _choices(value, CHROMA)
        case "video", "colours":
            return _choices(value, COLOURS)
        case "video", "max_keyframe_seconds":
            return _number(value, 0.04, 600)
        case "file", "fast_start":
            return _yes_or_no(value)
        case "video", "square_pixels" | "sdr":
            return _yes_or_no(value)
        case "provenance", _:
            return _yes_or_no(value)
        case "subtitles", "languages":
            return tuple(_language(item) for item in _list(value))
        case "subtitles", "when":
            return _choices([value], SUBTITLES_WHEN)[0]
        case "subtitles", _:
            return _yes_or_no(value)
        case "audio", "codecs":
            return _choices(value, AUDIO_CODECS)
        case "audio", "sample_rates":
            return tuple(int(_number(item, 8000, 192_000, whole=True)) for item in _list(value))
        case "audio", "loudness_range_max":
            return _number(value, 1, 60)
        case "audio", "free_of":
            return _choices(value, SOUND_FAULTS)
        case "audio", "required":
            return _yes_or_no(value)
        case "audio", "channels":
            return tuple(int(_number(item, 1, 16, whole=True)) for item in _list(value))
        case "audio", "true_peak_max":
            return _number(value, -40, 6)
        case "audio", _:
            return _number(value, -69, 0)
        case "flash", _:
            return _yes_or_no(value)
        case "image", "free_of":
            return _choices(value, IMAGE_FAULTS)
        case "image", "max_still":
            return _number(value, 0.05, 1)
        case "image", "opening_label":
            return _yes_or_no(value)
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


def _aspect(value: object) -> str:
    found = re.fullmatch(r"(\d+(?:\.\d+)?):(\d+(?:\.\d+)?)", value) if isinstance(value, str) else None
    if not found or not 0.2 <= float(found[1]) / (float(found[2]) or 1e9) <= 5:
        raise _UnfitError("not_an_aspect", value=value)
    return found[0]


def _language(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[a-z]{2,3}", value):
        raise _UnfitError("not_a_language", value=value)
    return value


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
