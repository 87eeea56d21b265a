"""Keeps what is changed on the table, and takes it back: each for herself, and never over somebody else's work."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from festival.edition.models import Edition
from festival.kit.errors import Refused
from festival.people.actor import Actor
from festival.premiere import snapshots
from festival.premiere.booking import taken_in_words
from festival.premiere.models import Change, Rehearsal, Screening

Kind = Change.Kind
REHEARSALS = "rehearsals"  # of a screening, in what is kept of it
NEITHER = (Kind.UNDONE, Kind.REDONE, Kind.WHOLE)  # what undo steps over


@dataclass(slots=True)
class Kept:
    """The screening that is changed; `code` is set by whoever makes a new one."""

    code: str = ""


@contextmanager
def kept(*, edition: Edition, kind: str, by: Actor, at: datetime, code: str = "") -> Iterator[Kept]:
    """Keep what is done inside to one screening. One transaction: what is refused leaves no trace."""
    with transaction.atomic():
        one = Kept(code)
        before = _row(edition, code)
        yield one
        after = _row(edition, one.code)
        if before != after:
            write(edition=edition, kind=kind, code=one.code, before=before, after=after, by=by, at=at)


def write(
    *,
    edition: Edition,
    kind: str,
    code: str,
    before: snapshots.Document | None,
    after: snapshots.Document | None,
    by: Actor,
    at: datetime,
) -> Change:
    """A line of the table's log."""
    return Change.objects.create(
        edition=edition, kind=kind, code=code, before=before, after=after, by=by.user, at=at
    )


def newest(edition: Edition) -> int:
    """How new the table is: grows with every change."""
    return Change.objects.filter(edition=edition).values_list("pk", flat=True).first() or 0


def can_undo(edition: Edition, by: Actor) -> Change | None:
    """The change that undo would take back: the last of one's own that stands."""
    rows = Change.objects.filter(edition=edition, by=by.id, undone_at__isnull=True)
    return rows.exclude(kind__in=NEITHER).first()


def can_redo(edition: Edition, by: Actor) -> Change | None:
    """The change that was taken back last, where nothing new was done by her since."""
    row = (
        Change.objects.filter(edition=edition, by=by.id, undone_at__isnull=False)
        .order_by("-undone_at", "pk")
        .first()
    )
    if row is None:
        return None
    since = Change.objects.filter(edition=edition, by=by.id, pk__gt=row.pk, undone_at__isnull=True)
    return None if since.exclude(kind__in=NEITHER).exists() else row


@transaction.atomic
def undo(*, edition: Edition, by: Actor, at: datetime) -> Change:
    """Take one's last change back. Refused when somebody has changed the screening since."""
    Edition.objects.select_for_update().get(pk=edition.pk)
    change = can_undo(edition, by)
    if change is None:
        raise Refused(_("There is nothing of yours to take back."), code="nothing")
    _turn(edition, change, since=change.after, to=change.before, at=at)
    Change.objects.filter(pk=change.pk).update(undone_at=at)
    write(
        edition=edition,
        kind=Kind.UNDONE,
        code=change.code,
        before=change.after,
        after=change.before,
        by=by,
        at=at,
    )
    return change


@transaction.atomic
def redo(*, edition: Edition, by: Actor, at: datetime) -> Change:
    """Do again what was taken back last."""
    Edition.objects.select_for_update().get(pk=edition.pk)
    change = can_redo(edition, by)
    if change is None:
        raise Refused(_("There is nothing of yours to do again."), code="nothing")
    _turn(edition, change, since=change.before, to=change.after, at=at)
    Change.objects.filter(pk=change.pk).update(undone_at=None)
    write(
        edition=edition,
        kind=Kind.REDONE,
        code=change.code,
        before=change.before,
        after=change.after,
        by=by,
        at=at,
    )
    return change


def _turn(
    edition: Edition,
    change: Change,
    *,
    since: snapshots.Document | None,
    to: snapshots.Document | None,
    at: datetime,
) -> None:
    now = _row(edition, change.code)
    # A rehearsal that was planned since is nobody's obstacle, unless the change itself took rehearsals out.
    touched = _rehearsals(since) != _rehearsals(to)
    if _alone(now) != _alone(since) or (touched and _rehearsals(now) != _rehearsals(since)):
        raise Refused(
            _("This screening has been changed since. Look at it before you change it."), code="since"
        )
    with taken_in_words():
        if touched:
            snapshots.put_rehearsals(edition, change.code, (), at=at)
        snapshots.put_one(edition, change.code, to, at=at)
        if touched:
            snapshots.put_rehearsals(edition, change.code, _rehearsals(to), at=at)


def _row(edition: Edition, code: str) -> snapshots.Document | None:
    """The screening with its rehearsals, which a cancellation or another hall takes along."""
    if not code:
        return None
    found = (
        Screening.objects.filter(edition=edition, code=code).select_related("repeat_of", "rehearses").first()
    )
    if found is None:
        return None
    rehearsals = Rehearsal.objects.filter(rehearses=found).select_related("rehearses").order_by("starts_at")
    return snapshots.row_of(found) | {REHEARSALS: [snapshots.row_of(one) for one in rehearsals]}


def _rehearsals(row: snapshots.Document | None) -> list[snapshots.Document]:
    return row.get(REHEARSALS, []) if row else []


def _alone(row: snapshots.Document | None) -> snapshots.Document | None:
    return {name: value for name, value in row.items() if name != REHEARSALS} if row else None
