"""Which panel sees which film: by the allocator where a whole panel may see it, else where fewest may not.

The allocator shares out minutes by the panels' hours, and gives a film to a panel of which everybody may see it and
follows its language. A film for which there is no such panel is seen all the same: it goes where fewest judges are in
conflict with it or cannot follow it, then where least is to be watched; the rest of that panel decides about it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from judging.logic.allocation import engine
from judging.logic.allocation.board import fits
from judging.logic.allocation.task import Film, Given, Judge, Seat, Task, Want, panel_task
from judging.logic.canonical import lot

METHOD = "panels"
VERSION = 2


def task_of(
    *,
    films: Sequence[Film],
    panels: Mapping[str, Sequence[Judge]],
    conflicts: Sequence[tuple[str, str]],
    given: Sequence[Given],
    seed: int,
) -> Task:
    """Films without a panel, the panels with somebody on them, and what their judges have been given already.

    A film of unknown length counts a second, so that such films are shared out, too.
    """
    return panel_task(
        films=[replace(film, seconds=max(film.seconds, 1)) for film in films],
        panels={panel: judges for panel, judges in panels.items() if judges},
        conflicts=conflicts,
        given=given,
        seed=seed,
    )


def divide(task: Task) -> dict[str, str]:
    """The panel of each film; the same task gives the same division. Nothing where no panel has judges."""
    home = {one.key: seat.key for seat in task.seats for one in seat.members}
    found = {row.film: home[row.judge] for row in engine.allocate(task).assignments}
    loads = {seat.key: seat.load for seat in task.seats}
    seconds = {want.film.key: want.film.seconds for want in task.wants}
    for film, panel in found.items():
        loads[panel] += seconds[film]
    left = [want for want in task.wants if want.film.key not in found] if task.seats else []
    for want in sorted(left, key=lambda want: (-want.film.seconds, lot(task.seed, "film", want.film.key))):
        panel = min(
            task.seats,
            key=lambda seat: (
                all(one.key in want.barred for one in seat.members),  # nobody would see it
                _unfit(seat, want),
                loads[seat.key],
                lot(task.seed, "panel", seat.key, want.film.key),
            ),
        ).key
        loads[panel] += want.film.seconds
        found[want.film.key] = panel
    return found


def _unfit(seat: Seat, want: Want) -> int:
    """How many of a panel's judges are in conflict with a film, or cannot follow it."""
    barred = set(want.barred)
    return sum(
        one.key in barred or not fits(one, want.film.track, want.film.languages) for one in seat.members
    )
