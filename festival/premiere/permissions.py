"""Who may do what with the timetable: pure predicates."""

from festival.edition import permissions as edition_permissions
from festival.edition.models import Edition
from festival.people.actor import Actor
from festival.premiere.models import Screening


def can_programme(actor: Actor, edition: Edition) -> bool:
    """Compose and release screenings, keep venues and halls."""
    return edition_permissions.can_organise(actor, edition)


def is_public(screening: Screening) -> bool:
    """Shown to everybody who sees the edition."""
    return screening.released_at is not None
