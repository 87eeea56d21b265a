"""Writes of the copies that may be published: asked for, made by a worker, removed."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from festival.edition.models import Edition
from festival.kit.queue import enqueue
from submissions import storing
from submissions.models import Entry, PublishedCopy

ATTEMPTS = 3
WAIT_REAPS = 4
REMIND_AT_MOST = 200
NEW = {"state": PublishedCopy.State.WAITING, "progress": 0, "problem": "", "attempts": 0, "lease_until": None}


def propagator_of(edition: Edition) -> str:
    """Who publishes, as the label names it: the code or name that the site was given, else the edition's name."""
    return settings.LABEL_PROPAGATOR.strip() or str(
        edition.name.get("zh") or edition.name.get("en") or edition.slug
    )


@transaction.atomic
def ask(
    *, purpose: str, wanted: Mapping[int, int], edition: Edition, at: datetime, again: bool = False
) -> int:
    """Have copies made: `wanted` is the original (an asset's id) by entry id. Gives how many are to be made.

    What is there already, or being made, from the same original and with the same propagator stays; what could not
    be made is tried again only with `again`. The entries are held: who asks at the same moment finds what is there.
    """
    held = Entry.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=list(wanted))
    list(held.order_by("pk").values_list("pk", flat=True))
    propagator = propagator_of(edition)
    rows = PublishedCopy.objects.select_for_update().filter(entry__in=list(wanted), purpose=purpose)
    there = {row.entry_id: row for row in rows}
    stale = []
    for entry, asset in wanted.items():
        row = there.get(entry)
        if row is None:
            continue
        same = (row.asset_id, row.propagator) == (asset, propagator)
        if same and not (again and row.state == PublishedCopy.State.REFUSED):
            continue
        _forget_file(row.key)
        row.asset_id, row.propagator, row.hinted_at = asset, propagator, at
        row.key, row.sha256, row.size, row.facts = "", "", 0, {}
        for name, value in NEW.items():
            setattr(row, name, value)
        stale.append(row)
    PublishedCopy.objects.bulk_update(
        stale,
        ["asset", "propagator", "hinted_at", "key", "sha256", "size", "facts", *NEW],
        batch_size=500,
    )
    fresh = PublishedCopy.objects.bulk_create(
        PublishedCopy(
            entry_id=entry,
            asset_id=asset,
            purpose=purpose,
            propagator=propagator,
            created_at=at,
            hinted_at=at,
        )
        for entry, asset in wanted.items()
        if entry not in there
    )
    for row in (*stale, *fresh):
        _queue(row.pk)
    return len(stale) + len(fresh)


def _queue(pk: int) -> None:
    from submissions.tasks import publish

    enqueue(publish, pk)


def _forget_file(key: str) -> None:
    if key:
        transaction.on_commit(lambda: storing.remove(key))


@transaction.atomic
def forget(*, entry: int, purposes: Collection[str]) -> None:
    """Remove copies with their files: links that are out lead nowhere from then on."""
    rows = PublishedCopy.objects.select_for_update().filter(entry=entry, purpose__in=purposes)
    for row in rows:
        _forget_file(row.key)
    PublishedCopy.objects.filter(pk__in=[row.pk for row in rows]).delete()


# The worker's writes


def claim(*, pk: int, at: datetime) -> PublishedCopy | None:
    """Take a copy to be made. None when another worker has it, or it is done: of two workers one wins."""
    waiting = PublishedCopy.objects.filter(pk=pk, state=PublishedCopy.State.WAITING)
    free = waiting.filter(Q(lease_until__isnull=True) | Q(lease_until__lt=at))
    if free.filter(attempts__gte=ATTEMPTS).exists():
        record_refusal(pk=pk, code="crashed")
        return None
    until = at + timedelta(seconds=settings.LEASE_SECONDS)
    if not free.update(lease_until=until, attempts=F("attempts") + 1, progress=0):
        return None
    return PublishedCopy.objects.select_related("asset", "entry").filter(pk=pk).first()


def renew(*, pk: int, progress: int, at: datetime) -> None:
    """Say that the work goes on, and how far it is."""
    until = at + timedelta(seconds=settings.LEASE_SECONDS)
    waiting = PublishedCopy.objects.filter(pk=pk, state=PublishedCopy.State.WAITING)
    waiting.update(lease_until=until, progress=max(0, min(progress, 99)))


def record_ready(*, row: PublishedCopy, key: str, sha256: str, size: int, facts: Mapping[str, Any]) -> bool:
    """The copy is in the storage. False when it is no longer wanted so, and then its file is to go."""
    waiting = PublishedCopy.objects.filter(
        pk=row.pk, state=PublishedCopy.State.WAITING, asset=row.asset_id, propagator=row.propagator
    )
    return bool(
        waiting.update(
            state=PublishedCopy.State.READY,
            progress=100,
            key=key,
            sha256=sha256,
            size=size,
            facts=dict(facts),
            problem="",
            lease_until=None,
        )
    )


def record_refusal(*, pk: int, code: str) -> None:
    """No copy can be made of this file."""
    waiting = PublishedCopy.objects.filter(pk=pk, state=PublishedCopy.State.WAITING)
    waiting.update(state=PublishedCopy.State.REFUSED, problem=code[:40], lease_until=None)


def give_back(*, pk: int, at: datetime) -> None:
    """The work came to grief: it is tried again a little later, three times in all."""
    waiting = PublishedCopy.objects.filter(pk=pk, state=PublishedCopy.State.WAITING)
    waiting.update(lease_until=None, hinted_at=at)
    if waiting.filter(attempts__gte=ATTEMPTS).exists():
        record_refusal(pk=pk, code="crashed")


def remind(*, at: datetime) -> int:
    """Queue copies again that nobody makes: a task was lost, or its worker."""
    late = at - timedelta(seconds=WAIT_REAPS * settings.REAP_SECONDS)
    waiting = PublishedCopy.objects.filter(state=PublishedCopy.State.WAITING).filter(
        Q(lease_until__isnull=True, hinted_at__lt=late) | Q(lease_until__lt=at)
    )
    return _again(waiting.order_by("hinted_at").values_list("pk", flat=True)[:REMIND_AT_MOST], at)


def _again(pks: Iterable[int], at: datetime) -> int:
    ids = list(pks)
    with transaction.atomic():
        PublishedCopy.objects.filter(pk__in=ids).update(hinted_at=at, lease_until=None)
        for pk in ids:
            _queue(pk)
    return len(ids)
