"""Which dates belong to a phase of the calendar, and by how many days they follow it. Plain values, without Django.

The rule. The deadline of a track belongs to the call. A milestone, or the end of a team's time, belongs to the phase
in whose days it falls (of several the one that begins last), and follows its last day; in no phase's days it leads up
to the next one, and follows its first day. A team's time begins after the last phase that is over by then, and follows
its last day; within a phase it follows its first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

Kind = Literal["track", "milestone", "begins", "ends"]


@dataclass(frozen=True, slots=True)
class Stretch:
    """The days of a phase as they are, and by how many its first and its last are moved."""

    first: date
    last: date
    first_by: int = 0
    last_by: int = 0
    is_call: bool = False


def days_along(kind: Kind, day: date, phases: Sequence[Stretch]) -> int:
    """By how many days what is on `day` follows the phase it belongs to; 0 where it belongs to none."""
    if kind == "track":
        return next((phase.last_by for phase in phases if phase.is_call), 0)
    around = [phase for phase in phases if phase.first <= day <= phase.last]
    if around:
        inner = max(around, key=lambda phase: (phase.first, -phase.last.toordinal()))
        return inner.first_by if kind == "begins" else inner.last_by
    if kind == "begins":
        over = [phase for phase in phases if phase.last < day]
        return max(over, key=lambda phase: phase.last).last_by if over else 0
    later = [phase for phase in phases if phase.first > day]
    return min(later, key=lambda phase: phase.first).first_by if later else 0
