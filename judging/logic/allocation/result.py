"""What an allocation gives: looks, films that miss some and why, and how even the judges' minutes are."""

from dataclasses import dataclass
from typing import Any

from judging.logic.canonical import digest

NO_JUDGES = "no_judges"  # there is nobody on the jury
ALL_BARRED = "all_barred"  # every judge has a conflict with the film or has seen it
TRACK = "track"  # nobody who is left judges its track
LANGUAGE = "language"  # nobody who is left understands it
TOO_FEW = "too_few_judges"  # fewer judges may see it than looks are missing
NO_HOURS = "no_hours"  # those who may see it have no hours left
NO_PANEL = "no_panel"  # no panel of which every judge may see it

SCARCE = "scarce"  # more than her share: few others may see the films that she may
FEW_FILMS = "few_films"  # less than her share: there are not enough films that she may see
HAD_MORE = "had_more"  # more than her share: looks given earlier
WHOLE_FILMS = "whole_films"  # films are not divided: a film more or less is what is off


@dataclass(frozen=True, slots=True)
class Assignment:
    """A new look. `order` sorts a judge's new looks into an order drawn by lot."""

    judge: str
    film: str
    order: int


@dataclass(frozen=True, slots=True)
class Unserved:
    """A film that misses `looks` looks, with the reason as a code.

    `free` is the number of judges (or panels) who may see it at all, those who were given it here included.
    """

    film: str
    looks: int
    free: int
    reason: str

    def as_json(self) -> dict[str, Any]:
        return {"film": self.film, "looks": self.looks, "free": self.free, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Load:
    """A judge's (or panel's) seconds in all, new looks here, and her share: what hours alone would give her.

    `reason` is a code where the load is more than two per cent off the share, else empty. `limit`: stated hours.
    """

    seat: str
    looks: int
    seconds: int
    share: int
    limit: int | None
    reason: str

    @property
    def off(self) -> float:
        """How far the load is from the share, as a part of it; 0 without a share."""
        return (self.seconds - self.share) / self.share if self.share else 0.0


@dataclass(frozen=True, slots=True)
class Allocation:
    """Looks by judge and order, unserved films by key, loads by seat. The digest covers looks and unserved films."""

    assignments: tuple[Assignment, ...]
    unserved: tuple[Unserved, ...]
    loads: tuple[Load, ...] = ()

    @property
    def digest(self) -> str:
        return digest(
            {
                "assignments": [[row.judge, row.film] for row in self.assignments],
                "unserved": [[row.film, row.looks, row.reason] for row in self.unserved],
            }
        )
