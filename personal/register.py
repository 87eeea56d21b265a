"""The table of decisions in words: for the person concerned, for docs/privacy.md, for an operator's register."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce

from django.utils.translation import gettext as _

from festival.kit.words import short_language
from personal.holding import Act, End, Holding
from personal.reasons import HELD, STAYS, TERMS
from personal.table import HOLDINGS


@dataclass(frozen=True, slots=True)
class Line:
    """One table in words, in the active language."""

    key: str
    says: str
    copied: str
    kept: str
    deletion: str


def lines() -> list[Line]:
    """A line for each table, in the order of the decisions."""
    return [
        Line(
            key=holding.key,
            says=str(holding.says),
            copied=_copied(holding),
            kept=str(TERMS[holding.term]),
            deletion=_deletion(holding),
        )
        for holding in HOLDINGS
    ]


def _copied(holding: Holding) -> str:
    given = bool(holding.columns) or any(way.columns for way in holding.ways)
    parts = [_("yes")] if given else [_("what was done, and when")] if holding.did else [_("no")]
    reasons = sorted({reason for reason in holding.held.values() if reason != "technical"} or set())
    for reason in reasons:
        said = str(HELD[reason])
        parts.append(said[:1].lower() + said[1:])  # it goes on after a semicolon
    return _listed(part.rstrip(".。") for part in parts)


def _deletion(holding: Holding) -> str:
    """What deletion does, by where it holds; the same twice is said once."""
    said: dict[str, list[str]] = {}
    for place, end in holding.all_ends():
        said.setdefault(place, [])
        if (words := _end(end)) not in said[place]:
            said[place].append(words)
    colon = "：" if short_language() == "zh" else ": "
    parts = [f"{_place(place)}{colon}{reduce(_and_the_rest, words)}" for place, words in said.items()]
    if holding.did:
        parts.append(_("who did it: the emptied account’s number"))
    return _listed(parts)


def _and_the_rest(first: str, then: str) -> str:
    return _("%(first)s, the rest %(then)s") % {"first": first, "then": then}


def _listed(parts: Iterable[str]) -> str:
    return ("；" if short_language() == "zh" else "; ").join(parts)


def _place(place: str) -> str:
    return {
        "account": _("own"),
        "others": _("in films of others"),
        "draft": _("draft"),
        "closed": _("closed entry"),
        "shown": _("shown film"),
    }[place]


def _end(end: End) -> str:
    if end.act == Act.DELETE:
        return _("partly deleted") if end.only else _("deleted")
    word = _("emptied") if end.act == Act.BLANK else _("kept")
    return f"{word}（{end.why}）" if short_language() == "zh" else f"{word} ({end.why})"


def markdown() -> str:
    """The table for docs/privacy.md."""
    head = (_("What"), _("In the copy"), _("Kept while nobody asks"), _("When the account is deleted"))
    rows = [f"| {' | '.join(head)} |", "|---|---|---|---|"]
    rows += [f"| {line.says} | {line.copied} | {line.kept} | {line.deletion} |" for line in lines()]
    return "\n".join(rows)


def reasons() -> str:
    """Why something stays, with the articles, for docs/privacy.md."""
    rows = [f"| {_('Reason')} | {_('In words')} | {_('Law')} |", "|---|---|---|"]
    rows += [f"| {key} | {reason.says} | {reason.law or '–'} |" for key, reason in STAYS.items()]
    return "\n".join(rows)
