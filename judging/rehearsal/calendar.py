"""The calendar of a rehearsal: which stage comes when. A stage that the blueprint lacks is left out."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from festival.edition.blueprint import Blueprint
from festival.edition.models import Phase
from judging.cut_queries import current_cut
from judging.judge_queries import own_phases
from judging.models import Round
from judging.rehearsal import arriving, ending, invited, pages, rounds, team_figures, teams
from judging.rehearsal.arriving import Tick
from judging.rehearsal.contest import Contest, calls
from judging.rehearsal.teams import Company
from submissions.lifecycle import State
from submissions.models import Entry


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of the calendar that was gone through: what came of it, and how many seconds it took here; `cpu`: of this
    process, which a busy machine does not make longer.
    """

    kind: str
    slug: str
    seconds: float
    cpu: float
    row: dict[str, Any]


Say = Callable[[str, float], None]
"""Told now and then: the stage that is gone through, and how much of the whole is behind it, from 0 to 1."""


LISTED_AFTER = timedelta(
    hours=8
)  # after a round has closed, and the jury has met on ties, its teams are on the list
AFTERWARDS = timedelta(days=30)  # after the last cohort: what is promised is still given

REHEARSED = frozenset(
    (
        "key", "name", "tagline", "about", "contact", "time_zone", "blind", "fix_days", "four_eyes", "rulebook", "form",
        "objections", "declarations", "questions", "tracks", "phases", "rounds", "awards", "award_rules", "venues",
        "travel", "checks", "cohorts",
    )
)  # fmt: skip
"""The parts of a blueprint that a rehearsal knows. One that comes later is named as not rehearsed."""


def run(made: Contest, *, say: Say = lambda *_: None) -> list[Stage]:
    """Go through the whole calendar, each step at its own moment. Actions are given the time; no clock is touched."""
    edition = made.edition
    planned = list(edition.rounds.order_by("position", "pk"))
    companies = teams.gather(made)
    steps: list[tuple[str, str, Callable[[Tick], dict[str, Any]]]] = [
        ("arriving", "", partial(_arrive, made, companies))
    ]
    times = _times(made, len(planned))
    made.rounds_at = {round.slug: when for round, when in zip(planned, times, strict=True)}
    for number, (round, (opens, closes)) in enumerate(zip(planned, times, strict=True)):
        steps.append(("round", round.slug, partial(_judge, made, companies, round, number, opens, closes)))
    if edition.award_slots.filter(added=False).exists() and planned:
        steps.append(("awards", "", lambda _tick: ending.give_awards(made, _judged_by(made))))
    if edition.venues.exists():
        steps.append(("premiere", "", lambda _tick: ending.plan_premiere(made, _judged_by(made))))
    if companies:
        steps.append(("teams", "", lambda _tick: _end(companies)))
    found: list[Stage] = []
    for number, (kind, slug, go) in enumerate(steps):
        say(slug or kind, number / len(steps))
        before, worked = time.perf_counter(), time.process_time()

        def tick(share: float, name: str = slug or kind, number: int = number) -> None:
            say(name, (number + min(share, 1)) / len(steps))

        row = go(tick)
        seconds, cpu = time.perf_counter() - before, time.process_time() - worked
        found.append(Stage(kind, slug, seconds, cpu, row))
        if kind == "arriving":
            made.pages += pages.ask(pages.of_call(made), "call", made.asks)
    made.pages += pages.ask(pages.of_end(made), "end", made.asks)
    return found


def _arrive(made: Contest, companies: list[Company], tick: Tick) -> dict[str, Any]:
    """Those who are invited come first: their films are among those that arrive."""
    invited.begin(made, companies)
    return asdict(arriving.arrive(made, tick))


def _judge(
    made: Contest,
    companies: list[Company],
    round: Round,
    number: int,
    opens: datetime,
    closes: datetime,
    tick: Tick,
) -> dict[str, Any]:
    """The teams go on until the round opens; afterwards its cut fills the cohorts that wait for it."""
    if companies:
        companies[0].agenda.go_on(opens)
    row = rounds.judge_round(made, round, number, opens, closes, tick)
    cut = None if row["refused"] else current_cut(round)
    for company in companies:
        if cut and company.cohort.source == round.slug:
            company.begin_by_cut(cut, closes + LISTED_AFTER)
    return row


def _end(companies: list[Company]) -> dict[str, Any]:
    """The teams go on until the last cohort is over; what came of them."""
    agenda = companies[0].agenda
    agenda.go_on(max(company.cohort.ends_at for company in companies) + AFTERWARDS)
    return {"cohorts": [team_figures.of_company(one) for one in companies], "refused": agenda.refused}


def not_rehearsed(plan: Blueprint) -> list[dict[str, Any]]:
    """The parts of a blueprint that a rehearsal does not go through, by name, with how many there are of each."""
    found: list[dict[str, Any]] = []
    for part in fields(plan):
        rows = getattr(plan, part.name)
        if part.name not in REHEARSED and rows:
            found.append({"code": part.name, "count": len(rows) if isinstance(rows, tuple) else 1})
    by_the_audience = sum(award.decided_by == "audience" for award in plan.awards)
    notices = sum(phase.kind == Phase.Kind.NOTICE for phase in plan.phases)
    for code, count in (
        ("questions", len(plan.questions)),
        ("wild_cards", sum(round.wild_cards for round in plan.rounds)),
        ("audience", by_the_audience),
        ("notices", notices),
    ):
        if count:
            found.append({"code": code, "count": count})
    return found


def admitted(made: Contest) -> list[int]:
    """The numbers of the films that are in the competition."""
    rows = Entry.objects.filter(edition=made.edition, state=State.ELIGIBLE)
    return sorted(made.films[pk] for pk in rows.values_list("pk", flat=True))


def _times(made: Contest, count: int) -> list[tuple[datetime, datetime]]:
    """Each round in its own phase of the jury, where there are as many; else they share the phases evenly. The first
    begins when the last film is settled.
    """
    last = max((one.mended_at or one.inspected_at for one in made.arrivals), default=calls(made.edition)[1])
    jury = made.edition.phases.filter(kind=Phase.Kind.JURY).order_by("starts_at").first()
    own = own_phases(made.edition)
    if own:
        return [(max(last, one.starts_at), max(last, one.ends_at)) for one in own.values()]
    begins = max(last, jury.starts_at) if jury else last
    ends = max(_judged_by(made), begins)
    part = (ends - begins) / max(count, 1)
    return [(begins + part * n, begins + part * n + part * 0.95) for n in range(count)]


def _judged_by(made: Contest) -> datetime:
    """The end of the jury's work; without a jury the end of the call."""
    jury = made.edition.phases.filter(kind=Phase.Kind.JURY).order_by("-ends_at").first()
    return jury.ends_at if jury else calls(made.edition)[1]
