"""Reads of the awards. Slots are public from the start (they stand in the rules), laureates once announced."""

from dataclasses import dataclass
from itertools import groupby

from django.db.models import QuerySet

from festival.awards.models import AwardSlot, Laureate
from festival.edition.models import Edition


@dataclass(frozen=True, slots=True)
class Tier:
    """The laureates of one tier, in the order of the wall."""

    tier: str
    laureates: list[Laureate]


def slots_of(edition: Edition) -> QuerySet[AwardSlot]:
    return AwardSlot.objects.filter(edition=edition).select_related("track")


def laureates_of(edition: Edition) -> QuerySet[Laureate]:
    """The announced laureates with film and slot, in order of precedence: one query."""
    return Laureate.objects.filter(slot__edition=edition).select_related("film", "slot__track")


def wall(edition: Edition) -> list[Tier]:
    """The laureates by tier, the grand prize first. Empty before the announcement."""
    laureates = list(laureates_of(edition))
    order = {tier: n for n, tier in enumerate(AwardSlot.Tier.values)}
    laureates.sort(key=lambda one: (order[one.slot.tier], one.slot.position, one.slot_id, one.place))
    return [Tier(tier, list(group)) for tier, group in groupby(laureates, key=lambda one: one.slot.tier)]
