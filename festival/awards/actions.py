"""Writes of the awards."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from festival.awards.models import AwardRule, AwardSlot, Laureate
from festival.catalogue.actions import publish
from festival.catalogue.models import Film
from festival.edition.blueprint import Blueprint
from festival.edition.blueprint_awards import AwardPlan
from festival.edition.models import Edition
from festival.kit.errors import Refused


@dataclass(frozen=True, slots=True)
class Winner:
    """One place of a slot, to be announced."""

    slot: AwardSlot
    place: int
    film: Film
    citation: dict[str, str] = field(default_factory=dict)


@transaction.atomic
def create_slots(*, edition: Edition, plan: Blueprint) -> list[AwardSlot]:
    """The edition's award slots and their rules; the blueprint's order of the slots is the order of precedence."""
    tracks = {track.slug: track for track in edition.tracks.all()}

    def slot(position: int, award: AwardPlan) -> AwardSlot:
        return AwardSlot(
            edition=edition,
            slug=award.slug,
            name=award.name,
            tier=award.tier,
            track=tracks.get(award.track),
            places=award.places,
            prize=award.prize or {},
            prizes=[dict(prize) for prize in award.prizes],
            sponsor=award.sponsor or {},
            decided_by=award.decided_by,
            source=award.source,
            may_be_vacant=award.may_be_vacant,
            ex_aequo=award.ex_aequo,
            combines=list(award.combines_with),
            least_score=award.least_score,
            last_rank=award.last_rank,
            require=[dict(condition) for condition in award.require],
            position=position,
        )

    AwardRule.objects.bulk_create(
        AwardRule(
            edition=edition,
            slug=rule.slug,
            name=rule.name,
            kind=rule.kind,
            data=dict(rule.data),
            slots=list(rule.slots),
            position=position,
        )
        for position, rule in enumerate(plan.award_rules)
    )
    return AwardSlot.objects.bulk_create(slot(n, award) for n, award in enumerate(plan.awards))


@transaction.atomic
def announce(*, edition: Edition, laureates: Iterable[Winner], at: datetime) -> Sequence[Laureate]:
    """Announce the laureates and publish their films, all at one moment. Refused when it was done before."""
    winners = list(laureates)
    Edition.objects.select_for_update().get(pk=edition.pk)
    if Laureate.objects.filter(slot__edition=edition).exists():
        raise Refused(_("The laureates of this edition have been announced already."), code="announced")
    for winner in winners:
        if winner.film.edition_id != edition.pk or winner.slot.edition_id != edition.pk:
            raise ValueError("slot and film must belong to the edition")
    rows = Laureate.objects.bulk_create(
        Laureate(
            slot=winner.slot,
            film=winner.film,
            place=winner.place,
            citation=winner.citation,
            announced_at=at,
        )
        for winner in winners
    )
    publish(films=[winner.film for winner in winners], at=at)
    return rows
