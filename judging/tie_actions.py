"""Writes of ties: the tie rule applied to the films tied across a cut's line, once, on record."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from festival.kit.errors import Refused
from festival.people.actor import Actor
from judging import gate_results, permissions, tie_queries
from judging.cut_actions import WHY_MAX, assert_in_force, hold
from judging.logic import ties
from judging.logic.canonical import digest
from judging.models import Cut, CutRow, Round, Standing, TieBreak

MOST_TIED = 2000  # films: more are not tied but undecided, and the number should be another


@transaction.atomic
def apply_tie_rule(
    *,
    cut: Cut,
    by: Actor,
    at: datetime,
    why: str = "",
    ballot: Sequence[Sequence[str]] | None = None,
) -> TieBreak:
    """Decide between the films tied across the line: head to head, then the named criterion, then the place shared or
    a lot.

    `ballot`: the order in which the jury has voted, as groups of codes, the best first; it goes before all others.
    `why` is asked for when the rule has another step before: looks that can still be given, a ballot that follows.
    Refused when nothing is tied, when somebody applied it before, and once the cut is frozen.
    """
    round = cut.round
    if not permissions.can_chair(by, round):
        raise Refused(_("Only the jury chair decides over the cut."), status=403)
    hold(round)
    assert_in_force(cut)
    if TieBreak.objects.filter(cut=cut).exists():
        raise Refused(
            _("The tie rule has been applied to this cut already. Reload the page."), code="applied"
        )
    tie = tie_queries.tie_of(round, cut)
    if tie is None:
        raise Refused(_("No films are tied at the line: there is nothing to decide."), code="no_tie")
    if len(tie.rows) > MOST_TIED:
        raise Refused(
            _("%(count)d films are tied, too many to be told apart. Draw the line at another number.")
            % {"count": len(tie.rows)},
            code="too_many",
        )
    why = why.strip()[:WHY_MAX]
    step = TieBreak.Step.NONE if ballot else tie.step
    if step and not why:
        raise Refused(
            _(
                "The rule has another step before this one. Say why it is left out: the reason stays on record."
            ),
            status=400,
            code="why",
        )
    places = {film: place for place, group in enumerate(ballot or (), 1) for film in group}
    inputs = inputs_of(round, cut.standing, tie.films, places)
    found = ties.compute(inputs)
    try:
        with transaction.atomic():
            kept = TieBreak.objects.create(
                cut=cut,
                method=ties.METHOD,
                method_version=ties.VERSION,
                inputs=inputs,
                inputs_digest=digest(inputs),
                result_digest=ties.result_digest(found),
                places=tie.places,
                open_step=step,
                why=why if step else "",
                made_at=at,
                made_by=by.user,
            )
    except IntegrityError:
        raise Refused(
            _("The tie rule has been applied to this cut already. Reload the page."), code="applied"
        ) from None
    rows = {row.entry.code: row for row in tie.rows}
    columns = outcome(found, tie.places)
    for film, row in rows.items():
        row.reason, row.tie_place, row.between = columns[film]
    CutRow.objects.bulk_update(rows.values(), ["reason", "tie_place", "between"], batch_size=500)
    return kept


def inputs_of(
    round: Round, standing: Standing, films: Sequence[str], ballot: Mapping[str, int]
) -> dict[str, Any]:
    """What the tie rule decides from: the scores kept with the standing, and the round's own rule and seed."""
    criterion = round.tie_criterion if round.gate == Round.Gate.SCORE else ""
    return ties.inputs(
        films=films,
        totals=gate_results.given(standing.inputs),
        criterion=criterion,
        marks=gate_results.marks(standing.inputs, criterion),
        shared=round.tie_last == Round.TieLast.SHARED,
        seed=round.seed,
        ballot=ballot,
    )


def places_among_equals(standing: Standing, ranks: Mapping[str, int | None]) -> dict[str, int]:
    """By film its place among those of the same rank, as the tie rule puts them, from 1; films it leaves equal share
    one. Only films that share a rank are named.
    """
    groups: dict[int, list[str]] = {}
    for film, rank in ranks.items():
        if rank is not None:
            groups.setdefault(rank, []).append(film)
    round = standing.round
    found: dict[str, int] = {}
    for films in groups.values():
        if not 1 < len(films) <= MOST_TIED:
            continue
        settled = ties.compute(inputs_of(round, standing, films, {}))
        place = 1
        for number, film in enumerate(settled.films, 1):
            if number > 1 and settled.by[number - 2] != ties.SHARED:
                place = number
            found[film] = place
    return found


def outcome(found: ties.Settled, places: int) -> dict[str, tuple[str, int, dict[str, Any]]]:
    """By film its reason, its place among the tied, and what decided between it and its neighbour: the next one, or,
    of the last, the one before.
    """
    number = ties.through(found, places)
    last = len(found.films) - 1
    rows: dict[str, tuple[str, int, dict[str, Any]]] = {}
    for place, film in enumerate(found.films):
        between: dict[str, Any] = {}
        if place < last:
            between = {**found.facts[place], "before": found.films[place + 1]}
        elif last:
            between = {**found.facts[place - 1], "after": found.films[place - 1]}
        reason = CutRow.Reason.TIE_WON if place < number else CutRow.Reason.TIE_LOST
        rows[film] = (reason, place + 1, between)
    return rows


def replay(kept: TieBreak) -> bool:
    """Whether settling the kept inputs again gives the kept order; rows that the chair has moved since keep theirs."""
    if (kept.method, kept.method_version) != (ties.METHOD, ties.VERSION):
        return False
    if digest(kept.inputs) != kept.inputs_digest:
        return False
    found = ties.compute(kept.inputs)
    columns = outcome(found, kept.places)
    for row in tie_queries.settled_rows(kept.cut):
        reason, place, between = columns.get(row.entry.code, ("", 0, {}))
        if (row.tie_place, row.between) != (place, between) or (not row.why and row.reason != reason):
            return False
    return ties.result_digest(found) == kept.result_digest
