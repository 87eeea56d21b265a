"""Who may invite whom: pure predicates."""

from festival.edition.models import Edition
from festival.edition.permissions import can_chair, can_give, can_organise
from festival.people.actor import Actor
from festival.people.roles import Role


def can_see_invitations(actor: Actor, edition: Edition) -> bool:
    return can_organise(actor, edition) or can_chair(actor, edition)


def can_invite(actor: Actor, edition: Edition, role: str) -> bool:
    """Organisers invite to every role but the owner's, which is handed on and not sent; the chair invites judges."""
    if role == Role.OWNER:
        return False
    return can_give(actor, edition, role) or (role == Role.JUDGE and can_chair(actor, edition))
