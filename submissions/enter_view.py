"""What the enter page and a draft say about tracks and limits, and which tracks may be chosen."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from festival.edition.calendar import Calendar
from festival.edition.form_rules import LimitRules
from festival.edition.models import DeadlineExtension, Edition, Track
from festival.edition.queries import extensions_of
from festival.edition.track_words import extension_text, only_projects, takes_projects, track_notes
from festival.kit.words import spoken_minutes
from submissions.codes import by_invitation, has_late_codes, opens
from submissions.deadline import window_of_track
from submissions.limits import Used, full_tracks, limits_of, used_by
from submissions.models import Code, Entry


@dataclass(frozen=True, slots=True)
class TrackTerms:
    """A track as the enter page shows it. `open`: by its deadline; `offered`: a draft may be begun in it now."""

    track: Track
    notes: list[str]
    open: bool
    full: bool

    @property
    def offered(self) -> bool:
        return self.open and not self.full


def terms_of(
    edition: Edition, calendar: Calendar, *, extensions: dict[int | None, DeadlineExtension] | None = None
) -> list[TrackTerms]:
    """The tracks with their terms. Two queries, a third where a track can be full."""
    tracks = list(edition.tracks.all())
    full = full_tracks(tracks)
    announced = extensions_of(edition) if extensions is None else extensions
    return [
        TrackTerms(
            track,
            track_notes(track, edition, calendar, extension=announced.get(track.pk), full=track.pk in full),
            _is_open(track, edition, calendar),
            track.pk in full,
        )
        for track in tracks
    ]


def _is_open(track: Track, edition: Edition, calendar: Calendar, late_until: datetime | None = None) -> bool:
    window = window_of_track(track, edition, calendar, late_until=late_until)
    return window is not None and window.is_open(calendar.at)


@dataclass(frozen=True, slots=True)
class Begin:
    """How a draft can be begun here. `among` are ids of tracks; `code` is "", "optional" or "required"; `late`: only
    with a late code, because the call is over. `announced` says that the deadline was extended.
    """

    terms: list[TrackTerms]
    among: list[int]
    code: str
    late: bool
    announced: str

    @property
    def possible(self) -> bool:
        return bool(self.among)


def begin_of(edition: Edition, calendar: Calendar, *, code: str = "") -> Begin:
    """What the enter page offers. `code` is what stands in the address: with one the field is shown."""
    extensions = extensions_of(edition)
    terms = terms_of(edition, calendar, extensions=extensions)
    late = (
        calendar.call is not None
        and calendar.call.starts_at <= calendar.at
        and not calendar.call_is_open
        and has_late_codes(edition, calendar.at)
    )
    if late:
        among = [one.track.pk for one in terms if one.track.closed_at is None and not one.full]
    elif not calendar.call_is_open:
        among = [
            one.track.pk for one in terms
        ]  # no form is shown; what is sent in spite of that is told the date
    else:
        among = [one.track.pk for one in terms if one.offered]
    everywhere = limits_of(edition).invitation_only
    if late or everywhere:
        asked = "required"
    elif code or any(one.offered and one.track.invitation_only for one in terms):
        asked = "optional"
    else:
        asked = ""
    return Begin(terms, among, asked, late, announcement(extensions.get(None), edition, calendar.at))


def asks_code(entry: Entry, calendar: Calendar, *, in_time: bool) -> bool:
    """Whether a draft's page asks for a code: for more time after the deadline, for tracks by invitation before."""
    if not in_time:
        call = calendar.call
        return (
            call is not None and call.starts_at <= calendar.at and has_late_codes(entry.edition, calendar.at)
        )
    return any(track.invitation_only for track in entry.edition.tracks.all())


def choosable(entry: Entry, calendar: Calendar, codes: Iterable[Code]) -> list[int]:
    """Ids of the tracks that a draft may stand in: its own, and those that would take it. Two queries at most."""
    codes, edition = list(codes), entry.edition
    tracks = list(edition.tracks.all())
    full = full_tracks(tracks, but=entry.pk)
    return [
        track.pk
        for track in tracks
        if track.pk == entry.track_id
        or (
            track.pk not in full
            and _is_open(track, edition, calendar, entry.late_until)
            and (not by_invitation(track, edition) or opens(codes, track))
        )
    ]


