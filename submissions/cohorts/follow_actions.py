"""Phases of the calendar are moved, or the call's deadline, and with them what the organiser has ticked: later phases,
deadlines of tracks, milestones, the time of teams.
"""

from collections.abc import Collection, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from festival.edition.date_actions import Days, change_dates, days_of, plan_dates, times_of
from festival.edition.deadline_actions import assert_organises
from festival.edition.frozen import FROZEN
from festival.edition.frozen_actions import Change, ReasonMissing, is_frozen, moment_value
from festival.edition.models import Edition, EditionChange, Phase, Track
from festival.edition.phase_follow import Along, days_with, phases_along
from festival.kit.clock import in_zone, last_minute
from festival.kit.errors import Refused
from festival.kit.words import day_text, say
from festival.people.actor import Actor
from submissions.cohorts.following import Kind, Stretch, days_along
from submissions.cohorts.models import Cohort, Milestone, Reminder
from submissions.deadline_actions import extend_deadline

COLUMNS: Mapping[Kind, tuple[str, str]] = {
    "track": ("deadline", "ends_at"),
    "milestone": ("milestone.due_at", "due_at"),
    "begins": ("cohort.starts_at", "starts_at"),
    "ends": ("cohort.ends_at", "ends_at"),
}


@dataclass(frozen=True, slots=True)
class Follower:
    """A date that belongs to a phase that is moved. `stays`: why it cannot follow, "" where it can: `over`, or
    `promised` where it would be earlier than what was announced.
    """

    kind: Kind
    row: Track | Milestone | Cohort
    before: datetime
    after: datetime
    stays: str = ""

    @property
    def key(self) -> str:
        """Names it together with where it goes, so that what is ticked is what was seen."""
        return f"{self.kind}-{self.row.pk}-{self.after:%Y%m%d%H%M}"

    @property
    def change(self) -> Change:
        what, _column = COLUMNS[self.kind]
        return Change(what, moment_value(self.before), moment_value(self.after), name=self.row.name)


def followers(*, edition: Edition, days: Mapping[int, Days], at: datetime) -> list[Follower]:
    """What would follow if phases were moved to `days`; nothing is written. Refused as the move itself is."""
    moved, _changes = plan_dates(edition=edition, days=days, at=at)
    return _followers(edition, moved, at) if moved else []


def _followers(edition: Edition, moved: Sequence[Phase], at: datetime) -> list[Follower]:
    zone = edition.time_zone
    stretches = _stretches(edition, moved)
    frozen = is_frozen(edition, at)
    found = []
    for kind, row, before in _dated(edition):
        shown = before if kind == "begins" else last_minute(before)
        along = days_along(kind, in_zone(shown, zone).date(), stretches)
        if along:
            # Arithmetic on a wall clock: midnight stays midnight where the clocks are changed in between.
            after = in_zone(before, zone) + timedelta(days=along)
            earlier = frozen and FROZEN[COLUMNS[kind][0]].refused(moment_value(before), moment_value(after))
            stays = "over" if before <= at else "promised" if earlier else ""
            found.append(Follower(kind, row, before, after, stays))
    return found


@dataclass(frozen=True, slots=True)
class Offer:
    """What could follow: later phases, and the dates that belong to what moves or to one of these."""

    phases: list[Along]
    dates: list[Follower]

    def __bool__(self) -> bool:
        return bool(self.phases or self.dates)


def offer(*, edition: Edition, days: Mapping[int, Days], at: datetime) -> Offer:
    """What could follow if phases were moved to `days`; nothing is written. Refused where the move is, unless later
    phases that follow make it possible.
    """
    along = _along(edition, days, at)
    try:
        return Offer(along, followers(edition=edition, days=days_with(days, along), at=at))
    except Refused:
        return Offer(along, followers(edition=edition, days=days, at=at))


def offer_with_deadline(*, edition: Edition, until: datetime, at: datetime) -> Offer:
    """What could follow if the call ended at `until`, later than now."""
    call = _call_until(edition, until)
    if call is None:
        return Offer([], [])
    along = _along(edition, {call.pk: days_of(call, edition.time_zone)}, at)
    return Offer(along, _followers(edition, [call, *_there(along, edition.time_zone)], at))


