"""What no single award can say: names that exist, places that films are there for, money that comes to the pool.

One set of checks, for a blueprint's file and for awards that are changed at the desk. Without Django.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from festival.edition.blueprint_awards import (
    MAKER,
    TOOL,
    AwardPlan,
    AwardRulePlan,
    PoolPlan,
    read_award,
    read_rule,
)
from festival.edition.blueprint_reader import Fault, Path, Reader
from festival.edition.tools import Tool

Table = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Around:
    """What awards are held against: the addresses of tracks, the films that come into each round, the tools."""

    tracks: frozenset[str]
    intakes: Mapping[str, Decimal | None]
    tools: Sequence[Tool]


@dataclass(frozen=True, slots=True)
class AwardsRead:
    """Awards and rules as they were read, the pool, and what is wrong with them."""

    awards: tuple[AwardPlan, ...]
    rules: tuple[AwardRulePlan, ...]
    pool: PoolPlan | None
    faults: tuple[Fault, ...]


def read_list(
    awards: Sequence[Table],
    rules: Sequence[Table],
    pool: PoolPlan | None,
    around: Around,
    *,
    follows: bool = False,
) -> AwardsRead:
    """Tables of [[awards]] and [[award_rules]], read and checked as those of a file. `follows`: where there is a pool,
    it becomes what the prizes come to.
    """
    read = Reader("")
    plans = tuple(read_award(read, ("awards", place), row) for place, row in enumerate(awards))
    over = tuple(read_rule(read, ("award_rules", place), row) for place, row in enumerate(rules))
    if pool and follows:
        total = money_of(plans)
        pool = PoolPlan(total, pool.currency) if total else None
    check_once(read, "awards", "award", [award.slug for award in plans])
    check_once(read, "award_rules", "award rule", [rule.slug for rule in over])
    check_pool(read, pool, plans)
    check_awards(read, plans, over, set(around.tracks), set(around.intakes))
    check_places(read, plans, around.intakes)
    if not read.errors:
        check_tools(read, plans, over, around.tools)
    return AwardsRead(plans, over, pool, tuple(read.faults))


def check_once(read: Reader, key: str, what: str, slugs: Sequence[str]) -> None:
    """No two tables of a kind have the same address."""
    for place, slug in enumerate(slugs):
        if slug in slugs[:place]:
            read.bad((key, place, "slug"), f"The {what} {slug!r} is there twice.", "twice", name=slug)


def check_awards(
    read: Reader,
    awards: Sequence[AwardPlan],
    rules: Sequence[AwardRulePlan],
    tracks: set[str],
    rounds: set[str],
) -> None:
    """What one table alone cannot say: names that must exist."""
    slugs = {award.slug for award in awards}
    for place, award in enumerate(awards):
        for key, name, known in (("track", award.track, tracks), ("source", award.source, rounds)):
            if name and name not in known:
                what = "track" if key == "track" else "round"
                read.bad(
                    ("awards", place, key),
                    f"The award {award.slug!r} names the {what} {name!r}, which does not exist.",
                    what,
                    award=award.slug,
                    name=name,
                )
        for name in award.combines_with:
            if name not in slugs - {award.slug}:
                read.bad(
                    ("awards", place, "combines_with"),
                    f"The award {award.slug!r} combines with {name!r}, which is no other award.",
                    "combines",
                    award=award.slug,
                    other=name,
                )
    for place, rule in enumerate(rules):
        for name in rule.slots:
            if name not in slugs:
                read.bad(
                    ("award_rules", place, "slots"),
                    f"The award rule {rule.slug!r} names the award {name!r}, which does not exist.",
                    "rule_award",
                    rule=rule.slug,
                    name=name,
                )


def check_tools(
    read: Reader, awards: Sequence[AwardPlan], rules: Sequence[AwardRulePlan], tools: Sequence[Tool]
) -> None:
    """Shares are asked of tools and makers that the rulebook knows."""
    slugs, makers = {tool.slug for tool in tools}, {tool.maker for tool in tools if tool.maker}
    asked: list[tuple[Path, str]] = [
        (("awards", place, "require"), one["attribute"])
        for place, award in enumerate(awards)
        for one in award.require
    ]
    asked += [
        (("award_rules", place, "attribute"), rule.data["attribute"])
        for place, rule in enumerate(rules)
        if "attribute" in rule.data
    ]
    for path, name in asked:
        if name.startswith(TOOL) and name.removeprefix(TOOL) not in slugs:
            read.bad(
                path,
                f"The rulebook knows no tool {name.removeprefix(TOOL)!r}.",
                "tool",
                name=name.removeprefix(TOOL),
            )
        elif name.startswith(MAKER) and name.removeprefix(MAKER) not in makers:
            read.bad(
                path,
                f"The rulebook knows no maker {name.removeprefix(MAKER)!r} of tools.",
                "maker",
                name=name.removeprefix(MAKER),
            )


def check_places(read: Reader, awards: Sequence[AwardPlan], intakes: Mapping[str, Decimal | None]) -> None:
    """No more places than films in the round that fills them. Awards that combine with others are not counted."""
    last = list(intakes)[-1] if intakes else ""
    taken: dict[str, int] = {}
    for place, award in enumerate(awards):
        if award.decided_by not in ("standing", "ballot") or award.combines_with:
            continue
        source = award.source or last
        films = intakes.get(source)
        taken[source] = taken.get(source, 0) + award.places
        if films is not None and taken[source] > films >= taken[source] - award.places:
            read.bad(
                ("awards", place, "places"),
                f"Up to the award {award.slug!r} there are {taken[source]} places, but only {films} films come "
                f"into the round {source!r}.",
                "places",
                award=award.slug,
                places=taken[source],
                films=films,
                round=source,
            )


def check_pool(read: Reader, pool: PoolPlan | None, awards: Sequence[AwardPlan]) -> None:
    """The pool is what the prizes of money come to, each for every place, unless it is for all places together."""
    if pool is None:
        return
    for place, award in enumerate(awards):
        for prize in award.prizes:
            if prize["kind"] == "money" and prize["currency"] != pool.currency:
                read.bad(
                    ("awards", place, "prizes"),
                    f"The award {award.slug!r} is paid in {prize['currency']}, the prize pool in {pool.currency}.",
                    "currency",
                    award=award.slug,
                    other=prize["currency"],
                    currency=pool.currency,
                )
                return
    total = money_of(awards)
    if total != pool.amount:
        read.bad(
            ("prize_pool",),
            f"The prize pool is {pool.currency} {pool.amount:f}, but the prizes come to {total:f}: each prize for "
            "every place of its award.",
            "sum",
            pool=pool.amount,
            total=total,
        )


def money_of(awards: Sequence[AwardPlan]) -> Decimal:
    """All prizes of money, whatever their currency: each for every place, unless it is for all places together."""
    return sum(
        (
            Decimal(prize["amount"]) * (award.places if prize["each"] else 1)
            for award in awards
            for prize in award.prizes
            if prize["kind"] == "money"
        ),
        Decimal(0),
    )
