"""Taking out of the catalogue again what one order put into it, as long as nothing was done with it."""

import hashlib
from collections.abc import Collection
from datetime import datetime

from django.core.files.storage import storages
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils.translation import gettext as _

from festival.catalogue.models import Film
from festival.edition import permissions
from festival.kit.errors import Refused
from festival.people.actor import Actor
from submissions.models import CatalogueRun, Entry, Event


def mark_of(film: Film) -> str:
    """A digest of everything a film says, as the database has it: another one once anybody has changed it."""
    row = Film.objects.filter(pk=film.pk).values().get()
    return _digest(row)


def _digest(row: dict[str, object]) -> str:
    text = DjangoJSONEncoder(sort_keys=True, ensure_ascii=False).encode(row)
    return hashlib.sha256(text.encode()).hexdigest()


def untouched(run: CatalogueRun) -> dict[int, str]:
    """Films that the order made new and that are as it left them: by id the entry's code. Not public, on no screening,
    with no guest, copy, vote or award. Queries do not grow with the films.
    """
    events = Event.objects.filter(
        entry__edition=run.edition_id, kind="catalogued", at__gte=run.asked_at, values__run=run.pk
    )
    marks = {
        values["film"]: values["mark"]
        for values in events.values_list("values", flat=True)
        if "mark" in values
    }
    rows = Film.objects.filter(edition=run.edition_id, code__in=marks, published_at__isnull=True).values()
    same = {row["id"]: row["source"] for row in rows if _digest(row) == marks[row["code"]]}
    used = _used(same)
    return {pk: source for pk, source in same.items() if pk not in used}


def _used(films: Collection[int]) -> set[int]:
    """Those that anything points to, whatever floor it stands on."""
    found: set[int] = set()
    for field in Film._meta.get_fields(include_hidden=True):
        relation = getattr(field, "field", None)
        if not field.auto_created or field.concrete or relation is None:
            continue
        rows = field.related_model._base_manager.filter(**{f"{relation.name}__in": films})
        found |= set(rows.values_list(relation.name, flat=True))
    return found & set(films)


@transaction.atomic
def take_out(*, run: CatalogueRun, by: Actor, at: datetime) -> int:
    """Delete the films of `untouched`; gives how many. Once, when the order is through. Each entry's log says so."""
    if by.user is None or not permissions.can_organise(by, run.edition):
        raise Refused(_("Only the organisers put films into the catalogue."), status=403, code="not_allowed")
    held = CatalogueRun.objects.select_for_update().defer("entries").get(pk=run.pk)
    if held.state != CatalogueRun.State.DONE:
        raise Refused(_("Wait until the order is through."), code="running")
    if held.taken_out_at is not None:
        raise Refused(_("It was taken back already."), code="taken_out")
    list(Film.objects.select_for_update().filter(pk__in=untouched(held)).order_by("pk").values_list("pk"))
    films = untouched(held)  # once more, now that nobody changes them
    stills = list(Film.objects.filter(pk__in=films).exclude(still="").values_list("still", flat=True))
    entries = Entry.objects.filter(edition=held.edition_id, code__in=films.values())
    Event.objects.bulk_create(
        Event(entry=entry, kind="catalogue_taken_back", actor=by.user, at=at, values={"run": held.pk})
        for entry in entries.only("pk")
    )
    Film.objects.filter(pk__in=films).delete()
    held.taken_out, held.taken_out_at = len(films), at
    held.save(update_fields=["taken_out", "taken_out_at"])
    transaction.on_commit(lambda: [storages["default"].delete(key) for key in stills])
    return len(films)
