"""Lists of films that the floors above keep, by which the desk's table of entries can be narrowed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from festival.edition.models import Edition


@dataclass(frozen=True, slots=True)
class FilmList:
    """A list as the table offers it. `entries` gives the ids of its entries; `key` is what an address carries."""

    key: str
    label: str
    entries: Callable[[], QuerySet]


Lists = Callable[[Edition], Sequence[FilmList]]
_lists: list[Lists] = []


def register_lists(lists: Lists) -> None:
    """`lists(edition)` gives the lists there are. Only organisers are offered them. Called when the site starts."""
    if lists not in _lists:
        _lists.append(lists)


def lists_of(edition: Edition) -> list[FilmList]:
    """All lists of an edition, in the order in which the floors name them."""
    return [found for ask in _lists for found in ask(edition)]
