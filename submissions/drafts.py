"""Writing to a draft: one writer at a time, and only while the entry may be written to."""

from django.db import transaction
from django.utils.translation import gettext as _

from festival.kit.errors import Refused
from festival.people.actor import Actor
from submissions import permissions
from submissions.models import Entry


def hold_draft(*, entry: Entry, by: Actor, part: str) -> Entry:
    """The entry's row, locked until the transaction ends, for one who may write this part of it now.

    `part` is the key of a step (`steps.STEPS`). Refused when the entry is no longer a draft.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("hold_draft is called inside a transaction")
    # Joined to nothing that may change: on PostgreSQL a row whose entrant or track was changed while one waited for
    # it is not found again through the old one.
    rows = Entry.objects.select_for_update(of=("self",)).select_related("edition")
    fresh = rows.get(pk=entry.pk)
    if not permissions.can_edit(by, fresh):
        raise Refused(
            _("This entry is no longer a draft, so this can no longer be changed."), code="not_a_draft"
        )
    return fresh
