"""What the floors above tell the team's invitations: what a role has before it, and where it begins."""

from collections.abc import Callable
from dataclasses import dataclass

from festival.edition.models import Edition


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of what is asked, in the reader's language."""

    label: str
    text: str


Brief = Callable[[Edition], list[Fact]]
_briefs: dict[str, Brief] = {}
_starts: dict[str, str] = {}


def register(role: str, *, brief: Brief, start: str) -> None:
    """`brief(edition)` says what awaits somebody in the role; `start` is the name of the page it begins with, which
    takes the edition's slug. Called when the site starts.
    """
    _briefs[role], _starts[role] = brief, start


def brief_of(edition: Edition, role: str) -> list[Fact]:
    return _briefs[role](edition) if role in _briefs else []


def start_of(role: str) -> str:
    """The name of the page that a role begins with."""
    return _starts.get(role, "edition:front")
