"""A track's terms and an extended deadline in words, for the public pages and the entrant's."""

from django.utils.translation import gettext as _

from festival.edition.calendar import Calendar
from festival.edition.models import DeadlineExtension, Edition, Track
from festival.kit.words import deadline_text, joined, moment_text, say


def _kinds(edition: Edition) -> set[str]:
    if not hasattr(edition, "_kinds"):
        edition._kinds = {track.enters for track in edition.tracks.all()}  # type: ignore[attr-defined]
    return edition._kinds  # type: ignore[attr-defined]


def only_projects(edition: Edition) -> bool:
    """Whether nothing but projects is entered here: pages say *project*. One query, remembered on the edition."""
    return _kinds(edition) == {Track.Enters.PROJECT}


def takes_projects(edition: Edition) -> bool:
    """Whether projects are entered here too: pages about all of them say *entry*. One query, remembered."""
    return Track.Enters.PROJECT in _kinds(edition)


def extension_text(extension: DeadlineExtension, zone: str) -> str:
    """The announcement of a deadline that was moved, with its reason where one was given."""
    text = _("Extended: the deadline was %(old)s and is now %(until)s.")
    said = text % {
        "old": deadline_text(extension.before, zone),
        "until": deadline_text(extension.until, zone),
    }
    return joined(said, say(extension.reason))


def track_notes(
    track: Track,
    edition: Edition,
    calendar: Calendar,
    *,
    extension: DeadlineExtension | None = None,
    full: bool = False,
) -> list[str]:
    """What of a track differs from the call as a whole. `extension` is the newest one of this track's own deadline."""
    zone, at = edition.time_zone, calendar.at
    begun = calendar.call is not None and calendar.call.starts_at <= at
    notes = []
    if track.closed_at is not None and track.closed_at <= at:
        closed = _("Closed since %(when)s.") % {"when": moment_text(track.closed_at, zone)}
        return [joined(closed, say(track.closed_reason))]
    if track.ends_at is not None and track.ends_at <= at:
        return [_("Was open until %(deadline)s.") % {"deadline": deadline_text(track.ends_at, zone)}]
    if extension is not None and begun and at < extension.until:
        notes.append(extension_text(extension, zone))
    elif track.ends_at is not None:
        notes.append(_("Open until %(deadline)s.") % {"deadline": deadline_text(track.ends_at, zone)})
    if track.enters == Track.Enters.PROJECT:
        notes.append(_("Takes projects: no film is needed yet."))
    if track.invitation_only:
        notes.append(_("By invitation: a code from the organiser opens it."))
    if full:
        notes.append(_("Full: it has as many films as it takes."))
    return notes
