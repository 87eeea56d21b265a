"""What fairness asks to hold still once the call has opened. Plain values, without Django.

The table in docs/blueprint.md is this one in words; tests/edition/test_frozen.py holds the two against each other.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any, Literal

from festival.edition.form_rules import CreditRules, FileRules, LimitRules, PromiseRules, ResidenceRules

Concerns = Literal["drafts", "all"]
Test = Callable[[Any, Any], bool]  # before, after


def never(_before: Any, _after: Any) -> bool:
    """May be changed either way, with a reason."""
    return False


def fewer(before: Any, after: Any) -> bool:
    """Less than was promised."""
    return float(after or 0) < float(before or 0)


def earlier(before: Any, after: Any) -> bool:
    """Moments as ISO texts of one zone: before what was announced."""
    return before is not None and after is not None and bool(after < before)


def poorer(before: Any, after: Any) -> bool:
    """A pool or a grant {"amount", "currency"}: less of it, in another currency, or none."""
    return before is not None and (
        after is None
        or after["currency"] != before["currency"]
        or Decimal(after["amount"]) < Decimal(before["amount"])
    )


def less_prize(before: Any, after: Any) -> bool:
    """Parts of an award's prize, each with the places it is given to: none any more, less money of a currency, less
    traffic or credits of a unit, or fewer things.
    """
    if before and not after:
        return True
    old, new = _given(before or ()), _given(after or ())
    return any(amount > new.get(key, 0) for key, amount in old.items())


def _given(parts: Iterable[Mapping[str, Any]]) -> dict[tuple[str, ...], Decimal]:
    """How much of what: of money by its currency, of traffic and credits by their unit, of things how many kinds."""
    found: dict[tuple[str, ...], Decimal] = {}
    for part in parts:
        match part["kind"]:
            case "words":
                continue
            case "kind":
                key, amount = ("kind",), Decimal(1)
            case "money":
                key, amount = ("money", part["currency"]), Decimal(part["amount"]) * part["places"]
            case kind:
                unit = part.get("unit") or {}
                key = (kind, *sorted(f"{language} {text}" for language, text in unit.items()))
                amount = Decimal(part["amount"]) * part["places"]
        found[key] = found.get(key, Decimal(0)) + amount
    return found


def gone(before: Any, after: Any) -> bool:
    """Taken away altogether."""
    return before is not None and after is None


def less_support(before: Any, after: Any) -> bool:
    """What a team is promised, lines of {"kind", "amount" (None: as much as it needs), "unit"}: less of a kind in a
    unit, or none any more.
    """
    old, new = support_sums(before or ()), support_sums(after or ())
    return any(
        key not in new or (new[key] is not None and (amount is None or Decimal(new[key] or 0) < amount))
        for key, amount in old.items()
    )


def support_sums(lines: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], Decimal | None]:
    """Promises by kind and unit; None: as much as is needed."""
    found: dict[tuple[str, str], Decimal | None] = {}
    for line in lines:
        key = line["kind"], line["unit"]
        had = found.get(key, Decimal(0))
        found[key] = None if had is None or line["amount"] is None else had + Decimal(line["amount"])
    return found


def grant_gone(before: Any, after: Any) -> bool:
    """A milestone {"grant": …} was taken away together with its grant."""
    return before is not None and after is None and before["grant"] is not None


def notice_gone(before: Any, after: Any) -> bool:
    """A phase {"kind": …} of public notice was taken away."""
    return before is not None and after is None and bool(before["kind"] == "notice")


@dataclass(frozen=True, slots=True)
class Frozen:
    """`concerns`: whom a change is told to, those with a draft or everybody with an entry. `refused`: what is not done
    even with a reason.
    """

    concerns: Concerns = "all"
    refused: Test = never


def _part(name: str, kind: type, concerns: Concerns) -> dict[str, Frozen]:
    return {f"{name}.{one.name}": Frozen(concerns) for one in fields(kind)}


FROZEN: Mapping[str, Frozen] = {
    **_part("limits", LimitRules, "drafts"),
    "track.enters": Frozen("drafts"),
    "track.invitation_only": Frozen("drafts"),
    "track.most_entries": Frozen("drafts"),
    "track.closed": Frozen("drafts"),
    "track.slot": Frozen("drafts"),
    "track.merged": Frozen(),
    "track.name": Frozen(),
    "track.about": Frozen(),
    "phase.slot": Frozen("all", notice_gone),
    "phase.name": Frozen(),
    "field": Frozen("drafts"),
    **_part("credits", CreditRules, "drafts"),
    **_part("files", FileRules, "drafts"),
    **_part("residence", ResidenceRules, "drafts"),
    **_part("promises", PromiseRules, "all"),
    "question.required": Frozen("drafts"),
    "question.due_at": Frozen("all", earlier),
    "declaration.required": Frozen("drafts"),
    "declaration.text": Frozen("drafts"),
    "objections.days": Frozen("all", fewer),
    "objections.anonymous": Frozen(),
    "deadline": Frozen("drafts", earlier),
    "dates.starts_at": Frozen(),
    "dates.ends_at": Frozen(),
    "dates.notice": Frozen("all", earlier),
    "milestone.due_at": Frozen("all", earlier),
    "milestone.slot": Frozen("all", grant_gone),
    "milestone.name": Frozen(),
    "milestone.about": Frozen(),
    "milestone.grant": Frozen("all", poorer),
    "milestone.asks": Frozen(),
    "milestone.order": Frozen(),
    "cohort.starts_at": Frozen(),
    "cohort.ends_at": Frozen("all", earlier),
    "cohort.slot": Frozen("all", gone),
    "cohort.name": Frozen(),
    "cohort.about": Frozen(),
    "cohort.places": Frozen("all", fewer),
    "cohort.filled": Frozen(),
    "cohort.answer_days": Frozen(),
    "cohort.offers_next": Frozen(),
    "cohort.promises": Frozen("all", less_support),
    "cohort.order": Frozen(),
    "edition.fix_days": Frozen("all", fewer),
    "edition.blind": Frozen(),
    "edition.four_eyes": Frozen(),
    "prize_pool": Frozen("all", poorer),
    "award.places": Frozen("all", fewer),
    "award.prizes": Frozen("all", less_prize),
    "award.rules": Frozen(),
    "award.slot": Frozen("all", gone),
    "award.name": Frozen(),
    "award.tier": Frozen(),
    "award.track": Frozen(),
    "award.decided_by": Frozen(),
    "award.may_be_vacant": Frozen(),
    "award.ex_aequo": Frozen(),
    "award.combines": Frozen(),
    "award.least_score": Frozen(),
    "award.last_rank": Frozen(),
    "award.require": Frozen(),
    "award.order": Frozen(),
    "round.gate": Frozen(),
    "round.after": Frozen(),
    "round.looks_per_film": Frozen(),
    "round.scale": Frozen(),
    "round.official_rule": Frozen(),
    "round.decides": Frozen(),
    "round.pass_rule": Frozen(),
    "round.pass_least": Frozen(),
    "round.most_nominations": Frozen(),
    "round.ballot": Frozen(),
    "round.ballot_points": Frozen(),
    "round.quorum": Frozen(),
    "round.cut": Frozen(),
    "round.wild_cards": Frozen(),
    "round.tie_criterion": Frozen(),
    "round.tie_last": Frozen(),
    "round.blind": Frozen(),
    "round.slot": Frozen(),
    "criterion": Frozen(),
    "panel": Frozen(),
}
