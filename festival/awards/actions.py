"""Writes of the awards."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from festival.awards.models import AwardRule, AwardSlot, Laureate
from festival.catalogue.actions import publish
from festival.catalogue.models import Film
from festival.edition.blueprint import Blueprint
from festival.edition.blueprint_awards import AwardPlan, AwardRulePlan
from festival.edition.models import Edition, Track
from festival.kit.errors import Refused


@dataclass(frozen=True, slots=True)
class Winner:
    """One place of a slot, to be announced."""

    slot: AwardSlot
    place: int
    film: Film
    citation: dict[str, str] = field(default_factory=dict)
    share: int = 0

    @property
    def key(self) -> tuple[int, int, int]:
        """What makes it the same award: slot, place and film; not its turn among those that share the place."""
        return self.slot.pk, self.place, self.film.pk


@transaction.atomic
def create_slots(*, edition: Edition, plan: Blueprint) -> list[AwardSlot]:
    """The edition's award slots and their rules; the blueprint's order of the slots is the order of precedence."""
    tracks = {track.slug: track for track in edition.tracks.all()}

    AwardRule.objects.bulk_create(
        AwardRule(edition=edition, slug=rule.slug, position=position, **rule_values(rule))
        for position, rule in enumerate(plan.award_rules)
    )
    return AwardSlot.objects.bulk_create(
        AwardSlot(edition=edition, slug=award.slug, position=position, **slot_values(award, tracks))
        for position, award in enumerate(plan.awards)
    )


def hold_slot(slot: AwardSlot) -> AwardSlot:
    """The award as it is now, for what is about to name it: a vote of the jury or of the audience. Its edition is held
    until the transaction ends, as it is by who removes or rewrites an award: one of the two comes first. Refused once
    the award is gone.
    """
    held = Edition.objects.select_for_update(no_key=True).get(pk=slot.edition_id)
    fresh = AwardSlot.objects.filter(pk=slot.pk, edition=held).select_related("track").first()
    if fresh is None:
        raise Refused(_("This award is not there any more. Reload the page."), code="gone")
    fresh.edition = held
    return fresh


def slot_values(award: AwardPlan, tracks: Mapping[str, Track]) -> dict[str, Any]:
    """The columns of a slot as planned, all but its address and its turn."""
    return {
        "name": award.name,
        "tier": award.tier,
        "track": tracks.get(award.track),
        "places": award.places,
        "prize": award.prize or {},
        "prizes": [dict(prize) for prize in award.prizes],
        "sponsor": award.sponsor or {},
        "decided_by": award.decided_by,
        "source": award.source,
        "may_be_vacant": award.may_be_vacant,
        "ex_aequo": award.ex_aequo,
        "combines": list(award.combines_with),
        "least_score": award.least_score,
        "last_rank": award.last_rank,
        "require": [dict(condition) for condition in award.require],
    }


def rule_values(rule: AwardRulePlan) -> dict[str, Any]:
    """The columns of a rule as planned, all but its address and its turn."""
    return {"name": rule.name, "kind": rule.kind, "data": dict(rule.data), "slots": list(rule.slots)}


REPLACED = {
    "en": "Given to another film, or moved to another award, when the list was brought up to date.",
    "zh": "名单更新时，该奖项改授其他影片，或该影片改获其他奖项。",
}


SHARES = 1000  # more than films ever share one place


@transaction.atomic
def announce(
    *,
    edition: Edition,
    laureates: Iterable[Winner],
    at: datetime,
    again: bool = False,
    reasons: Mapping[str, dict[str, str]] | None = None,
) -> Sequence[Laureate]:
    """Announce the laureates and publish their films, all at one moment. Refused when it was done before.

    `again` brings an announced list up to date: who is no longer on it is withdrawn, with the reason given for the
    film's `source` (else that it was given to another), and who is new is added. Gives the rows that were made.
    """
    winners = list(laureates)
    Edition.objects.select_for_update().get(pk=edition.pk)
    standing = list(in_force(edition).select_related("film"))
    if standing and not again:
        raise Refused(_("The laureates of this edition have been announced already."), code="announced")
    for winner in winners:
        if winner.film.edition_id != edition.pk or winner.slot.edition_id != edition.pk:
            raise ValueError("slot and film must belong to the edition")
    wanted = {winner.key: winner for winner in winners}
    kept = {}
    for row in standing:
        key = (row.slot_id, row.place, row.film_id)
        if key in wanted:
            kept[key] = row
        else:
            row.withdrawn_at, row.withdrawn_reason = at, (reasons or {}).get(row.film.source, REPLACED)
            row.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    _take_turns((row, wanted[key].share) for key, row in kept.items())
    fresh = [winner for winner in winners if winner.key not in kept]
    rows = Laureate.objects.bulk_create(
        Laureate(
            slot=winner.slot,
            film=winner.film,
            place=winner.place,
            share=winner.share,
            citation=winner.citation,
            announced_at=at,
        )
        for winner in fresh
    )
    publish(films=[winner.film for winner in fresh], at=at)
    return rows


def _take_turns(rows: Iterable[tuple[Laureate, int]]) -> None:
    """Number films anew that share a place; by way of free numbers, as no two may have one even for a moment."""
    moved = [(row, share) for row, share in rows if row.share != share]
    for away in (SHARES, 0):
        for row, share in moved:
            row.share = share + away
            row.save(update_fields=["share"])


@transaction.atomic
def withdraw(*, edition: Edition, source: str, reason: dict[str, str], at: datetime) -> int:
    """Take back the announced awards of the film from this entry; its rows stay with the reason. Gives how many."""
    rows = in_force(edition).filter(film__source=source)
    return rows.update(withdrawn_at=at, withdrawn_reason=reason)


def in_force(edition: Edition) -> QuerySet[Laureate]:
    """The laureates that hold their award still."""
    return Laureate.objects.filter(slot__edition=edition, withdrawn_at__isnull=True)
