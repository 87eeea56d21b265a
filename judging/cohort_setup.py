"""What the cohorts of an edition are, as tables and as rows; what became another between two of their states."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from festival.edition.blueprint import Blueprint
from festival.edition.blueprint_cohorts import Around, CohortsRead, read_list
from festival.edition.blueprint_writer import cohort_table
from festival.edition.frozen_actions import Change, moment_value
from festival.edition.models import Edition
from judging.blueprint_export import first_day, plan_of
from judging.logic.standing import plain
from submissions.cohorts.models import Cohort, Milestone

Table = Mapping[str, Any]
Words = Mapping[str, str]
Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Setup:
    """The cohorts as tables of a blueprint, and what they are held against. `opens`: day 0 of the calendar."""

    plan: Blueprint
    cohorts: tuple[Table, ...]
    around: Around
    opens: date

    def read(self, cohorts: Sequence[Table]) -> CohortsRead:
        """Other cohorts in place of these. What was wrong already (a round that has lost its cut) is not counted
        again.
        """
        known = {fault.sentence for fault in read_list(self.cohorts, self.around).faults}
        found = read_list(cohorts, self.around)
        fresh = tuple(fault for fault in found.faults if fault.sentence not in known)
        return CohortsRead(found.cohorts, fresh)


def setup_of(edition: Edition) -> Setup:
    """As the edition is now."""
    plan = plan_of(edition)
    return Setup(
        plan,
        tuple(map(cohort_table, plan.cohorts)),
        Around(frozenset(track.slug for track in plan.tracks), plan.rounds, plan.awards),
        opening_day(edition),
    )


def opening_day(edition: Edition) -> date:
    """Day 0 of a blueprint's calendar."""
    return first_day(edition, list(edition.phases.all()))


@dataclass(frozen=True, slots=True)
class CohortFacts:
    """Everything of a cohort that is frozen, as a change keeps it; of its milestones by their addresses."""

    name: Words
    facts: Facts
    milestones: Mapping[str, tuple[Words, Facts]]


def facts_of(edition: Edition) -> dict[str, CohortFacts]:
    """Of every cohort, by its address."""
    rounds = {round.slug: round.name for round in edition.rounds.all()}
    rows = Cohort.objects.filter(edition=edition).select_related("track")
    return {
        row.slug: CohortFacts(
            dict(row.name),
            cohort_facts(row, rounds),
            {one.slug: (dict(one.name), milestone_facts(one)) for one in row.milestones.all()},
        )
        for row in rows.prefetch_related("promises", "milestones__deliverables")
    }


def cohort_facts(row: Cohort, rounds: Mapping[str, Words]) -> Facts:
    """Of one cohort. Names are kept with it: they may change later."""
    filled = {"round": rounds.get(row.source, {"en": row.source})} if row.source else {}
    return {
        "cohort.name": dict(row.name),
        "cohort.about": dict(row.about),
        "cohort.places": row.places,
        "cohort.filled": filled or {"track": dict(row.track.name) if row.track else {}},
        "cohort.answer_days": row.answer_days,
        "cohort.offers_next": row.offers_next,
        "cohort.starts_at": moment_value(row.starts_at),
        "cohort.ends_at": moment_value(row.ends_at),
        "cohort.promises": [
            {"kind": one.kind, "amount": _number(one.amount), "unit": one.unit} for one in row.promises.all()
        ],
    }


def milestone_facts(row: Milestone) -> Facts:
    """Of one milestone, with what it asks for."""
    return {
        "milestone.name": dict(row.name),
        "milestone.about": dict(row.about),
        "milestone.due_at": moment_value(row.due_at),
        "milestone.grant": {"amount": _number(row.grant), "currency": row.grant_unit} if row.grant else None,
        "milestone.asks": [
            {
                "slug": one.slug,
                "name": dict(one.name),
                "about": dict(one.about),
                "kind": one.kind,
                "required": one.required,
            }
            for one in row.deliverables.all()
        ],
    }


def _number(amount: Decimal | None) -> str | None:
    return None if amount is None else plain(amount)


def cohort_changes(before: Mapping[str, CohortFacts], after: Mapping[str, CohortFacts]) -> Iterator[Change]:
    """Cohorts and milestones that came and went, and what became another of the rest; each under the name it had."""
    for slug, old in before.items():
        new = after.get(slug)
        if new is None:
            yield Change("cohort.slot", _short(old), None, name=old.name)
            continue
        for what, value in old.facts.items():
            yield Change(what, value, new.facts[what], name=old.name)
        yield from _milestone_changes(old.milestones, new.milestones)
    for slug, new in after.items():
        if slug not in before:
            yield Change("cohort.slot", None, _short(new), name=new.name)


def _milestone_changes(
    before: Mapping[str, tuple[Words, Facts]], after: Mapping[str, tuple[Words, Facts]]
) -> Iterator[Change]:
    for slug, (name, facts) in before.items():
        if slug not in after:
            yield Change("milestone.slot", _due(facts), None, name=name)
            continue
        for what, value in facts.items():
            yield Change(what, value, after[slug][1][what], name=name)
    for slug, (name, facts) in after.items():
        if slug not in before:
            yield Change("milestone.slot", None, _due(facts), name=name)


def _short(one: CohortFacts) -> dict[str, Any]:
    return {"places": one.facts["cohort.places"]}


def _due(facts: Facts) -> dict[str, Any]:
    return {"due_at": facts["milestone.due_at"], "grant": facts["milestone.grant"]}
