"""Who may do what with the timetable: pure predicates."""

from festival.edition import permissions as edition_permissions
from festival.edition.models import Edition
from festival.people.actor import Actor


def can_programme(actor: Actor, edition: Edition) -> bool:
    """Compose and release screenings, keep venues and halls."""
    return edition_permissions.can_organise(actor, edition)


def can_project(actor: Actor, edition: Edition) -> bool:
    """Look after copies and see what runs when: whoever programmes, and technicians."""
    return can_programme(actor, edition) or edition_permissions.can_inspect(actor, edition)
