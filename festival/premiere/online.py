"""An online premiere's clock: who may come in when, and what everybody sees at a moment. No model, no query."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

State = Literal["early", "doors", "running", "over"]


@dataclass(frozen=True, slots=True)
class Hours:
    """`doors_at`: seats can be taken; `late_until`: nobody comes in any more; `ends_at`: it is over."""

    doors_at: datetime
    starts_at: datetime
    late_until: datetime
    ends_at: datetime

    def state(self, at: datetime) -> State:
        """Where it stands at this moment."""
        if at < self.doors_at:
            return "early"
        if at < self.starts_at:
            return "doors"
        return "running" if at < self.ends_at else "over"

    def open(self, at: datetime) -> bool:
        """Whether somebody may come in: from the doors until it is too late, or over."""
        return self.doors_at <= at < min(self.late_until, self.ends_at)


@dataclass(frozen=True, slots=True)
class Now:
    """Line `index` of the running order has been on since `since` and is until `until`: the same for everybody."""

    index: int
    since: datetime
    until: datetime


def now_on(starts_at: datetime, seconds: Sequence[int], at: datetime) -> Now | None:
    """What is on at `at`, of lines with these lengths; None before the first and after the last."""
    since = starts_at
    for index, length in enumerate(seconds):
        until = since + timedelta(seconds=length)
        if since <= at < until:
            return Now(index, since, until)
        since = until
    return None
