"""Telling people things: in the site, and by mail."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from festival.edition import permissions
from festival.edition.models import Edition
from festival.kit.errors import Refused
from festival.kit.queue import enqueue
from festival.people.actor import Actor
from festival.people.models import User
from festival.post import queries
from festival.post.models import Notice


def notify(*, user: User, edition: Edition, kind: str, path: str, at: datetime, **values: Any) -> Notice:
    """Write a notice, in the words the edition has for it now, and have it mailed once this is committed."""
    from festival.post.tasks import send_notice

    notice = Notice.objects.create(
        user=user,
        edition=edition,
        kind=kind,
        path=path,
        created_at=at,
        values=values,
        template=queries.template_for(edition.pk, kind),
    )
    enqueue(send_notice, notice.pk)
    return notice


@transaction.atomic
def notify_many(*, notices: Iterable[Notice]) -> int:
    """Write many notices in one go (letters to all entrants of a round); the mail goes out in one task."""
    from festival.post.tasks import send_waiting

    rows = list(notices)
    texts = queries.templates_for((row.edition_id, row.kind) for row in rows)
    for row in rows:
        row.template = texts.get((row.edition_id, row.kind))
    written = Notice.objects.bulk_create(rows, batch_size=1000)
    if written:
        enqueue(send_waiting)
    return len(written)


def hold_back(*, notices: Sequence[int], until: datetime) -> None:
    """Have letters that were just written wait: whoever wrote them may still take them back. By id."""
    Notice.objects.filter(pk__in=notices, state=Notice.State.WAITING).update(due_at=until)


def take_back(*, notice: int, at: datetime) -> bool:
    """Strike out a letter that waits for its time still. False when it is on its way, or gone."""
    waits = Notice.objects.filter(pk=notice, state=Notice.State.WAITING, due_at__gt=at, attempts=0)
    return bool(waits.delete()[0])


def mark_read(*, by: Actor, at: datetime, only: int | None = None) -> int:
    """Everything the account has not read yet is read now, or `only` one notice. Gives how many were unread."""
    unread = queries.told(by).filter(read_at__isnull=True)
    if only is not None:
        unread = unread.filter(pk=only)
    return unread.update(read_at=at)


@transaction.atomic
def send_again(*, notice: Notice, by: Actor, at: datetime) -> None:
    """Try once more to mail what could not be delivered. Refused when nothing failed."""
    from festival.post.tasks import send_notice

    if not permissions.can_organise(by, notice.edition):
        raise Refused(_("Only the organisers of this contest can do this."), status=403, code="not_allowed")
    failed = Notice.objects.filter(pk=notice.pk, mailing=None, state=Notice.State.FAILED)
    if not failed.update(state=Notice.State.WAITING, attempts=0, due_at=at, error=""):
        raise Refused(_("This letter is no longer among those that failed. Look at the page again."))
    enqueue(send_notice, notice.pk)


@transaction.atomic
def send_test(
    *, edition: Edition, subject: str, body: str, language: str, path: str, by: Actor, at: datetime
) -> Notice:
    """A letter to oneself, in words that are written out already, to see how it arrives."""
    values = {"subject": f"{_('Test')}: {subject}", "body": body, "language": language}
    return notify(user=by.user, edition=edition, kind="test_letter", path=path, at=at, **values)
