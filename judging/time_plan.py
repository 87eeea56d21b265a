"""Whether the jury's hours are enough: what is to be watched, against what judges have stated, day by day.

Values only; times in seconds where they come from films, in minutes where judges state them. Sentences are made in
`plan_words`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

HOUR = 3600


@dataclass(frozen=True, slots=True)
class JudgeTime:
    """A judge's minutes on each day. `stated` False: she has said nothing, and counts with no time."""

    name: str
    minutes: Mapping[date, int] = field(default_factory=dict)
    stated: bool = True


@dataclass(frozen=True, slots=True)
class PlanDay:
    """A day of the plan, in seconds: what the jury has time for on it, and in all days up to it; what would have to be
    watched up to it to be done on the last day at an even pace."""

    day: date
    stated: int
    stated_so_far: int
    needed_so_far: int


@dataclass(frozen=True, slots=True)
class TimePlan:
    """All in seconds. `each`: what one judge watches when all have the same share; `short`: judges who have stated
    less than that. `done_on`: the first day by which enough has been stated; None when it never is."""

    looks: int
    needed: int
    judges: int
    unstated: int
    stated: int
    each: int
    short: tuple[str, ...]
    days: tuple[PlanDay, ...]
    done_on: date | None

    @property
    def missing(self) -> int:
        """Seconds of film that nobody has stated time for."""
        return max(self.needed - self.stated, 0)

    @property
    def fits(self) -> bool:
        return self.missing == 0

    @property
    def stated_each(self) -> int:
        """What a judge has stated on average, of those who have stated anything."""
        said = self.judges - self.unstated
        return self.stated // said if said else 0


def needed_seconds(seconds: int, films: int, looks: int, overhead: int) -> int:
    """What `films` of `seconds` in all cost, each seen `looks` times, with `overhead` seconds around every look."""
    return (seconds + films * overhead) * looks


def plan(*, needed: int, looks: int, judges: Sequence[JudgeTime], days: Sequence[date]) -> TimePlan:
    """The plan for `needed` seconds in `looks` looks over `days`, in their order."""
    each = -(-needed // len(judges)) if judges else 0
    by_day = {day: sum(judge.minutes.get(day, 0) for judge in judges) * 60 for day in days}
    rows: list[PlanDay] = []
    so_far, done_on = 0, None
    for place, day in enumerate(days, 1):
        so_far += by_day[day]
        rows.append(PlanDay(day, by_day[day], so_far, -(-needed * place // len(days))))
        if done_on is None and so_far >= needed:
            done_on = day
    return TimePlan(
        looks=looks,
        needed=needed,
        judges=len(judges),
        unstated=sum(not judge.stated for judge in judges),
        stated=sum(by_day.values()),
        each=each,
        short=tuple(
            judge.name
            for judge in judges
            if judge.stated and sum(judge.minutes.get(day, 0) for day in days) * 60 < each
        ),
        days=tuple(rows),
        done_on=done_on,
    )
