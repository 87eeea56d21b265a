"""Looks where they decide something: the next batch of a round that gives them so, and the second look below the line.

After the first looks every film has, each batch goes to the films for which a look is worth most
(`judging.logic.adaptive`), within judges' hours, languages and conflicts. A batch is given when the one before it is
mostly done. When no film is left for which a look would decide anything, a random part of the films below the line is
looked at once more, so that what was missed can be estimated.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Count, Max, Q

from festival.kit import remembered
from festival.people.actor import Actor
from festival.people.roles import Role
from judging import progress_queries, queries, standing_inputs
from judging.hand_out import hand_out
from judging.logic import adaptive, additive, adjusted, own_scale, rewatch
from judging.models import Allocation, Look, Round

MOSTLY = 0.5  # a batch is given when no more of the last one than this waits to be seen


@dataclass(frozen=True, slots=True)
class Plan:
    """What the next batch would be. `more`: films with one look more each; `choice`: what is kept of why.

    `purpose` is empty when nothing is to be given; `waits`: looks that must be done first.
    """

    purpose: str
    more: Mapping[str, int]
    choice: Mapping[str, Any]
    waits: int = 0


def batch_size(round: Round, films: int) -> int:
    """Looks a batch holds: so few that each batch learns from the one before."""
    return max(1, round_up(films * adaptive.BATCH))


def round_up(number: float) -> int:
    return int(-(-number // 1))


def plan(round: Round) -> Plan:
    """What should be given now. Reads a fixed number of times."""
    inputs = standing_inputs.of_round(round)
    films: list[str] = inputs["films"]
    # What waits for somebody who has left the jury waits for nobody.
    jury = Q(state=Look.State.SCORED) | Q(state=Look.State.PENDING, judge_id__in=queries.jury_of(round))
    looks = Look.objects.filter(queries.LIVE, jury, round=round)
    counted = looks.order_by().values_list("entry__code", "state").annotate(Count("pk"))
    given: Counter[str] = Counter()
    pending: Counter[str] = Counter()
    for code, state, count in counted:
        given[code] += count
        if state == Look.State.PENDING:
            pending[code] += count
    batch = batch_size(round, len(films))
    waiting = pending.total()
    if not films or not inputs["looks"] or waiting > batch * MOSTLY:
        return Plan("", {}, {}, waits=waiting)
    before = list(
        round.allocations.filter(purpose__in=(Allocation.Purpose.NEXT, Allocation.Purpose.SECOND)).defer(
            "inputs"
        )
    )
    second = [kept for kept in before if kept.purpose == Allocation.Purpose.SECOND]
    if second:
        return Plan("", {}, _counts(second[-1].choice))
    left = _left(round, given.total(), len(films))
    choice = _choose(round, inputs, given, pending, before, min(batch, left))
    stops = Counter(str(stop) for stop in choice.stops)
    stops["held"] = stops.pop(adaptive.Stop.CAP, 0) + stops.pop(adaptive.Stop.SERVED, 0)
    kept = {
        "line": str(adjusted.rounded(choice.line)) if np.isfinite(choice.line) else "",
        "stops": dict(stops),
    }
    if len(choice.films):
        chosen = [films[at] for at in choice.films]
        return Plan(Allocation.Purpose.NEXT, dict.fromkeys(chosen, 1), kept)
    below = [film for film, stop in zip(films, choice.stops, strict=True) if stop == adaptive.Stop.OUT]
    drawn = rewatch.draw(below, seed=round.seed)
    if not round.second_look or not drawn:
        return Plan("", {}, kept)
    return Plan(
        Allocation.Purpose.SECOND, dict.fromkeys(drawn, 1), {**kept, "below": len(below), "films": drawn}
    )


def plan_shown(round: Round, films: int, waiting: int) -> Plan:
    """The plan as a page tells it; what is given is planned anew. `waiting`: looks that the jury has before it.

    Nothing has to be reckoned while most of a batch waits; of a thousand films or more it is remembered for a minute,
    or until looks are handed out.
    """
    if waiting > batch_size(round, films) * MOSTLY:
        return Plan("", {}, {}, waits=waiting)
    name = progress_queries.next_name(round.pk)
    return remembered.figures(name, lambda: plan(round), rows=lambda _found: films)


def _counts(choice: Mapping[str, Any]) -> dict[str, Any]:
    return {key: choice[key] for key in ("line", "stops") if key in choice}


def _left(round: Round, given: int, films: int) -> int:
    """Looks that may still be given one by one, the second look below the line kept back."""
    if round.looks_budget is None:
        return films
    kept_back = round_up(films * rewatch.SHARE) if round.second_look else 0
    return max(0, round.looks_budget - kept_back - given)


def _choose(
    round: Round,
    inputs: Mapping[str, Any],
    given: Mapping[str, int],
    pending: Mapping[str, int],
    before: list[Allocation],
    batch: int,
) -> adaptive.Choice:
    scores = adjusted.scores_of(inputs)
    known = own_scale.fit(scores, additive.fit(scores))
    cut = standing_inputs.cut_of(round, len(scores.entries))
    # Nobody was left for them, unless somebody has joined the jury since.
    joined = round.edition.memberships.filter(role=Role.JUDGE).aggregate(at=Max("added_at"))["at"]
    unserved = {
        row["film"] for kept in before if joined is None or kept.made_at > joined for row in kept.unserved
    }
    barred = [film in unserved or bool(pending.get(film)) for film in scores.entries]
    return adaptive.choose(
        value=known.value,
        sd=known.sd,
        looks=np.array([given.get(film, 0) for film in scores.entries]),
        noise=float(np.mean((known.noise / known.scale) ** 2)),
        rules=adaptive.Rules(cut=cut or 0, first=round.looks_per_film, most=round.most_looks),
        batch=batch,
        barred=np.array(barred, np.bool_),
    )


@transaction.atomic
def give_next(*, round: Round, by: Actor, at: datetime) -> Allocation | None:
    """Give the next batch, if one is due: None while looks are still to be done first, when nothing is left, and in a
    round that was reopened for looks the chair has named.

    Run twice it gives one batch: the second finds the first's looks waiting.
    """
    round = Round.objects.select_for_update(of=("self",)).select_related("edition").get(pk=round.pk)
    if round.state != Round.State.OPEN or not round.adaptive or round.reopened_at:
        return None
    found = plan(round)
    if not found.purpose:
        return None
    return hand_out(
        round, by, at, more=found.more, purpose=Allocation.Purpose(found.purpose), choice=found.choice
    )
