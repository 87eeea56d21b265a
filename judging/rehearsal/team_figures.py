"""What came of the teams of a rehearsal's cohorts: read from the rows that the actions left, as plain values."""

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Sum

from festival.edition.models import Phase
from judging.rehearsal.teams import BUSY, Company
from submissions.cohorts.models import (
    ActionItem,
    Cohort,
    Delivery,
    Extension,
    Interview,
    Milestone,
    Place,
    Reminder,
    Session,
    SupportLine,
)

Row = dict[str, Any]
State = Place.State
TIME_FOR_LATE = timedelta(days=1)  # nothing is taken after a cohort's end: who is late needs that at least
HANDED = ~Q(state=Delivery.State.OPEN)


def of_company(company: Company) -> Row:
    """Places, milestones, support, mentors and interviews of one cohort."""
    cohort = company.cohort
    places = list(cohort.all_places.all())
    states = Counter(place.state for place in places)
    took = [place for place in places if place.answered_at and place.state in (State.ACCEPTED, State.LEFT)]
    moved_up = [
        place for place in took if company.begun and place.offered_at and place.offered_at > company.begun
    ]
    sessions = Session.objects.filter(place__cohort=cohort).aggregate(count=Count("pk"), sum=Sum("minutes"))
    slots = Interview.objects.filter(cohort=cohort)
    return {
        "slug": cohort.slug,
        "name": cohort.name,
        "places": cohort.places,
        "listed": len(places),
        "offered": sum(place.offered_at is not None for place in places),
        "declined": states[State.DECLINED],
        "silent": states[State.LAPSED],
        "left": states[State.LEFT],
        "filled_again": len(moved_up),
        "teams": states[State.ACCEPTED],
        "milestones": _milestones(company, took),
        "support": _support(company, took),
        "reminded": _reminded(cohort),
        "mentors": len(set(cohort.all_places.values_list("mentors__user", flat=True)) - {None}),
        "sessions": sessions["count"],
        "mentor_hours": round((sessions["sum"] or 0) / 60, 1),
        "times": slots.count(),
        "times_wanted": company.slots_wanted,
        "booked": slots.filter(place__isnull=False).count(),
        "review_hours": round(company.hours, 1),
    }


def _reminded(cohort: Cohort) -> dict[str, int]:
    """Letters that the site's clock has sent: of milestones a week before, a day before and when late, and of tasks."""
    rows = Reminder.objects.filter(place__cohort=cohort).values_list("kind").annotate(count=Count("pk"))
    sent = dict(rows.order_by())
    tasks = ActionItem.objects.filter(place__cohort=cohort, reminded_at__isnull=False)
    return {kind: sent.get(kind, 0) for kind in Reminder.Kind.values} | {"tasks": tasks.count()}


def _teams_at(took: list[Place], due: datetime) -> set[int]:
    """The teams of whom the milestone was asked: those who had not left before."""
    return {place.pk for place in took if place.ended_at is None or place.ended_at > due}


def _milestones(company: Company, took: list[Place]) -> list[Row]:
    cohort = company.cohort
    by_milestone: dict[int, list[Delivery]] = defaultdict(list)
    later = Delivery.objects.filter(HANDED, place=OuterRef("place"), milestone=OuterRef("milestone"))
    handed = Delivery.objects.filter(HANDED, place__cohort=cohort)
    followed = handed.annotate(followed=Exists(later.filter(number__gt=OuterRef("number"))))
    for delivery in followed.order_by("number"):
        by_milestone[delivery.milestone_id].append(delivery)
    extended = dict(
        Extension.objects.filter(place__cohort=cohort)
        .values_list("milestone")
        .annotate(teams=Count("place", distinct=True))
        .order_by()
    )
    phases = list(cohort.edition.phases.filter(kind__in=BUSY).order_by("starts_at"))
    found = []
    milestones = company.milestones
    for place, milestone in enumerate(milestones):
        teams = _teams_at(took, milestone.due_at)
        after = milestones[place + 1].due_at if place + 1 < len(milestones) else None
        rows = [one for one in by_milestone[milestone.pk] if one.place_id in teams]
        found.append(
            _milestone(milestone, teams, rows, after)
            | {
                "extended": extended.get(milestone.pk, 0),
                "caught_out": company.caught_out.get(milestone.pk, 0),
                "busy": _busy(phases, milestone.due_at),
                "at_end": milestone.due_at > cohort.ends_at - TIME_FOR_LATE,
            }
        )
    return found


def _milestone(milestone: Milestone, teams: set[int], rows: list[Delivery], after: datetime | None) -> Row:
    """`after`: when the next one is due."""
    first = {one.place_id: one for one in rows if one.number == 1}
    versions = Counter(one.place_id for one in rows)
    reopened = [one for one in rows if one.reopened_at]  # they are `changes` now
    states = Counter(one.state for one in rows if not one.reopened_at)
    late = sum(one.late for one in first.values())
    reviewed = [one.reviewed_at for one in rows if one.reviewed_at]
    return {
        "slug": milestone.slug,
        "name": milestone.name,
        "teams": len(teams),
        "on_time": len(first) - late,
        "late": late,
        "never": len(teams) - len(first),
        "versions": len(rows),
        "most_versions": max(versions.values(), default=0),
        "reviews": len(reviewed),
        "changes": states[Delivery.State.CHANGES],
        "rejected": states[Delivery.State.REJECTED],
        "reopened": len(reopened),
        "again": sum(one.followed for one in reopened),
        "accepted": states[Delivery.State.ACCEPTED],
        "unreviewed": states[Delivery.State.HANDED_IN],
        "after_next": sum(after is not None and moment > after for moment in reviewed),
    }


def _busy(phases: list[Phase], due: datetime) -> dict[str, str]:
    """The phase in which those who review have no time when this is due; {} for none."""
    for phase in phases:
        if phase.starts_at < due <= phase.ends_at:
            return dict(phase.name) or {"en": str(phase.get_kind_display())}
    return {}


def _support(company: Company, took: list[Place]) -> list[Row]:
    """By unit: promised and given, and what was not promised because its milestone was not met."""
    cohort, promised = company.cohort, SupportLine.Side.PROMISED
    sums: dict[str, Row] = {}

    def of(unit: str) -> Row:
        return sums.setdefault(unit, {"unit": unit, "promised": 0.0, "given": 0.0, "withheld": 0.0})

    lines = SupportLine.objects.filter(place__cohort=cohort).values_list("unit", "side")
    for unit, side, amount in lines.annotate(sum=Sum("amount")).order_by("unit", "side"):
        of(unit)["promised" if side == promised else "given"] += float(amount or 0)
    for unit in cohort.promises.filter(amount=None).values_list("unit", flat=True):
        of(unit)["promised"] = None  # as much as a team needs
    met = set(
        Delivery.objects.filter(place__cohort=cohort, state=Delivery.State.ACCEPTED).values_list(
            "milestone", "place"
        )
    )
    for milestone in company.milestones:
        if milestone.grant:
            teams = {place.pk for place in took}
            missed = sum((milestone.pk, pk) not in met for pk in teams)
            of(milestone.grant_unit)["withheld"] += missed * float(milestone.grant)
    return list(sums.values())
