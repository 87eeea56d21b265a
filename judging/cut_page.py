"""The cut line of a frozen standing: the films around it, how sure it is, what more looks would change."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from festival.kit import remembered
from judging import plots, standing_actions
from judging.logic import adaptive, adjusted, cut_line
from judging.logic.scores import Ints
from judging.models import Round, Standing
from submissions.models import Entry

AROUND = 25  # films shown on either side of the line
MOST = 150  # films shown in all
DRAWS = 300  # of imagined further looks: enough to tell a tenth of a film
SURE = Decimal("0.9")
LAST = 10**9
KEPT = 3600  # seconds for which an answer is remembered: a frozen standing does not change any more


@dataclass(frozen=True, slots=True)
class Line:
    """A film near the cut. `above`: whether it passes. `tied`: the published rule holds it equal to a film on the
    other side.
    """

    row: adjusted.AdjustedRow
    entry_id: int
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


@dataclass(frozen=True, slots=True)
class _Film:
    """A film of the standing, with what the models say of it at the line that is asked about, and its place."""

    row: adjusted.AdjustedRow
    entry_id: int
    rank: int | None
    mean: Decimal | None
    order: tuple[int, int, int]


def cut_page(standing: Standing, *, cut: int, more: int = 0) -> CutPage | None:
    """The page for the first `cut` films by what decides; None where the round has no scores.

    `more`: how many films nearest the line one more look each is imagined for. At the line that was planned, and
    without `more`, the kept rows say everything; for others the models are computed again.
    """
    return remembered.figures(
        f"cut-page:{standing.pk}:{standing.adjusted_digest}:{cut}:{more}",
        lambda: _made(standing, cut=cut, more=more),
        rows=lambda found: found.films if found else 0,
        seconds=KEPT,
    )


def _made(standing: Standing, *, cut: int, more: int) -> CutPage | None:
    models = None
    if cut != standing.cut or more or not standing.adjusted_method:
        models = standing_actions.modelled(standing.inputs, cut=cut, seed=standing.round.seed)
        if models is None:
            return None
    films = _films(standing, models)
    cut = min(cut, len(films))
    near = _near([film.row for film in films], cut)
    rows = [films[at].row for at in near]
    line = float(films[cut - 1].row.value + films[min(cut, len(films) - 1)].row.value) / 2
    means = {film.mean for film in films[:cut]} & {film.mean for film in films[cut:]} - {None}
    spans = plots.spans([float(row.value) for row in rows], [float(row.sd) for row in rows], line)
    lines = [
        Line(
            row=films[at].row,
            entry_id=films[at].entry_id,
            official_rank=films[at].rank,
            official=films[at].mean,
            span=span,
            above=at < cut,
            tied=films[at].mean in means,
        )
        for at, span in zip(near, spans, strict=True)
    ]
    chances = [film.row.p_cut or Decimal(0) for film in films[:cut]]
    return CutPage(
        cut=cut,
        films=len(films),
        hits=sum(chances, Decimal(0)),
        undecided=sum(film.row.undecided for film in films),
        flips=sum(film.row.flips for film in films),
        sure=sum(chance >= SURE for chance in chances),
        lines=tuple(lines),
        histogram=plots.histogram([float(film.row.value) for film in films], line),
        more=_more(models, cut, more) if models and more else None,
    )


def titles(found: CutPage) -> dict[int, str]:
    """The titles of the films that a page shows, by number: read anew, not remembered. One query."""
    ids = [line.entry_id for line in found.lines]
    return dict(Entry.objects.filter(pk__in=ids).values_list("pk", "title"))


def _films(standing: Standing, models: adjusted.Adjusted | None) -> list[_Film]:
    """All films by what decides, as the standing keeps them or, where `models` are given, as those say. One query."""
    said = {row.film: row for row in models.rows} if models else {}
    films = []
    for (
        pk,
        entry,
        code,
        rank,
        mean,
        looks,
        value,
        sd,
        p_cut,
        at,
        low,
        high,
        own_rank,
        own,
        flips,
    ) in standing.rows.order_by().values_list(
        *("pk", "entry_id", "entry__code", "rank", "mean", "looks", "value", "value_sd", "p_cut"),
        *("adjusted_rank", "rank_low", "rank_high", "own_rank", "own_value", "flips"),
    ):
        first = {
            Round.Decides.OFFICIAL: rank, Round.Decides.ADJUSTED: at, Round.Decides.OWN: own_rank
        }[Round.Decides(standing.decides)]  # fmt: skip
        row = said.get(code)
        if models is None and value is not None:
            row = adjusted.AdjustedRow(code, at, looks, value, sd, p_cut, low, high, own, flips)
        if row is not None:
            # Between equals the adjusted standing goes first.
            films.append(_Film(row, entry, rank, mean, (first or LAST, at or LAST, pk)))
    return sorted(films, key=lambda film: film.order)


def _near(rows: Sequence[adjusted.AdjustedRow], cut: int) -> list[int]:
    """Places of films near the line, and of those the scores do not decide, as many as a page holds."""
    around = set(range(max(cut - AROUND, 0), min(cut + AROUND, len(rows))))
    open_ones = [at for at, row in enumerate(rows) if row.undecided and at not in around]
    open_ones.sort(key=lambda at: abs(at - cut))
    return sorted(around | set(open_ones[: MOST - len(around)]))


def _more(models: adjusted.Adjusted, cut: int, more: int) -> cut_line.Change:
    return cut_line.one_more_look(models.fit, films=_around(models, cut, more), cut=cut, draws=DRAWS)


def _around(models: adjusted.Adjusted, cut: int, more: int) -> Ints:
    value = models.fit.value
    border = adaptive.line_of(value, cut)
    return np.argsort(np.abs(value - border), kind="stable")[:more]


def nearest(models: adjusted.Adjusted, cut: int, more: int) -> list[str]:
    """The codes of so many films nearest the line."""
    return [models.fit.scores.entries[at] for at in _around(models, cut, more)]
