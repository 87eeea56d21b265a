"""Freezing a round's standings: the published rule, and beside it what the models make of the same scores."""

from collections.abc import Container, Mapping
from datetime import datetime
from typing import Any

import numpy as np

from festival.kit import bulk, collecting
from festival.people.actor import Actor
from judging import gate_results, standing_inputs
from judging.logic import adjusted, agreement, rewatch, standing
from judging.logic.canonical import digest
from judging.logic.scores import ranks_of
from judging.models import Allocation, Look, Round, Standing, StandingRow

# What the models say of a film, where there are none.
UNKNOWN: Mapping[str, Any] = {
    **dict.fromkeys(
        ("adjusted_rank", "value", "value_sd", "p_cut", "rank_low", "rank_high", "own_rank", "own_value")
    ),
    "flips": False,
}


@collecting.no_search()
def freeze(*, round: Round, by: Actor, at: datetime) -> Standing:
    """Compute both standings from what is kept now and keep them. Called in the transaction that closes the round."""
    scored = round.gate == Round.Gate.SCORE
    inputs = standing_inputs.of_round(round) if scored else gate_results.inputs_of(round)
    result = gate_results.compute(inputs)
    cut = standing_inputs.cut_of(round, len(inputs["films"]))
    models = modelled(inputs, cut=cut, seed=round.seed) if scored else None
    frozen = Standing.objects.create(
        round=round,
        number=1 + round.standings.count(),
        method=inputs["method"],
        method_version=inputs["version"],
        inputs=inputs,
        inputs_digest=digest(inputs),
        result_digest=standing.result_digest(result),
        decides=round.decides if scored else Round.Decides.OFFICIAL,
        cut=cut if models else None,
        adjusted_method=adjusted.METHOD if models else "",
        adjusted_version=adjusted.VERSION if models else None,
        adjusted_digest=models.digest if models else "",
        figures=_figures(round, models) if models else {},
        made_at=at,
        made_by=by.user,
    )
    ids = dict(round.films.filter(code__in=inputs["films"]).values_list("code", "pk"))
    beside = columns_of(models) if models else {}
    bulk.insert(
        StandingRow,
        ("standing_id", "entry_id", "rank", "mean", "looks", "spread", *UNKNOWN),
        (
            (
                *(frozen.pk, ids[row.film], row.rank, row.mean, row.looks, row.spread),
                *beside.get(row.film, UNKNOWN).values(),
            )
            for row in result
        ),
    )
    return frozen


def _figures(round: Round, models: adjusted.Adjusted) -> dict[str, Any]:
    return whole_figures(models, looks=standing_inputs.finished(round), found=missed_of(round, models))


def whole_figures(
    models: adjusted.Adjusted,
    *,
    looks: Mapping[tuple[str, str], tuple[int, int]],
    found: rewatch.Missed | None,
) -> dict[str, Any]:
    """`figures_of`, and what the second look below the line found, where there was one."""
    figures = figures_of(models, looks=looks)
    if found is not None:
        figures["missed"] = {
            "below": found.below,
            "sample": found.sample,
            **{name: _plain(getattr(found, name)) for name in ("estimate", "low", "high")},
        }
    return figures


def missed_of(round: Round, models: adjusted.Adjusted) -> rewatch.Missed | None:
    """How many films below the line are expected to belong above it, from those that were drawn and seen once more.

    None without a second look, and where nobody has seen one of its films again.
    """
    kept = round.allocations.filter(purpose=Allocation.Purpose.SECOND).last()
    if kept is None:
        return None
    # Finished since the drawing: a film may have had any number of looks before.
    looks = Look.objects.filter(round=round, state=Look.State.SCORED, scored_at__gt=kept.made_at)
    again = set(
        looks.filter(entry__code__in=kept.choice["films"]).values_list("entry__code", flat=True).distinct()
    )
    return missed_among(models, again, kept.choice["below"])


def missed_among(models: adjusted.Adjusted, again: Container[str], below: int) -> rewatch.Missed | None:
    """The same from the films that were seen again, of so many below the line."""
    chances = [float(row.p_cut) for row in models.rows if row.film in again and row.p_cut is not None]
    return rewatch.missed(np.array(chances), below) if chances else None


