"""Reads of cuts and of the standings they are drawn in."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from festival.kit.errors import Refused
from judging import gate_results
from judging.logic.cuts import Line
from judging.models import Cut, CutRow, Round, StandingRow
from submissions.lifecycle import State


def chance_of(row: StandingRow) -> Decimal | None:
    """How likely the film is above the line, per cent; None where the standing does not know it."""
    share = getattr(row, "p_cut", None)
    return None if share is None else Decimal(share) * 100


def lines_of(round: Round) -> list[Line]:
    """The frozen standing as the cut reads it: exact scores, the rank of the standing that decides, probabilities."""
    standing = round.standing
    if round.gate == Round.Gate.SCORE and round.decides == Round.Decides.ADJUSTED:
        return _adjusted(round)
    passing = gate_results.passing(standing.inputs)
    chances = {
        row.entry.code: chance_of(row)
        for row in standing.rows.filter(entry__state=State.ELIGIBLE).select_related("entry")
    }
    return [
        Line(row.film, row.rank, row.exact, chances[row.film], row.film in passing)
        for row in gate_results.compute(standing.inputs)
        if row.film in chances  # a film that was withdrawn meanwhile takes nobody's place
    ]


def _adjusted(round: Round) -> list[Line]:
    raise Refused(
        _("The adjusted standing of this round has not been computed, so no line can be drawn in it."),
        code="no_adjusted",
    )


def current_cut(round: Round) -> Cut | None:
    """The cut in force."""
    return Cut.objects.filter(round=round, set_aside_at__isnull=True).select_related("made_by").first()


@dataclass(frozen=True, slots=True)
class CutCounts:
    """How many films go on, and why; `removed` do not."""

    by_rule: int
    tie: int
    added: int
    removed: int

    @property
    def through(self) -> int:
        return self.by_rule + self.tie + self.added


def counts_of(cut: Cut) -> CutCounts:
    """One query."""
    reason = CutRow.Reason
    row = CutRow.objects.filter(cut=cut).aggregate(
        by_rule=Count("pk", filter=Q(reason=reason.BY_RULE)),
        tie=Count("pk", filter=Q(reason=reason.TIE)),
        added=Count("pk", filter=Q(reason=reason.ADDED)),
        removed=Count("pk", filter=Q(reason=reason.REMOVED)),
    )
    return CutCounts(**row)


def rows_of(cut: Cut, reason: str = "") -> QuerySet[CutRow]:
    """The cut's films in their order, or only those named for one reason."""
    rows = CutRow.objects.filter(cut=cut).select_related("entry__track", "by")
    return rows.filter(reason=reason) if reason else rows


def through(round: Round) -> int | None:
    """How many films the round's cut lets through; None before it is made."""
    cut = current_cut(round)
    return counts_of(cut).through if cut else None
