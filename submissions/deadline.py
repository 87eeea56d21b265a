"""Until when an entry can be sent in: `submissions.window` fed with what the database knows."""

from datetime import datetime, timedelta

from festival.edition.calendar import Calendar
from festival.edition.form_rules import read_form
from festival.edition.models import Edition, Track
from submissions.lifecycle import State
from submissions.models import Entry
from submissions.window import Film, Window, ends_of_draft


def grace_of(edition: Edition) -> timedelta:
    """What a film has that was being uploaded when the deadline struck."""
    return timedelta(minutes=read_form(edition.form).limits.grace_minutes)


def window_of(entry: Entry, calendar: Calendar) -> Window | None:
    """The call for a draft, the fix window for a film to be mended; None where no film is awaited.

    Asks nothing of the database for an entry that was fetched with its edition and track.
    """
    if entry.state == State.DRAFT:
        return window_of_track(entry.track, entry.edition, calendar, late_until=entry.late_until)
    if entry.state == State.FIXING and entry.fix_until is not None:
        return Window((entry.fix_until,), grace=grace_of(entry.edition))
    return None


def window_of_track(
    track: Track, edition: Edition, calendar: Calendar, *, late_until: datetime | None = None
) -> Window | None:
    """When a track takes films; None in an edition without a call."""
    call = calendar.call
    if call is None:
        return None
    ends = ends_of_draft(
        call.ends_at, track_end=track.ends_at, closed_at=track.closed_at, late_until=late_until
    )
    return Window(ends, opens=call.starts_at, grace=grace_of(edition))


def film_of(entry: Entry) -> Film | None:
    """Begin and arrival of the newest film. Asks nothing for an entry whose versions came with their uploads."""
    newest = max(entry.versions.all(), key=lambda version: version.number, default=None)
    return Film(newest.upload.created_at, newest.created_at) if newest else None


def deadline_of(entry: Entry, calendar: Calendar) -> datetime | None:
    """The end of the call for a draft, of the fix window for a film to be mended; None where nothing is awaited."""
    window = window_of(entry, calendar)
    return window.end if window else None


def closes_at(entry: Entry, calendar: Calendar) -> datetime | None:
    """The moment from which the entry can no longer be submitted."""
    window = window_of(entry, calendar)
    return window.closes(film_of(entry)) if window else None


def takes_now(entry: Entry, calendar: Calendar) -> bool:
    """Whether the entry can be submitted at the calendar's moment."""
    window = window_of(entry, calendar)
    return window is not None and window.takes(calendar.at, film_of(entry))
