"""Filling award slots from a standing: slots in order of precedence, places by rank, one award per film.

Films of the same rank stand in the order in which the tie rule has put them (`settled`). Where it leaves them equal
and the tie straddles the last place of a slot, the film with the lower code stands in, and the place names the films
it is tied with, for the jury to decide.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

METHOD = "by_rank"
VERSION = 2


@dataclass(frozen=True, slots=True)
class Slot:
    """A prize with its places; `track` empty means that films of every track are eligible."""

    slug: str
    places: int
    track: str = ""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A film of the standing. `rank` is None for a film nobody scored: it gets no award. `settled`: the place that the
    tie rule gives it among the films of its rank; equal where it is still tied.
    """

    film: str
    track: str
    rank: int | None
    settled: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """A place as proposed. `why` is a code with values.

    `rank`: the best film left, with its rank. `tied`: the same, but films with the very same mean (`films`) were left
    out only because the places ran out. `settled`: the same, but by rank alone `films` could have had it too; the tie
    rule put them after. `no_film`: vacant, no scored film is left that may have it (`film` empty).
    """

    slot: str
    place: int
    film: str
    why: dict[str, Any] = field(default_factory=dict)


def propose(slots: Sequence[Slot], films: Iterable[Ranked]) -> list[Place]:
    """Every place of every slot, in the order given. The same input gives the same list, whatever its order."""
    ranked = (film for film in films if film.rank is not None)
    left = sorted(ranked, key=lambda film: (film.rank, film.settled, film.film))
    places: list[Place] = []
    for slot in slots:
        eligible = [film for film in left if slot.track in ("", film.track)]
        chosen, passed = eligible[: slot.places], eligible[slot.places :]
        border = chosen[-1] if chosen else None
        beaten = [film for film in passed if border and film.rank == border.rank]
        tied = [film.film for film in beaten if border and film.settled == border.settled]
        for number in range(1, slot.places + 1):
            if number > len(chosen):
                places.append(Place(slot.slug, number, "", {"code": "no_film"}))
                continue
            film = chosen[number - 1]
            why: dict[str, Any] = {"code": "rank", "rank": film.rank}
            if tied and border and (film.rank, film.settled) == (border.rank, border.settled):
                why = {"code": "tied", "rank": film.rank, "films": tied}
            elif beaten and border and film.rank == border.rank:
                why = {"code": "settled", "rank": film.rank, "films": [one.film for one in beaten]}
            places.append(Place(slot.slug, number, film.film, why))
        given = {film.film for film in chosen}
        left = [film for film in left if film.film not in given]
    return places
