"""The award rules as the public reads them: who decides a slot, what a film must fulfil, limits and quotas in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from babel.numbers import format_currency, format_decimal
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from festival.awards.models import AwardRule, AwardSlot
from festival.edition.blueprint_awards import PoolPlan
from festival.edition.models import Edition
from festival.kit.words import say, short_language
from judging import award_words
from judging.award_words import Names


@dataclass(frozen=True, slots=True)
class PublicSlot:
    """A slot with its prize and its own rules in words."""

    slot: AwardSlot
    prize: str
    notes: list[str]


def public_slots(edition: Edition, slots: Iterable[AwardSlot]) -> list[PublicSlot]:
    """What the rules page says of each slot. Three queries."""
    names = award_words.names_for(edition, [])
    return [PublicSlot(slot, prize_text(slot), slot_notes(slot, names)) for slot in slots]


def prize_text(slot: AwardSlot) -> str:
    """The prize in its own words; else made from its parts."""
    return say(slot.prize) or parts_text(slot)


def parts_text(slot: AwardSlot, parts: Iterable[Mapping[str, Any]] | None = None) -> str:
    """The parts of a prize in words, or only those given."""
    comma = "、" if short_language() == "zh" else ", "
    return comma.join(_part(part, slot.places) for part in (slot.prizes if parts is None else parts))


def recorded_text(parts: Iterable[Mapping[str, Any]] | None) -> str:
    """A prize as `prize_actions.recorded` keeps it."""
    comma = "、" if short_language() == "zh" else ", "
    return comma.join(
        say(part["text"]) if part["kind"] == "words" else _part(part, part["places"]) for part in parts or ()
    )


def pool_text(edition: Edition) -> str:
    """The prize pool, "USD 42,000"; "" where none is named."""
    return pool_words(edition.prize_pool)


def pool_words(stored: Mapping[str, str] | None) -> str:
    """A stored pool in words."""
    pool = PoolPlan.of(stored or {})
    return _money(pool.amount, pool.currency, _locale()) if pool else ""


def _locale() -> str:
    return "zh_Hans_CN" if short_language() == "zh" else "en"


def _money(amount: Decimal, currency: str, language: str) -> str:
    pattern = "¤¤ #,##0" if amount == amount.to_integral() else "¤¤ #,##0.00"
    return str(format_currency(amount, currency, format=pattern, locale=language, currency_digits=False))


def _part(part: Mapping[str, Any], places: int) -> str:
    language = _locale()
    if part["kind"] == "kind":
        said = say(part["text"])
    elif part["kind"] == "money":
        said = _money(Decimal(part["amount"]), part["currency"], language)
    else:
        number = format_decimal(Decimal(part["amount"]), locale=language)
        unit = say(part.get("unit"))
        what = _("traffic") if part["kind"] == "traffic" else _("credits")
        said = f"{number} {unit or what}"
    return _("%(prize)s each") % {"prize": said} if part.get("each") and places > 1 else said


def slot_notes(slot: AwardSlot, names: Names) -> list[str]:
    """Who decides, and what this slot asks for."""
    notes = []
    match slot.decided_by:
        case AwardSlot.DecidedBy.BALLOT:
            notes.append(_("The jury decides by ballot."))
        case AwardSlot.DecidedBy.AUDIENCE:
            notes.append(_("The audience decides by vote."))
        case AwardSlot.DecidedBy.ORGANISER:
            notes.append(_("The organiser decides."))
    if say(slot.sponsor):
        notes.append(_("Given by %(sponsor)s.") % {"sponsor": say(slot.sponsor)})
    for condition in slot.require:
        notes.append(_("For films where %(condition)s.") % {"condition": condition_text(condition, names)})
    if slot.least_score is not None:
        notes.append(
            _("Not for a film scored below %(score)s.") % {"score": f"{slot.least_score.normalize():f}"}
        )
    if slot.last_rank is not None:
        notes.append(_("Not for a film behind rank %(rank)d.") % {"rank": slot.last_rank})
    if slot.may_be_vacant:
        notes.append(_("May stay vacant."))
    if slot.ex_aequo:
        notes.append(_("Films that are exactly as good share it."))
    if slot.combines:
        comma = "、" if short_language() == "zh" else ", "
        others = comma.join(names.slot(slug) for slug in slot.combines)
        notes.append(_("May be held together with %(awards)s.") % {"awards": others})
    return notes


def rules_in_words(edition: Edition) -> list[str]:
    """The rules over all slots, one sentence each. Four queries, and one for each track that a rule names."""
    names = award_words.names_for(edition, [])
    return [sentence(rule, names) for rule in AwardRule.objects.filter(edition=edition)]


def sentence(rule: AwardRule, names: Names) -> str:
    """A rule as a sentence."""
    comma = "、" if short_language() == "zh" else ", "
    where = comma.join(names.slot(slug) for slug in rule.slots)
    data = rule.data
    if rule.kind == AwardRule.Kind.LIMIT:
        said = _limit(data["per"], data["most"])
    elif rule.kind == AwardRule.Kind.QUOTA:
        said = _quota(data, names)
    else:
        said = _("A laureate must fulfil: %(condition)s.") % {"condition": condition_text(data, names)}
    return _("%(rule)s Counted over: %(awards)s.") % {"rule": said, "awards": where} if where else said


def _limit(per: str, most: int) -> str:
    match per:
        case "entrant":
            text = ngettext(
                "At most %(most)d award for each entrant.", "At most %(most)d awards for each entrant.", most
            )
        case "team":
            text = ngettext(
                "At most %(most)d award for each team, co-authors counted.",
                "At most %(most)d awards for each team, co-authors counted.",
                most,
            )
        case _:
            text = ngettext(
                "At most %(most)d award for each film.", "At most %(most)d awards for each film.", most
            )
    return text % {"most": most}


def _quota(data: Mapping[str, Any], names: Names) -> str:
    least, most, value = data["least"], data["most"], data["value"]
    values = {
        "what": award_words.attribute_text(data["attribute"], names),
        "value": _said(data["attribute"], value if isinstance(value, list) else [value], names),
        "least": least,
        "most": most,
    }
    if least and most is not None:
        return _("Films with %(what)s “%(value)s” receive %(least)d to %(most)d awards.") % values
    if least:
        return _("Films with %(what)s “%(value)s” receive at least %(least)d awards.") % values
    return _("Films with %(what)s “%(value)s” receive at most %(most)d awards.") % values


def condition_text(condition: Mapping[str, Any], names: Names) -> str:
    """A condition as part of a sentence."""
    attribute = condition["attribute"]
    what = award_words.attribute_text(attribute, names)
    if "at_least" in condition:
        return _("%(what)s is at least %(value)s") % {"what": what, "value": f"{condition['at_least']:g}"}
    if "at_most" in condition:
        return _("%(what)s is at most %(value)s") % {"what": what, "value": f"{condition['at_most']:g}"}
    if condition.get("is") is True:
        return what
    values = condition["one_of"] if "one_of" in condition else [condition["is"]]
    return _("%(what)s is %(value)s") % {"what": what, "value": _said(attribute, values, names)}


def _said(attribute: str, values: Iterable[Any], names: Names) -> str:
    comma = "、" if short_language() == "zh" else ", "
    return comma.join(award_words.value_text(attribute, value, names.edition) for value in values)
