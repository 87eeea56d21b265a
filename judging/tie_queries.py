"""Reads of ties at a cut's line: which films, how many places, and what the rule says is next."""

from collections.abc import Sequence
from dataclasses import dataclass

from judging import cut_queries, further_queries
from judging.logic import cuts
from judging.models import Cut, CutRow, Round, TieBreak
from submissions.lifecycle import State

COUNTED = ("count", "share", "ballot")
Step = TieBreak.Step


@dataclass(frozen=True, slots=True)
class Tie:
    """Films tied across the line, as long as nobody has decided. `places` are left for them. `step`: what the rule
    has before the tie rule itself: `look`, where somebody may still see those of `open_films` that the scores do not
    decide; `ballot`, where the jury votes on what goes on (in `ballot`).
    """

    rows: tuple[CutRow, ...]
    places: int
    open_films: tuple[int, ...]
    ballot: Round | None
    step: TieBreak.Step

    @property
    def films(self) -> list[str]:
        return [row.entry.code for row in self.rows]


def tie_of(round: Round, cut: Cut) -> Tie | None:
    """The films that are still tied at the line of a cut that is not frozen; None when there are none."""
    rows = tuple(
        CutRow.objects.filter(cut=cut, reason=CutRow.Reason.TIE, entry__state=State.ELIGIBLE)
        .select_related("entry")
        .order_by("entry__code")
    )
    if not rows or cut.kind not in COUNTED or cut.value is None:
        return None
    open_films = further_queries.can_get_looks(round, cut.standing, [row.entry_id for row in rows])
    ballot = next((one for one in round.followers.all() if one.gate == Round.Gate.BALLOT), None)
    step = Step.LOOK if open_films else Step.BALLOT if ballot else Step.NONE
    return Tie(rows, places_for(cut, rows), tuple(open_films), ballot, step)


def places_for(cut: Cut, rows: Sequence[CutRow]) -> int:
    """How many places the films above the line leave, and those of the tied that the chair has let go on."""
    lines = cut_queries.lines_of(cut.standing)
    assert cut.value is not None
    number = cuts.number_of(len(lines), cut.kind, cut.value)
    tied = rows[0].rank or 0
    above = sum(line.rank is not None and line.rank < tied for line in lines)
    by_hand = CutRow.objects.filter(
        cut=cut, reason=CutRow.Reason.ADDED, rank=tied, entry__state=State.ELIGIBLE
    )
    return max(number - above - by_hand.count(), 0)


def settled_rows(cut: Cut) -> list[CutRow]:
    """The films that the tie rule has put into their order, those below included."""
    rows = CutRow.objects.filter(cut=cut, tie_place__isnull=False).select_related("entry")
    return list(rows.order_by("tie_place"))
