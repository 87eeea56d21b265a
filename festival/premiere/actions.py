"""Writes of the timetable: screenings and their running orders."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Max, Sum
from django.utils.translation import gettext as _

from festival.catalogue.models import Film
from festival.edition.models import Edition
from festival.kit.codes import new_code
from festival.kit.errors import Refused
from festival.premiere.booking import SHORTEST, clash_in_words, gone, lock
from festival.premiere.gate import gated
from festival.premiere.models import Hall, Item, Rehearsal, Screening

CHANGED_HERE = frozenset(
    (
        "hall", "starts_at", "title", "note", "host", "ticket_note", "spoken", "subtitles", "min_age", "premiere",
        "regions", "doors_minutes", "late_minutes",
    )
)  # fmt: skip


@transaction.atomic
@gated
def create_screening(*, edition: Edition, at: datetime, **fields: Any) -> Screening:
    """An empty screening (hall, starts_at, title, …), seen by the team only.

    Refused with the first free time when the hall is taken.
    """
    screening = Screening(edition=edition, code=new_code(), **_known(fields))
    _save(screening, seconds=0, at=at)
    return screening


@transaction.atomic
@gated
def change_screening(
    *, screening: Screening, at: datetime, seen: int | None = None, **fields: Any
) -> Screening:
    """Change hall, start or what is said of it. Refused with the first free time when the hall is taken then.

    `seen`: the revision that was on the page; refused when somebody has changed the screening since. Its rehearsals go
    with it into another hall, at their own times.
    """
    fresh = lock(screening)
    if seen is not None and seen != fresh.revision:
        raise Refused(
            _(
                "Somebody changed this screening while you had it open. Look at what it says now, then save again."
            ),
            code="changed",
        )
    before = fresh.hall_id
    for name, value in _known(fields).items():
        setattr(fresh, name, value)
    if Rehearsal.objects.filter(rehearses=fresh, ends_at__gt=fresh.starts_at).exists():
        raise Refused(
            _("The screening would begin before its rehearsal ends. Take the rehearsal out first."),
            code="rehearsal",
        )
    _save(fresh, seconds=_seconds(fresh), at=at)
    if fresh.hall_id != before:
        for rehearsal in Rehearsal.objects.filter(rehearses=fresh):
            rehearsal.hall, rehearsal.rehearses, rehearsal.edition = fresh.hall, fresh, fresh.edition
            with clash_in_words(rehearsal):
                rehearsal.save()
    return fresh


def _known(fields: dict[str, Any]) -> dict[str, Any]:
    if unknown := fields.keys() - CHANGED_HERE:
        raise TypeError(f"a screening's {', '.join(sorted(unknown))} cannot be changed here")
    return fields


@transaction.atomic
@gated
def repeat_screening(*, screening: Screening, hall: Hall, starts_at: datetime, at: datetime) -> Screening:
    """The same programme again, in this hall at this time: a draft that names the first one. It is no premiere."""
    fresh = lock(screening)
    again = Screening(
        edition=fresh.edition,
        hall=hall,
        starts_at=starts_at,
        repeat_of_id=fresh.repeat_of_id or fresh.pk,
        code=new_code(),
        **{name: getattr(fresh, name) for name in CHANGED_HERE - {"hall", "starts_at", "premiere"}},
    )
    _save(again, seconds=_seconds(fresh), at=at)
    copied = fresh.items.values("position", "kind", "film_id", "title", "seconds", "copy_id", "cue")
    Item.objects.bulk_create(Item(screening=again, **row) for row in copied)
    return again


@transaction.atomic
def cancel_screening(*, screening: Screening, reason: dict[str, str], at: datetime) -> Screening:
    """It does not take place: the hall is free, and its rehearsals are off. The next release says so to the public."""
    fresh = lock(screening)
    if not any(text.strip() for text in reason.values()):
        raise Refused(_("Say why, in a sentence for the audience."), status=400, code="no_reason")
    fresh.cancelled_at = fresh.cancelled_at or at
    fresh.cancel_reason = reason
    Rehearsal.objects.filter(rehearses=fresh).delete()
    _save(fresh, seconds=_seconds(fresh), at=at)
    return fresh


@transaction.atomic
@gated
def reinstate_screening(*, screening: Screening, at: datetime) -> Screening:
    """It takes place after all. Refused with the first free time when the hall was given away meanwhile."""
    fresh = lock(screening)
    if fresh.cancelled_at is None:
        return fresh
    fresh.cancelled_at, fresh.cancel_reason = None, {}
    _save(fresh, seconds=_seconds(fresh), at=at)
    return fresh


@transaction.atomic
def delete_screening(*, screening: Screening) -> None:
    """Delete a screening that the public does not know, with its rehearsals. One that it knows is cancelled instead."""
    fresh = lock(screening)
    if fresh.released_at:
        raise Refused(_("The public knows this screening. Cancel it instead, with a reason."), code="public")
    fresh.delete()


@transaction.atomic
@gated
def add_film(*, screening: Screening, film: Film, at: datetime) -> Item:
    """Put a film at the end of the running order, with its true length."""
    if film.edition_id != screening.edition_id:
        raise ValueError("the film belongs to another edition")
    if screening.items.filter(film=film).exists():
        raise Refused(_("This film is in the running order already."), code="film_twice")
    return _add(screening, at, kind=Item.Kind.FILM, film=film, seconds=film.seconds)


@transaction.atomic
@gated
def add_other(
    *, screening: Screening, kind: str, seconds: int, at: datetime, title: dict[str, str] | None = None
) -> Item:
    """Put an introduction, a talk, a break … at the end of the running order."""
    if kind not in Item.Kind.values or kind == Item.Kind.FILM:
        raise ValueError(f"no such item: {kind}")
    return _add(screening, at, kind=kind, seconds=seconds, title=title or {})


@transaction.atomic
@gated
def take_true_lengths(*, screening: Screening, at: datetime) -> int:
    """Films of the running order get the length that the catalogue knows now. Gives how many had another.

    Refused, and nothing changed, when the screening would then run into the next.
    """
    fresh = lock(screening)
    stale = list(
        fresh.items.filter(film__isnull=False).exclude(seconds=F("film__seconds")).select_related("film")
    )
    for item in stale:
        item.seconds = item.film.seconds
    Item.objects.bulk_update(stale, ["seconds"])
    _save(fresh, seconds=_seconds(fresh), at=at)
    return len(stale)


def _add(screening: Screening, at: datetime, **fields: Any) -> Item:
    fresh = lock(screening)
    last = fresh.items.aggregate(last=Max("position"))["last"] or 0
    item = Item.objects.create(screening=fresh, position=last + 1, **fields)
    _save(fresh, seconds=_seconds(fresh), at=at)
    return item


@transaction.atomic
@gated
def remove_item(*, item: Item, at: datetime) -> None:
    """Take a line out of the running order."""
    fresh = lock(item.screening)
    item.delete()
    _save(fresh, seconds=_seconds(fresh), at=at)


@transaction.atomic
@gated
def move_item(*, item: Item, up: bool, at: datetime) -> None:
    """Change places with the line before (`up`) or after; at the end of the list nothing happens."""
    fresh = lock(item.screening)
    row = fresh.items.filter(pk=item.pk).first()
    if row is None:
        raise gone()
    item = row
    others = fresh.items.filter(position__lt=item.position).order_by("-position")
    if not up:
        others = fresh.items.filter(position__gt=item.position).order_by("position")
    other = others.first()
    if other is None:
        return
    # Position 0 is used by no line: the unique constraint holds at every step.
    Item.objects.filter(pk=item.pk).update(position=0)
    Item.objects.filter(pk=other.pk).update(position=item.position)
    Item.objects.filter(pk=item.pk).update(position=other.position)
    _save(fresh, seconds=_seconds(fresh), at=at)


def _seconds(screening: Screening) -> int:
    return screening.items.aggregate(whole=Sum("seconds"))["whole"] or 0


def _save(screening: Screening, *, seconds: int, at: datetime) -> None:
    """Write the screening with its end and the time at which the hall is free again.

    The public sees nothing of it before the next release (`release_actions`).
    """
    screening.ends_at = screening.starts_at + timedelta(seconds=seconds)
    turnaround = timedelta(minutes=screening.hall.turnaround_minutes)
    screening.busy_until = max(screening.ends_at + turnaround, screening.starts_at + SHORTEST)
    screening.updated_at = at
    screening.revision += 1
    with clash_in_words(screening):
        screening.save()
