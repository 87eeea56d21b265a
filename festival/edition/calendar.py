"""The edition's calendar: what is going on now, and may one still enter."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, QuerySet

from festival.edition.models import Phase


@dataclass(frozen=True, slots=True)
class Calendar:
    """The phases of an edition at a moment. `current` may hold several: phases may overlap."""

    phases: Sequence[Phase]
    at: datetime

    @property
    def current(self) -> list[Phase]:
        return [phase for phase in self.phases if phase.starts_at <= self.at < phase.ends_at]

    @property
    def next(self) -> Phase | None:
        later = [phase for phase in self.phases if phase.starts_at > self.at]
        return min(later, key=lambda phase: phase.starts_at, default=None)

    @property
    def call(self) -> Phase | None:
        return next((phase for phase in self.phases if phase.kind == Phase.Kind.CALL), None)

    @property
    def deadline(self) -> datetime | None:
        """The call's end; once that is over, the last of the deadlines that tracks have of their own."""
        call = self.call
        if call is None:
            return None
        last = getattr(call, "last_track_ends_at", None)
        return last if last and last > call.ends_at <= self.at else call.ends_at

    @property
    def call_is_open(self) -> bool:
        """Entries are taken from the call's first moment until, not including, its last.

        Somewhere at least: a track may have a deadline of its own, and may be closed.
        """
        return self.call is not None and self.call.starts_at <= self.at < self.deadline


def _phases() -> QuerySet[Phase]:
    # In the order said here: where rows are grouped, Django leaves the model's own away.
    rows = Phase.objects.annotate(last_track_ends_at=Max("edition__tracks__ends_at"))
    return rows.order_by("starts_at", "pk")


def calendar_of(edition_id: int, at: datetime) -> Calendar:
    """One query."""
    return Calendar(tuple(_phases().filter(edition_id=edition_id)), at)


def calendars_of(edition_ids: Iterable[int], at: datetime) -> dict[int, Calendar]:
    """The calendars of several editions, in one query."""
    phases: dict[int, list[Phase]] = {pk: [] for pk in edition_ids}
    for phase in _phases().filter(edition_id__in=phases):
        phases[phase.edition_id].append(phase)
    return {pk: Calendar(tuple(rows), at) for pk, rows in phases.items()}
