"""What the pages of teams' setup show: cohorts with their milestones, in words, and what can still be taken away."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from festival.edition.models import Edition
from festival.kit.clock import last_minute
from festival.kit.words import day_text
from judging import cohort_change_words as words
from judging.cohort_holds import Hold, held, holds_of, why_cohort_stays, why_milestone_stays
from judging.cohort_setup import cohort_facts, milestone_facts
from submissions.cohorts.models import Cohort, Milestone


@dataclass(frozen=True, slots=True)
class MilestoneLine:
    """`stays`: why it cannot be removed, "" where it can."""

    milestone: Milestone
    due: str
    grant: str
    asks: list[str]
    stays: str


@dataclass(frozen=True, slots=True)
class CohortLine:
    """`facts`: pairs of what and how it is. `stays`: why it cannot be removed, "" where it can. `kept`: teams have a
    place, or are asked.
    """

    cohort: Cohort
    facts: list[tuple[str, str]]
    milestones: list[MilestoneLine]
    stays: str
    kept: bool


def lines_of(edition: Edition, *, frozen: bool) -> list[CohortLine]:
    """Every cohort in its order. As many queries however much there is."""
    holds = holds_of(edition)
    rounds = {round.slug: round.name for round in edition.rounds.all()}
    rows = Cohort.objects.filter(edition=edition).select_related("track")
    return [
        CohortLine(
            row,
            _facts(row, rounds, edition),
            [
                _milestone(one, held(row, holds), edition.time_zone, frozen=frozen)
                for one in row.milestones.all()
            ],
            why_cohort_stays(held(row, holds), frozen=frozen),
            held(row, holds).taken > 0,
        )
        for row in rows.prefetch_related("promises", "milestones__deliverables")
    ]


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


def _milestone(row: Milestone, hold: Hold, zone: str, *, frozen: bool) -> MilestoneLine:
    facts = milestone_facts(row)
    grant = facts["milestone.grant"]
    return MilestoneLine(
        row,
        day_text(last_minute(row.due_at), zone),
        words.grant_text(grant) if grant else "",
        [words.asked_short(one) for one in facts["milestone.asks"]],
        why_milestone_stays(row, hold, frozen=frozen),
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
