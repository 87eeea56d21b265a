"""What the awards of an edition are, as plans and as rows; what became another between two of their states."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from festival.awards.models import AwardRule, AwardSlot
from festival.awards.prize_actions import recorded
from festival.edition.blueprint_award_checks import Around, AwardsRead, Table, read_list
from festival.edition.blueprint_awards import PoolPlan
from festival.edition.blueprint_reader import Reader
from festival.edition.blueprint_rounds import check_chain
from festival.edition.blueprint_writer import award_table, rule_table
from festival.edition.frozen_actions import Change
from festival.edition.models import Edition
from festival.edition.rulebook import Rulebook
from judging.blueprint_export import award_rules_of, awards_of, rounds_of
from judging.logic.standing import plain

Words = Mapping[str, str]
AROUND = ("places", "sum", "currency", "track", "round", "tool", "maker")  # codes of faults from elsewhere


@dataclass(frozen=True, slots=True)
class Setup:
    """The awards as tables of a blueprint, with the pool, and what they are held against."""

    awards: tuple[Table, ...]
    rules: tuple[Table, ...]
    pool: PoolPlan | None
    around: Around

    def read(
        self, awards: Sequence[Table], rules: Sequence[Table] | None = None, *, follows: bool = False
    ) -> AwardsRead:
        """Other awards or rules in place of these. What around them had become wrong before (a round that takes fewer
        films, a tool that is gone) is not counted again.
        """
        had = read_list(self.awards, self.rules, self.pool, self.around).faults
        found = read_list(
            awards, self.rules if rules is None else rules, self.pool, self.around, follows=follows
        )
        known = {fault.sentence for fault in had if fault.code in AROUND}
        fresh = tuple(fault for fault in found.faults if fault.sentence not in known)
        return AwardsRead(found.awards, found.rules, found.pool, fresh)


def setup_of(edition: Edition) -> Setup:
    """As the edition is now: of its plan what awards can be held to. Seven queries."""
    places = dict(edition.cohorts.order_by().values_list("slug", "places"))
    intakes = check_chain(Reader(""), tuple(rounds_of(edition)), places)
    tools = Rulebook.from_toml(edition.rulebook).tools.tools
    return Setup(
        tuple(map(award_table, awards_of(edition))),
        tuple(map(rule_table, award_rules_of(edition))),
        PoolPlan.of(edition.prize_pool),
        Around(frozenset(track.slug for track in edition.tracks.all()), intakes, tools),
    )


@dataclass(frozen=True, slots=True)
class Names:
    """What tracks, rounds and awards are called, by their addresses."""

    tracks: Mapping[str, Words]
    rounds: Mapping[str, Words]
    awards: Mapping[str, Words]


Facts = dict[str, Any]


def facts_of(slot: AwardSlot, names: Names) -> Facts:
    """Everything of a slot that is frozen, as a change keeps it. Names are kept with it: they may change later."""
    return {
        "award.name": dict(slot.name),
        "award.tier": slot.tier,
        "award.places": slot.places,
        "award.track": dict(slot.track.name) if slot.track else None,
        "award.decided_by": {"by": slot.decided_by, "round": _named(names.rounds, slot.source)},
        "award.may_be_vacant": slot.may_be_vacant,
        "award.ex_aequo": slot.ex_aequo,
        "award.combines": [_named(names.awards, slug) for slug in slot.combines],
        "award.least_score": None if slot.least_score is None else plain(Decimal(slot.least_score)),
        "award.last_rank": slot.last_rank,
        "award.require": [dict(one) for one in slot.require],
        "award.prizes": recorded(slot),
    }


def rule_facts(rule: AwardRule, names: Names) -> Facts:
    """A rule with what the awards that it counts are called."""
    return {
        "kind": rule.kind,
        "data": dict(rule.data),
        "slots": {slug: _named(names.awards, slug) for slug in rule.slots},
    }


def _named(names: Mapping[str, Words], slug: str) -> Words | None:
    return names.get(slug, {"en": slug}) if slug else None


def award_changes(
    before: Mapping[str, tuple[Words, Facts]], after: Mapping[str, tuple[Words, Facts]]
) -> Iterator[Change]:
    """Awards that came and went, and what became another of the rest; each under the name it had."""
    for slug, (name, facts) in before.items():
        if slug not in after:
            yield Change("award.slot", _short(facts), None, name=name)
            continue
        for what, value in facts.items():
            yield Change(what, value, after[slug][1][what], name=name)
    for slug, (name, facts) in after.items():
        if slug not in before:
            yield Change("award.slot", None, _short(facts), name=name)
    old, new = ([slug for slug in one if slug in before and slug in after] for one in (before, after))
    if old != new:
        yield Change("award.order", [before[slug][0] for slug in old], [after[slug][0] for slug in new])


def _short(facts: Facts) -> dict[str, Any]:
    return {"tier": facts["award.tier"], "places": facts["award.places"]}


def rule_changes(
    before: Mapping[str, tuple[Words, Facts]], after: Mapping[str, tuple[Words, Facts]]
) -> Iterator[Change]:
    """The same for rules over awards."""
    for slug in [*before, *(one for one in after if one not in before)]:
        name = (before.get(slug) or after[slug])[0]
        old, new = (one[slug][1] if slug in one else None for one in (before, after))
        yield Change("award.rules", old, new, name=name)
