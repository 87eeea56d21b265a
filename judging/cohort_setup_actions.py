"""Writes of an edition's teams: cohorts with their milestones, held to what a blueprint is held to."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from festival.edition.blueprint_cohorts import CohortPlan
from festival.edition.deadline_actions import assert_organises
from festival.edition.frozen import support_sums
from festival.edition.frozen_actions import is_frozen, record_changes
from festival.edition.models import Edition
from festival.kit.errors import Refused
from festival.kit.words import joined
from festival.people.actor import Actor
from judging.award_setup_actions import free_slug
from judging.cohort_fault_words import fault_text
from judging.cohort_holds import Hold, held, holds_of, why_cohort_stays
from judging.cohort_kept import faults_of, removal_faults
from judging.cohort_setup import CohortFacts, Setup, Table, cohort_changes, facts_of, setup_of
from submissions.cohorts import setup as rows
from submissions.cohorts.models import Cohort, Deliverable, Milestone
from submissions.cohorts.support_actions import promise_more

Reason = Mapping[str, str] | None
Days = tuple[date, date]


@transaction.atomic
def save_cohort(
    *, edition: Edition, slug: str, given: Table, days: Days, by: Actor, at: datetime, reason: Reason = None
) -> Cohort:
    """Write a cohort; `slug` "" makes one, behind the others. `given`: keys of a blueprint's [[cohorts]], but for its
    days (the first and the last, in `days`) and its milestones.

    Refused for what a blueprint may not say, and for what would take from teams what they were promised
    (`cohort_kept`). What is promised beyond before is written into the ledgers of the teams that have their places.
    Once the call has opened, with a reason.
    """
    held_edition, setup = hold_teams(edition, by)
    tables = {str(row["slug"]): row for row in setup.cohorts}
    if slug and slug not in tables:
        raise gone_cohort()
    new = slug or free_slug(given["name"], "cohort", tables)
    numbers = {"starts_day": (days[0] - setup.opens).days, "ends_day": (days[1] - setup.opens).days}
    tables[new] = {**tables.get(slug, {}), **given, **numbers, "slug": new}
    _write(held_edition, setup, tables, new, by, at, reason)
    return Cohort.objects.get(edition=held_edition, slug=new)


@transaction.atomic
def remove_cohort(*, cohort: Cohort, by: Actor, at: datetime) -> None:
    """With its milestones and promises. Refused once the call has opened, and while anything hangs on it."""
    edition, setup = hold_teams(cohort.edition, by)
    row = Cohort.objects.filter(edition=edition, pk=cohort.pk).first()
    if row is None:
        raise gone_cohort()
    stays = why_cohort_stays(held(row, holds_of(edition)), frozen=is_frozen(edition, at))
    if stays:
        raise Refused(stays, code="stays")
    _assert_said(edition, setup, [one for one in setup.cohorts if one["slug"] != row.slug])
    row.delete()


@transaction.atomic
def save_milestone(
    *, cohort: Cohort, slug: str, given: Table, due: date, by: Actor, at: datetime, reason: Reason = None
) -> Milestone:
    """Write a milestone; `slug` "" makes one. `given`: keys of a blueprint's [[cohorts.milestones]], but for the day;
    deliverables without an address are new. Without a grant its keys are left out. Refused as `save_cohort` is.
    """
    edition, setup = hold_teams(cohort.edition, by)
    tables, table = _tables(setup, cohort.slug)
    stones = {str(row["slug"]): row for row in table.get("milestones", ())}
    if slug and slug not in stones:
        raise gone_milestone()
    new = slug or free_slug(given["name"], "milestone", stones)
    asked = _addressed(given["deliverables"])
    stones[new] = {**given, "slug": new, "due_day": (due - setup.opens).days, "deliverables": asked}
    tables[cohort.slug] = {**table, "milestones": list(stones.values())}
    _write(edition, setup, tables, cohort.slug, by, at, reason)
    return Milestone.objects.get(cohort__edition=edition, cohort__slug=cohort.slug, slug=new)


@transaction.atomic
def remove_milestone(*, milestone: Milestone, by: Actor, at: datetime, reason: Reason = None) -> None:
    """With what it asks for. Refused where anything was done for it, and where a grant was promised with it."""
    cohort = milestone.cohort
    edition, setup = hold_teams(cohort.edition, by)
    tables, table = _tables(setup, cohort.slug)
    left = [row for row in table.get("milestones", ()) if row["slug"] != milestone.slug]
    tables[cohort.slug] = {**table, "milestones": left}
    _write(edition, setup, tables, cohort.slug, by, at, reason)


def hold_teams(edition: Edition, by: Actor) -> tuple[Edition, Setup]:
    """The edition's row, then its cohorts and what they ask for: whoever offers a place, takes one or delivers waits,
    or is seen. The edition's as `follow_actions` holds it: an entry that is begun in a cohort does not wait for it.
    """
    assert_organises(by, edition)
    row = Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
    for model, found in (
        (Cohort, {"edition": row}),
        (Milestone, {"cohort__edition": row}),
        (Deliverable, {"milestone__cohort__edition": row}),
    ):
        list(model._default_manager.filter(**found).select_for_update().order_by("pk").values("pk"))
    return row, setup_of(row)


def _tables(setup: Setup, slug: str) -> tuple[dict[str, Table], Table]:
    tables = {str(row["slug"]): row for row in setup.cohorts}
    if slug not in tables:
        raise gone_cohort()
    return tables, tables[slug]


def gone_cohort() -> Refused:
    """For who comes too late."""
    return Refused(_("This cohort is not there any more. Reload the page."), code="gone")


def gone_milestone() -> Refused:
    """For who comes too late."""
    return Refused(_("This milestone is not there any more. Reload the page."), code="gone")


def _addressed(deliverables: Sequence[Table]) -> list[dict[str, Any]]:
    """Each with an address; those that have one keep it."""
    taken = {str(one["slug"]) for one in deliverables if one["slug"]}
    found = []
    for one in deliverables:
        slug = str(one["slug"]) or free_slug(one["name"], str(one["kind"]), taken)
        taken.add(slug)
        found.append({**one, "slug": slug})
    return found


def _assert_said(edition: Edition, setup: Setup, tables: Collection[Table]) -> Sequence[CohortPlan]:
    """The cohorts as they were read. Refused for what a blueprint may not say."""
    found = setup.read(list(tables))
    if found.faults:
        said = [fault_text(fault, found, setup, edition) for fault in found.faults]
        raise Refused(joined(*said), status=400, code=found.faults[0].code or "blueprint")
    return found.cohorts


def _write(
    edition: Edition,
    setup: Setup,
    tables: Mapping[str, Table],
    slug: str,
    by: Actor,
    at: datetime,
    reason: Reason,
) -> None:
    """Make the cohort of this address what its table says; on record once the call has opened."""
    plan = next(one for one in _assert_said(edition, setup, tables.values()) if one.slug == slug)
    before, there = facts_of(edition), list(Cohort.objects.filter(edition=edition))
    row = next((one for one in there if one.slug == slug), None)
    hold = held(row, holds_of(edition)) if row else Hold()
    if slug in before:
        _refuse(removal_faults(before[slug], plan, hold))
    position = max((one.position for one in there), default=-1) + 1
    cohort = rows.write_cohort(edition=edition, plan=plan, opens=setup.opens, position=position)
    after = facts_of(edition)
    changes = list(cohort_changes(before, after))
    if slug in before:
        _refuse(faults_of(before[slug], after[slug], hold, at=at, frozen=is_frozen(edition, at)))
        _promise_more(cohort, before[slug], after[slug], by, at)
    record_changes(edition=edition, changes=changes, reason=reason or {}, by=by, at=at)


def _refuse(said: Iterable[str]) -> None:
    sentences = list(dict.fromkeys(said))
    if sentences:
        raise Refused(joined(*sentences), code="kept")


def _promise_more(cohort: Cohort, old: CohortFacts, new: CohortFacts, by: Actor, at: datetime) -> None:
    """What comes to the promises is owed to the teams that are in already, too."""
    before, after = (support_sums(one.facts["cohort.promises"]) for one in (old, new))
    for (kind, unit), amount in after.items():
        had = before.get((kind, unit), Decimal(0))
        if amount is None and had is not None:
            promise_more(cohort=cohort, kind=kind, unit=unit, amount=None, by=by, at=at)
        elif amount is not None and had is not None and amount > had:
            promise_more(cohort=cohort, kind=kind, unit=unit, amount=amount - had, by=by, at=at)
