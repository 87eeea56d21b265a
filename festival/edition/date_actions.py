"""Writes of the calendar: phases are moved freely until the call opens, with a reason afterwards."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from festival.edition.blueprint import PhasePlan
from festival.edition.blueprint_dates import OrderFault, order_faults, short_notices
from festival.edition.blueprint_reader import RANGES
from festival.edition.deadline_actions import assert_organises
from festival.edition.frozen_actions import Change, is_frozen, moment_value, record_changes
from festival.edition.models import Edition, Phase
from festival.edition.objection_rules import read_objections
from festival.kit.clock import in_zone, last_minute
from festival.kit.errors import Refused
from festival.kit.words import day_text, joined, say
from festival.people.actor import Actor

Days = tuple[date, date]


@transaction.atomic
def change_dates(
    *,
    edition: Edition,
    days: Mapping[int, Days],
    by: Actor,
    at: datetime,
    reason: Mapping[str, str] | None = None,
    also: Sequence[Change] = (),
) -> list[Phase]:
    """Move phases, by id, to their first and last days on the edition's calendar; gives those that moved.

    An end whose day stays keeps its hour too. Refused where the order cannot be, for days that are years away and for a
    public notice shorter than objections take (the rules of blueprints), for a call that would have opened in the past,
    and for tracks that would close before it opens. Once the call has opened its own days stay (its end is moved later
    by `submissions.deadline_actions`, which tells everybody with a draft), what is over or has begun stays as it was, a
    public notice is not made shorter, and every change is put on record: raises ReasonMissing without a reason. `also`:
    what the caller has moved with them, for the same record.
    """
    assert_organises(by, edition)
    held = Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
    moved, changes = plan_dates(edition=held, days=days, at=at)
    for phase in moved:
        if phase.kind == Phase.Kind.CALL:
            _assert_tracks(held, phase.starts_at)
    Phase.objects.bulk_update(moved, ["starts_at", "ends_at"])
    record_changes(edition=held, changes=[*changes, *also], reason=reason or {}, by=by, at=at)
    return moved


def plan_dates(
    *, edition: Edition, days: Mapping[int, Days], at: datetime
) -> tuple[list[Phase], list[Change]]:
    """The phases that would move, with their new times and unsaved, and what would be recorded. Refused as
    `change_dates` is, but for tracks: they may be moved along.
    """
    phases = list(Phase.objects.filter(edition=edition).order_by("starts_at", "pk"))
    zone = edition.time_zone
    wanted = {phase.pk: days.get(phase.pk, days_of(phase, zone)) for phase in phases}
    moved = [phase for phase in phases if wanted[phase.pk] != days_of(phase, zone)]
    call = next((phase for phase in phases if phase.kind == Phase.Kind.CALL), None)
    plans = assert_order(phases, [wanted[phase.pk] for phase in phases])
    assert_lengths(edition, [plan for phase, plan in zip(phases, plans, strict=True) if phase in moved])
    frozen = is_frozen(edition, at)
    if not frozen and call is not None and call in moved and wanted[call.pk][0] < in_zone(at, zone).date():
        text = _("The call cannot open on a day that is over. Choose today or a later day.")
        raise Refused(text, status=400, code="too_early")
    changes: list[Change] = []
    for phase in moved:
        starts_at, ends_at = _times(phase, wanted[phase.pk], zone)
        if frozen:
            _assert_movable(phase, starts_at, at)
            changes += _changes(phase, starts_at, ends_at)
        phase.starts_at, phase.ends_at = starts_at, ends_at
    return moved, changes


def days_of(phase: Phase, zone: str) -> Days:
    """First and last day of a phase on the clocks of `zone`."""
    return in_zone(phase.starts_at, zone).date(), in_zone(last_minute(phase.ends_at), zone).date()


def times_of(days: Days, zone: str) -> tuple[datetime, datetime]:
    """From the first midnight to the one after the last day."""
    first, last = days
    clocks = ZoneInfo(zone)
    return datetime.combine(first, time(), clocks), datetime.combine(last + timedelta(days=1), time(), clocks)


def _times(phase: Phase, days: Days, zone: str) -> tuple[datetime, datetime]:
    starts_at, ends_at = times_of(days, zone)
    first, last = days_of(phase, zone)
    return phase.starts_at if days[0] == first else starts_at, phase.ends_at if days[1] == last else ends_at


def _assert_movable(phase: Phase, starts_at: datetime, at: datetime) -> None:
    if phase.kind == Phase.Kind.CALL:
        text = _(
            "The call has opened: its days stay. The deadline can be moved later on the page “Deadline”, with a "
            "notice to everybody."
        )
        raise Refused(text, code="call_opened")
    begun = phase.starts_at <= at
    if phase.ends_at <= at or (begun and starts_at != phase.starts_at):
        raise Refused(_("What is over, or has begun, stays as it was."), code="over")


def _changes(phase: Phase, starts_at: datetime, ends_at: datetime) -> list[Change]:
    name = phase.name or {"kind": phase.kind}
    ends = "dates.notice" if phase.kind == Phase.Kind.NOTICE else "dates.ends_at"
    return [
        Change("dates.starts_at", moment_value(phase.starts_at), moment_value(starts_at), name=name),
        Change(ends, moment_value(phase.ends_at), moment_value(ends_at), name=name),
    ]


def _assert_tracks(edition: Edition, opens: datetime) -> None:
    for track in edition.tracks.filter(ends_at__lte=opens):
        text = _(
            "The track “%(track)s” would close on %(day)s, before the call opens. Move its deadline first."
        )
        values = {"track": say(track.name), "day": day_text(last_minute(track.ends_at), edition.time_zone)}
        raise Refused(text % values, status=400, code="track_too_early")


def assert_order(phases: Sequence[Phase], days: Sequence[Days]) -> list[PhasePlan]:
    """Phases with their days, as a blueprint has them. Refused in an order that cannot be, with the sentences."""
    if not phases:
        return []
    call = next((place for place, phase in enumerate(phases) if phase.kind == Phase.Kind.CALL), 0)
    opens = days[call][0]
    plans = [
        PhasePlan(phase.kind, phase.name, (first - opens).days, (last - opens).days)
        for phase, (first, last) in zip(phases, days, strict=True)
    ]
    said = [order_sentence(fault, say(phases[fault.place].name), opens) for fault in order_faults(plans)]
    if said:
        raise Refused(joined(*said), status=400, code="order")
    return plans


def assert_lengths(edition: Edition, plans: Sequence[PhasePlan]) -> None:
    """Refused for what the loader of blueprints refuses of single phases: days that are years away, a public notice
    shorter than objections take.
    """
    least, most = RANGES["starts_day"]
    for plan in plans:
        if not least <= plan.starts_day <= plan.ends_day <= most:
            text = _("“%(phase)s” lies more than ten years from the call. Choose other days.")
            values = {"phase": say(plan.name) or Phase.Kind(plan.kind).label}
            raise Refused(text % values, status=400, code="far")
    needed = read_objections(edition.objections).days
    for _place, lasts in short_notices(plans, needed):
        text = ngettext(
            "The public notice would last %(lasts)d day; objections are decided in %(needed)d working days.",
            "The public notice would last %(lasts)d days; objections are decided in %(needed)d working days.",
            lasts,
        )
        raise Refused(text % {"lasts": lasts, "needed": needed}, status=400, code="short")


def order_sentence(fault: OrderFault, name: str, opens: date) -> str:
    """What cannot be, with its days. `name`: of the phase, "" for its kind's; `opens`: day 0."""

    def on(day: int) -> str:
        return date_format(opens + timedelta(days=day), "DATE_FORMAT")

    values: dict[str, Any] = {
        "phase": name or Phase.Kind(fault.kind).label,
        "day": on(fault.day),
        "other": on(fault.other),
    }
    texts = {
        "ends_before_start": _("“%(phase)s” ends on %(day)s, before it begins."),
        "inspection_over_early": _("“%(phase)s” ends on %(day)s, while films arrive until %(other)s."),
        "jury_before_inspection": _("The jury ends on %(day)s, before the inspection begins on %(other)s."),
        "jury_before_call_ends": _("“%(phase)s” ends on %(day)s, before the call does on %(other)s."),
        "before_jury_ends": _("“%(phase)s” begins on %(day)s; the jury ends on %(other)s."),
        "over_before_call_is": _("“%(phase)s” is over on %(day)s, before the call is on %(other)s."),
    }
    return texts[fault.code] % values
