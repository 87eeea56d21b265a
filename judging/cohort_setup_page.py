"""What the pages of teams' setup show: cohorts with their milestones, in words, and what can still be taken away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from festival.edition.models import Edition
from festival.kit.clock import last_minute
from festival.kit.words import day_text
from judging import cohort_change_words as words
from judging.cohort_holds import Hold, held, holds_of, keeps_place, why_cohort_stays, why_milestone_stays
from judging.cohort_setup import cohort_facts, milestone_facts
from submissions.cohorts.models import Cohort, Milestone


@dataclass(frozen=True, slots=True)
class MilestoneLine:
    """`stays`: why it cannot be removed, "" where it can. `up`, `down`: whether it can change places with the one
    before or after it; `moves`: whether it has such a neighbour at all.
    """

    milestone: Milestone
    due: str
    grant: str
    asks: list[str]
    stays: str
    up: bool
    down: bool

    @property
    def moves(self) -> bool:
        return self.up or self.down


@dataclass(frozen=True, slots=True)
class CohortLine:
    """`facts`: pairs of what and how it is. `stays`: why it cannot be removed, "" where it can. `kept`: teams have a
    place, or are asked. `up`, `down`: whether it can change places with the one before or after it.
    """

    cohort: Cohort
    facts: list[tuple[str, str]]
    milestones: list[MilestoneLine]
    stays: str
    kept: bool
    up: bool
    down: bool


def lines_of(edition: Edition, *, frozen: bool, at: datetime) -> list[CohortLine]:
    """Every cohort in its order. As many queries however much there is."""
    holds = holds_of(edition)
    rounds = {round.slug: round.name for round in edition.rounds.all()}
    found = Cohort.objects.filter(edition=edition).select_related("track")
    rows = list(found.prefetch_related("promises", "milestones__deliverables"))
    moves = order_of(
        [not keeps_place(row.starts_at, held(row, holds), frozen=frozen, at=at) for row in rows],
        [None] * len(rows),
    )
    return [
        CohortLine(
            row,
            _facts(row, rounds, edition),
            _milestones(row, held(row, holds), edition.time_zone, frozen=frozen, at=at),
            why_cohort_stays(held(row, holds), frozen=frozen),
            held(row, holds).taken > 0,
            *moves[place],
        )
        for place, row in enumerate(rows)
    ]


def order_of(free: Sequence[bool], groups: Sequence[Any]) -> list[tuple[bool, bool]]:
    """Of every row whether it can change places with the one before and the one after it: where both are `free`, and of
    one group.
    """
    passes = [
        free[place] and free[place + 1] and groups[place] == groups[place + 1]
        for place in range(len(free) - 1)
    ]
    return list(zip([False, *passes], [*passes, False], strict=True)) if free else []


def _facts(row: Cohort, rounds: dict[str, dict[str, str]], edition: Edition) -> list[tuple[str, str]]:
    facts, zone = cohort_facts(row, rounds), edition.time_zone
    promised = words.value_text("cohort.promises", facts["cohort.promises"], edition)
    days = ngettext("%(count)d day", "%(count)d days", row.answer_days) % {"count": row.answer_days}
    first, last = day_text(row.starts_at, zone), day_text(last_minute(row.ends_at), zone)
    by_itself = _("by itself to the next") if row.offers_next else _("by the desk")
    return [
        (_("Places"), str(row.places)),
        (_("How its places are filled"), words.filled_text(facts["cohort.filled"])),
        (_("Time of the teams"), _("%(first)s to %(last)s") % {"first": first, "last": last}),
        (_("Days to answer"), days),
        (_("A free place is offered"), by_itself),
        (_("What every team is promised"), promised),
    ]


def _milestones(cohort: Cohort, hold: Hold, zone: str, *, frozen: bool, at: datetime) -> list[MilestoneLine]:
    rows = list(cohort.milestones.all())
    free = [not keeps_place(row.due_at, hold, frozen=frozen, at=at) for row in rows]
    moves = order_of(free, [row.due_at for row in rows])
    return [_milestone(row, hold, zone, moves[place], frozen=frozen) for place, row in enumerate(rows)]


def _milestone(
    row: Milestone, hold: Hold, zone: str, moves: tuple[bool, bool], *, frozen: bool
) -> MilestoneLine:
    facts = milestone_facts(row)
    grant = facts["milestone.grant"]
    return MilestoneLine(
        row,
        day_text(last_minute(row.due_at), zone),
        words.grant_text(grant) if grant else "",
        [words.asked_short(one) for one in facts["milestone.asks"]],
        why_milestone_stays(row, hold, frozen=frozen),
        *moves,
    )


def kept_text(cohort: Cohort | None, hold: Hold, *, frozen: bool) -> str:
    """What the form of a cohort, or of one of its milestones, says before anything is changed; "" while everything is
    free.
    """
    if hold.taken:
        return _(
            "Teams have a place, or are asked whether they take one. What they were promised is not made less, nothing "
            "is due earlier, and no more is asked of them. What is promised beyond it is written into the ledgers of "
            "the teams that have their places, and is not taken back here."
        )
    if not frozen:
        return ""
    if cohort is not None:
        return _(
            "The call has opened: every change needs a reason, which everybody reads. Promises, grants and places are "
            "not made less, and nothing comes earlier."
        )
    return _(
        "The call has opened: a new cohort needs a reason, which everybody reads, and is not taken away again."
    )
