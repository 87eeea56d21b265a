"""Writes of what a contest is made of: tracks and phases come and go, and are called something else.

Once the call has opened with a reason, and not what entrants have planned by: `part_queries` says what stays.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from festival.edition.date_actions import Days, assert_lengths, assert_order, days_of, times_of
from festival.edition.deadline_actions import assert_organises
from festival.edition.frozen_actions import Change, is_frozen, moment_value, record_changes
from festival.edition.models import Edition, Phase, Track
from festival.kit.errors import Refused
from festival.people.actor import Actor
from judging.award_setup_actions import free_address
from judging.part_queries import phase_lines, track_lines, why_kinds_stay

Text = Mapping[str, str]
Reason = Mapping[str, str] | None


@transaction.atomic
def add_track(
    *, edition: Edition, name: Text, about: Text, enters: str, by: Actor, at: datetime, reason: Reason = None
) -> Track:
    """Behind the others, open to everybody; its address is made from its name. Refused once the call is over: nobody
    could enter in it.
    """
    held = _hold(edition, by)
    over = why_no_track(held, at)
    if over:
        raise Refused(over, code="over")
    last = held.tracks.order_by("position").values_list("position", flat=True).last()
    track = Track.objects.create(
        edition=held,
        slug=free_address(name, "track", held.tracks.all()),
        name=dict(name),
        about=dict(about),
        enters=enters,
        position=0 if last is None else last + 1,
    )
    change = Change(
        "track.slot", None, {"enters": enters}, name=dict(name)
    )  # told to every draft: it may go there
    record_changes(edition=held, changes=[change], reason=reason or {}, by=by, at=at)
    return track


@transaction.atomic
def rename_track(
    *, track: Track, name: Text, about: Text, by: Actor, at: datetime, reason: Reason = None
) -> None:
    """What it is called and what is said of it; its address stays. Once the call has opened, with a reason."""
    assert_organises(by, track.edition)
    held = Track.objects.select_for_update(no_key=True).select_related("edition").get(pk=track.pk)
    given = {"name": dict(name), "about": dict(about)}
    changes = [
        Change(f"track.{key}", getattr(held, key), text, name=held.name) for key, text in given.items()
    ]
    Track.objects.filter(pk=held.pk).update(**given)
    record_changes(edition=held.edition, changes=changes, reason=reason or {}, by=by, at=at)


@transaction.atomic
def rename_phase(*, phase: Phase, name: Text, by: Actor, at: datetime, reason: Reason = None) -> None:
    """What it is called; without a name it is called after its kind. Once the call has opened, with a reason."""
    assert_organises(by, phase.edition)
    held = Phase.objects.select_for_update(no_key=True).select_related("edition").get(pk=phase.pk)
    change = Change("phase.name", held.name, dict(name), name=held.name or {"kind": held.kind})
    Phase.objects.filter(pk=held.pk).update(name=dict(name))
    record_changes(edition=held.edition, changes=[change], reason=reason or {}, by=by, at=at)


@transaction.atomic
def remove_track(*, track: Track, by: Actor, at: datetime, reason: Reason = None) -> None:
    """Refused for the only one, once an entry was begun in it, and while anything names it."""
    held = _hold(track.edition, by)
    # What is about to name it waits for this row, and then finds it gone.
    row = Track.objects.select_for_update().filter(pk=track.pk).first()
    line = next((one for one in track_lines(held) if row and one.track.pk == row.pk), None)
    if row is None or line is None:
        raise Refused(_("This track is not there any more. Reload the page."), code="gone")
    if line.stays:
        raise Refused(line.stays, code="named")
    row.delete()
    change = Change("track.slot", {"enters": row.enters}, None, name=row.name, tracks=[row.slug])
    record_changes(edition=held, changes=[change], reason=reason or {}, by=by, at=at)


@transaction.atomic
def add_phase(
    *,
    edition: Edition,
    kind: str,
    name: Text,
    days: Days,
    by: Actor,
    at: datetime,
    reason: Reason = None,
) -> Phase:
    """From its first midnight to the end of its last day. Refused for what the loader of blueprints refuses: an order
    that cannot be, a public notice shorter than objections take, days that are years away. Once the call has opened it
    begins in the future.
    """
    held = _hold(edition, by)
    why = why_kinds_stay(held).get(kind, "")
    if why:
        raise Refused(why, code="stays")
    starts_at, ends_at = times_of(days, held.time_zone)
    if starts_at <= at and is_frozen(held, at):
        text = _("The call has opened: a phase that is added now begins tomorrow or later.")
        raise Refused(text, status=400, code="begun")
    phase = Phase(edition=held, kind=kind, name=dict(name), starts_at=starts_at, ends_at=ends_at)
    rows = list(Phase.objects.filter(edition=held))
    plans = assert_order([*rows, phase], [*(days_of(row, held.time_zone) for row in rows), days])
    assert_lengths(held, plans[-1:])
    phase.save()
    _record_phase(held, phase, None, _times(phase), reason, by, at)
    return phase


@transaction.atomic
def remove_phase(*, phase: Phase, by: Actor, at: datetime, reason: Reason = None) -> None:
    """Refused for the call, where something follows from it, and where the others could not be without it. Once the
    call has opened also for what has begun, and for what entrants have planned by.
    """
    held = _hold(phase.edition, by)
    line = next((one for one in phase_lines(held, at) if one.phase.pk == phase.pk), None)
    if line is None:
        raise Refused(_("This phase is not there any more. Reload the page."), code="gone")
    if line.stays:
        raise Refused(line.stays, code="stays")
    rows = list(Phase.objects.filter(edition=held).exclude(pk=phase.pk))
    assert_order(rows, [days_of(row, held.time_zone) for row in rows])
    Phase.objects.filter(pk=phase.pk).delete()
    _record_phase(held, line.phase, _times(line.phase), None, reason, by, at)


def why_no_track(edition: Edition, at: datetime) -> str:
    """Why no track is added any more; "" while one can be. Two queries."""
    calls = Phase.objects.filter(edition=edition, kind=Phase.Kind.CALL, ends_at__lte=at)
    if not is_frozen(edition, at) or not calls.exists():
        return ""
    return _(
        "The call is over: nobody could enter in a new track. Its deadline can be moved later first, under "
        "Entry form → Deadline."
    )


def _times(phase: Phase) -> dict[str, str]:
    """As changes keep them."""
    return {
        "kind": phase.kind,
        "starts_at": moment_value(phase.starts_at),
        "ends_at": moment_value(phase.ends_at),
    }


def _record_phase(
    edition: Edition,
    phase: Phase,
    before: dict[str, str] | None,
    after: dict[str, str] | None,
    reason: Reason,
    by: Actor,
    at: datetime,
) -> None:
    change = Change("phase.slot", before, after, name=phase.name or {"kind": phase.kind})
    record_changes(edition=edition, changes=[change], reason=reason or {}, by=by, at=at)


def _hold(edition: Edition, by: Actor) -> Edition:
    """The edition's row: awards and days are written by whoever holds it, too."""
    assert_organises(by, edition)
    return Edition.objects.select_for_update().get(pk=edition.pk)
