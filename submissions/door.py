"""The door to an entry: object and check come together."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import Http404

from festival.people.actor import Actor
from submissions import permissions, queries
from submissions.models import Entry

Need = Callable[[Actor, Entry], bool]


def get_entry(actor: Actor, code: str, need: Need = permissions.can_see, *, whole: bool = False) -> Entry:
    """The entry with its edition and track. Unseen: 404. Seen, but `need` says no: 403.

    `whole` fetches versions, inspections and the log with it.
    """
    entries = queries.visible_to(actor)
    entries = queries.for_page(entries) if whole else entries.select_related("edition", "track")
    try:
        entry = entries.get(code=code)
    except Entry.DoesNotExist:
        raise Http404 from None
    if not need(actor, entry):
        raise PermissionDenied
    return entry
