"""Votes of an audience as plain values: the document they are counted and looked at from, and the count.

Knows no Django and no person: networks, domains and batches are numbers in the order in which they first come.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

METHOD_VERSION = 1


@dataclass(frozen=True, slots=True)
class Vote:
    """`at`: seconds since 1970, of the present choice. `films`: codes. `age`: of the account, seconds, when it voted.

    One by printed code has `batch` and `serial`. None is what is not known, or does not apply.
    """

    at: int
    films: tuple[str, ...]
    network: int | None = None
    domain: int | None = None
    age: int | None = None
    batch: int | None = None
    serial: int | None = None

    @property
    def printed(self) -> bool:
        return self.serial is not None


def numbered(values: Iterable[str]) -> list[int | None]:
    """Each value's number, from 1 in the order in which they first come; None for nothing. Numbering what was numbered
    gives the same.
    """
    known: dict[str, int] = {}
    return [known.setdefault(value, len(known) + 1) if value else None for value in values]


def document(films: Mapping[str, str], choices: int, votes: Sequence[Vote]) -> dict[str, Any]:
    """What a result follows from, as JSON. `films`: by code the code of the entry, "" for a guest film."""
    return {
        "choices": choices,
        "films": dict(sorted(films.items())),
        "votes": [
            [one.at, sorted(one.films), one.network, one.domain, one.age, one.batch, one.serial]
            for one in votes
        ],
    }


def digest(value: Any) -> str:
    """SHA-256 of the value as JSON without spaces, keys in order, UTF-8."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def count(
    films: Mapping[str, str], votes: Sequence[Vote], aside: Collection[int] = ()
) -> list[dict[str, Any]]:
    """The films, those with most votes first; equal ones share a rank, and stand by code.

    `aside`: places in `votes` (from 0) that are not counted; `rank_all` and `votes_all` are with them.
    """
    every = Counter(film for one in votes for film in one.films)
    less = Counter(film for place in aside for film in votes[place].films)
    counted = {film: every[film] - less[film] for film in films}
    ranks, ranks_all = _ranks(counted), _ranks({film: every[film] for film in films})
    rows = [
        {
            "film": film,
            "entry": entry,
            "rank": ranks[film],
            "votes": counted[film],
            "rank_all": ranks_all[film],
            "votes_all": every[film],
        }
        for film, entry in films.items()
    ]
    return sorted(rows, key=lambda row: (row["rank"], row["film"]))


def _ranks(votes: Mapping[str, int]) -> dict[str, int]:
    at_most: dict[int, int] = {}
    for rank, number in enumerate(sorted(votes.values(), reverse=True), 1):
        at_most.setdefault(number, rank)
    return {film: at_most[number] for film, number in votes.items()}