@transaction.atomic
def move_phases(
    *,
    edition: Edition,
    days: Mapping[int, Days],
    by: Actor,
    at: datetime,
    follow: Collection[str] = (),
    reason: Mapping[str, str] | None = None,
) -> tuple[list[Phase], list[Follower]]:
    """`change_dates`, and what could follow and was ticked, by its key, goes along on the same record.

    Refused where what was ticked is no longer what would happen, where it belongs to a phase that stays, and where a
    milestone would leave its team's time.
    """
    assert_organises(by, edition)
    held = Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
    going: list[Follower] = []
    if follow:
        offered = offer(edition=held, days=days, at=at)
        days = days_with(days, _ticked(offered, follow))
        going = _going(held, offered, followers(edition=held, days=days, at=at), follow)
    moved = change_dates(
        edition=held, days=days, by=by, at=at, reason=reason, also=[one.change for one in going]
    )
    return moved, going


@transaction.atomic
def extend_call(
    *,
    edition: Edition,
    until: datetime,
    by: Actor,
    at: datetime,
    follow: Collection[str] = (),
    reason: Mapping[str, str] | None = None,
) -> None:
    """`extend_deadline` of the whole call, and what could follow and was ticked goes along, for the same reason: a
    track's deadline by `extend_deadline` too, so that whoever has a draft in it is told.
    """
    assert_organises(by, edition)
    held = Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
    missing: list[EditionChange] = []
    tracks: list[Follower] = []
    if follow:
        offered, call = offer_with_deadline(edition=held, until=until, at=at), _call_until(held, until)
        along = _ticked(offered, follow)
        moved = [call, *_there(along, held.time_zone)] if call else []
        going = _going(held, offered, _followers(held, moved, at), follow, but="track")
        tracks = [one for one in going if one.kind == "track"]
        also = [one.change for one in going if one.kind != "track"]
        try:
            change_dates(edition=held, days=days_with({}, along), by=by, at=at, reason=reason, also=also)
        except ReasonMissing as one:
            missing += one.changes
    asked: list[EditionChange] = []
    ends = [(None, until), *((one.row, one.after) for one in tracks if isinstance(one.row, Track))]
    for track, end in ends:
        try:
            extend_deadline(edition=held, track=track, until=end, by=by, at=at, reason=reason)
        except ReasonMissing as one:
            asked += one.changes
    if asked or missing:
        raise ReasonMissing([*asked, *missing])


def _along(edition: Edition, days: Mapping[int, Days], at: datetime) -> list[Along]:
    phases = list(Phase.objects.filter(edition=edition).order_by("starts_at", "pk"))
    return phases_along(phases, days, zone=edition.time_zone, at=at, frozen=is_frozen(edition, at))


def _call_until(edition: Edition, until: datetime) -> Phase | None:
    """The call as it would be, unsaved; None where it would not end later."""
    call = Phase.objects.filter(edition=edition, kind=Phase.Kind.CALL, ends_at__lt=until).first()
    if call is not None:
        call.ends_at = until
    return call


def _there(along: Sequence[Along], zone: str) -> list[Phase]:
    """Phases at the days to which they would go, unsaved."""
    found = []
    for one in along:
        if not one.stays:
            phase = copy(one.phase)
            phase.starts_at, phase.ends_at = times_of(one.after, zone)
            found.append(phase)
    return found


def _ticked(offered: Offer, follow: Collection[str]) -> list[Along]:
    found = [one for one in offered.phases if one.key in follow and not one.stays]
    if {one.key for one in found} != {key for key in follow if key.startswith("phase-")}:
        raise _changed()
    return found


