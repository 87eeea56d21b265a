"""What the inspector hands over: measurements, what the rules found in them, and what it cost.

Plain frozen dataclasses with a JSON form of the same shape. Times are seconds from the film's first moment as a
player shows it. Facts are codes and numbers; `words` turns them into sentences.
"""

import json
from dataclasses import asdict, dataclass, field, fields
from types import UnionType
from typing import Any, Literal, Self, Union, get_args, get_origin, get_type_hints

ENGINE = "1"
"""Version of what is measured and how; a report with an older one is worth making again."""

Verdict = Literal["pass", "note", "fix", "block", "unreadable"]


@dataclass(frozen=True, slots=True)
class FileFacts:
    """The file as such. `container` is told by content, never by name; `duration` is what the header declares."""

    bytes: int
    container: str
    duration: float | None = None
    streams: int = 0
    complete: bool = True  # False when the container declares more bytes than the file has


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """The picture as shown: pixel aspect and rotation applied to `width` × `height`."""

    codec: str
    width: int
    height: int
    frame_rate: float
    frames: int
    duration: float
    constant: bool = True
    coded_width: int = 0
    coded_height: int = 0
    rotation: int = 0
    pixel_format: str = ""
    profile: str = ""
    declared_duration: float | None = None
    errors: int = 0  # packets that could not be decoded
    size_changes: int = 0


@dataclass(frozen=True, slots=True)
class AudioFacts:
    """The soundtrack. Levels are None when nothing but silence was there to measure."""

    codec: str
    channels: int
    sample_rate: int
    duration: float
    integrated_lufs: float | None = None
    loudness_range: float | None = None
    true_peak_dbtp: float | None = None
    errors: int = 0


@dataclass(frozen=True, slots=True)
class Event:
    """Something that lasts: `kind` is black, freeze or silence; from `start` up to `end`, seconds."""

    kind: str
    start: float
    end: float

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Still:
    """A JPEG in the report's folder. `about` is the event's kind, "sheet" for the contact sheet, or "poster"."""

    file: str
    about: str
    time: float | None = None


@dataclass(frozen=True, slots=True)
class Measurements:
    """Everything measured in one film, once; rules judge it as often as they like."""

    file: FileFacts
    video: VideoFacts
    audio: AudioFacts | None = None
    events: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken rule: what was measured, what was allowed (None: nothing to compare), and when."""

    rule: str
    severity: Literal["block", "fix", "note"]
    measured: Any = None
    limit: Any = None
    times: tuple[tuple[float, float], ...] = ()
    stills: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a film could not be inspected: a code with the values that its words need."""

    code: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cost:
    """What the inspection took: CPU and wall seconds, peak resident memory in bytes."""

    cpu: float = 0.0
    wall: float = 0.0
    memory: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of one inspection. An unreadable film has a `problem` and no measurements."""

    verdict: Verdict
    engine: str = ENGINE
    rulebook: str = ""  # digest of the rulebook it was judged by
    file: FileFacts | None = None
    video: VideoFacts | None = None
    audio: AudioFacts | None = None
    events: tuple[Event, ...] = ()
    findings: tuple[Finding, ...] = ()
    stills: tuple[Still, ...] = ()
    cost: Cost = Cost()
    problem: Problem | None = None

    @property
    def measurements(self) -> Measurements | None:
        """What the rules judge; None for an unreadable film."""
        if self.file is None or self.video is None:
            return None
        return Measurements(self.file, self.video, self.audio, self.events)

    def as_dict(self) -> dict[str, Any]:
        """The report as JSON values."""
        return asdict(self)

    def to_json(self) -> str:
        """The report as JSON text; `from_json` reads it back to an equal report."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"), allow_nan=False)

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Read a stored report. Unknown keys of a newer engine are passed over; wrong shapes raise ValueError."""
        return read(cls, json.loads(text))


@dataclass(frozen=True, slots=True)
class CopyInfo:
    """What the judges' streaming copy is.

    `duration` is that of the picture in seconds; `errors` counts packets that could not be decoded.
    """

    method: Literal["repacked", "encoded"]
    width: int
    height: int
    frame_rate: float
    frames: int
    duration: float
    audio: bool
    bytes: int
    errors: int = 0


def read[T](kind: type[T], value: Any) -> T:
    """Build a dataclass of this module from JSON values; ValueError when they do not fit."""
    if not isinstance(value, dict):
        raise ValueError(f"{kind.__name__} must be an object")
    hints = get_type_hints(kind)
    try:
        return kind(**{f.name: _as(hints[f.name], value[f.name]) for f in fields(kind) if f.name in value})  # type: ignore[arg-type]
    except TypeError as error:
        raise ValueError(f"{kind.__name__}: {error}") from error


def _as(hint: Any, value: Any) -> Any:
    origin, args = get_origin(hint), get_args(hint)
    if hint is Any:
        return value
    if origin in (Union, UnionType):
        if value is None and type(None) in args:
            return None
        return _as(next(arg for arg in args if arg is not type(None)), value)
    if origin is Literal:
        if value not in args:
            raise ValueError(f"{value!r} is none of {args}")
        return value
    if origin is tuple:
        if not isinstance(value, list | tuple):
            raise ValueError("a list was expected")
        inner = args[:1] * len(value) if args[-1] is Ellipsis else args
        if len(inner) != len(value):
            raise ValueError(f"{len(inner)} values were expected")
        return tuple(_as(each, item) for each, item in zip(inner, value))
    if hasattr(hint, "__dataclass_fields__"):
        return read(hint, value)
    if origin is dict or hint is dict:
        if not isinstance(value, dict):
            raise ValueError("an object was expected")
        return value
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, hint) or (isinstance(value, bool) and hint is not bool):
        raise ValueError(f"{value!r} is not {hint.__name__}")
    return value
