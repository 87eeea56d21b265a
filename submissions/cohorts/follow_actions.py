"""Phases of the calendar are moved, and with them what the organiser has ticked: deadlines, milestones, teams' time."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from festival.edition.date_actions import Days, change_dates, days_of, plan_dates
from festival.edition.deadline_actions import assert_organises
from festival.edition.frozen import FROZEN
from festival.edition.frozen_actions import Change, is_frozen, moment_value
from festival.edition.models import Edition, Phase, Track
from festival.kit.clock import in_zone, last_minute
from festival.kit.errors import Refused
from festival.kit.words import day_text, say
from festival.people.actor import Actor
from submissions.cohorts.following import Kind, Stretch, days_along
from submissions.cohorts.models import Cohort, Milestone, Reminder

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
    if not moved:
        return []
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
    """`change_dates`, and every follower whose key was ticked goes along by as many days, on the same record.

    Refused where what was ticked is no longer what would happen, and where a milestone would leave its team's time.
    """
    assert_organises(by, edition)
    held = Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
    going: list[Follower] = []
    if follow:
        list(Cohort.objects.select_for_update(no_key=True).filter(edition=held).order_by("pk").values("pk"))
        offered = {one.key: one for one in followers(edition=held, days=days, at=at) if not one.stays}
        if not offered.keys() >= set(follow):
            text = _("Somebody was faster: these dates have changed. Look at the page again.")
            raise Refused(text, code="changed")
        going = [one for key, one in offered.items() if key in follow]
        _move(going)
        _assert_within(held, going)
    moved = change_dates(
        edition=held, days=days, by=by, at=at, reason=reason, also=[one.change for one in going]
    )
    return moved, going


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
    """Every date that can belong to a phase. Three queries."""
    found: list[tuple[Kind, Track | Milestone | Cohort, datetime]] = [
        ("track", track, track.ends_at) for track in edition.tracks.exclude(ends_at=None) if track.ends_at
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
