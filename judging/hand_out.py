"""Handing out looks: an allocation drawn, its looks made, and the record of it kept."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from festival.people.actor import Actor
from judging import allocation_inputs, panel_actions, panel_division, panels, progress_queries, queries
from judging.logic import least_loaded
from judging.logic.allocation import engine
from judging.logic.allocation.comparability import Comparability, Seen, assess
from judging.logic.allocation.result import Allocation as Drawn
from judging.logic.allocation.task import Task
from judging.logic.canonical import digest
from judging.models import Allocation, Look, Round
from judging.reading import to_read
from submissions.lifecycle import State

BATCH = 2000


def hand_out(
    round: Round,
    by: Actor,
    at: datetime,
    *,
    only: Collection[int] | None = None,
    more: Mapping[str, int] | None = None,
    purpose: Allocation.Purpose = Allocation.Purpose.FIRST,
    choice: Mapping[str, Any] | None = None,
) -> Allocation:
    """Give what is missing, for all films or for the entries `only`; or `more` looks by code, in an adaptive round.

    Called in a transaction that holds the round, so that two allocations never cross.
    """
    if round.gate == Round.Gate.PANEL:
        return panel_actions.hand_out(round, by, at, only)
    films = round.films.filter(state=State.ELIGIBLE)
    if only is not None:
        films = films.filter(pk__in=only)
    if more is not None:
        films = films.filter(code__in=more)
    ids = dict(films.order_by("code").values_list("code", "pk"))
    task = allocation_inputs.task_for(round, list(ids.values()), more)
    drawn = engine.allocate(task)
    _make(round, drawn, task, ids)
    inputs = task.as_json()
    return Allocation.objects.create(
        round=round,
        purpose=purpose,
        choice=dict(choice or {}),
        report=report_of(round, drawn),
        method=engine.METHOD,
        method_version=engine.VERSION,
        inputs=inputs,
        inputs_digest=digest(inputs),
        result_digest=drawn.digest,
        unserved=[row.as_json() for row in drawn.unserved],
        looks_made=len(drawn.assignments),
        made_at=at,
        made_by=by.user,
    )


def _make(round: Round, drawn: Drawn, task: Task, ids: Mapping[str, int]) -> None:
    """The looks, each at the end of its judge's queue, in an order drawn by lot."""
    seconds = {want.film.key: want.film.seconds for want in task.wants}
    reading = to_read(round.edition_id, list(ids.values()))
    last = queries.last_positions(Look.objects.filter(queries.LIVE, round=round))
    made = []
    for row in drawn.assignments:
        judge = int(row.judge)
        last[judge] = last.get(judge, 0) + 1
        made.append(
            Look(
                round=round,
                judge_id=judge,
                entry_id=ids[row.film],
                position=last[judge],
                seconds=seconds[row.film],
                to_read=ids[row.film] in reading,
            )
        )
    Look.objects.bulk_create(made, batch_size=BATCH)
    progress_queries.forget_figures(round)


def report_of(round: Round, drawn: Drawn) -> dict[str, Any]:
    """How even it is and how well judges can be compared, with all looks of the round that count."""
    looks = Look.objects.filter(queries.LIVE, round=round).exclude(state=Look.State.RECUSED)
    rows = looks.values_list("judge_id", "entry__code", "entry__track__slug")
    seen = [Seen(str(judge), film, track) for judge, film, track in rows]
    gate: Comparability = assess(seen, shared_cut=True)
    loads = [
        {
            "judge": load.seat,
            "seconds": load.seconds,
            "share": load.share,
            "off": f"{load.off:.4f}",
            "reason": load.reason,
        }
        for load in drawn.loads
    ]
    uneven = [{name: row[name] for name in ("judge", "off", "reason")} for row in loads if row["reason"]]
    return {
        "comparability": gate.as_json(), "passes": gate.passes, "uneven": uneven, "loads": loads,
    }  # fmt: skip


def replay_allocation(kept: Allocation) -> bool:
    """Whether drawing the looks again from the kept inputs and seed gives the same looks."""
    if digest(kept.inputs) != kept.inputs_digest:
        return False
    method = (kept.method, kept.method_version)
    if method == (panels.METHOD, panels.VERSION):
        return (
            panels.result_digest(panels.divide(panels.PanelTask.from_json(kept.inputs))) == kept.result_digest
        )
    if method == (panel_division.METHOD, panel_division.VERSION):
        again = panel_division.divide(Task.from_json(kept.inputs))
        return panels.result_digest(again) == kept.result_digest
    if method == (engine.METHOD, engine.VERSION):
        return engine.allocate(Task.from_json(kept.inputs)).digest == kept.result_digest
    if method == (least_loaded.METHOD, least_loaded.VERSION):
        old = least_loaded.Task.from_json(kept.inputs)
        return least_loaded.allocate(old).digest == kept.result_digest
    return False
