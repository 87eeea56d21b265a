"""Reads of cuts and of the standings they are drawn in."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from judging import gate_results, queries
from judging.logic.cuts import Line
from judging.models import Cut, CutRow, Round, Standing
from submissions.lifecycle import State
from submissions.models import Entry

COLUMNS = ("adjusted_rank", "value", "p_cut", "own_rank", "own_value")  # of StandingRow


def lines_of(standing: Standing) -> list[Line]:
    """A frozen standing as the cut reads it: exact scores, ranks of the standing that decides, chances in per cent.

    Where an adjusted standing decides, its score is the film's, and a film that nobody scored has none.
    """
    rows = standing.rows.filter(entry__state=State.ELIGIBLE).annotate(film=F("entry__code"))
    kept = {row["film"]: row for row in rows.values("film", *COLUMNS)}
    return lines_from(standing.inputs, kept, Round.Decides(standing.decides))


def lines_from(
    inputs: Mapping[str, Any], kept: Mapping[str, Mapping[str, Any]], by: Round.Decides
) -> list[Line]:
    """The same from a standing's inputs and, by film, what the models made of it (COLUMNS; None where there are none).

    Only films of `kept` are there: one that was withdrawn meanwhile takes nobody's place.
    """
    passing = gate_results.passing(inputs)
    lines = []
    for row in gate_results.compute(inputs):
        if row.film not in kept:
            continue
        found = kept[row.film]
        chance = None if found["p_cut"] is None else found["p_cut"] * 100
        rank, score = row.rank, row.exact
        if by != Round.Decides.OFFICIAL:
            value = found["value" if by == Round.Decides.ADJUSTED else "own_value"]
            rank = found[queries.RANK_BY[by]] if row.looks else None
            score = None if value is None or not row.looks else Fraction(value)
        lines.append(Line(row.film, rank, score, chance, row.film in passing))
    return lines


def current_cut(round: Round) -> Cut | None:
    """The cut in force."""
    return Cut.objects.filter(round=round, set_aside_at__isnull=True).select_related("made_by").first()


@dataclass(frozen=True, slots=True)
class CutCounts:
    """How many films go on, and why; `removed` and `tie_lost` do not."""

    by_rule: int
    tie: int
    tie_won: int
    tie_lost: int
    added: int
    removed: int
    wild: int = 0

    @property
    def through(self) -> int:
        return self.by_rule + self.tie + self.tie_won + self.added + self.wild


def counts_of(cut: Cut) -> CutCounts:
    """One query."""
    reason = CutRow.Reason
    row = CutRow.objects.filter(cut=cut).aggregate(
        by_rule=Count("pk", filter=Q(reason=reason.BY_RULE)),
        tie=Count("pk", filter=Q(reason=reason.TIE)),
        tie_won=Count("pk", filter=Q(reason=reason.TIE_WON)),
        tie_lost=Count("pk", filter=Q(reason=reason.TIE_LOST)),
        added=Count("pk", filter=Q(reason=reason.ADDED)),
        removed=Count("pk", filter=Q(reason=reason.REMOVED)),
        wild=Count("pk", filter=Q(reason=reason.WILD_CARD)),
    )
    return CutCounts(**row)


def rows_of(cut: Cut, reason: str = "") -> QuerySet[CutRow]:
    """The cut's films in their order, or only those named for one reason."""
    rows = CutRow.objects.filter(cut=cut).select_related("entry__track", "by")
    return rows.filter(reason=reason) if reason else rows


def films_through(cut: Cut) -> QuerySet[Entry]:
    """The films that the cut lets through."""
    rows = CutRow.objects.filter(cut=cut).exclude(reason__in=CutRow.OUT).order_by()
    return Entry.objects.filter(pk__in=rows.values("entry_id")).order_by()


def earlier_moves(cut: Cut) -> list[CutRow]:
    """What the chair had moved in the cut before this one, where it is not so in this one already."""
    before = Cut.objects.filter(round_id=cut.round_id, set_aside_at__isnull=False).first()
    if before is None:
        return []
    now = dict(CutRow.objects.filter(cut=cut).values_list("entry_id", "reason"))
    rows = rows_of(before).filter(reason__in=CutRow.BY_HAND, entry__state=State.ELIGIBLE)
    return [
        row for row in rows if row.goes_on != (now.get(row.entry_id, CutRow.Reason.REMOVED) not in CutRow.OUT)
    ]


def through(round: Round) -> int | None:
    """How many films the round's cut lets through; None before it is made."""
    cut = current_cut(round)
    return counts_of(cut).through if cut else None
