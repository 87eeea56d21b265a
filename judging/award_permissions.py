"""Who may do what with the award list: pure predicates over an edition."""

from festival.edition import permissions as edition_permissions
from festival.edition.models import Edition
from festival.people.actor import Actor


def can_follow(actor: Actor, edition: Edition) -> bool:
    """See the list before it is announced: the chair and the organisers. Judges learn it with the entrants."""
    return can_decide(actor, edition) or can_tell(actor, edition)


def can_propose(actor: Actor, edition: Edition) -> bool:
    return can_follow(actor, edition)


def can_decide(actor: Actor, edition: Edition) -> bool:
    """Change places and confirm."""
    return edition_permissions.can_chair(actor, edition)


def can_tell(actor: Actor, edition: Edition) -> bool:
    """Write to the entrants, and announce."""
    return edition_permissions.can_organise(actor, edition)
