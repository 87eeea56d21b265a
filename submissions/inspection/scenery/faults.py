"""Faults that can be planted into a synthetic film. Times are seconds from its beginning."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Black:
    """Nothing but black (luma 16) from `start` to `end`."""

    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Freeze:
    """The picture at `start` stands still until `end`, bit for bit before encoding."""

    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Silence:
    """Digital silence from `start` to `end`."""

    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Loud:
    """The whole mix driven to `lufs` with its peaks cut off at full scale."""

    lufs: float = -7.0


@dataclass(frozen=True, slots=True)
class Clipped:
    """A stretch driven so far that its peaks lie `over` decibels above full scale, and are cut off there."""

    start: float
    end: float
    over: float = 6.0


@dataclass(frozen=True, slots=True)
class FalseStereo:
    """Both channels carry the same; what differs, if anything, lies `apart` decibels below that."""

    apart: float = float("inf")


@dataclass(frozen=True, slots=True)
class OutOfPhase:
    """One channel is turned over; `width` is how much of the difference between the channels is kept."""

    width: float = 0.5


@dataclass(frozen=True, slots=True)
class OneSided:
    """The right (or, with a negative number, the left) channel is so many decibels below the other."""

    decibels: float = 30.0


@dataclass(frozen=True, slots=True)
class DeadChannel:
    """Nothing in one channel of several; counted from 0 in the layout's order."""

    channel: int = 2


@dataclass(frozen=True, slots=True)
class Hum:
    """Mains hum under the whole mix: `lines` harmonics of `hertz`, together at `level` dBFS."""

    hertz: float = 50.0
    level: float = -50.0
    lines: tuple[int, ...] = (1, 2)


@dataclass(frozen=True, slots=True)
class Peak:
    """A short high tone whose waves rise to `dbtp` between the samples, the samples themselves 3 dB less."""

    dbtp: float = -0.5
    start: float = 1.0


@dataclass(frozen=True, slots=True)
class SoundLength:
    """The sound is so many seconds longer than the picture, or shorter."""

    seconds: float = -2.0


@dataclass(frozen=True, slots=True)
class Letterbox:
    """Black bars above and below, so that the picture between them has this aspect ratio; to the end unless said."""

    aspect: float = 2.39
    start: float = 0.0
    end: float | None = None

    def rows(self, width: int, height: int) -> int:
        """The height of one bar in pixels, even."""
        return max(0, round((height - width / self.aspect) / 4) * 2)


@dataclass(frozen=True, slots=True)
class Pillarbox:
    """Black bars at both sides, so that the picture between them would have this aspect ratio at full height."""

    aspect: float = 4 / 3

    def columns(self, width: int, height: int) -> int:
        """The width of one bar in pixels, even."""
        return max(0, round((width - height * self.aspect) / 4) * 2)


@dataclass(frozen=True, slots=True)
class Flash:
    """`rate` flashes a second over this share of the picture: white, or red on dark; ends with a lit phase."""

    start: float
    end: float
    rate: float = 5.0
    area: float = 1.0
    red: bool = False


@dataclass(frozen=True, slots=True)
class Flicker:
    """The brightness wavers `hertz` times a second by `amount` levels of 255 up and down."""

    start: float
    end: float
    hertz: float = 8.0
    amount: float = 5.0


@dataclass(frozen=True, slots=True)
class Cadence:
    """Pictures come at `rate` a second and are repeated to fill the film's frame rate."""

    rate: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Interlace:
    """Every frame is woven from two moments; with `pulldown`, two of every five (24 frames brought to 30)."""

    start: float
    end: float
    pulldown: bool = False


@dataclass(frozen=True, slots=True)
class Slides:
    """A still picture, slowly zoomed: no movement of its own."""

    start: float
    end: float
    zoom: float = 0.03  # a second


@dataclass(frozen=True, slots=True)
class Range:
    """Luma stretched over all of 0–255 while the file says 16–235, as a careless grade and export do."""

    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Enlarged:
    """The whole film, finished at a fraction of its size and enlarged by `factor`."""

    factor: float = 2.0


@dataclass(frozen=True, slots=True)
class Logo:
    """A tool's lettering in a corner of the whole film, half transparent."""

    place: str = "bottom_right"
    strength: float = 0.6


type SoundFault = (
    Silence | Loud | Clipped | FalseStereo | OutOfPhase | OneSided | DeadChannel | Hum | Peak | SoundLength
)  # fmt: skip
type Fault = (
    SoundFault | Black | Freeze | Letterbox | Pillarbox | Flash | Flicker | Cadence | Interlace | Slides
    | Range | Enlarged | Logo
)  # fmt: skip
