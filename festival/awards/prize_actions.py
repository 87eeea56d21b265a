"""Writes of prizes: the pool, and what each award gives. Their money comes to the pool, as in a blueprint."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from festival.awards.models import AwardSlot, Laureate
from festival.edition.blueprint_awards import PoolPlan
from festival.edition.deadline_actions import assert_organises
from festival.edition.frozen_actions import Change, record_changes
from festival.edition.models import Edition
from festival.kit.errors import Refused
from festival.kit.words import say
from festival.people.actor import Actor


@dataclass(frozen=True, slots=True)
class Prize:
    """What a slot gives: `words` in place of what follows, and money; `each`: to every place, else to all together.

    `others`: traffic, credits and things as a blueprint's prizes have them; None: they stay as they are.
    """

    words: Mapping[str, str]
    money: Decimal | None = None
    each: bool = True
    others: Sequence[Mapping[str, Any]] | None = None


def others_of(slot: AwardSlot) -> list[Mapping[str, Any]]:
    """The parts of a slot's prize that are no money."""
    return [part for part in slot.prizes if part["kind"] != "money"]


def currency_of(edition: Edition, slots: Iterable[AwardSlot]) -> str:
    """The one that amounts are shown in: the pool's, else that of the first prize of money."""
    pool = PoolPlan.of(edition.prize_pool)
    money = (part["currency"] for slot in slots for part in slot.prizes if part["kind"] == "money")
    return pool.currency if pool else next(money, "")


def money_of(slot: AwardSlot, currency: str) -> Mapping[str, Any] | None:
    """The part of a slot's prize that is changed at the desk: the first in this currency."""
    parts = (part for part in slot.prizes if part["kind"] == "money" and part["currency"] == currency)
    return next(parts, None)


@transaction.atomic
def save_prizes(
    *,
    edition: Edition,
    pool: Decimal | None,
    currency: str,
    prizes: Mapping[str, Prize],
    by: Actor,
    at: datetime,
    reason: Mapping[str, str] | None = None,
) -> None:
    """Write the pool and the prizes, by the slots' addresses; slots that are not named stay.

    Refused where the prizes do not come to the pool, or are paid in another currency, and once laureates are announced.
    Once the call has opened nothing is made less, and the rest needs a reason.
    """
    assert_organises(by, edition)
    held = Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
    slots = list(AwardSlot.objects.filter(edition=held, added=False))
    if Laureate.objects.filter(slot__in=slots).exists():
        raise Refused(_("Laureates have been announced: the prizes stay as they are."), code="announced")
    was, changes, changed = currency_of(held, slots), [], []
    for slot in slots:
        given = prizes.get(slot.slug)
        if given is None:
            continue
        before = recorded(slot)
        slot.prize, slot.prizes = dict(given.words), list(_parts(slot, given, was, currency))
        changes.append(Change("award.prizes", before, recorded(slot), name=slot.name))
        changed.append(slot)
    after = PoolPlan(pool, currency) if pool else None
    if after:
        _assert_sum(after, slots)
    changes.insert(0, Change("prize_pool", held.prize_pool or None, after.as_data() if after else None))
    AwardSlot.objects.bulk_update(changed, ["prize", "prizes"])
    held.prize_pool = after.as_data() if after else {}
    held.save(update_fields=["prize_pool"])
    record_changes(edition=held, changes=changes, reason=reason or {}, by=by, at=at)


def recorded(slot: AwardSlot) -> list[dict[str, Any]] | None:
    """A prize as a change keeps it: its words, then its parts with the places that each is given to."""
    words = [{"kind": "words", "text": slot.prize}] if slot.prize else []
    parts = [{**part, "places": slot.places if part.get("each") else 1} for part in slot.prizes]
    return [*words, *parts] or None


def _parts(slot: AwardSlot, given: Prize, was: str, currency: str) -> Iterator[Mapping[str, Any]]:
    """The money in its place among the others; of another currency than before everything that was in that one."""
    old = money_of(slot, was)
    new: dict[str, Any] | None = None
    if given.money:
        new = {"kind": "money", "each": given.each, "amount": f"{given.money:f}", "currency": currency}
        if (
            old
            and {**new, "amount": None} == {**old, "amount": None}
            and Decimal(old["amount"]) == given.money
        ):
            new = dict(old)  # written as it was: 5000 and 5000.00 are no change
    if old is None and new:
        yield new
    others = others_of(slot)
    if given.others is not None and list(given.others) != others:
        parts = [*(part for part in slot.prizes if part["kind"] == "money"), *given.others]
    else:
        parts = slot.prizes
    for part in parts:
        if part is old:
            if new:
                yield new
        elif part["kind"] == "money" and part["currency"] == was:
            yield {**part, "currency": currency}
        else:
            yield part


def _assert_sum(pool: PoolPlan, slots: Iterable[AwardSlot]) -> None:
    total = Decimal(0)
    for slot in slots:
        for part in recorded(slot) or ():
            if part["kind"] != "money":
                continue
            if part["currency"] != pool.currency:
                text = _("“%(award)s” is paid in %(other)s, the prize pool in %(currency)s.")
                values = {"award": say(slot.name), "other": part["currency"], "currency": pool.currency}
                raise Refused(text % values, status=400, code="currency")
            total += Decimal(part["amount"]) * part["places"]
    if total != pool.amount:
        text = _(
            "The prize pool is %(pool)s, but the prizes come to %(total)s: each amount for every place of its award, "
            "unless it is for all places together."
        )
        raise Refused(text % {"pool": f"{pool.amount:,f}", "total": f"{total:,f}"}, status=400, code="sum")
