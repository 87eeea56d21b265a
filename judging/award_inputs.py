"""The document that the award engine reads, made from the edition: slots, rules, films, and the orders slots go by.

It is what `python -m judging.logic laurels` takes (docs/judging-logic.md), so that anybody with the document can fill
the slots again. Films are named by their codes, accounts by numbers.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from festival.awards import audience_queries
from festival.awards.models import AwardRule, AwardSlot
from festival.edition.models import Edition
from judging import award_attributes, award_queries, motion_queries, tie_actions
from judging.logic.commands import laurels
from judging.models import Round, Standing, Vote
from submissions.lifecycle import State
from submissions.models import Entry

DecidedBy = AwardSlot.DecidedBy


@dataclass(frozen=True, slots=True)
class Order:
    """The order a slot goes by: its name in the document, and its rows."""

    name: str
    rows: list[dict[str, Any]]


def standings_for(edition: Edition, slots: Iterable[AwardSlot]) -> dict[str, Standing]:
    """By the name that slots use ("" is the last round) the standing in force; a round without one is left out."""
    rounds = list(edition.rounds.order_by("position", "pk"))
    by_slug = {round.slug: round for round in rounds}
    found: dict[str, Standing] = {}
    for source in {slot.source for slot in slots} | {""}:
        round = by_slug.get(source) if source else (rounds[-1] if rounds else None)
        if round is None or round.state != Round.State.CLOSED:
            continue
        standing = Standing.objects.filter(round=round, superseded_at__isnull=True).first()
        if standing is not None:
            standing.round = round
            found[source] = standing
    return found


def order_of(standing: Standing) -> Order:
    """A round's standing as an order; films that were never scored, or have left the competition, are not in it."""
    rows = list(award_queries.standing_rows(standing))
    ranks = {row.entry.code: row.place for row in rows}
    settled = tie_actions.places_among_equals(standing, ranks)
    found = []
    for row in rows:
        if row.place is None:
            continue
        line: dict[str, Any] = {"film": row.entry.code, "rank": row.place}
        if row.entry.code in settled:
            line["settled"] = settled[row.entry.code]
        if row.mean is not None:
            line["score"] = float(row.mean)
        found.append(line)
    return Order(f"round:{standing.round.slug}", found)


@dataclass(frozen=True, slots=True)
class Decisions:
    """What people decided: orders by slot, and places (as `pinned` of the document, with their reasons)."""

    orders: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    pinned: list[dict[str, Any]] = field(default_factory=list)


def decisions(edition: Edition, slots: Iterable[AwardSlot]) -> Decisions:
    """What the jury's and the audience's votes have decided about the slots that go by them: of each the last valid
    vote, or the last count of the audience's; and the places that carried motions have decided.
    """
    slots = list(slots)
    slugs = {slot.pk: slot.slug for slot in slots if slot.decided_by == DecidedBy.BALLOT}
    votes = Vote.objects.filter(meeting__edition=edition, slot__in=slugs, state=Vote.State.CLOSED)
    found = Decisions()
    last: dict[int, datetime] = {}
    for vote in votes.exclude(kind=Vote.Kind.MOTION).order_by("closed_at", "pk"):
        order = vote_order(vote.kind, vote.result)
        if order and vote.slot_id and vote.closed_at:
            found.orders[slugs[vote.slot_id]] = order
            last[vote.slot_id] = vote.closed_at
    # Of several motions about an award the last one holds; a vote about it that came after it holds before it.
    motions = {(vote.slot_id or -vote.pk): vote for vote in motion_queries.carried(edition)}
    out = motion_queries.taken_out(edition)
    by_pk = {slot.pk: slot for slot in slots}
    for vote in motions.values():
        slot = by_pk.get(vote.slot_id or 0)
        if slot and vote.closed_at and vote.closed_at >= last.get(slot.pk, vote.closed_at):
            found.pinned.extend(_pins(vote, slot, out))
    for slot in slots:
        if audience_queries.decides(slot):
            found.orders[slot.slug] = audience_order(slot, edition)
    return found


def _pins(vote: Vote, slot: AwardSlot, out: set[str]) -> list[dict[str, Any]]:
    """The places that a carried motion decides: vacant ones from the last, a shared one or a mention the first.

    Films that have left, or whose award was withdrawn (`out`), are not given one by it.
    """
    pin = {"slot": slot.slug, "reason": vote.text, "by": None, "at": str(vote.closed_at), "vote": vote.pk}
    if vote.motion == Vote.Motion.VACANT:
        return [pin | {"place": slot.places - n, "film": ""} for n in range(min(vote.seats, slot.places))]
    return [pin | {"place": 1, "film": code} for code in motion_queries.films_left(vote, out)]


def audience_order(slot: AwardSlot, edition: Edition) -> list[dict[str, Any]]:
    """The audience's order of the films that are in the competition; a guest film has no entry to be awarded."""
    placed = [one for one in audience_queries.standing(slot) if one.entry]
    codes = [one.entry for one in placed]
    there = set(competing(edition).filter(code__in=codes).values_list("code", flat=True))
    return [{"film": one.entry, "rank": one.rank} for one in placed if one.entry in there]


