"""The finer facts of a report: the file's build, its pace and colour, its sound, where it comes from, its subtitles.

Plain frozen dataclasses, part of `report`'s JSON form; every field has a default, so that older reports stay readable.
Times are seconds from the film's first moment.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Curve:
    """Evenly spaced values: the first holds for the first `every` seconds, and so on."""

    every: float
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Edit:
    """One entry of a track's edit list: `seconds` are shown from the media's second `start` (None: nothing is)."""

    seconds: float
    start: float | None
    rate: float = 1.0


@dataclass(frozen=True, slots=True)
class Track:
    """One track of the file. `kind` is video, audio, subtitle, data, attachment or unknown."""

    kind: str
    codec: str = ""
    language: str = ""
    title: str = ""
    default: bool = False
    forced: bool = False
    cover: bool = False  # a still picture that comes with the film
    duration: float | None = None
    channels: int = 0
    layout: str = ""
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True)
class Structure:
    """How the file is built. `parts` are its top-level boxes in order, runs joined: "mdat×12".

    `fast_start`: the index stands before the pictures; None where the container has no such thing.
    """

    brand: str = ""
    parts: tuple[str, ...] = ()
    fast_start: bool | None = None
    fragmented: bool = False


@dataclass(frozen=True, slots=True)
class Durations:
    """What is declared, in seconds, and the largest disagreement between the three."""

    container: float | None = None
    video: float | None = None
    audio: float | None = None
    spread: float = 0.0


@dataclass(frozen=True, slots=True)
class Colour:
    """The declared meaning of the picture's numbers, by FFmpeg's names; empty where the film does not say."""

    primaries: str = ""
    transfer: str = ""
    matrix: str = ""
    range: str = ""


@dataclass(frozen=True, slots=True)
class Hdr:
    """High dynamic range: `kind` is pq, hlg or dolby_vision. Luminance in cd/m²; None where not said."""

    kind: Literal["pq", "hlg", "dolby_vision"]
    mastering_max: float | None = None
    mastering_min: float | None = None
    content_max: int | None = None
    frame_average_max: int | None = None


@dataclass(frozen=True, slots=True)
class Groups:
    """Pictures between keyframes: how many groups, their mean and longest length in seconds."""

    count: int
    mean: float
    longest: float
    longest_at: float


@dataclass(frozen=True, slots=True)
class Pace:
    """How long frames stand: (milliseconds, frames), the commonest first; at most twelve of them."""

    steps: tuple[tuple[float, int], ...] = ()
    kinds: int = 0  # how many lengths there are altogether


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel of the sound: its name (FL, FR, FC, LFE …), peak and mean level in dBFS; None for pure silence."""

    name: str
    peak: float | None = None
    mean: float | None = None


@dataclass(frozen=True, slots=True)
class Hum:
    """Mains hum: its base frequency (50 or 60 Hz), level in dBFS, and the share of the film where it stands out."""

    hertz: int
    level: float
    share: float


@dataclass(frozen=True, slots=True)
class C2paAction:
    """Something a manifest says was done: "c2pa.created", with which program, from what source."""

    action: str
    tool: str = ""
    source_type: str = ""  # the last word of the IPTC digital source type: trainedAlgorithmicMedia …


@dataclass(frozen=True, slots=True)
class C2pa:
    """Content credentials. `valid`: whole, signed by somebody unknown here; `trusted`: by somebody on the trust list.

    `remote`: the film only says where its manifest lies, which is not fetched. `unread`: there is one, but it could
    not be read, or no reader is installed. `reason` is the code of the first failed check.
    """

    state: Literal["absent", "remote", "unread", "tampered", "valid", "trusted"] = "absent"
    reason: str = ""
    issuer: str = ""
    generators: tuple[str, ...] = ()
    actions: tuple[C2paAction, ...] = ()
    signed_at: str = ""


@dataclass(frozen=True, slots=True)
class Aigc:
    """The implicit label of GB 45438-2025. `reason` is a code, `field` the label's field it is about.

    `conformant`: as the standard says, where it says. `readable`: a reader understands it, though it departs from the
    standard. `broken`: meant as a label, but not understood.
    """

    grade: Literal["conformant", "readable", "broken", "absent"] = "absent"
    reason: str = ""
    field: str = ""
    place: str = ""  # where it stands: "mdta", "tag", "info", "script", "xmp", "comment" …
    label: str = ""
    producer: str = ""
    produce_id: str = ""
    propagator: str = ""
    propagate_id: str = ""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the film says it comes from, read from the file as it was handed in."""

    c2pa: C2pa = C2pa()
    aigc: Aigc = Aigc()
    source_type: str = ""  # IPTC digital source type in the XMP, its last word
    creator_tool: str = ""

    @property
    def says_ai(self) -> bool:
        """Whether anything in the file says that AI took part in making it."""
        types = [self.source_type, *(action.source_type for action in self.c2pa.actions)]
        return self.aigc.grade in ("conformant", "readable") or any(kind in AI_SOURCE_TYPES for kind in types)


AI_SOURCE_TYPES = (
    "trainedAlgorithmicMedia",
    "compositeWithTrainedAlgorithmicMedia",
    "algorithmicMedia",
)


@dataclass(frozen=True, slots=True)
class SubtitleIssue:
    """One kind of fault in subtitles: how often, the worst measure against its limit, and the first places."""

    code: str
    count: int
    measured: float | None = None
    limit: float | None = None
    times: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class SubtitleFacts:
    """One subtitle track, in the film or beside it. `form`: srt, vtt, ass, mov_text, or a bitmap codec's name.

    `file` is the WebVTT made of it, in the report's folder; empty for a bitmap track, for one without cues, and for a
    file beside the film that its keeper stores elsewhere.

    `reading_speed` is the fastest cue in characters a second, `line_length` the longest line: Chinese, Japanese and
    Korean count whole characters, and Latin letters among them half.
    """

    form: str
    place: Literal["inside", "beside"] = "inside"
    encoding: str = ""
    language: str = ""  # declared
    guessed: str = ""  # by its characters: zh-Hans, zh-Hant, ja, ko, ru, ar, th, latin; empty when undecided
    cues: int = 0
    start: float | None = None
    end: float | None = None
    reading_speed: float | None = None
    line_length: float | None = None
    lines: int = 0
    issues: tuple[SubtitleIssue, ...] = ()
    file: str = ""
