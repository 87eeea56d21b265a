"""What the floors above tell the post: whom an organiser may write to, and what the desk does not see of drafts."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise

from festival.edition.models import Edition, Track


@dataclass(frozen=True, slots=True)
class Recipient:
    """`about` is the code of the entry that the letter is about; without one it is about the person."""

    user_id: int
    path: str
    about: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Audience:
    """A plain choice of whom to write to. `given` are the placeholders that `values` fills.

    `recipients(edition, track, chunk)` finds them now, `chunk` at a time, each pair of person and entry once.
    """

    key: str
    label: str | Promise
    says: str | Promise
    given: tuple[str, ...]
    recipients: Callable[[Edition, Track | None, int], Iterator[Recipient]]


AUDIENCES: dict[str, Audience] = {}
_shields: list[Callable[[Collection[str]], set[str]]] = []


def register(*audiences: Audience) -> None:
    """Called once, when the site starts."""
    AUDIENCES.update({audience.key: audience for audience in audiences})


def register_shield(shield: Callable[[Collection[str]], set[str]]) -> None:
    """`shield(codes)` gives those entries of which only their entrant may read now. Called when the site starts."""
    if shield not in _shields:
        _shields.append(shield)


def shielded(codes: Collection[str]) -> set[str]:
    """The entries among `codes` whose content the desk does not see: drafts. One query for each shield."""
    asked = {code for code in codes if code}
    return set().union(*(shield(asked) for shield in _shields)) if asked else set()
