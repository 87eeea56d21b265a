"""The public door to a film: object and check come together."""

from django.http import Http404

from festival.catalogue import queries
from festival.catalogue.models import Film
from festival.edition.door import get_edition
from festival.people.actor import Actor


def get_film(actor: Actor, edition: str, code: str) -> Film:
    """A published film of an edition that the actor sees; everything else is 404, also for the team."""
    found = get_edition(actor, edition)
    try:
        film = queries.published(found).get(code=code)
    except Film.DoesNotExist:
        raise Http404 from None
    film.edition = found
    return film
