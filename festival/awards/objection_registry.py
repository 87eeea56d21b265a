"""What the floor that decides over the awards tells this one: how a list is taken back."""

from collections.abc import Callable

# Keywords: edition, objection (its code), reason (in both languages), by, at. Part of the decision's transaction.
TakeBack = Callable[..., None]
_take_back: list[TakeBack] = []


def register(take_back: TakeBack) -> None:
    """Called once, when the site starts."""
    _take_back[:] = [take_back]


def take_back() -> TakeBack:
    return _take_back[0]
