"""Writes of copies of one's own data: asked for, made by a worker, told, removed after a week."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from festival.kit.errors import Refused
from festival.kit.queue import enqueue
from festival.kit.words import time_left
from festival.people.actor import Actor
from personal import letters
from personal.models import DataExport
from submissions import storing

EVERY = timedelta(days=1)
KEPT = timedelta(days=7)
ATTEMPTS = 3
HINT_REAPS = 4
State = DataExport.State


@dataclass(frozen=True, slots=True)
class Lease:
    pk: int
    token: uuid.UUID


class LeaseLost(Exception):
    """The copy was given to another worker, or is no longer wanted."""


@transaction.atomic
def ask(*, by: Actor, at: datetime) -> DataExport:
    """Have a copy made. Refused while one is being made, and (429) within a day of the last one that was."""
    last = DataExport.objects.filter(user=by.user).exclude(state=State.FAILED).first()
    if last and last.state != State.READY:
        raise Refused(_("A copy is being made already. Wait for our letter."), code="running")
    if last and at < last.asked_at + EVERY:
        text = _("A copy can be made once a day: again in %(left)s.")
        raise Refused(text % {"left": time_left(last.asked_at + EVERY, at)}, status=429, code="too_soon")
    try:
        with transaction.atomic():
            row = DataExport.objects.create(user=by.user, asked_at=at, hinted_at=at)
    except IntegrityError:
        raise Refused(_("A copy is being made already. Wait for our letter."), code="running") from None
    _queue(row.pk)
    return row


def _queue(pk: int) -> None:
    from personal.tasks import export

    enqueue(export, pk)


def claim(*, pk: int, at: datetime) -> Lease | None:
    """Take a waiting copy; None when another worker has it, or it is made."""
    lease = Lease(pk, uuid.uuid4())
    free = DataExport.objects.filter(pk=pk).filter(
        Q(state=State.WAITING) | Q(state=State.RUNNING, lease_until__lt=at)
    )
    free.filter(attempts__gte=ATTEMPTS).update(state=State.FAILED, lease_token=None, lease_until=None)
    taken = free.update(
        state=State.RUNNING,
        lease_token=lease.token,
        lease_until=at + timedelta(seconds=settings.LEASE_SECONDS),
        attempts=F("attempts") + 1,
        progress=0,
    )
    return lease if taken else None


def renew(*, lease: Lease, at: datetime, progress: int) -> None:
    """Say that the work goes on, and how far it is. Raises LeaseLost."""
    until = at + timedelta(seconds=settings.LEASE_SECONDS)
    if not _held(lease).update(lease_until=until, progress=min(max(progress, 0), 100)):
        raise LeaseLost(lease.pk)


def record_ready(*, lease: Lease, key: str, size: int, at: datetime) -> bool:
    """The copy is in the storage. False when it is no longer wanted: the caller removes the file."""
    return bool(
        _held(lease).update(
            state=State.READY, key=key, size=size, ready_at=at, expires_at=at + KEPT, progress=100,
            lease_token=None, lease_until=None,
        )
    )  # fmt: skip


def give_back(*, lease: Lease, at: datetime) -> None:
    """The work came to grief: again a little later, and given up after ATTEMPTS."""
    rows = DataExport.objects.filter(pk=lease.pk)
    if _held(lease).update(state=State.WAITING, hinted_at=at, lease_token=None, lease_until=None):
        rows.filter(state=State.WAITING, attempts__gte=ATTEMPTS).update(state=State.FAILED)


def _held(lease: Lease):  # type: ignore[no-untyped-def]
    return DataExport.objects.filter(pk=lease.pk, lease_token=lease.token, state=State.RUNNING)


def tell_ready(*, pk: int, at: datetime) -> None:
    """Mail that it is ready, once; tried again while the mail server is away."""
    mine = DataExport.objects.filter(pk=pk, state=State.READY)
    if not mine.filter(told_at__isnull=True).update(told_at=at):
        return
    row = mine.select_related("user").first()
    if row and not letters.mail_ready(row):
        mine.update(told_at=None)


def expire(*, at: datetime) -> int:
    """Remove copies whose week is over, file first: a row without its file would never be found again."""
    late = DataExport.objects.filter(state=State.READY, expires_at__lte=at)
    count = 0
    for row in late.order_by("expires_at")[:100]:
        storing.remove(row.key)
        row.delete()
        count += 1
    DataExport.objects.filter(state=State.FAILED, asked_at__lte=at - KEPT).delete()
    return count


def remind(*, at: datetime) -> int:
    """Queue copies again that nobody makes, or whose letter has not gone out."""
    late = at - timedelta(seconds=HINT_REAPS * settings.REAP_SECONDS)
    waiting = Q(state=State.WAITING) | Q(state=State.RUNNING, lease_until__lt=at)
    untold = Q(state=State.READY, told_at__isnull=True)
    ids = list(
        DataExport.objects.filter(waiting | untold, hinted_at__lt=late).values_list("pk", flat=True)[:500]
    )
    with transaction.atomic():
        DataExport.objects.filter(pk__in=ids).update(hinted_at=at)
        for pk in ids:
            _queue(pk)
    return len(ids)
