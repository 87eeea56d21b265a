"""What a hall cannot play of a film. Plain values, no query; what is not known of either is no reason."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Literal, Protocol

Misfit = Literal["format", "frame_rate", "aspect", "sound"]
CHANNELS = {"2.0": 2, "5.1": 6, "7.1": 8}
RATE_NEAR = Decimal("0.005")  # frames a second: 23.976 is 24000/1001, and is not 24
ASPECT_NEAR = Decimal("0.03")  # of the width: 1998 × 1080 is "1.85"


class Playable(Protocol):
    """A film's file: `file_format` as in FileFormat, pixels as shown, frames a second, channels of sound."""

    file_format: str
    width: int | None
    height: int | None
    frame_rate: Decimal | None
    channels: int | None


class Player(Protocol):
    """A hall's abilities, as `Hall` keeps them."""

    formats: Sequence[str]
    frame_rates: Sequence[str]
    aspects: Sequence[str]
    sound: str


def misfits(film: Playable, hall: Player) -> list[Misfit]:
    """What of this film the hall cannot play as it is, in the order in which one would ask."""
    found: list[Misfit] = []
    if film.file_format and hall.formats and film.file_format not in hall.formats:
        found.append("format")
    if film.frame_rate is not None and hall.frame_rates:
        rate = Decimal(film.frame_rate)
        if not any(abs(Decimal(known) - rate) <= RATE_NEAR for known in hall.frame_rates):
            found.append("frame_rate")
    if film.width and film.height and hall.aspects:
        shape = Decimal(film.width) / film.height
        if not any(abs(Decimal(known) - shape) <= ASPECT_NEAR * shape for known in hall.aspects):
            found.append("aspect")
    if film.channels and hall.sound and film.channels > CHANNELS[hall.sound]:
        found.append("sound")
    return found
