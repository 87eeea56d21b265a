"""Writes of what a contest is made of: tracks and phases come and go until its call opens; their names change later."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from festival.edition.date_actions import Days, assert_lengths, assert_order, days_of, times_of
from festival.edition.deadline_actions import assert_organises
from festival.edition.frozen_actions import Change, is_frozen, record_changes
from festival.edition.models import Edition, Phase, Track
from festival.kit.errors import Refused
from festival.people.actor import Actor
from judging.award_setup_actions import free_address
from judging.part_queries import track_lines, why_phases_stay

Text = Mapping[str, str]
Reason = Mapping[str, str] | None


@transaction.atomic
def add_track(*, edition: Edition, name: Text, about: Text, enters: str, by: Actor, at: datetime) -> Track:
    """Behind the others, open to everybody; its address is made from its name."""
    held = _hold(edition, by, at)
    last = held.tracks.order_by("position").values_list("position", flat=True).last()
    return Track.objects.create(
        edition=held,
        slug=free_address(name, "track", held.tracks.all()),
        name=dict(name),
        about=dict(about),
        enters=enters,
        position=0 if last is None else last + 1,
    )


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
def remove_track(*, track: Track, by: Actor, at: datetime) -> None:
    """Refused for the only one, once an entry was begun in it, and while anything names it."""
    held = _hold(track.edition, by, at)
    # What is about to name it waits for this row, and then finds it gone.
    row = Track.objects.select_for_update().filter(pk=track.pk).first()
    line = next((one for one in track_lines(held) if row and one.track.pk == row.pk), None)
    if row is None or line is None:
        raise Refused(_("This track is not there any more. Reload the page."), code="gone")
    if line.stays:
        raise Refused(line.stays, code="named")
    row.delete()


@transaction.atomic
def add_phase(*, edition: Edition, kind: str, name: Text, days: Days, by: Actor, at: datetime) -> Phase:
    """From its first midnight to the end of its last day. Refused for what the loader of blueprints refuses: an order
    that cannot be, a public notice shorter than objections take, days that are years away.
    """
    held = _hold(edition, by, at)
    _assert_free(held, kind)
    starts_at, ends_at = times_of(days, held.time_zone)
    phase = Phase(edition=held, kind=kind, name=dict(name), starts_at=starts_at, ends_at=ends_at)
    rows = list(Phase.objects.filter(edition=held))
    plans = assert_order([*rows, phase], [*(days_of(row, held.time_zone) for row in rows), days])
    assert_lengths(held, plans[-1:])
    phase.save()
    return phase


@transaction.atomic
def remove_phase(*, phase: Phase, by: Actor, at: datetime) -> None:
    """Refused for the call, where something follows from it, and where the others could not be without it."""
    held = _hold(phase.edition, by, at)
    _assert_free(held, phase.kind)
    rows = list(Phase.objects.filter(edition=held).exclude(pk=phase.pk))
    assert_order(rows, [days_of(row, held.time_zone) for row in rows])
    Phase.objects.filter(pk=phase.pk).delete()


def why_fixed(edition: Edition, at: datetime) -> str:
    """Why neither tracks nor phases come and go; "" while they can. One query."""
    if not is_frozen(edition, at):
        return ""
    return _(
        "The call has opened, and people enter on what was announced: no track or phase is added or removed. Terms of "
        "tracks, and the days, are changed on their own pages, with a reason."
    )


def _hold(edition: Edition, by: Actor, at: datetime) -> Edition:
    """The edition's row: awards and days are written by whoever holds it, too."""
    assert_organises(by, edition)
    held = Edition.objects.select_for_update().get(pk=edition.pk)
    fixed = why_fixed(held, at)
    if fixed:
        raise Refused(fixed, code="opened")
    return held


def _assert_free(edition: Edition, kind: str) -> None:
    why = why_phases_stay(edition).get(kind, "")
    if why:
        raise Refused(why, code="stays")
