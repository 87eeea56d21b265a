"""Refusals of what comes too early or too late: with the date, and with what can be done."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from festival.edition.calendar import Calendar, calendar_of
from festival.edition.models import Edition, Track
from festival.kit.errors import Refused
from festival.kit.words import deadline_text, say, spoken_time
from submissions.deadline import film_of, window_of, window_of_track
from submissions.lifecycle import State
from submissions.models import Entry
from submissions.window import Window


def assert_track_open(
    track: Track, edition: Edition, at: datetime, *, late_until: datetime | None = None
) -> None:
    """Refuses when a draft cannot be begun in the track now, or moved into it."""
    calendar = calendar_of(edition.pk, at)
    window = window_of_track(track, edition, calendar, late_until=late_until)
    if window is None or not window.is_open(at):
        raise _not_open(track, edition, calendar, window)


def assert_may_upload(entry: Entry, at: datetime) -> Window:
    """Refuses when no upload can be begun for this entry now; gives the window it is in."""
    calendar = calendar_of(entry.edition_id, at)
    window = window_of(entry, calendar)
    if window is not None and window.is_open(at):
        return window
    raise (
        _fix_over()
        if entry.state == State.FIXING
        else _not_open(entry.track, entry.edition, calendar, window)
    )


def assert_in_time(entry: Entry, at: datetime) -> None:
    """Refuses to submit a draft outside its track's window, and a mended film after the fix window."""
    calendar = calendar_of(entry.edition_id, at)
    window = window_of(entry, calendar)
    if window is not None and window.takes(at, film_of(entry)):
        return
    if entry.state == State.FIXING:
        raise _fix_over()
    if window is None or not window.has_begun(at) or calendar.call_is_open:
        raise _not_open(entry.track, entry.edition, calendar, window)
    raise _closed_with_grace(deadline_text(window.end, entry.edition.time_zone), window.grace)


def _not_open(track: Track, edition: Edition, calendar: Calendar, window: Window | None) -> Refused:
    if _is_early(calendar):
        return _too_early()
    if window is None or not calendar.call_is_open:
        return _call_closed()
    text = _("The track “%(track)s” closed on %(deadline)s. Choose another track.")
    values = {"track": say(track.name), "deadline": deadline_text(window.end, edition.time_zone)}
    return Refused(text % values, status=410, code="track_closed")


def _is_early(calendar: Calendar) -> bool:
    return calendar.call is not None and calendar.at < calendar.call.starts_at


def _too_early() -> Refused:
    return Refused(
        _("The call for entries has not opened yet. Come back when it does."), code="call_not_open"
    )


def _call_closed() -> Refused:
    text = _("The call for entries is closed. Entries and films are no longer taken.")
    return Refused(text, status=410, code="call_closed")


def _fix_over() -> Refused:
    text = _("The time for sending a mended film is over. Write to the organiser.")
    return Refused(text, status=410, code="fix_window_over")


def _closed_with_grace(deadline: str, grace: timedelta) -> Refused:
    values = {"deadline": deadline, "grace": spoken_time(grace.total_seconds())}
    if grace:
        text = _(
            "The call for entries closed on %(deadline)s. Only a film that was being uploaded at that moment could "
            "still be submitted, for %(grace)s. Write to the organiser if something kept you from it."
        )
    else:
        text = _(
            "The call for entries closed on %(deadline)s. Write to the organiser if something kept you from it."
        )
    return Refused(text % values, status=410, code="call_closed")
