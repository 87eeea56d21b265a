"""Writes of the public notice: posted, amended, extended, closed. Called by the floor that decides over the awards."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import ngettext

from festival.awards.models import AwardSlot, Objection, PublicNotice
from festival.awards.objection_queries import OPEN
from festival.edition.models import Edition
from festival.kit.errors import Refused
from festival.people.actor import Actor


@transaction.atomic
def post_notice(
    *,
    edition: Edition,
    version: int,
    rows: Sequence[dict[str, Any]],
    ends_at: datetime,
    by: Actor,
    at: datetime,
) -> PublicNotice:
    """Make the list public, for objections until `ends_at`."""
    return PublicNotice.objects.create(
        edition=edition, version=version, rows=list(rows), starts_at=at, ends_at=ends_at
    )


@transaction.atomic
def amend_notice(
    *,
    edition: Edition,
    version: int,
    rows: Sequence[dict[str, Any]],
    changes: Sequence[dict[str, Any]],
    by: Actor,
    at: datetime,
) -> PublicNotice:
    """Print the list anew after a withdrawal; each place that changed is told with its reason and stays on the page."""
    notice = _hold(edition)
    awards = dict(AwardSlot.objects.filter(edition=edition).values_list("slug", "name"))
    notice.past = [*notice.past, {"version": notice.version, "until": at.isoformat(), "rows": notice.rows}]
    notice.version, notice.rows = version, list(rows)
    notice.changes = [
        *notice.changes,
        *(
            {**change, "at": at.isoformat(), "version": version, "award": awards.get(change["slot"], {})}
            for change in changes
        ),
    ]
    notice.save()
    return notice


@transaction.atomic
def extend_notice(*, edition: Edition, ends_at: datetime, by: Actor, at: datetime) -> PublicNotice:
    """Another last moment for objections."""
    notice = _hold(edition)
    notice.ends_at = ends_at
    notice.save(update_fields=["ends_at"])
    return notice


@transaction.atomic
def close_notice(*, edition: Edition, by: Actor, at: datetime) -> PublicNotice:
    """End it. Refused while an objection is undecided, be it to an earlier list of this edition."""
    notice = _hold(edition)
    left = Objection.objects.filter(notice__edition=edition, state__in=OPEN).count()
    if left:
        raise Refused(
            ngettext(
                "%(count)d objection is not decided yet. Decide it, then end the notice.",
                "%(count)d objections are not decided yet. Decide them, then end the notice.",
                left,
            )
            % {"count": left},
            code="objections",
        )
    notice.closed_at = at
    notice.save(update_fields=["closed_at"])
    return notice


@transaction.atomic
def take_down(*, edition: Edition, reason: dict[str, str], by: Actor, at: datetime) -> PublicNotice:
    """The list is not shown any more, but why it was taken down. Another notice can be given once it is decided anew.

    Objections to it that are undecided stay so, and hold the next one.
    """
    notice = _hold(edition)
    notice.taken_down_at, notice.taken_down_reason = at, reason
    notice.save(update_fields=["taken_down_at", "taken_down_reason"])
    return notice


def is_closed(edition: Edition) -> bool:
    """Whether there was a notice and it is over; one that was taken down does not count."""
    rows = PublicNotice.objects.filter(edition=edition, taken_down_at__isnull=True)
    return rows.filter(closed_at__isnull=False).exists()


def was_taken_down(edition: Edition) -> bool:
    """Whether a list of this edition was taken down from public notice: the next one must stand there too."""
    return PublicNotice.objects.filter(edition=edition, taken_down_at__isnull=False).exists()


def _hold(edition: Edition) -> PublicNotice:
    """The notice, held: an objection that comes in at this moment comes before or after."""
    return PublicNotice.objects.select_for_update().get(edition=edition, taken_down_at__isnull=True)
