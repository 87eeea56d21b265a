"""The door to an edition: object and check come together."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import Http404

from festival.edition import permissions, queries
from festival.edition.models import Edition
from festival.people.actor import Actor

Need = Callable[[Actor, Edition], bool]


def get_edition(actor: Actor, slug: str, need: Need = permissions.can_see) -> Edition:
    """The edition. Unseen: 404. Seen, but `need` says no: 403."""
    try:
        edition = queries.visible_to(actor).get(slug=slug)
    except Edition.DoesNotExist:
        raise Http404 from None
    if not need(actor, edition):
        raise PermissionDenied
    return edition
