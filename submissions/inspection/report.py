"""What the inspector hands over: measurements, what the rules found in them, and what it cost.

Plain frozen dataclasses with a JSON form of the same shape. Times are seconds from the film's first moment as a
player shows it. Facts are codes and numbers; `words` turns them into sentences.
"""

import json
from dataclasses import asdict, dataclass, field, fields
from functools import cache
from types import UnionType
from typing import Any, Literal, Self, Union, get_args, get_origin, get_type_hints

from submissions.inspection.facts import (
    Channel,
    Colour,
    Curve,
    Durations,
    Groups,
    Hdr,
    Hum,
    Pace,
    Provenance,
    Structure,
    SubtitleFacts,
    Track,
)

ENGINE = "3"
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
    sha256: str = ""  # as its keeper knows it; not computed here
    structure: Structure = field(default_factory=Structure)
    tracks: tuple[Track, ...] = ()
    durations: Durations = field(default_factory=Durations)
    timecode: str = ""
    tags: dict[str, str] = field(default_factory=dict)  # shortened, without control characters


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
    error_times: tuple[float, ...] = ()  # the first fifty
    start: float = 0.0  # when the first frame is shown
    declared_frames: int | None = None
    pixel_aspect: str = "1:1"
    display_aspect: str = ""
    bit_depth: int = 0
    chroma: str = ""
    colour: Colour = field(default_factory=Colour)
    hdr: Hdr | None = None
    groups: Groups | None = None
    pace: Pace = field(default_factory=Pace)
    bit_rate: int = 0  # bits a second, the picture alone
    bit_rates: Curve | None = None  # kbit a second


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
    error_times: tuple[float, ...] = ()  # the first fifty
    start: float = 0.0  # when the first sample is heard
    layout: str = ""
    bit_rate: int = 0
    declared_duration: float | None = None
    momentary_max: float | None = None  # LUFS, 0.4 s
    short_term_max: float | None = None  # LUFS, 3 s
    loudness_curve: Curve | None = None  # the loudest momentary value of each second; −70 is silence
    waveform: Curve | None = None  # the highest sample of each stretch, any channel; 1 is full scale
    clippings: int = 0  # runs of three and more samples at full scale
    channel_levels: tuple[Channel, ...] = ()
    mono_as_stereo: bool = False
    phase: float | None = None  # correlation of left and right, −1 to 1
    balance: float | None = None  # dB, left over right
    hum: Hum | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that lasts: from `start` up to `end`, seconds.

    `kind` is black, freeze, silence, flash, red_flash, flash_extended, repeat, interlace or flicker.
    """

    kind: str
    start: float
    end: float

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Still:
    """A JPEG in the report's folder.

    `about` is the event's kind, "sheet" for the contact sheet, "poster" for a candidate of the still that stands for
    the film (the best comes first), or "barcode" for the colours from beginning to end.
    """

    file: str
    about: str
    time: float | None = None


@dataclass(frozen=True, slots=True)
class Sprite:
    """The film in small pictures for scrubbing: `count` tiles of `width` × `height` pixels in rows of `columns`.

    Tile n stands for the seconds from n × `every` on; `cues` is the WebVTT file that says the same.
    """

    file: str
    cues: str
    count: int
    columns: int
    width: int
    height: int
    every: float


@dataclass(frozen=True, slots=True)
class Flashes:
    """Pairs of opposing changes over a quarter of the picture, after ITU-R BT.1702: the most in any one second.

    `extended` is the longest stretch, in seconds, with two or three of them in every second.
    """

    most: float = 0.0
    red_most: float = 0.0
    extended: float = 0.0


@dataclass(frozen=True, slots=True)
class Bars:
    """Black bars around the picture as shown, in pixels of the stored picture, and how often they change."""

    kind: Literal["none", "letterbox", "pillarbox", "windowbox"] = "none"
    top: int = 0
    bottom: int = 0
    left: int = 0
    right: int = 0
    changes: int = 0
    change_times: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Cadence:
    """Frames that were repeated in a steady pattern to reach the film's rate.

    `share` of the film where it is so, the rate of the pictures that differ, and how many frames the pattern has.
    """

    share: float
    source_rate: float
    period: int


@dataclass(frozen=True, slots=True)
class Levels:
    """Share of the film's frames in which more than 1 % of the picture lies outside 5–246 of 255 (EBU R 103).

    `low` and `high` are the extreme luma values met. A full-range picture has nothing outside.
    """

    share: float = 0.0
    chroma_share: float = 0.0
    low: int = 0
    high: int = 255


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that stands in one place: where (as shown, stored pixels) and when, seconds."""

    place: str
    x: int
    y: int
    width: int
    height: int
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Shots:
    """Hard cuts, and the lengths between them in seconds."""

    count: int
    average: float
    median: float
    longest: float
    cuts: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """What the picture does. Shares are of the film's length; None where there was nothing to measure.

    `still_share` is frozen time, `slide_share` that plus stills that are only panned or zoomed. `flicker` is the
    brightness residual in the band of 4 to 12 Hz, levels of 255. `cutoff` is the share of the horizontal
    resolution that is used, `falloff` how much less detail there is at half of it than at a sixth, dB; `blur`
    (0 sharp to 1) and `blockiness` (1 none) are medians over one frame a second.
    """

    flashes: Flashes = Flashes()
    bars: Bars = Bars()
    levels: Levels = Levels()
    cadence: Cadence | None = None
    scan: Literal["progressive", "interlaced", "telecine"] = "progressive"
    still_share: float = 0.0
    slide_share: float = 0.0
    flicker: float = 0.0
    cutoff: float | None = None
    falloff: float | None = None
    blur: float | None = None
    blockiness: float | None = None
    marks: tuple[Mark, ...] = ()
    opening_text: Mark | None = None


