"""Who may see a film of the catalogue: pure predicates."""

from festival.catalogue.models import Film
from festival.edition import permissions as edition_permissions
from festival.edition.models import Edition
from festival.people.actor import Actor


def can_see(film: Film) -> bool:
    """Everybody who sees the edition, once the film has been published; nobody before, on public pages."""
    return film.published_at is not None


def can_write(actor: Actor, edition: Edition) -> bool:
    """Enter guest films, publish."""
    return edition_permissions.can_organise(actor, edition)
