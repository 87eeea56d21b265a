"""Whoever tells entrants of a change is told of it by this floor."""

from collections.abc import Callable, Sequence

from festival.edition.models import EditionChange

Tell = Callable[[Sequence[EditionChange]], None]  # changes of one edition, made at one moment
_tell: list[Tell] = []


def register(tell: Tell) -> None:
    """Called once, when the site starts."""
    _tell[:] = [tell]


def tell(changes: Sequence[EditionChange]) -> None:
    """Part of the transaction in which the changes are made."""
    for one in _tell:
        one(changes)
