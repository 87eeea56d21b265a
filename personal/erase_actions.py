"""Writes of deletions of accounts: asked for, taken back, carried out, finished."""

import logging
import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone, translation

from festival.kit.errors import Refused
from festival.kit.queue import enqueue
from festival.people.models import User
from personal import erasing, letters
from personal.fates import Obstacle, plan_for
from personal.models import Erasure

log = logging.getLogger(__name__)

GRACE = timedelta(days=7)
"""How long a deletion can be taken back. Shorter than the month that the law allows; long enough to read a letter."""
HINT_REAPS = 4
State = Erasure.State


class LeaseLost(Exception):
    """Another worker has the deletion now."""


def lease() -> timedelta:
    """How long a worker may be silent: removing one large file from a bucket can take a while."""
    return timedelta(seconds=4 * settings.LEASE_SECONDS)


@transaction.atomic
def ask(
    *, user: User, withdraw: bool, at: datetime, way: str = Erasure.Way.OWN, grace: timedelta = GRACE
) -> Erasure:
    """Have the account deleted once `grace` is over. Asking twice is asking once.

    Refused (code "in_the_way") while something stands in the way; nothing is changed before it is carried out.
    """
    held = User.objects.select_for_update().get(pk=user.pk)
    already = Erasure.objects.filter(user=held).first()
    if already:
        return already
    by_operator = way == Erasure.Way.OPERATOR
    obstacles = plan_for(held).in_the_way(withdraw=withdraw, by_operator=by_operator)
    if obstacles:
        raise Refused(" ".join(str(obstacle.text) for obstacle in obstacles), code="in_the_way")
    erasure = Erasure.objects.create(
        user=held, way=way, withdraw=withdraw, asked_at=at, due_at=at + grace, hinted_at=at
    )
    _queue(erasure.pk)
    return erasure


def _queue(pk: int) -> None:
    from personal.tasks import erase

    enqueue(erase, pk)


@transaction.atomic
def bring_forward(*, erasure: Erasure, withdraw: bool, at: datetime) -> None:
    """An operator carries out now what waits out its days."""
    waiting = Erasure.objects.filter(pk=erasure.pk, state=State.WAITING)
    waiting.update(due_at=at, way=Erasure.Way.OPERATOR, withdraw=withdraw)


@transaction.atomic
def take_back(*, erasure_id: int | None = None, user: User | None = None) -> bool:
    """The account stays. False when there is nothing to take back any more: it was, or is being carried out."""
    rows = Erasure.objects.select_for_update()
    row = (rows.filter(pk=erasure_id) if erasure_id is not None else rows.filter(user=user)).first()
    if (
        row is None or row.state != State.WAITING
    ):  # asked once the row is held: it may have been begun meanwhile
        return False
    row.delete()
    return True


def work(pk: int) -> None:
    """What the worker does with one deletion: tell that it was asked for, and carry it out when it is due."""
    tell_asked(pk=pk, at=timezone.now())
    if begin(pk=pk, at=timezone.now()):
        carry_on(pk=pk, at=timezone.now())


def tell_asked(*, pk: int, at: datetime) -> None:
    """Mail that it was asked for; tried again while the mail server is away, or when a worker died at it.

    Of two workers one does it: the other finds the lease.
    """
    mine = Erasure.objects.filter(pk=pk, state=State.WAITING, way=Erasure.Way.OWN, told_at__isnull=True)
    token = uuid.uuid4()
    free = mine.filter(Q(lease_until__isnull=True) | Q(lease_until__lt=at))
    if not free.update(lease_token=token, lease_until=at + lease()):
        return
    row = mine.select_related("user").filter(lease_token=token).first()
    told = at if row and letters.mail_asked(row) else None
    mine.filter(lease_token=token).update(told_at=told, lease_token=None, lease_until=None)


