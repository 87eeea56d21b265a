"""Who may do what with feedback to entrants: pure predicates."""

from festival.edition import permissions as edition_permissions
from festival.edition.models import Edition
from festival.people.actor import Actor


def can_follow(actor: Actor, edition: Edition) -> bool:
    """How far it is, in figures: the chair and the organisers."""
    return can_decide(actor, edition) or can_send(actor, edition)


def can_decide(actor: Actor, edition: Edition) -> bool:
    """Read what judges wrote to entrants, release it or hold it back: the chair alone."""
    return edition_permissions.can_chair(actor, edition)


def can_send(actor: Actor, edition: Edition) -> bool:
    """Say what is given, and have the letters written: organisers."""
    return edition_permissions.can_organise(actor, edition)
