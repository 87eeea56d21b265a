"""Until when an entry can be sent in: its deadline, and an hour more for a film that was on its way when it struck."""

from datetime import datetime, timedelta

from festival.edition.calendar import Calendar
from submissions.lifecycle import State
from submissions.models import Entry, FilmVersion

GRACE = timedelta(minutes=60)


def deadline_of(entry: Entry, calendar: Calendar) -> datetime | None:
    """The end of the call for a draft, of the fix window for a film to be mended; None where nothing is awaited."""
    if entry.state == State.DRAFT:
        return calendar.call.ends_at if calendar.call else None
    return entry.fix_until if entry.state == State.FIXING else None


def closes_at(entry: Entry, calendar: Calendar) -> datetime | None:
    """The moment from which the entry can no longer be submitted.

    Asks nothing of the database for an entry whose versions were fetched with their uploads.
    """
    deadline = deadline_of(entry, calendar)
    if deadline is None:
        return None
    newest = max(entry.versions.all(), key=lambda version: version.number, default=None)
    return deadline + GRACE if newest and was_on_its_way(newest, deadline) else deadline


def was_on_its_way(version: FilmVersion, deadline: datetime) -> bool:
    """Whether the film's upload began before the deadline and arrived after it: the entrant could not submit before."""
    return version.upload.created_at < deadline <= version.created_at
