"""Reads of the award list: the desk's page, and why a place is as it is, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from festival.awards.models import AwardSlot
from festival.edition.models import Edition
from festival.kit.words import short_language
from judging.models import AwardList, Round, Standing, StandingRow, Verdict
from judging.queries import ordered
from submissions.lifecycle import State
from submissions.models import Entry


@dataclass(frozen=True, slots=True)
class Telling:
    """How far the entrants have been told."""

    told: int
    untold: int

    @property
    def everybody(self) -> bool:
        return self.untold == 0


@dataclass(frozen=True, slots=True)
class SlotRow:
    slot: AwardSlot
    places: list[tuple[Verdict, str]]  # each with its reason in words


def list_of(edition: Edition) -> AwardList | None:
    """The edition's award list with its standing and round, or None before one was proposed."""
    return (
        AwardList.objects.filter(edition=edition)
        .select_related("standing__round", "proposed_by", "confirmed_by", "announced_by")
        .first()
    )


def last_standing(edition: Edition) -> Standing | None:
    """The standing that awards are proposed from: of the last round, once that is closed."""
    last = edition.rounds.order_by("position", "pk").last()
    if last is None or last.state != Round.State.CLOSED:
        return None
    return Standing.objects.filter(round=last, superseded_at__isnull=True).select_related("round").first()


def standing_rows(standing: Standing) -> QuerySet[StandingRow]:
    """Best first; withdrawn films are left out."""
    return ordered(standing).filter(entry__state=State.ELIGIBLE)


def verdicts_of(award_list: AwardList) -> QuerySet[Verdict]:
    return award_list.verdicts.select_related("slot__track", "entry__track")


def judged(award_list: AwardList) -> QuerySet[Entry]:
    """The films of all rounds: those that did not come into the last one wait for the decision too."""
    links = Round.films.through.objects.filter(round__edition_id=award_list.edition_id)
    return Entry.objects.filter(pk__in=links.values("entry_id"))


def competing(award_list: AwardList) -> QuerySet[Entry]:
    """The judged films that are still in the competition: they are decided over, and told."""
    return judged(award_list).filter(state=State.ELIGIBLE)


def telling(award_list: AwardList) -> Telling:
    """One query."""
    told = list(competing(award_list).values_list("told", flat=True))
    return Telling(told=sum(1 for one in told if one), untold=sum(1 for one in told if not one))


def rows_for_desk(award_list: AwardList) -> list[SlotRow]:
    """The list slot by slot in order of precedence, each place with its reason. Two queries."""
    verdicts = list(verdicts_of(award_list))
    titles = titles_in(award_list, verdicts)
    rows: dict[int, SlotRow] = {}
    for verdict in verdicts:
        row = rows.setdefault(verdict.slot_id, SlotRow(verdict.slot, []))
        row.places.append((verdict, why_text(verdict.why, titles)))
    return list(rows.values())


def titles_in(award_list: AwardList, verdicts: Iterable[Verdict]) -> dict[str, str]:
    """Titles of the films that reasons name, by code."""
    named = {code for verdict in verdicts for code in verdict.why.get("films", [])}
    if not named:
        return {}
    return dict(
        Entry.objects.filter(edition_id=award_list.edition_id, code__in=named).values_list("code", "title")
    )


def _titles(codes: Iterable[str], titles: Mapping[str, str]) -> str:
    comma = "、" if short_language() == "zh" else ", "
    return comma.join(_("“%(title)s”") % {"title": titles.get(code, code)} for code in codes)


def why_text(why: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    """A place's reason in the reader's language."""
    match why.get("code"):
        case "rank":
            return _("Rank %(rank)d in the standing") % {"rank": why["rank"]}
        case "settled":
            return _(
                "Rank %(rank)d, shared with %(films)s; the tie rule of the round put this film first"
            ) % {
                "rank": why["rank"],
                "films": _titles(why["films"], titles),
            }
        case "tied":
            films = _titles(why["films"], titles)
            return _(
                "Rank %(rank)d, exactly tied with %(films)s, for whom no place was left. The chair decides who gets it."
            ) % {"rank": why["rank"], "films": films}
        case "no_film":
            return _("Vacant: no scored film is left that may have it")
        case "chair":
            return _("Decided by the chair: %(reason)s") % {"reason": why["reason"]}
        case "withdrawn":
            return _("Vacant: the film was withdrawn")
        case _:
            return ""