def vote_order(kind: str, result: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The order that a closed vote gives, none where it decided nothing; of films that share a rank the casting ballot
    puts first those it chose. A film that nobody approved of, or gave a point, is not in it.
    """
    if not result.get("valid"):
        return []
    if kind == Vote.Kind.MAJORITY:  # nobody without more than half of the ballots
        return [{"film": film, "rank": 1} for film in result["chosen"]]
    first = set(result.get("by_casting", ()))
    nobody = "" if kind == Vote.Kind.RANKED else "0"
    return [
        {"film": row["film"], "rank": row["rank"]}
        | ({"settled": 1 if row["film"] in first else 2} if first else {})
        for row in result["rows"]
        if row["rank"] is not None and row["value"] != nobody
    ]


def competing(edition: Edition) -> QuerySet[Entry]:
    """The films that can be awarded: they were in a round, and are still in the competition."""
    return Entry.objects.filter(edition=edition, state=State.ELIGIBLE, rounds__isnull=False).distinct()


def problem_of(
    edition: Edition,
    slots: Iterable[AwardSlot],
    standings: Mapping[str, Standing],
    orders: Mapping[str, list[dict[str, Any]]],
) -> dict[str, Any]:
    """The whole document. `orders`: by slot those that a ballot or the audience gave; such a slot without one is
    open, and stays vacant until it is decided. Queries do not grow with the films.
    """
    slots = list(slots)
    rules = list(AwardRule.objects.filter(edition=edition))
    by_source = {source: order_of(standing) for source, standing in standings.items()}
    found = {order.name: order.rows for order in by_source.values()}
    known = {slot.slug for slot in slots}
    rows = []
    for slot in slots:
        if slot.decided_by == DecidedBy.STANDING:
            order = by_source[slot.source if slot.source in by_source else ""].name
        else:
            order = f"{slot.decided_by}:{slot.slug}"
            found[order] = list(orders.get(slot.slug, ()))
        rows.append(slot_row(slot, order, known))
    films = competing(edition)
    return {
        "slots": rows,
        "entries": _entries(edition, films, slots, rules),
        "orders": found,
        "eligible": [rule.data for rule in rules if rule.kind == AwardRule.Kind.ELIGIBLE],
        "limits": [
            {"name": rule.slug, **rule.data, "slots": counted(rule.slots, slots)}
            for rule in rules
            if rule.kind == AwardRule.Kind.LIMIT
        ],
        "quotas": [_quota(rule, slots) for rule in rules if rule.kind == AwardRule.Kind.QUOTA],
    }


def may_have(slot: AwardSlot, entries: Collection[int]) -> set[int]:
    """Which of these films the award is for: of its track, fulfilling its conditions and those of every laureate. As
    many queries, whatever their number.
    """
    edition = slot.edition
    rules = AwardRule.objects.filter(edition=edition, kind=AwardRule.Kind.ELIGIBLE)
    asked = [*slot.require, *(rule.data for rule in rules)]
    films = competing(edition).filter(pk__in=entries)
    if slot.track_id:
        films = films.filter(track=slot.track_id)
    found = award_attributes.attributes_of(films, edition, award_attributes.named_in(asked))
    tests = [laurels.condition(one) for one in asked]
    return {pk for pk, values in found.items() if all(test.holds(values) for test in tests)}


def slot_row(slot: AwardSlot, order: str, known: Collection[str]) -> dict[str, Any]:
    """A slot as the document has it, whose slots are `known`: a mention whose film has left is none of them.

    One that people decide is open, and therefore vacant, until they have.
    """
    source = DecidedBy.BALLOT if slot.decided_by == DecidedBy.ORGANISER else slot.decided_by
    row: dict[str, Any] = {
        "slot": slot.slug,
        "tier": slot.tier,
        "places": slot.places,
        "decided_by": str(source),
        "order": order,
        "may_be_vacant": slot.may_be_vacant or slot.decided_by != DecidedBy.STANDING,
        "ex_aequo": slot.ex_aequo,
        "combines_with": [slug for slug in slot.combines if slug in known],
        "require": list(slot.require),
    }
    if slot.track_id:
        row["tracks"] = [slot.track.slug]
    if slot.least_score is not None:
        row["least_score"] = float(slot.least_score)
    if slot.last_rank is not None:
        row["last_rank"] = slot.last_rank
    return row


def counted(named: Sequence[str], slots: Iterable[AwardSlot]) -> list[str]:
    """The slots that a rule counts: those it names; else all but the mentions that the jury added, which no rule
    foresaw. Empty where that is simply all.
    """
    if named or not any(slot.added for slot in slots):
        return list(named)
    return [slot.slug for slot in slots if not slot.added]


def _quota(rule: AwardRule, slots: Iterable[AwardSlot]) -> dict[str, Any]:
    row = {"name": rule.slug, "slots": counted(rule.slots, slots), **rule.data}
    return {name: value for name, value in row.items() if value is not None}


def _entries(
    edition: Edition, films: Any, slots: list[AwardSlot], rules: list[AwardRule]
) -> list[dict[str, Any]]:
    conditions = [one for slot in slots for one in slot.require]
    conditions += [rule.data for rule in rules if rule.kind != AwardRule.Kind.LIMIT]
    groupings = {rule.data["per"] for rule in rules if rule.kind == AwardRule.Kind.LIMIT} - {"film"}
    attributes = award_attributes.attributes_of(films, edition, award_attributes.named_in(conditions))
    groups = award_attributes.groups_of(films, groupings) if groupings else {}
    rows = []
    for pk, code in films.order_by("code").values_list("pk", "code"):
        row = {"film": code, "attributes": attributes.get(pk, {})}
        if pk in groups:
            row["groups"] = groups[pk]
        rows.append(row)
    return rows
