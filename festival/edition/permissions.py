"""Who may do what in an edition: pure predicates."""

from festival.edition.models import Edition
from festival.people.actor import Actor
from festival.people.roles import Role


def can_see(actor: Actor, edition: Edition) -> bool:
    return edition.status != Edition.Status.DRAFT or actor.has_any(edition)


def can_organise(actor: Actor, edition: Edition) -> bool:
    return actor.has(edition, Role.ORGANISER)


def can_inspect(actor: Actor, edition: Edition) -> bool:
    """May read reports and decide over admission."""
    return actor.has(edition, Role.TECHNICIAN)


def can_chair(actor: Actor, edition: Edition) -> bool:
    return actor.has(edition, Role.CHAIR)


def can_judge(actor: Actor, edition: Edition) -> bool:
    return actor.has(edition, Role.JUDGE)


def can_work(actor: Actor, edition: Edition) -> bool:
    """May enter the desk at all: everybody of the team who is not only a judge."""
    return any(check(actor, edition) for check in (can_organise, can_inspect, can_chair))


def can_give(actor: Actor, edition: Edition, role: str) -> bool:
    """Give or take a role: organisers all but the owner's, which only owners hand on."""
    return can_organise(actor, edition) and (role != Role.OWNER or actor.has(edition, Role.OWNER))


def can_make_editions(actor: Actor) -> bool:
    """Make a new edition of this site: its operators, and whoever organises an edition here already."""
    return actor.is_operator or bool(actor.editions(Role.ORGANISER))
