"""The cohorts of a blueprint: places for teams, milestones with what they ask for, and support. Without Django."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from festival.edition.blueprint_award_checks import check_places
from festival.edition.blueprint_awards import AwardPlan
from festival.edition.blueprint_reader import Fault, Known, Path, Reader
from festival.edition.blueprint_rounds import RoundPlan, check_chain, let_through
from festival.edition.currencies import is_currency

Text = dict[str, str]
# As `submissions.cohorts` knows them; tests/submissions/cohorts/test_setup.py holds the two against each other.
DELIVERABLES = ("film", "document", "picture", "text", "link")
SUPPORT = ("cash", "traffic", "credits")
MOST_AMOUNT = Decimal(10) ** 10
MOST_UNIT = 20  # letters


@dataclass(frozen=True, slots=True)
class DeliverablePlan:
    """`kind`: one of DELIVERABLES."""

    slug: str
    name: Text
    about: Text
    kind: str
    required: bool


@dataclass(frozen=True, slots=True)
class MilestonePlan:
    """Due with the end of `due_day`. `grant`: money due once a delivery is accepted, in the currency `grant_unit`."""

    slug: str
    name: Text
    about: Text
    due_day: int
    grant: Decimal | None
    grant_unit: str
    deliverables: tuple[DeliverablePlan, ...]


@dataclass(frozen=True, slots=True)
class SupportPlan:
    """What every team is promised when it takes its place. `kind`: one of SUPPORT. `amount` None: unlimited.

    `unit`: of cash a currency, else any word.
    """

    kind: str
    amount: Decimal | None
    unit: str


@dataclass(frozen=True, slots=True)
class CohortPlan:
    """`source`: the round whose cut fills it. Without one it is filled by invitation, with entries of `track`."""

    slug: str
    name: Text
    about: Text
    places: int
    source: str
    track: str
    answer_days: int
    offers_next: bool
    starts_day: int
    ends_day: int
    milestones: tuple[MilestonePlan, ...]
    support: tuple[SupportPlan, ...]


_COHORT: Known = {
    "slug": (str, ...),
    "name": (dict, ...),
    "about": (dict, {}),
    "places": (int, ...),
    "source": (str, ""),
    "track": (str, ""),
    "answer_days": (int, 7),
    "offers_next": (bool, False),
    "starts_day": (int, ...),
    "ends_day": (int, ...),
    "milestones": (list, []),
    "support": (list, []),
}
_MILESTONE: Known = {
    "slug": (str, ...),
    "name": (dict, ...),
    "about": (dict, {}),
    "due_day": (int, ...),
    "grant": (object, None),
    "grant_unit": (str, ""),
    "deliverables": (list, []),
}
_DELIVERABLE: Known = {
    "slug": (str, ...),
    "name": (dict, ...),
    "about": (dict, {}),
    "kind": (str, ...),
    "required": (bool, True),
}
_SUPPORT: Known = {"kind": (str, ...), "amount": (object, ...), "unit": (str, ...)}


@dataclass(frozen=True, slots=True)
class Around:
    """What cohorts are held against: the addresses of tracks, the rounds in their order, the awards."""

    tracks: frozenset[str]
    rounds: tuple[RoundPlan, ...]
    awards: tuple[AwardPlan, ...]


@dataclass(frozen=True, slots=True)
class CohortsRead:
    """Cohorts as they were read, and what is wrong with them, or with the rounds and awards that hang on them."""

    cohorts: tuple[CohortPlan, ...]
    faults: tuple[Fault, ...]


def read_list(cohorts: Sequence[Mapping[str, Any]], around: Around) -> CohortsRead:
    """Tables of [[cohorts]], read and checked as those of a file. One set of checks, for a file and for the desk."""
    read = Reader("")
    plans = tuple(read_cohort(read, ("cohorts", place), row) for place, row in enumerate(cohorts))
    intakes = check_chain(read, around.rounds, {plan.slug: plan.places for plan in plans})
    check_places(read, around.awards, intakes)
    check_cohorts(read, plans, set(around.tracks), around.rounds, intakes)
    return CohortsRead(plans, tuple(read.faults))


def read_cohort(read: Reader, path: Path, row: Mapping[str, Any]) -> CohortPlan:
    """One table of [[cohorts]] with its [[cohorts.milestones]] and [[cohorts.support]]."""
    values = read.take(row, path, "A cohort", _COHORT)
    values["milestones"] = tuple(
        _milestone(read, here, one) for here, one in read.rows(values, path, "milestones")
    )
    values["support"] = tuple(_support(read, here, one) for here, one in read.rows(values, path, "support"))
    plan = CohortPlan(**values)
    _check_once(read, (*path, "milestones"), "milestone", plan.milestones)
    _check_days(read, path, plan)
    return plan


def check_cohorts(
    read: Reader,
    cohorts: Sequence[CohortPlan],
    tracks: set[str],
    rounds: Sequence[RoundPlan],
    intakes: Mapping[str, Decimal | None],
) -> None:
    """What only the whole blueprint shows: known tracks and rounds, and enough films in the cut that fills it.

    `intakes`: as `check_chain` gives them.
    """
    _check_once(read, ("cohorts",), "cohort", cohorts)
    _check_judged(read, cohorts, rounds)
    known = {round.slug: round for round in rounds}
    for place, plan in enumerate(cohorts):
        here: Path = ("cohorts", place)
        if plan.source:
            _check_source(read, here, plan, known.get(plan.source), intakes)
        elif not plan.track:
            read.bad(
                here,
                f"The cohort {plan.slug!r} needs 'source', the round whose cut fills it, or 'track', where those who "
                "are invited enter.",
            )
        if plan.track and plan.track not in tracks:
            read.bad((*here, "track"), f"The cohort {plan.slug!r} names an unknown track {plan.track!r}.")


def _check_judged(read: Reader, cohorts: Sequence[CohortPlan], rounds: Sequence[RoundPlan]) -> None:
    """A round that takes a cohort's teams comes after the round that fills the cohort."""
    sources = {cohort.slug: cohort.source for cohort in cohorts}
    slugs = [round.slug for round in rounds]
    for place, round in enumerate(rounds):
        if not round.cohort:
            continue
        here: Path = ("rounds", place, "cohort")
        if round.cohort not in sources:
            read.bad(here, f"The round {round.slug!r} takes the teams of an unknown cohort {round.cohort!r}.")
        elif sources[round.cohort] in slugs[place:]:
            read.bad(
                here,
                f"The round {round.slug!r} takes the teams of {round.cohort!r}, which only the round "
                f"{sources[round.cohort]!r} fills: that one must come before it.",
                "judged",
                round=round.slug,
                cohort=round.cohort,
                source=sources[round.cohort],
            )


