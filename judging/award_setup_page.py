"""What the pages of awards' setup show: awards by tier, rules in words, and what goes with an award."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from festival.awards.models import AudiencePoll, AwardRule, AwardSlot
from festival.edition.frozen_actions import is_frozen
from festival.edition.models import Edition
from festival.kit.words import say
from judging import award_change_words, award_rules, award_words
from judging.award_setup import setup_of
from judging.award_setup_actions import left_without, only_over
from judging.models import Vote


@dataclass(frozen=True, slots=True)
class AwardLine:
    """An award as the desk lists it. `turn`: its place in the order in which awards are filled, from 1."""

    slot: AwardSlot
    turn: int
    prize: str
    notes: list[str]


@dataclass(frozen=True, slots=True)
class TierLines:
    """The awards of a tier; `places` of all of them."""

    label: str
    places: int
    lines: list[AwardLine]


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule in words. `name` may be "": rules need none."""

    rule: AwardRule
    name: str
    text: str


def slots_of(edition: Edition) -> list[AwardSlot]:
    """The awards of the setup, in their order of precedence; not those that the jury adds. One query."""
    return list(AwardSlot.objects.filter(edition=edition, added=False).select_related("track"))


def tiers_of(edition: Edition, slots: Sequence[AwardSlot]) -> list[TierLines]:
    """Awards by tier. Four queries where the edition's tracks are fetched."""
    names = award_words.names_for(edition, [])
    rounds = {round.slug: say(round.name) for round in edition.rounds.all()}
    found = []
    for tier, label in AwardSlot.Tier.choices:
        lines = []
        for turn, slot in enumerate(slots, 1):
            if slot.tier == tier:
                notes = award_rules.slot_notes(slot, names)
                if slot.decided_by == AwardSlot.DecidedBy.STANDING:
                    decider = award_change_words.decider_text(
                        slot.decided_by, rounds.get(slot.source, slot.source)
                    )
                    notes.insert(0, decider)
                lines.append(AwardLine(slot, turn, award_rules.prize_text(slot), notes))
        if lines:
            found.append(TierLines(str(label), sum(one.slot.places for one in lines), lines))
    return found


def rules_of(edition: Edition) -> list[RuleLine]:
    """Rules over awards in words."""
    names = award_words.names_for(edition, [])
    rules = AwardRule.objects.filter(edition=edition)
    return [RuleLine(rule, say(rule.name), award_rules.sentence(rule, names)) for rule in rules]


@dataclass(frozen=True, slots=True)
class Removal:
    """What goes with an award. `refused`: why it stays, "" where it can go."""

    lines: list[str]
    refused: str


def removal_of(slot: AwardSlot, slots: Iterable[AwardSlot], at: datetime) -> Removal:
    """Said before anything happens; the action refuses the same."""
    edition = slot.edition
    refused = ""
    if is_frozen(edition, at):
        refused = _(
            "The call has opened, and people have entered on what was announced: no award is taken away."
        )
    elif AudiencePoll.objects.filter(slot=slot).exists():
        refused = _("The audience votes on this award, so that it cannot be removed.")
    elif Vote.objects.filter(slot=slot).exists():
        refused = _("The jury has voted on this award, so that it cannot be removed.")
    text = ngettext("Its %(count)d place.", "Its %(count)d places.", slot.places)
    lines = [text % {"count": slot.places}]
    prize = award_rules.prize_text(slot)
    if prize:
        lines.append(_("Its prize: %(prize)s.") % {"prize": prize})
    setup = setup_of(edition)
    left = left_without(setup, slot.slug).pool
    if left != setup.pool:
        values = {
            "before": award_rules.pool_text(edition),
            "after": award_rules.pool_words(left.as_data()) if left else _("none"),
        }
        lines.append(_("The prize pool: it is %(before)s, and becomes %(after)s.") % values)
    for other in slots:
        if slot.slug in other.combines:
            lines.append(
                _("“%(award)s” may no longer be held together with it.") % {"award": say(other.name)}
            )
    lines += _rule_lines(slot)
    return Removal(lines, refused)


def _rule_lines(slot: AwardSlot) -> list[str]:
    found = []
    names = award_words.names_for(slot.edition, [])
    for rule in AwardRule.objects.filter(edition=slot.edition):
        said = {"rule": say(rule.name) or award_rules.sentence(rule, names)}
        if only_over({"slots": rule.slots}, slot.slug):
            found.append(_("The rule “%(rule)s”: it is counted over this award alone.") % said)
        elif slot.slug in rule.slots:
            found.append(_("The rule “%(rule)s” is counted over the others that it names.") % said)
    return found
