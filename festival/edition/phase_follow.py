"""Which phases come after one that is moved, and where they would be if they followed it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from festival.edition.date_actions import Days, days_of
from festival.edition.models import Phase


@dataclass(frozen=True, slots=True)
class Along:
    """A phase that stands where it is, with the days it would have. `stays`: `promised` where it cannot follow: a
    public notice that was announced is not made to end earlier.
    """

    phase: Phase
    before: Days
    after: Days
    stays: str = ""

    @property
    def key(self) -> str:
        """Names it together with where it goes, so that what is ticked is what was seen."""
        first, last = self.after
        return f"phase-{self.phase.pk}-{first:%Y%m%d}-{last:%Y%m%d}"


def phases_along(
    phases: Sequence[Phase], days: Mapping[int, Days], *, zone: str, at: datetime, frozen: bool
) -> list[Along]:
    """Phases that begin with or after one that `days` moves, of several with the last of them, by as many days.

    What begins within its days follows its first day with its beginning, what begins later its last day; every end
    follows its last day. What is over is not among them, and what has begun keeps its beginning. `frozen`: from the
    call's opening. The call follows nothing.
    """
    now = {phase.pk: days_of(phase, zone) for phase in phases}
    moved = [(now[pk], to) for pk, to in days.items() if pk in now and to != now[pk]]
    there = {pk for pk, to in days.items() if pk in now and to != now[pk]}
    found = []
    for phase in phases:
        first, last = now[phase.pk]
        before = [pair for pair in moved if pair[0][0] <= first]
        if phase.pk in there or phase.kind == Phase.Kind.CALL or phase.ends_at <= at or not before:
            continue
        (was_first, was_last), (to_first, to_last) = max(before, key=lambda pair: pair[0])
        along = to_last - was_last
        begins = along if first > was_last else to_first - was_first
        after = (first + (timedelta(0) if phase.starts_at <= at else begins), last + along)
        if after != (first, last) and after[0] <= after[1]:
            promised = frozen and phase.kind == Phase.Kind.NOTICE and after[1] < last
            found.append(Along(phase, (first, last), after, "promised" if promised else ""))
    return found


def days_with(days: Mapping[int, Days], along: Iterable[Along]) -> dict[int, Days]:
    """`days`, and those of the phases that follow."""
    return {**days, **{one.phase.pk: one.after for one in along if not one.stays}}