@dataclass(frozen=True, slots=True)
class PrintFacts:
    """What the file of fingerprints beside the report holds: its version, and how many of picture and sound."""

    version: int
    pictures: int = 0
    sounds: int = 0


@dataclass(frozen=True, slots=True)
class Measurements:
    """Everything measured in one film, once; rules judge it as often as they like."""

    file: FileFacts
    video: VideoFacts
    audio: AudioFacts | None = None
    events: tuple[Event, ...] = ()
    picture: PictureFacts | None = None
    shots: Shots | None = None
    provenance: Provenance | None = None
    subtitles: tuple[SubtitleFacts, ...] = ()
    prints: PrintFacts | None = None


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


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of one inspection. An unreadable film has a `problem` and no measurements.

    `depth` is "keyframes" for a first look, which judges only what needs no other frames. `copy` tells of the judges'
    copy where it was made on the way.
    """

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
    provenance: Provenance | None = None
    subtitles: tuple[SubtitleFacts, ...] = ()
    picture: PictureFacts | None = None
    shots: Shots | None = None
    prints: PrintFacts | None = None
    sprite: Sprite | None = None
    copy: CopyInfo | None = None
    depth: Literal["whole", "keyframes"] = "whole"

    @property
    def measurements(self) -> Measurements | None:
        """What the rules judge; None for an unreadable film."""
        if self.file is None or self.video is None:
            return None
        return Measurements(
            self.file,
            self.video,
            self.audio,
            self.events,
            self.picture,
            self.shots,
            self.provenance,
            self.subtitles,
            self.prints,
        )

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


def read[T](kind: type[T], value: Any) -> T:
    """Build a dataclass of this module from JSON values; ValueError when they do not fit."""
    if not isinstance(value, dict):
        raise ValueError(f"{kind.__name__} must be an object")
    try:
        return kind(**{name: _as(hint, value[name]) for name, hint in _hints(kind) if name in value})  # type: ignore[arg-type]
    except TypeError as error:
        raise ValueError(f"{kind.__name__}: {error}") from error


@cache
def _hints(kind: type) -> tuple[tuple[str, Any], ...]:
    hints = get_type_hints(kind)
    return tuple((each.name, hints[each.name]) for each in fields(kind))


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
