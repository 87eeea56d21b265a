"""What a pack would hold, in figures: without the films' metadata, which only what is shown or sent needs."""

from dataclasses import dataclass

from django.db.models import QuerySet

from submissions.models import Entry, FilmVersion, PublishedCopy

State = PublishedCopy.State


@dataclass(frozen=True, slots=True)
class Overview:
    """assets: the original by entry, in the films' order. bytes: of originals and copies. unmade: films whose copy to
    be published is not there and is not being made. working: whether any is.
    """

    assets: dict[int, int]
    bytes: int
    unmade: int
    working: bool


def overview(entries: QuerySet[Entry], propagator: str) -> Overview:
    """Of these entries, in their order, those whose original is there. Three queries."""
    order = list(entries.values_list("pk", flat=True))
    rows = FilmVersion.objects.filter(entry__in=order, asset__isnull=False).order_by("number")
    newest = {
        entry: (asset, size) for entry, asset, size in rows.values_list("entry_id", "asset_id", "asset__size")
    }
    assets = {pk: newest[pk][0] for pk in order if pk in newest}
    # A copy of another version, or for another propagator, is none (`published.copy_of`).
    made = PublishedCopy.objects.filter(
        entry__in=order, purpose=PublishedCopy.Purpose.HANDOFF, propagator=propagator
    )
    copies = {
        entry: (state, size)
        for entry, asset, state, size in made.values_list("entry_id", "asset_id", "state", "size")
        if assets.get(entry) == asset
    }
    states = [state for state, _size in copies.values()]
    return Overview(
        assets=assets,
        bytes=sum(newest[pk][1] for pk in assets) + sum(size for _state, size in copies.values()),
        unmade=len(assets) - len(states) + states.count(State.REFUSED),
        working=State.WAITING in states,
    )
