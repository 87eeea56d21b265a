"""The cohorts of a new edition, as its blueprint has them."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from festival.edition.blueprint import Blueprint, end_of_day
from festival.edition.blueprint_cohorts import CohortPlan, MilestonePlan
from festival.edition.models import Edition
from submissions.cohorts.models import Cohort, Deliverable, Milestone, Promise


@transaction.atomic
def create_cohorts(*, edition: Edition, plan: Blueprint, opens: date) -> None:
    """Every cohort with its milestones, in the blueprint's order. `opens`: day 0, in the edition's time zone."""
    tracks = {track.slug: track for track in edition.tracks.all()}
    for position, cohort in enumerate(plan.cohorts):
        row = Cohort.objects.create(
            edition=edition,
            slug=cohort.slug,
            name=cohort.name,
            about=cohort.about,
            position=position,
            places=cohort.places,
            source=cohort.source,
            track=tracks[cohort.track] if cohort.track else None,
            answer_days=cohort.answer_days,
            offers_next=cohort.offers_next,
            starts_at=_start_of(cohort, opens, plan.time_zone),
            ends_at=end_of_day(cohort.ends_day, opens, plan.time_zone),
        )
        Promise.objects.bulk_create(
            Promise(cohort=row, kind=one.kind, amount=one.amount, unit=one.unit, position=place)
            for place, one in enumerate(cohort.support)
        )
        for place, milestone in enumerate(cohort.milestones):
            _create_milestone(row, place, milestone, end_of_day(milestone.due_day, opens, plan.time_zone))


def _start_of(cohort: CohortPlan, opens: date, zone: str) -> datetime:
    return datetime.combine(opens + timedelta(days=cohort.starts_day), time(), ZoneInfo(zone))


def _create_milestone(cohort: Cohort, position: int, plan: MilestonePlan, due_at: datetime) -> None:
    row = Milestone.objects.create(
        cohort=cohort,
        slug=plan.slug,
        name=plan.name,
        about=plan.about,
        position=position,
        due_at=due_at,
        grant=plan.grant,
        grant_unit=plan.grant_unit,
    )
    Deliverable.objects.bulk_create(
        Deliverable(
            milestone=row,
            slug=one.slug,
            name=one.name,
            about=one.about,
            kind=one.kind,
            required=one.required,
            position=place,
        )
        for place, one in enumerate(plan.deliverables)
    )
