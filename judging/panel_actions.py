"""Writes of panels: their films are divided, and every judge of a panel looks at each of them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from festival.kit.errors import Refused
from festival.people.actor import Actor
from judging import allocation_inputs, panel_division, panels, progress_queries, queries
from judging.conflict_queries import conflicts_of
from judging.logic.allocation.task import Given, Task
from judging.logic.canonical import digest
from judging.models import Allocation, Look, Panel, PanelFilm, Round
from judging.reading import judging_times, to_read
from submissions.lifecycle import State

BATCH = 2000


def check_panels(round: Round) -> None:
    """Refuse to open when a panel is missing judges, or a judge sits on two panels."""
    jury = queries.judges_of(round.edition)
    seen: set[int] = set()
    rows = members_of(round)
    if not rows:
        raise Refused(_("This round has no panels yet. Set them up first."), status=400)
    for judges in rows.values():
        sitting = [judge for judge in judges if judge in jury]
        if not sitting:
            raise Refused(_("A panel has no judges yet. Name some on the round’s page."), status=400)
        if seen & set(sitting):
            raise Refused(_("A judge sits on two panels of this round. Keep each on one."), status=400)
        seen |= set(sitting)


def members_of(round: Round) -> dict[int, list[int]]:
    """Judges by panel. Two queries."""
    found: dict[int, list[int]] = {pk: [] for pk in round.panels.values_list("pk", flat=True)}
    links = Panel.judges.through.objects.filter(panel__round=round).order_by("user_id")
    for panel, user in links.values_list("panel_id", "user_id"):
        found[panel].append(user)
    return found


def hand_out(round: Round, by: Actor, at: datetime, only: Collection[int] | None = None) -> Allocation:
    """Give films without a panel to one (see `panel_division`), and each of its judges the looks that are missing.

    A judge in conflict with a film does not get it: the rest of the panel decides about it. What cannot be seen by
    anybody is listed.
    """
    jury = queries.judges_of_round(round)
    members = {pk: [judge for judge in judges if judge in jury] for pk, judges in members_of(round).items()}
    films = round.films.filter(state=State.ELIGIBLE)
    if only is not None:
        films = films.filter(pk__in=only)
    codes = dict(films.order_by("code").values_list("pk", "code"))
    seconds = judging_times(round, list(codes))
    reading = to_read(round.edition_id, codes)
    placed = dict(PanelFilm.objects.filter(round=round).values_list("entry_id", "panel_id"))
    conflicts = conflicts_of(round.edition, codes, [judge for judges in members.values() for judge in judges])
    barred: dict[int, set[int]] = {}
    for judge, entry in conflicts:
        barred.setdefault(entry, set()).add(judge)
    ids = {code: pk for pk, code in codes.items()}
    # A panel that all its judges have left gets nothing more, as long as there is another.
    sitting = {panel: judges for panel, judges in members.items() if judges} or members
    task = _task(
        round,
        [pk for pk in codes if pk not in placed],
        sitting,
        [(str(judge), codes[entry]) for judge, entry in conflicts],
    )
    found = panel_division.divide(task)
    PanelFilm.objects.bulk_create(
        (PanelFilm(round=round, panel_id=int(panel), entry_id=ids[film]) for film, panel in found.items()),
        batch_size=BATCH,
    )
    placed |= {ids[film]: int(panel) for film, panel in found.items()}
    looks = Look.objects.filter(round=round)
    have = set(looks.values_list("judge_id", "entry_id"))
    made = []
    last = queries.last_positions(looks)
    served = set(looks.exclude(state=Look.State.RECUSED).values_list("entry_id", flat=True))
    wanted = [
        (panels.lot_of(round.seed, judge, codes[entry]), judge, entry)
        for entry in codes
        for judge in members.get(placed.get(entry, 0), [])
        if (judge, entry) not in have and judge not in barred.get(entry, ())
    ]
    for _lot, judge, entry in sorted(wanted):
        last[judge] = last.get(judge, 0) + 1
        served.add(entry)
        made.append(
            Look(
                round=round,
                judge_id=judge,
                entry_id=entry,
                position=last[judge],
                seconds=seconds[entry],
                to_read=entry in reading,
            )
        )
    Look.objects.bulk_create(made, batch_size=BATCH)
    progress_queries.forget_figures(round)
    inputs = task.as_json()
    return Allocation.objects.create(
        round=round,
        method=panel_division.METHOD,
        method_version=panel_division.VERSION,
        inputs=inputs,
        inputs_digest=digest(inputs),
        result_digest=panels.result_digest(found),
        unserved=[
            {"film": code, "looks": 1, "free": 0, "reason": "all_barred"}
            for pk, code in codes.items()
            if pk not in served
        ],
        looks_made=len(made),
        made_at=at,
        made_by=by.user,
    )


def _task(
    round: Round, entry_ids: list[int], members: Mapping[int, Sequence[int]], conflicts: list[tuple[str, str]]
) -> Task:
    """What dividing the films that have no panel yet depends on."""
    films = allocation_inputs.films_of(round, entry_ids)
    judges = {one.key: one for one in allocation_inputs.judges_of(round, films)}
    looks = Look.objects.filter(queries.LIVE, round=round).exclude(state=Look.State.RECUSED)
    return panel_division.task_of(
        films=films,
        panels={str(panel): [judges[str(judge)] for judge in row] for panel, row in members.items()},
        conflicts=conflicts,
        given=[
            Given(judge=str(judge), film=code, seconds=max(seconds, 1))
            for judge, code, seconds in looks.values_list("judge_id", "entry__code", "seconds")
        ],
        seed=round.seed,
    )