def modelled(inputs: Mapping[str, Any], *, cut: int | None, seed: int) -> adjusted.Adjusted | None:
    """Both models over canonical inputs; None where nobody scored anything."""
    if not inputs["looks"]:
        return None
    return adjusted.compute(adjusted.scores_of(inputs), cut=cut, seed=seed % 2**32)


def columns_of(models: adjusted.Adjusted) -> dict[str, dict[str, Any]]:
    """What the models say of each film, by code, as the columns of its row: those of `UNKNOWN`, in their order."""
    own = dict(zip(models.fit.scores.entries, ranks_of(models.own.value), strict=True))
    return {
        row.film: {
            "adjusted_rank": row.rank,
            "value": row.value,
            "value_sd": row.sd,
            "p_cut": row.p_cut,
            "rank_low": row.low,
            "rank_high": row.high,
            "own_rank": own[row.film],
            "own_value": row.own,
            "flips": row.flips,
        }
        for row in models.rows
    }


def figures_of(
    models: adjusted.Adjusted, *, looks: Mapping[tuple[str, str], tuple[int, int]]
) -> dict[str, Any]:
    """What the chair reads of the panel: numbers as strings with six decimals, judges by account number.

    `looks`: by (judge, film) the place of the look in its judge's order, and the hour of the day.
    """
    fit = agreement.with_orders(models.fit, {key: order for key, (order, _hour) in looks.items()})
    whole = agreement.panel(fit)
    relative_then, _absolute = agreement.dependability(fit.variances, whole.looks + 2)
    shown: dict[str, Any] = {
        "variances": [str(number) for number in models.variances],
        "settled": models.settled,
        "expected_hits": None if models.expected_hits is None else str(models.expected_hits),
        "panel": {
            "single": _plain(whole.single),
            "alpha": None if whole.alpha is None else _plain(whole.alpha),
            "looks": _plain(whole.looks),
            "relative": _plain(whole.relative),
            "absolute": _plain(whole.absolute),
            "relative_two_more": _plain(relative_then),
        },
        "widest_gap": _plain(float(fit.severity_gaps().max())) if len(fit.scores.judges) > 1 else None,
    }
    own = dict(zip(fit.scores.judges, zip(models.own.scale, models.own.noise, strict=True), strict=True))
    hour_of = {key: hour for key, (_order, hour) in looks.items()}
    shown["hours"] = [
        [part.start, part.looks, _plain(part.mean), _plain(part.error)]
        for part in agreement.hours(fit, hour_of)
    ]
    shown["judges"] = [
        {
            "judge": one.judge,
            "looks": one.looks,
            "severity": _plain(one.severity),
            "se": _plain(one.se),
            "agreement": _plain(one.agreement),
            "spread": _plain(one.spread),
            "noise": _plain(one.noise),
            "drift": _plain(one.drift),
            "drift_se": _plain(one.drift_se),
            "same": _plain(one.same),
            "scale": _plain(float(own[one.judge][0])),
        }
        for one in agreement.judges(fit)
    ]
    return shown


def _plain(number: float) -> str | None:
    """Six decimals; None for what is not known."""
    return None if number != number or abs(number) == float("inf") else str(adjusted.rounded(number))


def replay(frozen: Standing) -> bool:
    """Whether computing the standings again from the kept inputs gives the kept results, to the last byte."""
    if gate_results.VERSIONS.get(frozen.method) != frozen.method_version:
        return False
    if digest(frozen.inputs) != frozen.inputs_digest:
        return False
    rows = gate_results.compute(frozen.inputs)
    kept = {
        row.entry.code: (row.rank, row.mean, row.looks, row.spread)
        for row in frozen.rows.select_related("entry")
    }
    return (
        standing.result_digest(rows) == frozen.result_digest
        and kept == {row.film: (row.rank, row.mean, row.looks, row.spread) for row in rows}
        and _replay_models(frozen)
    )


def _replay_models(frozen: Standing) -> bool:
    if not frozen.adjusted_method:
        return not frozen.adjusted_digest
    if (frozen.adjusted_method, frozen.adjusted_version) != (adjusted.METHOD, adjusted.VERSION):
        return False
    models = modelled(frozen.inputs, cut=frozen.cut, seed=frozen.round.seed)
    if models is None or models.digest != frozen.adjusted_digest:
        return False
    columns = columns_of(models)
    names = next(iter(columns.values()), {}).keys()
    rows = frozen.rows.values("entry__code", *names)
    return columns == {row.pop("entry__code"): row for row in rows}
