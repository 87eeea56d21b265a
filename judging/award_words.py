"""Why a place of the award list is as it is, and why a film was passed over, in the reader's language."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from festival.awards.models import AwardRule, AwardSlot
from festival.edition.blueprint_awards import MAKER, TOOL
from festival.edition.models import Edition
from festival.kit.names import country_text, language_text
from festival.kit.words import say, short_language
from submissions.models import Entry
from submissions.statement_view import rulebook_of


@dataclass(frozen=True, slots=True)
class Names:
    """What codes stand for: titles by film, names by slot and by rule."""

    edition: Edition
    titles: Mapping[str, str]
    slots: Mapping[str, str]
    rules: Mapping[str, str]

    def film(self, code: str) -> str:
        """A film's title in quotes; its code where it is not known."""
        return _("“%(title)s”") % {"title": self.titles.get(code, code)}

    def films(self, codes: Iterable[str]) -> str:
        """Several, joined as the language does."""
        return ("、" if short_language() == "zh" else ", ").join(self.film(code) for code in codes)

    def slot(self, slug: str) -> str:
        """An award's name in quotes."""
        return f"“{self.slots.get(slug, slug)}”"


def names_for(edition: Edition, whys: Iterable[Mapping[str, Any]], films: Iterable[str] = ()) -> Names:
    """The names that these reasons, and what else is named, speak of. Three queries."""
    codes = set(films)
    for why in _all(whys):
        codes.update(why.get("equal", ()))
        codes.update(film for key in ("with", "share") if (film := why.get(key)))
        codes.update(film for _slot, film in why.get("held", ()))
    rows = Entry.objects.filter(edition=edition, code__in=codes) if codes else Entry.objects.none()
    return Names(
        edition,
        dict(rows.values_list("code", "title")),
        {slot.slug: say(slot.name) for slot in AwardSlot.objects.filter(edition=edition)},
        {rule.slug: say(rule.name) or rule.slug for rule in AwardRule.objects.filter(edition=edition)},
    )