def _check_source(
    read: Reader,
    here: Path,
    plan: CohortPlan,
    round: RoundPlan | None,
    intakes: Mapping[str, Decimal | None],
) -> None:
    if plan.track:
        read.bad(
            (*here, "track"),
            f"The cohort {plan.slug!r} takes its entries from the round {plan.source!r}; 'track' is for cohorts that "
            "are filled by invitation.",
        )
    if round is None:
        read.bad((*here, "source"), f"The cohort {plan.slug!r} names an unknown round {plan.source!r}.")
    elif round.cut is None:
        read.bad(
            (*here, "source"),
            f"The cohort {plan.slug!r} takes the cut of {plan.source!r}, which has no 'cut'.",
            "no_cut",
            round=plan.source,
        )
    else:
        most = let_through(round.cut, intakes.get(round.slug))
        if most is not None and plan.places > most:
            read.bad(
                (*here, "places"),
                f"The cohort {plan.slug!r} has {plan.places} places, but the round {plan.source!r} lets only {most} "
                "through.",
                "through",
                cohort=plan.slug,
                places=plan.places,
                round=plan.source,
                most=most,
            )


def _check_once(
    read: Reader, path: Path, what: str, rows: Sequence[CohortPlan | MilestonePlan | DeliverablePlan]
) -> None:
    slugs = [row.slug for row in rows]
    for place, slug in enumerate(slugs):
        if slug in slugs[:place]:
            read.bad((*path, place, "slug"), f"The {what} {slug!r} is there twice.")


