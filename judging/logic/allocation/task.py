"""What an allocation depends on: films that miss looks, seats that can give them, and a seed.

A **seat** takes looks as a whole: one judge, or a panel whose judges all see what the panel is given. `task` and
`panel_task` put a round's state into this form; `as_json` is what is kept and hashed, and `from_json` gives it back.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Film:
    """A film to be looked at.

    `seconds` is its running time. A judge needs one of `languages` (spoken or subtitled; none given: any judge) and
    must judge `track` (empty: any judge). `forms` are forms or genres, of which at least one judge should know one.
    """

    key: str
    seconds: int
    track: str = ""
    languages: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judge:
    """A judge. `seconds` of film is the most that she can watch, and her share is in proportion to it.

    None: no limit, and an equal share (as the mean of those who stated one). No `tracks`: all. No `languages`: any.
    `forms` are what she is an expert of; they never keep a film from her.
    """

    key: str
    seconds: int | None = None
    tracks: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()


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
    """A film that misses `looks` looks, has `served`, and may not be seen by `barred` judges.

    `expert`: none of its looks so far is by a judge who knows one of its forms.
    """

    film: Film
    looks: int
    served: int = 0
    barred: tuple[str, ...] = ()
    expert: bool = False


@dataclass(frozen=True, slots=True)
class Seat:
    """Who takes looks: one judge, or the judges of a panel together. `load`: seconds of each one's looks so far."""

    key: str
    members: tuple[Judge, ...]
    load: int = 0

    @property
    def stated(self) -> int | None:
        """Seconds that the seat can take in all: those of the member who has least. None: nobody stated any."""
        return min((one.seconds for one in self.members if one.seconds is not None), default=None)


