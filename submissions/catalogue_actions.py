"""Putting an admitted film into the catalogue by hand, for a screening outside the awards."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from festival.catalogue.models import Film
from festival.kit.errors import Refused
from festival.people.actor import Actor
from submissions import permissions
from submissions.actions import log_event
from submissions.catalogue import write_films
from submissions.models import Entry


@transaction.atomic
def put_in_catalogue(*, entry: Entry, by: Actor, at: datetime) -> Film:
    """Copy the entry into the catalogue, unpublished. Doing it again copies its texts and picture anew."""
    if not permissions.can_catalogue(by, entry):
        raise Refused(
            _("Only films admitted to the competition come into the catalogue, and only by the organisers."),
            status=403,
            code="not_allowed",
        )
    # Held, so that a correction that is being saved comes before or after, and the log says which.
    held = Entry.objects.select_for_update(of=("self",)).select_related("edition").get(pk=entry.pk)
    film = write_films(entries=[held])[entry.pk]
    log_event(entry=entry, kind="catalogued", by=by, at=at, film=film.code)
    return film
