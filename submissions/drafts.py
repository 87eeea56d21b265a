"""Writing to an entry as its entrant: one writer at a time, and only while this part of it may be written to."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from festival.kit.errors import Refused
from festival.people.actor import Actor
from submissions import permissions
from submissions.correction_queries import is_running, open_of
from submissions.models import Correction, Entry


def hold_draft(*, entry: Entry, by: Actor, part: str, at: datetime | None = None) -> Entry:
    """The entry's row, locked until the transaction ends, for one who may write this part of it now.

    `part` is a key of a step (`steps.STEPS`), or with `at` a name of `correction_fields`: then a correction that was
    granted opens it too. Refused when the entry is no longer a draft and nothing opens this part of it.
    """
    return hold_parts(entry=entry, by=by, parts=(part,), at=at)


def hold_parts(*, entry: Entry, by: Actor, parts: Collection[str], at: datetime | None = None) -> Entry:
    """The same for several parts, all of which must be open."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("hold_draft is called inside a transaction")
    # Joined to nothing that may change: on PostgreSQL a row whose entrant or track was changed while one waited for
    # it is not found again through the old one.
    rows = Entry.objects.select_for_update(of=("self",)).select_related("edition")
    fresh = rows.get(pk=entry.pk)
    if permissions.can_edit(by, fresh):
        return fresh
    if at is None or not parts or not all(permissions.can_change(by, fresh, part, at) for part in parts):
        raise not_open(fresh, by, at)
    return fresh


def not_open(entry: Entry, by: Actor, at: datetime | None) -> Refused:
    """Why this account cannot write this part of the entry at this moment."""
    row = open_of(entry) if at is not None and permissions.can_ask_correction(by, entry) else None
    if row is None or row.state != Correction.State.GRANTED or at is None:
        text = _("This entry is no longer a draft, so this can no longer be changed.")
        return Refused(text, code="not_a_draft")
    if not is_running(row, at):
        text = _("The time for this correction is over. If something is left to correct, ask once more.")
        return Refused(text, status=410, code="correction_over")
    text = _("This is not among what you may correct. Look at the entry’s page to see what is open.")
    return Refused(text, status=403, code="not_granted")
