"""What was changed of a cohort or a milestone, in words: the values that `cohort_setup` keeps."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from festival.edition.models import Edition
from festival.kit.words import amount_text, deadline_text, joined, say, short_language
from submissions.cohorts.models import Deliverable, SupportLine

LABELS = {
    "cohort.slot": gettext_lazy("Cohort"),
    "cohort.name": gettext_lazy("What it is called"),
    "cohort.about": pgettext_lazy("cohort", "What it is about"),
    "cohort.places": gettext_lazy("Places"),
    "cohort.filled": gettext_lazy("How its places are filled"),
    "cohort.answer_days": gettext_lazy("Days to answer"),
    "cohort.offers_next": gettext_lazy("A free place is offered to the next by itself"),
    "cohort.promises": gettext_lazy("What every team is promised"),
    "cohort.order": gettext_lazy("Order of the cohorts"),
    "milestone.slot": gettext_lazy("Milestone"),
    "milestone.name": gettext_lazy("What it is called"),
    "milestone.about": pgettext_lazy("milestone", "What it is about"),
    "milestone.grant": pgettext_lazy("milestone", "Grant"),
    "milestone.asks": gettext_lazy("What is delivered"),
    "milestone.order": gettext_lazy("Order of the milestones"),
}


def value_text(what: str, value: Any, edition: Edition) -> str:
    """A stored value of one of LABELS. No query."""
    match what:
        case "cohort.slot":
            return places_text(value["places"]) if value else pgettext("change", "not there")
        case "milestone.slot":
            return _milestone(value, edition) if value else pgettext("change", "not there")
        case "cohort.filled":
            return filled_text(value)
        case "cohort.promises":
            return _and().join(support_text(one) for one in value) or _("nothing")
        case "cohort.offers_next":
            return _("yes") if value else _("no")
        case "milestone.grant":
            return grant_text(value) if value else _("none")
        case "milestone.asks":
            return _and().join(asked_text(one) for one in value) or _("nothing")
        case "cohort.order" | "milestone.order":
            return ("、" if short_language() == "zh" else ", ").join(say(one) for one in value)
        case "cohort.name" | "cohort.about" | "milestone.name" | "milestone.about":
            return both(value)
        case _:
            return str(value)


def both(value: Mapping[str, str]) -> str:
    """In both languages: a text may have been put right in the one that is not read."""
    return " / ".join(dict.fromkeys(text for text in (value.get("en"), value.get("zh")) if text))


def places_text(places: int) -> str:
    return ngettext("%(count)d place", "%(count)d places", places) % {"count": places}


def filled_text(filled: Mapping[str, Any]) -> str:
    """By which round, or by invitation into which track. Of entries: what a round judges is not kept with a change."""
    if "round" in filled:
        return _("By the entries that “%(round)s” lets through") % {"round": say(filled["round"])}
    if not filled["track"]:
        return _("By invitation")
    return _("By invitation, into the track “%(track)s”") % {"track": say(filled["track"])}


def support_text(line: Mapping[str, Any]) -> str:
    """What is promised: "Money: 5,000 CNY"; "Credits for tools: unlimited"."""
    amount = None if line["amount"] is None else Decimal(line["amount"])
    said = amount_text(amount) if amount is None else f"{amount_text(amount)} {line['unit']}"
    return _("%(name)s: %(what)s") % {"name": SupportLine.Kind(line["kind"]).label, "what": said}


def grant_text(grant: Mapping[str, Any]) -> str:
    return f"{amount_text(Decimal(grant['amount']))} {grant['currency']}"


def asked_text(one: Mapping[str, Any]) -> str:
    """One deliverable: its name in both languages, its kind, whether it can be left out, and what is said of it."""
    return joined(_asked(one, both(one["name"])), both(one["about"]))


def asked_short(one: Mapping[str, Any]) -> str:
    """The same for a list at the desk: the name in the reader's language, and nothing more that is said of it."""
    return _asked(one, say(one["name"]))


def _asked(one: Mapping[str, Any], name: str) -> str:
    """ "Fine cut (a film or a cut of it, must be there)": the kind stands within the sentence, without its capital."""
    kind = str(Deliverable.Kind(one["kind"]).label)
    values = {"name": name, "kind": kind[:1].lower() + kind[1:], "must": required_text(one["required"])}
    return _("%(name)s (%(kind)s, %(must)s)") % values


def required_text(required: bool) -> str:
    return (
        pgettext("deliverable", "must be there") if required else pgettext("deliverable", "may be left out")
    )


def _milestone(value: Mapping[str, Any], edition: Edition) -> str:
    moment = parse_datetime(value["due_at"])
    due = deadline_text(moment, edition.time_zone) if moment else ""
    return _and().join([due, grant_text(value["grant"])] if value["grant"] else [due])


def _and() -> str:
    return "；" if short_language() == "zh" else "; "
