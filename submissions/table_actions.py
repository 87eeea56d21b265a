"""Writes of what somebody keeps about the table of entries: saved filters and chosen columns."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from festival.edition import permissions as edition_permissions
from festival.edition.models import Edition
from festival.kit.errors import Refused
from festival.people.actor import Actor
from submissions import permissions
from submissions.models import SavedFilter, TableColumns

MOST = 50  # filters of one person in an edition


def save_filter(
    *, edition: Edition, name: str, query: str, shared: bool, by: Actor, at: datetime
) -> SavedFilter:
    """Keep filters under a name. Refused without a name or filters, and where the name is taken."""
    if by.user is None or not edition_permissions.can_inspect(by, edition):
        raise Refused(_("Only the technicians of this contest can do this."), status=403, code="not_allowed")
    if not query:
        raise Refused(_("Choose filters first, then save them."), status=400, code="no_filters")
    if SavedFilter.objects.filter(edition=edition, owner=by.user).count() >= MOST:
        raise Refused(_("You have saved as many filters as you can. Delete one first."), code="too_many")
    row = SavedFilter(edition=edition, owner=by.user, query=query, shared=shared, made_at=at)
    return _keep(row, name)


def change_filter(*, saved: SavedFilter, name: str, shared: bool, by: Actor) -> SavedFilter:
    """Give it another name, share it with the team or no longer."""
    _assert_may_change(saved, by)
    saved.shared = shared
    return _keep(saved, name)


def delete_filter(*, saved: SavedFilter, by: Actor) -> None:
    _assert_may_change(saved, by)
    saved.delete()


def _assert_may_change(saved: SavedFilter, by: Actor) -> None:
    if not permissions.can_change_filter(by, saved):
        raise Refused(_("This filter is somebody else’s."), status=403, code="not_allowed")


def _keep(row: SavedFilter, name: str) -> SavedFilter:
    row.name = name.strip()[:60]
    if not row.name:
        raise Refused(_("Give the filter a name."), status=400, code="no_name")
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Refused(
            _("You have a filter “%(name)s” already. Choose another name.") % {"name": row.name}, code="twice"
        ) from None
    return row


def choose_columns(*, columns: Sequence[str], by: Actor, at: datetime) -> None:
    """Show the table in these columns from now on; without any, in the usual ones."""
    if by.user is None:
        raise Refused(_("Only the technicians of this contest can do this."), status=403, code="not_allowed")
    if columns:
        TableColumns.objects.update_or_create(
            user=by.user, defaults={"columns": list(columns), "chosen_at": at}
        )
    else:
        TableColumns.objects.filter(user=by.user).delete()