def _check_days(read: Reader, path: Path, plan: CohortPlan) -> None:
    if plan.ends_day < plan.starts_day:
        read.bad(
            (*path, "ends_day"),
            f"The cohort {plan.slug!r} ends on day {plan.ends_day}, before it starts.",
            "ends_early",
            cohort=plan.slug,
        )
        return
    for place, milestone in enumerate(plan.milestones):
        if not plan.starts_day <= milestone.due_day <= plan.ends_day:
            read.bad(
                (*path, "milestones", place, "due_day"),
                f"The milestone {milestone.slug!r} is due on day {milestone.due_day}; the cohort {plan.slug!r} "
                f"lasts from day {plan.starts_day} to {plan.ends_day}.",
                "outside",
                cohort=plan.slug,
                milestone=milestone.slug,
                due=milestone.due_day,
                first=plan.starts_day,
                last=plan.ends_day,
            )


def _milestone(read: Reader, path: Path, row: Mapping[str, Any]) -> MilestonePlan:
    values = read.take(row, path, "A milestone", _MILESTONE)
    values["deliverables"] = tuple(
        _deliverable(read, here, one) for here, one in read.rows(values, path, "deliverables")
    )
    if "grant" in row:
        values["grant"] = _amount(read, (*path, "grant"), values["grant"])
    if ("grant" in row) != bool(values["grant_unit"]):
        text = f"The milestone {values['slug']!r} needs both 'grant' and 'grant_unit', or neither."
        read.bad(path, text, "grant_unit")
    if values["grant_unit"] and not is_currency(values["grant_unit"]):
        text = f"A grant is given in a currency like CNY or USD, not {values['grant_unit']!r}."
        read.bad((*path, "grant_unit"), text, "currency", typed=values["grant_unit"])
    plan = MilestonePlan(**values)
    _check_once(read, (*path, "deliverables"), "deliverable", plan.deliverables)
    return plan


def _deliverable(read: Reader, path: Path, row: Mapping[str, Any]) -> DeliverablePlan:
    values = read.take(row, path, "A deliverable", _DELIVERABLE)
    if "kind" in row and values["kind"] not in DELIVERABLES:
        known = ", ".join(DELIVERABLES)
        read.bad((*path, "kind"), f"There is no deliverable kind {values['kind']!r}; there are {known}.")
    return DeliverablePlan(**values)


def _support(read: Reader, path: Path, row: Mapping[str, Any]) -> SupportPlan:
    values = read.take(row, path, "Support", _SUPPORT)
    if "kind" in row and values["kind"] not in SUPPORT:
        known = ", ".join(SUPPORT)
        read.bad((*path, "kind"), f"There is no support kind {values['kind']!r}; there are {known}.")
    if values["amount"] == "unlimited":
        values["amount"] = None
        if values["kind"] == "cash":
            read.bad(
                (*path, "amount"),
                "Cash is promised as a sum; only traffic and credits can be unlimited.",
                "cash_sum",
            )
    elif "amount" in row:
        values["amount"] = _amount(read, (*path, "amount"), values["amount"])
    if "unit" in row and values["kind"] == "cash" and not is_currency(values["unit"]):
        text = f"Cash is promised in a currency like CNY or USD, not {values['unit']!r}."
        read.bad((*path, "unit"), text, "currency", typed=values["unit"])
    elif "unit" in row and not 0 < len(values["unit"]) <= MOST_UNIT:
        text = f'The unit of support has from 1 to {MOST_UNIT} letters, such as "credits".'
        read.bad((*path, "unit"), text, "unit")
    return SupportPlan(**values)


def _amount(read: Reader, path: Path, value: Any) -> Decimal:
    """Above 0, two places behind the point at most."""
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        amount = Decimal(str(value))
        if amount.is_finite() and 0 < amount < MOST_AMOUNT and amount == round(amount, 2):
            return amount
    text = f"{path[-1]!r} must be an amount above 0 such as 1000 or 12.50, not {value!r}."
    read.bad(path, text, "amount")
    return Decimal(0)
