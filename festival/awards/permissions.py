"""Who may see what of the awards: pure predicates."""

from festival.edition import permissions as edition_permissions
from festival.edition.models import Edition
from festival.people.actor import Actor


def can_announce(actor: Actor, edition: Edition) -> bool:
    """The organiser speaks for the festival; the jury decides, but does not announce."""
    return edition_permissions.can_organise(actor, edition)


def can_handle_objections(actor: Actor, edition: Edition) -> bool:
    """Read objections, who made them and their evidence; decide over them."""
    return edition_permissions.can_organise(actor, edition)


def can_hold_audience_vote(actor: Actor, edition: Edition) -> bool:
    """Prepare the audience's vote, print its codes, look at its marks, count it."""
    return edition_permissions.can_organise(actor, edition)
