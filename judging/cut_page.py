"""The cut line of a frozen standing: the films around it, how sure it is, what more looks would change."""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from django.db.models import F

from judging import plots, standing_actions
from judging.logic import adaptive, adjusted, cut_line
from judging.logic.scores import Ints
from judging.models import Round, Standing, StandingRow
from submissions.models import Entry

AROUND = 25  # films shown on either side of the line
MOST = 150  # films shown in all
DRAWS = 300  # of imagined further looks: enough to tell a tenth of a film
SURE = Decimal("0.9")
LAST = 10**9


@dataclass(frozen=True, slots=True)
class Line:
    """A film near the cut. `above`: whether it passes. `tied`: the published rule holds it equal to a film on the
    other side.
    """

    row: adjusted.AdjustedRow
    entry: Entry
    official_rank: int | None
    official: Decimal | None
    span: plots.Span
    above: bool
    tied: bool


@dataclass(frozen=True, slots=True)
class CutPage:
    """`hits`: how many of those that pass are expected to be truly among the best. `more`: what one more look each
    would change. `undecided` and `flips` count all films.
    """

    cut: int
    films: int
    hits: Decimal
    undecided: int
    flips: int
    sure: int
    lines: tuple[Line, ...]
    histogram: plots.Histogram | None
    more: cut_line.Change | None


def cut_page(standing: Standing, *, cut: int, more: int = 0) -> CutPage | None:
    """The page for the first `cut` films by what decides; None where the round has no scores.

    `more`: how many films nearest the line one more look each is imagined for.
    """
    models = standing_actions.modelled(standing.inputs, cut=cut, seed=standing.round.seed)
    if models is None:
        return None
    kept = {row.entry_code: row for row in standing.rows.annotate(entry_code=F("entry__code"))}
    order = sorted(
        (row for row in models.rows if row.film in kept), key=lambda row: _place(standing, kept[row.film])
    )
    cut = min(cut, len(order))
    passing = {row.film for row in order[:cut]}
    near = _near(order, cut)
    entries = {
        entry.code: entry
        for entry in Entry.objects.filter(pk__in=[kept[row.film].entry_id for row in near]).select_related(
            "track"
        )
    }
    after = order[min(cut, len(order) - 1)]
    line = float(order[cut - 1].value + after.value) / 2
    means = {kept[row.film].mean for row in order[:cut]} & {kept[row.film].mean for row in order[cut:]} - {
        None
    }
    spans = plots.spans([float(row.value) for row in near], [float(row.sd) for row in near], line)
    lines = [
        Line(
            row=row,
            entry=entries[row.film],
            official_rank=kept[row.film].rank,
            official=kept[row.film].mean,
            span=span,
            above=row.film in passing,
            tied=kept[row.film].mean in means,
        )
        for row, span in zip(near, spans, strict=True)
    ]
    chance = {row.film: row.p_cut or Decimal(0) for row in order}
    return CutPage(
        cut=cut,
        films=len(order),
        hits=sum((chance[film] for film in passing), Decimal(0)),
        undecided=sum(row.undecided for row in order),
        flips=sum(row.flips for row in order),
        sure=sum(chance[film] >= SURE for film in passing),
        lines=tuple(lines),
        histogram=plots.histogram([float(row.value) for row in order], line),
        more=_more(models, cut, more) if more else None,
    )


def _place(standing: Standing, row: StandingRow) -> tuple[int, int, int]:
    """Where a film stands by what decides; between equals the adjusted standing goes first."""
    adjusted_rank, own_rank = row.adjusted_rank or LAST, row.own_rank or LAST
    first = {
        Round.Decides.OFFICIAL: row.rank or LAST,
        Round.Decides.ADJUSTED: adjusted_rank,
        Round.Decides.OWN: own_rank,
    }[Round.Decides(standing.decides)]
    return first, adjusted_rank, row.pk


def _near(order: list[adjusted.AdjustedRow], cut: int) -> list[adjusted.AdjustedRow]:
    """Films within so many places of the line, and those the scores do not decide, as many as a page holds."""
    around = set(range(max(cut - AROUND, 0), min(cut + AROUND, len(order))))
    open_ones = [at for at, row in enumerate(order) if row.undecided and at not in around]
    open_ones.sort(key=lambda at: abs(at - cut))
    chosen = around | set(open_ones[: MOST - len(around)])
    return [order[at] for at in sorted(chosen)]


def _more(models: adjusted.Adjusted, cut: int, more: int) -> cut_line.Change:
    return cut_line.one_more_look(models.fit, films=_around(models, cut, more), cut=cut, draws=DRAWS)


def _around(models: adjusted.Adjusted, cut: int, more: int) -> Ints:
    value = models.fit.value
    border = adaptive.line_of(value, cut)
    return np.argsort(np.abs(value - border), kind="stable")[:more]


def nearest(models: adjusted.Adjusted, cut: int, more: int) -> list[str]:
    """The codes of so many films nearest the line."""
    return [models.fit.scores.entries[at] for at in _around(models, cut, more)]
