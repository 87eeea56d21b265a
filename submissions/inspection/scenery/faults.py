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
class Letterbox:
    """Black bars above and below, so that the picture between them has this aspect ratio."""

    aspect: float = 2.39

    def rows(self, width: int, height: int) -> int:
        """The height of one bar in pixels, even."""
        return max(0, round((height - width / self.aspect) / 4) * 2)


type Fault = Black | Freeze | Silence | Loud | Letterbox
