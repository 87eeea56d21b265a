"""Reads of the awards. Slots are public from the start (they stand in the rules), laureates once announced."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db.models import Exists, OuterRef, Q, QuerySet

from festival.awards.models import AwardSlot, Laureate
from festival.edition import queries as edition_queries
from festival.edition.models import Edition, Track
from festival.people.actor import Actor


@dataclass(frozen=True, slots=True)
class Tier:
    """The laureates of one tier, in the order of the wall."""

    tier: str
    laureates: list[Laureate]


def slots_of(edition: Edition) -> QuerySet[AwardSlot]:
    """Those of the rules; one that the jury added is there once it has a laureate."""
    slots = AwardSlot.objects.filter(edition=edition).select_related("track")
    return slots.filter(Q(added=False) | Exists(Laureate.objects.filter(slot=OuterRef("pk"))))


def laureates_of(edition: Edition) -> QuerySet[Laureate]:
    """The announced laureates with film and slot, in order of precedence: one query."""
    laureates = Laureate.objects.filter(slot__edition=edition, withdrawn_at__isnull=True)
    return laureates.select_related("film", "slot__track")


def wall(edition: Edition) -> list[Tier]:
    """The laureates by tier, the grand prize first. Empty before the announcement."""
    laureates = list(laureates_of(edition))
    for one in laureates:
        one.film.edition = edition
    order = {tier: n for n, tier in enumerate(AwardSlot.Tier.values)}
    laureates.sort(
        key=lambda one: (order[one.slot.tier], one.slot.position, one.slot_id, one.place, one.share)
    )
    return [Tier(tier, list(group)) for tier, group in groupby(laureates, key=lambda one: one.slot.tier)]


def tracks_on(edition: Edition, tiers: Iterable[Tier]) -> list[Track]:
    """The edition's tracks that have a film on the wall. One query."""
    names = [one.film.track for tier in tiers for one in tier.laureates]
    return [track for track in edition.tracks.all() if track.name in names]


def of_track(tiers: Iterable[Tier], track: Track) -> list[Tier]:
    """The wall with the films of one track alone."""
    found = [
        Tier(tier.tier, [one for one in tier.laureates if one.film.track == track.name]) for tier in tiers
    ]
    return [tier for tier in found if tier.laureates]


@dataclass(frozen=True, slots=True)
class Past:
    """An edition in the archive: when its laureates were announced, how many, and those of its highest tier."""

    edition: Edition
    announced_at: datetime
    count: int
    best: list[Laureate]


def archive(actor: Actor) -> list[Past]:
    """The editions with laureates that this reader may see, the latest first. Two queries."""
    editions = {edition.pk: edition for edition in edition_queries.visible_to(actor)}
    rows: dict[int, list[Laureate]] = {}
    laureates = Laureate.objects.filter(slot__edition__in=editions, withdrawn_at__isnull=True)
    laureates = laureates.select_related("film", "slot")
    for one in laureates.order_by("slot__position", "slot_id", "place", "share"):
        rows.setdefault(one.slot.edition_id, []).append(one)
    order = {tier: place for place, tier in enumerate(AwardSlot.Tier.values)}
    past = []
    for pk, found in rows.items():
        highest = min(order[one.slot.tier] for one in found)
        for one in found:
            one.film.edition = editions[pk]
        past.append(
            Past(
                edition=editions[pk],
                announced_at=min(one.announced_at for one in found),
                count=len(found),
                best=[one for one in found if order[one.slot.tier] == highest],
            )
        )
    return sorted(past, key=lambda one: (one.announced_at, one.edition.pk), reverse=True)


def laurels_of(source: str) -> list[Laureate]:
    """The announced awards that the film from this entry holds. One query."""
    rows = Laureate.objects.filter(film__source=source, withdrawn_at__isnull=True)
    return list(rows.select_related("slot"))