def _going(
    edition: Edition,
    offered: Offer,
    found: Sequence[Follower],
    follow: Collection[str],
    *,
    but: Kind | None = None,
) -> list[Follower]:
    """The dates that were ticked, moved; those of the kind `but` are left to the caller."""
    wanted = {key for key in follow if not key.startswith("phase-")}
    if not wanted:
        return []
    list(Cohort.objects.select_for_update(no_key=True).filter(edition=edition).order_by("pk").values("pk"))
    there = {one.key: one for one in found if not one.stays}
    lost = wanted - there.keys()
    with_phase = [one for one in offered.dates if one.key in lost and not one.stays]
    if lost and len(with_phase) == len(lost):
        text = _("“%(name)s” belongs to a phase that you leave where it is. Let both follow, or neither.")
        raise Refused(text % {"name": say(with_phase[0].row.name)}, status=400, code="phase_stays")
    if lost:
        raise _changed()
    going = [one for key, one in there.items() if key in wanted]
    _move([one for one in going if one.kind != but])
    _assert_within(edition, going)
    return going


def _changed() -> Refused:
    text = _("Somebody was faster: these dates have changed. Look at the page again.")
    return Refused(text, code="changed")


def _stretches(edition: Edition, moved: Sequence[Phase]) -> list[Stretch]:
    zone = edition.time_zone
    after = {phase.pk: days_of(phase, zone) for phase in moved}
    found = []
    for phase in Phase.objects.filter(edition=edition):
        first, last = days_of(phase, zone)
        to_first, to_last = after.get(phase.pk, (first, last))
        is_call = phase.kind == Phase.Kind.CALL
        found.append(Stretch(first, last, _days(first, to_first), _days(last, to_last), is_call))
    return found


def _days(before: date, after: date) -> int:
    return (after - before).days


def _dated(edition: Edition) -> list[tuple[Kind, Track | Milestone | Cohort, datetime]]:
    """Every date that can belong to a phase; not the deadline of a track that was closed. Three queries."""
    found: list[tuple[Kind, Track | Milestone | Cohort, datetime]] = [
        ("track", track, track.ends_at) for track in edition.tracks.filter(closed_at=None) if track.ends_at
    ]
    milestones: dict[int, list[Milestone]] = {}
    for milestone in Milestone.objects.filter(cohort__edition=edition).select_related("cohort"):
        milestones.setdefault(milestone.cohort_id, []).append(milestone)
    for cohort in Cohort.objects.filter(edition=edition):
        found.append(("begins", cohort, cohort.starts_at))
        found += [("milestone", one, one.due_at) for one in milestones.get(cohort.pk, ())]
        found.append(("ends", cohort, cohort.ends_at))
    return found


def _move(going: Sequence[Follower]) -> None:
    """A team is reminded anew of a milestone that was moved later."""
    for one in going:
        setattr(one.row, COLUMNS[one.kind][1], one.after)
    rows = {one.row for one in going}
    Track.objects.bulk_update([row for row in rows if isinstance(row, Track)], ["ends_at"])
    Milestone.objects.bulk_update([row for row in rows if isinstance(row, Milestone)], ["due_at"])
    Cohort.objects.bulk_update([row for row in rows if isinstance(row, Cohort)], ["starts_at", "ends_at"])
    later = [one.row.pk for one in going if one.kind == "milestone" and one.after > one.before]
    Reminder.objects.filter(milestone__in=later).delete()


def _assert_within(edition: Edition, going: Sequence[Follower]) -> None:
    touched = {one.row.pk for one in going if isinstance(one.row, Cohort)}
    touched |= {one.row.cohort_id for one in going if isinstance(one.row, Milestone)}
    rows = Milestone.objects.filter(cohort__in=touched).select_related("cohort").order_by("due_at", "pk")
    for milestone in rows:
        cohort = milestone.cohort
        if not cohort.starts_at < milestone.due_at <= cohort.ends_at:
            zone = edition.time_zone
            text = _(
                "“%(milestone)s” would be due on %(day)s, outside the time of “%(team)s”, which lasts from %(first)s "
                "to %(last)s. Let its beginning or end follow too, or leave it where it is."
            )
            values = {
                "milestone": say(milestone.name),
                "team": say(cohort.name),
                "day": day_text(last_minute(milestone.due_at), zone),
                "first": day_text(cohort.starts_at, zone),
                "last": day_text(last_minute(cohort.ends_at), zone),
            }
            raise Refused(text % values, status=400, code="outside")
