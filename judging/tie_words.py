"""Ties in words: the round's rule, and what decided between a film and its neighbour."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from festival.kit.words import say
from judging.logic import ties
from judging.models import CutRow, Round
from submissions.models import Entry


def rule_words(round: Round) -> str:
    """What the round's plan says of ties, in a sentence."""
    shared = round.tie_last == Round.TieLast.SHARED
    criterion = criterion_name(round)
    if criterion and shared:
        text = _("first the judges who saw both, then the mean on “%(criterion)s”, then the place is shared")
    elif criterion:
        text = _("first the judges who saw both, then the mean on “%(criterion)s”, then a lot")
    elif round.gate == Round.Gate.BALLOT:
        text = _("the place is shared") if shared else _("a lot")
    elif shared:
        text = _("first the judges who saw both, then the place is shared")
    else:
        text = _("first the judges who saw both, then a lot")
    return text % {"criterion": criterion} if criterion else text


def criterion_name(round: Round) -> str:
    """The criterion that decides ties, by its name; "" where none is named."""
    if round.gate != Round.Gate.SCORE or not round.tie_criterion:
        return ""
    named = round.criteria.filter(slug=round.tie_criterion).first()
    return say(named.name) if named else ""


def titles_of(edition_id: int, rows: Iterable[CutRow]) -> dict[str, str]:
    """Titles of the neighbours that rows name, by code. One query."""
    codes = {row.between.get(key) for row in rows for key in ("before", "after")} - {None}
    if not codes:
        return {}
    return dict(Entry.objects.filter(edition_id=edition_id, code__in=codes).values_list("code", "title"))


def between_words(between: Mapping[str, Any], titles: Mapping[str, str], criterion: str = "") -> str:
    """What decided between a film and its neighbour; "" where the tie rule was not asked."""
    if not between:
        return ""
    first = "before" in between
    code = between["before" if first else "after"]
    values = {"title": titles.get(code, code), "criterion": criterion}
    return _sentence(between, first) % (values | _numbers(between))


def _numbers(between: Mapping[str, Any]) -> dict[str, Any]:
    means = [_mark(text) for text in between.get("means", ())]
    places = between.get("places", ())
    one, other = (means or places or (0, 0))[:2]
    return {"count": between.get("judges", 0), "one": one, "other": other}


def _mark(text: str) -> str:
    """A mean as shown: two decimals; it was compared exactly."""
    return number_format(float(Fraction(text)), 2) if text else "–"


def _sentence(between: Mapping[str, Any], first: bool) -> str:
    count = between.get("judges", 0)
    match between["by"]:
        case ties.BALLOT if first:
            return _("before “%(title)s” by the jury’s ballot")
        case ties.BALLOT:
            return _("after “%(title)s” by the jury’s ballot")
        case ties.HEAD_TO_HEAD if between["direct"] and first:
            return ngettext(
                "before “%(title)s” because the %(count)d judge who saw both gave it more",
                "before “%(title)s” because the %(count)d judges who saw both gave it more",
                count,
            )
        case ties.HEAD_TO_HEAD if between["direct"]:
            return ngettext(
                "after “%(title)s” because the %(count)d judge who saw both gave that one more",
                "after “%(title)s” because the %(count)d judges who saw both gave that one more",
                count,
            )
        case ties.HEAD_TO_HEAD if first:
            return _(
                "before “%(title)s”: compared with the other tied films by judges who saw both, it did better"
            )
        case ties.HEAD_TO_HEAD:
            return _(
                "after “%(title)s”: compared with the other tied films by judges who saw both, that one did better"
            )
        case ties.CRITERION if first:
            return _("before “%(title)s” by the mean on “%(criterion)s”: %(one)s against %(other)s")
        case ties.CRITERION:
            return _("after “%(title)s” by the mean on “%(criterion)s”: %(other)s against %(one)s")
        case ties.LOT if first:
            return _("before “%(title)s” by the lot")
        case ties.LOT:
            return _("after “%(title)s” by the lot")
        case _:
            return _("shares its place with “%(title)s”: nothing in the rule tells them apart")
