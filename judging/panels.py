"""Which panel saw which film, by the first method: kept so that its allocations can be drawn again.

Now `judging.panel_division` divides films.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from judging.logic.canonical import digest, lot

METHOD = "panels"
VERSION = 1


@dataclass(frozen=True, slots=True)
class PanelTask:
    """`films`: seconds by film that has no panel yet. `panels`: the judges of each. `loads`: seconds each panel has.

    `barred`: the judges who may not see a film.
    """

    films: Mapping[str, int]
    panels: Mapping[str, Sequence[str]]
    loads: Mapping[str, int]
    barred: Mapping[str, Collection[str]]
    seed: int

    def as_json(self) -> dict[str, Any]:
        return {
            "films": dict(sorted(self.films.items())),
            "panels": {panel: sorted(judges) for panel, judges in sorted(self.panels.items())},
            "loads": dict(sorted(self.loads.items())),
            "barred": {film: sorted(judges) for film, judges in sorted(self.barred.items()) if judges},
            "seed": str(self.seed),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "PanelTask":
        return cls(data["films"], data["panels"], data["loads"], data["barred"], int(data["seed"]))


def divide(task: PanelTask) -> dict[str, str]:
    """The panel of each film: first where fewest of the judges are barred, then where least is to be watched.

    The longest film is given first; between equals the seed decides.
    """
    loads = {panel: task.loads.get(panel, 0) for panel in task.panels}
    luck = {panel: lot(task.seed, "panel", panel) for panel in task.panels}
    drawn = {film: lot(task.seed, "film", film) for film in task.films}
    found: dict[str, str] = {}
    for film in sorted(task.films, key=lambda film: (-task.films[film], drawn[film], film)):
        barred = set(task.barred.get(film, ()))
        panel = min(
            loads,
            key=lambda panel: (
                len(barred & set(task.panels[panel])),
                loads[panel],
                luck[panel] ^ drawn[film],
                panel,
            ),
        )
        loads[panel] += max(task.films[film], 1)  # films of unknown length are shared out, too
        found[film] = panel
    return found


def result_digest(found: Mapping[str, str]) -> str:
    return digest(sorted(found.items()))


def lot_of(seed: int, judge: int, film: str) -> int:
    """Sorts a judge's films into an order drawn by lot."""
    return lot(seed, "order", str(judge), film)
