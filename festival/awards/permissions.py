"""Who may see what of the awards: pure predicates."""

from festival.awards.models import Objection
from festival.awards.objection_keys import holder_of
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


def is_own_objection(actor: Actor, objection: Objection) -> bool:
    """Whether it is the actor's own: from her account, or from a mailbox of hers without it. Others decide over it."""
    if actor.user is None:
        return False
    return objection.user_id == actor.id or objection.holder == holder_of(actor.user.email)
