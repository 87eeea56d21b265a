"""Writes of what can be won: awards and the rules over them, held to what a blueprint is held to."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext as _

from festival.awards.actions import rule_values, slot_values
from festival.awards.models import AudiencePoll, AwardRule, AwardSlot, Laureate
from festival.edition.blueprint_award_checks import AwardsRead, Table
from festival.edition.deadline_actions import assert_organises
from festival.edition.frozen_actions import Change, record_changes
from festival.edition.models import Edition
from festival.kit.errors import Refused
from festival.kit.words import joined, say
from festival.people.actor import Actor
from judging.award_fault_words import fault_text
from judging.award_setup import (
    Facts,
    Names,
    Setup,
    Words,
    award_changes,
    facts_of,
    rule_changes,
    rule_facts,
    setup_of,
)
from judging.models import AwardList, Vote

Reason = Mapping[str, str] | None
LONGEST = 36  # letters of an address, before a number is put behind it
# Columns of a slot.
VOTED_ON = (
    "decided_by",
    "source",
    "track",
    "places",
    "least_score",
    "last_rank",
    "require",
)


@transaction.atomic
def save_award(
    *,
    edition: Edition,
    slug: str,
    given: Table,
    after: str,
    follows: bool = False,
    by: Actor,
    at: datetime,
    reason: Reason = None,
) -> AwardSlot:
    """Write an award; `slug` "" makes one. `given`: the keys of a blueprint's [[awards]]; those left out stay.

    `after`: the award that comes before it in precedence, "" for none. `follows`: the prize pool becomes what the
    prizes come to. Refused for what a blueprint may not say, and once the list of laureates was proposed. Where people
    vote on it only its names, prizes and the like change. Once the call has opened places are not made fewer, and
    everything needs a reason.
    """
    held, setup = _hold(edition, by)
    tables = {str(row["slug"]): row for row in setup.awards}
    if slug and slug not in tables:
        raise Refused(_("This award is not there any more. Reload the page."), code="gone")
    new = slug or free_address(given["name"], "award", AwardSlot.objects.filter(edition=held))
    row = {**tables.pop(slug, {}), **given, "slug": new}
    order = list(tables)
    place = order.index(after) + 1 if after in tables else 0
    tables[new] = row
    order.insert(place, new)
    _write(held, setup, setup.read([tables[one] for one in order], follows=follows), by, at, reason)
    return AwardSlot.objects.get(edition=held, slug=new)


@transaction.atomic
def remove_award(*, slot: AwardSlot, by: Actor, at: datetime, reason: Reason = None) -> None:
    """With what names it: other awards and rules forget it, rules over nothing else go too, and the prize pool becomes
    what is left. Refused where people have voted on it or will, and once the call has opened.
    """
    held, setup = _hold(slot.edition, by)
    if AudiencePoll.objects.filter(slot=slot).exists():
        raise Refused(_("The audience votes on this award, so that it cannot be removed."), code="polled")
    if Vote.objects.filter(slot=slot).exists():
        raise Refused(_("The jury has voted on this award, so that it cannot be removed."), code="voted")
    _write(held, setup, left_without(setup, slot.slug), by, at, reason)


def left_without(setup: Setup, slug: str) -> AwardsRead:
    """Awards, rules and the prize pool without an award."""
    awards = [without(row, "combines_with", slug) for row in setup.awards if row["slug"] != slug]
    rules = [without(row, "slots", slug) for row in setup.rules if not only_over(row, slug)]
    return setup.read(awards, rules, follows=True)


def without(row: Table, key: str, slug: str) -> Table:
    """A table whose list no longer names this award."""
    return {**row, key: [one for one in row[key] if one != slug]} if slug in row.get(key, ()) else row


def only_over(row: Table, slug: str) -> bool:
    """Whether a rule counts this award alone: without it, it would hold for all."""
    return tuple(row.get("slots", ())) == (slug,)


@transaction.atomic
def save_rule(
    *, edition: Edition, slug: str, given: Table, by: Actor, at: datetime, reason: Reason = None
) -> AwardRule:
    """Write a rule over awards; `slug` "" makes one. `given`: all keys of a blueprint's [[award_rules]]."""
    held, setup = _hold(edition, by)
    there = [str(row["slug"]) for row in setup.rules]
    if slug and slug not in there:
        raise Refused(_("This rule is not there any more. Reload the page."), code="gone")
    new = slug or free_address(
        given.get("name") or {}, str(given["kind"]), AwardRule.objects.filter(edition=held)
    )
    row = {**given, "slug": new}
    rules = [row if one["slug"] == slug else one for one in setup.rules]
    if not slug:
        rules.append(row)
    _write(held, setup, setup.read(setup.awards, rules), by, at, reason)
    return AwardRule.objects.get(edition=held, slug=new)


@transaction.atomic
def remove_rule(*, rule: AwardRule, by: Actor, at: datetime, reason: Reason = None) -> None:
    """Once the call has opened with a reason."""
    held, setup = _hold(rule.edition, by)
    rules = [row for row in setup.rules if row["slug"] != rule.slug]
    _write(held, setup, setup.read(setup.awards, rules), by, at, reason)


def why_fixed(edition: Edition) -> str:
    """Why awards and their rules stay as they are; "" while they can be changed. Two queries."""
    if Laureate.objects.filter(slot__edition=edition).exists():
        return _("Laureates have been announced: awards and their rules stay as they are.")
    if AwardList.objects.filter(edition=edition).exists():
        return _("The award list has been proposed: awards and their rules stay as they are.")
    return ""


