"""The cohorts of an edition as a blueprint has them: made with it, and written again when the desk changes one."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from festival.edition.blueprint import Blueprint, end_of_day
from festival.edition.blueprint_cohorts import CohortPlan, DeliverablePlan, MilestonePlan, SupportPlan
from festival.edition.models import Edition
from submissions.cohorts.models import Cohort, Deliverable, Milestone, Promise, Reminder

MOMENT = timedelta(microseconds=1)


@transaction.atomic
def create_cohorts(*, edition: Edition, plan: Blueprint, opens: date) -> None:
    """Every cohort with its milestones, in the blueprint's order. `opens`: day 0, in the edition's time zone."""
    for position, cohort in enumerate(plan.cohorts):
        write_cohort(edition=edition, plan=cohort, opens=opens, position=position)


@transaction.atomic
def write_cohort(*, edition: Edition, plan: CohortPlan, opens: date, position: int) -> Cohort:
    """Make the cohort of the plan's address, or make it what the plan says; milestones and deliverables are known by
    their addresses, too. What stays on its day keeps its hour. `position`: of a new one.
    """
    row = Cohort.objects.filter(edition=edition, slug=plan.slug).first()
    row = row or Cohort(edition=edition, slug=plan.slug, position=position)
    zone = edition.time_zone
    begins = datetime.combine(opens + timedelta(days=plan.starts_day), time(), ZoneInfo(zone))
    values: dict[str, Any] = {
        "name": plan.name,
        "about": plan.about,
        "places": plan.places,
        "source": plan.source,
        "track": edition.tracks.get(slug=plan.track) if plan.track else None,
        "answer_days": plan.answer_days,
        "offers_next": plan.offers_next,
        "starts_at": _moment(row.starts_at, begins, zone),
        "ends_at": _end(row.ends_at, end_of_day(plan.ends_day, opens, zone), zone),
    }
    _save(row, values)
    _write_promises(row, plan.support)
    _write_milestones(row, plan.milestones, opens, zone)
    return row


def _write_promises(cohort: Cohort, plans: Sequence[SupportPlan]) -> None:
    """Nothing points to a promise: the ledgers have lines of their own."""
    there = [(one.kind, one.amount, one.unit) for one in cohort.promises.all()]
    if there == [(one.kind, one.amount, one.unit) for one in plans]:
        return
    cohort.promises.all().delete()
    Promise.objects.bulk_create(
        Promise(cohort=cohort, kind=one.kind, amount=one.amount, unit=one.unit, position=place)
        for place, one in enumerate(plans)
    )


def _write_milestones(cohort: Cohort, plans: Sequence[MilestonePlan], opens: date, zone: str) -> None:
    there = {one.slug: one for one in cohort.milestones.all()}
    cohort.milestones.exclude(slug__in=[plan.slug for plan in plans]).delete()
    for place, plan in enumerate(plans):
        row = there.get(plan.slug) or Milestone(cohort=cohort, slug=plan.slug)
        was = row.due_at
        due_at = _end(was, end_of_day(plan.due_day, opens, zone), zone)
        _save(
            row,
            {
                "name": plan.name,
                "about": plan.about,
                "position": place,
                "due_at": due_at,
                "grant": plan.grant,
                "grant_unit": plan.grant_unit,
            },
        )
        if was is not None and due_at > was:  # teams are reminded anew of what is due later
            Reminder.objects.filter(milestone=row).delete()
        _write_deliverables(row, plan.deliverables)


def _write_deliverables(milestone: Milestone, plans: Sequence[DeliverablePlan]) -> None:
    there = {one.slug: one for one in milestone.deliverables.all()}
    milestone.deliverables.exclude(slug__in=[plan.slug for plan in plans]).delete()
    for place, plan in enumerate(plans):
        _save(
            there.get(plan.slug) or Deliverable(milestone=milestone, slug=plan.slug),
            {
                "name": plan.name,
                "about": plan.about,
                "kind": plan.kind,
                "required": plan.required,
                "position": place,
            },
        )


def _save(row: Cohort | Milestone | Deliverable, values: dict[str, Any]) -> None:
    """Written where it is new or differs."""
    if row.pk is None or any(getattr(row, name) != value for name, value in values.items()):
        for name, value in values.items():
            setattr(row, name, value)
        row.save()


def _moment(now: datetime | None, wanted: datetime, zone: str) -> datetime:
    """The wanted moment, or the present one where that is on the same day."""
    clocks = ZoneInfo(zone)
    same = now is not None and now.astimezone(clocks).date() == wanted.astimezone(clocks).date()
    return now if now is not None and same else wanted


def _end(now: datetime | None, wanted: datetime, zone: str) -> datetime:
    """The same for the first moment that is too late: midnight belongs to the day before."""
    if now is None:
        return wanted
    return _moment(now - MOMENT, wanted - MOMENT, zone) + MOMENT
