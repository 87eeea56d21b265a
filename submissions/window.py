"""Until when an entry can be sent in, as plain values: no database, no Django. `submissions.deadline` feeds it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

LAST_MOMENT = timedelta(minutes=1)  # whose film arrives so late had no time to submit


@dataclass(frozen=True, slots=True)
class Film:
    """The newest film of an entry: when its upload began, and when all of it was there."""

    begun: datetime
    arrived: datetime


@dataclass(frozen=True, slots=True)
class Window:
    """When a film is taken. An end is the first moment that is too late; of several the last one counts.

    `opens` is None where the window has always been open. `grace` is what a film has that was being uploaded at an
    end: its entrant could not submit before.
    """

    ends: tuple[datetime, ...]
    opens: datetime | None = None
    grace: timedelta = timedelta(0)

    @property
    def end(self) -> datetime:
        """The deadline."""
        return max(self.ends)

    def has_begun(self, at: datetime) -> bool:
        return self.opens is None or self.opens <= at

    def is_open(self, at: datetime) -> bool:
        """Whether a draft may be begun, and an upload."""
        return self.has_begun(at) and at < self.end

    def closes(self, film: Film | None) -> datetime:
        """The moment from which the entry can no longer be submitted. Each end is weighed by itself.

        What a film on its way was promised at one end still holds when another end has been given since.
        """
        return max(end + self.grace if film and on_its_way(film, end) else end for end in self.ends)

    def takes(self, at: datetime, film: Film | None) -> bool:
        """Whether the entry can be submitted."""
        return self.has_begun(at) and at < self.closes(film)

    def upload_until(self, begun: datetime, kept: timedelta) -> datetime:
        """The moment from which nothing more is taken of an upload; an unfinished one is kept for `kept` at most."""
        return min(begun + kept, self.end + self.grace)


def on_its_way(film: Film, end: datetime) -> bool:
    """Whether the upload began before the end and arrived after it, or so shortly before that nobody could submit.

    Under load the entrant may hear after the end what the server wrote down before it.
    """
    return film.begun < end < film.arrived + LAST_MOMENT


def ends_of_draft(
    call_end: datetime,
    *,
    track_end: datetime | None = None,
    closed_at: datetime | None = None,
    late_until: datetime | None = None,
) -> tuple[datetime, ...]:
    """The ends of a draft's window: the track's own deadline stands in for the call's, closing the track ends it
    earlier, and time that was given to this one entry stands beside it.
    """
    end = track_end or call_end
    if closed_at is not None:
        end = min(end, closed_at)
    return (end,) if late_until is None else (end, late_until)


def why_not_later(*, old: datetime, until: datetime, at: datetime, grace: timedelta) -> str:
    """Why a deadline cannot be moved from `old` to `until`: "past", "earlier", "within_grace"; "" when it can.

    A film on its way at the old end may be submitted until the grace is over. A new end within that grace would
    close earlier for it than the old one did.
    """
    if until <= at:
        return "past"
    if until <= old:
        return "earlier"
    return "within_grace" if until < old + grace else ""
