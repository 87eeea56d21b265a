"""Telling people things: in the site, and by mail."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from festival.edition.models import Edition
from festival.kit.queue import enqueue
from festival.people.models import User
from festival.post.models import Notice


def notify(*, user: User, edition: Edition, kind: str, path: str, at: datetime, **values: Any) -> Notice:
    """Write a notice and have it mailed once the transaction has committed."""
    from festival.post.tasks import send_notice

    notice = Notice.objects.create(
        user=user, edition=edition, kind=kind, path=path, created_at=at, values=values
    )
    enqueue(send_notice, notice.pk)
    return notice


@transaction.atomic
def notify_many(*, notices: Iterable[Notice]) -> int:
    """Write many notices in one go (letters to all entrants of a round); the mail goes out in one task."""
    from festival.post.tasks import send_waiting

    written = Notice.objects.bulk_create(notices, batch_size=1000)
    if written:
        enqueue(send_waiting)
    return len(written)


def mark_read(*, user: User, at: datetime) -> int:
    """Everything the account has not read yet is read now."""
    return Notice.objects.filter(user=user, read_at__isnull=True).update(read_at=at)