def announcement(extension: DeadlineExtension | None, edition: Edition, at: datetime) -> str:
    """The extended deadline in words, until it has passed."""
    if extension is None or at >= extension.until:
        return ""
    return extension_text(extension, edition.time_zone)


def announcement_for(entry: Entry, at: datetime) -> str:
    """The same for the deadline that a draft has. One query."""
    own = entry.track_id if entry.track.ends_at else None
    return announcement(extensions_of(entry.edition).get(own), entry.edition, at)


def limit_sentences(limits: LimitRules, edition: Edition) -> list[str]:
    """The limits as the enter page tells them to everybody. One query."""
    several = limits.one_track_per_film and edition.tracks.count() > 1  # of one track it would say nothing
    if takes_projects(edition):
        return _limits_of_entries(limits, only=only_projects(edition), several=several)
    said = []
    if limits.per_person:
        text = ngettext(
            "One person may submit %(count)d film.",
            "One person may submit %(count)d films.",
            limits.per_person,
        )
        said.append(text % {"count": limits.per_person})
    if limits.per_track:
        text = ngettext(
            "One person may submit %(count)d film in each track.",
            "One person may submit %(count)d films in each track.",
            limits.per_track,
        )
        said.append(text % {"count": limits.per_track})
    if several:
        said.append(_("A film takes part in one track only."))
    if limits.grace_minutes:
        text = _("A film whose upload began before the deadline may arrive and be submitted %(grace)s later.")
        said.append(text % {"grace": spoken_minutes(limits.grace_minutes)})
    return said


def _limits_of_entries(limits: LimitRules, *, only: bool, several: bool) -> list[str]:
    """The same where projects are entered; `only`: no film comes with them; `several`: it takes part in one track."""
    said = []
    if limits.per_person:
        text = ngettext(
            "One person may submit %(count)d entry.",
            "One person may submit %(count)d entries.",
            limits.per_person,
        )
        said.append(text % {"count": limits.per_person})
    if limits.per_track:
        text = ngettext(
            "One person may submit %(count)d entry in each track.",
            "One person may submit %(count)d entries in each track.",
            limits.per_track,
        )
        said.append(text % {"count": limits.per_track})
    if several:
        said.append(_("An entry takes part in one track only."))
    if limits.grace_minutes:
        text = _("A film whose upload began before the deadline may arrive and be submitted %(grace)s later.")
        if only:
            text = _("Files whose upload began before the deadline may arrive %(grace)s later.")
        said.append(text % {"grace": spoken_minutes(limits.grace_minutes)})
    return said


def left_sentence(
    limits: LimitRules, used: Used, track: Track | None = None, *, projects: bool = False
) -> str:
    """How many films this account may still submit: to the contest, or in the draft's track; "" without a limit.

    `projects`: where projects are entered, it speaks of entries.
    """
    left = [limits.per_person - used.person] if limits.per_person else []
    if limits.per_track and track is not None:
        left.append(limits.per_track - used.tracks.get(track.pk, 0))
    if not left:
        return ""
    count = max(min(left), 0)
    if projects:
        text = ngettext(
            "You can submit %(count)d more entry.", "You can submit %(count)d more entries.", count
        )
        return (
            text % {"count": count} if count else _("You have submitted as many entries as one person may.")
        )
    text = ngettext("You can submit %(count)d more film.", "You can submit %(count)d more films.", count)
    return text % {"count": count} if count else _("You have submitted as many films as one person may.")


def left_for(entry: Entry, limits: LimitRules) -> str:
    """The same for a draft. One query where there is a limit."""
    if not (limits.per_person or limits.per_track):
        return ""
    used = used_by(entry.entrant_id, entry.edition_id, but=entry.pk)
    return left_sentence(limits, used, entry.track, projects=entry.is_project)
