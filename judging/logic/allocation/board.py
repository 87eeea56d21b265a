"""The state of an allocation in arrays: seats in rows, films that miss looks in columns. Integers only.

Nothing here depends on the order in which films and judges were written down, or on a random generator: what looks
like chance is drawn from the seed and the keys.
"""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from judging.logic.allocation.task import Judge, Task
from judging.logic.canonical import lot

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

NO_LIMIT = 1 << 50  # seconds
EVEN = 3600  # the weight of a share where nobody stated hours


class Board:
    """Films to be served and seats to serve them.

    `may`: the seat may see the film (no conflict, not seen before, track and language fit). `has`: it was given the
    film here. `fixed`: a look that is not to be moved (none at first). `knows`: somebody on the seat knows a form of
    a film that still misses such a look. `load`: seconds, with what was given before; `limit` is the most.
    """

    def __init__(self, task: Task) -> None:
        self.task = task
        wants, seats = task.wants, task.seats
        self.shape = (len(seats), len(wants))
        self.seconds: Ints = np.array([want.film.seconds for want in wants], np.int64)
        self.looks: Ints = np.array([want.looks for want in wants], np.int64)
        self.before: Ints = np.array([seat.load for seat in seats], np.int64)
        self.load: Ints = self.before.copy()
        stated = [seat.stated for seat in seats]
        limits = [None if one and not task.hours_limit else one for one in stated]  # no hours stay no hours
        self.limit: Ints = np.array([NO_LIMIT if one is None else one for one in limits], np.int64)
        self.weight: Ints = np.array(_weights(stated), np.int64)
        self.free_of_bars: Flags = self._free_of_bars()
        self.in_track: Flags = self._fits(lambda want: want.film.track, _judges_track)
        self.in_language: Flags = self._fits(lambda want: want.film.languages, _understands)
        self.may: Flags = self.free_of_bars & self.in_track & self.in_language
        self.has: Flags = np.zeros(self.shape, np.bool_)
        self.knows: Flags = self._fits(
            lambda want: want.film.forms if want.expert else (), lambda one, forms: _knows(one, forms), any
        )
        self.film_lots = np.array([lot(task.seed, "film", want.film.key) for want in wants], np.uint64)
        self.seat_lots = np.array([lot(task.seed, "judge", seat.key) for seat in seats], np.uint64)

    @property
    def room(self) -> Ints:
        """Seconds that each seat can still take."""
        return np.asarray(np.maximum(self.limit - self.load, 0))

    @property
    def missing(self) -> Ints:
        """Looks that each film still misses."""
        return np.asarray(self.looks - self.has.sum(axis=0))

    def give(self, seats: Ints, films: Ints) -> None:
        """Note new looks; a pair must not be there twice."""
        self.has[seats, films] = True
        np.add.at(self.load, seats, self.seconds[films])

    def move(self, film: int, source: int, target: int) -> None:
        """Take a look from one seat and give it to another."""
        self.has[source, film] = False
        self.has[target, film] = True
        self.load[source] -= self.seconds[film]
        self.load[target] += self.seconds[film]

    def chance(self, films: Ints) -> NDArray[np.uint64]:
        """A number drawn for each seat and each of `films`: the same for the same seed and keys."""
        mixed = self.film_lots[films][None, :] ^ (self.seat_lots[:, None] * np.uint64(0x9E3779B97F4A7C15))
        mixed ^= mixed >> np.uint64(30)
        mixed *= np.uint64(0xBF58476D1CE4E5B9)
        mixed ^= mixed >> np.uint64(27)
        mixed *= np.uint64(0x94D049BB133111EB)
        return np.asarray(mixed ^ (mixed >> np.uint64(31)))

    def _free_of_bars(self) -> Flags:
        free: Flags = np.ones(self.shape, np.bool_)
        rows = {one.key: row for row, seat in enumerate(self.task.seats) for one in seat.members}
        for column, want in enumerate(self.task.wants):
            for judge in want.barred:
                row = rows.get(judge)
                if row is not None:
                    free[row, column] = False
        return free

    def _fits(
        self,
        asked: Callable[[Any], Any],
        fits: Callable[[Judge, Any], bool],
        every: Callable[[Iterable[bool]], bool] = all,
    ) -> Flags:
        """Which seats fit what each film asks, asked once for each different thing."""
        result: Flags = np.ones(self.shape, np.bool_)
        columns: dict[Any, list[int]] = {}
        for column, want in enumerate(self.task.wants):
            columns.setdefault(asked(want), []).append(column)
        for thing, which in columns.items():
            row = [every(fits(one, thing) for one in seat.members) for seat in self.task.seats]
            result[:, which] = np.array(row, np.bool_)[:, None]
        return result


def _judges_track(judge: Judge, track: str) -> bool:
    return not track or not judge.tracks or track in judge.tracks


def _understands(judge: Judge, languages: tuple[str, ...]) -> bool:
    return not languages or not judge.languages or not set(languages).isdisjoint(judge.languages)


def fits(judge: Judge, track: str, languages: tuple[str, ...]) -> bool:
    """Whether a judge may see such a film, conflicts apart."""
    return _judges_track(judge, track) and _understands(judge, languages)


def _knows(judge: Judge, forms: tuple[str, ...]) -> bool:
    return not set(forms).isdisjoint(judge.forms)


def _weights(limits: list[int | None]) -> list[int]:
    """In what proportion seats share the work: their hours; the mean of those for who stated none."""
    stated = [limit for limit in limits if limit is not None]
    mean = sum(stated) // len(stated) if stated else EVEN
    if stated and not mean:
        mean = EVEN
    return [mean if limit is None else limit for limit in limits]