def begin(*, pk: int, at: datetime) -> bool:
    """Close the account, if it is due and nothing stands in the way by now; True when there is work to be done.

    Otherwise the account stays, and its owner is told what stands in the way.
    """
    if Erasure.objects.filter(pk=pk, state=State.RUNNING).exists():
        return True
    obstacles: list[Obstacle] = []
    with transaction.atomic():
        row = Erasure.objects.select_for_update().filter(pk=pk, state=State.WAITING, due_at__lte=at).first()
        if row is None or row.user_id is None:
            return False
        user = User.objects.select_for_update().get(pk=row.user_id)
        with translation.override(letters.language_of(user.language)):
            by_operator = row.way == Erasure.Way.OPERATOR
            obstacles = plan_for(user).in_the_way(withdraw=row.withdraw, by_operator=by_operator)
        if not obstacles:
            User.objects.filter(pk=user.pk).update(is_active=False)
            erasing.end_sessions(user)
            Erasure.objects.filter(pk=pk).update(state=State.RUNNING, started_at=at)
    if obstacles and letters.mail_kept(user.email, user.language, obstacles):
        take_back(erasure_id=pk)  # while no mail server takes the letter, it waits, and is tried again
    return not obstacles


def carry_on(*, pk: int, at: datetime) -> bool:
    """Carry a begun deletion out, or on; True when it is finished. Of two workers one does it.

    A worker that is at one of the account's films is told to stop first, and waited for.
    """
    token = uuid.uuid4()
    free = Erasure.objects.filter(pk=pk, state=State.RUNNING)
    free = free.filter(Q(lease_until__isnull=True) | Q(lease_until__lt=at))
    if not free.update(lease_token=token, lease_until=at + lease(), attempts=F("attempts") + 1):
        return False
    row = Erasure.objects.select_related("user").get(pk=pk)
    user = row.user
    assert user is not None
    address, language = user.email, user.language
    if erasing.stop_work(user, at):
        wait = timezone.now() + timedelta(seconds=2 * settings.LEASE_SECONDS)
        Erasure.objects.filter(pk=pk, lease_token=token).update(lease_token=None, lease_until=wait)
        return False
    try:
        erasing.carry_out(row, lambda: _renew(pk, token))
        finish(erasure=row, token=token, at=timezone.now())
    except LeaseLost:
        log.warning("deletion %s is another worker's now", pk)
        return False
    except Exception:
        log.exception("deletion %s stopped; it is carried on later", pk)
        Erasure.objects.filter(pk=pk, lease_token=token).update(lease_token=None, lease_until=None)
        return False
    if not User(email=address).is_gone:  # else an earlier worker came to the end of the account
        letters.mail_done(address, language)
    return True


def _renew(pk: int, token: uuid.UUID) -> None:
    until = timezone.now() + lease()
    if not Erasure.objects.filter(pk=pk, lease_token=token).update(lease_until=until):
        raise LeaseLost


def finish(*, erasure: Erasure, token: uuid.UUID, at: datetime) -> None:
    """From now on the row names nobody."""
    Erasure.objects.filter(pk=erasure.pk, lease_token=token).update(
        state=State.DONE,
        user=None,
        done_at=at,
        lease_token=None,
        lease_until=None,
    )


def remind(*, at: datetime) -> int:
    """Queue deletions that are due, that a dead worker left behind, or whose letter has not gone out."""
    late = at - timedelta(seconds=HINT_REAPS * settings.REAP_SECONDS)
    due = Q(state=State.WAITING, due_at__lte=at)
    untold = Q(state=State.WAITING, told_at__isnull=True, way=Erasure.Way.OWN)
    left = Q(state=State.RUNNING) & (Q(lease_until__isnull=True) | Q(lease_until__lt=at))
    ids = list(Erasure.objects.filter(due | untold | left, hinted_at__lt=late).values_list("pk", flat=True))
    with transaction.atomic():
        Erasure.objects.filter(pk__in=ids).update(hinted_at=at)
        for pk in ids:
            _queue(pk)
    return len(ids)
