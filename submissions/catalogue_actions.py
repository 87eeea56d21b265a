"""Putting an admitted film into the catalogue by hand, for a screening outside the awards."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from festival.catalogue.actions import Written
from festival.catalogue.models import Film
from festival.kit.errors import Refused
from festival.people.actor import Actor
from submissions import permissions
from submissions.actions import log_event
from submissions.catalogue import put_films
from submissions.catalogue_undo import mark_of
from submissions.correction_queries import outdated_in_catalogue
from submissions.models import Entry


def put_in_catalogue(*, entry: Entry, by: Actor, at: datetime) -> Film:
    """Copy the entry into the catalogue, unpublished. Doing it again copies its texts and picture anew."""
    return put(entry=entry, by=by, at=at).film


@transaction.atomic
def put(*, entry: Entry, by: Actor, at: datetime, run: int | None = None) -> Written:
    """As `put_in_catalogue`, saying what it did. The log has a line where something is another now; of a film that an
    order (`run`) made new it keeps a mark, by which the order can be taken back while nobody has changed the film.
    """
    # Held, so that a correction that is being saved comes before or after, and the log says which.
    held = Entry.objects.select_for_update(of=("self",)).select_related("edition").get(pk=entry.pk)
    if held.track_id == entry.track_id:  # not joined: it may change while one waits (see `drafts.hold_parts`)
        held.track = entry.track
    if not permissions.can_catalogue(by, held):
        raise Refused(
            _("Only films admitted to the competition come into the catalogue, and only by the organisers."),
            status=403,
            code="not_allowed",
        )
    written = put_films(entries=[held])[entry.pk]
    # Corrected there and back again: only a line in the log says that the catalogue has what stands there.
    if written.result != "unchanged" or outdated_in_catalogue(held.edition).filter(pk=held.pk).exists():
        noted = {"run": run, "mark": mark_of(written.film)} if run and written.result == "new" else {}
        log_event(entry=entry, kind="catalogued", by=by, at=at, film=written.film.code, **noted)
    return written