def _hold(edition: Edition, by: Actor) -> tuple[Edition, Setup]:
    """Proposing holds the edition too: either it sees all of a change, or the change sees the list."""
    assert_organises(by, edition)
    held = Edition.objects.select_for_update().get(pk=edition.pk)
    fixed = why_fixed(held)
    if fixed:
        raise Refused(fixed, code="proposed")
    return held, setup_of(held)


def free_address(name: Words, other: str, taken: Any) -> str:
    """An address out of a name that no other row has."""
    return free_slug(name, other, set(taken.values_list("slug", flat=True)))


def free_slug(name: Words, other: str, slugs: Collection[str]) -> str:
    """An address out of a name that is none of these; `other` where the name has nothing for one."""
    wanted = slugify(name.get("en", ""))[:LONGEST].strip("-") or other
    numbered = (f"{wanted}-{number}" for number in range(2, len(slugs) + 3))
    return next(one for one in (wanted, *numbered) if one not in slugs)


def _write(
    edition: Edition, setup: Setup, found: AwardsRead, by: Actor, at: datetime, reason: Reason
) -> None:
    """Make the edition's awards, rules and pool those that were read; on record once the call has opened."""
    if found.faults:
        said = [fault_text(fault, found, edition) for fault in found.faults]
        raise Refused(joined(*said), status=400, code=found.faults[0].code or "blueprint")
    _assert_as_voted(edition, found)
    before = _facts(edition)
    pool = found.pool.as_data() if found.pool else {}
    was = edition.prize_pool
    if found.pool != setup.pool:
        edition.prize_pool = pool
        edition.save(update_fields=["prize_pool"])
    _write_slots(edition, found)
    _write_rules(edition, found)
    after = _facts(edition)
    changes = [
        Change("prize_pool", was or None, edition.prize_pool or None),
        *award_changes(before[0], after[0]),
        *rule_changes(before[1], after[1]),
    ]
    record_changes(edition=edition, changes=changes, reason=reason or {}, by=by, at=at)


def _assert_as_voted(edition: Edition, found: AwardsRead) -> None:
    """Who decides an award, over which films and for how many places stays once people vote on it."""
    tracks = {track.slug: track for track in edition.tracks.all()}
    slots = {slot.slug: slot for slot in AwardSlot.objects.filter(edition=edition, added=False)}
    for award in found.awards:
        slot, values = slots.get(award.slug), slot_values(award, tracks)
        if slot is None or all(getattr(slot, name) == values[name] for name in VOTED_ON):
            continue
        if AudiencePoll.objects.filter(slot=slot).exists():
            text = _(
                "The audience votes on “%(award)s”: who decides it, its track, its places and what it asks of a film "
                "stay as they are."
            )
            raise Refused(text % {"award": say(slot.name)}, code="polled")
        if Vote.objects.filter(slot=slot).exists():
            text = _(
                "The jury has voted on “%(award)s”: who decides it, its track, its places and what it asks of a film "
                "stay as they are."
            )
            raise Refused(text % {"award": say(slot.name)}, code="voted")


def _facts(edition: Edition) -> Sequence[dict[str, tuple[Words, Facts]]]:
    """Awards and rules by their addresses, in order, each with its name."""
    slots = list(AwardSlot.objects.filter(edition=edition, added=False).select_related("track"))
    names = Names(
        {track.slug: track.name for track in edition.tracks.all()},
        {round.slug: round.name for round in edition.rounds.all()},
        {slot.slug: slot.name for slot in slots},
    )
    rules = AwardRule.objects.filter(edition=edition)
    return (
        {slot.slug: (dict(slot.name), facts_of(slot, names)) for slot in slots},
        {rule.slug: (dict(rule.name), rule_facts(rule, names)) for rule in rules},
    )


def _write_slots(edition: Edition, found: AwardsRead) -> None:
    """In the order in which they were read; what the jury has added comes behind them all."""
    tracks = {track.slug: track for track in edition.tracks.all()}
    rows = AwardSlot.objects.filter(edition=edition, added=False)
    rows.exclude(slug__in=[award.slug for award in found.awards]).delete()
    wanted = {award.slug: slot_values(award, tracks) for award in found.awards}
    _write_rows(edition, AwardSlot, rows.select_related("track"), wanted)
    added = []
    for place, slot in enumerate(AwardSlot.objects.filter(edition=edition, added=True), len(wanted)):
        if slot.position != place:
            slot.position = place
            added.append(slot)
    AwardSlot.objects.bulk_update(added, ["position"])


def _write_rules(edition: Edition, found: AwardsRead) -> None:
    rows = AwardRule.objects.filter(edition=edition)
    rows.exclude(slug__in=[rule.slug for rule in found.rules]).delete()
    _write_rows(edition, AwardRule, rows, {rule.slug: rule_values(rule) for rule in found.rules})


def _write_rows(
    edition: Edition,
    model: type[AwardSlot] | type[AwardRule],
    rows: QuerySet[Any],
    wanted: Mapping[str, dict[str, Any]],
) -> None:
    """The columns of rows by their addresses, in their order; only what is new or differs is written."""
    there = {row.slug: row for row in rows}
    fresh, differ, columns = [], [], {"position"}
    for place, (slug, values) in enumerate(wanted.items()):
        values = {**values, "position": place}
        columns |= values.keys()
        row = there.get(slug)
        if row is None:
            fresh.append(model(edition=edition, slug=slug, **values))
        elif any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            differ.append(row)
    model._default_manager.bulk_create(fresh)
    model._default_manager.bulk_update(differ, columns)