@dataclass(frozen=True, slots=True)
class Task:
    """Everything an allocation depends on, in one order.

    `shared_cut`: films of all tracks meet in one ranking. `hours_limit`: nobody gets more than she stated; else hours
    say only in what proportion the films are shared.
    """

    wants: tuple[Want, ...]
    seats: tuple[Seat, ...]
    seed: int
    shared_cut: bool = False
    hours_limit: bool = True

    def as_json(self) -> dict[str, Any]:
        """The inputs as they are kept and hashed. Integers and texts only; the seed is a text."""
        return {
            "wants": [
                [
                    want.film.key,
                    want.film.seconds,
                    want.film.track,
                    list(want.film.languages),
                    list(want.film.forms),
                    want.looks,
                    want.served,
                    list(want.barred),
                    want.expert,
                ]
                for want in self.wants
            ],
            "seats": [
                [
                    seat.key,
                    seat.load,
                    [
                        [one.key, one.seconds, list(one.tracks), list(one.languages), list(one.forms)]
                        for one in seat.members
                    ],
                ]
                for seat in self.seats
            ],
            "seed": str(self.seed),
            "shared_cut": self.shared_cut,
            "hours_limit": self.hours_limit,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Task":
        wants = tuple(
            Want(
                Film(key, seconds, track, tuple(languages), tuple(forms)),
                looks,
                served,
                tuple(barred),
                expert,
            )
            for key, seconds, track, languages, forms, looks, served, barred, expert in data["wants"]
        )
        seats = tuple(
            Seat(
                key,
                tuple(
                    Judge(judge, seconds, tuple(tracks), tuple(languages), tuple(forms))
                    for judge, seconds, tracks, languages, forms in members
                ),
                load,
            )
            for key, load, members in data["seats"]
        )
        return cls(wants, seats, int(data["seed"]), data["shared_cut"], data["hours_limit"])


Looks = int | Mapping[str, int]
"""Looks wanted: for every film, or film by film (a film that is not named wants none)."""


def task(
    *,
    films: Iterable[Film],
    judges: Iterable[Judge],
    conflicts: Iterable[tuple[str, str]],
    looks: Looks,
    seed: int,
    given: Sequence[Given] = (),
    more: Mapping[str, int] | None = None,
    shared_cut: bool = False,
    hours_limit: bool = True,
) -> Task:
    """What is missing until every film has its looks. `conflicts` are pairs of (judge, film).

    `more` asks so many looks for a film on top of those it has, whatever `looks` says of it: the next look of an
    adaptive round. Raises ValueError when two films or two judges have the same key.
    """
    members = tuple(_plain_judge(one) for one in judges)
    seats = tuple(Seat(one.key, (one,)) for one in members)
    wants, loaded = _build(films, seats, conflicts, looks, given, more)
    return Task(wants, loaded, seed, shared_cut, hours_limit)


def panel_task(
    *,
    films: Iterable[Film],
    panels: Mapping[str, Sequence[Judge]],
    conflicts: Iterable[tuple[str, str]],
    seed: int,
    given: Sequence[Given] = (),
    looks: Looks = 1,
) -> Task:
    """Films divided among panels: every judge of a panel sees every film of the panel.

    A panel takes a film when each of its judges may see it. `given` are looks of judges: a film counts as with the
    panel when one of its judges has a look at it that counts.
    """
    seats = tuple(
        Seat(key, tuple(sorted((_plain_judge(one) for one in members), key=lambda one: one.key)))
        for key, members in panels.items()
    )
    wants, loaded = _build(films, seats, conflicts, looks, given, None)
    return Task(wants, loaded, seed)


def _build(
    films: Iterable[Film],
    seats: Sequence[Seat],
    conflicts: Iterable[tuple[str, str]],
    looks: Looks,
    given: Sequence[Given],
    more: Mapping[str, int] | None,
) -> tuple[tuple[Want, ...], tuple[Seat, ...]]:
    rows = sorted((_plain_film(film) for film in films), key=lambda film: film.key)
    judges = {one.key: one for seat in seats for one in seat.members}
    _refuse_twice((film.key for film in rows), "film")
    _refuse_twice((one.key for seat in seats for one in seat.members), "judge")
    _refuse_twice((seat.key for seat in seats), "panel")
    home = {one.key: seat.key for seat in seats for one in seat.members}
    state = _State(home, judges)
    for look in given:
        state.add(look)
    for judge, barred_from in conflicts:
        if judge in judges:
            state.barred.setdefault(barred_from, set()).add(judge)
    wants = []
    for film in rows:
        served = len(state.served.get(film.key, ()))
        missing = _wanted(looks, film.key) - served
        if more is not None and film.key in more:
            missing = more[film.key]
        if missing > 0:
            barred = tuple(sorted(state.barred.get(film.key, ())))
            expert = bool(film.forms) and not state.known.get(film.key, set()) & set(film.forms)
            wants.append(Want(film, missing, served, barred, expert))
    loaded = (
        Seat(seat.key, seat.members, max((state.loads[one.key] for one in seat.members), default=0))
        for seat in seats
    )
    return tuple(wants), tuple(sorted(loaded, key=lambda seat: seat.key))


@dataclass(slots=True)
class _State:
    """What the looks given before say: who saw what, how many count, whose forms were there, how long."""

    home: Mapping[str, str]
    judges: Mapping[str, Judge]
    barred: dict[str, set[str]] = field(default_factory=dict)
    served: dict[str, set[str]] = field(default_factory=dict)
    known: dict[str, set[str]] = field(default_factory=dict)
    loads: Counter[str] = field(default_factory=Counter)

    def add(self, look: Given) -> None:
        self.barred.setdefault(look.film, set()).add(look.judge)
        if look.counts:
            # Looks of a panel's judges at one film are one look of the panel.
            self.served.setdefault(look.film, set()).add(self.home.get(look.judge, look.judge))
            judge = self.judges.get(look.judge)
            if judge is not None:
                self.known.setdefault(look.film, set()).update(judge.forms)
                self.loads[look.judge] += look.seconds


def _wanted(looks: Looks, key: str) -> int:
    return looks if isinstance(looks, int) else looks.get(key, 0)


def _refuse_twice(keys: Iterable[str], what: str) -> None:
    twice = [key for key, count in Counter(keys).items() if count > 1]
    if twice:
        raise ValueError(f"The {what} {twice[0]!r} is there twice.")


def _sorted(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(texts)))


def _plain_film(film: Film) -> Film:
    return Film(film.key, max(0, film.seconds), film.track, _sorted(film.languages), _sorted(film.forms))


def _plain_judge(judge: Judge) -> Judge:
    return Judge(
        judge.key, judge.seconds, _sorted(judge.tracks), _sorted(judge.languages), _sorted(judge.forms)
    )
