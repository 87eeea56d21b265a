"""Writes that give time: to everybody, to one track, to one entry. Whoever it concerns is told, and uploads follow."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from festival.edition import deadline_actions as edition_actions
from festival.edition.calendar import Calendar, calendar_of
from festival.edition.form_rules import LimitRules
from festival.edition.models import DeadlineExtension, Edition, Track
from festival.kit.clock import last_minute
from festival.kit.errors import Refused
from festival.kit.words import deadline_text, spoken_time
from festival.people.actor import Actor
from festival.post import actions as post
from festival.post.models import Notice
from submissions import permissions
from submissions.deadline import grace_of, window_of, window_of_track
from submissions.event_log import log_event
from submissions.intake.actions import KEPT
from submissions.lifecycle import State
from submissions.limits import limits_of
from submissions.models import Entry, Upload
from submissions.window import Window, why_not_later


@transaction.atomic
def extend_deadline(
    *,
    edition: Edition,
    until: datetime,
    by: Actor,
    at: datetime,
    reason: Mapping[str, str] | None = None,
    track: Track | None = None,
) -> DeadlineExtension:
    """Move the end of the call later, or of one track; tell everybody with a draft, and let uploads follow.

    Never earlier: entrants have planned by what was announced. Once the call has opened raises ReasonMissing without
    a reason.
    """
    edition_actions.assert_organises(by, edition)
    calendar = calendar_of(edition.pk, at)
    if calendar.call is None:
        raise Refused(_("This edition has no call for entries."), code="no_call")
    if track is not None and track.closed_at is not None:
        raise Refused(_("This track is closed. Open it again first."), code="track_closed")
    old = track.ends_at if track is not None and track.ends_at else calendar.call.ends_at
    _assert_later(Window((old,), grace=grace_of(edition)), until, at, edition.time_zone)
    extension = edition_actions.move_deadline(
        edition=edition, track=track, before=old, until=until, reason=reason or {}, by=by, at=at
    )
    drafts = drafts_concerned(edition, track).exclude(late_until__gte=until)
    post.notify_many(notices=_notices(extension, drafts, at))
    carry_uploads(edition=edition, at=at)
    # Once more when everybody can see it: an upload that began meanwhile has read the old deadline.
    transaction.on_commit(lambda: carry_uploads(edition=edition, at=at))
    return extension


def drafts_concerned(edition: Edition, track: Track | None) -> QuerySet[Entry]:
    """The drafts whose deadline is the call's, or the track's."""
    drafts = Entry.objects.filter(edition=edition, state=State.DRAFT)
    if track is not None:
        return drafts.filter(track=track)
    return drafts.filter(track__ends_at__isnull=True, track__closed_at__isnull=True)


def _notices(extension: DeadlineExtension, drafts: QuerySet[Entry], at: datetime) -> list[Notice]:
    """One for each entrant, however many drafts; moments as a deadline is read, the last minute in time."""
    by_entrant: dict[int, list[tuple[str, str]]] = {}
    for entrant, title, code in drafts.order_by("pk").values_list("entrant", "title", "code"):
        by_entrant.setdefault(entrant, []).append((title, code))
    common = {
        "old": last_minute(extension.before).isoformat(),
        "until": last_minute(extension.until).isoformat(),
        "reason": extension.reason,
    }
    notices = []
    for entrant, mine in by_entrant.items():
        title, code = mine[0]
        path = f"/entries/{code}/" if len(mine) == 1 else "/entries/"
        values = {**common, "title": title, "code": code}
        notices.append(
            Notice(
                user_id=entrant,
                edition=extension.edition,
                kind="deadline_extended",
                path=path,
                created_at=at,
                values=values,
            )
        )
    return notices


@transaction.atomic
def give_time(*, entry: Entry, until: datetime, reason: str, by: Actor, at: datetime) -> Entry:
    """More time for one entry: a draft may be submitted until then, a mended film be sent. With a reason.

    What a late code does without one; the entrant is told.
    """
    if not permissions.can_give_time(by, entry):
        text = _("You cannot give this entry more time: it is your own, or you are not of its team.")
        raise Refused(text, status=403, code="not_allowed")
    if not reason.strip():
        text = _("Say why this entry gets more time: the entrant reads it, and the log keeps it.")
        raise Refused(text, status=400, code="reason_missing")
    rows = Entry.objects.select_for_update(of=("self",)).select_related("edition")
    fresh = rows.get(pk=entry.pk)
    window = window_of(fresh, calendar_of(fresh.edition_id, at))
    if window is None:
        text = _("Nothing is awaited for this entry now: it is “%(state)s”.")
        raise Refused(text % {"state": fresh.get_state_display()}, code="not_awaited")
    _assert_later(window, until, at, fresh.edition.time_zone)
    column = "fix_until" if fresh.state == State.FIXING else "late_until"
    Entry.objects.filter(pk=fresh.pk).update(**{column: until, "updated_at": at})
    fresh.refresh_from_db(fields=[column, "updated_at"])
    values: dict[str, Any] = {"until": until.isoformat(), "reason": reason.strip()}
    log_event(entry=fresh, kind="time_given", by=by, at=at, **values)
    shown = until if fresh.state == State.FIXING else last_minute(until)
    post.notify(
        user=fresh.entrant, edition=fresh.edition, kind="time_given", path=f"/entries/{fresh.code}/", at=at,
        title=fresh.title, code=fresh.code, **values | {"until": shown.isoformat()},
    )  # fmt: skip
    carry_uploads(edition=fresh.edition, at=at, entry=fresh)
    return fresh


def _assert_later(window: Window, until: datetime, at: datetime, zone: str) -> None:
    why = why_not_later(old=window.end, until=until, at=at, grace=window.grace)
    if why == "past":
        raise Refused(_("This moment is over already. Choose a later one."), status=400, code="past")
    values = {"deadline": deadline_text(window.end, zone), "grace": spoken_time(window.grace.total_seconds())}
    if why == "earlier":
        text = _(
            "The deadline is %(deadline)s. It can be moved later, never earlier: entrants have planned by what was "
            "announced to them."
        )
        raise Refused(text % values, status=400, code="earlier")
    if why == "within_grace":
        text = _(
            "The deadline is %(deadline)s, and films on their way have %(grace)s more anyway. Choose a moment after "
            "that."
        )
        raise Refused(text % values, status=400, code="within_grace")


@transaction.atomic
def save_limits(
    *, edition: Edition, limits: LimitRules, by: Actor, at: datetime, reason: Mapping[str, str] | None = None
) -> None:
    """Write how many entries are taken. Uploads under way follow the grace minutes.

    Refused to shorten the grace while it runs: those whose film is on its way were promised it.
    """
    now = limits_of(edition)
    calendar = calendar_of(edition.pk, at)
    if limits.grace_minutes < now.grace_minutes and _grace_runs(edition, calendar):
        text = _(
            "The deadline has struck and films are still on their way: the grace cannot be shortened now."
        )
        raise Refused(text, code="grace_runs")
    edition_actions.save_limits(edition=edition, limits=limits, by=by, at=at, reason=reason)
    if limits.grace_minutes != now.grace_minutes:
        carry_uploads(edition=edition, at=at, shorten=True)


def _grace_runs(edition: Edition, calendar: Calendar) -> bool:
    windows = [window_of_track(track, edition, calendar) for track in edition.tracks.all()]
    return any(window and window.end <= calendar.at < window.end + window.grace for window in windows)


def carry_uploads(
    *, edition: Edition, at: datetime, entry: Entry | None = None, shorten: bool = False
) -> int:
    """Let the open uploads of an edition, or of one entry, end with the deadlines as they are now; gives how many.

    Only ever later, unless `shorten`. Safe to run again. Those whose window is over keep the end they were given.
    """
    rows = Upload.objects.filter(state=Upload.State.OPEN, entry__edition=edition)
    rows = rows.filter(Q(entry__state=State.DRAFT) | Q(entry__state=State.FIXING))
    if entry is not None:
        rows = rows.filter(entry=entry)
    calendar = calendar_of(edition.pk, at)
    changed = []
    for upload in rows.select_related("entry__edition", "entry__track"):
        window = window_of(upload.entry, calendar)
        if window is None or not at < window.end + window.grace:
            continue
        ends = window.upload_until(upload.created_at, KEPT)
        if ends > upload.expires_at or (shorten and ends < upload.expires_at):
            upload.expires_at = ends
            changed.append(upload)
    Upload.objects.bulk_update(changed, ["expires_at"], batch_size=500)
    return len(changed)