def _all(whys: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """The reasons, and for a place that was decided the rule that it breaks."""
    for why in whys:
        yield why
        if broken := why.get("breaks"):
            yield broken


def why_text(why: Mapping[str, Any], names: Names, *, confirmed: bool = False) -> str:
    """Why a place is as it is; for one that was decided against a rule, which one would have barred the film.

    `confirmed`: the chair has decided over the list; of a tie nothing is open any more.
    """
    if broken := why.get("breaks"):
        said = why_text(
            {key: value for key, value in why.items() if key != "breaks"}, names, confirmed=confirmed
        )
        return _("%(why)s. Against the rules: %(rule)s") % {
            "why": said.rstrip(".。"),
            "rule": passed_text(broken, names).replace("：", ": ").partition(": ")[2],
        }
    match why.get("code"):
        case "best" | "chosen":
            return _best(why, names, confirmed)
        case "shared":
            return _("Rank %(rank)d: shares the place with %(films)s, exactly as good") % {
                "rank": why["rank"],
                "films": names.films(why.get("equal", ())),
            }
        case "vacant":
            if not why.get("asked"):
                return _("Vacant: no film may have it")
            return _("Vacant: no film is left that may have it")
        case "undecided":
            return _undecided(why["by"])
        case "pinned" if "vote" in why:
            return _("Decided by the jury’s vote: %(reason)s") % {"reason": why["reason"]}
        case "vacated" if "vote" in why:
            return _("Left vacant by the jury’s vote: %(reason)s") % {"reason": why["reason"]}
        case "pinned":
            return _("Decided by the chair: %(reason)s") % {"reason": why.get("reason", "")}
        case "vacated":
            return _("Left vacant by the chair: %(reason)s") % {"reason": why.get("reason", "")}
        case "withdrawn":
            return _("Vacant: the film was withdrawn")
        case _:
            return ""


def _best(why: Mapping[str, Any], names: Names, confirmed: bool) -> str:
    rank, equal, tied = why.get("rank"), why.get("equal", ()), why.get("tied", False)
    if equal and tied and confirmed:
        return _(
            "Rank %(rank)d, exactly tied with %(films)s, for whom no place was left. "
            "The chair has decided for this one."
        ) % {"rank": rank, "films": names.films(equal)}
    if equal and tied:
        return _(
            "Rank %(rank)d, exactly tied with %(films)s, for whom no place was left. The chair decides who gets it."
        ) % {"rank": rank, "films": names.films(equal)}
    if equal:
        return _("Rank %(rank)d, shared with %(films)s; the tie rule of the round put this film first") % {
            "rank": rank,
            "films": names.films(equal),
        }
    match why.get("by"):
        case "ballot":
            return _("Rank %(rank)d in the ballot of the jury") % {"rank": rank}
        case "audience":
            return _("Rank %(rank)d in the audience’s vote") % {"rank": rank}
        case _:
            return _("Rank %(rank)d in the standing") % {"rank": rank}


def _undecided(by: str) -> str:
    match by:
        case "ballot":
            return _("Open: the jury’s ballot on this award has not decided yet")
        case "audience":
            return _("Open: the audience’s vote is not over yet")
        case _:
            return _("Open: the organiser gives this award")


def passed_text(why: Mapping[str, Any], names: Names) -> str:
    """Why a film that stands before a laureate was passed over. Without codes for people: teams are "its team"."""
    match why.get("code"):
        case "holds":
            return _("passed over: it has %(slot)s already") % {"slot": names.slot(why["slot"])}
        case "cap":
            return _cap(why, names)
        case "quota_full":
            return _("passed over: %(rule)s — the most it allows, %(most)d, is reached") % {
                "rule": names.rules.get(why["rule"], why["rule"]),
                "most": why["most"],
            }
        case "kept_for":
            return ngettext(
                "passed over: the places left are needed for %(rule)s, which still lacks %(missing)d film",
                "passed over: the places left are needed for %(rule)s, which still lacks %(missing)d films",
                why["missing"],
            ) % {"rule": names.rules.get(why["rule"], why["rule"]), "missing": why["missing"]}
        case "needed_later":
            return _("passed over: with it here, the list could no longer keep %(rules)s") % {
                "rules": rules_text(why["for"], names)
            }
        case "tied":
            return _("not placed: exactly tied with %(film)s, and no place was left") % {
                "film": names.film(why["with"])
            }
        case "not_eligible":
            return _("passed over: %(condition)s is not fulfilled") % {
                "condition": attribute_text(why["attribute"], names)
            }
        case "condition":
            return _condition(why, names)
        case "below_score":
            return _("passed over: scored below %(least)s") % {"least": f"{why['least']:g}"}
        case "below_rank":
            return _("passed over: behind rank %(last)d") % {"last": why["last"]}
        case "excluded":
            return _("taken out: withdrawn from the awards")
        case _:
            return ""


def _cap(why: Mapping[str, Any], names: Names) -> str:
    held = why.get("held") or ()
    slots = "、" if short_language() == "zh" else ", "
    values = {
        "slots": slots.join(dict.fromkeys(names.slot(slot) for slot, _film in held)),
        "most": why["most"],
    }
    match why["grouping"]:
        case "team":
            return _("passed over: its team already holds %(slots)s") % values
        case "entrant":
            return _("passed over: its entrant already holds %(slots)s") % values
        case "film":
            return _("passed over: it already holds %(slots)s") % values
        case _:
            return _("passed over: the limit of %(most)d is reached by %(slots)s") % values


def _condition(why: Mapping[str, Any], names: Names) -> str:
    what, has = attribute_text(why["attribute"], names), why.get("has")
    if "at_least" in why:
        if has is None:
            return _("passed over: %(what)s is not stated, and must be at least %(least)s") % {
                "what": what,
                "least": f"{why['at_least']:g}",
            }
        return _("passed over: %(what)s is %(has)s, and must be at least %(least)s") % {
            "what": what,
            "has": f"{has:g}",
            "least": f"{why['at_least']:g}",
        }
    if "at_most" in why and has is not None:
        return _("passed over: %(what)s is %(has)s, and must be at most %(most)s") % {
            "what": what,
            "has": f"{has:g}",
            "most": f"{why['at_most']:g}",
        }
    return _("passed over: this award asks for another %(what)s") % {"what": what}


def attribute_text(name: str, names: Names) -> str:
    """An attribute as a sentence names it."""
    tools = rulebook_of(names.edition).tools
    if name.startswith(TOOL):
        return _("the share made with %(tool)s, in per cent,") % {
            "tool": tools.said(name.removeprefix(TOOL), short_language())
        }
    if name.startswith(MAKER):
        return _("the share made with tools of %(maker)s, in per cent,") % {"maker": name.removeprefix(MAKER)}
    return {
        "track": _("track"),
        "country": _("country"),
        "language": _("language"),
        "form": _("form"),
        "premiere": _("premiere status"),
        "year": _("year"),
        "minutes": _("the length in minutes"),
        "findings_closed": _("“every technical finding closed”"),
        "rights_complete": _("“rights complete”"),
        "identity_checked": _("“identity checked”"),
    }.get(name, name)


def value_text(attribute: str, value: Any, edition: Edition) -> str:
    """A value of an attribute as people say it. A track asks for one query, but where the edition's are fetched."""
    if attribute == "country":
        return country_text(str(value))
    if attribute == "language":
        return language_text(str(value))
    if attribute == "form":
        return str(Entry.Genre(value).label) if value in Entry.Genre.values else str(value)
    if attribute == "premiere":
        return str(Entry.Premiere(value).label) if value in Entry.Premiere.values else str(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if attribute == "track":
        track = next((one for one in edition.tracks.all() if one.slug == value), None)
        return say(track.name) if track else str(value)
    return str(value)


def rules_text(rules: Iterable[Mapping[str, Any]], names: Names) -> str:
    """Rules that clash, joined."""
    return ("；" if short_language() == "zh" else "; ").join(rule_text(rule, names) for rule in rules)


def rule_text(rule: Mapping[str, Any], names: Names) -> str:
    """One rule of a clash."""
    name = rule.get("name", "")
    said = names.rules.get(name, name)
    match rule["rule"]:
        case "fill":
            return _("%(slot)s must be filled") % {"slot": names.slot(name)}
        case "cap":
            return _("the limit “%(name)s”") % {"name": said}
        case "least":
            return _("the least of “%(name)s”") % {"name": said}
        case "most":
            return _("the most of “%(name)s”") % {"name": said}
        case "pinned" if rule["film"]:
            return _("%(slot)s goes to %(film)s, as was decided") % {
                "slot": names.slot(rule["slot"]),
                "film": names.film(rule["film"]),
            }
        case "pinned":
            return _("place %(place)d of %(slot)s stays vacant, as was decided") % {
                "slot": names.slot(rule["slot"]),
                "place": rule["place"],
            }
        case _:
            return _("a film has one award")
