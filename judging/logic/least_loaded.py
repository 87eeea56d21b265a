"""Who sees which film: a balanced allocation, drawn by lot where it is even.

Balance is in seconds of film, not in films. The longest film is given first, each time to the judges with the
least to watch so far; between equals the seed decides, so that nobody can aim a film at a judge. What was given
before stays given: a late film, a recusal or a judge who left only add looks.
"""

import heapq
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from judging.logic.canonical import digest, lot

METHOD = "least_loaded"
VERSION = 1


@dataclass(frozen=True, slots=True)
class Film:
    """A film to be looked at; `seconds` is its running time."""

    key: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Given:
    """A look that exists already. `counts` is False for a recusal: it bars the judge and does not serve the film.

    A look counts while its judge is on the jury, and always once it is scored.
    """

    judge: str
    film: str
    seconds: int
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Want:
    """A film that misses `looks` looks, and the judges who may not have them."""

    film: str
    seconds: int
    looks: int
    barred: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Task:
    """Everything an allocation depends on. `loads`: seconds each judge has been given before."""

    wants: tuple[Want, ...]
    loads: tuple[tuple[str, int], ...]
    seed: int

    def as_json(self) -> dict[str, Any]:
        """The inputs as they are kept and hashed; `from_json` gives the task back."""
        return {
            "wants": [[want.film, want.seconds, want.looks, list(want.barred)] for want in self.wants],
            "loads": [list(row) for row in self.loads],
            "seed": str(self.seed),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Task":
        return cls(
            wants=tuple(
                Want(film, seconds, looks, tuple(barred)) for film, seconds, looks, barred in data["wants"]
            ),
            loads=tuple((judge, load) for judge, load in data["loads"]),
            seed=int(data["seed"]),
        )


@dataclass(frozen=True, slots=True)
class Assignment:
    """A new look. `order` sorts a judge's new looks into an order drawn by lot."""

    judge: str
    film: str
    order: int


@dataclass(frozen=True, slots=True)
class Unserved:
    """A film that misses `looks` looks. `reason`: `no_judges`, `all_barred` or `too_few_judges`.

    `free` is the number of judges who could have been asked at all.
    """

    film: str
    looks: int
    free: int
    reason: str


@dataclass(frozen=True, slots=True)
class Allocation:
    assignments: tuple[Assignment, ...]
    unserved: tuple[Unserved, ...]

    @property
    def digest(self) -> str:
        return digest(
            {
                "assignments": [[row.judge, row.film] for row in self.assignments],
                "unserved": [[row.film, row.looks, row.reason] for row in self.unserved],
            }
        )


def task(
    *,
    films: Iterable[Film],
    judges: Collection[str],
    conflicts: Iterable[tuple[str, str]],
    looks: int,
    seed: int,
    given: Sequence[Given] = (),
) -> Task:
    """What is missing until every film has `looks` looks. `conflicts` are pairs of (judge, film)."""
    loads = dict.fromkeys(judges, 0)
    served: Counter[str] = Counter()
    barred: dict[str, set[str]] = {}
    for look in given:
        barred.setdefault(look.film, set()).add(look.judge)
        if look.counts:
            served[look.film] += 1
            if look.judge in loads:
                loads[look.judge] += look.seconds
    for judge, film in conflicts:
        if judge in loads:
            barred.setdefault(film, set()).add(judge)
    wants = (
        Want(film.key, film.seconds, looks - served[film.key], tuple(sorted(barred.get(film.key, ()))))
        for film in films
        if served[film.key] < looks
    )
    return Task(tuple(sorted(wants, key=lambda want: want.film)), tuple(sorted(loads.items())), seed)


def allocate(task: Task) -> Allocation:
    """Give the missing looks. The same task gives the same allocation, whatever order it was written in."""
    loads = dict(task.loads)
    luck = {judge: lot(task.seed, "judge", judge) for judge in loads}
    drawn = {want.film: lot(task.seed, "film", want.film) for want in task.wants}
    assignments: list[Assignment] = []
    unserved: list[Unserved] = []
    for want in sorted(task.wants, key=lambda want: (-want.seconds, drawn[want.film], want.film)):
        barred, turn = set(want.barred), drawn[want.film]
        free = [(load, luck[judge] ^ turn, judge) for judge, load in loads.items() if judge not in barred]
        for load, _tie, judge in heapq.nsmallest(want.looks, free):
            loads[judge] = load + want.seconds
            assignments.append(Assignment(judge, want.film, lot(task.seed, "order", judge, want.film)))
        if len(free) < want.looks:
            reason = "no_judges" if not loads else "too_few_judges" if free else "all_barred"
            unserved.append(Unserved(want.film, want.looks - len(free), len(free), reason))
    assignments.sort(key=lambda row: (row.judge, row.order, row.film))
    unserved.sort(key=lambda row: row.film)
    return Allocation(tuple(assignments), tuple(unserved))
