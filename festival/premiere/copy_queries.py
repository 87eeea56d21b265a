"""Reads of copies: what is due, and what plays in a screening."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min, OuterRef, Prefetch, Subquery

from festival.catalogue.models import Film
from festival.edition.models import Edition
from festival.premiere.copy_choice import STATES, State, copy_for, due_at, state_of
from festival.premiere.models import Copy, Item, Rehearsal, Screening


@dataclass(frozen=True, slots=True)
class Need:
    """A film, its copies, and by when one is needed: the earliest of its screenings. `state` is that of the copy which
    is furthest behind among those that are to play.
    """

    film: Film
    copies: Sequence[Copy]
    due: datetime
    first: Screening
    state: State

    def late(self, at: datetime) -> bool:
        """Whether it should be here and is not."""
        return self.state in ("missing", "due") and self.due <= at


def needs_of(edition: Edition) -> list[Need]:
    """Every film that runs in a cinema, what is due first before the others. Three queries."""
    rehearsal = (
        Rehearsal.objects.filter(rehearses=OuterRef("pk")).order_by("starts_at").values("starts_at")[:1]
    )
    rows = (
        Screening.objects.filter(edition=edition, cancelled_at__isnull=True, hall__online=False)
        .select_related("hall__venue")
        .annotate(rehearsed=Subquery(rehearsal))
        .prefetch_related(_lines())
        .order_by("starts_at", "pk")
    )
    found: dict[int, Need] = {}
    for row in rows:
        due = due_at(row, row.rehearsed)
        for line in row.items.all():
            film = line.film
            if film is None:
                continue
            copies = list(film.copies.all())
            state = state_of(copy_for(copies, row.hall, line.copy_id))
            before = found.get(film.pk)
            found[film.pk] = Need(
                film,
                copies,
                min(due, before.due) if before else due,
                before.first if before else row,
                min(state, before.state, key=STATES.index) if before else state,
            )
    return sorted(found.values(), key=lambda one: (one.due, one.film.pk))


def _lines() -> Prefetch:
    copies = Prefetch("film__copies", Copy.objects.order_by("pk"))
    return Prefetch(
        "items", Item.objects.select_related("film").prefetch_related(copies).order_by("position")
    )


def lines_of(screening: Screening) -> list[Item]:
    """The running order with films and their copies. Two queries."""
    rows = screening.items.select_related("film").prefetch_related(Prefetch("film__copies"))
    return list(rows.order_by("position"))


def playing_in(screening: Screening) -> list[Copy]:
    """The copies that play in it, in the running order. Two queries."""
    return [
        copy
        for line in lines_of(screening)
        if line.film and (copy := copy_for(line.film.copies.all(), screening.hall, line.copy_id))
    ]


def first_rehearsal(screening: Screening) -> datetime | None:
    """When the hall is first booked for its rehearsal."""
    found: datetime | None = Rehearsal.objects.filter(rehearses=screening).aggregate(at=Min("starts_at"))[
        "at"
    ]
    return found
