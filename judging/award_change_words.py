"""What was changed of an award, in words: the values that `award_setup` keeps."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from festival.awards.models import AwardRule, AwardSlot
from festival.edition.models import Edition
from festival.kit.words import say, short_language
from judging import award_rules
from judging.award_words import Names

LABELS = {
    "award.places": gettext_lazy("Places"),
    "award.prizes": gettext_lazy("Prize"),
    "award.rules": gettext_lazy("How it is awarded"),
    "award.slot": gettext_lazy("Award"),
    "award.name": gettext_lazy("What it is called"),
    "award.tier": gettext_lazy("Tier"),
    "award.track": gettext_lazy("Track"),
    "award.decided_by": gettext_lazy("Who decides"),
    "award.may_be_vacant": gettext_lazy("May stay vacant"),
    "award.ex_aequo": gettext_lazy("Films exactly as good share a place"),
    "award.combines": gettext_lazy("May be held together with"),
    "award.least_score": gettext_lazy("Lowest score"),
    "award.last_rank": gettext_lazy("Last rank"),
    "award.require": gettext_lazy("What a film must fulfil"),
    "award.order": gettext_lazy("Order in which awards are filled"),
}


def value_text(what: str, value: Any, edition: Edition) -> str:
    """A stored value of one of LABELS. One query for each track that a condition names, else none."""
    match what:
        case "award.prizes":
            return award_rules.recorded_text(value)
        case "award.slot":
            return _award(value)
        case "award.tier":
            return str(dict(AwardSlot.Tier.choices).get(value, value))
        case "award.track":
            return say(value) if value else _("all tracks")
        case "award.decided_by":
            return decider_text(value["by"], say(value["round"]) if value["round"] else "")
        case "award.combines" | "award.order":
            return _comma().join(say(one) for one in value) or _("no other award")
        case "award.least_score" | "award.last_rank":
            return _("none") if value is None else str(value)
        case "award.require":
            names = Names(edition, {}, {}, {})
            return _comma().join(award_rules.condition_text(one, names) for one in value) or _("nothing")
        case "award.rules":
            return _rule(value, edition)
        case "award.name":
            # In both languages: a name may have been put right in the one that is not read.
            return " / ".join(dict.fromkeys(text for text in (value.get("en"), value.get("zh")) if text))
        case "award.may_be_vacant" | "award.ex_aequo":
            return _("yes") if value else _("no")
        case _:
            return str(value)


def decider_text(decided_by: str, round: str) -> str:
    """Who decides an award; `round`: the one that it names, "" where none is named."""
    if decided_by == AwardSlot.DecidedBy.STANDING:
        if not round:
            return _("The standing of the last round")
        return _("The standing of “%(round)s”") % {"round": round}
    return str(dict(AwardSlot.DecidedBy.choices).get(decided_by, decided_by))


def _award(value: Mapping[str, Any] | None) -> str:
    if not value:
        return pgettext("change", "not there")
    tier = str(dict(AwardSlot.Tier.choices).get(value["tier"], value["tier"]))
    text = ngettext("%(tier)s, %(count)d place", "%(tier)s, %(count)d places", value["places"])
    return text % {"tier": tier, "count": value["places"]}


def _rule(value: Mapping[str, Any] | None, edition: Edition) -> str:
    if not value:
        return _("no such rule")
    names = Names(edition, {}, {slug: say(name) for slug, name in value["slots"].items()}, {})
    rule = AwardRule(edition=edition, kind=value["kind"], data=value["data"], slots=list(value["slots"]))
    return award_rules.sentence(rule, names)


def _comma() -> str:
    return "、" if short_language() == "zh" else ", "
