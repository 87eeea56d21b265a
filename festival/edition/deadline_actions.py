"""Writes of limits, of tracks' terms and of the deadline.

What they mean for drafts and uploads is the business of a floor above.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from festival.edition import permissions
from festival.edition.form_actions import form_changes
from festival.edition.form_rules import LimitRules, read_form
from festival.edition.frozen_actions import Change, ask_reason, moment_value, record_changes
from festival.edition.models import DeadlineExtension, Edition, Phase, Track
from festival.kit.errors import Refused
from festival.people.actor import Actor


@transaction.atomic
def save_limits(
    *, edition: Edition, limits: LimitRules, by: Actor, at: datetime, reason: Mapping[str, str] | None = None
) -> None:
    """Write how many entries are taken, into the edition's form; its other parts stay. Later with a reason."""
    assert_organises(by, edition)
    held = Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
    before = read_form(held.form)
    after = replace(before, limits=limits)
    record_changes(edition=held, changes=form_changes(before, after), reason=reason or {}, by=by, at=at)
    held.form = after.as_data()
    held.save(update_fields=["form"])
    edition.form = held.form


@transaction.atomic
def save_track_terms(
    *,
    track: Track,
    invitation_only: bool,
    most_entries: int,
    by: Actor,
    at: datetime,
    ends_at: datetime | None,
    enters: str = "",
    reason: Mapping[str, str] | None = None,
) -> None:
    """Write who may enter a track, how many it takes, and whether films or projects ("": as it is; the floor above
    refuses it once there are entries).

    `ends_at` is a deadline of its own, None for the call's. Once the call has opened it is no longer set here:
    entrants have planned by it, so that it is only ever moved later (`move_deadline`). The rest then needs a reason.
    """
    assert_organises(by, track.edition)
    held = Track.objects.select_for_update(no_key=True).get(pk=track.pk)
    if ends_at != held.ends_at:
        call = Phase.objects.filter(edition=track.edition_id, kind=Phase.Kind.CALL).first()
        if call is None or call.starts_at <= at:
            text = _(
                "The call has opened: a track's deadline can only be moved later now, with a notice to everybody."
            )
            raise Refused(text, code="call_opened")
        if ends_at is not None and ends_at <= call.starts_at:
            text = _("The track would close before the call opens. Choose a later day.")
            raise Refused(text, status=400, code="too_early")
    enters = enters or held.enters
    _record(
        held,
        {
            "track.enters": (held.enters, enters),
            "track.invitation_only": (held.invitation_only, invitation_only),
            "track.most_entries": (held.most_entries, most_entries),
        },
        reason,
        by,
        at,
    )
    Track.objects.filter(pk=track.pk).update(
        enters=enters, invitation_only=invitation_only, most_entries=most_entries, ends_at=ends_at
    )


@transaction.atomic
def close_track(*, track: Track, reason: Mapping[str, str], by: Actor, at: datetime) -> None:
    """No more films in this track from now on; what was submitted stays. Closing twice keeps the first time.

    Where the deadline is over already it counts as closed since then: moving the call's deadline later does not open
    it again, and takes nothing from films that were on their way.
    """
    assert_organises(by, track.edition)
    held = Track.objects.select_for_update(no_key=True).get(pk=track.pk)
    if held.closed_at is None:
        _record(held, {"track.closed": (False, True)}, reason, by, at)
        call = Phase.objects.filter(edition=track.edition_id, kind=Phase.Kind.CALL).first()
        end = held.ends_at or (call.ends_at if call else at)
        held.closed_at = min(at, end)
    held.closed_reason = dict(reason)
    held.save(update_fields=["closed_at", "closed_reason"])


@transaction.atomic
def open_track(*, track: Track, by: Actor, at: datetime, reason: Mapping[str, str] | None = None) -> None:
    """A closed track takes films again, until its deadline."""
    assert_organises(by, track.edition)
    held = Track.objects.select_for_update(no_key=True).get(pk=track.pk)
    _record(held, {"track.closed": (held.closed_at is not None, False)}, reason, by, at)
    Track.objects.filter(pk=track.pk).update(closed_at=None, closed_reason={})


@transaction.atomic
def move_deadline(
    *,
    edition: Edition,
    track: Track | None,
    before: datetime,
    until: datetime,
    reason: Mapping[str, str],
    by: Actor,
    at: datetime,
) -> DeadlineExtension:
    """Put the end of the call, or of one track, from `before` to `until`, and write it into the history.

    Refused when the end is no longer `before`. That `until` is later is held by the database. Once the call has
    opened raises ReasonMissing without a reason; what is kept and told is the history's own.
    """
    assert_organises(by, edition)
    Edition.objects.select_for_update(no_key=True).only("pk").get(pk=edition.pk)
    if track is None:
        calls = Phase.objects.filter(edition=edition, kind=Phase.Kind.CALL, ends_at=before)
        moved = calls.update(ends_at=until)
    else:
        as_read = {"ends_at__isnull": True} if track.ends_at is None else {"ends_at": track.ends_at}
        moved = Track.objects.filter(pk=track.pk, **as_read).update(ends_at=until)
    if not moved:
        text = _("Somebody was faster: the deadline has changed. Look at the page again.")
        raise Refused(text, code="changed")
    change = Change(
        "deadline",
        moment_value(before),
        moment_value(until),
        name=track.name if track else {},
        tracks=[track.slug] if track else [],
    )
    ask_reason(edition=edition, change=change, reason=reason, by=by, at=at)
    return DeadlineExtension.objects.create(
        edition=edition, track=track, before=before, until=until, reason=dict(reason), by=by.user, at=at
    )


def _record(
    track: Track,
    values: Mapping[str, tuple[Any, Any]],
    reason: Mapping[str, str] | None,
    by: Actor,
    at: datetime,
) -> None:
    changes = [
        Change(what, before, after, name=track.name, tracks=[track.slug])
        for what, (before, after) in values.items()
    ]
    record_changes(edition=track.edition, changes=changes, reason=reason or {}, by=by, at=at)


def assert_organises(by: Actor, edition: Edition) -> None:
    """Refuses everybody but the edition's organisers."""
    if not permissions.can_organise(by, edition):
        text = _("Only the organisers of this contest can do this.")
        raise Refused(text, status=403, code="not_allowed")
